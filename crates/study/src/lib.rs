//! What a user writes, and the policy that it stands for.
//!
//! Text -> tree with positions -> checked against the schema -> [`Spec`] -> [`Config`]: all errors of
//! a file are found in one pass, each with its key and its line. [`Study::on`] adds what only the market
//! tells. A [`StudyPolicy`] is a study on a market: it turns a past into a decision.
//!
//! The doc comments of the types below [`Spec`] are what `walkfolio explain` prints of a study's keys,
//! so their examples are lines of TOML.
//!
//! ```
//! use walkfolio_study::{ObjectiveChoice, PeriodsPerYear, Study};
//!
//! let study = Study::parse("x.toml", r#"
//! name = "x"
//! market = { assets = ["XLK", "XLF"], benchmark = "SPY" }
//! walk_forward = { every = "month" }
//!
//! [allocate]
//! objective = { kind = "tracking_error", window = 252 }
//! bounds = { min = 0.0, max = 0.6 }
//! "#, &["allocate.bounds.max=0.7".to_owned()])?;
//! let spec = study.config().spec();
//! assert_eq!((spec.allocate.bounds.max, spec.periods_per_year), (0.7, PeriodsPerYear::Auto));
//! assert!(matches!(&spec.allocate.objective, ObjectiveChoice::TrackingError(o) if o.window == 252));
//! # Ok::<(), walkfolio_study::StudyError>(())
//! ```

mod axes;
mod check;
mod config;
mod constraint;
mod data_hint;
mod date;
mod elsewhere;
mod fault;
mod input_files;
mod keys;
mod nearest;
mod objective;
mod on_market;
mod plausible;
pub mod policy;
mod renamed;
mod resolve;
mod resolved;
mod selection;
mod set;
mod spec;
mod study;
mod switches;
mod tree;
mod units;
mod words;

use serde_json::Value;

pub use axes::{Swept, combinations};
pub use config::Config;
pub use constraint::{
    AssetBoundsSpec, BetaSpec, FactorExposureSpec, GroupSpec, NetLeverageSpec, Scaling,
    TurnoverSpec, VolatilityTargetSpec, loadings_name,
};
pub use data_hint::{data_hint, finding_hint};
pub use fault::{Fault, StudyError};
pub use input_files::{EstimatorFile, FileContent};
pub use keys::{Key, Variant, Word, find, keys, near, paths};
pub use objective::{
    Distance, Ensemble, EqualWeight, Frontier, FrontierRule, GroupBudget,
    HierarchicalEqualRiskContribution, HierarchicalRiskParity, InformationRatio, InverseOf,
    InverseVolatility, Linkage, MaximumDiversification, MaximumSharpe, MeanCvar, MeanVariance,
    Member, MinimumCdar, MinimumCvar, MinimumVariance, Numerator, ObjectiveChoice, RiskParity,
    RobustMeanVariance, RobustUtility, TrackingError,
};
pub use policy::{Allocation, Fitted, LabelSet, Month, Months, Selector, StudyPolicy};
pub use selection::{BoostedTrees, Labels, Persistence, Selection, TrainerSpec};
pub use spec::{
    AccountPrices, AccountSpec, AllocateSpec, AttributionSpec, BandsSpec, BenchmarkSpec,
    BlockMethod, BoundsSpec, CostsSpec, CriterionSpec, CrossValidationSpec, CurrencySpec,
    DriftSpec, EQUAL_WEIGHT, EverySpec, ExecutionPrice, ExtraRebalance, FactorsSpec, Fallback,
    FilesSpec, FinancingRate, ImpactSpec, InfeasibleCap, InteractionSpec, MarketSpec, MeasureSpec,
    MinWeightRuleSpec, MinWeightSpec, OthersSpec, PathsSpec, PerSpec, PeriodSpec, PeriodsPerYear,
    Rate, ReferenceSpec, RiskFreeSpec, RobustnessSpec, SearchSpec, SolverSpec, SourceSpec, Spec,
    StressSpec, TargetSpec, TuneSpec, WalkForwardSpec, WhenSpec, WorldsSpec,
};
pub use study::Study;

/// The JSON Schema of study files.
///
/// # Examples
/// ```
/// let schema = walkfolio_study::schema();
/// assert_eq!(schema["properties"]["periods_per_year"]["default"], "auto");
/// ```
pub fn schema() -> &'static Value {
    check::schema()
}
