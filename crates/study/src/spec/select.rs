//! Keys of `[select]`: which assets a decision may hold, and what a classifier learns from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DateText, yes};

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
        features: FeaturesSpec,
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
        parameters: ParametersSpec,
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

/// What a classifier is told of an asset at a month-end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeaturesSpec {
    /// Log returns over so many months, up to the month-end before the last: the most recent month
    /// is skipped.
    #[serde(default = "momentum_months")]
    pub momentum_months: Vec<u32>,
    /// Annualized standard deviations of the last so many daily log returns.
    #[serde(default = "volatility_days")]
    pub volatility_days: Vec<u32>,
    /// Correlations of daily log returns with the benchmark's over the last so many sessions.
    #[serde(default = "correlation_days")]
    pub correlation_days: Vec<u32>,
    /// Whether each feature is standardized across the assets of a month.
    #[serde(default)]
    pub standardize: StandardizeSpec,
    /// Features from files of your own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<ExtraFeatureSpec>,
}

impl Default for FeaturesSpec {
    fn default() -> Self {
        Self {
            momentum_months: momentum_months(),
            volatility_days: volatility_days(),
            correlation_days: correlation_days(),
            standardize: StandardizeSpec::default(),
            extra: Vec::new(),
        }
    }
}

/// How a feature is standardized across the assets of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandardizeSpec {
    /// Not at all.
    #[default]
    None,
    /// Mean 0, standard deviation 1.
    ZScore,
    /// Ranks from -0.5 to 0.5.
    Rank,
}

/// A feature from a file.
///
/// A file with the columns `date, asset, value` gives the value itself. One with
/// `date, asset, constituent, weight, market_cap, pe, actual_eps, estimated_eps` is summed over
/// the constituents, `sum w_i x_i`. The date is the day on which a value became known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraFeatureSpec {
    /// What it is.
    pub kind: ExtraKindSpec,
    /// The CSV file, below the folder of the source or of `--data`.
    ///
    /// Example: `file = "signals/market_cap.csv"`
    pub file: String,
}

/// What a feature from a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtraKindSpec {
    /// The logarithm of the value traded in a session, from a file of dollar volumes.
    LogDollarVolume,
    /// Market capitalization.
    MarketCap,
    /// Price over earnings.
    PriceEarnings,
    /// `(actual - estimated) / |estimated| * 100`.
    EarningsSurprise,
}

/// The label of an asset: whether the tracking program of a month-end holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelsSpec {
    /// Rows of the program's window.
    #[serde(default = "label_window")]
    pub window_days: u32,
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
            window_days: label_window(),
            threshold: label_threshold(),
            max_weight: label_cap(),
            l1_penalty: 0.0,
        }
    }
}

/// How trees are grown; names and meanings are XGBoost's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ParametersSpec {
    /// Number of trees.
    ///
    /// Unit: trees.
    pub n_estimators: u32,
    /// Greatest depth of a tree.
    ///
    /// Unit: levels.
    pub max_depth: u32,
    /// What each tree's answer is multiplied by.
    ///
    /// Unit: fraction.
    pub learning_rate: f64,
    /// Share of the rows that a tree is grown on.
    ///
    /// Unit: fraction.
    pub subsample: f64,
    /// Share of the features that a tree may split on.
    ///
    /// Unit: fraction.
    pub colsample_bytree: f64,
    /// L1 penalty on the values of leaves.
    ///
    /// Unit: sum of gradients.
    pub reg_alpha: f64,
    /// L2 penalty on the values of leaves.
    ///
    /// Unit: sum of second derivatives.
    pub reg_lambda: f64,
    /// Least gain of a split.
    ///
    /// Unit: reduction of the loss.
    pub gamma: f64,
    /// Least sum of second derivatives in a leaf.
    ///
    /// Unit: sum of second derivatives.
    pub min_child_weight: f64,
    /// Seed of the sampling.
    ///
    /// Unit: any.
    pub seed: u32,
}

impl Default for ParametersSpec {
    fn default() -> Self {
        Self {
            n_estimators: 200,
            max_depth: 4,
            learning_rate: 0.1,
            subsample: 0.8,
            colsample_bytree: 0.8,
            reg_alpha: 0.0,
            reg_lambda: 1.0,
            gamma: 0.0,
            min_child_weight: 1.0,
            seed: 42,
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

fn momentum_months() -> Vec<u32> {
    vec![1, 3, 6, 12]
}

fn volatility_days() -> Vec<u32> {
    vec![20, 60]
}

fn correlation_days() -> Vec<u32> {
    vec![60]
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
