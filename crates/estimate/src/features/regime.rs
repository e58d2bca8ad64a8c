//! Features that are states of regimes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past};

use super::feature::{Feature, FeatureKey};
use crate::Result;
use crate::regime::Regime;

/// Regimes, by the names of their `[[regime]]`: the probability of each state but the first at the
/// month-end, 1 or 0 where a regime has no probabilities.
///
/// They are the same for all assets of a month, and are not standardized.
///
/// Example: `regimes = ["market"]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RegimeFeatures(pub Vec<String>);

impl RegimeFeatures {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FeatureKey for RegimeFeatures {
    fn validate(&self, faults: &mut Faults) {
        for (index, name) in self.0.iter().enumerate() {
            if self.0[..index].contains(name) {
                let path = format!("[{index}]");
                faults.push(&path, format!("{name} is listed twice"), "list it once");
            }
        }
    }

    /// None of an asset: [`Regime::features`] are of a month.
    fn features(&self, _: f64) -> Vec<Box<dyn Feature>> {
        Vec::new()
    }
}

impl Regime {
    /// The names of its features: `market_bear`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_estimate::regime::{Drawdown, Regime};
    ///
    /// let regime = Regime::new(Drawdown::named("market").into());
    /// assert_eq!(regime.feature_names(), ["market_bear"]);
    /// ```
    pub fn feature_names(&self) -> Vec<String> {
        self.states().iter().skip(1).map(|state| format!("{}_{state}", self.name())).collect()
    }

    /// The probability of each state but the first at the last known close; missing where it is not defined.
    ///
    /// # Errors
    /// As [`Regime::known`].
    pub fn features(&self, past: &Past<'_>) -> Result<Vec<Option<f64>>> {
        let reading = self.known(past)?;
        let value = |state| Some(reading.as_ref()?.probability(state));
        Ok((1..self.states().len()).map(value).collect())
    }
}
