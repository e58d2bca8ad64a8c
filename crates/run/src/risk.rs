//! Where the tracking error of each decision was expected to come from.

use walkfolio_backtest::Walk;
use walkfolio_core::{Market, Past, Weights};
use walkfolio_estimate::{active_risk, joint_covariance, sample_covariance};

use walkfolio_record::RiskRow;
use walkfolio_study::StudyPolicy;
use walkfolio_study::policy::Choice;

use crate::Result;

/// Rows of the covariance in which active risk is taken apart: a year of daily prices.
pub(crate) const ROWS: usize = 252;

/// Takes the active risk of every decision apart; nothing without a benchmark.
///
/// The covariance is the sample's over the last 252 rows before the decision, or as many as
/// everything held has; a decision with fewer than two is left out.
pub(crate) fn risk_rows(
    policy: &StudyPolicy,
    walk: &Walk,
    market: &Market,
    periods_per_year: f64,
) -> Result<Vec<RiskRow>> {
    let mut rows = Vec::new();
    for step in &walk.steps {
        let (past, target) = (market.before(step.row)?, &step.decision.target);
        let mut own = of_decision(&past, target, periods_per_year)?;
        if !own.is_empty() && policy.measures_tail() {
            let Choice { allocation, assets, .. } = policy.choose(&past)?;
            let tail = allocation.tail_contributions(&past, &assets, target)?;
            for (row, tail) in own.iter_mut().filter_map(|row| Some((row, tail.as_ref()?))) {
                let asset = past.universe().position(&row.asset);
                row.tail = Some(asset.map_or(0.0, |asset| tail[asset]));
            }
        }
        rows.extend(own);
    }
    Ok(rows)
}

fn of_decision(past: &Past<'_>, target: &Weights, periods: f64) -> Result<Vec<RiskRow>> {
    let known = past.benchmark_returns_known();
    let benchmark = past.benchmark_asset();
    let held = |asset: &usize| target.values()[*asset] != 0.0 || benchmark == Some(*asset);
    let assets: Vec<usize> = (0..target.values().len()).filter(held).collect();
    let shortest = assets.iter().map(|&asset| past.returns_known(asset)).min().unwrap_or(0);
    let window = ROWS.min(known).min(shortest);
    if window < 2 {
        return Ok(Vec::new());
    }
    let mut active: Vec<f64> = assets.iter().map(|&asset| target.values()[asset]).collect();
    let tickers = past.universe().tickers();
    let mut names: Vec<String> = assets.iter().map(|&asset| tickers[asset].to_string()).collect();
    let covariance = if let Some(own) = benchmark {
        for (weight, asset) in active.iter_mut().zip(&assets) {
            *weight -= f64::from(u8::from(*asset == own));
        }
        sample_covariance(&past.returns(&assets, window)?, periods)
    } else {
        active.push(-1.0);
        names.push(past.benchmark_name().unwrap_or_default().to_owned());
        joint_covariance(past, &assets, window, periods)
    };
    let covariance = covariance.map_err(walkfolio_core::Error::from)?;
    let Some(risk) = active_risk(&covariance, &active) else { return Ok(Vec::new()) };
    let date = past.decision_date();
    let parts = names.into_iter().zip(active).zip(risk.marginal.into_iter().zip(risk.contribution));
    Ok(parts
        .map(|((asset, active_weight), (marginal, contribution))| RiskRow {
            date,
            asset,
            active_weight,
            marginal,
            contribution,
            tail: None,
        })
        .collect())
}
