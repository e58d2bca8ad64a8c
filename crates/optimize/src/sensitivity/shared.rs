//! The prices of the limits that several assets share, from the assets that nothing of their own holds.
//!
//! An asset between its bounds and at no kink has no multiplier but these, so that they follow from such assets
//! alone: a few unknowns in place of one for each asset.

use walkfolio_core::Matrix;
use walkfolio_core::linear::max_abs;

use super::slope::slope;
use super::{LARGEST, System};
use crate::constraint::Part;
use crate::kernel::{ActiveSet, Program};
use crate::mandate::Mandate;

/// The least squares have a ridge of this.
const RIDGE: f64 = 1e-12;

/// What the limits that several assets share leave of an objective's gradient.
///
/// # Examples
/// See [`Mandate::shared_prices`].
#[derive(Debug, Clone, PartialEq)]
pub struct SharedPrices {
    /// The price of the sum of weights: what a unit more to invest is worth.
    pub budget: f64,
    /// The gradient of what is minimized, one value for each asset; at the kink of a cost without its slope.
    pub gradient: Vec<f64>,
    /// What these prices leave of it: the assets' own bounds and costs explain that.
    pub own: Vec<f64>,
    /// The largest part of the gradient that neither explains, as a fraction of its size.
    pub unexplained: f64,
}

impl Mandate {
    /// The prices of the limits that several assets share at a portfolio: those of
    /// [`sensitivity`](Self::sensitivity), without those of each asset's own bounds.
    ///
    /// Where no asset is free to move the price of the sum of weights is in the middle of those that explain the
    /// gradient. `None` where the free assets do not determine the prices.
    ///
    /// # Shape and units
    /// One weight for each asset.
    /// # Panics
    /// Unless there is one weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, MinimumVariance};
    ///
    /// // 0.2 and 0.8 would be best, the second may be 0.6 at most.
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 0.6)?;
    /// let found = mandate.shared_prices(&[0.4, 0.6]).unwrap();
    /// // The gradient is 0.08 * 0.4 and 0.02 * 0.6: a unit more to invest costs what the first does.
    /// assert!((found.budget + 0.032).abs() < 1e-9);
    /// assert!((found.own[1] + 0.02).abs() < 1e-9 && found.own[0].abs() < 1e-9);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn shared_prices(&self, w: &[f64]) -> Option<SharedPrices> {
        assert_eq!(w.len(), self.constraints().assets(), "one weight for each asset");
        let gradient = slope(self, w);
        let size = max_abs(&gradient);
        if size == 0.0 {
            let own = gradient.clone();
            return Some(SharedPrices { budget: 0.0, gradient, own, unexplained: 0.0 });
        }
        let scaled = gradient.iter().map(|g| g / size).collect();
        let system = System::of(self, w, (scaled, size));
        let (prices, shared) = system.shared()?;
        let mut left = system.gradient.clone();
        let (mut low, mut high) = (vec![0.0; w.len()], vec![0.0; w.len()]);
        let mut budget = 0.0;
        for (&at, &price) in shared.iter().zip(&prices) {
            let column = &system.columns[at];
            column.values.iter().for_each(|&(i, value)| left[i] -= value * price);
            if let Some((own, times)) = &column.of
                && own.part == Part::Budget
            {
                budget = size * times * price;
            }
        }
        // At the kink of a limit of trades its slope is a part of what is shared.
        for column in system.columns.iter().filter(|column| column.within.is_some()) {
            let within = shared.iter().position(|at| Some(*at) == column.within);
            let most = within.map_or(0.0, |at| prices[at]);
            column.values.iter().for_each(|&(i, _)| left[i] -= left[i].clamp(-most, most));
        }
        for (i, range) in system.singles() {
            (low[i], high[i]) = (low[i] + range.0, high[i] + range.1);
        }
        let beyond = |i: usize| (left[i] - high[i]).max(low[i] - left[i]).max(0.0);
        let unexplained = (0..w.len()).map(beyond).fold(0.0, f64::max);
        let own = left.iter().map(|g| size * g).collect();
        Some(SharedPrices { budget, gradient, own, unexplained })
    }
}

impl System {
    /// The assets that a bound or a kink of their own holds, and between which values its multiplier is.
    fn singles(&self) -> impl Iterator<Item = (usize, (f64, f64))> {
        let own = self.columns.iter().filter(|column| !column.is_shared());
        own.map(|column| (column.values[0].0, column.range))
    }

    /// The prices of the shared limits, and which columns they are.
    fn shared(&self) -> Option<(Vec<f64>, Vec<usize>)> {
        // The parts of losses that tie have a sum that single prices do not know.
        if !self.sums.is_empty() {
            return None;
        }
        let n = self.gradient.len();
        let mut free = vec![true; n];
        self.singles().for_each(|(i, _)| free[i] = false);
        let kinked = self.columns.iter().filter(|column| column.within.is_some());
        kinked.for_each(|column| free[column.values[0].0] = false);
        let shared: Vec<usize> = (0..self.columns.len())
            .filter(|&at| self.columns[at].is_shared() && self.columns[at].within.is_none())
            .collect();
        let count = free.iter().filter(|free| **free).count();
        if shared.is_empty() {
            return Some((Vec::new(), shared));
        }
        if count == 0 && shared.len() == 1 {
            return Some((vec![self.between(shared[0])?], shared));
        }
        if count < shared.len() {
            return None;
        }
        let mut rows = Matrix::zeros(n, shared.len());
        for (c, &at) in shared.iter().enumerate() {
            let column = &self.columns[at];
            column.values.iter().filter(|(i, _)| free[*i]).for_each(|&(i, v)| rows[(i, c)] += v);
        }
        let mut h = rows.gram();
        (0..shared.len()).for_each(|c| h[(c, c)] += RIDGE * count as f64);
        let g = rows.transpose_times(&self.gradient);
        let a = Matrix::zeros(0, shared.len());
        let (lo, hi): (Vec<f64>, Vec<f64>) =
            shared.iter().map(|&at| self.columns[at].range).unzip();
        let program = Program { h: &h, a: &a, g: &g, lo: &lo, hi: &hi };
        Some((ActiveSet::new(shared.len(), 0).solve(&program).ok()?.x, shared))
    }

    /// The middle of the prices of the one shared limit, a sum of weights, with which the assets' own multipliers
    /// explain the gradient.
    fn between(&self, shared: usize) -> Option<f64> {
        let column = &self.columns[shared];
        let (mut low, mut high) = column.range;
        let mut ranges = vec![(0.0, 0.0); self.gradient.len()];
        for (i, range) in self.singles() {
            ranges[i] = (ranges[i].0 + range.0, ranges[i].1 + range.1);
        }
        for &(i, value) in column.values.iter().filter(|(_, value)| *value > 0.0) {
            low = low.max((self.gradient[i] - ranges[i].1) / value);
            high = high.min((self.gradient[i] - ranges[i].0) / value);
        }
        let is_open = |end: f64| end.abs() >= 0.5 * LARGEST;
        match (is_open(low), is_open(high)) {
            (true, true) => None,
            (false, true) => Some(low),
            (true, false) => Some(high),
            (false, false) => Some(0.5 * (low + high)),
        }
    }
}
