//! The last digits of a ratio of gain and risk, and why there is none.
//!
//! The portfolio of the largest ratio is the one of the largest `gain'w - aversion / 2 w' Sigma w` for the
//! aversion `gain'w / w' Sigma w` of itself: a few quadratic programs find it to the last digit, each on the
//! kinks that the interior point has told.

use std::time::Instant;

use walkfolio_core::linear::{dot, max_abs};

use super::by_cone::{solve, solved};
use super::signed;
use crate::Error;
use crate::constraint::tidy;
use crate::mandate::Mandate;
use crate::objective::form::PerRisk;
use crate::objective::{MeanVariance, MinimumVariance};
use crate::solution::{Precision, Solution};

/// More quadratic programs than are needed.
const ROUNDS: usize = 20;
/// Aversions that differ by this part are the same.
const SAME: f64 = 1e-15;
/// A gain of this part of the largest of an asset is rounding.
const NO_GAIN: f64 = 1e-9;

/// An interior point's portfolio with its last digits, or as it is where these cannot be proven.
pub(super) fn finish(mandate: &Mandate, solution: Solution) -> Solution {
    let started = Instant::now();
    let Some(ratio) = mandate.objective().as_dyn().per_risk() else { return solution };
    let Some(found) = exact(mandate, &ratio, &solution.weights) else { return solution };
    let mut report = solution.report;
    report.pivots = found.pivots;
    report.bound = found.bound.or(report.bound);
    report.micros += u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Solution { weights: found.weights, report, note: solution.note }.valued(mandate)
}

struct Exact {
    weights: Vec<f64>,
    bound: Option<f64>,
    pivots: u32,
}

/// The portfolio whose aversion is its own: steps of the secant method.
fn exact(mandate: &Mandate, ratio: &PerRisk<'_>, near: &[f64]) -> Option<Exact> {
    let own = |w: &[f64]| dot(ratio.gain, w) / ratio.covariance.variance(w);
    let (mut weights, mut pivots) = (near.to_vec(), 0);
    let mut aversion = own(&weights);
    let prices = prices(&utility(mandate, ratio, aversion)?)?;
    let mut last: Option<(f64, f64)> = None;
    for _ in 0..ROUNDS {
        let part = utility(mandate, ratio, aversion)?;
        let (next, least, more) = signed::exact(&part, &weights, prices.clone())?;
        (weights, pivots) = (next, pivots + more);
        let off = own(&weights) - aversion;
        if off.abs() <= SAME * aversion {
            let bound = bound(mandate, ratio, (&weights, aversion), least);
            return Some(Exact { weights, bound, pivots });
        }
        let step = last.map_or(off, |(before, other)| {
            let slope = (off - other) / (aversion - before);
            if slope < 0.0 { -off / slope } else { off }
        });
        last = Some((aversion, off));
        aversion += step;
        if !(aversion.is_finite() && aversion > 0.0) {
            return None;
        }
    }
    None
}

/// The mandate with a mean-variance objective of the gain.
fn utility(mandate: &Mandate, ratio: &PerRisk<'_>, aversion: f64) -> Option<Mandate> {
    let (gain, covariance) = (ratio.gain.to_vec(), ratio.covariance.clone());
    let objective = MeanVariance::new(gain, covariance, aversion).ok()?;
    Mandate::new(objective, mandate.constraints().clone()).ok()
}

/// The prices of a mandate's limits of risks.
fn prices(mandate: &Mandate) -> Option<Vec<f64>> {
    let none = mandate.constraints().deviations().next().is_none();
    if none { Some(Vec::new()) } else { Some(solved(mandate, Precision::Full).ok()?.prices) }
}

/// A bound of the ratio from a bound `least` of `aversion / 2 w' Sigma w - gain'w`.
///
/// With `x` the weights and `r` their ratio, `gain'w <= r x' Sigma w / sigma(x) + excess` for every portfolio,
/// so that no ratio is above `r + excess / sigma(w)` (Cauchy-Schwarz); the least risk bounds the last term.
fn bound(
    mandate: &Mandate,
    ratio: &PerRisk<'_>,
    (weights, aversion): (&[f64], f64),
    least: f64,
) -> Option<f64> {
    let excess = -0.5 * aversion * ratio.covariance.variance(weights) - least;
    Some(ratio.of(weights) + excess.max(0.0) / least_risk(mandate, ratio)?)
}

/// No portfolio has less risk.
pub(super) fn least_risk(mandate: &Mandate, ratio: &PerRisk<'_>) -> Option<f64> {
    let steadiest = MinimumVariance::new(ratio.covariance.clone()).ok()?;
    let steadiest = Mandate::new(steadiest, mandate.constraints().clone()).ok()?.solve().ok()?;
    Some(steadiest.report.bound.filter(|bound| *bound > 0.0)?.sqrt())
}

/// Why a ratio has no largest value where its program is infeasible: no portfolio has a gain, or there is none
/// at all.
pub(super) fn without_gain(mandate: &Mandate) -> Option<Error> {
    let PerRisk { gain, called, .. } = mandate.objective().as_dyn().per_risk()?;
    let most = mandate.at_ratio(0.0)?;
    let largest = match solve(&most, Precision::Full) {
        Ok(solution) => tidy(most.value(&solution.weights)),
        Err(error) => return Some(error),
    };
    let is_none = largest <= NO_GAIN * max_abs(gain);
    is_none.then_some(Error::NoGain { gain: called, largest })
}
