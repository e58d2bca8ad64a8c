//! Small weights after the optimization: dropped, the rest scaled, and every constraint checked again.

use walkfolio_core::Note;
use walkfolio_optimize::{Constraints, Mandate, Optimizer, Precision};

use super::allocation::Allocation;

/// Scaling may lift a weight above its maximum by this part of it.
const SLIGHTLY: f64 = 0.1;
/// With short positions, the rest is the same portfolio only within these multiples of it.
const SCALES: std::ops::RangeInclusive<f64> = 0.5..=2.0;
/// Constraints that are missed by less hold.
const HOLDS: f64 = 1e-9;

impl Allocation {
    /// A portfolio without weights below `min_weight.below`, scaled to the budget.
    ///
    /// Where scaling would break a constraint (a maximum weight by more than slightly), or make another
    /// portfolio of long and short positions (none at all for a budget of 0), the problem is solved again with the dropped weights fixed at 0; where that has no solution either, nothing is
    /// dropped and a warning says why.
    pub(super) fn without_small(
        &self,
        mandate: &Mandate,
        weights: Vec<f64>,
        notes: &mut Vec<Note>,
    ) -> Vec<f64> {
        let Some(below) = self.dropped_below else { return weights };
        let small: Vec<bool> = weights.iter().map(|w| *w != 0.0 && w.abs() < below).collect();
        if !small.contains(&true) {
            return weights;
        }
        let kept: Vec<f64> =
            weights.iter().zip(&small).map(|(&w, &small)| if small { 0.0 } else { w }).collect();
        if kept.iter().all(|w| *w == 0.0) {
            let largest = weights.iter().fold(0.0f64, |most, w| most.max(w.abs()));
            notes.push(Note::warning(format!(
                "every weight is below min_weight.below {below} (the largest is {largest:.4}): none is dropped"
            )));
            return weights;
        }
        let constraints = mandate.constraints();
        let sum: f64 = kept.iter().sum();
        let (least, most) = constraints.net_leverage();
        let budget = if least == most { least } else { weights.iter().sum() };
        let factor = budget / sum;
        let scaled: Vec<f64> = kept.iter().map(|w| w * factor).collect();
        let long_only = kept.iter().all(|w| *w >= 0.0);
        let broken = if sum.abs() < 1e-12 {
            Some(format!("a sum of 0 for a budget of {budget}"))
        } else if !long_only && !SCALES.contains(&factor) {
            Some(format!("{factor:.2} times the portfolio"))
        } else {
            broken(constraints, &scaled)
        };
        let Some(broken) = broken else {
            notes.extend(above(constraints, &scaled));
            return scaled;
        };
        let dropped = format!("weights below min_weight.below {below} are dropped");
        if let Some(again) = self.again(mandate, small, below) {
            notes.push(Note::info(format!(
                "{dropped}; scaling the rest gives {broken}: solved again with the dropped at 0"
            )));
            return again;
        }
        notes.push(Note::warning(format!(
            "small weights are kept: if {dropped}, scaling the rest gives {broken}, and no portfolio without them was found"
        )));
        weights
    }

    /// The solution with some weights at 0, and with those that become small in it.
    fn again(&self, mandate: &Mandate, mut dropped: Vec<bool>, below: f64) -> Option<Vec<f64>> {
        let constraints = mandate.constraints();
        let excludes_zero = |(min, max): (f64, f64)| min > 0.0 || max < 0.0;
        // Each round drops one more at least.
        for _ in 0..dropped.len() {
            if constraints.bounds().zip(&dropped).any(|(at, gone)| *gone && excludes_zero(at)) {
                return None;
            }
            let place = |(at, &gone): ((f64, f64), &bool)| if gone { (0.0, 0.0) } else { at };
            let (min, max) = constraints.bounds().zip(&dropped).map(place).unzip();
            let narrowed = constraints.clone().with_bounds(min, max).ok()?;
            let narrowed = mandate.clone().with_constraints(narrowed).ok()?;
            let solved =
                Optimizer::new(self.solver.clone()).solve(&narrowed, Precision::Full).ok()?;
            let before = dropped.clone();
            for (gone, w) in dropped.iter_mut().zip(&solved.weights) {
                *gone |= *w != 0.0 && w.abs() < below;
            }
            if dropped == before {
                let held = broken(constraints, &solved.weights).is_none();
                return held.then_some(solved.weights);
            }
        }
        None
    }
}

/// The constraint that weights break, in words.
fn broken(constraints: &Constraints, weights: &[f64]) -> Option<String> {
    let outside = |(w, (min, max)): &(&f64, (f64, f64))| {
        **w < min - HOLDS || **w > max * (1.0 + SLIGHTLY) + HOLDS
    };
    let bound = weights.iter().zip(constraints.bounds()).find(outside);
    let bound = bound.map(|(w, (min, max))| format!("a weight of {w:.4}, outside [{min}, {max}]"));
    let list = || {
        let (what, by) = constraints.violated(weights, HOLDS)?;
        Some(format!("a portfolio outside of {what} by {by:.4}"))
    };
    bound.or_else(list)
}

/// A note of the largest weight above its maximum.
fn above(constraints: &Constraints, weights: &[f64]) -> Option<Note> {
    let over = weights.iter().zip(constraints.max()).filter(|(w, max)| **w > **max + 1e-12);
    let (largest, cap) = over.max_by(|a, b| a.0.total_cmp(b.0))?;
    Some(Note::info(format!(
        "after small weights are dropped the largest is {largest:.4}, above bounds.max {cap}"
    )))
}
