//! The portfolio of equal or given shares of risk, without constraints.
//!
//! `y > 0` minimizes `y' Sigma y / 2 - sum b_i ln y_i`: one asset after the other in closed form, and Newton's
//! method where that is slow. In units of the portfolio the second derivatives are `y_i Sigma_ij y_j` and `b_i` on
//! the diagonal; the rows of the first sum to `b`, so that where no asset hedges another the condition is at
//! most 2 and a sweep gains a digit.
//!
//! Griveau-Billion, Richard & Roncalli (2013), A fast algorithm for computing high-dimensional risk parity
//! portfolios; Spinu (2013), An algorithm for computing risk parity weights.

use walkfolio_core::linear::{dot, dot_in_lanes, solve};
use walkfolio_core::{Covariance, Interrupt, Matrix};

/// Shares of risk that miss their budgets by this part of the largest are exact.
const EXACT: f64 = 1e-13;
/// Sweeps after which Newton's method takes over.
const SWEEPS: usize = 60;
/// More steps than Newton's method needs.
const STEPS: usize = 200;
/// Without progress at this size the last digits are rounding.
const ROUNDING: f64 = 1e-11;

/// `y` with `y_i (Sigma y)_i = b_i`; 0 where `b_i` is. None if it is not found to 1e-11 of the largest budget.
///
/// # Panics
/// Unless every asset with a budget has a variance, and there is a budget for each asset.
pub(crate) fn risk_parity(
    covariance: &Covariance,
    budgets: &[f64],
    interrupt: &Interrupt,
) -> Option<Vec<f64>> {
    let mut sigma = Sigma::of(covariance);
    let variances = covariance.diagonal();
    let mut y: Vec<f64> = budgets.iter().zip(&variances).map(|(b, v)| (b / v).sqrt()).collect();
    // The best multiple of the first guess has a variance of 1.
    let risk = covariance.variance(&y).sqrt();
    for y in &mut y {
        *y /= risk;
    }
    sigma.begin(&y);
    let largest = budgets.iter().fold(0.0f64, |a, b| a.max(*b));
    let mut last = f64::INFINITY;
    for _ in 0..SWEEPS {
        sweep(&mut sigma, (budgets, &variances), &mut y);
        let off = sigma.off(budgets, &y) / largest;
        if off <= EXACT || (off <= ROUNDING && off >= last) {
            // Products that were kept up to date may have drifted away.
            sigma.begin(&y);
            if sigma.off(budgets, &y) <= ROUNDING * largest {
                return Some(y);
            }
        }
        last = off;
        if interrupt.is_raised() {
            return None;
        }
    }
    newton(&covariance.to_dense(), budgets, y, largest)
}

/// Each asset with a budget in its turn at the positive root of `v y^2 + a y = b`.
fn sweep(sigma: &mut Sigma<'_>, (budgets, variances): (&[f64], &[f64]), y: &mut [f64]) {
    for i in 0..y.len() {
        let (b, v) = (budgets[i], variances[i]);
        if b == 0.0 {
            continue;
        }
        let a = sigma.product(i, y[i]) - v * y[i];
        let root = (a * a + 4.0 * v * b).sqrt();
        let next = if a > 0.0 { 2.0 * b / (a + root) } else { (root - a) / (2.0 * v) };
        sigma.moved(i, next - y[i]);
        y[i] = next;
    }
}

/// Damped steps in units of the portfolio: the function is self-concordant times the smallest budget.
fn newton(sigma: &Matrix, budgets: &[f64], mut y: Vec<f64>, largest: f64) -> Option<Vec<f64>> {
    let held: Vec<usize> = (0..y.len()).filter(|&i| budgets[i] > 0.0).collect();
    let k = held.len();
    let mut last = f64::INFINITY;
    for _ in 0..STEPS {
        let product = sigma.times(&y);
        let gradient: Vec<f64> = held.iter().map(|&i| y[i] * product[i] - budgets[i]).collect();
        let off = gradient.iter().fold(0.0f64, |a, g| a.max(g.abs())) / largest;
        if off <= EXACT || (off <= ROUNDING && off >= last) {
            return Some(y);
        }
        last = off;
        let mut hessian = Matrix::zeros(k, k);
        for (a, &i) in held.iter().enumerate() {
            let row = hessian.row_mut(a);
            held.iter().zip(row).for_each(|(&j, value)| *value = y[i] * sigma[(i, j)] * y[j]);
            hessian[(a, a)] += budgets[i];
        }
        let step = solve(&hessian.cholesky()?, &gradient);
        let decrement = dot(&step, &gradient).max(0.0);
        let largest_step = step.iter().fold(0.0f64, |a, s| a.max(s.abs()));
        let damped = if decrement.sqrt() > 1e-3 { 1.0 / (1.0 + largest_step) } else { 1.0 };
        held.iter().zip(&step).for_each(|(&i, step)| y[i] *= 1.0 - damped * step);
    }
    None
}

/// Products of the covariance with a portfolio that changes in one asset at a time.
enum Sigma<'a> {
    /// `Sigma y`, kept up to date.
    Dense { matrix: std::borrow::Cow<'a, Matrix>, product: Vec<f64> },
    /// `Sigma = R'R + diag(own)` with few rows `R`: `R y` is kept.
    Rows { columns: Matrix, own: Vec<f64>, exposures: Vec<f64> },
}

impl<'a> Sigma<'a> {
    fn of(covariance: &'a Covariance) -> Self {
        use std::borrow::Cow;
        let n = covariance.assets();
        let few = covariance.root_rows().filter(|rows| 2 * rows < n);
        match (covariance.as_dense(), few.and_then(|_| covariance.root().ok())) {
            (Some(matrix), _) => Self::Dense { matrix: Cow::Borrowed(matrix), product: vec![] },
            (None, Some(root)) => {
                let own = root.diagonal.map_or_else(
                    || vec![0.0; n],
                    |diagonal| diagonal.iter().map(|d| d * d).collect(),
                );
                Self::Rows { columns: root.rows.transposed(), own, exposures: vec![] }
            }
            (None, None) => {
                Self::Dense { matrix: Cow::Owned(covariance.to_dense()), product: vec![] }
            }
        }
    }

    fn begin(&mut self, y: &[f64]) {
        match self {
            Self::Dense { matrix, product } => *product = matrix.times(y),
            Self::Rows { columns, exposures, .. } => *exposures = columns.transpose_times(y),
        }
    }

    /// `(Sigma y)_i`.
    fn product(&self, i: usize, y: f64) -> f64 {
        match self {
            Self::Dense { product, .. } => product[i],
            Self::Rows { columns, own, exposures } => {
                dot_in_lanes(columns.row(i), exposures) + own[i] * y
            }
        }
    }

    /// `y_i` has changed.
    fn moved(&mut self, i: usize, by: f64) {
        let (row, kept) = match self {
            Self::Dense { matrix, product } => (matrix.row(i), product),
            Self::Rows { columns, exposures, .. } => (columns.row(i), exposures),
        };
        kept.iter_mut().zip(row).for_each(|(kept, value)| *kept += by * value);
    }

    /// The largest `|y_i (Sigma y)_i - b_i|`.
    fn off(&self, budgets: &[f64], y: &[f64]) -> f64 {
        let off = |(i, y): (usize, &f64)| (y * self.product(i, *y) - budgets[i]).abs();
        y.iter().enumerate().map(off).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(covariance: &Covariance, budgets: &[f64]) {
        let y = risk_parity(covariance, budgets, &Interrupt::default()).unwrap();
        let product = covariance.times(&y);
        for ((y, s), b) in y.iter().zip(&product).zip(budgets) {
            assert!((y * s - b).abs() < 1e-12, "{y} {s} {b}");
        }
    }

    #[test]
    fn hedges_of_each_other_need_newton() {
        // Correlations of -0.4999 between three assets: next to a portfolio without risk.
        let c = -0.4999;
        let matrix = Matrix::from_rows(3, 3, vec![1.0, c, c, c, 1.0, c, c, c, 1.0]);
        check(&Covariance::dense(matrix).unwrap(), &[0.6, 0.3, 0.1]);
    }

    #[test]
    fn few_rows_are_the_full_matrix() {
        let (n, k) = (9, 2);
        let loadings = (0..n * k).map(|i| 0.3 + ((i * 7) % 5) as f64 * 0.1).collect();
        let factors = Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.02]);
        let own = (0..n).map(|i| 0.01 + 0.01 * i as f64).collect();
        let factor = Covariance::factor(Matrix::from_rows(n, k, loadings), factors, own).unwrap();
        let budgets: Vec<f64> = (0..n).map(|i| if i == 4 { 0.0 } else { 0.125 }).collect();
        check(&factor, &budgets);
        let dense = Covariance::dense(factor.to_dense()).unwrap();
        let solved = |covariance| risk_parity(covariance, &budgets, &Interrupt::default()).unwrap();
        for (a, b) in solved(&factor).iter().zip(solved(&dense)) {
            assert!((a - b).abs() < 1e-12);
        }
    }
}
