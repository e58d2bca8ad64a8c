//! The portfolio's exposure to something that each asset has more or less of.

use super::part::Limits;
use super::rule::{Row, Rule, widen_row};
use crate::Result;

/// `min <= b'w <= max` of a factor's loadings, a score or another characteristic of the assets, under a name.
///
/// # Shape and units
/// `b` has one value for each asset; the range is in its unit, and an end without a limit is infinite.
/// # Source
/// Grinold & Kahn (2000), Active Portfolio Management, ch. 3 and 14.
/// # Examples
/// ```
/// use walkfolio_optimize::{Constraints, Exposure};
///
/// let size = Exposure::new("exposure to SMB", vec![0.8, -0.2], f64::NEG_INFINITY, 0.1)?;
/// let constraints = Constraints::long_only(2, 1.0)?.with(size)?;
/// // 0.8 * 0.5 - 0.2 * 0.5 is 0.2 above 0.1.
/// assert!((constraints.violation(&[0.5, 0.5]) - 0.2).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    name: String,
    coefficients: Vec<f64>,
    min: f64,
    max: f64,
}

impl Exposure {
    /// From the assets' values and the range of the portfolio's, under the name that messages give it.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for values that are not finite, or an empty range.
    pub fn new(name: &str, values: Vec<f64>, min: f64, max: f64) -> Result<Self> {
        let exposure = Self { name: name.to_owned(), coefficients: values, min, max };
        exposure.check(exposure.coefficients.len())?;
        Ok(exposure)
    }
}

impl Rule for Exposure {
    fn name(&self) -> &str {
        &self.name
    }

    fn row(&self) -> Option<Row<'_>> {
        Some(Row { coefficients: &self.coefficients, min: self.min, max: self.max })
    }

    fn widen(&mut self, limits: Limits) {
        widen_row(&mut self.min, &mut self.max, limits);
    }
}
