//! The sum of absolute weights.

use super::part::Limits;
use super::rule::{Absolute, Rule, above, least_absolute, up};
use crate::cone::program::Program;
use crate::{Error, Result};

/// `sum |w| <= max`.
///
/// # Shape and units
/// A multiple of equity: 1.6 is 130 % long and 30 % short.
/// # Examples
/// ```
/// use walkfolio_optimize::{Constraints, GrossLeverage};
///
/// let constraints = Constraints::between(vec![-1.0; 2], vec![2.0; 2])?;
/// let constraints = constraints.with(GrossLeverage::new(1.6)?)?;
/// assert!((constraints.violation(&[1.5, -0.5]) - 0.4).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GrossLeverage {
    name: String,
    max: f64,
}

impl GrossLeverage {
    /// With a limit.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is not finite.
    pub fn new(max: f64) -> Result<Self> {
        if !max.is_finite() {
            return Err(Error::Invalid("a bound is not finite".to_owned()));
        }
        Ok(Self { name: "gross leverage".to_owned(), max })
    }

    /// Called so in messages.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }
}

impl Rule for GrossLeverage {
    fn name(&self) -> &str {
        &self.name
    }

    fn absolute(&self) -> Option<Absolute<'_>> {
        Some(Absolute { from: None, max: self.max })
    }

    fn violation(&self, w: &[f64]) -> f64 {
        w.iter().map(|w| w.abs()).sum::<f64>() - self.max
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, self.max)
    }

    /// The least sum of absolute weights.
    fn stretch(&self, program: &mut Program) -> bool {
        least_absolute(program, None);
        true
    }

    fn needed(&self, x: &[f64], added: usize) -> Limits {
        Limits { min: None, max: Some(x[added..].iter().sum()) }
    }

    fn widen(&mut self, limits: Limits) {
        if let Some(max) = limits.max {
            self.max = above(max);
        }
    }

    fn advice(&self, limits: Limits) -> String {
        format!("raise {} to at least {}", self.name, up(limits.max.unwrap_or_default()))
    }
}
