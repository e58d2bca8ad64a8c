//! A mandate near a portfolio: what a small step away from it costs.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use super::slope::{kinks, smooth};
use crate::mandate::Mandate;
use crate::objective::form::{Kernel, PerRisk};

/// What a step `d` away from a portfolio adds to what is minimized: `d'H d + g'd` and the change of the costs,
/// `sum c_i (|w_i + d_i - at_i| - |w_i - at_i|)`.
///
/// # Shape and units
/// `H` is `n x n`, positive semidefinite; in the objective's own unit, smaller is better.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, MinimumVariance};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
/// let model = mandate.model(&[0.2, 0.8]);
/// let (w, d) = ([0.21, 0.79], [0.01, -0.01]);
/// let step = model.step(&[0.2, 0.8], &d);
/// assert!(model.is_exact && (mandate.value(&w) - mandate.value(&[0.2, 0.8]) - step).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Model {
    /// `H`.
    pub matrix: Matrix,
    /// `g`.
    pub gradient: Vec<f64>,
    /// Where each cost has its kink, and the cost of a unit on either side of it.
    pub kinks: Vec<(Vec<f64>, Vec<f64>)>,
    /// Whether a step adds exactly so much: of a quadratic objective. Else it is so up to the second order.
    pub is_exact: bool,
}

impl Model {
    /// What a step away from `w` adds.
    pub fn step(&self, w: &[f64], d: &[f64]) -> f64 {
        let curved = dot(&self.matrix.times(d), d) + dot(&self.gradient, d);
        let kinked = self.kinks.iter().map(|(at, costs)| {
            let of = |i: usize| {
                let from = w[i] - at[i];
                costs[i] * ((from + d[i]).abs() - from.abs())
            };
            (0..d.len()).map(of).sum::<f64>()
        });
        curved + kinked.sum::<f64>()
    }
}

impl Mandate {
    /// What a small step away from a portfolio costs.
    ///
    /// Of a quadratic objective it is exact. Of a utility or a ratio of gain and risk it is the second order
    /// of the utility that has the same portfolio as its best; of any other objective the squared distance of
    /// the weights is in the place of `H`, and the gradient is that of finite differences.
    ///
    /// # Panics
    /// Unless there is one weight for each asset.
    /// # Examples
    /// See [`Model`].
    pub fn model(&self, w: &[f64]) -> Model {
        let l2 = self.penalties().l2;
        let (matrix, is_exact) = match self.quadratic() {
            Some(quadratic) => (quadratic.matrix(), !self.has_impact()),
            None => (self.curvature(w, l2), false),
        };
        Model { matrix, gradient: smooth(self, w), kinks: kinks(self), is_exact }
    }

    /// Where the cost of each asset has its kink, and the cost of a unit on either side of it: those of trading
    /// and of an l1 penalty.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix, TradingCost};
    /// use walkfolio_optimize::{Costs, Mandate, MinimumVariance};
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(1, 1, vec![0.04]))?;
    /// let costs = Costs::new(vec![0.5], vec![TradingCost::linear(0.001)], 12.0)?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?.with_costs(costs)?;
    /// assert_eq!(mandate.kinks(), [(vec![0.5], vec![0.012])]);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn kinks(&self) -> Vec<(Vec<f64>, Vec<f64>)> {
        kinks(self)
    }

    fn has_impact(&self) -> bool {
        self.costs().is_some_and(crate::Costs::has_impact)
    }

    /// Half the second derivatives of `lambda sigma(w) + aversion / 2 sigma(w)^2`.
    fn curvature(&self, w: &[f64], l2: f64) -> Matrix {
        let objective = self.objective();
        let risk = match (objective.as_dyn().per_risk(), objective.kernel()) {
            (Some(PerRisk { gain, covariance, .. }), _) => {
                let sigma = covariance.variance(w).sqrt();
                // The ratio itself falls by the utility's fall in units of risk.
                Some((covariance, dot(gain, w).abs() / (sigma * sigma), 0.0))
            }
            (None, Some(Kernel::Utility { covariance, lambda, aversion, .. })) => {
                Some((covariance, lambda, aversion))
            }
            _ => None,
        };
        let n = w.len();
        let Some((covariance, lambda, aversion)) = risk else {
            let mut matrix = Matrix::zeros(n, n);
            (0..n).for_each(|i| matrix[(i, i)] = 1.0 + l2);
            return matrix;
        };
        let sw = covariance.times(w);
        let variance = dot(&sw, w).max(f64::MIN_POSITIVE);
        let times = 0.5 * lambda / variance.sqrt();
        let mut matrix = covariance.to_dense();
        for i in 0..n {
            for j in 0..n {
                let own = matrix[(i, j)];
                matrix[(i, j)] = times * (own - sw[i] * sw[j] / variance) + 0.5 * aversion * own;
            }
            matrix[(i, i)] += l2;
        }
        matrix
    }
}
