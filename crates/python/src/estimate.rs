//! Moments of a market: every estimator of a study.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::de::DeserializeOwned;
use walkfolio_core::{Faults, Market as Prepared, Past};
use walkfolio_estimate::covariance::CovarianceChoice;
use walkfolio_estimate::expected_returns::ExpectedReturnsChoice;
use walkfolio_estimate::{Error, Scale, Units};

use crate::arrays;
use crate::failure::Failure;
use crate::market::Market;
use crate::work::work_unseen;

/// What an estimator is asked for.
struct Asked<'a> {
    past: Past<'a>,
    assets: Vec<usize>,
    scale: Scale,
}

impl<'a> Asked<'a> {
    /// The last decision of a market: it knows all rows but the last.
    fn of(market: &'a Prepared, periods_per_year: f64, annual: bool) -> Result<Self, Failure> {
        let past = market.before(market.rows().saturating_sub(1))?;
        let assets = (0..market.universe().len()).collect();
        let units = if annual { Units::Annual } else { Units::Daily };
        Ok(Self { past, assets, scale: Scale { units, periods_per_year } })
    }
}

/// The covariance of all assets, by rows.
#[pyfunction]
fn covariance<'py>(
    py: Python<'py>,
    market: &Market,
    choice: &str,
    periods_per_year: f64,
    annual: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let (market, choice) = (Arc::clone(&market.inner), choice.to_owned());
    let values = work_unseen(py, move || {
        let choice: CovarianceChoice = choice_of("covariance", &choice)?;
        valid("covariance", |faults| choice.validate(faults))?;
        let asked = Asked::of(&market, periods_per_year, annual)?;
        let found = choice.estimate(&asked.past, &asked.assets, asked.scale).map_err(data)?;
        Ok::<_, Failure>(arrays::bytes(found.to_dense().values()))
    })?;
    Ok(PyBytes::new(py, &values))
}

/// The expected returns of all assets.
#[pyfunction]
#[pyo3(signature = (market, choice, covariance, periods_per_year, annual))]
fn expected_returns<'py>(
    py: Python<'py>,
    market: &Market,
    choice: &str,
    covariance: Option<&str>,
    periods_per_year: f64,
    annual: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let (market, choice) = (Arc::clone(&market.inner), choice.to_owned());
    let covariance = covariance.map(str::to_owned);
    let values = work_unseen(py, move || {
        let mut choice: ExpectedReturnsChoice = choice_of("expected_returns", &choice)?;
        if let Some(covariance) = covariance {
            choice.complete(&choice_of("covariance", &covariance)?);
        }
        valid("expected_returns", |faults| choice.validate(faults))?;
        let asked = Asked::of(&market, periods_per_year, annual)?;
        let found = choice.estimate(&asked.past, &asked.assets, asked.scale).map_err(data)?;
        Ok::<_, Failure>(arrays::bytes(&found))
    })?;
    Ok(PyBytes::new(py, &values))
}

/// An estimator as a study states it.
fn choice_of<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::of_key(what, &error.to_string(), None))
}

fn valid(what: &'static str, check: impl FnOnce(&mut Faults)) -> Result<(), Failure> {
    let mut faults = Faults::default();
    faults.part(what, check);
    match faults.into_found().into_iter().next() {
        None => Ok(()),
        Some(fault) => Err(Failure::of_key(&fault.path, &fault.message, fault.hint)),
    }
}

fn data(error: Error) -> Failure {
    Failure::data(&walkfolio_core::Error::from(error))
}

/// The functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(covariance, module)?)?;
    module.add_function(wrap_pyfunction!(expected_returns, module)?)
}
