//! How far an account is from a study's target.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::{LedgerRow, RiskChange};

/// The distance of an account from what a study holds.
///
/// # Shape and units
/// Weights and costs are fractions of equity, risk is a fraction a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftRecord {
    /// Name of the study.
    pub study: String,
    /// Whether the prices are simulated.
    pub synthetic: bool,
    /// The last session whose prices were known.
    pub known: Date,
    /// The study's last decision before that.
    pub last_decision: Option<Date>,
    /// When the schedule asks for the next one.
    pub next_due: Option<Date>,
    /// One row for each asset that is held or should be.
    pub rows: Vec<DriftRow>,
    /// `1/2 sum |held - study's holdings|`, its last target drifted to now.
    pub from_last: f64,
    /// The tracking error of the account to that.
    pub apart_from_last: Option<f64>,
    /// `1/2 sum |held - target of now|`.
    pub from_target: f64,
    /// The tracking error of the account to that.
    pub apart_from_target: Option<f64>,
    /// Expected risk of the account, and after a rebalance.
    pub risk: RiskChange,
    /// What a rebalance costs.
    pub cost: f64,
    /// What it gains.
    pub payback: Payback,
    /// What the reader must know, the gravest first.
    pub notes: Vec<LedgerRow>,
}

/// An asset of an account next to a study's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftRow {
    /// The asset.
    pub asset: String,
    /// What the account holds.
    pub held: f64,
    /// The study's last target.
    pub last_target: Option<f64>,
    /// The same, drifted to now.
    pub study: f64,
    /// What the study would decide on now.
    pub target: f64,
}

/// Whether a rebalance pays for itself until the next decision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Payback {
    /// Years until then.
    pub years: f64,
    /// What the objective gains until then, a fraction of equity; none where it is not in units of return.
    pub gain: Option<f64>,
    /// Whether that is more than the cost.
    pub pays: Option<bool>,
    /// By how much the expected tracking error, or without a benchmark the volatility, falls.
    pub less_risk: Option<f64>,
    /// What a year with less of that risk by all of equity must be worth, as a fraction of equity, for the trade to
    /// pay: cost / (less risk * years).
    pub break_even: Option<f64>,
}
