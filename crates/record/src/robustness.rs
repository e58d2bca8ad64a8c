//! The same study on other days, in other histories and through other episodes, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::grid::CellStatus;
use crate::measures::MeasureTable;

/// What a run leaves of its evaluation beyond one path of history.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RobustnessTables {
    /// Backtests with moved decisions, then those on resampled histories.
    pub variants: Vec<VariantRow>,
    /// What the portfolios would have returned in episodes and shocks.
    pub stress: Vec<StressRow>,
}

/// How a variant differs from the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariantKind {
    /// Every decision is later by its number of sessions.
    StartDate,
    /// The history is resampled.
    World,
}

impl VariantKind {
    /// All of them, in the order of the rows.
    pub const ALL: [Self; 2] = [Self::StartDate, Self::World];

    /// As the table has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartDate => "start_date",
            Self::World => "world",
        }
    }
}

/// One variant of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariantRow {
    /// How it differs.
    pub kind: VariantKind,
    /// Its number: sessions by which decisions are moved, from 0 on; or that of the history, from 1 on.
    pub number: u32,
    /// How it ended.
    pub status: CellStatus,
    /// Why it failed.
    pub message: Option<String>,
    /// First session on which its weights earn.
    pub first: Option<Date>,
    /// Its measures, unless it failed. Those of moved decisions are over the sessions that all have.
    pub measures: Option<MeasureTable>,
}

/// What one portfolio, or one of its assets, would have returned in an episode or shock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StressRow {
    /// The episode or shock.
    pub scenario: String,
    /// The decision.
    pub date: Date,
    /// The asset, of the last decision alone; none for the whole portfolio.
    pub asset: Option<String>,
    /// Its weight; for the portfolio the part of the sum of absolute weights whose return is known.
    pub weight: f64,
    /// The return of the portfolio; of an asset its own, none where it is not known.
    pub value: Option<f64>,
    /// What the asset adds to the portfolio's.
    pub contribution: Option<f64>,
    /// The benchmark's, next to the portfolio's.
    pub benchmark: Option<f64>,
}
