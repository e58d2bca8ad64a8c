//! The prices that a study reads, as it uses them.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use walkfolio_columns::{Column, write};
use walkfolio_core::Market;

use crate::failure::Failure;
use crate::study::Study;
use crate::work::work;

/// The prices of a study's market as a Parquet table, its benchmark in the last column where it has one, and what the
/// reader must know of them.
#[pyfunction]
fn prices<'py>(
    py: Python<'py>,
    study: &Study,
    data: Option<PathBuf>,
) -> PyResult<(Bound<'py, PyBytes>, Option<String>, Vec<String>)> {
    let study = &study.inner;
    let (bytes, benchmark, notes) = work(py, None, |_| {
        let loaded = study.market(data.as_deref())?;
        let bytes = write(&columns(&loaded.market), "walkfolio")
            .map_err(|error| Failure::new("DataError", error.to_string(), None))?;
        let benchmark = loaded.market.benchmark().map(|benchmark| benchmark.ticker.to_string());
        let notes = loaded.notes.iter().map(|note| note.message.clone()).collect::<Vec<_>>();
        Ok::<_, Failure>((bytes, benchmark, notes))
    })?;
    Ok((PyBytes::new(py, &bytes), benchmark, notes))
}

/// One column for the dates and for each asset.
fn columns(market: &Market) -> Vec<Column> {
    let prices = market.prices();
    let mut all = vec![Column::sessions("date", market.dates().iter().map(|date| Some(*date)))];
    for (asset, ticker) in prices.universe().tickers().iter().enumerate() {
        let values = (0..market.rows()).map(|row| prices.value(row, asset));
        all.push(Column::numbers(ticker.as_str(), values));
    }
    all
}

/// The function of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(prices, module)?)
}
