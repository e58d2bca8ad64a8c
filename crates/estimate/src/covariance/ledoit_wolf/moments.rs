//! What the intensities of structured targets are made of.

use walkfolio_core::{Covariance, Matrix};

use crate::Result;
use crate::means::scaled;

/// Moments of centred returns, each divided by the number of rows.
pub(super) struct Moments<'a> {
    pub(super) y: &'a Matrix,
    /// `S` itself, where there are more rows than assets.
    pub(super) sample: Option<Matrix>,
    /// `S_ii`.
    pub(super) variance: Vec<f64>,
    /// `|S|^2`, the sum of all squares.
    square: f64,
    /// `sum_ij pi_ij`, the variances of the entries of `S`, times `T`.
    pi: f64,
    /// `sum_i pi_ii`.
    pub(super) own_pi: f64,
}

/// A target with the variances of `S`: `F_ij = c_i c_j weight` for `i != j`.
pub(super) struct Target {
    pub(super) loading: Vec<f64>,
    pub(super) weight: f64,
    /// `sum_ij rho_ij`, the covariances of the entries of `F` and `S`, times `T`.
    pub(super) rho: f64,
}

impl<'a> Moments<'a> {
    pub(super) fn of(y: &'a Matrix) -> Self {
        let rows = y.rows() as f64;
        let is_tall = y.rows() > y.cols();
        let products = if is_tall { y.gram() } else { y.transposed().gram() };
        let products = scaled(&products, 1.0 / rows);
        let square = products.values().iter().map(|value| value * value).sum();
        let power = |of: &dyn Fn(f64) -> f64| {
            let mut sums = vec![0.0; y.cols()];
            for row in y.iter_rows() {
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += of(*value));
            }
            sums.into_iter().map(|sum: f64| sum / rows).collect::<Vec<f64>>()
        };
        let variance = power(&|value| value * value);
        let fourth = power(&|value| value.powi(4));
        let own_pi = fourth.iter().zip(&variance).map(|(fourth, v)| fourth - v * v).sum();
        let lengths = y.iter_rows().map(|y| y.iter().map(|value| value * value).sum::<f64>());
        let pi = lengths.map(|length| length * length).sum::<f64>() / rows - square;
        Self { y, sample: is_tall.then_some(products), variance, square, pi, own_pi }
    }

    /// The mean over the rows.
    pub(super) fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        (0..self.y.rows()).map(of).sum::<f64>() / self.y.rows() as f64
    }

    /// `delta F + (1 - delta) S`, times `periods`; with fewer rows than assets as loadings on the target
    /// and the rows, where the target has such a form.
    pub(super) fn towards(&self, target: &Target, periods: f64) -> Result<Covariance> {
        let delta = self.intensity(target);
        let (c, weight) = (&target.loading, target.weight);
        let dense = |sample: &Matrix| {
            let mut sigma = sample.clone();
            for i in 0..c.len() {
                for j in 0..c.len() {
                    let to = if i == j { self.variance[i] } else { weight * c[i] * c[j] };
                    sigma[(i, j)] = (delta * to + (1.0 - delta) * sample[(i, j)]) * periods;
                }
            }
            Ok(Covariance::dense(sigma)?)
        };
        match &self.sample {
            Some(sample) => dense(sample),
            None if weight < 0.0 => dense(&scaled(&self.y.gram(), 1.0 / self.y.rows() as f64)),
            None => self.low_rank(target, delta, periods),
        }
    }

    /// Loadings on the target's factor and on the rows of the window.
    fn low_rank(&self, target: &Target, delta: f64, periods: f64) -> Result<Covariance> {
        let (rows, n) = (self.y.rows(), self.y.cols());
        let mut loadings = Matrix::zeros(n, rows + 1);
        let mut weights = Matrix::zeros(rows + 1, rows + 1);
        weights[(rows, rows)] = delta * target.weight * periods;
        for t in 0..rows {
            weights[(t, t)] = (1.0 - delta) / rows as f64 * periods;
            self.y.row(t).iter().enumerate().for_each(|(i, y)| loadings[(i, t)] = *y);
        }
        let mut specific = Vec::with_capacity(n);
        for (i, c) in target.loading.iter().enumerate() {
            loadings[(i, rows)] = *c;
            let own = self.variance[i] - target.weight * c * c;
            specific.push(delta * own.max(0.0) * periods);
        }
        Ok(Covariance::factor(loadings, weights, specific)?)
    }

    /// `(pi - rho) / gamma / T` with `gamma = |F - S|^2`; 0 where the target is reached already.
    fn intensity(&self, target: &Target) -> f64 {
        let gamma = self.distance(target);
        if gamma <= 0.0 {
            return 0.0;
        }
        ((self.pi - target.rho) / gamma / self.y.rows() as f64).clamp(0.0, 1.0)
    }

    fn distance(&self, target: &Target) -> f64 {
        let (c, weight) = (&target.loading, target.weight);
        let Some(sample) = &self.sample else {
            let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
            let (own, loads) = (squares(&self.variance), squares(c));
            let fourth: f64 = c.iter().map(|c| c.powi(4)).sum();
            let along = self.mean(|t| walkfolio_core::linear::dot(self.y.row(t), c).powi(2));
            let own_along: f64 = c.iter().zip(&self.variance).map(|(c, v)| c * c * v).sum();
            return self.square - own - 2.0 * weight * (along - own_along)
                + weight * weight * (loads * loads - fourth);
        };
        // Entry by entry: the difference of the norms would cancel near the target.
        let pairs = (0..c.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        2.0 * pairs.map(|(i, j)| (weight * c[i] * c[j] - sample[(i, j)]).powi(2)).sum::<f64>()
    }
}
