//! The parts of a sweep: the cells of a grid, or the moved and resampled backtests of a run. Any process may make some
//! of them; each is saved in a folder as `cell-000001.json`, counted from 0, where the whole looks for it.

use std::path::PathBuf;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use walkfolio::Observer;
use walkfolio::record::Status;
use walkfolio_run::Session;
use walkfolio_store::Checkpoints;

use crate::failure::Failure;
use crate::grid::Grid;
use crate::run::Run;
use crate::study::Study;
use crate::work::work;

/// After how many decisions of a run a part of them is saved.
const DECISIONS: usize = 24;

/// The market of a study, read once, and the folder that it was read from.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Loaded {
    pub market: walkfolio::Loaded,
    data: Option<PathBuf>,
}

/// Reads the market of a study.
#[pyfunction]
fn load(py: Python<'_>, study: &Study, data: Option<PathBuf>) -> PyResult<Loaded> {
    let study = &study.inner;
    let market = work(py, None, |_| study.market(data.as_deref()))?;
    Ok(Loaded { market, data })
}

/// What a process with the same version of the engine has: a part made by another is refused.
#[pyfunction]
fn build() -> &'static str {
    walkfolio_run::BUILD
}

/// The hash that a run of a study on its data has with this build.
#[pyfunction]
fn identity(py: Python<'_>, study: &Study, loaded: &Loaded) -> PyResult<String> {
    let study = &study.inner;
    work(py, None, |_| {
        let manifest = walkfolio_run::manifest(study, &loaded.market, Status::Running)?;
        Ok::<_, walkfolio::Error>(manifest.hash)
    })
}

/// How many parts a study has: the cells of its grid, or else its moved and resampled backtests.
#[pyfunction]
fn parts(py: Python<'_>, study: &Study, loaded: &Loaded) -> PyResult<usize> {
    let study = &study.inner;
    match study.cells() {
        0 => work(py, None, |_| walkfolio_run::variants(study, &loaded.market)),
        cells => Ok(cells),
    }
}

/// Makes some parts and saves each in a folder.
#[pyfunction]
#[pyo3(signature = (study, loaded, numbers, folder, callback=None))]
fn run_parts(
    py: Python<'_>,
    study: &Study,
    loaded: &Loaded,
    numbers: Vec<usize>,
    folder: PathBuf,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    let study = &study.inner;
    let saved = Checkpoints::new(folder, 1);
    work(py, callback, |progress| {
        if study.cells() == 0 {
            let to: (&dyn Observer, _) = (progress, &saved);
            return walkfolio_run::run_variants(study, &loaded.market, &numbers, to);
        }
        let from = (&loaded.market, loaded.data.as_deref());
        walkfolio_run::run_cells(study, from, &numbers, (progress, &saved))
    })
}

/// The whole of the parts in a folder, a `Grid` or a `Run`; those that are not there are made.
#[pyfunction]
#[pyo3(signature = (study, loaded, folder, callback=None))]
fn assemble(
    py: Python<'_>,
    study: &Study,
    loaded: &Loaded,
    folder: PathBuf,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<Py<PyAny>> {
    let study = &study.inner;
    let saved = Checkpoints::new(folder, DECISIONS);
    if study.cells() == 0 {
        let run = work(py, callback, |progress| {
            let session = session(study, loaded, progress, &saved)?;
            walkfolio_run::run_session(study, &loaded.market, session).map_err(Failure::from)
        })?;
        return Run::new(run).into_py_any(py);
    }
    let grid = work(py, callback, |progress| {
        let session = session(study, loaded, progress, &saved)?;
        let data = loaded.data.as_deref();
        walkfolio_run::run_grid_session(study, &loaded.market, data, session).map_err(Failure::from)
    })?;
    Grid::new(grid).into_py_any(py)
}

/// A run that begins, or goes on from what is in a folder.
fn session<'a>(
    study: &walkfolio::Study,
    loaded: &Loaded,
    observer: &'a dyn Observer,
    checkpoints: &'a Checkpoints,
) -> Result<Session<'a>, Failure> {
    let manifest = walkfolio_run::manifest(study, &loaded.market, Status::Running)?;
    Ok(Session { manifest, observer, checkpoints: Some(checkpoints) })
}

/// The class and functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Loaded>()?;
    module.add_function(wrap_pyfunction!(load, module)?)?;
    module.add_function(wrap_pyfunction!(build, module)?)?;
    module.add_function(wrap_pyfunction!(identity, module)?)?;
    module.add_function(wrap_pyfunction!(parts, module)?)?;
    module.add_function(wrap_pyfunction!(run_parts, module)?)?;
    module.add_function(wrap_pyfunction!(assemble, module)?)
}
