//! The last digits of a ratio of gain and risk and of a utility of both, and why there is no such ratio.
//!
//! Their best portfolio is the one of the largest `gain'w - aversion / 2 w' Sigma w` for an aversion of its own:
//! of a ratio `gain'w / w' Sigma w`, of a utility `lambda / sigma(w)` and what its square costs. A few quadratic programs find it to the last
//! digit, each on the kinks that the interior point has told.

use std::time::Instant;

use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Interrupt, SolveStatus};

use super::by_cone::solved;
use super::signed;
use crate::mandate::Mandate;
use crate::objective::form::{Kernel, PerRisk};
use crate::objective::{MeanVariance, MinimumVariance};
use crate::solution::{Precision, Solution};

/// More quadratic programs than are needed.
const ROUNDS: usize = 20;
/// Aversions that differ by this part are the same.
const SAME: f64 = 1e-15;
/// A gain and a risk, and how they make an objective.
struct Averse<'a> {
    gain: &'a [f64],
    covariance: &'a Covariance,
    /// The prices of risk and of half its square of a utility; none of a ratio.
    utility: Option<(f64, f64)>,
}

impl<'a> Averse<'a> {
    fn of(mandate: &'a Mandate) -> Option<Self> {
        let objective = mandate.objective();
        if let Some(PerRisk { gain, covariance, .. }) = objective.as_dyn().per_risk() {
            return Some(Self { gain, covariance, utility: None });
        }
        match objective.kernel()? {
            Kernel::Utility { expected_returns: gain, covariance, lambda, aversion }
                if lambda > 0.0 =>
            {
                Some(Self { gain, covariance, utility: Some((lambda, aversion)) })
            }
            _ => None,
        }
    }

    /// The aversion of which some weights are the best, if they are the best of the objective.
    fn own(&self, w: &[f64]) -> f64 {
        let variance = self.covariance.variance(w);
        match self.utility {
            None => dot(self.gain, w) / variance,
            Some((lambda, aversion)) => aversion + lambda / variance.sqrt(),
        }
    }
}

/// An interior point's portfolio with its last digits, or as it is where these cannot be proven.
pub(super) fn finish(mandate: &Mandate, solution: Solution) -> Solution {
    let started = Instant::now();
    let found = Averse::of(mandate).and_then(|of| exact(mandate, &of, &solution.weights));
    let Some(found) = found else { return solution };
    let mut report = solution.report;
    report.status = SolveStatus::Optimal;
    report.pivots = found.pivots;
    report.bound = found.bound.map(|bound| mandate.with_constant(bound)).or(report.bound);
    report.micros += u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Solution { weights: found.weights, report, note: solution.note }.valued(mandate)
}

struct Exact {
    weights: Vec<f64>,
    bound: Option<f64>,
    pivots: u32,
}

/// The portfolio whose aversion is its own: steps of the secant method.
fn exact(mandate: &Mandate, of: &Averse<'_>, near: &[f64]) -> Option<Exact> {
    let (mut weights, mut pivots) = (near.to_vec(), 0);
    let mut aversion = of.own(&weights);
    let prices = prices(&utility(mandate, of, aversion)?)?;
    let mut last: Option<(f64, f64)> = None;
    for _ in 0..ROUNDS {
        let part = utility(mandate, of, aversion)?;
        let (next, least, more) = signed::exact(&part, &weights, &prices)?;
        (weights, pivots) = (next, pivots + more);
        let off = of.own(&weights) - aversion;
        if off.abs() <= SAME * aversion {
            let bound = bound(mandate, of, (&weights, aversion), least);
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
fn utility(mandate: &Mandate, of: &Averse<'_>, aversion: f64) -> Option<Mandate> {
    let (gain, covariance) = (of.gain.to_vec(), of.covariance.clone());
    let objective = MeanVariance::new(gain, covariance, aversion).ok()?;
    mandate.clone().with_objective(objective).ok()
}

/// The prices of a mandate's limits of risks.
fn prices(mandate: &Mandate) -> Option<Vec<f64>> {
    let none = mandate.constraints().deviations().next().is_none();
    if none {
        Some(Vec::new())
    } else {
        Some(solved(mandate, Precision::Full, &Interrupt::default()).ok()?.prices)
    }
}

/// A bound from a bound `least` of `aversion / 2 w' Sigma w - gain'w` with penalties and costs.
///
/// With `x` the weights, `gain'w <= aversion x' Sigma w + excess` for every portfolio, and `sigma(w)` is at least
/// `x' Sigma w / sigma(x)` (Cauchy-Schwarz): no utility is above the excess, and no ratio above that of `x` by
/// more than the excess for each unit of the least risk.
fn bound(
    mandate: &Mandate,
    of: &Averse<'_>,
    (weights, aversion): (&[f64], f64),
    least: f64,
) -> Option<f64> {
    let variance = of.covariance.variance(weights);
    let excess = -0.5 * aversion * variance - least;
    if let Some((_, aversion)) = of.utility {
        return Some(excess + 0.5 * aversion * variance);
    }
    let risk = least_risk(mandate, of.covariance)?;
    Some(dot(of.gain, weights) / variance.sqrt() + excess.max(0.0) / risk)
}

/// No portfolio of a mandate has less risk.
pub(super) fn least_risk(mandate: &Mandate, covariance: &Covariance) -> Option<f64> {
    let steadiest = MinimumVariance::new(covariance.clone()).ok()?;
    let steadiest = Mandate::new(steadiest, mandate.constraints().clone()).ok()?.solve().ok()?;
    Some(steadiest.report.bound.filter(|bound| *bound > 0.0)?.sqrt())
}
