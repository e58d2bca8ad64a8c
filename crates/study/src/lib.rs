//! What a user writes, and the policy that it stands for.
//!
//! Text -> tree with places -> checked against the schema -> [`Spec`] -> [`Config`]: all faults of a
//! file are found in one pass, each with its key and its line. A [`StudyPolicy`] is a study on a
//! market: it turns a past into a decision.

mod axes;
mod check;
mod config;
mod fault;
mod keys;
pub mod policy;
mod resolve;
mod resolved;
mod selection;
mod set;
mod spec;
mod study;
mod tree;

use serde_json::Value;

pub use axes::{Swept, combinations};
pub use config::{Config, Fallback, MinWeight, RatioRule, Regime, Target, Tracking};
pub use fault::{Fault, StudyError};
pub use keys::{Key, Variant, Word, find, keys, near, paths};
pub use policy::{Allocation, Fitted, LabelSet, Month, Months, Selector, StudyPolicy, Tuner};
pub use selection::{Classifier, Labels, ParameterSearch, Selection};
pub use spec::{
    AdHocSpec, AllocateSpec, AlsoSpec, BetaSpec, BoundsSpec, CleanSpec, CostsSpec, DriftSpec,
    FactorsSpec, FallbackSpec, FilesSpec, IndexSpec, LabelsSpec, LayoutSpec, MarketSpec,
    MeasureSpec, MinWeightRuleSpec, MinWeightSpec, NumeratorSpec, ObjectiveSpec,
    ParameterSearchSpec, PathsSpec, PolicySpec, PriorSpec, RegimeSpec, ReviewSpec, SearchSpec,
    SelectSpec, SolverSpec, SourceSpec, Spec, TargetSpec, TiltSpec, TooTightSpec, TrainerSpec,
    TuneSpec, ValidationSpec, WalkForwardSpec,
};
pub use study::Study;

/// The JSON Schema of study files.
pub fn schema() -> Value {
    check::schema()
}
