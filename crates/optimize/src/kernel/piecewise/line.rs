//! How far to go from a vertex: past every kink after which the objective still falls.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A rate of a term below this part of the largest is too small to be divided by.
const SMALL: f64 = 1e-7;

/// What ends a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// A term is at its kink.
    Kink(usize),
    /// A free variable, by its position, is at a bound.
    Bound(usize),
    /// The variable that began to move is at its other bound.
    Across,
}

/// A kink on the way.
type Near = Reverse<(u64, usize)>;

/// The kinks on a way, the nearest first.
#[derive(Debug, Default)]
pub(super) struct Way {
    kinks: BinaryHeap<Near>,
}

impl Way {
    /// Forgets all kinks.
    pub fn clear(&mut self) {
        self.kinks.clear();
    }

    /// With the kinks `(distance, term)` of another way.
    pub fn set(&mut self, kinks: impl Iterator<Item = (f64, usize)>) {
        let mut memory = std::mem::take(&mut self.kinks).into_vec();
        memory.clear();
        // Distances are at least 0: their bits are in their order.
        memory.extend(kinks.map(|(step, term)| Reverse(((step + 0.0).to_bits(), term))));
        self.kinks = memory.into();
    }

    /// Passes kinks until the objective rises or a bound is met; what ends the step, its length and the terms that
    /// were passed. `slope` is that of the objective, below 0; `bend` how much a kink adds to it, `rate` how fast a
    /// term changes.
    pub fn go(
        &mut self,
        mut slope: f64,
        (bound, room): (Option<End>, f64),
        bend: impl Fn(usize) -> f64,
        rate: impl Fn(usize) -> f64,
        largest: f64,
    ) -> Option<(End, f64, Vec<usize>)> {
        let mut passed: Vec<(f64, usize)> = Vec::new();
        while let Some(Reverse((bits, term))) = self.kinks.pop() {
            let step = f64::from_bits(bits);
            if step > room {
                break;
            }
            slope += bend(term);
            passed.push((step, term));
            if slope >= 0.0 {
                return Some(Self::stop(passed, rate, largest));
            }
        }
        let terms = passed.into_iter().map(|(_, term)| term).collect();
        bound.map(|bound| (bound, room, terms))
    }

    /// Stops at the last kink whose rate is not too small, or where none is at the one with the largest.
    fn stop(
        mut passed: Vec<(f64, usize)>,
        rate: impl Fn(usize) -> f64,
        largest: f64,
    ) -> (End, f64, Vec<usize>) {
        let good = passed.iter().rposition(|&(_, term)| rate(term).abs() > SMALL * largest);
        let best = || {
            let sizes = passed.iter().map(|&(_, term)| rate(term).abs()).enumerate();
            sizes.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(at, _)| at)
        };
        let at = good.unwrap_or_else(best);
        let (step, term) = passed[at];
        passed.truncate(at);
        (End::Kink(term), step, passed.into_iter().map(|(_, term)| term).collect())
    }
}
