//! Keys of what is measured, and over which sessions.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::DateText;

/// The name of the portfolio that every result is compared with.
pub const EQUAL_WEIGHT: &str = "Equal weight";

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
    /// Portfolios of constant weights that the result is compared with, next to equal weights in every asset: by
    /// name, the weights of some assets, which sum to 1. They are rebalanced at the study's own decisions and pay
    /// its costs; while an asset has no price, the others have its part.
    ///
    /// Unit: fractions of equity.
    ///
    /// Example: `baselines = { "60/40" = { SPY = 0.6, AGG = 0.4 } }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub baselines: BTreeMap<String, BTreeMap<String, f64>>,
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
