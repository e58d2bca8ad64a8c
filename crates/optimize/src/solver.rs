//! Solves cone programs with Clarabel, the only file that knows it.
//!
//! Goulart & Chen (2024), Clarabel: an interior-point solver for conic programs.

use std::time::Instant;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use walkfolio_core::{SolveReport, SolveStatus};

use crate::bound::{Region, Tangent, gap, least_linear};
use crate::conflict::{Conflict, Group};
use crate::lower::{Cone, Program};
use crate::{Error, Mandate, Result};

const NAME: &str = "clarabel";

/// How exactly a program is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Tolerances of 1e-10 on feasibility and gap.
    Full,
    /// Tolerances of 1e-6: for what cannot be solved more exactly.
    Reduced,
}

/// Weights and how they were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// One weight per asset of the mandate.
    pub weights: Vec<f64>,
    /// Status, objective, bound and gap.
    pub report: SolveReport,
    /// What the reader of the ledger must know.
    pub note: Option<String>,
}

/// Finds the portfolio that a mandate asks for.
///
/// # Errors
/// [`Error::Infeasible`] with the conflict, [`Error::Unbounded`], [`Error::Stopped`] if the solver
/// gave up, [`Error::Invalid`] for a mandate of the wrong shape.
pub fn solve(mandate: &Mandate, precision: Precision) -> Result<Solution> {
    let started = Instant::now();
    mandate.check()?;
    Program::refuse_holdings(&mandate.constraints)?;
    let groups = Group::of(&mandate.constraints);
    let mut program = Program::constrained(&mandate.constraints, &groups);
    program.aim(mandate)?;
    let answer = run(&program, precision)?;
    match answer.status {
        SolveStatus::Optimal | SolveStatus::AlmostOptimal => {
            Ok(solution(mandate, &program, &answer, started))
        }
        SolveStatus::Infeasible => Err(Error::Infeasible(Box::new(Conflict::of(mandate)?))),
        SolveStatus::Unbounded => Err(Error::Unbounded),
        status => {
            // An interior-point method may give up on an infeasible program: look before blaming it.
            if let Ok(conflict) = Conflict::find(mandate) {
                return Err(Error::Infeasible(Box::new(conflict)));
            }
            Err(Error::Stopped { solver: NAME, status, iterations: answer.iterations })
        }
    }
}

fn solution(mandate: &Mandate, program: &Program, answer: &Answer, started: Instant) -> Solution {
    let weights = answer.x[..mandate.constraints.assets()].to_vec();
    let objective = mandate.value(&weights);
    let bound = proven(mandate, program, answer, &weights)
        .unwrap_or(program.scale * answer.dual + program.offset);
    let bound = mandate.with_constant(bound);
    let report = SolveReport {
        solver: NAME,
        status: answer.status,
        objective: Some(objective),
        bound: Some(bound),
        gap: Some(gap(objective, bound)),
        iterations: answer.iterations,
        micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        ..SolveReport::not_solved()
    };
    Solution { weights, report, note: None }
}

/// A bound of a quadratic objective from the data, with the solver's multipliers.
fn proven(mandate: &Mandate, program: &Program, answer: &Answer, weights: &[f64]) -> Option<f64> {
    let constraints = &mandate.constraints;
    let tangent = Tangent::at(mandate, weights)?;
    let (rows, gross) = program.multipliers(constraints, &answer.duals);
    let Region { rows: a, lo, hi } = Region::of(constraints);
    let acting = if mandate.l1_acts() { mandate.penalties.l1 } else { 0.0 };
    let linear = least_linear((&a, &lo, &hi), &tangent.gradient, &rows, acting + gross);
    Some(tangent.at_zero + linear - gross * constraints.gross_leverage.unwrap_or(0.0))
}

/// What the solver said of a program.
pub(crate) struct Answer {
    pub status: SolveStatus,
    pub x: Vec<f64>,
    pub dual: f64,
    /// Multipliers of the rows.
    pub duals: Vec<f64>,
    pub iterations: u32,
}

/// Runs the solver on a program.
pub(crate) fn run(program: &Program, precision: Precision) -> Result<Answer> {
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
        })
        .collect();
    let settings = settings(precision);
    let mut solver =
        DefaultSolver::new(&quadratic, &program.linear, &matrix, &program.rhs, &cones, settings)
            .map_err(|error| Error::Invalid(error.to_string()))?;
    solver.solve();
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
