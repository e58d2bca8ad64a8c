//! Studies.

use pyo3::prelude::*;

use crate::failure::Failure;

/// A valid study.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Study {
    pub inner: walkfolio::Study,
}

#[pymethods]
impl Study {
    /// From text, with overrides such as `key=value`, the value in TOML; `name` stands for the file.
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
}

/// The class of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Study>()
}
