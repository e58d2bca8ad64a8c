//! What a detector says, and in which order it is read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Note, Ticker};

/// How severe a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Something that is wrong, or misleads, more often than not.
    Warning,
    /// Something that no sound file has.
    Error,
}

impl Severity {
    /// Its name in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of finding; each has one detector.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Returns in place of prices.
    ReturnsNotPrices,
    /// Returns multiplied by the sessions of a year.
    ScaledReturns,
    /// A price that is zero, negative or not finite.
    BadPrice,
    /// A step of 100 times or the like, lasting or for some rows.
    UnitError,
    /// A step by the ratio of a split.
    MissedSplit,
    /// An adjusted close that disagrees with the dividend.
    Dividend,
    /// A spike that comes back.
    Reversal,
    /// A fall that stays, as a spin-off or a special dividend makes it.
    SpinOff,
    /// A move far from the asset's own and from that of others.
    Jump,
    /// The same price again and again.
    StalePrice,
    /// A price that never changes.
    ConstantPrice,
    /// Two assets with the same prices.
    EqualPrices,
    /// Rows inside a listing without a price.
    Gap,
    /// A session on which most assets lack a price.
    SparseSession,
    /// An asset without any price.
    Coverage,
    /// Days without trade, where the file has volumes.
    ZeroVolume,
    /// A date that occurs twice in a wide table; `mask` makes one row of those that agree.
    DuplicateDate,
    /// Dates of a wide table that do not increase; `report` has the rows sorted.
    UnsortedDates,
    /// Dates a day early or late.
    ShiftedDates,
    /// Sessions of the exchange that the file lacks.
    MissingSession,
    /// Dates on which the exchange was closed.
    ExtraSession,
    /// Dates of several exchanges, or of none that is known.
    MixedCalendars,
    /// A series that moves a day before or after the others.
    Misaligned,
    /// A risk-free rate of two decimals.
    RoundedRiskFree,
}

impl Kind {
    /// Every kind, in the order of the report.
    pub const ALL: [Self; 24] = [
        Self::ReturnsNotPrices,
        Self::ScaledReturns,
        Self::BadPrice,
        Self::UnitError,
        Self::MissedSplit,
        Self::Dividend,
        Self::Reversal,
        Self::SpinOff,
        Self::Jump,
        Self::StalePrice,
        Self::ConstantPrice,
        Self::EqualPrices,
        Self::Gap,
        Self::SparseSession,
        Self::Coverage,
        Self::ZeroVolume,
        Self::DuplicateDate,
        Self::UnsortedDates,
        Self::ShiftedDates,
        Self::MissingSession,
        Self::ExtraSession,
        Self::MixedCalendars,
        Self::Misaligned,
        Self::RoundedRiskFree,
    ];

    /// Its name in studies, tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReturnsNotPrices => "returns_not_prices",
            Self::ScaledReturns => "scaled_returns",
            Self::BadPrice => "bad_price",
            Self::UnitError => "unit_error",
            Self::MissedSplit => "missed_split",
            Self::Dividend => "dividend",
            Self::Reversal => "reversal",
            Self::SpinOff => "spin_off",
            Self::Jump => "jump",
            Self::StalePrice => "stale_price",
            Self::ConstantPrice => "constant_price",
            Self::EqualPrices => "equal_prices",
            Self::Gap => "gap",
            Self::SparseSession => "sparse_session",
            Self::Coverage => "coverage",
            Self::ZeroVolume => "zero_volume",
            Self::DuplicateDate => "duplicate_date",
            Self::UnsortedDates => "unsorted_dates",
            Self::ShiftedDates => "shifted_dates",
            Self::MissingSession => "missing_session",
            Self::ExtraSession => "extra_session",
            Self::MixedCalendars => "mixed_calendars",
            Self::Misaligned => "misaligned",
            Self::RoundedRiskFree => "rounded_risk_free",
        }
    }

    /// What the user can do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::ReturnsNotPrices => "supply adjusted closes, or cumulate the returns",
            Self::ScaledReturns => "divide by 252, cumulate, and supply prices",
            Self::BadPrice => "download the asset again",
            Self::UnitError => "bring the rows to one currency unit",
            Self::MissedSplit => "divide the earlier prices by the ratio if there was a split",
            Self::Dividend => "adjust the closes by the dividends again",
            Self::Reversal => "compare with another vendor",
            Self::SpinOff => {
                "look for a spin-off or a special dividend of the day, and adjust the earlier prices \
                 by it; a real fall needs no action"
            }
            Self::Jump => {
                "look for news, a split or a spin-off of the day; a real move needs no action"
            }
            Self::StalePrice => "check whether the asset traded",
            Self::ConstantPrice => "check whether the column is a price; remove the asset if not",
            Self::EqualPrices => "keep one of the two, or check that each has its own prices",
            Self::Gap => "supply the prices",
            Self::SparseSession => "remove the row, or supply the missing prices",
            Self::Coverage => "supply the column, or remove the asset",
            Self::ZeroVolume => "expect stale prices; check whether the asset is delisted",
            Self::DuplicateDate => "keep one row a date",
            Self::UnsortedDates => "sort the rows by date",
            Self::ShiftedDates => "write the exchange's local date, not that of another time zone",
            Self::MissingSession => "download the sessions again",
            Self::ExtraSession => "remove the rows if the exchange was closed",
            Self::MixedCalendars => {
                "fill or drop by `[clean]`, keep the sessions that all assets share, or say \
                 `market.calendar`"
            }
            Self::Misaligned => "shift the series back by the day",
            Self::RoundedRiskFree => "use a vintage up to 202503 for the risk-free rate",
        }
    }
}

/// One problem, or a run of the same problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// How severe it is.
    pub severity: Severity,
    /// The asset; `None` if it concerns the file.
    pub asset: Option<Ticker>,
    /// The first date.
    pub first: Date,
    /// The last date, the first again if there is one only.
    pub last: Date,
    /// Its size, in the unit that the detector's documentation states.
    pub value: Option<f64>,
    /// What, where, the rule and the value.
    pub message: String,
}

impl Finding {
    /// A finding about the file, from its first to its last date.
    pub(crate) fn new(kind: Kind, severity: Severity, span: (Date, Date), message: String) -> Self {
        let (first, last) = span;
        Self { kind, severity, asset: None, first, last, value: None, message }
    }

    /// The same about an asset.
    pub(crate) fn of(self, asset: &Ticker) -> Self {
        Self { asset: Some(asset.clone()), ..self }
    }

    /// The same with its size.
    pub(crate) fn sized(self, value: f64) -> Self {
        Self { value: Some(value), ..self }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        self.kind.hint()
    }

    /// The finding as a row of a run's ledger.
    pub fn note(&self) -> Note {
        match self.severity {
            Severity::Note => Note::info(self.message.clone()),
            Severity::Warning | Severity::Error => Note::warning(self.message.clone()),
        }
    }
}

/// A date, or a range of them.
pub(crate) fn period(first: Date, last: Date) -> String {
    if first == last { format!("on {first}") } else { format!("from {first} to {last}") }
}

/// A number with its noun.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
