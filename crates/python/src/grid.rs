//! Grids: many runs, as one.

use std::sync::Arc;

use pyo3::prelude::*;
use serde_json::Value;
use walkfolio::{GridFindings, report};

use crate::failure::unpickled;
use crate::tables::{File, files};
use crate::work::{work, work_unseen};

/// The backtests of a grid.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Grid {
    pub inner: Arc<walkfolio::GridRun>,
}

impl Grid {
    pub fn new(inner: walkfolio::GridRun) -> Self {
        Self { inner: Arc::new(inner) }
    }
}

#[pymethods]
impl Grid {
    /// Every table, as the files of a grid's folder.
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Vec<File<'py>>> {
        let grid = &self.inner;
        Ok(files(py, work(py, None, |_| walkfolio_store::grid_tables(grid))?))
    }

    /// `run.json`.
    fn manifest(&self) -> String {
        serde_json::to_value(&self.inner.manifest).unwrap_or(Value::Null).to_string()
    }

    /// The keys that are swept.
    fn keys(&self) -> Vec<String> {
        self.inner.keys.clone()
    }

    /// `report.html`, `report.md` and `report.xlsx`.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Vec<File<'py>>> {
        let grid = Arc::clone(&self.inner);
        let made = work_unseen(py, move || report::grid_files(&grid, &GridFindings::of(&grid)))?;
        Ok(files(py, made))
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
    module.add_class::<Grid>()
}
