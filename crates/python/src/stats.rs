//! Measures of returns, and how far they can be believed.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Value, json};
use walkfolio::inference::bootstrap::{self, Bootstrap, Interval};
use walkfolio::inference::{deflated, overfitting};
use walkfolio::measures::{Better, Measures, Record, Unit, definitions, measure};
use walkfolio::{Date, Observer, periods_per_year};
use walkfolio_columns::date_of;
use walkfolio_stats::Covered;

use crate::arrays;
use crate::failure::Failure;
use crate::work::{work, work_unseen};

fn dates_of(days: &[u8]) -> PyResult<Vec<Date>> {
    let days = arrays::integers(days);
    let dates: Option<Vec<Date>> = days.into_iter().map(date_of).collect();
    dates.ok_or_else(|| PyValueError::new_err("a date is beyond the calendar"))
}

/// A series next to the portfolio; NaN before its first and after its last value.
fn covered(what: &str, bytes: Option<&[u8]>) -> Result<Option<Covered<'static>>, Failure> {
    let Some(bytes) = bytes else { return Ok(None) };
    let values = arrays::numbers(bytes).into_iter();
    let found = Covered::of(values.map(|value| (!value.is_nan()).then_some(value)));
    found.map(Some).ok_or_else(|| {
        let hint = "fill it, or measure a shorter sample".to_owned();
        let message = format!("{what} has a value missing in the middle");
        Failure::new("DataError", message, Some(hint))
    })
}

/// Every measure of the list, as JSON; one that is not defined is null.
#[pyfunction]
#[pyo3(signature = (days, portfolio, benchmark=None, cash=None, market_excess=None, periods=None))]
fn measures(
    py: Python<'_>,
    days: &[u8],
    portfolio: &[u8],
    benchmark: Option<&[u8]>,
    cash: Option<&[u8]>,
    market_excess: Option<&[u8]>,
    periods: Option<f64>,
) -> PyResult<String> {
    let dates = dates_of(days)?;
    let portfolio = arrays::numbers(portfolio);
    let found = work(py, None, |_| {
        let record = Record {
            benchmark: covered("the benchmark", benchmark)?,
            cash: covered("the risk-free rate", cash)?,
            market_excess: covered("the market's excess return", market_excess)?,
            periods_per_year: periods.or_else(|| periods_per_year(&dates)).unwrap_or(1.0),
            // The first loss of all that there was.
            wiped_out: portfolio.iter().position(|own| *own <= -1.0).map(|row| dates[row]),
            ..Record::new(&dates, &portfolio)
        };
        Ok::<Measures, Failure>(measure(&record))
    })?;
    let values: serde_json::Map<String, Value> =
        found.iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
    Ok(Value::from(values).to_string())
}

/// What each measure is, as JSON.
#[pyfunction]
fn measure_definitions() -> String {
    let all: Vec<Value> = definitions()
        .iter()
        .map(|definition| {
            let unit = match definition.unit {
                Unit::Percent => "fraction",
                Unit::Ratio => "ratio",
                Unit::Count => "count",
                Unit::Number => "number",
            };
            let better = match definition.better {
                Better::Higher => "higher",
                Better::Lower => "lower",
                Better::Neither => "neither",
            };
            json!({
                "key": definition.key, "label": definition.label, "unit": unit, "better": better,
                "formula": definition.formula, "source": definition.source,
            })
        })
        .collect();
    Value::from(all).to_string()
}

/// A bootstrap interval of a figure of one series (for ratios the excess or active returns), as JSON; null where it
/// is not defined.
#[pyfunction]
#[pyo3(signature = (figure, series, periods, *, resamples, level, seed, mean_block=None))]
#[expect(clippy::too_many_arguments, reason = "each has its name in Python")]
fn interval(
    py: Python<'_>,
    figure: &str,
    series: &[u8],
    periods: f64,
    resamples: usize,
    level: f64,
    seed: u64,
    mean_block: Option<f64>,
) -> PyResult<String> {
    let series = arrays::numbers(series);
    work(py, None, |progress| {
        let interrupt = progress.interrupt();
        let settings = Bootstrap { resamples, level, mean_block, seed, interrupt };
        let found = match figure {
            "mean_return_annual" => bootstrap::mean_return_annual(&series, periods, &settings),
            "volatility" => bootstrap::volatility(&series, periods, &settings),
            "sharpe_ratio" => bootstrap::sharpe_ratio(&series, periods, &settings),
            "tracking_error" => bootstrap::tracking_error(&series, periods, &settings),
            "information_ratio" => bootstrap::information_ratio(&series, periods, &settings),
            "max_drawdown" => bootstrap::max_drawdown(&series, &settings),
            _ => return Err(Failure::new("DataError", format!("no interval of {figure}"), None)),
        };
        Ok(interval_json(found).to_string())
    })
}

/// The difference of two Sharpe ratios with its interval and p-value, as JSON.
#[pyfunction]
#[pyo3(signature = (a, b, cash, periods, *, resamples, level, seed, mean_block=None))]
#[expect(clippy::too_many_arguments, reason = "each has its name in Python")]
fn sharpe_difference(
    py: Python<'_>,
    a: &[u8],
    b: &[u8],
    cash: Option<&[u8]>,
    periods: f64,
    resamples: usize,
    level: f64,
    seed: u64,
    mean_block: Option<f64>,
) -> PyResult<String> {
    let (a, b, cash) = (arrays::numbers(a), arrays::numbers(b), cash.map(arrays::numbers));
    work(py, None, |progress| {
        let interrupt = progress.interrupt();
        let settings = Bootstrap { resamples, level, mean_block, seed, interrupt };
        let found = bootstrap::sharpe_difference(&a, &b, cash.as_deref(), periods, &settings);
        let json = found.map_or(Value::Null, |found| {
            json!({
                "interval": interval_json(Some(found.interval)),
                "p_value": found.p_value,
                "standard_error": found.standard_error,
            })
        });
        Ok::<_, Failure>(json.to_string())
    })
}

fn interval_json(found: Option<Interval>) -> Value {
    found.map_or(Value::Null, |found| {
        json!({
            "estimate": found.estimate, "low": found.low, "high": found.high, "level": found.level,
            "resamples": found.resamples, "mean_block": found.mean_block,
        })
    })
}

/// The deflated Sharpe ratio of the best of many trials, as JSON; their Sharpe ratios a period.
#[pyfunction]
#[pyo3(signature = (best, sharpe_ratios, trials=None, variance=None))]
fn deflated_sharpe(
    py: Python<'_>,
    best: &[u8],
    sharpe_ratios: Option<&[u8]>,
    trials: Option<f64>,
    variance: Option<f64>,
) -> PyResult<String> {
    let (best, ratios) = (arrays::numbers(best), sharpe_ratios.map(arrays::numbers));
    work(py, None, |_| {
        let found = match (ratios, trials, variance) {
            (Some(ratios), _, _) => deflated::deflated(&best, &ratios),
            (None, Some(trials), Some(variance)) => {
                deflated::deflated_given(&best, trials, variance)
            }
            _ => None,
        };
        let json = found.map_or(Value::Null, |found| {
            json!({
                "sharpe_ratio": found.sharpe_ratio, "trials": found.trials,
                "variance_of_trials": found.variance_of_trials,
                "expected_maximum": found.expected_maximum, "probability": found.probability,
            })
        });
        Ok::<_, Failure>(json.to_string())
    })
}

/// The probability of backtest overfitting of trials, one after the other of so many rows, as JSON.
#[pyfunction]
fn overfitting_probability(
    py: Python<'_>,
    trials: &[u8],
    rows: usize,
    blocks: usize,
) -> PyResult<String> {
    let values = arrays::numbers(trials);
    work_unseen(py, move || {
        let trials: Vec<&[f64]> = values.chunks(rows.max(1)).collect();
        let found = overfitting::overfitting(&trials, blocks);
        let json = found.map_or(Value::Null, |found| {
            json!({
                "probability": found.probability, "probability_of_loss": found.probability_of_loss,
                "logits": found.logits, "sharpe_ratios": found.sharpe_ratios,
            })
        });
        Ok::<_, Failure>(json.to_string())
    })
}

/// The functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(measures, module)?)?;
    module.add_function(wrap_pyfunction!(measure_definitions, module)?)?;
    module.add_function(wrap_pyfunction!(interval, module)?)?;
    module.add_function(wrap_pyfunction!(sharpe_difference, module)?)?;
    module.add_function(wrap_pyfunction!(deflated_sharpe, module)?)?;
    module.add_function(wrap_pyfunction!(overfitting_probability, module)?)
}
