//! Programs whose matrix is a diagonal and the product of a few rows: factor models, and windows with a
//! ridge. No matrix of all variables is formed.
//!
//! `min 1/2 x'(D + V V')x - g'x` with `D > 0` and `V` of `n x k`. On the free variables the inverse is
//! `D^-1 - D^-1 V (I + V'D^-1 V)^-1 V'D^-1` (Woodbury), the active rows are a border, and the set is found
//! by block pivoting. Where `D` is not of the program but holds the directions that `V` leaves open, it is
//! removed from each point as in `nearest`.
//!
//! Woodbury (1950), Inverting modified matrices; Portugal, Judice & Vicente (1994), as `blocks`.

use walkfolio_core::dense::{Cholesky, add_rows, gram, products_with};
use walkfolio_core::linear::{dot, max_abs};
use walkfolio_core::{Interrupt, Matrix};

use super::blocks::{Rounds, WRONG_IN_LIMIT};
use super::inverse::Inverse;
use super::nearest;
use super::program::{Answer, State};

/// Values and duals that are wrong by less, relative, are not wrong.
const WRONG: [f64; 2] = [1e-11, 1e-11];
/// Steps that refine a point.
const STEPS: u32 = 3;
/// A solution may violate optimality by so much, relative.
const TOLERANCE: f64 = 1e-9;
/// Rounds in all.
const ROUNDS: usize = 60;

/// A program with such a matrix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LowRank<'a> {
    /// `D`.
    pub diagonal: &'a [f64],
    /// Where `D` is a ridge that vanishes, the point that it pulls to.
    pub near: Option<&'a [f64]>,
    /// `V`, one row for each variable.
    pub v: &'a Matrix,
    pub a: &'a Matrix,
    pub g: &'a [f64],
    /// Bounds of variables, then rows.
    pub lo: &'a [f64],
    pub hi: &'a [f64],
}

/// The active set of the last solution.
#[derive(Debug, Clone)]
pub(crate) struct Kept(Vec<State>);

/// A point of an active set.
struct Point {
    x: Vec<f64>,
    /// Multipliers of rows, zero on those that do not act.
    y: Vec<f64>,
    /// `A x`.
    values: Vec<f64>,
    /// `H x + A'y - g`.
    slope: Vec<f64>,
    /// The dual of the distance from `near`, as small as the ridge.
    distance: Vec<f64>,
}

/// The inverse on the free variables and active rows.
struct Factored {
    free: Vec<usize>,
    rows: Vec<usize>,
    /// `D^-1` on the free variables.
    inverse: Vec<f64>,
    /// Of `I + V'D^-1 V`.
    core: Cholesky,
    /// `H^-1 A'` for each active row.
    solved: Vec<Vec<f64>>,
    schur: Inverse,
}

impl LowRank<'_> {
    /// The solution, from the last active set or from nothing; none where block pivoting does not end,
    /// or was interrupted.
    pub fn solve(&self, kept: Option<&Kept>, interrupt: &Interrupt) -> Option<(Answer, Kept)> {
        let size = self.lo.len();
        let states = kept
            .filter(|kept| kept.0.len() == size)
            .map_or_else(|| vec![State::Free; size], |kept| kept.0.clone());
        let mut states: Vec<State> = (0..size).map(|i| self.fitting(i, states[i])).collect();
        let (mut rounds, mut pivots) = (Rounds::new(), 0);
        for _ in 0..ROUNDS {
            if interrupt.is_raised() {
                return None;
            }
            let factored = self.factor(&states)?;
            let point = self.point(&states, &factored);
            let mut wrong = self.wrong(&states, &point);
            if wrong.is_empty() {
                let residual = self.residual(&states, &point);
                return (residual <= TOLERANCE)
                    .then(|| (self.answer(point, pivots, residual), Kept(states)));
            }
            rounds.choose(&mut wrong);
            for &(i, state) in &wrong {
                states[i] = self.fitting(i, state);
            }
            pivots += u32::try_from(wrong.len()).unwrap_or(u32::MAX);
        }
        None
    }

    /// The state of an index that is nearest to a given one.
    fn fitting(&self, i: usize, state: State) -> State {
        let (lo, hi) = (self.lo[i], self.hi[i]);
        match state {
            _ if lo == hi => State::Fixed,
            State::Upper if hi.is_finite() => State::Upper,
            State::Lower | State::Fixed if lo.is_finite() => State::Lower,
            _ => State::Free,
        }
    }

    fn factor(&self, states: &[State]) -> Option<Factored> {
        let (n, k) = (self.g.len(), self.v.cols());
        let free: Vec<usize> = (0..n).filter(|&i| states[i] == State::Free).collect();
        let rows: Vec<usize> =
            (0..self.a.rows()).filter(|&r| states[n + r] != State::Free).collect();
        let inverse: Vec<f64> = free.iter().map(|&i| 1.0 / self.diagonal[i]).collect();
        let scaled: Vec<f64> = (free.iter().zip(&inverse))
            .flat_map(|(&i, d)| {
                let root = d.sqrt();
                self.v.row(i).iter().map(move |v| v * root)
            })
            .collect();
        let mut product = gram(k, scaled.chunks_exact(k));
        (0..k).for_each(|i| product[(i, i)] += 1.0);
        let core = Cholesky::of(|i| product.row(i).iter().copied(), &vec![0.0; k]);
        let mut factored =
            Factored { free, rows, inverse, core, solved: Vec::new(), schur: Inverse::default() };
        for r in factored.rows.clone() {
            let row: Vec<f64> = factored.free.iter().map(|&i| self.a[(r, i)]).collect();
            let solved = self.solve_free(&factored, &row);
            let border: Vec<f64> = factored.solved.iter().map(|z| -dot(z, &row)).collect();
            factored.schur.append(&border, -dot(&solved, &row));
            factored.solved.push(solved);
        }
        factored.schur.invert().then_some(factored)
    }

    /// `H^-1 b` on the free variables.
    fn solve_free(&self, factored: &Factored, b: &[f64]) -> Vec<f64> {
        let mut u: Vec<f64> = b.iter().zip(&factored.inverse).map(|(b, d)| b * d).collect();
        let mut inner = vec![0.0; self.v.cols()];
        let rows: Vec<(f64, &[f64])> =
            u.iter().zip(&factored.free).map(|(&u, &i)| (u, self.v.row(i))).collect();
        add_rows(&mut inner, &rows);
        factored.core.solve(&mut inner);
        let mut back = vec![0.0; u.len()];
        products_with(&inner, factored.free.iter().map(|&i| self.v.row(i)), &mut back);
        for ((u, back), d) in u.iter_mut().zip(back).zip(&factored.inverse) {
            *u -= d * back;
        }
        u
    }

    /// `V V'x`.
    fn product(&self, x: &[f64]) -> Vec<f64> {
        let mut inner = vec![0.0; self.v.cols()];
        let terms = x.iter().copied().zip(self.v.iter_rows());
        add_rows(&mut inner, &terms.filter(|(x, _)| *x != 0.0).collect::<Vec<_>>());
        let mut out = vec![0.0; x.len()];
        products_with(&inner, self.v.iter_rows(), &mut out);
        out
    }

    /// The point of an active set, refined, or with the ridge removed.
    fn point(&self, states: &[State], factored: &Factored) -> Point {
        let (n, m) = (self.g.len(), self.a.rows());
        let end = |i: usize| if states[i] == State::Upper { self.hi[i] } else { self.lo[i] };
        let inside = |i: usize| self.near.map_or(0.0, |near| near[i]);
        let at = |i: usize| if states[i] == State::Free { inside(i) } else { end(i) };
        let (mut x, mut y) = ((0..n).map(at).collect::<Vec<f64>>(), vec![0.0; m]);
        let (mut far, mut far_y) = (vec![0.0; n], vec![0.0; m]);
        let (mut values, mut slope) = (self.a.times(&x), self.slope(&x, &y));
        let (steps, mut last) = (self.near.map_or(STEPS, |_| nearest::STEPS), f64::INFINITY);
        for number in 0..steps {
            let error: Vec<f64> = factored.free.iter().map(|&i| -slope[i]).collect();
            let rest: Vec<f64> = factored.rows.iter().map(|&r| end(n + r) - values[r]).collect();
            let (step, step_y) = self.step(factored, &error, &rest);
            let change = max_abs(&step);
            // The first step is the solution with the ridge; later ones that do not shrink are rounding.
            if self.near.is_some() && number > 1 && change >= last {
                break;
            }
            last = change;
            let number = f64::from(number);
            for (&i, step) in factored.free.iter().zip(step) {
                x[i] += step;
                far[i] += number * step;
            }
            for (&r, step) in factored.rows.iter().zip(step_y) {
                y[r] += step;
                far_y[r] += number * step;
            }
            (values, slope) = (self.a.times(&x), self.slope(&x, &y));
        }
        let distance = self.distance(&x, &far, &far_y);
        Point { x, y, values, slope, distance }
    }

    /// The dual of the distance from `near`, of a point and its steps, each times its number.
    fn distance(&self, x: &[f64], far: &[f64], far_y: &[f64]) -> Vec<f64> {
        let Some(near) = self.near else { return Vec::new() };
        let bent = self.product(far).into_iter().zip(self.a.transpose_times(far_y));
        let pull = (0..x.len()).map(|i| self.diagonal[i] * (x[i] - near[i]));
        bent.zip(pull).map(|((product, carried), pull)| pull - product - carried).collect()
    }

    /// What changes a point by an error of its slope and rows.
    fn step(&self, factored: &Factored, error: &[f64], rest: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let own = factored.solved.iter().map(|z| dot(z, error));
        let rest: Vec<f64> = rest.iter().zip(own).map(|(rest, own)| rest - own).collect();
        let y = factored.schur.times(&rest);
        let mut step = self.solve_free(factored, error);
        let columns: Vec<(f64, &[f64])> =
            y.iter().zip(&factored.solved).map(|(y, z)| (-y, &z[..])).collect();
        add_rows(&mut step, &columns);
        (step, y)
    }

    /// `H x + A'y - g`, without a ridge that vanishes.
    fn slope(&self, x: &[f64], y: &[f64]) -> Vec<f64> {
        let mut slope = self.product(x);
        if self.near.is_none() {
            slope.iter_mut().zip(self.diagonal.iter().zip(x)).for_each(|(to, (d, x))| *to += d * x);
        }
        let carried = self.a.transpose_times(y);
        for ((slope, carried), g) in slope.iter_mut().zip(carried).zip(self.g) {
            *slope += carried - g;
        }
        slope
    }

    /// The value and the dual of an index.
    fn both(&self, i: usize, point: &Point) -> (f64, f64) {
        let n = self.g.len();
        if i < n { (point.x[i], point.slope[i]) } else { (point.values[i - n], -point.y[i - n]) }
    }

    /// What is relative to which: values, and duals.
    fn sizes(&self, point: &Point) -> (f64, f64) {
        (max_abs(&point.x), max_abs(self.g).max(max_abs(&point.y)))
    }

    fn wrong(&self, states: &[State], point: &Point) -> Vec<(usize, State)> {
        let (values, duals) = self.sizes(point);
        let [value, dual] = if self.near.is_some() { WRONG_IN_LIMIT } else { WRONG };
        let (value, dual) = (value * values, dual * duals);
        let belongs = |i: usize| {
            let (x, z) = self.both(i, point);
            let z = z + point.distance.get(i).unwrap_or(&0.0);
            states[i].belongs(x, [self.lo[i], self.hi[i]], z, [value, dual])
        };
        (0..states.len()).filter_map(|i| belongs(i).map(|state| (i, state))).collect()
    }

    /// How far the equations of the set are from holding, relative.
    fn residual(&self, states: &[State], point: &Point) -> f64 {
        let n = self.g.len();
        let (values, duals) = self.sizes(point);
        let miss = |i: usize| match states[i] {
            State::Free if i < n => point.slope[i].abs() / duals,
            State::Free => 0.0,
            _ if i < n => 0.0,
            State::Upper => (point.values[i - n] - self.hi[i]).abs() / values,
            State::Lower | State::Fixed => (point.values[i - n] - self.lo[i]).abs() / values,
        };
        let misses = (0..states.len()).map(miss);
        misses.fold(
            0.0,
            |worst: f64, miss| if miss.is_nan() { f64::INFINITY } else { worst.max(miss) },
        )
    }

    fn answer(&self, point: Point, pivots: u32, residual: f64) -> Answer {
        let dual = (0..self.lo.len()).map(|i| self.both(i, &point).1).collect();
        Answer { x: point.x, dual, pivots, residual }
    }
}
