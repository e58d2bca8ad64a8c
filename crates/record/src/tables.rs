//! The rows of a run's tables.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use walkfolio_core::{Date, Note, NoteKind, SolveReport};
use walkfolio_stats::measures::{Measures, definitions};

/// The weight of one asset from one session on.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRow {
    /// First session on which the weights earn.
    pub date: Date,
    /// The asset.
    pub asset: String,
    /// Its weight after the trade, a fraction of equity.
    pub weight: f64,
    /// Its weight before the trade.
    pub drifted: f64,
    /// Whether it was allowed to be held.
    pub selected: Option<bool>,
    /// Its probability of inclusion, where a classifier gave one.
    pub probability: Option<f64>,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerRow {
    /// The decision or session; none for what concerns the whole run.
    pub date: Option<Date>,
    /// `solve`, `fallback`, `note` or `warning`.
    pub kind: String,
    /// Which solver, for a solve.
    pub solver: Option<String>,
    /// How it ended.
    pub status: Option<String>,
    /// The objective's value.
    pub objective: Option<f64>,
    /// A bound on it.
    pub bound: Option<f64>,
    /// `|objective - bound| / max(1, |objective|)`.
    pub gap: Option<f64>,
    /// What happened, in words.
    pub message: String,
}

impl LedgerRow {
    /// The row of a solve.
    pub fn of_solve(date: Date, report: &SolveReport) -> Self {
        Self {
            date: Some(date),
            kind: "solve".to_owned(),
            solver: Some(report.solver.to_owned()),
            status: Some(report.status.to_string()),
            objective: report.objective,
            bound: report.bound,
            gap: report.gap,
            message: String::new(),
        }
    }

    /// The row of a note.
    pub fn of_note(date: Option<Date>, note: &Note) -> Self {
        Self {
            date,
            kind: note.kind.as_str().to_owned(),
            solver: None,
            status: None,
            objective: None,
            bound: None,
            gap: None,
            message: note.message.clone(),
        }
    }

    /// The note of a row; none for a solve.
    pub fn note(&self) -> Option<Note> {
        let kinds = [NoteKind::Note, NoteKind::Warning, NoteKind::Fallback];
        let kind = kinds.into_iter().find(|kind| kind.as_str() == self.kind)?;
        Some(Note { kind, message: self.message.clone() })
    }
}

/// What a decision took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimingRow {
    /// The decision.
    pub date: Date,
    /// Wall-clock time of the solve, in microseconds.
    pub micros: u64,
    /// Iterations of an interior-point method.
    pub iterations: u32,
    /// Pivots of an active-set method.
    pub pivots: u32,
    /// Nodes of branch and bound, or intervals of a certificate.
    pub nodes: u64,
}

/// One session of a backtest; all returns are fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnRow {
    /// The session.
    pub date: Date,
    /// Return after costs.
    pub portfolio: f64,
    /// Return before costs.
    pub gross: f64,
    /// Return of the benchmark.
    pub benchmark: Option<f64>,
    /// Return of cash.
    pub cash: Option<f64>,
    /// Turnover at this session's open, 0 where nothing was traded.
    pub turnover: f64,
    /// Fraction of equity paid for it.
    pub cost: f64,
}

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

    /// The table that `measures.json` holds; keys that it lacks are not defined.
    pub fn from_json(value: &Value) -> Self {
        let keys = definitions().iter().map(|definition| definition.key);
        let row = |key: &str| (key.to_owned(), value.get(key).and_then(Value::as_f64));
        Self(keys.map(row).collect())
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
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// The measures of the full sample and of each regime.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureSet {
    /// The full sample, from `measure.first` on.
    pub full: MeasureTable,
    /// By regime, in the study's order.
    pub regimes: Vec<(String, MeasureTable)>,
}

impl MeasureSet {
    /// The set that `measures.json` holds, its regimes in an order.
    pub fn from_json(value: &Value, order: &[String]) -> Option<Self> {
        let table = value.get("regimes")?.as_object()?;
        let regime =
            |name: &String| Some((name.clone(), MeasureTable::from_json(table.get(name)?)));
        Some(Self {
            full: MeasureTable::from_json(value.get("full")?),
            regimes: order.iter().filter_map(regime).collect(),
        })
    }
}

/// The measures of a run and those set beside them, as `measures.json` has them.
pub struct AllMeasures<'a> {
    /// The run's own.
    pub run: &'a MeasureSet,
    /// Gross of costs, where the study charges for trading.
    pub without_costs: Option<&'a MeasureSet>,
    /// The benchmark's own.
    pub benchmark: Option<&'a MeasureSet>,
}

impl Serialize for AllMeasures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("full", &self.run.full)?;
        map.serialize_entry("regimes", &Regimes(&self.run.regimes))?;
        if let Some(set) = self.without_costs {
            map.serialize_entry("without_costs", set)?;
        }
        if let Some(set) = self.benchmark {
            map.serialize_entry("benchmark", set)?;
        }
        map.end()
    }
}

struct Regimes<'a>(&'a [(String, MeasureTable)]);

impl Serialize for Regimes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, table) in self.0 {
            map.serialize_entry(name, table)?;
        }
        map.end()
    }
}

impl Serialize for MeasureSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("full", &self.full)?;
        map.serialize_entry("regimes", &Regimes(&self.regimes))?;
        map.end()
    }
}
