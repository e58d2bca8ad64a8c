//! Policies written in Python: each is shown the rows before its decision and no other.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use walkfolio::Universe;
use walkfolio_core::{
    Date, Decision, Error, Market, Memory, Need, Past, Policy, Result, View, Weights,
};
use walkfolio_run::{PolicyRun, audit_own, run_policy};

use crate::arrays;
use crate::failure::Failure;
use crate::found;
use crate::progress::Progress;
use crate::study::Study;
use crate::tables::File;
use crate::work::work;

/// The rows that a decision knows: a market that ends with the last of them.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Rows {
    market: Market,
    eligible: Vec<usize>,
}

#[pymethods]
impl Rows {
    /// How many there are.
    fn count(&self) -> usize {
        self.market.rows()
    }

    /// The assets that have the history that the policy needs.
    fn eligible(&self) -> Vec<usize> {
        self.eligible.clone()
    }

    /// The days of the last `rows` rows.
    fn days<'py>(&self, py: Python<'py>, rows: usize) -> Bound<'py, PyBytes> {
        let days = self.market.dates()[self.first(rows)..].iter();
        let bytes: Vec<u8> =
            days.flat_map(|date: &Date| walkfolio_columns::days_of(*date).to_ne_bytes()).collect();
        PyBytes::new(py, &bytes)
    }

    /// The prices of the last `rows` rows, one row after the other; NaN where an asset has none.
    fn prices<'py>(&self, py: Python<'py>, rows: usize) -> Bound<'py, PyBytes> {
        self.table(py, rows, |row, asset| self.market.prices().value(row, asset))
    }

    /// As `prices`, of the returns up to each row.
    fn returns<'py>(&self, py: Python<'py>, rows: usize) -> Bound<'py, PyBytes> {
        self.table(py, rows, |row, asset| self.market.returns().value(row, asset))
    }

    /// The benchmark's returns, where there is one.
    fn benchmark<'py>(&self, py: Python<'py>, rows: usize) -> Option<Bound<'py, PyBytes>> {
        let benchmark = self.market.benchmark()?;
        let rows = self.first(rows)..self.market.rows();
        let values: Vec<f64> = rows.map(|row| benchmark.value(row).unwrap_or(f64::NAN)).collect();
        Some(PyBytes::new(py, &arrays::bytes(&values)))
    }
}

impl Rows {
    fn first(&self, rows: usize) -> usize {
        self.market.rows().saturating_sub(rows)
    }

    fn table<'py>(
        &self,
        py: Python<'py>,
        rows: usize,
        value: impl Fn(usize, usize) -> Option<f64>,
    ) -> Bound<'py, PyBytes> {
        let assets = self.market.universe().len();
        let rows = self.first(rows)..self.market.rows();
        let cells = rows.flat_map(|row| (0..assets).map(move |asset| (row, asset)));
        let values: Vec<f64> =
            cells.map(|(row, asset)| value(row, asset).unwrap_or(f64::NAN)).collect();
        PyBytes::new(py, &arrays::bytes(&values))
    }
}

/// The first exception of a policy.
type Raised = Arc<Mutex<Option<PyErr>>>;

/// A policy that asks Python: `adapter(rows, date, holdings)` gives the bytes of one weight for each asset.
struct Own {
    adapter: Py<PyAny>,
    memory: Memory,
    need: Need,
    raised: Raised,
}

impl Own {
    fn ask(&self, py: Python<'_>, past: &Past<'_>, held: Option<&[f64]>) -> PyResult<Vec<f64>> {
        let rows = Rows { market: past.to_market(), eligible: past.eligible(self.need) };
        let held = held.map(|held| PyBytes::new(py, &arrays::bytes(held)));
        let date = past.decision_date().to_string();
        let given = self.adapter.bind(py).call1((rows, date, held))?;
        Ok(arrays::numbers(given.extract()?))
    }
}

impl Policy for Own {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        let held = match self.memory {
            Memory::Holdings => Some(view.holdings()?.values()),
            _ => None,
        };
        let weights = Python::attach(|py| self.ask(py, past, held)).map_err(|error| {
            let message = "the policy raised an exception".to_owned();
            let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
            raised.get_or_insert(error);
            Error::Policy { message, hint: None }
        })?;
        Ok(Decision::of(Weights::new(weights)?))
    }

    fn memory(&self) -> Memory {
        self.memory
    }

    fn need(&self) -> Need {
        self.need
    }
}

/// How a policy is made for a market.
struct Maker {
    adapter: Py<PyAny>,
    memory: Memory,
    need: Need,
    raised: Raised,
}

impl Maker {
    fn new(adapter: Py<PyAny>, holdings: bool, rows: usize) -> Self {
        let memory = if holdings { Memory::Holdings } else { Memory::None };
        let need = Need { rows, history_months: None };
        Self { adapter, memory, need, raised: Raised::default() }
    }

    fn policy(&self) -> Own {
        Python::attach(|py| Own {
            adapter: self.adapter.clone_ref(py),
            memory: self.memory,
            need: self.need,
            raised: Arc::clone(&self.raised),
        })
    }

    /// An exception of the policy itself stands before what the engine made of it.
    fn instead(&self, error: PyErr) -> PyErr {
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner).take();
        raised.unwrap_or(error)
    }
}

/// Does it on one thread that is not of the common pool: a policy may itself call what works there.
fn alone<T: Send>(work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.map_err(|error| Failure::new("RunError", error.to_string(), None))?;
    pool.install(work)
}

/// The tables of a policy's backtest with its measures as `measures.json`, and whether it came to its end.
type Walked<'py> = (Vec<File<'py>>, Vec<String>, bool);

/// Walks a policy forward through a study's market, on its schedule and with its costs.
#[pyfunction]
#[pyo3(signature = (study, data, adapter, holdings, rows, callback=None))]
fn backtest<'py>(
    py: Python<'py>,
    study: &Study,
    data: Option<PathBuf>,
    adapter: Py<PyAny>,
    holdings: bool,
    rows: usize,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<Walked<'py>> {
    let maker = Maker::new(adapter, holdings, rows);
    let policy = maker.policy();
    let study = &study.inner;
    let done = work(py, callback, |progress: &Progress| {
        let loaded = study.market(data.as_deref())?;
        let names = names(loaded.market.universe());
        let run = alone(|| run_policy(study, &loaded, &policy, progress).map_err(Failure::from))?;
        let PolicyRun { run, complete } = run;
        let tables = walkfolio_store::run_tables(&run)?;
        Ok::<_, Failure>((tables, names, complete))
    });
    let (tables, names, complete) = done.map_err(|error| maker.instead(error))?;
    Ok((crate::tables::files(py, tables), names, complete))
}

/// The names of a study's assets on its data, in order.
#[pyfunction]
fn assets(py: Python<'_>, study: &Study, data: Option<PathBuf>) -> PyResult<Vec<String>> {
    let study = &study.inner;
    work(py, None, |_| {
        Ok::<_, walkfolio::Error>(names(study.market(data.as_deref())?.market.universe()))
    })
}

fn names(universe: &Universe) -> Vec<String> {
    universe.tickers().iter().map(ToString::to_string).collect()
}

/// Whether a policy looks ahead, as JSON: each of its decisions is made again on perturbed future data.
#[pyfunction]
#[pyo3(signature = (study, data, adapter, holdings, rows, callback=None))]
fn audit_policy(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    adapter: Py<PyAny>,
    holdings: bool,
    rows: usize,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let maker = Maker::new(adapter, holdings, rows);
    let study = &study.inner;
    let found = work(py, callback, |progress: &Progress| {
        let loaded = study.market(data.as_deref())?;
        let build =
            |_: &Market| -> walkfolio::Result<Box<dyn Policy>> { Ok(Box::new(maker.policy())) };
        alone(|| audit_own(study, &loaded, &build, progress).map_err(Failure::from))
    });
    let audit = found.map_err(|error| maker.instead(error))?;
    Ok(found::audit(&audit))
}

/// The class and functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Rows>()?;
    module.add_function(wrap_pyfunction!(backtest, module)?)?;
    module.add_function(wrap_pyfunction!(assets, module)?)?;
    module.add_function(wrap_pyfunction!(audit_policy, module)?)
}
