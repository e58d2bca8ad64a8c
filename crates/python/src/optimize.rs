//! One optimization problem, from moments.

mod problem;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::json;
use walkfolio::Observer;
use walkfolio_core::Interrupt;
use walkfolio_optimize::{
    Choice, EfficientFrontier, Error, FrontierPoint, Interruption, Optimizer, Precision,
    SearchLimits, Settings, Solution,
};

use crate::arrays;
use crate::failure::{Failure, infeasible};
use crate::work::{work, work_under};
use problem::{Arrays, Problem};

/// What came out: weights, and a report as JSON.
type Solved<'py> = (Bound<'py, PyBytes>, String);

/// Solves problems one after the other, each from the last answer.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Solver {
    settings: Settings,
    warm: Mutex<Warm>,
}

/// An optimizer, and what ends its solves; it remembers both from one solve to the next.
struct Warm {
    optimizer: Optimizer,
    interrupt: Interrupt,
}

impl Warm {
    fn new(settings: &Settings) -> Self {
        let interrupt = Interrupt::new();
        let interruption = Interruption::by(interrupt.clone());
        let optimizer = Optimizer::new(Settings { interruption, ..settings.clone() });
        Self { optimizer, interrupt }
    }
}

#[pymethods]
impl Solver {
    /// `solver` is `auto`, `kernel` or `clarabel`; a search over holdings stops after so many nodes or seconds.
    #[new]
    #[pyo3(signature = (solver, nodes=None, seconds=None, gap=None))]
    fn new(solver: &str, nodes: Option<u64>, seconds: Option<f64>, gap: Option<f64>) -> Self {
        let standard = SearchLimits::default();
        let nodes = nodes.unwrap_or(standard.nodes);
        let settings = Settings {
            choice: match solver {
                "kernel" => Choice::Kernel,
                "clarabel" => Choice::Clarabel,
                _ => Choice::Auto,
            },
            limits: SearchLimits {
                work: standard.work.saturating_mul((nodes / standard.nodes).max(1)),
                nodes,
                time: seconds.map(Duration::from_secs_f64),
                gap: gap.unwrap_or(standard.gap),
            },
            ..Settings::default()
        };
        Self { warm: Mutex::new(Warm::new(&settings)), settings }
    }

    /// The portfolio of a problem: its settings as JSON, its arrays as bytes.
    fn solve<'py>(&self, py: Python<'py>, problem: &str, arrays: Arrays) -> PyResult<Solved<'py>> {
        // Another thread that solves meanwhile begins with nothing. What an interrupted or failed solve leaves
        // is no place to begin: it is dropped.
        let mut warm = std::mem::replace(&mut *self.warm(), Warm::new(&self.settings));
        let optimizer = &mut warm.optimizer;
        let solution = work_under(py, warm.interrupt.clone(), None, move |_| {
            let mandate = Problem::read(problem)?.mandate(&arrays)?;
            optimizer.solve(&mandate, Precision::Full).map_err(Failure::from)
        })?;
        *self.warm() = warm;
        Ok(answer(py, &solution))
    }
}

impl Solver {
    fn warm(&self) -> MutexGuard<'_, Warm> {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer<'py>(py: Python<'py>, solution: &Solution) -> Solved<'py> {
    let report = &solution.report;
    let json = json!({
        "solver": report.solver,
        "status": report.status.as_str(),
        "objective": report.objective,
        "bound": report.bound,
        "gap": report.gap,
        "iterations": report.iterations,
        "pivots": report.pivots,
        "nodes": report.nodes,
        "seconds": report.micros as f64 * 1e-6,
        "note": solution.note,
    });
    (PyBytes::new(py, &arrays::bytes(&solution.weights)), json.to_string())
}

/// The efficient frontier of a mean-variance problem: weights, means, volatilities and risk aversions of its corners.
#[pyfunction]
fn frontier<'py>(
    py: Python<'py>,
    problem: &str,
    arrays: Arrays,
) -> PyResult<[Bound<'py, PyBytes>; 4]> {
    let frontier = work(py, None, |progress| {
        let mandate = Problem::read(problem)?.mandate(&arrays)?;
        EfficientFrontier::until(&mandate, &progress.interrupt()).map_err(Failure::from)
    })?;
    let corners = frontier.corners();
    let weights: Vec<f64> = corners.iter().flat_map(|corner| corner.weights.clone()).collect();
    let means: Vec<f64> = corners.iter().map(|corner| corner.mean).collect();
    let volatilities: Vec<f64> = corners.iter().map(|corner| corner.volatility).collect();
    let aversions: Vec<f64> = corners.iter().map(|corner| corner.risk_aversion).collect();
    let all = [weights, means, volatilities, aversions];
    Ok(all.map(|values| PyBytes::new(py, &arrays::bytes(&values))))
}

/// The portfolio at a point of the frontier: `minimum_variance`, `maximum_return`, `volatility`, `return` or `sharpe`,
/// with its value.
#[pyfunction]
fn frontier_at<'py>(
    py: Python<'py>,
    problem: &str,
    arrays: Arrays,
    point: &str,
    value: f64,
) -> PyResult<Solved<'py>> {
    let point = match point {
        "minimum_variance" => FrontierPoint::MinimumVariance,
        "maximum_return" => FrontierPoint::MaximumReturn,
        "volatility" => FrontierPoint::Volatility(value),
        "return" => FrontierPoint::Return(value),
        _ => FrontierPoint::Sharpe { risk_free: value },
    };
    let mut warm = Warm::new(&Settings::default());
    let optimizer = &mut warm.optimizer;
    let solution = work_under(py, warm.interrupt.clone(), None, move |progress| {
        let mandate = Problem::read(problem)?.mandate(&arrays)?;
        let frontier =
            EfficientFrontier::until(&mandate, &progress.interrupt()).map_err(Failure::from)?;
        let (_, solution) = frontier.solve(point, optimizer).map_err(Failure::from)?;
        Ok::<_, Failure>(solution)
    })?;
    Ok(answer(py, &solution))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (message, hint) = (error.to_string(), error.hint());
        match error {
            Error::Infeasible(conflict) => {
                infeasible(message, hint, &conflict.as_ref().into(), None)
            }
            Error::Invalid(_) | Error::Core(_) => Self::new("DataError", message, hint),
            _ => Self::new("SolveError", message, hint),
        }
    }
}

/// The class and functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Solver>()?;
    module.add_function(wrap_pyfunction!(frontier, module)?)?;
    module.add_function(wrap_pyfunction!(frontier_at, module)?)
}
