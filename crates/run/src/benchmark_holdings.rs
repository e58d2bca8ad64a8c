//! How far each decision is from what the benchmark held, as far as that was known.

use walkfolio_backtest::Walk;
use walkfolio_core::{BenchmarkHoldings, Market, Past, Weights};
use walkfolio_estimate::tracking::{Basket, newest_basket};
use walkfolio_record::HoldingsRow;
use walkfolio_study::Study;

use crate::Result;

/// Rows of the tracking error: a year of daily prices.
const ROWS: usize = 252;

/// Active share and expected tracking error of every decision against the benchmark's holdings: those that the objective
/// reconstructs, or those of the market's file; nothing without.
///
/// The tracking error is the standard deviation of what the portfolio and the holdings of that day would have earned
/// over the last 252 rows, or as many as everything held has; a decision with fewer than two is left out.
pub(crate) fn holdings_rows(
    study: &Study,
    walk: &Walk,
    market: &Market,
) -> Result<Vec<HoldingsRow>> {
    let objective = &study.config().spec().allocate.objective;
    let periods_per_year = study.config().periods_per_year()?;
    let mut rows = Vec::new();
    for step in &walk.steps {
        let past = market.before(step.row)?;
        let basket = objective.basket(&past).or_else(|| newest_basket(&past));
        let Some(basket) = basket else { continue };
        rows.extend(of_decision(&past, &step.decision.target, &basket, periods_per_year)?);
    }
    Ok(rows)
}

fn of_decision(
    past: &Past<'_>,
    target: &Weights,
    basket: &Basket,
    periods_per_year: f64,
) -> Result<Option<HoldingsRow>> {
    let weights = target.values();
    let held: Vec<usize> = (0..weights.len()).filter(|&asset| weights[asset] != 0.0).collect();
    let known = held.iter().map(|&asset| past.returns_known(asset)).min().unwrap_or(0);
    let rows = ROWS.min(known);
    let Ok(benchmark) = basket.returns(past, rows) else { return Ok(None) };
    if rows < 2 {
        return Ok(None);
    }
    let window = past.returns(&held, rows)?;
    let active: Vec<f64> = window
        .iter_rows()
        .zip(benchmark)
        .map(|(x, b)| held.iter().zip(x).map(|(&asset, x)| weights[asset] * x).sum::<f64>() - b)
        .collect();
    let names = past.constituents().unwrap_or(*past);
    let name = |at: usize| names.universe().tickers()[at].to_string();
    let stated = basket.weights.iter().map(|(at, weight)| (name(*at), *weight)).collect();
    let tickers = past.universe().tickers();
    let own = held.iter().map(|&asset| (tickers[asset].as_str(), weights[asset]));
    Ok(Some(HoldingsRow {
        date: past.decision_date(),
        of: basket.of,
        names: u32::try_from(basket.weights.len()).unwrap_or(u32::MAX),
        known: basket.known,
        active_share: BenchmarkHoldings { weights: stated }.active_share(own),
        tracking_error: deviation(&active) * periods_per_year.sqrt(),
    }))
}

/// Standard deviation, `ddof = 1`.
fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (square / (n - 1.0)).sqrt()
}
