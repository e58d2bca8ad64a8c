//! The last digits of what the kernel does not solve from nothing: what has absolute values, as an l1 penalty,
//! gross leverage, turnover and linear costs of trading do, and more assets than it takes.
//!
//! An interior point has no weight at a kink. Once it tells the side of every kink that each weight is on,
//! all absolute values are linear, and the kernel gives the portfolio of these sides with the weights at their
//! kinks to the bit. Whether the sides are right its bound proves, which is one for all portfolios.

use std::time::Instant;

use walkfolio_core::{Matrix, SolveStatus};

use super::curves::{Curves, Place};
use super::settings::LARGEST;
use super::solved::Solved;
use crate::bound::{Charged, Kink, Region, Tangent};
use crate::constraint::rule::Absolute;
use crate::kernel::{ActiveSet, Program};
use crate::mandate::Mandate;
use crate::quadratic::Quadratic;
use crate::solution::Solution;

/// Weights up to the first of these from a kink that proves right are at it.
const SMALL: [f64; 3] = [1e-5, 1e-7, 1e-9];
/// A gap of this part of the objective's terms proves the sides.
const PROVEN: f64 = 1e-12;
/// More rounds than curves need.
const ROUNDS: u32 = 12;
/// Weights that move by less stand still.
const STILL: f64 = 1e-13;

/// An interior point's portfolio with its last digits, or as it is where its sides cannot be
/// proven right.
pub(super) fn finish(mandate: &Mandate, Solved { solution, prices }: Solved) -> Solution {
    let started = Instant::now();
    let found = exact(mandate, &solution.weights, &prices);
    let Some((weights, bound, pivots)) = found else { return solution };
    let mut report = solution.report;
    report.pivots = pivots;
    if mandate.is_limited() {
        report.status = SolveStatus::Optimal;
    }
    report.bound = Some(mandate.with_constant(bound));
    report.micros += u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    Solution { weights, report, note: solution.note }.valued(mandate)
}

/// The best portfolio of a quadratic mandate on the sides of another's kinks, with its bound and pivots;
/// `prices` are those of its limits of risks.
pub(super) fn exact(
    mandate: &Mandate,
    near: &[f64],
    prices: &[f64],
) -> Option<(Vec<f64>, f64, u32)> {
    let quadratic = mandate.quadratic()?;
    let kinks = Kinks::of(mandate);
    SMALL.iter().find_map(|&small| {
        let fixed = kinks.fixed(near, small);
        kinks.exact(mandate, &quadratic, (near, &fixed), prices.to_vec())
    })
}

/// The kinks of a mandate: zero, and the holdings that trades start from; and its curves.
struct Kinks<'a> {
    region: Region,
    /// What absolute values cost in the objective.
    prices: Vec<Kink<'a>>,
    limits: Vec<Absolute<'a>>,
    /// Where they are besides zero.
    places: Vec<&'a [f64]>,
    curves: Curves<'a>,
}

/// The best portfolio of a place.
struct Settled {
    weights: Vec<f64>,
    /// Multipliers of the rows, of the limits and of the risks.
    duals: Vec<f64>,
    /// Prices of the risks.
    prices: Vec<f64>,
    pivots: u32,
}

impl<'a> Kinks<'a> {
    fn of(mandate: &'a Mandate) -> Self {
        let constraints = mandate.constraints();
        let mut prices = Vec::new();
        if mandate.l1_acts() {
            let l1 = vec![mandate.penalties().l1; constraints.assets()];
            prices.push(Kink { from: None, prices: l1 });
        }
        let costs = mandate.costs();
        prices.extend(costs.map(|c| Kink { from: Some(c.current()), prices: c.prices() }));
        let (limits, places) = (constraints.absolutes(), mandate.kept_at());
        let (region, curves) = (Region::of(constraints), Curves::of(mandate));
        Self { region, prices, limits, places, curves }
    }

    /// The kink that each weight is at, if it is at one.
    fn fixed(&self, weights: &[f64], small: f64) -> Vec<Option<f64>> {
        let at = |(i, w): (usize, &f64)| {
            let places = self.places.iter().map(|place| place[i]);
            [0.0].into_iter().chain(places).find(|place| (w - place).abs() <= small)
        };
        weights.iter().enumerate().map(at).collect()
    }

    /// The best portfolio of some sides with its bound and pivots; none if the bound does not prove it.
    fn exact(
        &self,
        mandate: &Mandate,
        quadratic: &Quadratic<'_>,
        (near, fixed): (&[f64], &[Option<f64>]),
        prices: Vec<f64>,
    ) -> Option<(Vec<f64>, f64, u32)> {
        let Region { lo, hi, .. } = &self.region;
        let held: Vec<usize> = (0..near.len()).filter(|&i| fixed[i].is_none()).collect();
        let outside =
            |(i, at): (usize, &Option<f64>)| at.is_some_and(|at| lo[i] > at || hi[i] < at);
        if held.is_empty() || held.len() > LARGEST || fixed.iter().enumerate().any(outside) {
            return None;
        }
        let settled: Vec<f64> = fixed.iter().map(|at| at.unwrap_or(0.0)).collect();
        let found = self.settle(quadratic, &Place { near, held, settled }, prices)?;
        let (bound, size) = self.bound(mandate, &found)?;
        let gap = mandate.value(&found.weights) - mandate.with_constant(bound);
        (gap <= PROVEN * size).then_some((found.weights, bound, found.pivots))
    }

    /// The best portfolio of a place: in one round, but for curves, which take a few, each with the curvature
    /// and the limits of risks at the last portfolio.
    fn settle(
        &self,
        quadratic: &Quadratic<'_>,
        place: &Place<'_>,
        mut prices: Vec<f64>,
    ) -> Option<Settled> {
        let part = self.part_of(place);
        let (mut weights, mut pivots) = (place.near.to_vec(), 0);
        for _ in 0..ROUNDS {
            let (next, duals, more) = self.step(quadratic, place, &part, (&weights, &prices))?;
            let apart = |(a, b): (&f64, &f64)| (a - b).abs();
            let moved = next.iter().zip(&weights).map(apart).fold(0.0, f64::max);
            let first = duals.len() - prices.len();
            prices = duals[first..].iter().map(|dual| (-dual).max(0.0)).collect();
            (weights, pivots) = (next, pivots + more);
            if self.curves.is_straight() || moved <= STILL {
                return Some(Settled { weights, duals, prices, pivots });
            }
        }
        None
    }

    /// The bound that multipliers prove, and the size of the terms that the objective is made of.
    fn bound(&self, mandate: &Mandate, found: &Settled) -> Option<(f64, f64)> {
        let Settled { weights, duals, prices, .. } = found;
        let Tangent { at_zero, gradient, size } = Tangent::at(mandate, weights)?;
        let (of_rows, of_limits) = duals.split_at(self.region.rows.rows());
        let mut charged = Charged::new(mandate, (at_zero, gradient), weights);
        for (limit, dual) in self.limits.iter().zip(of_limits) {
            charged.absolute(*limit, (-dual).max(0.0));
        }
        for (deviation, price) in self.curves.deviations.iter().zip(prices) {
            charged.deviation(deviation, *price, weights);
        }
        Some((charged.least(&self.region, of_rows), size))
    }

    /// The best portfolio of a quadratic program with the curves as they are at another: its weights, the
    /// multipliers of the rows, of the limits and of the risks, and pivots.
    fn step(
        &self,
        quadratic: &Quadratic<'_>,
        place: &Place<'_>,
        part: &Region,
        (at, prices): (&[f64], &[f64]),
    ) -> Option<(Vec<f64>, Vec<f64>, u32)> {
        let held = &place.held;
        let mut g = self.linear(quadratic, place);
        let mut h = quadratic.matrix_of(held);
        let rows = if self.curves.is_straight() {
            None
        } else {
            self.curves.bend((&mut h, &mut g), (place, at), prices)?;
            Some(self.curves.rows(part, place, at))
        };
        let Region { rows: a, lo, hi } = rows.as_ref().unwrap_or(part);
        let program = Program { h: &h, a, g: &g, lo, hi };
        let answer = ActiveSet::new(held.len(), a.rows()).solve(&program).ok()?;
        let mut weights = place.settled.clone();
        held.iter().zip(&answer.x).for_each(|(&i, x)| weights[i] = *x);
        let duals = answer.dual[held.len()..].iter().map(|dual| 2.0 * dual).collect();
        Some((weights, duals, answer.pivots))
    }

    /// Half of the linear term of the assets that are at no kink.
    fn linear(&self, quadratic: &Quadratic<'_>, place: &Place<'_>) -> Vec<f64> {
        let Place { near, held, settled } = place;
        let half: Vec<f64> = quadratic.half_linear().collect();
        let mut g: Vec<f64> = held.iter().map(|&i| half[i]).collect();
        for kink in &self.prices {
            for (g, &i) in g.iter_mut().zip(held) {
                *g -= 0.5 * kink.prices[i] * side(near[i], kink.from, i);
            }
        }
        if settled.iter().any(|w| *w != 0.0) {
            let carried = quadratic.covariance.times(settled);
            for (g, &i) in g.iter_mut().zip(held) {
                *g -= quadratic.factor * carried[i];
            }
        }
        g
    }

    /// The region of the assets that are at no kink, each on its side of all; the limits are its last rows.
    fn part_of(&self, Place { near, held, settled }: &Place<'_>) -> Region {
        let (n, region) = (near.len(), &self.region);
        let mut rows: Vec<f64> = Vec::with_capacity(held.len() * (region.rows.rows() + 1));
        region.rows.iter_rows().for_each(|row| rows.extend(held.iter().map(|&i| row[i])));
        let mut lo: Vec<f64> = held.iter().map(|&i| region.lo[i]).collect();
        let mut hi: Vec<f64> = held.iter().map(|&i| region.hi[i]).collect();
        let places = self.places.iter().map(|place| Some(*place));
        for place in [None].into_iter().chain(places) {
            for (k, &i) in held.iter().enumerate() {
                let at = place.map_or(0.0, |place| place[i]);
                if side(near[i], place, i) > 0.0 {
                    lo[k] = lo[k].max(at);
                } else {
                    hi[k] = hi[k].min(at);
                }
            }
        }
        let carried = region.rows.times(settled);
        lo.extend(region.lo[n..].iter().zip(&carried).map(|(lo, carried)| lo - carried));
        hi.extend(region.hi[n..].iter().zip(&carried).map(|(hi, carried)| hi - carried));
        for limit in &self.limits {
            let signs: Vec<f64> = held.iter().map(|&i| side(near[i], limit.from, i)).collect();
            let from = |i: usize| limit.from.map_or(0.0, |from| from[i]);
            let shift: f64 = held.iter().zip(&signs).map(|(&i, sign)| sign * from(i)).sum();
            let is_settled = |i: &usize| !held.contains(i);
            let spent: f64 = (0..n).filter(is_settled).map(|i| (settled[i] - from(i)).abs()).sum();
            rows.extend(signs);
            lo.push(f64::NEG_INFINITY);
            hi.push(limit.max - spent + shift);
        }
        let count = lo.len() - held.len();
        Region { rows: Matrix::from_rows(count, held.len(), rows), lo, hi }
    }
}

/// The side of a kink that a weight is on.
fn side(w: f64, from: Option<&[f64]>, i: usize) -> f64 {
    (w - from.map_or(0.0, |from| from[i])).signum()
}
