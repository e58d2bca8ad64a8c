//! What many accounts are to trade: rows of `accounts.parquet` and `orders.parquet`, and `decision.json` beside them.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

use crate::{OrderRow, Source};

/// How it went with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// It has orders.
    Trades,
    /// It has none.
    Still,
    /// It cannot be decided; `reason` and `hint` say why.
    Failed,
}

impl AccountStatus {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trades => "trades",
            Self::Still => "still",
            Self::Failed => "failed",
        }
    }

    /// That of a word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Trades, Self::Still, Self::Failed].into_iter().find(|own| own.as_str() == word)
    }
}

/// An account of many: a row of `accounts.parquet`.
///
/// # Shape and units
/// Money is in the account's currency; turnover is a fraction of what it is worth, risk a fraction a year.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRow {
    /// Its name.
    pub account: String,
    /// How it went.
    pub status: AccountStatus,
    /// Why it failed: what, where, the rule and the value.
    pub reason: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Figures; none of an account that failed.
    pub figures: Option<AccountFigures>,
    /// Warnings, with semicolons between them.
    pub notes: Option<String>,
}

/// The figures of an account that was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct AccountFigures {
    /// What it is worth before the trade.
    pub equity: f64,
    /// Cash before.
    pub cash_before: f64,
    /// Cash after, with the cost paid.
    pub cash_after: f64,
    /// Number of orders.
    pub orders: u32,
    /// Half of what is bought and sold.
    pub turnover: f64,
    /// What the trade costs.
    pub cost: f64,
    /// The study's objective at the target, with what trading costs in it.
    pub objective: Option<f64>,
    /// What no portfolio within the limits exceeds.
    pub bound: Option<f64>,
    /// Volatility before the trade.
    pub volatility_before: Option<f64>,
    /// Volatility of the shares after it.
    pub volatility: Option<f64>,
    /// Tracking error to the benchmark before.
    pub tracking_error_before: Option<f64>,
    /// Tracking error to the benchmark after.
    pub tracking_error: Option<f64>,
    /// What rounding to whole lots costs, in the objective's unit.
    pub rounding_loss: Option<f64>,
    /// Gains that the sales realize.
    pub realized_gains: Option<f64>,
    /// Their tax at the given rates.
    pub tax: Option<f64>,
}

/// An account with its orders.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountDone {
    /// Its row.
    pub row: AccountRow,
    /// Its orders, sales first.
    pub orders: Vec<OrderRow>,
}

/// The decision of many accounts: `decision.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountsDecision {
    /// Version of this format.
    pub format: u32,
    /// Name of the study.
    pub study: String,
    /// Hash of study, data, build, accounts and how they are traded: equal hashes give equal files.
    pub hash: String,
    /// Version of the program.
    pub version: String,
    /// Whether the prices are simulated.
    pub synthetic: bool,
    /// Every file of the data, with hash and range.
    pub sources: Vec<Source>,
    /// The files of the accounts: name and SHA-256 of accounts, positions and quotes.
    pub files: Vec<(String, String)>,
    /// The session that is decided for.
    pub date: Date,
    /// The last session whose prices were known.
    pub known: Date,
    /// Whether the schedule of the study asks for a decision here.
    pub due: bool,
    /// The session on which it asks for one next.
    pub next_due: Option<Date>,
    /// Sessions that risk is estimated from.
    pub risk_rows: usize,
    /// Number of accounts.
    pub accounts: usize,
    /// Those with orders.
    pub trades: usize,
    /// Those that failed.
    pub failed: usize,
    /// Number of orders.
    pub orders: usize,
    /// What all accounts are worth that did not fail.
    pub equity: f64,
    /// What is bought and sold.
    pub traded: f64,
    /// What it costs.
    pub cost: f64,
    /// What the reader must know of all accounts, the gravest first.
    pub notes: Vec<String>,
}
