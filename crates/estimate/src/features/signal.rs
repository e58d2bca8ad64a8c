//! Features that users' files supply.

use libm::log;

use super::feature::Feature;
use super::history::MonthEnd;
use crate::Result;

/// What is done to a value before it becomes a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transform {
    /// Nothing.
    #[default]
    Identity,
    /// The natural logarithm; a value that is not positive becomes missing.
    Log,
}

impl Transform {
    /// The transformed value, if it has one.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_estimate::features::Transform;
    /// assert_eq!(Transform::Log.apply(1.0), Some(0.0));
    /// assert_eq!(Transform::Log.apply(-3.0), None);
    /// ```
    pub fn apply(self, value: f64) -> Option<f64> {
        match self {
            Self::Identity => Some(value),
            Self::Log => (value > 0.0).then(|| log(value)),
        }
    }
}

/// The latest value of a user's signal that is known at the month-end: dollar volume, market
/// capitalization, a price-earnings ratio, an earnings surprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// The feature's name.
    pub name: String,
    /// The market's signal that it reads.
    pub panel: String,
    /// What is done to its values.
    pub transform: Transform,
}

impl Feature for Signal {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn rows(&self) -> usize {
        0
    }

    fn months(&self) -> u32 {
        0
    }

    fn value(&self, at: &MonthEnd<'_, '_>, asset: usize) -> Result<Option<f64>> {
        let known = at.past().signal(&self.panel, asset)?;
        Ok(known.and_then(|value| self.transform.apply(value)))
    }
}
