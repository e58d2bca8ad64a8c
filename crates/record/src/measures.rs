//! The measures of a run, as `measures.json` has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_stats::measures::{Measures, definitions};

use crate::pairs;

/// The measures of one period, in the order of [`definitions`].
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureTable(Vec<(String, Option<f64>)>);

impl MeasureTable {
    /// The value of a key; `None` if it is not defined for the period.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.0.iter().find(|(name, _)| name == key).and_then(|(_, value)| *value)
    }

    /// Every key with its value.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Option<f64>)> {
        self.0.iter().map(|(key, value)| (key.as_str(), *value))
    }
}

impl FromIterator<(String, Option<f64>)> for MeasureTable {
    fn from_iter<I: IntoIterator<Item = (String, Option<f64>)>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl From<&Measures> for MeasureTable {
    fn from(measures: &Measures) -> Self {
        Self(measures.iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

impl Serialize for MeasureTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        pairs::serialize(&self.0, serializer)
    }
}

/// Keys that a table lacks are not defined, those that this version does not know are left out.
impl<'de> Deserialize<'de> for MeasureTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<String, Option<f64>>::deserialize(deserializer)?;
        let keys = definitions().iter().map(|definition| definition.key);
        Ok(keys.map(|key| (key.to_owned(), read.get(key).copied().flatten())).collect())
    }
}

/// The measures of the full sample and of each regime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureSet {
    /// The full sample, from `measure.first` on.
    pub full: MeasureTable,
    /// By regime, in the study's order.
    #[serde(with = "pairs")]
    pub regimes: Vec<(String, MeasureTable)>,
}

/// The measures of a run and those next to them, as `measures.json` has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AllMeasures {
    /// The run's own: full sample.
    pub full: MeasureTable,
    /// The run's own, by regime.
    #[serde(with = "pairs")]
    pub regimes: Vec<(String, MeasureTable)>,
    /// Gross of costs, where the study charges for trading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_costs: Option<MeasureSet>,
    /// The benchmark's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<MeasureSet>,
}
