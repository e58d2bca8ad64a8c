//! The best split of one node.

use super::loss::Pair;
use super::presort::Entry;
use super::rules::{NO_GAIN, Rules, Sums};
use crate::forest::Side;

/// A way to part a node's rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    /// What it takes off the loss, times two, before gamma.
    pub(super) gain: f32,
    pub(super) column: u32,
    /// Smaller values go left.
    pub(super) threshold: f32,
    /// Where rows without the feature go.
    pub(super) default: Side,
}

/// The search for a node's best split.
///
/// The order is XGBoost's: features by number; of each, splits that send missing values right from
/// the smallest value up, then splits that send them left from the largest down; the first of equal
/// gains stays.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    rules: &'a Rules,
    pairs: &'a [Pair],
    node: Sums,
    root_gain: f32,
    /// Sides below this weigh too little.
    least: f64,
    best: Option<Split>,
    best_gain: f32,
    /// No split whose two sides gain less than this can be better than the best.
    bar: f64,
}

impl<'a> Scan<'a> {
    pub(super) fn new(rules: &'a Rules, pairs: &'a [Pair], node: Sums) -> Self {
        let root_gain = rules.gain(node);
        let least = rules.min_child_weight;
        let mut scan =
            Self { rules, pairs, node, root_gain, least, best: None, best_gain: NO_GAIN, bar: 0.0 };
        scan.raise_bar();
        scan
    }

    /// The best split found.
    pub(super) fn best(&self) -> Option<Split> {
        self.best
    }

    /// Splits that send missing values right: the scanned side is the left one.
    pub(super) fn forward(&mut self, column: u32, entries: &[Entry]) {
        let last = self.scan(column, Side::Right, entries.iter().copied());
        if let Some((value, sums)) = last {
            self.last(column, Side::Right, value + gap(value), sums);
        }
    }

    /// Splits that send missing values left: the scanned side is the right one.
    pub(super) fn backward(&mut self, column: u32, entries: &[Entry]) {
        let last = self.scan(column, Side::Left, entries.iter().rev().copied());
        if let Some((value, sums)) = last {
            self.last(column, Side::Left, value - gap(value), sums);
        }
    }

    /// Tries every boundary between two values; returns the last value and the sums of all rows,
    /// unless the other side has become too light.
    #[inline]
    fn scan(
        &mut self,
        column: u32,
        default: Side,
        mut entries: impl Iterator<Item = Entry>,
    ) -> Option<(f32, Sums)> {
        let (pairs, node, least, lambda) = (self.pairs, self.node, self.least, self.rules.lambda);
        let first = entries.next()?;
        let (mut seen, mut last) = (Sums::default(), first.value);
        seen.add(pairs[first.row as usize]);
        // Until the scanned side weighs enough there is nothing to try.
        while seen.hess < least {
            let entry = entries.next()?;
            seen.add(pairs[entry.row as usize]);
            last = entry.value;
        }
        let mut bar = self.bar;
        for entry in entries {
            if entry.value != last {
                let rest = node.less(seen);
                if rest.hess < least {
                    return None;
                }
                if promising(seen, rest, lambda, bar) {
                    self.consider(column, default, midpoint(entry.value, last), seen, rest);
                    bar = self.bar;
                }
            }
            seen.add(pairs[entry.row as usize]);
            last = entry.value;
        }
        Some((last, seen))
    }

    /// The split that parts the rows with the feature from those without.
    fn last(&mut self, column: u32, default: Side, threshold: f32, seen: Sums) {
        let rest = self.node.less(seen);
        if seen.hess >= self.least && rest.hess >= self.least {
            self.consider(column, default, threshold, seen, rest);
        }
    }

    #[cold]
    #[inline(never)]
    fn consider(&mut self, column: u32, default: Side, threshold: f32, seen: Sums, rest: Sums) {
        let gain = (self.rules.gain(seen) + self.rules.gain(rest)) - self.root_gain;
        if gain > self.best_gain && gain.is_finite() {
            self.best = Some(Split { gain, column, threshold, default });
            self.best_gain = gain;
            self.raise_bar();
        }
    }

    /// Gains are compared in `f32`; a millionth covers its rounding. Soft thresholding only lowers
    /// a gain, so the bar holds with an L1 penalty too.
    fn raise_bar(&mut self) {
        let bar = f64::from(self.best_gain) + f64::from(self.root_gain);
        // With neither penalty nor minimum, a side may weigh less than nothing by rounding, and the
        // products say nothing.
        let sound = self.rules.lambda > 0.0 || self.least > 0.0;
        self.bar = if sound { bar * (1.0 - 1e-6) } else { f64::NAN };
    }
}

/// Whether a split may beat the best, without a division: for most it cannot.
///
/// A bar that is no number lets all pass.
#[inline]
#[allow(clippy::neg_cmp_op_on_partial_ord)] // the negation is what lets them pass
fn promising(seen: Sums, rest: Sums, lambda: f64, bar: f64) -> bool {
    let (a, b) = (seen.hess + lambda, rest.hess + lambda);
    let gain = seen.grad * seen.grad * b + rest.grad * rest.grad * a;
    !(gain < bar * (a * b))
}

/// Halfway between two values; the one seen before where rounding leaves nothing between them.
#[inline]
fn midpoint(value: f32, last: f32) -> f32 {
    let middle = (value + last) * 0.5;
    if middle == value { last } else { middle }
}

/// A step beyond the last value.
fn gap(value: f32) -> f32 {
    value.abs() + NO_GAIN
}
