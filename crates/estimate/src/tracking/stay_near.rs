//! A pull towards what is held already.

use walkfolio_core::{Covariance, Matrix};

use super::TrackingMoments;
use crate::{Error, Result};

impl TrackingMoments {
    /// The moments with a ridge around a portfolio: `||R w - r_M||^2 + c ||w - w0||^2`, `c` being
    /// `strength` times the mean of the diagonal of `R'R`.
    ///
    /// It keeps weights that the window hardly tells apart where they are, and saves turnover.
    ///
    /// # Shape and units
    /// `held` has a weight for each asset; `strength` is a pure number.
    /// # Errors
    /// [`Error::Held`] if the lengths differ, [`Error::Core`] if `strength` is so negative that no
    /// covariance is left.
    /// # Source
    /// Hoerl & Kennard (1970), Ridge Regression, Technometrics 12(1), about `w0` in place of zero.
    /// # Examples
    /// ```
    /// use walkfolio_core::Matrix;
    /// use walkfolio_estimate::tracking::TrackingMoments;
    ///
    /// let returns = Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 3.0]);
    /// let moments = TrackingMoments::of_window(&returns, &[0.0, 0.0])?.near(&[0.5, 0.5], 0.1)?;
    /// // The mean of 1 and 9 is 5, a tenth of it 0.5.
    /// assert_eq!(moments.cross, [0.25, 0.25]);
    /// assert_eq!(moments.benchmark_square, 0.25);
    /// # Ok::<(), walkfolio_estimate::Error>(())
    /// ```
    pub fn near(mut self, held: &[f64], strength: f64) -> Result<Self> {
        if held.len() != self.cross.len() {
            let (expected, found) = (self.cross.len(), held.len());
            return Err(Error::Held { expected, found });
        }
        let mut second = self.second_moment.to_dense();
        let ridge = strength * mean_diagonal(&second);
        for (i, &w) in held.iter().enumerate() {
            second[(i, i)] += ridge;
            self.cross[i] += ridge * w;
            self.benchmark_square += ridge * w * w;
        }
        self.second_moment = Covariance::dense(second)?;
        Ok(self)
    }
}

/// `tr(H) / n`.
pub(super) fn mean_diagonal(matrix: &Matrix) -> f64 {
    let n = matrix.rows();
    (0..n).map(|i| matrix[(i, i)]).sum::<f64>() / n.max(1) as f64
}
