//! Keys of the attribution of returns.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where returns and risk came from: contributions of every asset, effects against the benchmark, and styles.
///
/// Each for the full sample, every period of the study and every calendar year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributionSpec {
    /// Groups of assets, for the effects of allocation and selection; each asset in one of them. Without it
    /// each asset is a group of its own, and nothing is left for selection.
    ///
    /// Example: `groups = { technology = ["XLK", "SMH"], energy = ["XLE"] }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Vec<String>>,
    /// The portfolio that stands for the benchmark in the effects. Without it: the benchmark itself where it is
    /// an asset, or a blend of assets; else its style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<ReferenceSpec>,
    /// What becomes of the interaction of allocation and selection.
    #[serde(default)]
    pub interaction: InteractionSpec,
    /// Assets that the portfolio's and the benchmark's returns are explained with in a style analysis;
    /// `["*"]` for all.
    ///
    /// Example: `style = ["SPY", "EWJ", "GLD"]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub style: Vec<String>,
    /// Factors of `market.factors` that returns are regressed on; all of them without it.
    ///
    /// Example: `factors = ["Mkt-RF", "SMB"]`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<String>,
    /// Lags of the Newey-West standard errors of the factor regression; `floor(4 (T / 100)^(2/9))` for T
    /// periods without it. With 0 they are White's.
    ///
    /// Unit: periods.
    ///
    /// Example: `lags = 5`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lags: Option<u32>,
    /// Whether calendar years are periods, too.
    #[serde(default = "yes")]
    pub years: bool,
}

/// The portfolio that stands for the benchmark.
///
/// What its return and the benchmark's differ by is an effect of its own, `reference`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReferenceSpec {
    /// The benchmark, which is an asset or a blend of assets.
    Benchmark {},
    /// The long-only portfolio of the assets whose returns over the full sample differ least from the benchmark's
    /// (Sharpe 1992). It is known only in hindsight.
    Style {},
    /// The same weight in every asset that has a return on a session.
    EqualWeight {},
    /// Weights of the study's own, restored at every close.
    Weights {
        /// By asset; they sum to 1.
        ///
        /// Unit: fraction of equity.
        ///
        /// Example: `weights = { SPY = 0.6, GLD = 0.4 }`
        weights: BTreeMap<String, f64>,
    },
}

/// What becomes of the interaction of allocation and selection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InteractionSpec {
    /// It is an effect of its own. A group with short positions has none: there it is part of selection.
    #[default]
    Separate,
    /// It is part of selection.
    InSelection,
}

fn yes() -> bool {
    true
}
