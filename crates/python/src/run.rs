//! Runs: their tables, measures and reports.

use std::sync::Arc;

use pyo3::prelude::*;
use serde_json::Value;
use walkfolio::{Findings, report};

use crate::failure::unpickled;
use crate::tables::{File, files};
use crate::work::{work, work_unseen};

/// A backtest.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Run {
    pub inner: Arc<walkfolio::Run>,
}

impl Run {
    pub fn new(inner: walkfolio::Run) -> Self {
        Self { inner: Arc::new(inner) }
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
        let run = Arc::clone(&self.inner);
        Ok(files(py, work_unseen(py, move || report::files(&run, &Findings::of(&run)))?))
    }

    /// The page of a series of returns, where this is one.
    fn tearsheet(&self, py: Python<'_>) -> PyResult<String> {
        let run = Arc::clone(&self.inner);
        work_unseen(py, move || report::tearsheet_html(&run, &Findings::of(&run)))
    }

    /// All of it, as JSON.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(&*self.inner).map_err(|error| unpickled(py, &error))
    }

    /// From what `to_json` gave.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        serde_json::from_str(text).map(Self::new).map_err(|error| unpickled(py, &error))
    }
}

/// The class of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Run>()
}
