//! Programs with what trading costs and how much may be traded: convex, with a kink of each weight at what
//! is held.
//!
//! `min x'Hx - 2c'x + sum_i cost_i |x_i - from_i|` with `sum_i |x_i - from_i| <= most`. On which side of
//! `from_i` a weight is decides a piece on which cost and trades are linear: a quadratic program. Its answer
//! is the answer of the whole unless a weight rests at `from_i` whose slope exceeds what a trade costs; such
//! weights change sides, all at once. The portfolio is in the new piece too, so that the objective falls
//! from piece to piece, of which there are finitely many.

use walkfolio_core::linear::{dot, max_abs};
use walkfolio_core::{Interrupt, Matrix};

use super::super::active_set::ActiveSet;
use super::super::program::{Answer, Program, Ray, Stop};
use super::level::widened;

/// Pieces that are gone through at most; the last portfolio is as feasible as the answer.
const PIECES: usize = 100;
/// Slopes that exceed a cost by less, relative, are rounding.
const SLIGHTLY: f64 = 1e-12;

/// A convex program with kinks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kinked<'p> {
    pub program: Program<'p>,
    pub from: &'p [f64],
    /// Half of the cost of a unit of `|x_i - from_i|`, as the kernel minimizes half of the objective.
    pub half_costs: &'p [f64],
    /// The largest `sum |x_i - from_i|`.
    pub most: Option<f64>,
}

/// A portfolio with the multipliers that prove it.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    pub x: Vec<f64>,
    /// Of the rows.
    pub multipliers: Vec<f64>,
    /// Of `sum |x_i - from_i|`.
    pub price: f64,
    pub pivots: u64,
}

/// Which side of what is held each weight is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Bought,
    Sold,
}

impl Side {
    fn sign(self) -> f64 {
        if self == Self::Bought { 1.0 } else { -1.0 }
    }
}

impl Kinked<'_> {
    /// The answer. `near` is a portfolio whose trades are probably those of the answer.
    ///
    /// # Errors
    /// As the kernel.
    pub fn solve(&self, near: Option<&[f64]>, interrupt: &Interrupt) -> Result<Point, Stop> {
        let free = self.priced(near, 0.0, interrupt)?;
        let Some(most) = self.most.filter(|&most| self.traded(&free.x) > most + 1e-13) else {
            return Ok(free);
        };
        // Where trades cost more than anything is worth, the least is traded.
        let least = self.priced(Some(&free.x), self.dear(), interrupt)?;
        if self.traded(&least.x) > most + 1e-12 {
            let multipliers = vec![0.0; self.program.lo.len()];
            return Err(Stop::Infeasible(Ray { multipliers }));
        }
        let mut set = self.set(1, interrupt);
        let sides = self.sides(&least.x);
        let mut point = self.descend(sides, (0.0, Some(most)), &mut set)?;
        point.pivots += free.pivots + least.pivots;
        Ok(point)
    }

    /// `sum |x_i - from_i|`.
    pub fn traded(&self, x: &[f64]) -> f64 {
        x.iter().zip(self.from).map(|(x, from)| (x - from).abs()).sum()
    }

    /// A lower bound of the objective, without its constant, whatever the point is.
    ///
    /// As [`weak_duality`](super::bound::weak_duality): the tangent at the point, of which each weight takes
    /// the least over its bounds, here at one of them or at the kink.
    pub fn bound(&self, point: &Point) -> f64 {
        let Program { a, g, lo, hi, .. } = self.program;
        let (n, x) = (g.len(), &point.x);
        let gradient = self.gradient(x);
        let mut sum: f64 =
            (gradient.iter().zip(g).zip(x)).map(|((own, g), x)| -0.5 * x * (own + g)).sum();
        let slopes = without_rows(gradient, a, &point.multipliers);
        for (k, &multiplier) in point.multipliers.iter().enumerate() {
            let bound = if multiplier > 0.0 { lo[n + k] } else { hi[n + k] };
            if multiplier != 0.0 && bound.is_finite() {
                sum += multiplier * bound;
            } else if multiplier != 0.0 {
                return f64::NEG_INFINITY;
            }
        }
        let price = if self.most.is_some() { point.price.max(0.0) } else { 0.0 };
        sum -= price * self.most.unwrap_or(0.0);
        for i in 0..n {
            let (from, cost) = (self.from[i], self.half_costs[i] + price);
            let at = |w: f64| slopes[i] * w + cost * (w - from).abs();
            sum += at(lo[i]).min(at(hi[i])).min(at(from.clamp(lo[i], hi[i])));
        }
        2.0 * sum
    }

    fn set(&self, more_rows: usize, interrupt: &Interrupt) -> ActiveSet {
        ActiveSet::new(self.program.g.len(), self.program.a.rows() + more_rows)
            .interrupted_by(interrupt)
    }

    /// The answer without the limit, each trade at a price on top of its cost.
    fn priced(
        &self,
        near: Option<&[f64]>,
        price: f64,
        interrupt: &Interrupt,
    ) -> Result<Point, Stop> {
        let mut set = self.set(0, interrupt);
        if let Some(near) = near {
            let found = self.descend(self.sides(near), (price, None), &mut set);
            if found.is_ok() {
                return found;
            }
        }
        // A piece may be infeasible where the program is not; that of a portfolio is feasible.
        let free = answer(&mut set, &self.program)?;
        let mut point = self.descend(self.sides(&free.x), (price, None), &mut set)?;
        point.pivots += u64::from(free.pivots);
        Ok(point)
    }

    /// More than any trade gains.
    fn dear(&self) -> f64 {
        let Program { h, g, .. } = self.program;
        let diagonal = (0..g.len()).map(|i| h[(i, i)].abs()).fold(0.0, f64::max);
        1e3 * (diagonal + max_abs(g) + max_abs(self.half_costs))
    }

    fn sides(&self, x: &[f64]) -> Vec<Side> {
        let Program { lo, hi, .. } = self.program;
        let side = |i: usize| match self.from[i] {
            from if from <= lo[i] => Side::Bought,
            from if from >= hi[i] => Side::Sold,
            from if x[i] >= from => Side::Bought,
            _ => Side::Sold,
        };
        (0..x.len()).map(side).collect()
    }

    /// From piece to piece.
    fn descend(
        &self,
        mut sides: Vec<Side>,
        (price, most): (f64, Option<f64>),
        set: &mut ActiveSet,
    ) -> Result<Point, Stop> {
        let (n, m) = (self.program.g.len(), self.program.a.rows());
        let mut pivots = 0;
        for _ in 0..PIECES {
            let piece = Piece::new(self, &sides, price, most);
            let answer = answer(set, &piece.program(self))?;
            pivots += u64::from(answer.pivots);
            let multipliers = answer.dual[n..n + m].to_vec();
            let own = answer.dual.get(n + m).map_or(0.0, |dual| -dual).max(0.0);
            let point = Point { x: answer.x, multipliers, price: price + own, pivots };
            if !self.change_sides(&point, &mut sides) {
                return Ok(point);
            }
        }
        Err(Stop::Limit)
    }

    /// Moves weights that rest at what is held to the other side, where that pays; whether any has moved.
    fn change_sides(&self, point: &Point, sides: &mut [Side]) -> bool {
        let Program { a, g, lo, hi, .. } = self.program;
        let slopes = without_rows(self.gradient(&point.x), a, &point.multipliers);
        let slightly = SLIGHTLY * (max_abs(g) + max_abs(&slopes) + point.price);
        let mut changed = false;
        for (i, side) in sides.iter_mut().enumerate() {
            let from = self.from[i];
            if point.x[i] != from || from <= lo[i] || from >= hi[i] {
                continue;
            }
            let (other, gain) = match side {
                Side::Bought => (Side::Sold, slopes[i]),
                Side::Sold => (Side::Bought, -slopes[i]),
            };
            if gain > self.half_costs[i] + point.price + slightly {
                (*side, changed) = (other, true);
            }
        }
        changed
    }

    /// `Hx - c`.
    fn gradient(&self, x: &[f64]) -> Vec<f64> {
        let mut gradient: Vec<f64> = self.program.g.iter().map(|g| -g).collect();
        for (i, &weight) in x.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            let row = self.program.h.row(i);
            gradient.iter_mut().zip(row).for_each(|(to, h)| *to += weight * h);
        }
        gradient
    }
}

/// The kernel's answer; with bounds a little wider where rounding leaves none.
fn answer(set: &mut ActiveSet, program: &Program<'_>) -> Result<Answer, Stop> {
    match set.solve(program) {
        Err(Stop::Limit | Stop::Singular) => {
            let (lo, hi) = widened(program);
            set.solve(&Program { lo: &lo, hi: &hi, ..*program })
        }
        outcome => outcome,
    }
}

/// Slopes less what the rows carry.
fn without_rows(mut slopes: Vec<f64>, a: &Matrix, multipliers: &[f64]) -> Vec<f64> {
    for (k, &multiplier) in multipliers.iter().enumerate().filter(|(_, y)| **y != 0.0) {
        slopes.iter_mut().zip(a.row(k)).for_each(|(to, a)| *to -= multiplier * a);
    }
    slopes
}

/// The quadratic program of a piece.
struct Piece {
    g: Vec<f64>,
    lo: Vec<f64>,
    hi: Vec<f64>,
    /// With the row that limits trades.
    a: Option<Matrix>,
}

impl Piece {
    fn new(kinked: &Kinked<'_>, sides: &[Side], price: f64, most: Option<f64>) -> Self {
        let Program { a, g, lo, hi, .. } = kinked.program;
        let n = g.len();
        let (mut lo, mut hi) = (lo.to_vec(), hi.to_vec());
        for (i, side) in sides.iter().enumerate() {
            match side {
                Side::Bought => lo[i] = lo[i].max(kinked.from[i]),
                Side::Sold => hi[i] = hi[i].min(kinked.from[i]),
            }
        }
        let signs: Vec<f64> = sides.iter().map(|side| side.sign()).collect();
        let cost = |i: usize| signs[i] * (kinked.half_costs[i] + price);
        let g = (0..n).map(|i| g[i] - cost(i)).collect();
        let a = most.map(|most| {
            lo.push(f64::NEG_INFINITY);
            hi.push(most + dot(&signs, kinked.from));
            let rows = a.values().iter().copied().chain(signs.iter().copied()).collect();
            Matrix::from_rows(a.rows() + 1, n, rows)
        });
        Self { g, lo, hi, a }
    }

    fn program<'p>(&'p self, kinked: &Kinked<'p>) -> Program<'p> {
        let Program { h, a, .. } = kinked.program;
        Program { h, a: self.a.as_ref().unwrap_or(a), g: &self.g, lo: &self.lo, hi: &self.hi }
    }
}
