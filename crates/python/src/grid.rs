//! Grids: many runs, as one.

use std::path::PathBuf;

use pyo3::prelude::*;
use serde_json::Value;
use walkfolio::record::Status;
use walkfolio::{GridFindings, report};
use walkfolio_run::Session;
use walkfolio_store::Checkpoints;

use crate::run::unpickled;
use crate::study::Study;
use crate::tables::{File, files};
use crate::work::work;

/// The backtests of a grid.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Grid {
    pub inner: walkfolio::GridRun,
}

impl Grid {
    pub fn new(inner: walkfolio::GridRun) -> Self {
        Self { inner }
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
        let grid = &self.inner;
        let made = work(py, None, |_| report::grid_files(grid, &GridFindings::of(grid)))?;
        Ok(files(py, made))
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

/// What a process with the same version of the engine has: a cell made by another is refused.
#[pyfunction]
fn build() -> &'static str {
    walkfolio_run::BUILD
}

/// Runs some cells of a study's grid and saves each in a folder, as `cell-000001.json`, counted from 0.
#[pyfunction]
#[pyo3(signature = (study, data, cells, folder, callback=None))]
fn run_cells(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    cells: Vec<usize>,
    folder: PathBuf,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    let study = &study.inner;
    let saved = Checkpoints::new(folder, 1);
    work(py, callback, |progress| {
        let loaded = study.market(data.as_deref())?;
        let from = (&loaded, data.as_deref());
        walkfolio_run::run_cells(study, from, &cells, (progress, &saved))
    })
}

/// The grid of the cells in a folder; those that are not there are run.
#[pyfunction]
#[pyo3(signature = (study, data, folder, callback=None))]
fn assemble(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    folder: PathBuf,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<Grid> {
    let study = &study.inner;
    let saved = Checkpoints::new(folder, 1);
    let grid = work(py, callback, |progress| {
        let loaded = study.market(data.as_deref())?;
        let manifest = walkfolio_run::manifest(study, &loaded, Status::Running)?;
        let session = Session { manifest, observer: progress, checkpoints: Some(&saved) };
        walkfolio_run::run_grid_session(study, &loaded, data.as_deref(), session)
    })?;
    Ok(Grid::new(grid))
}

/// The hash that a run of a study on its data has with this build.
#[pyfunction]
fn identity(py: Python<'_>, study: &Study, data: Option<PathBuf>) -> PyResult<String> {
    let study = &study.inner;
    work(py, None, |_| {
        let loaded = study.market(data.as_deref())?;
        Ok::<_, walkfolio::Error>(walkfolio_run::manifest(study, &loaded, Status::Running)?.hash)
    })
}

/// The class and functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Grid>()?;
    module.add_function(wrap_pyfunction!(build, module)?)?;
    module.add_function(wrap_pyfunction!(run_cells, module)?)?;
    module.add_function(wrap_pyfunction!(identity, module)?)?;
    module.add_function(wrap_pyfunction!(assemble, module)?)
}
