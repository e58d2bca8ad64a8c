//! The best portfolio known.

use super::part::{Fitted, best_of, largest};
use super::problem::{Problem, Scale, is_held};
use super::state::{SearchState, Stage};

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
    /// The last place from which the search can go on.
    pub reached: Option<SearchState>,
}

impl Incumbent {
    pub fn new(problem: &Problem<'_>) -> Self {
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
            reached: None,
        }
    }

    /// Stands where an interrupted search stood.
    pub fn stand_at(&mut self, problem: &Problem<'_>, state: &SearchState) {
        self.pivots = state.pivots;
        problem.clock.set_work(state.work);
        self.offer(problem, &state.x, state.value);
    }

    /// Remembers that the search can go on from here: nothing else than what is kept decides the rest. Not
    /// under a raised flag, which may have cut short what came before.
    pub fn reach(&mut self, problem: &Problem<'_>, stage: Stage) {
        if problem.clock.interrupt.is_raised() {
            return;
        }
        let Some(x) = self.x.clone() else { return };
        let (work, pivots, value) = (problem.clock.work(), self.pivots, self.value);
        self.reached = Some(SearchState { program: [0; 2], stage, work, pivots, value, x });
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
    pub fn prunes(&mut self, problem: &Problem<'_>, bound: f64) -> bool {
        let slack = (problem.clock.limits.gap * self.scale.unit).max(self.rounding);
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
        let found = best_of(problem, holdings, x).ok()?;
        self.take(problem, &found);
        Some((found.value, found.x))
    }

    /// Counts a portfolio of some holdings, which becomes the best one known if it is better.
    pub fn take(&mut self, problem: &Problem<'_>, found: &Fitted) {
        self.pivots += found.pivots;
        if found.value < self.value - self.rounding {
            self.offer(problem, &found.x, found.value);
        }
    }

    /// Whether no more may be tried.
    pub fn is_spent(&self, problem: &Problem<'_>) -> bool {
        let broad = problem.is_broad(problem.most);
        let spent = problem.clock.work() >= problem.clock.limits.work / 2;
        (if broad { spent } else { self.trials >= self.most_trials }) || problem.clock.late()
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
        let settled = again.filter(|again| again.value <= self.value + self.rounding);
        self.x = Some(settled.map_or(x, |again| again.x));
    }
}

fn most_trials(problem: &Problem<'_>) -> u64 {
    let more = (problem.most as u64).max(10);
    (TRIALS * 100 / (more * more)).max(1)
}
