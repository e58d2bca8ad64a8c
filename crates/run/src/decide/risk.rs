//! Expected risk of portfolios, before and after a trade.

use walkfolio_core::{Covariance, Past, Weights};
use walkfolio_estimate::{joint_covariance, sample_covariance};
use walkfolio_record::{ExpectedRisk, RiskChange};

use crate::Result;
use crate::risk::ROWS;

/// The sample covariance of everything that some portfolios hold, over the last 252 rows, or as many as all of it
/// has.
pub(super) struct Estimate {
    /// Rows that it is estimated from.
    pub rows: usize,
    assets: Vec<usize>,
    covariance: Covariance,
    /// The place of the benchmark: behind the assets, or among them.
    benchmark: Option<usize>,
}

impl Estimate {
    /// None below two rows.
    pub fn over(past: &Past<'_>, portfolios: &[&Weights], periods: f64) -> Result<Option<Self>> {
        let own = past.benchmark_asset();
        let held = |asset: usize| portfolios.iter().any(|all| all.values()[asset] != 0.0);
        // What has ended has no risk that is known: it is sold.
        let assets: Vec<usize> = (0..past.universe().len())
            .filter(|&asset| held(asset) || own == Some(asset))
            .filter(|&asset| past.returns_known(asset) > 1)
            .collect();
        let known = assets.iter().map(|&asset| past.returns_known(asset)).min().unwrap_or(0);
        let tracked = past.benchmark_returns_known();
        let beside = own.is_none() && tracked >= 2;
        let rows = if beside { ROWS.min(known).min(tracked) } else { ROWS.min(known) };
        if rows < 2 {
            return Ok(None);
        }
        let covariance = if beside {
            joint_covariance(past, &assets, rows, periods)
        } else {
            sample_covariance(&past.returns(&assets, rows)?, periods)
        };
        let covariance = covariance.map_err(walkfolio_core::Error::from)?;
        let place = own.and_then(|own| assets.iter().position(|asset| *asset == own));
        let benchmark = if beside { Some(assets.len()) } else { place };
        Ok(Some(Self { rows, assets, covariance, benchmark }))
    }

    /// Of a portfolio; none of cash alone.
    pub fn of(&self, weights: &Weights) -> Option<ExpectedRisk> {
        if weights.holdings() == 0 {
            return None;
        }
        let mut held = self.among(|asset| weights.values()[asset]);
        let volatility = self.volatility(&held);
        let tracking_error = self.benchmark.map(|at| {
            held[at] -= 1.0;
            self.volatility(&held)
        });
        Some(ExpectedRisk { volatility, tracking_error })
    }

    /// The tracking error of one portfolio to another.
    pub fn apart(&self, a: &Weights, b: &Weights) -> f64 {
        self.volatility(&self.among(|asset| a.values()[asset] - b.values()[asset]))
    }

    fn among(&self, weight: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut all: Vec<f64> = self.assets.iter().map(|&asset| weight(asset)).collect();
        all.resize(self.covariance.assets(), 0.0);
        all
    }

    fn volatility(&self, weights: &[f64]) -> f64 {
        self.covariance.variance(weights).max(0.0).sqrt()
    }
}

/// The expected risk before and after a trade.
pub(super) fn change(
    past: &Past<'_>,
    (before, after): (&Weights, &Weights),
    periods: f64,
) -> Result<RiskChange> {
    Ok(match Estimate::over(past, &[before, after], periods)? {
        None => RiskChange { rows: 0, before: None, after: None, apart: None },
        Some(found) => RiskChange {
            rows: found.rows,
            before: found.of(before),
            after: found.of(after),
            apart: Some(found.apart(before, after)),
        },
    })
}
