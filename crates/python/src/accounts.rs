//! One decision for many accounts.

use std::path::PathBuf;

use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::json;
use walkfolio::orders::{Lot, LotMethod, TaxRates, TradeRules};
use walkfolio::{AccountBook, Ask, DecidedAccounts, Terms};

use crate::decide::date;
use crate::failure::Failure;
use crate::study::Study;
use crate::sweep::Loaded;
use crate::work::work;

/// How accounts are traded, as the command line has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trading {
    on: Option<String>,
    today: Option<String>,
    max_age: Option<usize>,
    force: bool,
    fractional: bool,
    lot: Option<f64>,
    min_trade: f64,
    band: f64,
    band_risk: Option<f64>,
    /// `highest-cost`, `fifo` or `minimum-tax`.
    lot_method: String,
    /// Of short and long terms.
    tax_rates: Option<(f64, f64)>,
    quotes: Vec<(String, f64)>,
}

impl Trading {
    fn ask(&self) -> Result<Ask, Failure> {
        Ok(Ask {
            on: date(self.on.as_deref())?,
            today: date(self.today.as_deref())?,
            max_age: self.max_age.unwrap_or(Ask::default().max_age),
            force: self.force,
        })
    }

    fn terms(self) -> Result<Terms, Failure> {
        let rates =
            self.tax_rates.map(|(short_term, long_term)| TaxRates { short_term, long_term });
        let method = match (self.lot_method.as_str(), rates) {
            ("fifo", _) => LotMethod::Fifo,
            ("minimum-tax", Some(rates)) => LotMethod::MinimumTax(rates),
            ("minimum-tax", None) => {
                let hint = Some("give tax_rates=(0.37, 0.20)".to_owned());
                let what = "lot_method minimum-tax needs the rates of the tax";
                return Err(Failure::new("DataError", what, hint));
            }
            _ => LotMethod::HighestCost,
        };
        let lot = match (self.fractional, self.lot) {
            (true, _) => Lot::FRACTIONAL,
            (false, Some(shares)) => Lot::of(shares),
            (false, None) => Lot::WHOLE,
        };
        let rules = TradeRules {
            lot,
            min_value: self.min_trade,
            band: self.band,
            ..TradeRules::whole(0.0)
        };
        Ok(Terms { rules, band_risk: self.band_risk, method, rates, quotes: self.quotes })
    }
}

/// Decides for the accounts of two files and writes their tables to a folder; what was decided, as JSON.
#[pyfunction]
#[pyo3(signature = (study, loaded, files, trading, out, callback=None))]
fn decide_accounts(
    py: Python<'_>,
    study: &Study,
    loaded: &Loaded,
    files: (PathBuf, PathBuf),
    trading: &str,
    out: PathBuf,
    callback: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let study = &study.inner;
    work(py, callback, |progress| {
        let trading: Trading = serde_json::from_str(trading)
            .map_err(|error| Failure::new("DataError", error.to_string(), None))?;
        let book = AccountBook::read(&files.0, &files.1).map_err(walkfolio::Error::from)?;
        let live = study.live(&loaded.market, trading.ask()?)?;
        if !live.is_due() && !trading.force {
            let next = live.next_due().map(|date| date.to_string());
            return Ok(json!({ "due": false, "date": live.date().to_string(), "next_due": next })
                .to_string());
        }
        let terms = trading.terms()?;
        let done = walkfolio::decide_accounts(&live, (&book, &terms), &out, progress)?;
        let DecidedAccounts { decision, .. } = done;
        Ok::<_, Failure>(json!(decision).to_string())
    })
}

/// The names of the accounts of two files, in the order in which they are decided.
#[pyfunction]
fn account_names(py: Python<'_>, files: (PathBuf, PathBuf)) -> PyResult<Vec<String>> {
    work(py, None, |_| {
        let book = AccountBook::read(&files.0, &files.1).map_err(walkfolio::Error::from)?;
        Ok::<_, walkfolio::Error>(book.entries.into_iter().map(|entry| entry.id).collect())
    })
}

/// The functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(decide_accounts, module)?)?;
    module.add_function(wrap_pyfunction!(account_names, module)?)
}
