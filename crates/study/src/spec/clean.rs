//! What is done about faults of the data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_data::quality::{Kind, Policy};

/// What is done about each kind of finding of the data check; without the table nothing is changed.
///
/// Detectors look at rows on both sides of a fault. Every change is a note of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CleanSpec {
    /// Returns in place of prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns_not_prices: Option<PolicySpec>,
    /// Returns multiplied by the sessions of a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaled_returns: Option<PolicySpec>,
    /// A price that is zero, negative or not finite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad_price: Option<PolicySpec>,
    /// A step of 100 times or alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_error: Option<PolicySpec>,
    /// A step by the ratio of a split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_split: Option<PolicySpec>,
    /// A spike that comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversal: Option<PolicySpec>,
    /// A move far from the asset's own and from that of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<PolicySpec>,
    /// The same price again and again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_price: Option<PolicySpec>,
    /// Rows inside a listing without a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<PolicySpec>,
    /// A session on which most assets lack a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sparse_session: Option<PolicySpec>,
    /// Dates a day early or late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shifted_dates: Option<PolicySpec>,
    /// Sessions of the exchange that the file lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_session: Option<PolicySpec>,
    /// Dates on which the exchange was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra_session: Option<PolicySpec>,
    /// A series that moves a day before or after the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misaligned: Option<PolicySpec>,
    /// An adjusted close that disagrees with the dividend: report or fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dividend: Option<PolicySpec>,
    /// Days without trade, where the file has volumes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_volume: Option<PolicySpec>,
    /// An asset without any price: report or fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<PolicySpec>,
    /// A date that occurs twice in a wide table: fail, or mask to make one row of those that agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_date: Option<PolicySpec>,
    /// Dates of a wide table that do not increase: fail, or report to have the rows sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsorted_dates: Option<PolicySpec>,
    /// A risk-free rate of two decimals: report or fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounded_risk_free: Option<PolicySpec>,
}

impl CleanSpec {
    /// The policies that are set.
    pub fn policies(&self) -> Vec<(Kind, PolicySpec)> {
        let all = [
            (Kind::ReturnsNotPrices, self.returns_not_prices),
            (Kind::ScaledReturns, self.scaled_returns),
            (Kind::BadPrice, self.bad_price),
            (Kind::UnitError, self.unit_error),
            (Kind::MissedSplit, self.missed_split),
            (Kind::Reversal, self.reversal),
            (Kind::Jump, self.jump),
            (Kind::StalePrice, self.stale_price),
            (Kind::Gap, self.gap),
            (Kind::SparseSession, self.sparse_session),
            (Kind::ShiftedDates, self.shifted_dates),
            (Kind::MissingSession, self.missing_session),
            (Kind::ExtraSession, self.extra_session),
            (Kind::Misaligned, self.misaligned),
            (Kind::Dividend, self.dividend),
            (Kind::ZeroVolume, self.zero_volume),
            (Kind::Coverage, self.coverage),
            (Kind::DuplicateDate, self.duplicate_date),
            (Kind::UnsortedDates, self.unsorted_dates),
            (Kind::RoundedRiskFree, self.rounded_risk_free),
        ];
        all.into_iter().filter_map(|(kind, policy)| Some((kind, policy?))).collect()
    }
}

/// What is done about a kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PolicySpec {
    /// It is a row of the ledger.
    Report {},
    /// The run stops if the finding is a warning or an error.
    Fail {},
    /// The prices are dropped; what is then missing is a gap.
    Mask {},
    /// The session is dropped, of all assets: a return then spans two days.
    Drop {},
    /// The last price before is taken.
    ForwardFill {
        /// For at most so many rows.
        ///
        /// Example: `limit_days = 5`
        limit_days: u32,
    },
    /// A straight line in log price between the neighbours: it looks ahead.
    Interpolate {},
    /// The return is cut, and earlier prices are scaled to it.
    Winsorize {
        /// The largest return in absolute value, as a fraction.
        ///
        /// Unit: fraction.
        ///
        /// Example: `limit = 0.5`
        limit: f64,
    },
}

impl PolicySpec {
    /// The policy of the data check.
    pub fn policy(self) -> Policy {
        match self {
            Self::Report {} => Policy::Report,
            Self::Fail {} => Policy::Fail,
            Self::Mask {} => Policy::Mask,
            Self::Drop {} => Policy::Drop,
            Self::ForwardFill { limit_days } => {
                Policy::ForwardFill { limit_days: limit_days as usize }
            }
            Self::Interpolate {} => Policy::Interpolate,
            Self::Winsorize { limit } => Policy::Winsorize { limit },
        }
    }
}
