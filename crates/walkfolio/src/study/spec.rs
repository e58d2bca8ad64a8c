//! A study as it is written: the keys of the TOML file, their types and defaults.
//!
//! The doc comments are what a user reads of a key; the JSON Schema is made from these types, and
//! the file is checked against that schema, so neither can differ from what is read.

mod clean;
mod estimate;
mod objective;
mod select;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use walkfolio_optimize::kernel::subset::Limits;

pub use clean::{CleanSpec, PolicySpec};
pub use estimate::{AlphaSpec, CovarianceSpec, EstimateSpec, ExpectedReturnsSpec, UnitsSpec};
pub use objective::{AdHocSpec, NumeratorSpec, ObjectiveSpec, PriorSpec, ReviewSpec, TiltSpec};
pub use select::{
    ExtraFeatureSpec, ExtraKindSpec, FeaturesSpec, LabelsSpec, ParameterSearchSpec, ParametersSpec,
    SelectSpec, StandardizeSpec, TrainerSpec, ValidationSpec,
};

/// A study: what is held, when and how it is decided, and how it is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Name of the study; it becomes part of the run's folder: letters, digits, `-` and `_`.
    pub name: String,
    /// Which prices, which assets, which benchmark.
    pub market: MarketSpec,
    /// When decisions are made and how they are carried out.
    pub walk_forward: WalkForwardSpec,
    /// What is done about faults of the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<CleanSpec>,
    /// Which assets a decision may hold.
    #[serde(default)]
    pub select: SelectSpec,
    /// How moments are estimated, for objectives that use them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<EstimateSpec>,
    /// What is optimized, under which constraints.
    pub allocate: AllocateSpec,
    /// Chooses among settings by how they would have done on past decisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<TuneSpec>,
    /// What trading costs.
    #[serde(default)]
    pub costs: CostsSpec,
    /// How results are measured.
    #[serde(default)]
    pub measure: MeasureSpec,
    /// Periods that are measured on their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regime: Vec<RegimeSpec>,
    /// Figures to reach; the result is set beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<TargetSpec>,
    /// Values to try: every combination is one backtest. Dotted keys, each with a list.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grid: BTreeMap<String, Vec<serde_json::Value>>,
    /// Sessions a year: annualizes moments and measures.
    #[serde(default = "periods_per_year")]
    pub periods_per_year: f64,
}

/// Where prices come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketSpec {
    /// The source of prices.
    #[serde(default)]
    pub source: SourceSpec,
    /// Names of files, below the folder of the source or of `--data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FilesSpec>,
    /// Tickers of the assets that may be held, in the order of all tables; `["*"]` stands for every
    /// ticker of the price file but the benchmark, sorted.
    pub assets: Vec<String>,
    /// A series without a price for more than so many rows is another asset from then on (`AMD_2`):
    /// a ticker that was used again, or a member that left an index and came back. Without it, a
    /// gap is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_gaps_over_days: Option<u32>,
    /// Makes the benchmark of the assets, under the name that `market.benchmark` gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexSpec>,
    /// Ticker of the benchmark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<String>,
    /// Which factor returns to load; they also give the risk-free rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<FactorsSpec>,
    /// First return row that anything may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
}

impl MarketSpec {
    /// Whether every asset of the price file may be held.
    pub fn takes_all(&self) -> bool {
        self.assets.len() == 1 && self.assets[0] == "*"
    }
}

/// An index of the assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexSpec {
    /// The mean return, every session, of the assets that are members at the close before.
    EqualWeight,
}

/// A source of prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SourceSpec {
    /// The built-in synthetic market.
    Sample {
        /// Seed of the simulation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<u64>,
    },
    /// CSV or a vendor's response: wide, long, or a folder with one file a ticker.
    Csv {
        /// Folder of `market.files`, relative to the study file; the study's own folder by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dir: Option<String>,
        /// How the price files are laid out; told by their headers by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        layout: Option<LayoutSpec>,
    },
    /// Parquet: wide, long, or a snapshot of `walkfolio fetch`.
    Parquet {
        /// Folder of `market.files`, relative to the study file; the study's own folder by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dir: Option<String>,
        /// How the price files are laid out; told by their headers by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        layout: Option<LayoutSpec>,
    },
}

/// The layout of price files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LayoutSpec {
    /// A column of dates, then one column a ticker.
    Wide,
    /// A row a ticker and session, with columns of dates, tickers and closes.
    Long,
    /// The sessions of one ticker a file.
    OneTicker,
    /// Responses of Yahoo's chart service.
    YahooChart,
}

impl Default for SourceSpec {
    fn default() -> Self {
        Self::Sample { seed: None }
    }
}

/// Names of data files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilesSpec {
    /// Adjusted closes: a file, a folder with one file a ticker, or a snapshot.
    pub prices: String,
    /// Adjusted closes of the benchmark, if they stand in another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<String>,
    /// The members of an index by day, CSV: `date, ticker` (each day of the file lists all members)
    /// or `ticker, start, end`, with a column `delisting_return` if there is one. A decision holds
    /// members of its last known session only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<String>,
    /// Daily factors of the Ken French library, raw text or zip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<String>,
}

/// A set of factor returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorsSpec {
    /// The three factors of Fama and French: Mkt-RF, SMB and HML.
    French3,
}

/// When decisions are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalkForwardSpec {
    /// No decision before this date; windows reach further back. Without it, decide as soon as
    /// every window is full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// No decision and no return after this date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
    /// `"month"` or `"week"` (the first session of each), or every so many sessions: `"5d"`.
    pub every: String,
    /// An asset is eligible once it has a month-end price so many months before the last
    /// month-end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_months: Option<u32>,
    /// Decisions beside the regular ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<AlsoSpec>,
    /// How many closes later to trade: with 1 the old weights earn the decision's session.
    #[serde(default)]
    pub execution_lag_days: u32,
    /// What happens to weights between rebalances.
    #[serde(default)]
    pub drift: DriftSpec,
}

/// Decisions beside the regular ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlsoSpec {
    /// At the first session after a review of `allocate.objective.review` takes effect.
    Reviews,
}

/// What happens to weights between rebalances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftSpec {
    /// Holdings are left alone.
    #[default]
    BuyAndHold,
    /// Weights are restored at every close, at no cost.
    ConstantWeights,
}

/// What is optimized, under which constraints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocateSpec {
    /// What is made best.
    pub objective: ObjectiveSpec,
    /// Least and largest weight of one asset. The weights sum to 1.
    pub bounds: BoundsSpec,
    /// At most so many assets are held: the best such portfolio, by branch and bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_holdings: Option<u32>,
    /// At least so many assets are held, each with `min_weight.below` at least where that is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_holdings: Option<u32>,
    /// When a search over holdings stops without proof.
    #[serde(default)]
    pub search: SearchSpec,
    /// What happens to small weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_weight: Option<MinWeightSpec>,
    /// Adds so many times `sum |w|` to what is minimized. On a long-only, fully invested portfolio
    /// it is a constant and selects nothing; `max_holdings` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l1_penalty: Option<f64>,
    /// Adds so many times `sum w^2` to what is minimized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l2_penalty: Option<f64>,
    /// The portfolio's beta to the market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<BetaSpec>,
    /// Largest sum of absolute weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_leverage: Option<f64>,
    /// Which solver to use; the ledger says which one did.
    #[serde(default)]
    pub solver: SolverSpec,
    /// What is tried, in this order, when a program cannot be solved. Without it, the run stops.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<FallbackSpec>,
}

/// When a search over holdings stops without proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchSpec {
    /// After so many nodes of branch and bound: the same on every machine.
    #[serde(default = "nodes")]
    pub nodes: u64,
    /// After so many seconds: depends on the machine, and the ledger says so when it strikes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// A bound within this fraction of the objective counts as proof.
    #[serde(default = "search_gap")]
    pub gap: f64,
}

impl Default for SearchSpec {
    fn default() -> Self {
        Self { nodes: nodes(), seconds: None, gap: search_gap() }
    }
}

/// Least and largest weight of one asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundsSpec {
    /// Least weight; negative allows short positions.
    pub min: f64,
    /// Largest weight.
    pub max: f64,
    /// What happens when too few assets are eligible for their largest weights to sum to 1.
    #[serde(default)]
    pub when_too_tight: TooTightSpec,
}

/// What happens when the largest weights cannot sum to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TooTightSpec {
    /// The cap becomes `max(cap, 1 / k)` for `k` assets, with a note.
    #[default]
    Raise,
    /// The decision fails.
    Error,
}

/// What happens to small weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinWeightSpec {
    /// Weights smaller than this, in absolute value, are small.
    pub below: f64,
    /// What is done with them.
    pub rule: MinWeightRuleSpec,
}

/// What is done with small weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinWeightRuleSpec {
    /// They become 0 after the program is solved and the rest is scaled to sum to 1; it may then
    /// exceed its cap slightly, which is noted.
    DropAndRenormalize,
    /// Each weight is 0 or at least as large, as part of the program (a semicontinuous variable).
    Exact,
}

/// The portfolio's beta: a range or a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BetaSpec {
    /// Least beta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest beta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The one beta, in place of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// A solver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SolverSpec {
    /// The kernel where it fits, Clarabel for the rest.
    #[default]
    Auto,
    /// The kernel: exact, and fast on small dense programs. One that it cannot finish or prove goes
    /// to Clarabel, with a warning in the ledger.
    Kernel,
    /// Clarabel: an interior-point method for any cone program.
    Clarabel,
}

/// What is tried when a program cannot be solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FallbackSpec {
    /// The closest relaxation of a conflicting constraint; where the solver itself gave up, a
    /// looser tolerance.
    Relax,
    /// What is held already, untouched.
    Previous,
    /// The same weight in every eligible asset.
    EqualWeight,
}

/// What trading costs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostsSpec {
    /// Basis points of the traded value, per side.
    #[serde(default)]
    pub per_side_bps: f64,
    /// Whether the first purchase is charged, and counted as turnover.
    #[serde(default)]
    pub charge_first: bool,
}

/// Chooses among settings by the tracking error that each would have had on past decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TuneSpec {
    /// How often, in months, counted from the month of `walk_forward.first`; what was chosen holds
    /// until the next time.
    pub every_months: u32,
    /// Past decisions of so many months are tried.
    #[serde(default = "look_back_months")]
    pub look_back_months: u32,
    /// Values to try by dotted key below `allocate` or `estimate`; all combinations are tried.
    pub keys: BTreeMap<String, Vec<serde_json::Value>>,
}

/// A figure to reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// The key of a measure, such as `tracking_error`.
    pub measure: String,
    /// It should be at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// It should be at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What a reader must know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// How results are measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureSpec {
    /// First session of the full sample, so that studies with other windows compare; regimes start
    /// with the study's own first decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
}

/// A period that is measured on its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegimeSpec {
    /// Its name in the tables.
    pub name: String,
    /// Its first session; the beginning without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// Its last session; the end without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
}

fn periods_per_year() -> f64 {
    252.0
}

fn look_back_months() -> u32 {
    36
}

fn yes() -> bool {
    true
}

fn nodes() -> u64 {
    Limits::default().nodes
}

fn search_gap() -> f64 {
    Limits::default().gap
}

/// A date in the schema: `2019-06-01`.
struct DateText;

impl JsonSchema for DateText {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}
