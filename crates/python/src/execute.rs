//! What is done with a study and its data: runs and grids, in memory and in folders, audits, verifications and checks.

use std::path::PathBuf;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use walkfolio::record::Kind;
use walkfolio::to_folder::{Done, Outcome};

use crate::found;
use crate::grid::Grid;
use crate::run::Run;
use crate::study::Study;
use crate::work::work;

/// What is done with the folder of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    New,
    Replace,
    Resume,
}

/// Runs a study in memory: a `Run`, or a `Grid`.
#[pyfunction]
#[pyo3(signature = (study, data, callback=None))]
fn run(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<Py<PyAny>> {
    let study = &study.inner;
    if study.cells() > 0 {
        let grid = work(py, callback, |progress| {
            let loaded = study.market(data.as_deref())?;
            study.run_grid(&loaded, data.as_deref(), progress)
        })?;
        return Grid::new(grid).into_py_any(py);
    }
    let run = work(py, callback, |progress| study.run(&study.market(data.as_deref())?, progress))?;
    Run::new(run).into_py_any(py)
}

/// Runs a study into a folder with its report; `start` is `new`, `replace` or `resume`.
#[pyfunction]
#[pyo3(signature = (study, data, out, start, bulk, callback=None))]
fn run_to(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    out: PathBuf,
    start: &str,
    bulk: bool,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<Py<PyAny>> {
    let start = match start {
        "replace" => Start::Replace,
        "resume" => Start::Resume,
        _ => Start::New,
    };
    let study = &study.inner;
    let done = work(py, callback, |progress| {
        let to = study.to_folder(&out).observer(progress);
        let to = if let Some(data) = &data { to.data(data) } else { to };
        let to = match start {
            Start::New => to,
            Start::Replace => to.replace(),
            Start::Resume => to.resume(),
        };
        if bulk { to.bulk().run() } else { to.run() }
    })?;
    of_folder(py, done)
}

/// What was run into a folder; what was complete already is read from it.
fn of_folder(py: Python<'_>, done: Done) -> PyResult<Py<PyAny>> {
    let path = done.path().to_path_buf();
    match done.outcome {
        Outcome::Backtest(run, _) => Run::new(*run).into_py_any(py),
        Outcome::Grid(grid, _) => Grid::new(*grid).into_py_any(py),
        Outcome::WasComplete => read_run(py, path),
    }
}

/// Reads the folder of a run: a `Run`, or a `Grid`.
#[pyfunction]
fn read_run(py: Python<'_>, path: PathBuf) -> PyResult<Py<PyAny>> {
    let manifest = work(py, None, |_| walkfolio::read_manifest(&path))?;
    if manifest.kind == Kind::Grid {
        Grid::new(work(py, None, |_| walkfolio::read_grid(&path))?).into_py_any(py)
    } else {
        Run::new(work(py, None, |_| walkfolio::read_run(&path))?).into_py_any(py)
    }
}

/// Whether a decision of a study looks ahead, as JSON.
#[pyfunction]
#[pyo3(signature = (study, data, callback=None))]
fn audit(
    py: Python<'_>,
    study: &Study,
    data: Option<PathBuf>,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let study = &study.inner;
    let audit =
        work(py, callback, |progress| study.audit(&study.market(data.as_deref())?, progress))?;
    Ok(found::audit(&audit))
}

/// Whether a run is what its study and the data give, as JSON.
#[pyfunction]
#[pyo3(signature = (study, run, data, callback=None))]
fn verify(
    py: Python<'_>,
    study: &Study,
    run: &Run,
    data: Option<PathBuf>,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let (study, run) = (&study.inner, &run.inner);
    let verified = work(py, callback, |progress| {
        study.verify(run, &study.market(data.as_deref())?, progress)
    })?;
    Ok(found::verification(&verified))
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
    let verified =
        work(py, callback, |progress| walkfolio::verify_folder(&path, data.as_deref(), progress))?;
    Ok(found::verification(&verified))
}

/// What is wrong with a study's data, as JSON.
#[pyfunction]
fn check(py: Python<'_>, study: &Study, data: Option<PathBuf>) -> PyResult<String> {
    let study = &study.inner;
    let report = work(py, None, |_| study.check(data.as_deref()))?;
    Ok(report.json(walkfolio::finding_hint).to_string())
}

/// The functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(run_to, module)?)?;
    module.add_function(wrap_pyfunction!(read_run, module)?)?;
    module.add_function(wrap_pyfunction!(audit, module)?)?;
    module.add_function(wrap_pyfunction!(verify, module)?)?;
    module.add_function(wrap_pyfunction!(verify_folder, module)?)?;
    module.add_function(wrap_pyfunction!(check, module)?)
}
