//! The exact efficient frontier: every corner of the path in risk aversion, from the least risk to the
//! largest expected return.
//!
//! Markowitz (1956), The optimization of a quadratic function subject to linear constraints; Niedermayer &
//! Niedermayer (2010), Applying Markowitz's critical line algorithm.

use walkfolio_core::Interrupt;

use super::active_set::ActiveSet;
use super::basis::Basis;
use super::homotopy::Homotopy;
use super::parametric::{Corner, Parametric, Until};
use super::program::{Change, Start, Stop};

/// Corners whose parameters differ by less, relative, are one.
const SAME: f64 = 1e-12;

/// All portfolios with the largest `mean - risk_aversion / 2 variance` for some risk aversion.
///
/// Between two corners weights and mean are linear in `1 / risk_aversion`: what is in between is exact, and
/// no grid is needed.
///
/// # Shape and units
/// As the program's: `H` is the covariance, the reward is the expected returns less costs, both of one unit
/// of time.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::matrix_form::{Frontier, Parametric, Program};
///
/// // Two uncorrelated assets, volatilities of 20 % and 10 %, returns of 10 % and 5 %.
/// let h = Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]);
/// let a = Matrix::from_rows(1, 2, vec![1.0; 2]);
/// let program = Program { h: &h, a: &a, g: &[0.0; 2], lo: &[0.0, 0.0, 1.0], hi: &[1.0; 3] };
/// let path = Parametric {
///     program, costs: &[], reward: &[0.10, 0.05], prices: &[], most: f64::INFINITY,
/// };
/// let frontier = Frontier::trace(&path).unwrap();
/// // From 20 % and 80 % to the first asset alone: 0.05 w - (0.04 w^2 + 0.01 (1 - w)^2) / (2 t) ends at
/// // w = 1 with t = 0.8.
/// assert_eq!(frontier.corners().len(), 2);
/// assert!((frontier.corners()[0].weights[0] - 0.2).abs() < 1e-15);
/// assert!((frontier.corners()[1].risk_aversion - 1.25).abs() < 1e-12);
/// // In the middle of the means is the middle of the weights.
/// assert!((frontier.at_mean(0.08).unwrap()[0] - 0.6).abs() < 1e-12);
/// let same = frontier.at_volatility((0.04f64 * 0.36 + 0.01 * 0.16).sqrt()).unwrap();
/// assert!((same[0] - 0.6).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    corners: Vec<Corner>,
}

impl Frontier {
    /// The frontier of a program whose `g` is zero.
    ///
    /// # Errors
    /// [`Stop`] with the reason; [`Stop::Singular`] also where many portfolios have the least risk.
    pub fn trace(path: &Parametric<'_>) -> Result<Self, Stop> {
        Self::trace_until(path, &Interrupt::default())
    }

    /// As [`trace`](Self::trace), with a flag that is looked at once a corner.
    ///
    /// # Errors
    /// As [`trace`](Self::trace); [`Stop::Limit`] under a raised flag.
    pub fn trace_until(path: &Parametric<'_>, interrupt: &Interrupt) -> Result<Self, Stop> {
        let (n, m) = (path.program.variables(), path.program.rows());
        let mut set = ActiveSet::new(n, m).interrupted_by(interrupt);
        set.trace(path).map(|corners| Self { corners })
    }

    /// The same frontier in other variables, of which these are pieces: without corners at which nothing turns.
    pub(crate) fn joined(&self, join: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let mut corners: Vec<Corner> = Vec::with_capacity(self.corners.len());
        for corner in &self.corners {
            let next = Corner { weights: join(&corner.weights), ..corner.clone() };
            if let [.., before, last] = &corners[..]
                && is_between(last, [before, &next])
            {
                corners.pop();
            }
            corners.push(next);
        }
        Self { corners }
    }

    /// From the least risk to the largest mean.
    pub fn corners(&self) -> &[Corner] {
        &self.corners
    }

    /// The portfolio of the least risk with a mean; the first one for a smaller mean, none for a larger one
    /// than the last has.
    pub fn at_mean(&self, mean: f64) -> Option<Vec<f64>> {
        self.between(
            mean,
            |corner| corner.mean,
            |from, to| (mean - from.mean) / (to.mean - from.mean),
        )
    }

    /// The portfolio of the largest mean with a volatility; the last one for a larger volatility, none for a
    /// smaller one than the first has.
    pub fn at_volatility(&self, volatility: f64) -> Option<Vec<f64>> {
        let first = self.corners.first()?;
        let last = self.corners.last()?;
        if volatility >= last.volatility {
            return Some(last.weights.clone());
        }
        if volatility < first.volatility {
            return None;
        }
        // The variance is linear in the square of the parameter.
        let share = |from: &Corner, to: &Corner| {
            let [t, u] = [from, to].map(|corner| 1.0 / corner.risk_aversion);
            let [v, w, x] = [from.volatility, to.volatility, volatility].map(|v| v * v);
            let at = t * t + (x - v) / (w - v) * (u * u - t * t);
            (at.max(0.0).sqrt() - t) / (u - t)
        };
        self.between(volatility, |corner| corner.volatility, share)
    }

    /// The portfolio with the largest `mean - risk_aversion / 2 variance`.
    pub fn at_risk_aversion(&self, risk_aversion: f64) -> Option<Vec<f64>> {
        let t = 1.0 / risk_aversion;
        let last = self.corners.last()?;
        if risk_aversion < last.risk_aversion {
            return Some(last.weights.clone());
        }
        let of = |corner: &Corner| 1.0 / corner.risk_aversion;
        self.between(t, of, |from, to| (t - of(from)) / (of(to) - of(from)))
    }

    /// In the first segment that reaches a value, by its share of the way.
    fn between(
        &self,
        value: f64,
        of: impl Fn(&Corner) -> f64,
        share: impl Fn(&Corner, &Corner) -> f64,
    ) -> Option<Vec<f64>> {
        let at = self.corners.iter().position(|corner| of(corner) >= value)?;
        let to = &self.corners[at];
        let Some(from) = at.checked_sub(1).map(|before| &self.corners[before]) else {
            return Some(to.weights.clone());
        };
        let share = share(from, to).clamp(0.0, 1.0);
        let pairs = from.weights.iter().zip(&to.weights);
        Some(pairs.map(|(a, b)| a + share * (b - a)).collect())
    }
}

/// Whether a corner is where the straight line between two others has its parameter.
fn is_between(corner: &Corner, [from, to]: [&Corner; 2]) -> bool {
    let [t, at, u] = [from, corner, to].map(|corner| 1.0 / corner.risk_aversion);
    let share = (at - t) / (u - t);
    let ends = from.weights.iter().zip(&to.weights);
    let mut all = corner.weights.iter().zip(ends);
    all.all(|(w, (a, b))| (w - a - share * (b - a)).abs() <= SAME * (1.0 + w.abs()))
}

impl<B: Basis> Homotopy<B> {
    /// The corners of a path from `t = 0` to its end.
    pub fn trace(&mut self, path: &Parametric<'_>) -> Result<Vec<Corner>, Stop> {
        self.warm = false;
        let line = self.line(path);
        let mut begun = Err(Stop::Singular);
        for start in [Start::Inside, Start::Vertex] {
            if begun.is_err() {
                self.start_anew(&path.program, start);
                begun = self.begin(&line, 0.0);
            }
        }
        begun?;
        let zeros = vec![0.0; self.kkt.size];
        let (mut g, mut t, mut corners) = (zeros.clone(), 0.0, Vec::new());
        for _ in 0..40 * self.kkt.size + 100 {
            if self.interrupt.is_raised() {
                break;
            }
            // From the active set itself, so that nothing adds up along the path.
            if self.polish_at(&line, t) > super::finish::TOLERANCE {
                return Err(Stop::Singular);
            }
            self.corner(path, t, &mut corners);
            self.set_rates_in_t(&line, Until::Reward(0.0), &mut g);
            let change = Change { g: &g, lo: &zeros, hi: &zeros };
            let event = self.first_event(&change, path.most - t);
            if event.step.is_infinite() {
                return Ok(corners);
            }
            self.advance(event.step, &change);
            t += event.step;
            self.pieces.t = t;
            match self.meet(&event) {
                // What is feasible does not change with t: past the last corner rounding asked for an exchange.
                Err(Stop::Infeasible(_)) => return Ok(corners),
                Ok(false) => {
                    self.corner(path, t, &mut corners);
                    return Ok(corners);
                }
                Ok(true) => {}
                Err(stop) => return Err(stop),
            }
        }
        Err(Stop::Limit)
    }

    fn corner(&self, path: &Parametric<'_>, t: f64, corners: &mut Vec<Corner>) {
        let weights = self.primal[..self.kkt.variables].to_vec();
        let variance = self.risk_at(path, Until::Utility { lambda: 0.0 }, &weights);
        let (mean, volatility) = (path.reward_at(&weights), variance.sqrt());
        let corner = Corner { weights, risk_aversion: 1.0 / t, mean, volatility };
        match corners.last_mut() {
            Some(last) if t - 1.0 / last.risk_aversion <= SAME * t => {
                last.weights = corner.weights;
                (last.mean, last.volatility) = (mean, volatility);
            }
            _ => corners.push(corner),
        }
    }
}
