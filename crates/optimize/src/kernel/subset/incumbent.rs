//! The best portfolio known, and where to look for one.

use walkfolio_core::Matrix;

use super::super::active_set::{ActiveSet, Answer, Stop};
use super::super::kkt::Program;
use super::Clock;
use super::bound::objective;
use super::descent::is_large;
use super::level::widened;
use super::problem::{Place, Problem, Scale, is_held};

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
    clock: Clock,
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
    fn try_holdings(&mut self, problem: &Problem<'_>, holdings: &[usize], x: &[f64]) -> f64 {
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

    /// Good portfolios for many assets: the largest weights of the relaxation and of the
    /// reweighted path, each improved by exchanges; then from the best one without each of its
    /// holdings in turn, or without several of them where there are many pairs.
    pub fn search(&mut self, problem: &Problem<'_>, relaxed: &[f64]) {
        self.improve(problem, &largest(problem, relaxed), relaxed, None);
        for x in reweighted_path(problem, &self.clock) {
            self.improve(problem, &largest(problem, &x), &x, None);
        }
        if is_large(problem, problem.most) {
            return self.perturb(problem);
        }
        let mut value = f64::INFINITY;
        while self.value < value {
            value = self.value;
            let best = self.x.clone().unwrap_or_default();
            let holdings: Vec<usize> = (0..best.len()).filter(|&i| best[i] != 0.0).collect();
            for &banned in holdings.iter().filter(|&&i| problem.places[i] == Place::Open) {
                self.improve(problem, &holdings, &best, Some(banned));
            }
        }
    }

    /// From some holdings, exchanges one for another as long as that helps; one asset may be
    /// banned, and is exchanged first.
    pub fn improve(
        &mut self,
        problem: &Problem<'_>,
        holdings: &[usize],
        x: &[f64],
        banned: Option<usize>,
    ) {
        if banned.is_none() && is_large(problem, holdings.len()) {
            return self.descend(problem, holdings, x);
        }
        let mut holdings = holdings.to_vec();
        let mut value = match banned {
            Some(_) => f64::INFINITY,
            None => self.try_holdings(problem, &holdings, x),
        };
        while let Some(better) = self.best_exchange(problem, &holdings, value, banned) {
            (value, holdings) = better;
        }
    }

    /// The exchange of one holding for another that helps most.
    fn best_exchange(
        &mut self,
        problem: &Problem<'_>,
        holdings: &[usize],
        value: f64,
        banned: Option<usize>,
    ) -> Option<(f64, Vec<usize>)> {
        let zeros = vec![0.0; problem.n];
        let open = |i: &usize| problem.places[*i] == Place::Open;
        let leaves = |i: &usize| match banned.filter(|banned| holdings.contains(banned)) {
            Some(banned) => *i == banned,
            None => open(i),
        };
        let enters = |i: &usize| open(i) && Some(*i) != banned && !holdings.contains(i);
        let all: Vec<usize> = (0..problem.n).filter(enters).collect();
        let mut best = (value - self.rounding, None);
        for &leaving in holdings.iter().filter(|i| leaves(i)) {
            for &entering in &all {
                if self.is_spent() {
                    break;
                }
                let mut other = holdings.to_vec();
                other.iter_mut().filter(|i| **i == leaving).for_each(|i| *i = entering);
                other.sort_unstable();
                let value = self.try_holdings(problem, &other, &zeros);
                if value < best.0 {
                    best = (value, Some(other));
                }
            }
        }
        let (value, holdings) = best;
        holdings.map(|holdings| (value, holdings))
    }
}

fn most_trials(problem: &Problem<'_>) -> u64 {
    let more = (problem.most as u64).max(10);
    let trials = (TRIALS * 100 / (more * more)).max(1);
    // The last quarter is for descents to come to their end.
    if is_large(problem, problem.most) { trials * 4 / 3 } else { trials }
}

/// Portfolios on the path of the reweighted penalty: `q(x) + lambda sum log(1 + x_i / p)`,
/// each logarithm replaced by its tangent where the last portfolio stands. As `lambda` grows fewer
/// assets remain. One portfolio for each number of holdings not far above what is allowed.
///
/// Benidis, Feng & Palomar (2018), Optimization methods for financial index tracking, ch. 3.
fn reweighted_path(problem: &Problem<'_>, clock: &Clock) -> Vec<Vec<f64>> {
    const SMALL: f64 = 1e-3;
    let (n, mut found) = (problem.n, Vec::new());
    if !problem.is_long_only() {
        return found;
    }
    let (lo, hi) = problem.open_bounds();
    let mut set = ActiveSet::new(n, problem.a.rows());
    let mut x = vec![1.0 / n as f64; n];
    let size = (0..n).map(|i| problem.g[(i, i)]).sum::<f64>() / n as f64;
    let (mut lambda, mut last) = (1e-6 * size, n);
    while lambda < size && last > problem.most && !clock.late() {
        for _ in 0..4 {
            let tangent = |(c, x): (&f64, &f64)| c - lambda / (SMALL + x.abs());
            let g: Vec<f64> = problem.c.iter().zip(&x).map(tangent).collect();
            let program = Program { h: problem.h, a: problem.a, g: &g, lo: &lo, hi: &hi };
            let Ok(answer) = set.solve(&program) else { return found };
            x = answer.x;
        }
        let held = x.iter().filter(|weight| is_held(**weight)).count();
        if held < last && held <= 2 * problem.most {
            found.push(x.clone());
        }
        last = held;
        lambda *= 1.5;
    }
    // The nearest to what is allowed are the most telling.
    found.reverse();
    found.truncate(4);
    found
}

/// The holdings that the largest weights suggest, in order of assets.
pub(super) fn largest(problem: &Problem<'_>, x: &[f64]) -> Vec<usize> {
    let must = |i: usize| problem.places[i].held();
    let mut order: Vec<usize> = (0..problem.n)
        .filter(|&i| must(i) || (is_held(x[i]) && problem.places[i] != Place::Out))
        .collect();
    order.sort_by(|&i, &j| {
        must(j).cmp(&must(i)).then(x[j].abs().total_cmp(&x[i].abs())).then(i.cmp(&j))
    });
    order.truncate(problem.most);
    order.sort_unstable();
    order
}

/// A program of some of the assets.
pub(super) struct Part {
    pub g: Matrix,
    pub a: Matrix,
    c: Vec<f64>,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
}

impl Part {
    /// Of the holdings, each on the side of a weight.
    pub fn new(problem: &Problem<'_>, holdings: &[usize], x: &[f64]) -> Self {
        let (k, m) = (holdings.len(), problem.a.rows());
        let (mut a, mut g) = (Matrix::zeros(m, k), Matrix::zeros(k, k));
        let (mut lo, mut hi) = (Vec::with_capacity(k + m), Vec::with_capacity(k + m));
        for (to, &i) in holdings.iter().enumerate() {
            for row in 0..m {
                a[(row, to)] = problem.a[(row, i)];
            }
            for (value, &j) in g.row_mut(to).iter_mut().zip(holdings) {
                *value = problem.g[(i, j)];
            }
            let place = match problem.places[i] {
                Place::Open => problem.side(i, x[i]),
                decided => decided,
            };
            let (least, most) = problem.bounds(i, place);
            lo.push(least);
            hi.push(most);
        }
        lo.extend_from_slice(&problem.lo[problem.n..]);
        hi.extend_from_slice(&problem.hi[problem.n..]);
        let c = holdings.iter().map(|&i| problem.c[i]).collect();
        Self { g, a, c, lo, hi }
    }

    /// The best portfolio of these assets; with bounds a little wider where rounding leaves none.
    pub fn solve(&self, rows: usize) -> Result<Answer, Stop> {
        let program = Program { h: &self.g, a: &self.a, g: &self.c, lo: &self.lo, hi: &self.hi };
        let mut set = ActiveSet::new(self.c.len(), rows);
        match set.solve(&program) {
            Err(Stop::Limit | Stop::Singular) => {
                let (lo, hi) = widened(&program);
                set.solve(&Program { lo: &lo, hi: &hi, ..program })
            }
            outcome => outcome,
        }
    }
}

/// The best portfolio of some holdings, each on the side of a weight, with the pivots it took; or
/// why there is none.
pub(super) fn best_of(
    problem: &Problem<'_>,
    holdings: &[usize],
    x: &[f64],
) -> Result<(Vec<f64>, u64), Stop> {
    let k = holdings.len();
    if k < problem.least || k > problem.most || k == 0 {
        return Err(Stop::Limit);
    }
    let answer = Part::new(problem, holdings, x).solve(problem.a.rows())?;
    let mut weights = vec![0.0; problem.n];
    for (&i, &weight) in holdings.iter().zip(&answer.x) {
        weights[i] = weight;
    }
    Ok((weights, u64::from(answer.pivots)))
}
