//! Bounds, rules about holdings, and how a problem is solved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_optimize::SearchLimits;

/// When a search over holdings stops without proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchSpec {
    /// Limit on the nodes of branch and bound: the same on every machine. Its default, and fewer, also limit the
    /// work to about a second a decision; N times the default allows N times the work. With 0 there is no
    /// proof, only a local search.
    ///
    /// Unit: nodes.
    #[serde(default = "nodes")]
    pub nodes: u64,
    /// Time limit: it depends on the machine, and the ledger says so when it is reached.
    ///
    /// Unit: seconds.
    ///
    /// Example: `seconds = 30.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// A bound within this fraction of the objective counts as proof.
    ///
    /// Unit: fraction of the objective.
    #[serde(default = "search_gap")]
    pub gap: f64,
}

impl Default for SearchSpec {
    fn default() -> Self {
        Self { nodes: nodes(), seconds: None, gap: search_gap() }
    }
}

/// Minimum and maximum weight of one asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundsSpec {
    /// Minimum weight; a negative value allows short positions.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `min = 0.0`
    pub min: f64,
    /// Maximum weight.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `max = 0.30`
    pub max: f64,
    /// What happens if the maximum weights of the assets that may be held sum to less than 1: too few are
    /// eligible or selected, or `max_holdings` is too low.
    #[serde(default)]
    pub when_too_tight: InfeasibleCap,
}

/// What happens if the maximum weights sum to less than 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InfeasibleCap {
    /// The study is refused where it is known beforehand; else the decision fails.
    #[default]
    Error,
    /// The maximum weight becomes `max(max, 1 / k)` for `k` assets, with a note; the summary counts them.
    Raise,
}

/// What happens to small weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinWeightSpec {
    /// Weights smaller than this, in absolute value, are small.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `below = 0.005`
    pub below: f64,
    /// The rule for small weights.
    pub rule: MinWeightRuleSpec,
}

/// The rule for small weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinWeightRuleSpec {
    /// Small weights become 0 after the optimization, and the rest is scaled to sum to 1. A weight may
    /// then exceed its maximum slightly; a note says so.
    DropAndRenormalize,
    /// Each weight is 0 or at least this large, as part of the optimization problem (a semicontinuous
    /// variable).
    Exact,
}

/// A solver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SolverSpec {
    /// The kernel solver where it applies, Clarabel otherwise.
    #[default]
    Auto,
    /// The kernel solver: exact, and fast on small dense problems. A problem that it cannot finish or
    /// prove goes to Clarabel, with a warning in the ledger.
    Kernel,
    /// Clarabel: an interior-point method for any cone program.
    Clarabel,
}

/// What is tried when an optimization problem cannot be solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// The closest relaxation of a conflicting constraint, or a looser tolerance if the solver gave
    /// up.
    Relax,
    /// The current holdings, without trades.
    Previous,
    /// Equal weights in all eligible assets.
    EqualWeight,
}

fn nodes() -> u64 {
    SearchLimits::default().nodes
}

fn search_gap() -> f64 {
    SearchLimits::default().gap
}
