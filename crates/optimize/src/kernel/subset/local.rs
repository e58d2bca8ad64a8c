//! Where to look for good portfolios before the search: the relaxation, the reweighted path, and
//! exchanges of one holding for another.

use super::super::program::Program;
use super::incumbent::Incumbent;
use super::part::largest;
use super::problem::{Place, Problem, is_held};
use super::state::Stage;

impl Incumbent {
    /// Good portfolios for many assets: the largest weights of the relaxation and of the
    /// reweighted path, each improved by exchanges; then from the best one without each of its
    /// holdings in turn; where there are many pairs, or costs of trading, `search_broadly`.
    ///
    /// `from` is where an interrupted search goes on, past all that came before.
    pub fn search(&mut self, problem: &Problem<'_>, relaxed: &[f64], from: Option<Stage>) {
        match from {
            Some(Stage::Tree) => return,
            Some(Stage::Round { number, idle }) => return self.perturb(problem, number, idle),
            None => {}
        }
        if problem.is_broad(problem.most) {
            return self.search_broadly(problem, relaxed);
        }
        self.improve(problem, &largest(problem, relaxed), relaxed, None);
        for x in reweighted_path(problem) {
            self.improve(problem, &largest(problem, &x), &x, None);
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
        if banned.is_none() && problem.is_broad(holdings.len()) {
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
        let mut best = (value - self.rounding(), None);
        for &leaving in holdings.iter().filter(|i| leaves(i)) {
            for &entering in &all {
                if self.is_spent(problem) {
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

/// Portfolios on the path of the reweighted penalty: `q(x) + lambda sum log(1 + x_i / p)`,
/// each logarithm replaced by its tangent where the last portfolio stands. As `lambda` grows fewer
/// assets remain. One portfolio for each number of holdings not far above what is allowed.
///
/// Benidis, Feng & Palomar (2018), Optimization methods for financial index tracking, ch. 3.
fn reweighted_path(problem: &Problem<'_>) -> Vec<Vec<f64>> {
    const SMALL: f64 = 1e-3;
    let (n, mut found) = (problem.n, Vec::new());
    if !problem.is_long_only() {
        return found;
    }
    let (lo, hi) = problem.open_bounds();
    let mut set = problem.active_set();
    let mut x = vec![1.0 / n as f64; n];
    let size = (0..n).map(|i| problem.g[(i, i)]).sum::<f64>() / n as f64;
    let (mut lambda, mut last) = (1e-6 * size, n);
    while lambda < size && last > problem.most && !problem.clock.late() {
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
