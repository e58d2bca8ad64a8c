//! Keys of `[select]`: which assets a decision may hold, and what a classifier learns from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_estimate::features::FeatureSet;
use walkfolio_learn::Parameters;

use super::yes;
use crate::date::DateText;

/// Which assets a decision may hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[allow(clippy::large_enum_variant)] // there is one of it
pub enum SelectSpec {
    /// All that are eligible.
    #[default]
    None,
    /// Those that the tracking program of the last month-end held.
    Persistence {
        /// At least so many assets are selected, those with the largest weights.
        ///
        /// Unit: assets.
        #[serde(default = "min_selected")]
        min_selected: u32,
        /// What an asset's label is.
        #[serde(default)]
        labels: LabelsSpec,
    },
    /// Those that gradient-boosted trees expect the next tracking program to hold.
    BoostedTrees {
        /// At least so many assets are selected, those with the largest probabilities.
        ///
        /// Unit: assets.
        #[serde(default = "min_selected")]
        min_selected: u32,
        /// Assets with at least this probability are selected.
        ///
        /// Unit: probability.
        #[serde(default = "threshold")]
        threshold: f64,
        /// Which implementation grows the trees.
        #[serde(default)]
        trainer: TrainerSpec,
        /// What the classifier is told of an asset.
        #[serde(default)]
        features: FeatureSet,
        /// What it learns to foresee.
        #[serde(default)]
        labels: LabelsSpec,
        /// No training row before this date.
        ///
        /// Example: `since = 2013-07-01`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<DateText>")]
        since: Option<Date>,
        /// How trees are grown; a search replaces those that its grid names.
        #[serde(default)]
        parameters: Parameters,
        /// How the classifier is cross-validated before each decision.
        #[serde(default)]
        validation: ValidationSpec,
        /// Searches for the parameters with the best cross-validated AUC.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        search: Option<ParameterSearchSpec>,
        /// Whether each decision's model is kept in `models.parquet`.
        #[serde(default = "yes")]
        save_models: bool,
    },
}

/// An implementation of gradient-boosted trees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TrainerSpec {
    /// Our own, exact greedy; needs nothing installed.
    #[default]
    BuiltIn,
    /// The XGBoost library through its C interface, `tree_method = exact`.
    Xgboost {
        /// The shared library; without it `WALKFOLIO_XGBOOST`, or what `make xgboost` installed.
        ///
        /// Example: `library = "/usr/lib/libxgboost.so"`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        library: Option<String>,
    },
}

/// The label of an asset: whether the tracking program of a month-end holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelsSpec {
    /// Rows of the program's window.
    #[serde(default = "label_window")]
    pub window: u32,
    /// The label is 1 for a weight above this.
    ///
    /// Unit: fraction of equity.
    #[serde(default = "label_threshold")]
    pub threshold: f64,
    /// Largest weight of one asset in the program.
    ///
    /// Unit: fraction of equity.
    #[serde(default = "label_cap")]
    pub max_weight: f64,
    /// Penalty on `sum |w|`: a constant here, and a warning says so.
    ///
    /// Unit: of the objective, for a sum of absolute weights of 1.
    ///
    /// Example: `l1_penalty = 0.001`
    #[serde(default, skip_serializing_if = "is_zero")]
    pub l1_penalty: f64,
}

impl Default for LabelsSpec {
    fn default() -> Self {
        Self {
            window: label_window(),
            threshold: label_threshold(),
            max_weight: label_cap(),
            l1_penalty: 0.0,
        }
    }
}

/// Expanding time-series folds over months.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValidationSpec {
    /// Number of folds; 0 for no cross-validation.
    ///
    /// Unit: folds.
    pub folds: u32,
    /// Months before each test that training leaves out: labels of neighbouring months share most
    /// of their window.
    pub purge_months: u32,
}

impl Default for ValidationSpec {
    fn default() -> Self {
        Self { folds: 3, purge_months: 12 }
    }
}

/// A search over parameters by cross-validated AUC, before a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterSearchSpec {
    /// How often, in months; what was found holds until the next search.
    ///
    /// Example: `every_months = 12`
    pub every_months: u32,
    /// Values to try by parameter; all combinations are tried.
    #[serde(default = "original_grid")]
    pub grid: BTreeMap<String, Vec<f64>>,
}

/// The 432 combinations of the study's original.
fn original_grid() -> BTreeMap<String, Vec<f64>> {
    let axes: [(&str, &[f64]); 7] = [
        ("n_estimators", &[100.0, 200.0, 300.0]),
        ("max_depth", &[4.0, 6.0, 8.0]),
        ("learning_rate", &[0.05, 0.1, 0.15]),
        ("subsample", &[0.8, 0.9]),
        ("colsample_bytree", &[0.8, 0.9]),
        ("reg_alpha", &[0.0, 0.1]),
        ("reg_lambda", &[1.0, 1.5]),
    ];
    axes.into_iter().map(|(key, values)| (key.to_owned(), values.to_vec())).collect()
}

fn min_selected() -> u32 {
    4
}

fn threshold() -> f64 {
    0.5
}

fn label_window() -> u32 {
    252
}

fn label_threshold() -> f64 {
    0.005
}

fn label_cap() -> f64 {
    0.30
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives a reference
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}
