//! A mandate as the kernel takes it.

use walkfolio_core::Matrix;

use super::Found;
use crate::kernel::subset::Sparse;
use crate::kernel::{ActiveSet, Program, Ratio, Stop, Utility};
use crate::mandate::dot;
use crate::{Constraints, Group, Mandate, Objective};

/// A bound further from its value than this, relative, proves nothing.
const LOOSE: f64 = 1e-8;

/// The dense matrices and vectors of a mandate: variables first, then the budget, then beta.
#[derive(Debug, Clone)]
pub struct Dense {
    /// The second moment or covariance.
    pub matrix: Matrix,
    /// The linear term: cross moments, expected returns or a numerator.
    pub linear: Vec<f64>,
    /// The budget's coefficients, then beta's.
    pub rows: Matrix,
    /// Lower bounds of variables and rows.
    pub lo: Vec<f64>,
    /// Upper bounds of variables and rows.
    pub hi: Vec<f64>,
}

impl Dense {
    /// The dense form of a mandate.
    pub fn of(mandate: &Mandate) -> Self {
        let (covariance, linear) = match &mandate.objective {
            Objective::TrackingError { second_moment, cross, .. } => (second_moment, cross),
            Objective::RobustUtility { expected_returns, covariance, .. } => {
                (covariance, expected_returns)
            }
            Objective::InformationRatio { numerator, covariance, .. } => (covariance, numerator),
        };
        let constraints = &mandate.constraints;
        let n = constraints.assets();
        let mut rows = vec![1.0; n];
        let (mut lo, mut hi) = (constraints.min.clone(), constraints.max.clone());
        lo.push(constraints.budget);
        hi.push(constraints.budget);
        if let Some(beta) = &constraints.beta {
            rows.extend(&beta.coefficients);
            lo.push(beta.min);
            hi.push(beta.max);
        }
        let rows = Matrix::from_rows(lo.len() - n, n, rows);
        Self { matrix: covariance.to_dense(), linear: linear.clone(), rows, lo, hi }
    }

    /// Number of variables and of rows.
    pub fn shape(&self) -> (usize, usize) {
        (self.linear.len(), self.rows.rows())
    }

    /// The quadratic program of a tracking error, or of the path of a robust utility.
    pub fn program(&self) -> Program<'_> {
        Program { h: &self.matrix, a: &self.rows, g: &self.linear, lo: &self.lo, hi: &self.hi }
    }

    /// The robust utility with an aversion to risk.
    pub fn utility(&self, lambda: f64) -> Utility<'_> {
        Utility {
            expected_returns: &self.linear,
            covariance: &self.matrix,
            lambda,
            a: &self.rows,
            lo: &self.lo,
            hi: &self.hi,
        }
    }

    /// The information ratio of an objective that is one.
    pub fn ratio<'a>(&'a self, objective: &'a Objective) -> Option<Ratio<'a>> {
        let Objective::InformationRatio { benchmark, tev_floor, lambda, .. } = objective else {
            return None;
        };
        Some(Ratio {
            numerator: &self.linear,
            covariance: &self.matrix,
            benchmark,
            floor: *tev_floor,
            lambda: *lambda,
            a: &self.rows,
            lo: &self.lo,
            hi: &self.hi,
        })
    }

    /// The search over holdings of a tracking error.
    pub fn sparse(&self, mandate: &Mandate) -> Option<Sparse<'_>> {
        let Objective::TrackingError { benchmark_square, .. } = mandate.objective else {
            return None;
        };
        let rules = &mandate.constraints.holdings;
        Some(Sparse {
            g: &self.matrix,
            c: &self.linear,
            constant: benchmark_square,
            a: &self.rows,
            lo: &self.lo,
            hi: &self.hi,
            max_holdings: rules.max,
            min_holdings: rules.min,
            min_position: rules.min_position,
        })
    }

    /// Solves a convex objective and bounds it from the data alone.
    pub(super) fn solve(&self, objective: &Objective, set: &mut ActiveSet) -> Result<Found, Stop> {
        match objective {
            Objective::TrackingError { benchmark_square, .. } => self.track(*benchmark_square, set),
            Objective::RobustUtility { lambda, .. } => self.maximize(*lambda, set),
            Objective::InformationRatio { .. } => Err(Stop::Limit),
        }
    }

    fn track(&self, benchmark_square: f64, set: &mut ActiveSet) -> Result<Found, Stop> {
        let found = set.solve(&self.program())?;
        let hx = self.matrix.times(&found.x);
        // Convex: q(w) >= q(x) + q'(x)(w - x) for every w.
        let gradient: Vec<f64> =
            hx.iter().zip(&self.linear).map(|(hx, c)| 2.0 * (hx - c)).collect();
        let rows = &found.dual[found.x.len()..];
        let duals: Vec<f64> = rows.iter().map(|dual| 2.0 * dual).collect();
        let bound = benchmark_square - dot(&hx, &found.x) + self.least_linear(&gradient, &duals);
        Ok(Found { weights: found.x, bound, pivots: found.pivots, nodes: 0, proven: true })
    }

    fn maximize(&self, lambda: f64, set: &mut ActiveSet) -> Result<Found, Stop> {
        let (found, theta) = set.maximize_utility(&self.utility(lambda))?;
        let sx = self.matrix.times(&found.x);
        let sigma = dot(&sx, &found.x).max(0.0).sqrt();
        // sigma(w) >= (Sigma x)'w / sigma(x) for every w.
        let slope = if sigma > 0.0 { lambda / sigma } else { 0.0 };
        let cost: Vec<f64> =
            self.linear.iter().zip(&sx).map(|(rho, sx)| slope * sx - rho).collect();
        let rows = &found.dual[found.x.len()..];
        let duals: Vec<f64> = rows.iter().map(|dual| dual / theta).collect();
        let bound = -self.least_linear(&cost, &duals);
        // Where the answer carries next to no risk theta vanishes, and dividing the duals by it
        // leaves rounding: the value may be right, but this does not prove it.
        let value = dot(&self.linear, &found.x) - lambda * sigma;
        let gap = bound - value;
        if gap.is_nan() || gap > LOOSE * (1.0 + value.abs()) {
            return Err(Stop::Singular);
        }
        Ok(Found { weights: found.x, bound, pivots: found.pivots, nodes: 0, proven: true })
    }

    /// A lower bound of `c'w` over all portfolios of the mandate, by weak duality with any
    /// multipliers of its rows.
    fn least_linear(&self, c: &[f64], duals: &[f64]) -> f64 {
        let n = c.len();
        let carried = self.rows.transpose_times(duals);
        let own: f64 = (0..n)
            .map(|i| {
                let rest = c[i] - carried[i];
                (rest * self.lo[i]).min(rest * self.hi[i])
            })
            .sum();
        let rows = duals
            .iter()
            .enumerate()
            .map(|(k, &y)| if y > 0.0 { y * self.lo[n + k] } else { y * self.hi[n + k] });
        own + rows.sum::<f64>()
    }
}

impl Constraints {
    /// The group of constraints that index `i` of the kernel's program belongs to, by the sign of
    /// its multiplier.
    pub(crate) fn group(&self, i: usize, multiplier: f64) -> Group {
        let n = self.assets();
        match i {
            _ if i < n && multiplier > 0.0 => Group::Min,
            _ if i < n => Group::Max,
            _ if i == n => Group::Budget,
            _ => Group::Beta,
        }
    }
}
