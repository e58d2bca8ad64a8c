//! How much may be traded.

use super::part::Limits;
use super::rule::{Absolute, Rule, above, finite, least_absolute, up};
use crate::cone::program::Program;
use crate::{Error, Result};

/// `spent + 1/2 (sum |w - w0| + sold) <= max`, `w0` the current holdings.
///
/// Each unit that changes hands is counted once: selling all of an asset for another is a turnover of its
/// weight. The first investment of cash, `w0 = 0`, is a turnover of one half.
///
/// # Shape and units
/// Fractions of equity: one current holding for each asset of the mandate, drifted to the time of the trade;
/// `sold` is the sum of absolute holdings of assets that the mandate does not have, and that leave the
/// portfolio whatever it decides; `spent` is the turnover of earlier trades that count towards the limit.
/// # Source
/// Grinold & Kahn (2000), Active Portfolio Management, ch. 16.
/// # Examples
/// ```
/// use walkfolio_optimize::{Constraints, Turnover};
///
/// let constraints = Constraints::long_only(2, 1.0)?;
/// let constraints = constraints.with(Turnover::new(vec![0.6, 0.4], 0.1)?)?;
/// // From 60 : 40 to 80 : 20 is a turnover of 0.2.
/// assert!((constraints.violation(&[0.8, 0.2]) - 0.1).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Turnover {
    name: String,
    current: Vec<f64>,
    sold: f64,
    spent: f64,
    max: f64,
}

impl Turnover {
    /// From current holdings, with a limit.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a holding that is not finite, or a limit that is not at least 0.
    pub fn new(current: Vec<f64>, max: f64) -> Result<Self> {
        finite("current holding", &current)?;
        if !(max.is_finite() && max >= 0.0) {
            return Err(Error::Invalid(format!("the turnover is limited to {max}")));
        }
        Ok(Self { name: "turnover".to_owned(), current, sold: 0.0, spent: 0.0, max })
    }

    /// With the sum of absolute holdings of other assets, which are sold.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is not at least 0.
    pub fn with_sold(self, sold: f64) -> Result<Self> {
        if !(sold.is_finite() && sold >= 0.0) {
            return Err(Error::Invalid(format!("the sum of what is sold is {sold}")));
        }
        Ok(Self { sold, ..self })
    }

    /// With the turnover of earlier trades that count towards the limit, such as those of the last year.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is not at least 0.
    /// # Examples
    /// ```
    /// use walkfolio_optimize::{Constraints, Turnover};
    ///
    /// let year = Turnover::new(vec![0.6, 0.4], 1.0)?.with_spent(0.9)?;
    /// let constraints = Constraints::long_only(2, 1.0)?.with(year)?;
    /// // 0.1 is left, and 0.2 is traded.
    /// assert!((constraints.violation(&[0.8, 0.2]) - 0.1).abs() < 1e-15);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn with_spent(self, spent: f64) -> Result<Self> {
        if !(spent.is_finite() && spent >= 0.0) {
            return Err(Error::Invalid(format!("the turnover so far is {spent}")));
        }
        Ok(Self { spent, ..self })
    }

    /// Called so in messages.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }
}

impl Rule for Turnover {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, assets: usize) -> Result<()> {
        let n = self.current.len();
        if n == assets {
            Ok(())
        } else {
            Err(Error::Invalid(format!("{n} current holdings of {assets} assets")))
        }
    }

    fn absolute(&self) -> Option<Absolute<'_>> {
        Some(Absolute { from: Some(&self.current), max: 2.0 * (self.max - self.spent) - self.sold })
    }

    fn violation(&self, w: &[f64]) -> f64 {
        let traded: f64 = w.iter().zip(&self.current).map(|(w, held)| (w - held).abs()).sum();
        self.spent + 0.5 * (traded + self.sold) - self.max
    }

    fn words(&self) -> String {
        if self.spent > 0.0 {
            return format!("{} {}, of which {} is spent", self.name, self.max, up(self.spent));
        }
        format!("{} {}", self.name, self.max)
    }

    /// The least turnover.
    fn stretch(&self, program: &mut Program) -> bool {
        least_absolute(program, Some(&self.current));
        true
    }

    fn needed(&self, x: &[f64], added: usize) -> Limits {
        let traded: f64 = x[added..].iter().sum();
        Limits { min: None, max: Some(self.spent + 0.5 * (traded + self.sold)) }
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
