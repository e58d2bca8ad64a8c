//! Prices of arrays as a market.

use std::sync::Arc;

use pyo3::prelude::*;
use walkfolio::{Date, Universe};
use walkfolio_columns::date_of;
use walkfolio_core::{Error, Factors, Market as Prepared, Matrix, Prices};

use crate::arrays;
use crate::failure::Failure;

/// A market of arrays.
#[pyclass(frozen, module = "walkfolio._native")]
pub struct Market {
    pub inner: Arc<Prepared>,
}

/// A table of numbers by rows with the names of its columns.
type Columns<'a> = (Vec<String>, &'a [u8]);

#[pymethods]
impl Market {
    /// Prices of one asset after the other, NaN where there is none. With `next`, a session follows the last one, so
    /// that a decision knows every row that was given.
    #[new]
    #[pyo3(signature = (days, names, values, benchmark=None, factors=None, next=false))]
    fn new(
        py: Python<'_>,
        days: &[u8],
        names: Vec<String>,
        values: &[u8],
        benchmark: Option<(String, Vec<u8>)>,
        factors: Option<(Vec<String>, Vec<u8>)>,
        next: bool,
    ) -> PyResult<Self> {
        let benchmark = benchmark.as_ref().map(|(name, values)| (vec![name.clone()], &values[..]));
        let factors = factors.as_ref().map(|(names, values)| (names.clone(), &values[..]));
        let made = dates(days, next)
            .and_then(|dates| made(&dates, (names, values), benchmark, factors, next));
        let inner = made.map_err(|error| Failure::data(&error).raise(py))?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How many rows it has.
    fn rows(&self) -> usize {
        self.inner.rows()
    }

    /// How many periods its dates make of a year.
    fn periods_per_year(&self) -> Option<f64> {
        walkfolio::periods_per_year(self.inner.dates())
    }
}

fn dates(days: &[u8], next: bool) -> Result<Vec<Date>, Error> {
    let mut days = arrays::integers(days);
    if let Some(last) = days.last().copied().filter(|_| next) {
        days.push(last + 1);
    }
    let outside =
        || Error::Policy { message: "a date is beyond the calendar".to_owned(), hint: None };
    days.into_iter().map(|day| date_of(day).ok_or_else(outside)).collect()
}

fn made(
    dates: &[Date],
    prices: Columns<'_>,
    benchmark: Option<Columns<'_>>,
    factors: Option<Columns<'_>>,
    next: bool,
) -> Result<Prepared, Error> {
    let mut market = Prepared::new(table(dates, prices, next)?)?;
    if let Some(benchmark) = benchmark {
        market = market.with_benchmark(table(dates, benchmark, next)?)?;
    }
    if let Some((mut names, values)) = factors {
        // The risk-free rate is the last column.
        let (rows, width) = (dates.len(), names.len());
        let mut numbers = arrays::numbers(values);
        if next {
            numbers.resize(rows * width, 0.0);
        }
        names.pop();
        let split = |row: &[f64]| row.split_last().map(|(last, rest)| (*last, rest.to_vec()));
        let parts: Vec<(f64, Vec<f64>)> = numbers.chunks(width).filter_map(split).collect();
        let rates = parts.iter().map(|(rate, _)| *rate).collect();
        let values: Vec<f64> = parts.into_iter().flat_map(|(_, row)| row).collect();
        let matrix = Matrix::from_rows(rows, names.len(), values);
        market = market.with_factors(Factors::new(dates, names, matrix, rates, 0..rows)?);
    }
    Ok(market)
}

/// The last price stands on the session that follows.
fn table(dates: &[Date], (names, values): Columns<'_>, next: bool) -> Result<Prices, Error> {
    let universe = Universe::new(names)?;
    let rows = dates.len() - usize::from(next);
    let values = arrays::numbers(values);
    let column = |values: &[f64]| -> Vec<Option<f64>> {
        let last = values.last().copied().filter(|_| next);
        let all = values.iter().copied().chain(last);
        all.map(|price| (!price.is_nan()).then_some(price)).collect()
    };
    Prices::from_columns(dates.to_vec(), universe, values.chunks(rows.max(1)).map(column))
}

/// The class of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Market>()
}
