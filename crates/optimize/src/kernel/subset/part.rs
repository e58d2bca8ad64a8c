//! The program of some of the assets.

use walkfolio_core::Matrix;

use super::super::active_set::ActiveSet;
use super::super::program::{Answer, Program, Stop};
use super::level::widened;
use super::problem::{Place, Problem, is_held};

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
