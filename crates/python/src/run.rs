//! Runs: their tables, measures and reports.

use std::path::PathBuf;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use serde_json::Value;
use walkfolio::record::Kind;
use walkfolio::{Findings, report};

use crate::failure::Failure;
use crate::grid::Grid;
use crate::study::verification_json;
use crate::tables::{File, files};
use crate::work::work;

/// A backtest.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Run {
    pub inner: walkfolio::Run,
}

impl Run {
    pub fn new(inner: walkfolio::Run) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Run {
    /// Every table and `measures.json`, as the files of a run's folder.
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Vec<File<'py>>> {
        let run = &self.inner;
        Ok(files(py, work(py, None, |_| walkfolio_store::run_tables(run))?))
    }

    /// `run.json`.
    fn manifest(&self) -> String {
        serde_json::to_value(&self.inner.manifest).unwrap_or(Value::Null).to_string()
    }

    /// `report.html`, `report.md` and `report.xlsx`.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Vec<File<'py>>> {
        let run = &self.inner;
        Ok(files(py, work(py, None, |_| report::files(run, &Findings::of(run)))?))
    }

    /// All of it, as JSON.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(&self.inner).map_err(|error| unpickled(py, &error))
    }

    /// From what `to_json` gave.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        serde_json::from_str(text).map(Self::new).map_err(|error| unpickled(py, &error))
    }
}

/// A run that does not come out of its bytes as it went in.
pub fn unpickled(py: Python<'_>, error: &serde_json::Error) -> PyErr {
    let message = format!("not a run of this version: {error}");
    Failure::new("RunError", message, Some("run the study again".to_owned())).raise(py)
}

/// Reads the folder of a run: a `Run`, or a `Grid`.
#[pyfunction]
pub fn read_run(py: Python<'_>, path: PathBuf) -> PyResult<Py<PyAny>> {
    let manifest = work(py, None, |_| walkfolio::read_manifest(&path))?;
    if manifest.kind == Kind::Grid {
        Grid::new(work(py, None, |_| walkfolio::read_grid(&path))?).into_py_any(py)
    } else {
        Run::new(work(py, None, |_| walkfolio::read_run(&path))?).into_py_any(py)
    }
}

/// Whether the folder of a run is what its study and data give, as JSON.
#[pyfunction]
#[pyo3(signature = (path, data=None, callback=None))]
fn verify_folder(
    py: Python<'_>,
    path: PathBuf,
    data: Option<PathBuf>,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let found =
        work(py, callback, |progress| walkfolio::verify_folder(&path, data.as_deref(), progress))?;
    Ok(verification_json(&found))
}

/// The class and functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(read_run, module)?)?;
    module.add_function(wrap_pyfunction!(verify_folder, module)?)?;
    module.add_class::<Run>()
}
