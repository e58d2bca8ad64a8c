//! A grid of backtests, as data.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use walkfolio_core::Date;

use crate::manifest::Manifest;
use crate::measures::MeasureSet;
use crate::selection_bias::SelectionBias;
use crate::tables::LedgerRow;

/// The backtests of a grid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GridRun {
    /// What was run on which data.
    pub manifest: Manifest,
    /// The swept keys.
    pub keys: Vec<String>,
    /// One backtest per combination, the last key varying fastest.
    pub cells: Vec<Cell>,
    /// Notes, warnings and fallbacks, with the cell they belong to.
    pub ledger: Vec<(Option<usize>, LedgerRow)>,
    /// How far the best backtest can be believed, given how many were tried.
    pub selection_bias: Option<SelectionBias>,
    /// What is wrong with its data, as `data-report.json` has it, where the folder holds one.
    pub data_report: Option<Value>,
}

/// One backtest of a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The values of the swept keys.
    pub settings: Vec<Value>,
    /// How it ended.
    pub status: CellStatus,
    /// Why it failed.
    pub message: Option<String>,
    /// First session on which its weights earn.
    pub first: Option<Date>,
    /// Its measures, unless it failed.
    pub measures: Option<MeasureSet>,
    /// The same as if trading were free, where the study charges for it.
    pub without_costs: Option<MeasureSet>,
    /// Those of its account, where the study has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<MeasureSet>,
    /// Its returns after costs, one a session from its first decision on.
    pub returns: Vec<f64>,
    /// The sessions on which they are earned.
    pub sessions: Vec<Date>,
}

/// How a cell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellStatus {
    /// It ran to the end of the sample.
    Complete,
    /// Equity was gone before the end.
    Ruined,
    /// It could not be run; the message says why.
    Failed,
    /// The grid was stopped before it.
    NotRun,
}

impl CellStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Complete, Self::Ruined, Self::Failed, Self::NotRun];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Ruined => "ruined",
            Self::Failed => "failed",
            Self::NotRun => "not_run",
        }
    }
}

impl Cell {
    /// A measure of the full sample, or of a regime as `regime.key`; as if trading were free with
    /// `without_costs.` before either, of the account with `account.`.
    pub fn measure(&self, key: &str) -> Option<f64> {
        if let Some((key, set)) = key.strip_prefix(ACCOUNT).zip(self.account.as_ref()) {
            return find(set, key);
        }
        if let Some(key) = key.strip_prefix(WITHOUT_COSTS) {
            return find(self.without_costs.as_ref()?, key);
        }
        find(self.measures.as_ref()?, key)
    }
}

/// Before the keys of measures as if trading were free.
pub const WITHOUT_COSTS: &str = "without_costs.";

/// Before the keys of measures of an account.
pub const ACCOUNT: &str = "account.";

fn find(measures: &MeasureSet, key: &str) -> Option<f64> {
    match key.split_once('.') {
        None => measures.full.get(key),
        Some((regime, key)) => {
            let (_, table) = measures.regimes.iter().find(|(name, _)| name == regime)?;
            table.get(key)
        }
    }
}

impl GridRun {
    /// The keys of all measures in the cells: the full sample's, then each regime's with its prefix.
    pub fn measure_keys(&self) -> Vec<String> {
        let Some(set) = self.cells.iter().find_map(|cell| cell.measures.as_ref()) else {
            return Vec::new();
        };
        let mut keys: Vec<String> = set.full.iter().map(|(key, _)| key.to_owned()).collect();
        for regime in &self.manifest.resolved.period {
            keys.extend(set.full.iter().map(|(key, _)| format!("{}.{key}", regime.name)));
        }
        let own = keys.clone();
        if self.cells.iter().any(|cell| cell.without_costs.is_some()) {
            keys.extend(own.iter().map(|key| format!("{WITHOUT_COSTS}{key}")));
        }
        if self.cells.iter().any(|cell| cell.account.is_some()) {
            keys.extend(own.iter().map(|key| format!("{ACCOUNT}{key}")));
        }
        keys
    }
}
