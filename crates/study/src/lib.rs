//! What a user writes, and the policy that it stands for.
//!
//! Text -> tree with positions -> checked against the schema -> [`Spec`] -> [`Config`]: all errors of
//! a file are found in one pass, each with its key and its line. A [`StudyPolicy`] is a study on a
//! market: it turns a past into a decision.

mod axes;
mod check;
mod config;
mod constraint;
mod data_hint;
mod date;
mod fault;
mod keys;
pub mod objective;
pub mod policy;
mod renamed;
mod resolve;
mod resolved;
mod selection;
mod set;
mod spec;
mod study;
mod tree;
mod words;

use serde_json::Value;

pub use axes::{Swept, combinations};
pub use config::Config;
pub use constraint::{BetaSpec, ConstraintForm};
pub use data_hint::data_hint;
pub use fault::{Fault, StudyError};
pub use keys::{Key, Variant, Word, find, keys, near, paths};
pub use objective::{Numerator, ObjectiveChoice};
pub use policy::{Allocation, Fitted, LabelSet, Month, Months, Selector, StudyPolicy, Tuner};
pub use selection::{BoostedTrees, Labels, Persistence, Selection, TrainerSpec};
pub use spec::{
    AllocateSpec, BoundsSpec, CostsSpec, DriftSpec, ExtraRebalance, FactorsSpec, Fallback,
    FilesSpec, InfeasibleCap, MarketSpec, MeasureSpec, MinWeightRuleSpec, MinWeightSpec, PathsSpec,
    PeriodSpec, SearchSpec, SolverSpec, SourceSpec, Spec, TargetSpec, TuneSpec, WalkForwardSpec,
};
pub use study::Study;

/// The JSON Schema of study files.
pub fn schema() -> Value {
    check::schema()
}
