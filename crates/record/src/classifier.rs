//! What a classifier said, and what came to pass, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// The classifier of a run: what it said, how good that was, and what it went by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassifierRun {
    /// One row a decision and asset.
    pub predictions: Vec<PredictionRow>,
    /// One row a decision.
    pub decisions: Vec<ClassifierRow>,
    /// One row a decision and feature.
    pub importance: Vec<ImportanceRow>,
    /// Names of the features.
    pub names: Vec<String>,
    /// One row a month-end and asset: what was known, and the label.
    pub features: Vec<FeatureRow>,
    /// By decision, the model in XGBoost's JSON format, where models are kept.
    pub models: Vec<(Date, Vec<u8>)>,
}

/// A probability, and what came to pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PredictionRow {
    /// The decision.
    pub date: Date,
    /// The asset.
    pub asset: String,
    /// The probability that the next tracking program holds it.
    pub probability: f64,
    /// Whether that of the last month-end did.
    pub label_now: Option<bool>,
    /// Its weight there.
    pub weight_now: Option<f64>,
    /// Whether the next one did, where that is known by now.
    pub label_next: Option<bool>,
}

/// What was learned for a decision, and how good it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassifierRow {
    /// The decision.
    pub date: Date,
    /// Which implementation grew the trees.
    pub trainer: String,
    /// Months of training rows.
    pub months: u32,
    /// Training rows.
    pub rows: u32,
    /// Those with label 1.
    pub positives: u32,
    /// How trees were grown.
    pub parameters: String,
    /// Folds that could be scored.
    pub folds_scored: u32,
    /// Mean cross-validated AUC of the scored folds.
    pub cv_auc: Option<f64>,
    /// On the labels of the month after: AUC.
    pub auc: Option<f64>,
    /// Share of assets on the right side of the threshold.
    pub accuracy: Option<f64>,
    /// Held next month among those selected by probability.
    pub precision: Option<f64>,
    /// Selected by probability among those held next month.
    pub recall: Option<f64>,
    /// Harmonic mean of precision and recall.
    pub f1: Option<f64>,
    /// Mean negative log likelihood.
    pub log_loss: Option<f64>,
    /// Mean squared distance of probability and label.
    pub brier: Option<f64>,
    /// AUC of the label of the last month-end as a forecast.
    pub auc_same_label: Option<f64>,
    /// AUC of the weight of the last month-end as a forecast.
    pub auc_current_weight: Option<f64>,
    /// Spearman's correlation of the features' gains with those of the decision before.
    pub importance_stability: Option<f64>,
}

impl ClassifierRow {
    /// A row in which nothing is known yet.
    pub fn empty() -> Self {
        Self {
            date: Date::ZERO,
            trainer: String::new(),
            months: 0,
            rows: 0,
            positives: 0,
            parameters: String::new(),
            folds_scored: 0,
            cv_auc: None,
            auc: None,
            accuracy: None,
            precision: None,
            recall: None,
            f1: None,
            log_loss: None,
            brier: None,
            auc_same_label: None,
            auc_current_weight: None,
            importance_stability: None,
        }
    }
}

/// How much a feature mattered to a decision's model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportanceRow {
    /// The decision.
    pub date: Date,
    /// The feature.
    pub feature: String,
    /// Mean gain of the splits on it.
    pub gain: f64,
    /// Number of splits on it.
    pub weight: u32,
    /// Mean cover of the splits on it.
    pub cover: f64,
}

/// What was known of an asset at a month-end, and its label there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureRow {
    /// The month-end.
    pub date: Date,
    /// The asset.
    pub asset: String,
    /// In the order of the names.
    pub values: Vec<Option<f64>>,
    /// Whether the tracking program of this month-end holds it.
    pub label: Option<bool>,
    /// Its weight there.
    pub weight: Option<f64>,
}
