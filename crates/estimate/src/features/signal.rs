//! Features that users' files supply.

use libm::log;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, SignalKind};

use super::feature::{Feature, FeatureKey};
use super::history::MonthEnd;
use crate::Result;

/// Features from files of your own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ExtraFeatures(pub Vec<ExtraFeature>);

/// A feature from a file.
///
/// A file with the columns `date, asset, value` gives the value itself. One with
/// `date, asset, constituent, weight, market_cap, pe, actual_eps, estimated_eps` is summed over
/// the constituents, `sum w_i x_i`. The date is the day on which a value became known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraFeature {
    /// What it is.
    pub kind: SignalKind,
    /// The CSV file, below the folder of the source or of `--data`.
    ///
    /// Example: `file = "signals/market_cap.csv"`
    pub file: String,
}

impl ExtraFeatures {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FeatureKey for ExtraFeatures {
    fn validate(&self, faults: &mut Faults) {
        for (index, extra) in self.0.iter().enumerate() {
            if self.0[..index].iter().any(|other| other.kind == extra.kind) {
                let path = format!("[{index}].kind");
                faults.push(&path, "is named twice", "give each kind one file");
            }
        }
    }

    fn features(&self, _: f64) -> Vec<Box<dyn Feature>> {
        let of = |extra: &ExtraFeature| Box::new(Signal::from(extra.kind)) as Box<dyn Feature>;
        self.0.iter().map(of).collect()
    }
}

impl From<SignalKind> for Signal {
    fn from(kind: SignalKind) -> Self {
        let transform = match kind {
            SignalKind::LogDollarVolume => Transform::Log,
            SignalKind::MarketCap | SignalKind::PriceEarnings | SignalKind::EarningsSurprise => {
                Transform::Identity
            }
        };
        Self { name: kind.name().to_owned(), panel: kind.name().to_owned(), transform }
    }
}

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
