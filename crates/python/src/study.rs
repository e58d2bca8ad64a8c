//! Studies.

use std::path::PathBuf;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use serde_json::json;
use walkfolio::to_folder::{Done, Outcome};

use crate::failure::Failure;
use crate::grid::Grid;
use crate::run::Run;
use crate::work::work;

/// A valid study.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Study {
    pub inner: walkfolio::Study,
}

/// What is done with the folder of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    New,
    Replace,
    Resume,
}

#[pymethods]
impl Study {
    /// Reads a file; `overrides` are `key=value` with the value in TOML.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf, overrides: Vec<String>) -> PyResult<Self> {
        let study = walkfolio::Study::load(&path, &overrides);
        study.map(|inner| Self { inner }).map_err(|error| Failure::from(error).raise(py))
    }

    /// As `load`, from text; `name` stands for the file.
    #[staticmethod]
    fn parse(py: Python<'_>, name: &str, text: &str, overrides: Vec<String>) -> PyResult<Self> {
        let study = walkfolio::Study::parse(name, text, &overrides);
        study.map(|inner| Self { inner }).map_err(|error| Failure::from(error).raise(py))
    }

    /// Every setting with its default, as JSON.
    fn resolved(&self) -> String {
        self.inner.resolved().to_string()
    }

    /// The hash of the resolved study.
    fn hash(&self) -> String {
        self.inner.hash()
    }

    /// How many cells its grid has.
    fn cells(&self) -> usize {
        self.inner.cells()
    }

    /// The study of one cell, from 1 on.
    fn cell(&self, py: Python<'_>, number: usize) -> PyResult<Self> {
        let cell = self.inner.cell(number);
        cell.map(|inner| Self { inner }).map_err(|error| Failure::from(error).raise(py))
    }

    /// Runs it in memory: a `Run`, or a `Grid`.
    #[pyo3(signature = (data, callback=None))]
    fn run(
        &self,
        py: Python<'_>,
        data: Option<PathBuf>,
        callback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let study = &self.inner;
        if study.cells() > 0 {
            let grid = work(py, callback, |progress| {
                let loaded = study.market(data.as_deref())?;
                study.run_grid(&loaded, data.as_deref(), progress)
            })?;
            return Grid::new(grid).into_py_any(py);
        }
        let run =
            work(py, callback, |progress| study.run(&study.market(data.as_deref())?, progress))?;
        Run::new(run).into_py_any(py)
    }

    /// Runs it into a folder with its report; `start` is `new`, `replace` or `resume`.
    #[pyo3(signature = (data, out, start, bulk, callback=None))]
    fn run_to(
        &self,
        py: Python<'_>,
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
        let study = &self.inner;
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

    /// Whether a decision looks ahead, as JSON.
    #[pyo3(signature = (data, callback=None))]
    fn audit(
        &self,
        py: Python<'_>,
        data: Option<PathBuf>,
        callback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let study = &self.inner;
        let audit =
            work(py, callback, |progress| study.audit(&study.market(data.as_deref())?, progress))?;
        Ok(audit_json(&audit))
    }

    /// Whether a run is what this study and the data give, as JSON.
    #[pyo3(signature = (run, data, callback=None))]
    fn verify(
        &self,
        py: Python<'_>,
        run: &Run,
        data: Option<PathBuf>,
        callback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let (study, run) = (&self.inner, &run.inner);
        let found = work(py, callback, |progress| {
            study.verify(run, &study.market(data.as_deref())?, progress)
        })?;
        Ok(verification_json(&found))
    }

    /// What is wrong with its data, as JSON.
    fn check(&self, py: Python<'_>, data: Option<PathBuf>) -> PyResult<String> {
        let study = &self.inner;
        let report = work(py, None, |_| study.check(data.as_deref()))?;
        Ok(report.json(walkfolio::finding_hint).to_string())
    }
}

/// What was run into a folder; what was complete already is read from it.
fn of_folder(py: Python<'_>, done: Done) -> PyResult<Py<PyAny>> {
    let path = done.path().to_path_buf();
    match done.outcome {
        Outcome::Backtest(run, _) => Run::new(*run).into_py_any(py),
        Outcome::Grid(grid, _) => Grid::new(*grid).into_py_any(py),
        Outcome::WasComplete => crate::run::read_run(py, path),
    }
}

/// An audit, as JSON.
pub fn audit_json(audit: &walkfolio::Audit) -> String {
    let leak = audit.leak.as_ref();
    json!({
        "decisions": audit.decisions,
        "complete": audit.complete,
        "leak": leak.map(|leak| json!({ "date": leak.date.to_string(), "what": leak.what })),
    })
    .to_string()
}

/// A verification, as JSON.
pub fn verification_json(found: &walkfolio::Verification) -> String {
    let fault = |fault: &walkfolio::Fault| json!({ "file": fault.file, "row": fault.row, "column": fault.column, "what": fault.what });
    json!({
        "decisions": found.decisions,
        "confirmed": found.confirmed,
        "fallbacks": found.fallbacks,
        "unconfirmed": found.unconfirmed,
        "worst_gap": found.worst_gap,
        "cells": found.cells,
        "files": found.files,
        "same_build": found.is_same_build,
        "unchecked": found.unchecked,
        "faults": found.faults.iter().map(fault).collect::<Vec<_>>(),
    })
    .to_string()
}

/// The class of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Study>()
}
