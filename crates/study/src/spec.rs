//! A study as written: the keys of the TOML file, their types and defaults.
//!
//! The doc comments are what a user reads of a key; the JSON Schema is made from these types, and
//! the file is checked against that schema, so neither can differ from what is read.

mod account;
mod allocate;
mod attribution;
mod benchmark;
mod costs;
mod every;
mod limits;
mod market;
mod measure;
mod robustness;
mod series;
mod when;
mod year;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_data::quality::Cleaning;
use walkfolio_estimate::Estimators;
use walkfolio_estimate::regime::RegimeChoice;

use crate::date::DateText;
use crate::selection::Selection;

pub use account::{AccountPrices, AccountSpec, BandsSpec, ExecutionPrice, FinancingRate};
pub use allocate::AllocateSpec;
pub use attribution::{AttributionSpec, InteractionSpec, ReferenceSpec};
pub use benchmark::BenchmarkSpec;
pub use costs::{CostsSpec, ImpactSpec};
pub use every::EverySpec;
pub use limits::{
    BoundsSpec, Fallback, InfeasibleCap, MinWeightRuleSpec, MinWeightSpec, SearchSpec, SolverSpec,
};
pub use market::{FilesSpec, MarketSpec, PathsSpec, SourceSpec};
pub use measure::{EQUAL_WEIGHT, MeasureSpec, PeriodSpec};
pub use robustness::{
    BlockMethod, CriterionSpec, CrossValidationSpec, OthersSpec, RobustnessSpec, StressSpec,
    WorldsSpec,
};
pub use series::{CurrencySpec, FactorsSpec, PerSpec, Rate, RiskFreeSpec};
pub use when::WhenSpec;
pub use year::PeriodsPerYear;

/// A study: its assets, its decisions, and how results are measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Name of the study; it becomes part of the run's folder: letters, digits, `-` and `_`.
    ///
    /// Example: `name = "mtum-replica"`
    pub name: String,
    /// Which prices, which assets, which benchmark.
    pub market: MarketSpec,
    /// When decisions are made and how they are executed.
    pub walk_forward: WalkForwardSpec,
    /// What is done about findings of the data check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<Cleaning>,
    /// Which assets a decision may hold.
    #[serde(default)]
    pub select: Selection,
    /// How moments are estimated, for objectives that use moments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimators>,
    /// The objective and the constraints.
    pub allocate: AllocateSpec,
    /// Chooses settings by their results on past decisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<TuneSpec>,
    /// Detectors of regimes: what state the market is in by what is known at a close.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regime: Vec<RegimeChoice>,
    /// Settings that regimes switch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<WhenSpec>,
    /// Trading costs.
    #[serde(default)]
    pub costs: CostsSpec,
    /// A cash account that carries out the decisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountSpec>,
    /// How results are measured.
    #[serde(default)]
    pub measure: MeasureSpec,
    /// Periods that are measured separately.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub period: Vec<PeriodSpec>,
    /// Where returns and risk came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<AttributionSpec>,
    /// How far the result depends on the days of decisions, the order of history and the choice of settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<RobustnessSpec>,
    /// Targets; the report compares the result with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<TargetSpec>,
    /// Values to try: dotted keys, each with a list. Every combination is one backtest.
    ///
    /// Example: `grid = { "allocate.max_holdings" = [3, 4, 5] }`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grid: BTreeMap<String, Vec<serde_json::Value>>,
    /// Periods per year, which annualize moments and measures. `"auto"` is what the dates of the prices
    /// tell: 252 daily, 365 with weekends, 52, 12, 4 or 1.
    ///
    /// Unit: periods per year.
    #[serde(default)]
    pub periods_per_year: PeriodsPerYear,
}

/// When decisions are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalkForwardSpec {
    /// No decision before this date; windows reach further back. Without it, decisions start as soon
    /// as every window is full.
    ///
    /// Example: `first = 2019-06-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// No decision and no return after this date.
    ///
    /// Example: `last = 2025-06-30`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
    /// The rebalance frequency: `"week"`, `"month"`, `"quarter"` or `"year"` (the first session of each), a
    /// number of sessions: `"5d"`, or a table of dates.
    ///
    /// Example: `every = "month"`
    pub every: EverySpec,
    /// An asset is eligible once it has a month-end price this many months before the last
    /// month-end.
    ///
    /// Example: `history_months = 13`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_months: Option<u32>,
    /// Extra rebalances in addition to the regular ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<ExtraRebalance>,
    /// The number of closes by which trades are delayed: with 1, the old weights earn the session of
    /// the decision.
    #[serde(default)]
    pub execution_lag: u32,
    /// What happens to weights between rebalances.
    #[serde(default)]
    pub drift: DriftSpec,
}

/// Extra rebalances in addition to the regular ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtraRebalance {
    /// At the first session after a review of `allocate.objective.review` takes effect.
    Reviews,
}

/// What happens to weights between rebalances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftSpec {
    /// Holdings drift with prices.
    #[default]
    BuyAndHold,
    /// Weights are restored at every close, at no cost.
    ConstantWeights,
}

impl Spec {
    /// Reads the settings from a tree of JSON; the error says where in it.
    ///
    /// Everything that reads settings comes here: their many types are read by one deserializer
    /// only, which halves what they cost to compile.
    ///
    /// # Errors
    /// If a key is unknown or missing, or a value has the wrong type.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_study::Spec;
    ///
    /// let error = Spec::from_tree(&serde_json::json!({ "name": 1 })).unwrap_err();
    /// assert_eq!(error.path().to_string(), "name");
    /// ```
    pub fn from_tree(
        tree: &serde_json::Value,
    ) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        let mut spec: Self = serde_path_to_error::deserialize(tree)?;
        // Files that are named are read: the sample market is used where a study asks for it.
        if tree["market"].get("source").is_none() && spec.market.files.is_some() {
            spec.market.source = SourceSpec::Csv { dir: None, layout: None };
        }
        Ok(spec)
    }
}

/// Chooses the settings with the smallest tracking error on past decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TuneSpec {
    /// Months between tuning dates, counted from the month of `walk_forward.first`; the chosen
    /// settings apply until the next tuning date.
    ///
    /// Example: `every_months = 12`
    pub every_months: u32,
    /// Months of past decisions that are evaluated.
    #[serde(default = "look_back_months")]
    pub look_back_months: u32,
    /// Values to try by dotted key under `allocate` or `estimate`; all combinations are tried.
    ///
    /// Example: `keys = { "allocate.objective.ridge_to_holdings" = [0.1, 0.2] }`
    pub keys: BTreeMap<String, Vec<serde_json::Value>>,
}

/// A target for a measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// The key of a measure, such as `tracking_error`.
    ///
    /// Example: `measure = "tracking_error"`
    pub measure: String,
    /// The minimum.
    ///
    /// Unit: that of the measure; a fraction if it is shown in percent.
    ///
    /// Example: `min = 0.5`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The maximum.
    ///
    /// Unit: that of the measure; a fraction if it is shown in percent.
    ///
    /// Example: `max = 0.04`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// A remark for the reader.
    ///
    /// Example: `remark = "result of the original study"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

fn look_back_months() -> u32 {
    36
}
