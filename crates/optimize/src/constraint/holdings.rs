//! Which weights are not zero.

use super::part::Limits;
use super::rule::Rule;
use crate::{Error, Result};

/// Rules about which weights are not zero, kept exactly by branch and bound.
///
/// A search over holdings is for quadratic objectives and has no gross leverage.
///
/// A position is a weight other than 0, long or short, and its size is `|w|`: with a minimum size `p` a
/// weight is at most `-p`, 0, or at least `p`, each inside its bounds. A minimum number without a
/// minimum size implies a size of one basis point. An asset whose bounds exclude 0 is always held.
///
/// # Shape and units
/// Numbers of assets, and a fraction of equity.
/// # Source
/// Bertsimas & Shioda (2009), Algorithm for cardinality-constrained quadratic optimization.
/// # Examples
/// ```
/// use walkfolio_optimize::{Constraints, Holdings};
///
/// let two = Holdings { max: Some(2), ..Holdings::default() };
/// let constraints = Constraints::long_only(3, 1.0)?.with(two)?;
/// assert_eq!(constraints.violation(&[0.4, 0.3, 0.3]), 1.0);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Holdings {
    /// At most so many.
    pub max: Option<usize>,
    /// At least so many.
    pub min: Option<usize>,
    /// Each is 0 or at least this, in absolute value.
    pub min_position: Option<f64>,
}

/// Weights of this size are none.
const DUST: f64 = 1e-9;

impl Holdings {
    /// Whether there is any rule.
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl Rule for Holdings {
    fn name(&self) -> &'static str {
        "holdings"
    }

    fn check(&self, _: usize) -> Result<()> {
        let unusable = self.min_position.is_some_and(f64::is_nan);
        if unusable {
            return Err(Error::Invalid("the minimum position is not a number".to_owned()));
        }
        Ok(())
    }

    fn is_convex(&self) -> bool {
        !self.any()
    }

    /// Assets too many or too few, or what a position lacks.
    fn violation(&self, w: &[f64]) -> f64 {
        let held = w.iter().filter(|w| w.abs() > DUST).count() as f64;
        let over = self.max.map_or(0.0, |most| held - most as f64);
        let under = self.min.map_or(0.0, |least| least as f64 - held);
        let small = self.min_position.map_or(0.0, |least| {
            let held = w.iter().map(|w| w.abs()).filter(|w| *w > DUST);
            held.map(|w| least - w).fold(0.0, f64::max)
        });
        over.max(under).max(small)
    }

    fn words(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.max.map(|k| format!("max_holdings {k}")));
        words.extend(self.min.map(|k| format!("min_holdings {k}")));
        words.extend(self.min_position.map(|p| format!("a minimum position of {p}")));
        words.join(" and ")
    }

    /// Which rule to give up is not for a solver to say.
    fn widen(&mut self, _: Limits) {}
}
