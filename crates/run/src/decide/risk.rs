//! Expected risk before and after a trade.

use walkfolio_core::{Covariance, Past, Weights};
use walkfolio_estimate::{joint_covariance, sample_covariance};
use walkfolio_record::{ExpectedRisk, RiskChange};

use crate::Result;
use crate::risk::ROWS;

/// Volatility and tracking error of two portfolios, by the sample covariance of the last 252 rows, or as many
/// as everything held has.
pub(super) fn change(
    past: &Past<'_>,
    (before, after): (&Weights, &Weights),
    periods: f64,
) -> Result<RiskChange> {
    let benchmark = past.benchmark_asset();
    let matters = |asset: &usize| {
        before.values()[*asset] != 0.0 || after.values()[*asset] != 0.0 || benchmark == Some(*asset)
    };
    let assets: Vec<usize> = (0..past.universe().len()).filter(matters).collect();
    // What has ended has no risk that is known: it is sold.
    let assets: Vec<usize> =
        assets.into_iter().filter(|asset| past.returns_known(*asset) > 1).collect();
    let known = assets.iter().map(|&asset| past.returns_known(asset)).min().unwrap_or(0);
    let tracked = past.benchmark_returns_known();
    let has_benchmark = benchmark.is_none() && tracked >= 2;
    let rows = if has_benchmark { ROWS.min(known).min(tracked) } else { ROWS.min(known) };
    if rows < 2 {
        return Ok(RiskChange { rows: 0, before: None, after: None });
    }
    let covariance = if has_benchmark {
        joint_covariance(past, &assets, rows, periods)
    } else {
        sample_covariance(&past.returns(&assets, rows)?, periods)
    };
    let covariance = covariance.map_err(walkfolio_core::Error::from)?;
    let own = benchmark.and_then(|own| assets.iter().position(|asset| *asset == own));
    let of = |weights: &Weights| {
        let held: Vec<f64> = assets.iter().map(|&asset| weights.values()[asset]).collect();
        (weights.holdings() > 0).then(|| expected(&covariance, held, has_benchmark, own))
    };
    Ok(RiskChange { rows, before: of(before), after: of(after) })
}

/// `beside`: the benchmark is the last column of the covariance; `own`: it is one of the assets.
fn expected(
    covariance: &Covariance,
    mut held: Vec<f64>,
    beside: bool,
    own: Option<usize>,
) -> ExpectedRisk {
    if beside {
        held.push(0.0);
    }
    let volatility = covariance.variance(&held).sqrt();
    let at = if beside { Some(held.len() - 1) } else { own };
    let tracking_error = at.map(|at| {
        held[at] -= 1.0;
        covariance.variance(&held).max(0.0).sqrt()
    });
    ExpectedRisk { volatility, tracking_error }
}
