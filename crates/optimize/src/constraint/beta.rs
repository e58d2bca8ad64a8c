//! The portfolio's beta to a market.

use super::part::Limits;
use super::rule::{Row, Rule, widen_row};
use crate::Result;

/// `min <= beta'w <= max`: one value where both ends are the same.
///
/// # Shape and units
/// `beta` has one value for each asset; 1 moves as the market does.
/// # Examples
/// ```
/// use walkfolio_optimize::{Beta, Constraints};
///
/// let neutral = Beta::new(vec![0.8, 1.2], 0.0, 0.0)?;
/// let constraints = Constraints::between(vec![-1.0; 2], vec![2.0; 2])?.with(neutral)?;
/// // 0.8 * 0.5 + 1.2 * 0.5
/// assert!((constraints.violation(&[0.5, 0.5]) - 1.0).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Beta {
    coefficients: Vec<f64>,
    min: f64,
    max: f64,
}

impl Beta {
    /// From the assets' betas and the range of the portfolio's.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for betas that are not finite, or an empty range.
    pub fn new(betas: Vec<f64>, min: f64, max: f64) -> Result<Self> {
        let beta = Self { coefficients: betas, min, max };
        beta.check(beta.coefficients.len())?;
        Ok(beta)
    }

    /// The assets' betas.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }
}

impl Rule for Beta {
    fn name(&self) -> &'static str {
        "beta"
    }

    fn row(&self) -> Option<Row<'_>> {
        Some(Row { coefficients: &self.coefficients, min: self.min, max: self.max })
    }

    fn widen(&mut self, limits: Limits) {
        widen_row(&mut self.min, &mut self.max, limits);
    }
}
