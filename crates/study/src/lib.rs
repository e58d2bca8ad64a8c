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
pub use data_hint::{data_hint, finding_hint};
pub use fault::{Fault, StudyError};
pub use keys::{Key, Variant, Word, find, keys, near, paths};
pub use objective::{AdHocSpec, Numerator, ObjectiveChoice, PriorSpec, ReviewSpec, TiltSpec};
pub use policy::{Allocation, Fitted, LabelSet, Month, Months, Selector, StudyPolicy, Tuner};
pub use selection::{Classifier, Labels, ParameterSearch, Selection};
pub use spec::{
    AllocateSpec, BoundsSpec, CostsSpec, DriftSpec, ExtraRebalance, FactorsSpec, Fallback,
    FilesSpec, InfeasibleCap, LabelsSpec, MarketSpec, MeasureSpec, MinWeightRuleSpec,
    MinWeightSpec, ParameterSearchSpec, PathsSpec, PeriodSpec, SearchSpec, SelectSpec, SolverSpec,
    SourceSpec, Spec, TargetSpec, TrainerSpec, TuneSpec, ValidationSpec, WalkForwardSpec,
};
pub use study::Study;

/// The JSON Schema of study files.
pub fn schema() -> Value {
    check::schema()
}
