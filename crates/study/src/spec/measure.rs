//! Keys of what is measured, and over which sessions.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::DateText;

/// How results are measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureSpec {
    /// First session of the full sample, so that studies with different windows are comparable; turnover,
    /// cost, holdings and gross exposure stay those of the whole backtest. It does not apply to the
    /// periods of `[[period]]`.
    ///
    /// Example: `first = 2007-11-14`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
}

/// A period that is measured separately.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodSpec {
    /// The name in the tables.
    ///
    /// Example: `name = "covid"`
    pub name: String,
    /// The first session; the start of the sample by default.
    ///
    /// Example: `first = 2020-02-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// The last session; the end of the sample by default.
    ///
    /// Example: `last = 2020-06-30`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
}
