//! The gradient of what a mandate minimizes.

use walkfolio_core::Covariance;
use walkfolio_core::linear::dot;

use super::tail::{AT, Slopes};
use crate::bound::Tangent;
use crate::mandate::Mandate;
use crate::objective::form::{Kernel, PerRisk};

/// The gradient at a portfolio of what is minimized, with penalties and costs; at a kink of these without
/// their slope, and one of the slopes of a tail where losses tie.
pub(super) fn slope(mandate: &Mandate, w: &[f64]) -> Vec<f64> {
    let mut slope = smooth(mandate, w);
    for (at, prices) in kinks(mandate) {
        for (i, price) in prices.iter().enumerate() {
            let apart = w[i] - at[i];
            if apart.abs() > AT {
                slope[i] += price * apart.signum();
            }
        }
    }
    if let Some(costs) = mandate.costs().filter(|costs| costs.has_impact()) {
        let (impact, _) = costs.impact_tangent(w);
        slope.iter_mut().zip(impact).for_each(|(g, own)| *g += own);
    }
    slope
}

/// Costs that are linear on either side of a portfolio: the portfolio, and the cost of each asset.
pub(super) fn kinks(mandate: &Mandate) -> Vec<(Vec<f64>, Vec<f64>)> {
    let n = mandate.constraints().assets();
    let mut kinks = Vec::new();
    if mandate.l1_acts() {
        kinks.push((vec![0.0; n], vec![mandate.penalties().l1; n]));
    }
    kinks.extend(mandate.costs().map(|costs| (costs.current().to_vec(), costs.prices())));
    kinks
}

/// Of the objective and the l2 penalty.
pub(super) fn smooth(mandate: &Mandate, w: &[f64]) -> Vec<f64> {
    if let Some(tangent) = Tangent::at(mandate, w) {
        return tangent.gradient;
    }
    let objective = mandate.objective();
    let l2 = 2.0 * mandate.penalties().l2;
    let mut slope = match (objective.as_dyn().per_risk(), objective.kernel()) {
        (Some(PerRisk { gain, covariance, .. }), _) => {
            let (sw, sigma) = risk(covariance, w);
            let ratio = dot(gain, w) / sigma;
            sw.iter().zip(gain).map(|(sw, gain)| (ratio * sw / sigma - gain) / sigma).collect()
        }
        (None, Some(Kernel::Utility { expected_returns, covariance, lambda, aversion })) => {
            let (sw, sigma) = risk(covariance, w);
            let pairs = sw.iter().zip(expected_returns);
            pairs.map(|(sw, rho)| (lambda / sigma + aversion) * sw - rho).collect()
        }
        _ => match tail(mandate, w) {
            Some(slopes) => slopes.even(),
            None => differences(mandate, w),
        },
    };
    slope.iter_mut().zip(w).for_each(|(g, w)| *g += l2 * w);
    slope
}

/// The slopes of an objective that is a tail of losses.
pub(super) fn tail(mandate: &Mandate, w: &[f64]) -> Option<Slopes> {
    mandate.objective().as_dyn().tail().and_then(|tailed| Slopes::of(&tailed, w))
}

fn risk(covariance: &Covariance, w: &[f64]) -> (Vec<f64>, f64) {
    let sw = covariance.times(w);
    let sigma = dot(&sw, w).max(f64::MIN_POSITIVE).sqrt();
    (sw, sigma)
}

/// By central differences, for an objective that is a function and no more.
fn differences(mandate: &Mandate, w: &[f64]) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let objective = mandate.objective();
    let sense = if objective.is_minimized() { 1.0 } else { -1.0 };
    let mut moved = w.to_vec();
    let of = |i: usize| {
        let mut at = |value: f64| {
            moved[i] = value;
            objective.value(&moved)
        };
        let apart = at(w[i] + STEP) - at(w[i] - STEP);
        at(w[i]);
        sense * apart / (2.0 * STEP)
    };
    (0..w.len()).map(of).collect()
}
