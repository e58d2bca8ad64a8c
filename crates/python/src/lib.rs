//! The native half of the Python package `walkfolio`: it brings arrays, tables and errors across and has no logic of
//! its own. What users see is `python/walkfolio`.
//!
//! Arrays cross as bytes of doubles in the machine's order, tables as Parquet, settings and findings as JSON.
//! Everything that may take long runs on a thread of its own without the interpreter's lock (`work.rs`), so that
//! signals are heard and other Python threads go on.

#![allow(
    clippy::needless_pass_by_value,
    reason = "what comes from Python is converted to values of our own"
)]

mod accounts;
mod arrays;
mod data;
mod decide;
mod estimate;
mod execute;
mod failure;
mod fetch;
mod found;
mod grid;
mod market;
mod optimize;
mod policy;
mod progress;
mod run;
mod stats;
mod study;
mod sweep;
mod tables;
mod tearsheet;
mod work;

use pyo3::prelude::*;

/// The version of the package.
#[pyfunction]
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The JSON Schema of studies.
#[pyfunction]
fn schema() -> String {
    walkfolio_study::schema().to_string()
}

/// What crosses between Python and the engine.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    work::quiet_panics();
    module.add_function(wrap_pyfunction!(version, module)?)?;
    module.add_function(wrap_pyfunction!(schema, module)?)?;
    tables::register(module)?;
    study::register(module)?;
    execute::register(module)?;
    run::register(module)?;
    grid::register(module)?;
    sweep::register(module)?;
    fetch::register(module)?;
    data::register(module)?;
    decide::register(module)?;
    accounts::register(module)?;
    market::register(module)?;
    estimate::register(module)?;
    optimize::register(module)?;
    stats::register(module)?;
    tearsheet::register(module)?;
    policy::register(module)
}
