//! Keys of `[select]`: which assets a decision may hold, and what a classifier learns from.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;
use walkfolio_core::number::shown;
use walkfolio_estimate::features::{FeatureSet, need};
use walkfolio_learn::{Error, ParameterSearch, Parameters, Validation};

use crate::date::DateText;
use crate::nearest::nearest;

/// Which assets a decision may hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)] // each variant is documented where its struct is
pub enum Selection {
    /// All that are eligible.
    #[default]
    None,
    Persistence(Persistence),
    BoostedTrees(Box<BoostedTrees>),
}

/// Those that the tracking program of the last month-end held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Persistence {
    /// At least so many assets are selected, those with the largest weights.
    ///
    /// Unit: assets.
    #[serde(default = "min_selected")]
    pub min_selected: u32,
    /// What an asset's label is.
    #[serde(default)]
    pub labels: Labels,
}

/// Those that gradient-boosted trees expect the next tracking program to hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoostedTrees {
    /// At least so many assets are selected, those with the largest probabilities.
    ///
    /// Unit: assets.
    #[serde(default = "min_selected")]
    pub min_selected: u32,
    /// Assets with at least this probability are selected.
    ///
    /// Unit: probability.
    #[serde(default = "threshold")]
    pub threshold: f64,
    /// Which implementation grows the trees.
    #[serde(default)]
    pub trainer: TrainerSpec,
    /// What the classifier is told of an asset.
    #[serde(default)]
    pub features: FeatureSet,
    /// What it learns to predict.
    #[serde(default)]
    pub labels: Labels,
    /// No training row before this date.
    ///
    /// Example: `since = 2013-07-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub since: Option<Date>,
    /// How trees are grown; a search replaces those that its grid names.
    #[serde(default)]
    pub parameters: Parameters,
    /// How the classifier is cross-validated before each decision.
    #[serde(default)]
    pub validation: Validation,
    /// Searches for the parameters with the best cross-validated AUC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<ParameterSearch>,
    /// Whether each decision's model is kept in `models.parquet`.
    #[serde(default = "yes")]
    pub save_models: bool,
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Labels {
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

impl Default for Labels {
    fn default() -> Self {
        Self {
            window: label_window(),
            threshold: label_threshold(),
            max_weight: label_cap(),
            l1_penalty: 0.0,
        }
    }
}

impl Selection {
    /// Finds what is wrong with it, alone and together with the market.
    pub(crate) fn validate(&self, n: usize, has_benchmark: bool, faults: &mut Faults) {
        let Some(least) = self.min_selected() else { return };
        if !has_benchmark {
            let hint = "add benchmark = \"...\" to [market], or remove [select]";
            faults.push("", "predicts what tracks a benchmark, and there is none", hint);
        }
        faults.at_least("min_selected", least, 1);
        // The default is no demand.
        if least as usize > n && least != min_selected() {
            let message = format!("{least} is more than the {n} assets: nothing is selected");
            faults.push("min_selected", message, "use select.kind = \"none\" for all assets");
        }
        if let Some(classifier) = self.classifier() {
            classifier.validate(faults);
        } else if let Some(labels) = self.labels() {
            faults.part("labels", |faults| labels.validate(faults));
        }
    }

    /// Returns that an asset must have for its label and its features.
    pub fn rows(&self) -> usize {
        let labels = self.labels().map_or(0, |labels| labels.window as usize);
        labels.max(self.classifier().map_or(0, BoostedTrees::feature_rows))
    }

    /// What an asset's label is, where there are labels.
    pub fn labels(&self) -> Option<&Labels> {
        match self {
            Self::None => None,
            Self::Persistence(persistence) => Some(&persistence.labels),
            Self::BoostedTrees(classifier) => Some(&classifier.labels),
        }
    }

    /// The classifier, where there is one.
    pub fn classifier(&self) -> Option<&BoostedTrees> {
        match self {
            Self::BoostedTrees(classifier) => Some(classifier),
            Self::None | Self::Persistence(_) => None,
        }
    }

    /// The minimum number of assets that are selected, where not all are.
    pub fn min_selected(&self) -> Option<u32> {
        match self {
            Self::None => None,
            Self::Persistence(persistence) => Some(persistence.min_selected),
            Self::BoostedTrees(classifier) => Some(classifier.min_selected),
        }
    }
}

impl BoostedTrees {
    fn validate(&self, faults: &mut Faults) {
        faults.fraction("threshold", self.threshold, "0.5 is more likely than not");
        faults.part("features", |faults| self.features.validate(faults));
        faults.part("labels", |faults| self.labels.validate(faults));
        faults.part("parameters", |faults| report(self.parameters.check(), "", faults));
        let hint = "use 3, or 0 for no cross-validation";
        faults.part("validation", |faults| report(self.validation.check(), hint, faults));
        let Some(search) = &self.search else { return };
        faults.at_least("search.every_months", search.every_months, 1);
        if self.validation.folds == 0 {
            let hint = "set select.validation.folds = 3";
            faults.push("search", "needs a cross-validation, and there is none", hint);
        }
        faults.part("search.grid", |faults| {
            report(search.grid.settings(&self.parameters), "", faults);
        });
    }

    /// Returns that an asset must have for its features.
    fn feature_rows(&self) -> usize {
        need(&self.features.features(1.0)).rows
    }
}

impl Labels {
    fn validate(&self, faults: &mut Faults) {
        faults.window("window", self.window, 2, "a label");
        if !(0.0..1.0).contains(&self.threshold) {
            let message = format!("must be between 0 and 1, found {}", shown(self.threshold));
            faults.push("threshold", message, "0.005 is half a percent");
        }
        if !(self.max_weight > 0.0 && self.max_weight <= 1.0) {
            let message =
                format!("must be above 0 and at most 1, found {}", shown(self.max_weight));
            faults.push("max_weight", message, "0.3 is 30 %");
        }
        faults.at_least_zero("l1_penalty", self.l1_penalty);
    }
}

/// What `learn` finds wrong, as faults of the keys.
fn report<T>(checked: walkfolio_learn::Result<T>, hint: &str, faults: &mut Faults) {
    match checked {
        Ok(_) => {}
        Err(Error::Parameters { faults: found }) => {
            for fault in found {
                let message = format!("must be {}, found {}", fault.rule, fault.value);
                faults.push(fault.key, message, hint);
            }
        }
        Err(error) => {
            let (path, like) = match &error {
                Error::UnknownParameter { key, known } => {
                    let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                    (key.as_str(), nearest(key, &known))
                }
                _ => ("", None),
            };
            let hint = like.or_else(|| error.hint()).unwrap_or_default();
            faults.push(path, error.to_string(), &hint);
        }
    }
}

fn yes() -> bool {
    true
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
