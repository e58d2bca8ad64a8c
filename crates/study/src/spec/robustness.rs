//! Keys of the evaluation beyond one path of history.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::DateText;

/// How far the result depends on the days of its decisions, on the order of history, on single episodes, and on
/// the choice of settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RobustnessSpec {
    /// Whether the backtest is repeated with every decision moved by the same number of sessions: each offset of
    /// the schedule up to the next decision, at most 63 of them, evenly spread. The dispersion of their results
    /// is rebalance timing luck.
    #[serde(default)]
    pub start_dates: bool,
    /// Repeats the study on resampled histories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<WorldsSpec>,
    /// Episodes and shocks that each decision's portfolio is held through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stress: Vec<StressSpec>,
    /// Chooses among the backtests of `grid` on some parts of history and measures the choice on the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_validation: Option<CrossValidationSpec>,
}

/// Resampled histories: blocks of consecutive sessions of the whole market, in random order.
///
/// Assets, benchmark, factors and cash of a session stay together. Dates and listings are those of history; a
/// session only receives returns of a session that has one of everything listed on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorldsSpec {
    /// The number of histories.
    ///
    /// Unit: histories.
    ///
    /// Example: `worlds = 200`
    pub worlds: u32,
    /// How the blocks are drawn.
    #[serde(default)]
    pub method: BlockMethod,
    /// The length of a block; its mean with `stationary`. What a study learns from longer windows than a block
    /// does not survive in a resampled history.
    ///
    /// Unit: periods.
    #[serde(default = "block")]
    pub block: u32,
    /// What the random numbers are drawn from: equal seeds, equal histories.
    ///
    /// Unit: none.
    #[serde(default = "seed")]
    pub seed: u32,
}

/// How the blocks of a resampled history are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockMethod {
    /// Blocks of geometrically distributed lengths (Politis & Romano 1994).
    #[default]
    Stationary,
    /// Blocks of one length (Politis & Romano 1992).
    Circular,
}

/// An episode of history, or a shock: exactly one of `first` with `last`, `assets` and `factors`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StressSpec {
    /// The name in the tables.
    ///
    /// Example: `name = "lehman"`
    pub name: String,
    /// The first session of an episode, whose returns each portfolio is held through.
    ///
    /// Example: `first = 2008-09-15`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// The last session of an episode.
    ///
    /// Example: `last = 2008-11-20`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
    /// Assets that stand for others without a price in the episode.
    ///
    /// Example: `proxies = { AIQ = "XLK" }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub proxies: BTreeMap<String, String>,
    /// Returns of assets in a shock.
    ///
    /// Unit: fraction.
    ///
    /// Example: `assets = { XLE = -0.3 }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub assets: BTreeMap<String, f64>,
    /// Returns of factors in a shock; assets respond by their exposures to these factors.
    ///
    /// Unit: fraction.
    ///
    /// Example: `factors = { "Mkt-RF" = -0.2 }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub factors: BTreeMap<String, f64>,
    /// What the other assets do in a shock of `assets`.
    #[serde(default)]
    pub others: OthersSpec,
}

/// What the other assets do in a shock of some.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OthersSpec {
    /// Nothing.
    #[default]
    Unchanged,
    /// What is expected of them given the shock, from their regressions on the shocked assets over the 252 rows
    /// before each decision (Kupiec 1998).
    Conditional,
}

/// Combinatorial purged cross-validation of the settings of a grid.
///
/// The sessions that all backtests have are cut into groups of consecutive ones; every combination of `test`
/// groups is left out once, the setting that is best on the rest is chosen, and its returns in the left-out groups are
/// put together to paths, each as long as the whole (Lopez de Prado 2018, ch. 12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossValidationSpec {
    /// The number of groups of sessions.
    ///
    /// Unit: groups.
    #[serde(default = "groups")]
    pub groups: u32,
    /// The number of groups that are left out at a time.
    ///
    /// Unit: groups.
    #[serde(default = "test")]
    pub test: u32,
    /// Sessions before each left-out group that choices do not see: those whose holdings reach into it. Without
    /// it, the sessions between two decisions.
    ///
    /// Unit: periods.
    ///
    /// Example: `purge = 21`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purge: Option<u32>,
    /// Sessions after each left-out group that choices do not see. Without it, 1 % of all. With the longest
    /// window of the study, no portfolio that was estimated from a left-out group counts in the choice.
    ///
    /// Unit: periods.
    ///
    /// Example: `embargo = 252`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo: Option<u32>,
    /// What is best.
    #[serde(default)]
    pub criterion: CriterionSpec,
}

/// By what a setting is chosen, and paths are measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CriterionSpec {
    /// The largest Sharpe ratio, above cash where there is any.
    #[default]
    SharpeRatio,
    /// The largest information ratio against the benchmark.
    InformationRatio,
    /// The smallest tracking error against the benchmark.
    TrackingError,
}

fn block() -> u32 {
    63
}

fn seed() -> u32 {
    1
}

fn groups() -> u32 {
    8
}

fn test() -> u32 {
    2
}
