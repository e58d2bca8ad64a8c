//! The program of some of the assets.

use walkfolio_core::{Interrupt, Matrix};

use super::super::active_set::ActiveSet;
use super::super::program::{Program, Ray, Stop};
use super::level::widened;
use super::problem::objective;
use super::problem::{Place, Problem, is_held};
use super::trading::{Kinked, Point};

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
struct Part {
    g: Matrix,
    a: Matrix,
    c: Vec<f64>,
    lo: Vec<f64>,
    hi: Vec<f64>,
    trades: Option<Trades>,
}

/// The trades of some of the assets, and of `near`.
struct Trades {
    from: Vec<f64>,
    half_costs: Vec<f64>,
    /// Less what the sale of all others takes.
    most: Option<f64>,
    near: Vec<f64>,
}

impl Part {
    /// Of the holdings, each on the side of a weight.
    fn new(problem: &Problem<'_>, holdings: &[usize], x: &[f64]) -> Self {
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
        let trades = problem.trading.as_ref().map(|trading| {
            let of = |values: &[f64]| holdings.iter().map(|&i| values[i]).collect::<Vec<f64>>();
            let from = of(trading.from);
            let kept: f64 = from.iter().map(|w| w.abs()).sum();
            let sold = trading.from.iter().map(|w| w.abs()).sum::<f64>() - kept;
            let most = trading.most.map(|most| most - sold);
            Trades { from, half_costs: of(&trading.half_costs), most, near: of(x) }
        });
        Self { g, a, c, lo, hi, trades }
    }

    fn program(&self) -> Program<'_> {
        Program { h: &self.g, a: &self.a, g: &self.c, lo: &self.lo, hi: &self.hi }
    }

    /// The best portfolio of these assets; with bounds a little wider where rounding leaves none.
    fn solve(&self, interrupt: &Interrupt) -> Result<Point, Stop> {
        let program = self.program();
        match self.solve_within(&program, interrupt) {
            Err(Stop::Limit | Stop::Singular) => {
                let (lo, hi) = widened(&program);
                self.solve_within(&Program { lo: &lo, hi: &hi, ..program }, interrupt)
            }
            outcome => outcome,
        }
    }

    fn solve_within(&self, program: &Program<'_>, interrupt: &Interrupt) -> Result<Point, Stop> {
        let k = self.c.len();
        let Some(Trades { from, half_costs, most, near }) = &self.trades else {
            let mut set = ActiveSet::new(k, self.a.rows()).interrupted_by(interrupt);
            let answer = set.solve(program)?;
            let (multipliers, pivots) = (answer.dual[k..].to_vec(), u64::from(answer.pivots));
            return Ok(Point { x: answer.x, multipliers, price: 0.0, pivots });
        };
        if most.is_some_and(|most| most < 0.0) {
            return Err(Stop::Infeasible(Ray { multipliers: vec![0.0; program.lo.len()] }));
        }
        let kinked = Kinked { program: *program, from, half_costs, most: *most };
        kinked.solve(Some(near), interrupt)
    }
}

/// A portfolio of some holdings.
pub(super) struct Fitted {
    pub x: Vec<f64>,
    pub value: f64,
    /// Of the rows, and of the limit of trades.
    pub multipliers: Vec<f64>,
    pub price: f64,
    pub pivots: u64,
}

/// The best portfolio of some holdings, each on the side of a weight; or why there is none.
pub(super) fn best_of(
    problem: &Problem<'_>,
    holdings: &[usize],
    x: &[f64],
) -> Result<Fitted, Stop> {
    let k = holdings.len();
    if k < problem.least || k > problem.most || k == 0 {
        return Err(Stop::Limit);
    }
    let point = Part::new(problem, holdings, x).solve(&problem.clock.interrupt)?;
    let mut weights = vec![0.0; problem.n];
    for (&i, &weight) in holdings.iter().zip(&point.x) {
        weights[i] = weight;
    }
    let Point { multipliers, price, pivots, .. } = point;
    let value = objective(problem, &weights);
    Ok(Fitted { x: weights, value, multipliers, price, pivots })
}
