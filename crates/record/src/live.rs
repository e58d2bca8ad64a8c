//! A decision for a session that has not been yet, or is decided again: `decision.json`.

use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, NoteKind};

use crate::{AccountTrade, LedgerRow, Source};

/// What a study decides for one session, from what was known before it.
///
/// # Shape and units
/// Weights, costs and turnover are fractions of equity, risk is a fraction a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveDecision {
    /// Version of this format.
    pub format: u32,
    /// Name of the study.
    pub study: String,
    /// Hash of study, data and build: equal hashes give equal targets.
    pub hash: String,
    /// Version of the program.
    pub version: String,
    /// Whether the prices are simulated.
    pub synthetic: bool,
    /// Every file of the data, with hash and range.
    pub sources: Vec<Source>,
    /// The benchmark.
    pub benchmark: Option<String>,
    /// The session that is decided for: the weights earn from it on.
    pub date: Date,
    /// The last session whose prices were known.
    pub known: Date,
    /// How many sessions lie between the two, or the day on which it was decided: those are not in the data.
    pub age: usize,
    /// Whether the schedule of the study asks for a decision here.
    pub due: bool,
    /// The session after which the study decides by its schedule next.
    pub next_due: Option<Date>,
    /// The decision of the study before this one.
    pub previous: Option<Date>,
    /// Whose holdings the weights before are.
    pub held_by: Holder,
    /// One row for each asset that is held before or after, or may be held.
    pub target: Vec<TargetRow>,
    /// How the optimization went.
    pub solve: LedgerRow,
    /// What limits the portfolio, the most valuable first.
    pub limits: Vec<LimitRow>,
    /// The largest part of the objective's gradient that the prices of the limits do not explain; none where
    /// there are no prices.
    pub unexplained: Option<f64>,
    /// Expected risk.
    pub risk: RiskChange,
    /// `1/2 sum |after - before|`.
    pub turnover: f64,
    /// What trading costs by the study's costs, a fraction of equity.
    pub cost: f64,
    /// What the reader must know, the gravest first.
    pub notes: Vec<LedgerRow>,
    /// What an account is to trade for it; none of the study's own holdings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountTrade>,
}

/// Whose holdings a decision starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// The study's own: its last target, drifted.
    Study,
    /// An account's.
    Account,
}

/// One asset of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetRow {
    /// The asset.
    pub asset: String,
    /// Its weight before the trade.
    pub before: f64,
    /// The weight that the study decides on.
    pub target: f64,
    /// Whether it was allowed to be held.
    pub selected: bool,
    /// Its probability of inclusion, where a classifier gave one.
    pub probability: Option<f64>,
    /// Its last price in the data.
    pub price: Option<f64>,
    /// The session of that price.
    pub priced: Option<Date>,
}

/// A constraint that the portfolio is at the limit of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitRow {
    /// Its name, as the study has it.
    pub constraint: String,
    /// The asset, of a bound of single assets.
    pub asset: Option<String>,
    /// `min`, `max` or `equal`.
    pub end: String,
    /// The limit.
    pub limit: f64,
    /// How much better the objective becomes for each unit by which the limit is widened (of `equal`:
    /// raised), in the objective's own unit.
    pub price: f64,
}

/// Expected risk before and after the trade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskChange {
    /// How many of the last sessions it is estimated from.
    pub rows: usize,
    /// Of what is held before; none where nothing is.
    pub before: Option<ExpectedRisk>,
    /// Of the target.
    pub after: Option<ExpectedRisk>,
    /// The tracking error of one to the other.
    pub apart: Option<f64>,
}

/// Expected risk of a portfolio, a fraction a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExpectedRisk {
    /// Volatility.
    pub volatility: f64,
    /// Tracking error to the benchmark; none without one.
    pub tracking_error: Option<f64>,
}

impl LiveDecision {
    /// The warnings and fallbacks among the notes.
    pub fn warnings(&self) -> impl Iterator<Item = &LedgerRow> {
        let grave =
            |row: &&LedgerRow| row.note().is_some_and(|note| note.kind >= NoteKind::Warning);
        self.notes.iter().filter(grave)
    }

    /// Whether anything is to be traded: an account has orders, or the target is not what the study holds.
    pub fn trades(&self) -> bool {
        self.account.as_ref().map_or(self.turnover > 1e-9, |account| !account.orders.is_empty())
    }
}
