//! The measures of a run, as `measures.json` has them.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_core::Date;
use walkfolio_stats::measures::{Measures, definitions};

use crate::pairs;

/// The key of the samples among those of the measures.
const SAMPLES: &str = "samples";

/// The measures of one period, in the order of [`definitions`], and which of them are taken from a part
/// of it.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureTable {
    values: Vec<(String, Option<f64>)>,
    samples: Vec<(String, MeasureSample)>,
}

/// The sessions that a measure is taken from, where its benchmark, factors or risk-free rate cover fewer
/// than the period has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureSample {
    /// The first session.
    pub first: Date,
    /// The last session.
    pub last: Date,
    /// How many there are.
    pub rows: usize,
}

impl MeasureTable {
    /// The measures of some of a period's sessions: `dates` are theirs, and the period has `sessions`.
    pub fn of(measures: &Measures, dates: &[Date], sessions: usize) -> Self {
        let sample = |(key, value): (&'static str, Option<f64>)| {
            let rows = measures.rows(key).filter(|rows| rows.len() < sessions)?;
            let own = dates.get(rows).filter(|_| value.is_some())?;
            let sample =
                MeasureSample { first: *own.first()?, last: *own.last()?, rows: own.len() };
            Some((key.to_owned(), sample))
        };
        Self {
            values: measures.iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            samples: measures.iter().filter_map(sample).collect(),
        }
    }

    /// The value of a key; `None` if it is not defined for the period.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.values.iter().find(|(name, _)| name == key).and_then(|(_, value)| *value)
    }

    /// The sessions that a value is taken from, if these are not all of the period.
    pub fn sample(&self, key: &str) -> Option<&MeasureSample> {
        self.samples.iter().find(|(name, _)| name == key).map(|(_, sample)| sample)
    }

    /// Every key with its value.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Option<f64>)> {
        self.values.iter().map(|(key, value)| (key.as_str(), *value))
    }
}

impl FromIterator<(String, Option<f64>)> for MeasureTable {
    fn from_iter<I: IntoIterator<Item = (String, Option<f64>)>>(rows: I) -> Self {
        Self { values: rows.into_iter().collect(), samples: Vec::new() }
    }
}

impl Serialize for MeasureTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.values.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        if !self.samples.is_empty() {
            let samples: BTreeMap<&str, &MeasureSample> =
                self.samples.iter().map(|(key, sample)| (key.as_str(), sample)).collect();
            map.serialize_entry(SAMPLES, &samples)?;
        }
        map.end()
    }
}

/// What a key of a table has.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Value(Option<f64>),
    Samples(BTreeMap<String, MeasureSample>),
}

/// Keys that a table lacks are not defined, those that this version does not know are left out.
impl<'de> Deserialize<'de> for MeasureTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = BTreeMap::<String, Entry>::deserialize(deserializer)?;
        let samples = match read.remove(SAMPLES) {
            Some(Entry::Samples(found)) => found,
            _ => BTreeMap::new(),
        };
        let keys = || definitions().iter().map(|definition| definition.key);
        let value = |key: &str| match read.get(key) {
            Some(Entry::Value(value)) => *value,
            _ => None,
        };
        Ok(Self {
            values: keys().map(|key| (key.to_owned(), value(key))).collect(),
            samples: keys().filter_map(|key| Some((key.to_owned(), *samples.get(key)?))).collect(),
        })
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
    /// Those of the account, where the study has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<MeasureSet>,
    /// Those of the baselines, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub baselines: BTreeMap<String, MeasureTable>,
}

#[cfg(test)]
mod tests {
    use walkfolio_stats::Covered;
    use walkfolio_stats::measures::{Record, measure};

    use super::*;

    #[test]
    fn measures_of_a_part_state_it_and_are_read_back() {
        let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day));
        let record = Record {
            benchmark: Covered::of([None, Some(0.01), Some(0.02)]),
            ..Record::new(&dates, &[0.1, 0.3, 0.02])
        };
        let table = MeasureTable::of(&measure(&record), &dates, 3);
        let sample = MeasureSample { first: dates[1], last: dates[2], rows: 2 };
        assert_eq!((table.sample("beta"), table.sample("volatility")), (Some(&sample), None));
        let text = serde_json::to_string(&table).unwrap();
        assert!(text.contains(r#""beta":{"first":"2024-01-03","last":"2024-01-04","rows":2}"#));
        assert_eq!(serde_json::from_str::<MeasureTable>(&text).unwrap(), table);
        // A series of the whole period needs no word.
        let whole = Record::new(&dates, &[0.1, 0.3, 0.02]);
        let whole = MeasureTable::of(&measure(&whole), &dates, 3);
        assert!(!serde_json::to_string(&whole).unwrap().contains("samples"));
    }
}
