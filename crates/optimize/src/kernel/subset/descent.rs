//! Exchanges for many assets: a descent that takes each exchange that helps at once, and starts
//! again from the best portfolio without some of its holdings.

use walkfolio_core::random::mixed;

use super::exchange::promising;
use super::incumbent::Incumbent;
use super::problem::{Place, Problem};

/// Ranking what may enter takes about as long as so many programs.
const RANKING: u64 = 2;
/// Each new start is the best portfolio without one in so many of its holdings.
const LEAVES: usize = 8;
/// So many new starts in a row without a better portfolio end the search.
const IDLE: u64 = 40;

/// Holdings with their best portfolio.
#[derive(Debug, Clone)]
struct Held {
    assets: Vec<usize>,
    x: Vec<f64>,
    value: f64,
}

impl Incumbent {
    /// From some holdings, adds and exchanges until nothing promising helps.
    pub(super) fn descend(&mut self, problem: &Problem<'_>, holdings: &[usize], x: &[f64]) {
        if let Some(held) = self.held(problem, holdings.to_vec(), x) {
            self.cycle(problem, held);
        }
    }

    /// Descends again and again from the best portfolio without some of its holdings, which do not
    /// enter again before their places are filled. Which ones is the same in every run.
    pub(super) fn perturb(&mut self, problem: &Problem<'_>) {
        let (mut value, mut idle) = (self.value, 0);
        for round in 0.. {
            if self.is_nearly_spent() || idle >= IDLE {
                break;
            }
            let Some(best) = self.x.clone() else { break };
            let (left, kept): (Vec<usize>, Vec<usize>) = (0..problem.n)
                .filter(|&i| best[i] != 0.0)
                .partition(|&i| problem.places[i] == Place::Open && is_picked(i, round));
            if let Some(held) = self.filled(problem, kept, &left) {
                self.cycle(problem, held);
            }
            idle = if self.value < value { 0 } else { idle + 1 };
            value = self.value;
        }
    }

    /// Holdings with the most promising others, none of the banned, up to the number allowed.
    fn filled(
        &mut self,
        problem: &Problem<'_>,
        mut kept: Vec<usize>,
        banned: &[usize],
    ) -> Option<Held> {
        while kept.len() < problem.most && !self.is_spent() {
            let enters = entering(problem, &kept, banned);
            self.count(RANKING);
            let Some((_, best)) = promising(problem, &kept, &enters)?.into_iter().next() else {
                break;
            };
            kept = with(&kept, best);
        }
        self.held(problem, kept, &vec![0.0; problem.n])
    }

    /// Lets each holding leave in turn, small ones first, and takes the first exchange that helps,
    /// until none of them all does.
    fn cycle(&mut self, problem: &Problem<'_>, mut held: Held) {
        while let Some(more) = self.entered(problem, &held, None) {
            held = more;
        }
        loop {
            let before = held.value;
            let mut order: Vec<usize> =
                held.assets.iter().copied().filter(|&i| problem.places[i] == Place::Open).collect();
            order.sort_by(|&i, &j| held.x[i].abs().total_cmp(&held.x[j].abs()).then(i.cmp(&j)));
            for leaving in order {
                if let Some(better) = self.entered(problem, &held, Some(leaving)) {
                    held = better;
                }
            }
            if held.value >= before {
                break;
            }
        }
    }

    /// The first promising asset that helps in place of another, or in addition.
    fn entered(
        &mut self,
        problem: &Problem<'_>,
        held: &Held,
        leaving: Option<usize>,
    ) -> Option<Held> {
        let full = leaving.is_none() && held.assets.len() >= problem.most;
        if full || self.is_spent() {
            return None;
        }
        let rest: Vec<usize> =
            held.assets.iter().copied().filter(|&i| Some(i) != leaving).collect();
        self.count(RANKING);
        let enters = entering(problem, &held.assets, &[]);
        let ranked = promising(problem, &rest, &enters)?;
        for (at, (foreseen, asset)) in ranked.into_iter().enumerate() {
            // Bounds are not foreseen: the best two are tried whatever is.
            if self.is_spent() || (at >= 2 && foreseen >= held.value) {
                return None;
            }
            let other = self.held(problem, with(&rest, asset), &vec![0.0; problem.n]);
            if other.as_ref().is_some_and(|other| other.value < held.value - self.rounding()) {
                return other;
            }
        }
        None
    }

    fn held(&mut self, problem: &Problem<'_>, assets: Vec<usize>, x: &[f64]) -> Option<Held> {
        let (value, x) = self.fit(problem, &assets, x)?;
        Some(Held { assets, x, value })
    }
}

/// What may enter.
fn entering(problem: &Problem<'_>, held: &[usize], banned: &[usize]) -> Vec<usize> {
    let enters =
        |i: &usize| problem.places[*i] == Place::Open && !held.contains(i) && !banned.contains(i);
    (0..problem.n).filter(enters).collect()
}

/// Holdings and one more, in order of assets.
fn with(holdings: &[usize], one: usize) -> Vec<usize> {
    let mut more = holdings.to_vec();
    more.insert(more.partition_point(|&i| i < one), one);
    more
}

/// Whether an asset leaves in a round: one in [`LEAVES`], always the same.
fn is_picked(asset: usize, round: u64) -> bool {
    mixed((round << 32 | asset as u64).wrapping_add(1)).is_multiple_of(LEAVES as u64)
}
