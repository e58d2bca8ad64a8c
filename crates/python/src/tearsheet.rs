//! Tear sheets: series of returns from elsewhere as runs without decisions, and their page.

use std::path::PathBuf;

use pyo3::prelude::*;
use walkfolio::foreign::{Around, Kind, SeriesError, SeriesFile, run_of};

use crate::failure::Failure;
use crate::run::Run;
use crate::work::work;

/// A file, which of its columns, and what its numbers are.
type Series = (PathBuf, Option<String>, Option<String>);

fn file(series: &Series) -> SeriesFile<'_> {
    let (path, column, kind) = series;
    let kind = kind.as_deref().and_then(Kind::from_word);
    SeriesFile { path, column: column.as_deref(), kind }
}

/// A series and its benchmark as a run without decisions.
#[pyfunction]
#[pyo3(signature = (series, benchmark=None, name=None, risk_free=None, periods_per_year=None))]
fn tearsheet(
    py: Python<'_>,
    series: Series,
    benchmark: Option<Series>,
    name: Option<String>,
    risk_free: Option<f64>,
    periods_per_year: Option<f64>,
) -> PyResult<Run> {
    work(py, None, |_| {
        let around = Around { name: name.as_deref(), risk_free, periods_per_year };
        run_of(&file(&series), benchmark.as_ref().map(file).as_ref(), &around)
            .map(Run::new)
            .map_err(|error| failure(&error))
    })
}

/// In the words of the call, not of the program's options.
fn failure(error: &SeriesError) -> Failure {
    let hint = match error {
        SeriesError::SeveralColumns { .. } | SeriesError::NoColumn { .. } => {
            Some("name one with column, of the benchmark with benchmark_column".to_owned())
        }
        SeriesError::OpenUnit { .. } => {
            let hint = "give kind=\"returns\" or kind=\"percent\", of the benchmark benchmark_kind";
            Some(hint.to_owned())
        }
        SeriesError::BadValue { .. } => Some(
            "correct the value, or give kind=\"returns\", \"percent\" or \"prices\"".to_owned(),
        ),
        other => other.hint(),
    };
    Failure::new("DataError", error.to_string(), hint)
}

/// The function of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(tearsheet, module)?)
}
