//! Solves cone programs with Clarabel, the only file that knows it.
//!
//! Goulart & Chen (2024), Clarabel: an interior-point solver for conic programs.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use walkfolio_core::{Interrupt, SolveStatus};

use super::program::{Answer, Cone, Program};
use crate::solution::Precision;
use crate::{Error, Result};

/// Its name in reports.
pub(crate) const NAME: &str = "clarabel";

/// Runs the solver on a program, with a flag that is looked at once an iteration.
///
/// # Errors
/// [`Error::Invalid`] if the solver refuses the program; [`Error::Interrupted`] if the flag is raised.
pub(crate) fn run(
    program: &Program,
    precision: Precision,
    interrupt: &Interrupt,
) -> Result<Answer> {
    let n = program.variables;
    let quadratic = csc(n, n, &program.quadratic);
    let matrix = csc(program.rhs.len(), n, &program.matrix);
    let cones: Vec<SupportedConeT<f64>> = program
        .cones
        .iter()
        .map(|cone| match *cone {
            Cone::Zero(rows) => SupportedConeT::ZeroConeT(rows),
            Cone::NonNegative(rows) => SupportedConeT::NonnegativeConeT(rows),
            Cone::SecondOrder(rows) => SupportedConeT::SecondOrderConeT(rows),
            Cone::Exponential(_) => SupportedConeT::ExponentialConeT(),
        })
        .collect();
    let settings = settings(precision);
    let mut solver =
        DefaultSolver::new(&quadratic, &program.linear, &matrix, &program.rhs, &cones, settings)
            .map_err(|error| Error::Invalid(error.to_string()))?;
    if interrupt.is_raised() {
        return Err(Error::Interrupted);
    }
    let heard = interrupt.clone();
    solver.set_termination_callback(move |_: &_| heard.is_raised());
    solver.solve();
    if solver.solution.status == SolverStatus::CallbackTerminated {
        return Err(Error::Interrupted);
    }
    let found = &solver.solution;
    Ok(Answer {
        status: status(found.status),
        x: found.x.clone(),
        dual: found.obj_val_dual,
        duals: found.z.clone(),
        iterations: found.iterations,
    })
}

fn settings(precision: Precision) -> DefaultSettings<f64> {
    let tolerance = match precision {
        Precision::Full => 1e-10,
        Precision::Reduced => 1e-6,
    };
    DefaultSettings {
        verbose: false,
        presolve_enable: false,
        input_sparse_dropzeros: false,
        max_threads: 1,
        tol_gap_abs: tolerance,
        tol_gap_rel: tolerance,
        tol_feas: tolerance,
        ..DefaultSettings::default()
    }
}

fn status(status: SolverStatus) -> SolveStatus {
    match status {
        SolverStatus::Solved => SolveStatus::Optimal,
        SolverStatus::AlmostSolved => SolveStatus::AlmostOptimal,
        SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => {
            SolveStatus::Infeasible
        }
        SolverStatus::DualInfeasible | SolverStatus::AlmostDualInfeasible => SolveStatus::Unbounded,
        SolverStatus::MaxIterations | SolverStatus::MaxTime => SolveStatus::Limit,
        _ => SolveStatus::Failed,
    }
}

fn csc(rows: usize, cols: usize, entries: &[(usize, usize, f64)]) -> CscMatrix<f64> {
    let mut starts = vec![0; cols + 1];
    for &(_, column, _) in entries {
        starts[column + 1] += 1;
    }
    for column in 0..cols {
        starts[column + 1] += starts[column];
    }
    let (mut at, mut row_of, mut values) =
        (starts.clone(), vec![0; entries.len()], vec![0.0; entries.len()]);
    // Entries are written by rows, so the rows of each column come out sorted.
    for &(row, column, value) in entries {
        row_of[at[column]] = row;
        values[at[column]] = value;
        at[column] += 1;
    }
    CscMatrix::new(rows, cols, starts, row_of, values)
}
