//! The best portfolio known.

use super::bound::objective;
use super::part::{best_of, largest};
use super::problem::{Problem, Scale, is_held, is_large};
use super::rules::Clock;

/// Exchanges try so many programs at most, and fewer where a program has more than ten assets: its
/// work grows with their square.
const TRIALS: u64 = 60_000;

/// The best portfolio known.
#[derive(Debug, Clone)]
pub(super) struct Incumbent {
    pub x: Option<Vec<f64>>,
    pub value: f64,
    pub pivots: u64,
    /// The smallest bound of what was not looked at.
    pub pruned: f64,
    /// How its objective is measured.
    pub scale: Scale,
    rounding: f64,
    trials: u64,
    most_trials: u64,
    pub clock: Clock,
}

impl Incumbent {
    pub fn new(problem: &Problem<'_>, clock: Clock) -> Self {
        let rounding = problem.rounding();
        Self {
            x: None,
            value: f64::INFINITY,
            pivots: 0,
            pruned: f64::INFINITY,
            scale: Scale { unit: 0.0, risk: 0.0 },
            rounding,
            trials: 0,
            most_trials: most_trials(problem),
            clock,
        }
    }

    /// Takes a portfolio that keeps the rules, if it is better.
    pub fn offer(&mut self, problem: &Problem<'_>, x: &[f64], value: f64) {
        if value < self.value {
            self.value = value;
            self.scale = problem.scale(x, value);
            match &mut self.x {
                Some(best) => best.copy_from_slice(x),
                none => *none = Some(x.to_vec()),
            }
        }
    }

    /// Whether nothing behind a bound is worth a look; the answer's bound remembers it.
    pub fn prunes(&mut self, bound: f64) -> bool {
        let slack = (self.clock.limits.gap * self.scale.unit).max(self.rounding);
        let prunes = self.value.is_finite() && bound >= self.value - slack;
        if prunes {
            self.pruned = self.pruned.min(bound);
        }
        prunes
    }

    /// Tries the holdings of a portfolio.
    pub fn try_holdings_of(&mut self, problem: &Problem<'_>, x: &[f64]) {
        if x.len() == problem.n {
            let holdings = largest(problem, x);
            self.try_holdings(problem, &holdings, x);
        }
    }

    /// The objective of the best portfolio of some holdings, which becomes the best one known if it
    /// is better; infinite if there is none.
    pub fn try_holdings(&mut self, problem: &Problem<'_>, holdings: &[usize], x: &[f64]) -> f64 {
        self.fit(problem, holdings, x).map_or(f64::INFINITY, |(value, _)| value)
    }

    /// The same, with the portfolio.
    pub fn fit(
        &mut self,
        problem: &Problem<'_>,
        holdings: &[usize],
        x: &[f64],
    ) -> Option<(f64, Vec<f64>)> {
        self.trials += 1;
        let (x, pivots) = best_of(problem, holdings, x).ok()?;
        self.pivots += pivots;
        let value = objective(problem, &x);
        if value < self.value - self.rounding {
            self.offer(problem, &x, value);
        }
        Some((value, x))
    }

    /// Work that counts as so many trials.
    pub fn count(&mut self, trials: u64) {
        self.trials += trials;
    }

    /// Whether nothing new may be begun, so that what has begun comes to its end.
    pub fn is_nearly_spent(&self) -> bool {
        self.trials >= self.most_trials / 4 * 3 || self.clock.late()
    }

    /// Whether no more may be tried.
    pub fn is_spent(&self) -> bool {
        self.trials >= self.most_trials || self.clock.late()
    }

    /// What rounding alone may make of an objective.
    pub fn rounding(&self) -> f64 {
        self.rounding
    }

    /// Recomputes the weights from the holdings alone, so that their bits do not depend on the path
    /// of the search.
    pub fn settle(&mut self, problem: &Problem<'_>) {
        let Some(mut x) = self.x.take() else { return };
        x.iter_mut().filter(|weight| !is_held(**weight)).for_each(|weight| *weight = 0.0);
        let holdings: Vec<usize> = (0..problem.n).filter(|&i| x[i] != 0.0).collect();
        let again = best_of(problem, &holdings, &x).ok();
        let settled =
            again.filter(|(again, _)| objective(problem, again) <= self.value + self.rounding);
        self.x = Some(settled.map_or(x, |(again, _)| again));
    }
}

fn most_trials(problem: &Problem<'_>) -> u64 {
    let more = (problem.most as u64).max(10);
    let trials = (TRIALS * 100 / (more * more)).max(1);
    // The last quarter is for descents to come to their end.
    if is_large(problem, problem.most) { trials * 4 / 3 } else { trials }
}
