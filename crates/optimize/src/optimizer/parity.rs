//! Risk parity: in closed form of one asset after the other where nothing is in its way, else by quadratic programs.
//!
//! Where constraints exclude exact parity, `ln(w' Sigma w) / 2 - sum b_i ln w_i` is least where
//! `c w' Sigma w / 2 - sum b_i ln w_i` is for `c = 1 / w' Sigma w`: convex programs for a few `c` (secant method), each
//! by Newton's method with the constraints in every step. A bound from the data proves the result.

use std::time::Instant;

use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Matrix};

use super::Optimizer;
use super::dense::LOOSE;
use super::found::Found;
use crate::bound::{Region, least_linear};
use crate::kernel::risk_parity::risk_parity;
use crate::kernel::{ActiveSet, Program, Stop};
use crate::mandate::Mandate;
use crate::solution::Solution;
use crate::{Error, Result};

/// Constraints that are missed by less hold.
const HOLDS: f64 = 1e-12;
/// Where the risks of the assets are so many times that of their portfolio, it has none.
const RISKLESS: f64 = 1e7;
/// More programs than are needed.
const ROUNDS: usize = 60;
/// A step of this part of the weights changes nothing.
const NO_STEP: f64 = 1e-13;
/// A weight falls to this part of what it was at most, so that its logarithm is a number.
const SHRINKS: f64 = 0.1;

/// What is to be shared, and how.
#[derive(Clone, Copy)]
struct Shared<'a> {
    covariance: &'a Covariance,
    budgets: &'a [f64],
}

/// Weights with the multipliers of the rows, where these matter.
struct Reached {
    weights: Vec<f64>,
    rows: Option<Vec<f64>>,
    pivots: u32,
}

impl Optimizer {
    /// The portfolio of a mandate whose objective is risk parity, without limits of risk or absolute values.
    pub(super) fn parity(
        &mut self,
        mandate: &Mandate,
        (covariance, budgets): (&Covariance, &[f64]),
    ) -> Result<Result<Solution, Stop>> {
        let started = Instant::now();
        let shared = Shared { covariance, budgets };
        let constraints = mandate.constraints();
        if constraints.has_open_sum() || constraints.budget() <= 0.0 {
            return Err(Error::NoSize);
        }
        let dropped = |(b, min): (&f64, &f64)| *b == 0.0 && *min > 0.0;
        if shared.budgets.iter().zip(constraints.min()).any(dropped) {
            let what =
                "an asset with a risk budget of 0 is not held, and has a minimum weight above 0";
            return Err(Error::Invalid(what.to_owned()));
        }
        let interrupt = self.settings.interruption.interrupt();
        let Some(y) = risk_parity(shared.covariance, shared.budgets, interrupt) else {
            return Ok(Err(Stop::Limit));
        };
        // Its own variance is 1, whatever that of the assets is.
        let risk = y.iter().zip(shared.covariance.diagonal()).map(|(y, v)| y * v.sqrt());
        if risk.sum::<f64>() > RISKLESS {
            return Err(Error::Riskless);
        }
        let times = constraints.budget() / y.iter().sum::<f64>();
        let plain: Vec<f64> = y.iter().map(|y| times * y).collect();
        let region = shared.region(mandate);
        let reached = if constraints.violation(&plain) <= HOLDS {
            Ok(Reached { weights: plain, rows: None, pivots: 0 })
        } else {
            let mut set = ActiveSet::new(plain.len(), region.rows.rows()).interrupted_by(interrupt);
            shared.constrained(&region, &plain, &mut set)
        };
        let found = reached.and_then(|reached| shared.bounded(mandate, &region, reached));
        Ok(found.map(|found| found.solution(mandate, started)))
    }
}

impl Shared<'_> {
    /// Where the constraints leave the weights, of which none is negative.
    fn region(&self, mandate: &Mandate) -> Region {
        let mut region = Region::of(mandate.constraints());
        for (i, budget) in self.budgets.iter().enumerate() {
            region.lo[i] = region.lo[i].max(0.0);
            if *budget == 0.0 {
                region.hi[i] = 0.0;
            }
        }
        region
    }

    /// The best portfolio of a region, near the best without it.
    fn constrained(
        &self,
        region: &Region,
        plain: &[f64],
        set: &mut ActiveSet,
    ) -> Result<Reached, Stop> {
        let matrix = self.covariance.to_dense();
        let mut aversion = 1.0 / self.covariance.variance(plain);
        let mut reached = Reached { weights: plain.to_vec(), rows: None, pivots: 0 };
        let mut last: Option<(f64, f64)> = None;
        for _ in 0..ROUNDS {
            self.least((&matrix, aversion), region, set, &mut reached)?;
            // In logarithms the two are next to linear in each other.
            let own = 1.0 / self.covariance.variance(&reached.weights);
            let off = libm::log(own / aversion);
            if off.abs() <= 4.0 * f64::EPSILON {
                return Ok(reached);
            }
            let at = libm::log(aversion);
            let step = match last {
                Some((before, other)) if (off - other) / (at - before) < -1e-3 => {
                    -off * (at - before) / (off - other)
                }
                _ => off,
            };
            if step.abs() <= 4.0 * f64::EPSILON {
                return Ok(reached);
            }
            last = Some((at, off));
            aversion *= libm::exp(step);
        }
        Err(Stop::Limit)
    }

    /// The least `c w' Sigma w / 2 - sum b_i ln w_i` of a region by Newton's method.
    fn least(
        &self,
        (matrix, aversion): (&Matrix, f64),
        region: &Region,
        set: &mut ActiveSet,
        reached: &mut Reached,
    ) -> Result<(), Stop> {
        let value = |w: &[f64]| {
            let held = self.budgets.iter().zip(w).filter(|(b, _)| **b > 0.0);
            let logs: f64 = held.map(|(b, w)| b * libm::log(*w)).sum();
            0.5 * aversion * dot(&matrix.times(w), w) - logs
        };
        for _ in 0..ROUNDS {
            let w = &reached.weights;
            let answer = self.step((matrix, aversion), region, w, set)?;
            reached.pivots += answer.pivots;
            reached.rows = Some(answer.dual[w.len()..].to_vec());
            let change: Vec<f64> = answer.x.iter().zip(w).map(|(x, w)| x - w).collect();
            // The first point may be outside of the region: any step into it is taken whole.
            let inside = outside(region, w) <= HOLDS;
            let mut share = 1.0;
            let mut next = answer.x;
            while inside && share > 1e-6 && value(&next) > value(w) + 1e-14 * value(w).abs() {
                share *= 0.5;
                next = w.iter().zip(&change).map(|(w, by)| w + share * by).collect();
            }
            let relative = change.iter().zip(w).filter(|(_, w)| **w > 0.0);
            let moved = relative.map(|(by, w)| (by / w).abs()).fold(0.0, f64::max);
            reached.weights = next;
            if moved <= NO_STEP || (inside && moved <= 1e-9 && share < 1.0) {
                return Ok(());
            }
        }
        Err(Stop::Limit)
    }

    /// The quadratic program that is like it at some weights.
    fn step(
        &self,
        (matrix, aversion): (&Matrix, f64),
        region: &Region,
        w: &[f64],
        set: &mut ActiveSet,
    ) -> Result<crate::kernel::Answer, Stop> {
        let mut h = matrix.clone();
        let mut g = vec![0.0; w.len()];
        let mut lo = region.lo.clone();
        for (i, budget) in self.budgets.iter().enumerate() {
            h.row_mut(i).iter_mut().for_each(|value| *value *= aversion);
            if *budget > 0.0 {
                h[(i, i)] += budget / (w[i] * w[i]);
                g[i] = 2.0 * budget / w[i];
                lo[i] = lo[i].max(SHRINKS * w[i]).min(region.hi[i]);
            }
        }
        set.solve(&Program { h: &h, a: &region.rows, g: &g, lo: &lo, hi: &region.hi })
    }

    /// With a bound from the data: no portfolio `w` has a value below that of `x` by more than the logarithm of
    /// `u'w / v'w` at its least, where `u = Sigma x / x' Sigma x` and `v_i = b_i / x_i`.
    ///
    /// The risk of `w` is at least `w' Sigma x / sigma(x)` (Cauchy-Schwarz), and the mean of `ln(w_i / x_i)` with
    /// weights `b_i` at most the logarithm of their mean (Jensen).
    fn bounded(&self, mandate: &Mandate, region: &Region, reached: Reached) -> Result<Found, Stop> {
        let Reached { weights, rows, pivots } = reached;
        let product = self.covariance.times(&weights);
        let variance = dot(&product, &weights);
        let u: Vec<f64> = product.iter().map(|s| s / variance).collect();
        let shares = self.budgets.iter().zip(&weights);
        let v: Vec<f64> = shares.map(|(b, w)| if *b > 0.0 { b / w } else { 0.0 }).collect();
        let held = || u.iter().zip(&v).filter(|(_, v)| **v > 0.0);
        let least = match rows {
            None => held().map(|(u, v)| u / v).fold(f64::INFINITY, f64::min),
            Some(rows) => {
                let area = (&region.rows, &region.lo[..], &region.hi[..]);
                let c: Vec<f64> = u.iter().zip(&v).map(|(u, v)| u - v).collect();
                let mut budget = vec![0.0; rows.len()];
                budget[0] = held().map(|(_, v)| *v).fold(f64::INFINITY, f64::min);
                1.0 + least_linear(area, &c, &rows, &[]) / least_linear(area, &v, &budget, &[])
            }
        };
        let value = mandate.objective().value(&weights);
        let bound = value + libm::log(least.min(1.0));
        if bound.is_nan() || value - bound > LOOSE * (1.0 + value.abs()) {
            return Err(Stop::Singular);
        }
        Ok(Found { weights, bound, pivots, nodes: 0, proven: true, note: None })
    }
}

/// How far weights are outside of a region.
fn outside(region: &Region, w: &[f64]) -> f64 {
    let values = region.rows.times(w);
    let all = w.iter().chain(&values).zip(region.lo.iter().zip(&region.hi));
    all.map(|(x, (lo, hi))| (lo - x).max(x - hi)).fold(0.0, f64::max)
}
