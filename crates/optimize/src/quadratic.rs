//! Quadratic objectives in the form that the cone program, the kernel and the bounds share.

use walkfolio_core::{Covariance, Matrix};

/// A quadratic objective: `factor w'S w + l2 w'w - 2c'w + constant`, to be minimized.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quadratic<'a> {
    pub covariance: &'a Covariance,
    pub factor: f64,
    pub l2: f64,
    pub linear: Linear<'a>,
    /// Without an l1 penalty that does not act.
    pub constant: f64,
}

/// The vector `c`: some values, each times a factor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linear<'a> {
    pub values: &'a [f64],
    pub times: f64,
}

impl<'a> Quadratic<'a> {
    /// `c`.
    pub fn half_linear(&self) -> impl Iterator<Item = f64> + 'a {
        let Linear { values, times } = self.linear;
        values.iter().map(move |value| times * value)
    }

    /// `factor S + l2 I`.
    pub fn matrix(&self) -> Matrix {
        let mut matrix = self.covariance.to_dense();
        let n = matrix.rows();
        for i in 0..n {
            if self.factor != 1.0 {
                matrix.row_mut(i).iter_mut().for_each(|value| *value *= self.factor);
            }
            matrix[(i, i)] += self.l2;
        }
        matrix
    }

    /// The rows and columns of some assets of [`matrix`](Self::matrix).
    pub fn matrix_of(&self, assets: &[usize]) -> Matrix {
        let k = assets.len();
        let mut matrix = Matrix::zeros(k, k);
        let mut unit = vec![0.0; self.covariance.assets()];
        for (a, &i) in assets.iter().enumerate() {
            unit[i] = 1.0;
            let column = self.covariance.times(&unit);
            unit[i] = 0.0;
            for (b, &j) in assets.iter().enumerate().skip(a) {
                let l2 = if a == b { self.l2 } else { 0.0 };
                matrix[(a, b)] = self.factor * column[j] + l2;
                matrix[(b, a)] = matrix[(a, b)];
            }
        }
        matrix
    }
}
