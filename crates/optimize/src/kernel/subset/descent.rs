//! Exchanges for many assets, or with costs of trading: a descent that takes the exchange that promises
//! most, and starts again from the best portfolio without some of its holdings.

use walkfolio_core::random::mixed;

use super::exchange::{Exchange, additions, exchanges};
use super::held::Held;
use super::incumbent::Incumbent;
use super::part::{best_of, largest};
use super::problem::{Place, Problem, is_held};
use super::state::Stage;
use super::strip::Strip;

/// Each new start is the best portfolio without one in so many of its holdings.
const LEAVES: usize = 8;
/// So many new starts in a row without a better portfolio end the search.
const IDLE: u64 = 40;
/// Exchanges that are tried of those that are foreseen to help.
const TRIED: usize = 16;

impl Incumbent {
    /// Good portfolios among many assets: from the largest weights of the relaxation and from what is held
    /// already, then from the best one without some of its holdings.
    pub(super) fn search_broadly(&mut self, problem: &Problem<'_>, relaxed: &[f64]) {
        let held = problem.trading.as_ref().map(|trading| trading.from);
        for start in held.into_iter().chain([relaxed]) {
            let holdings = largest(problem, start);
            match self.exchange_down(problem, &holdings) {
                // What is not foreseen is tried in the end.
                Some(better) => drop(self.held(problem, better, start)),
                None => self.descend(problem, &holdings, start),
            }
        }
        self.perturb(problem, 0, 0);
    }

    /// From some holdings, adds and exchanges until nothing promising helps.
    pub(super) fn descend(&mut self, problem: &Problem<'_>, holdings: &[usize], x: &[f64]) {
        let foreseen =
            Strip::takes(problem).then(|| self.exchange_down(problem, holdings)).flatten();
        let holdings = foreseen.unwrap_or_else(|| holdings.to_vec());
        if let Some(held) = self.held(problem, holdings, x) {
            self.cycle(problem, held);
        }
    }

    /// Walks again and again from the best portfolio known; with costs of trading, descends from it without some of its
    /// holdings, which do not enter again before their places are filled. Which ones is the same in every run.
    pub(super) fn perturb(&mut self, problem: &Problem<'_>, first: u64, mut idle: u64) {
        let mut value = self.value;
        let walks = Strip::takes(problem);
        for round in first.. {
            self.reach(problem, Stage::Round { number: round, idle });
            // The rest is for descents to come to their end.
            let work = problem.clock.limits.work / 16 * if walks { 7 } else { 6 };
            let nearly_spent = problem.clock.work() >= work || problem.clock.late();
            if nearly_spent || idle >= IDLE {
                break;
            }
            let Some(best) = self.x.clone() else { break };
            if !walks || self.walk_from(problem, round, &best).is_none() {
                self.leave_some(problem, round, &best);
            }
            idle = if self.value < value { 0 } else { idle + 1 };
            value = self.value;
        }
        if let Some(best) = self.x.clone().filter(|_| walks) {
            self.descend(problem, &largest(problem, &best), &best);
        }
    }

    /// A walk from a portfolio; none without numerical answers.
    fn walk_from(&mut self, problem: &Problem<'_>, round: u64, x: &[f64]) -> Option<()> {
        let better = self.walk(problem, round, &largest(problem, x))?;
        self.held(problem, better, x);
        Some(())
    }

    /// A descent from a portfolio without some of its holdings.
    fn leave_some(&mut self, problem: &Problem<'_>, round: u64, x: &[f64]) {
        let (left, kept): (Vec<usize>, Vec<usize>) = (0..problem.n)
            .filter(|&i| x[i] != 0.0)
            .partition(|&i| problem.places[i] == Place::Open && is_picked(i, round));
        if let Some(held) = self.filled(problem, (kept, &left), x) {
            self.cycle(problem, held);
        }
    }

    /// Holdings with the most promising others, none of the banned, up to the number allowed.
    fn filled(
        &mut self,
        problem: &Problem<'_>,
        (kept, banned): (Vec<usize>, &[usize]),
        x: &[f64],
    ) -> Option<Held> {
        let mut held = self.held(problem, kept, x)?;
        while held.assets.len() < problem.most && !self.is_spent(problem) {
            let enters = entering(problem, &held.assets, banned);
            problem.clock.spend(ranking(held.assets.len(), enters.len()));
            let Some(best) = additions(problem, &held, &enters).into_iter().next() else { break };
            held = self.held(problem, with(&held.assets, best.entering), &held.x)?;
        }
        Some(held)
    }

    /// Adds and exchanges as long as that helps. Bounds are not foreseen: where a portfolio is the best
    /// one known, what is foreseen not to help is tried too.
    fn cycle(&mut self, problem: &Problem<'_>, mut held: Held) {
        loop {
            if let Some(better) = self.step(problem, &held, TRIED) {
                held = better;
                continue;
            }
            let is_best = held.value <= self.value + self.rounding();
            let better = is_best.then(|| self.step(problem, &held, usize::MAX)).flatten();
            let Some(better) = better else { return };
            held = better;
        }
    }

    /// The first of the most promising changes that helps, of so many that are foreseen to.
    fn step(&mut self, problem: &Problem<'_>, held: &Held, most: usize) -> Option<Held> {
        if self.is_spent(problem) {
            return None;
        }
        let enters = entering(problem, &held.assets, &[]);
        problem.clock.spend(ranking(held.assets.len(), enters.len()));
        let mut ranked = exchanges(problem, held, &enters);
        if held.assets.len() < problem.most {
            ranked.splice(0..0, additions(problem, held, &enters));
        }
        for Exchange { foreseen, leaving, entering } in ranked.into_iter().take(most) {
            if self.is_spent(problem) || (most <= TRIED && foreseen >= held.value) {
                return None;
            }
            let rest: Vec<usize> =
                held.assets.iter().copied().filter(|&i| Some(i) != leaving).collect();
            let other = self.held(problem, with(&rest, entering), &held.x);
            if other.as_ref().is_some_and(|other| other.value < held.value - self.rounding()) {
                return other;
            }
        }
        None
    }

    fn held(&mut self, problem: &Problem<'_>, assets: Vec<usize>, x: &[f64]) -> Option<Held> {
        problem.clock.spend(fitting(assets.len()));
        let found = best_of(problem, &assets, x).ok()?;
        self.take(problem, &found);
        // A weight of zero is no holding, and leaves its place to another.
        let assets = assets.into_iter().filter(|&i| is_held(found.x[i])).collect();
        let (value, price) = (found.value, found.price);
        Some(Held { assets, x: found.x, value, multipliers: found.multipliers, price })
    }
}

/// Work of the best portfolio of some holdings.
fn fitting(holdings: usize) -> u64 {
    let k = holdings as u64;
    20_000 + 2 * k * k * k
}

/// Work of foreseeing all exchanges.
fn ranking(holdings: usize, entering: usize) -> u64 {
    let (k, e) = (holdings as u64, entering as u64);
    10_000 + k * k * k + k * k * e / 2 + 8 * k * e
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
