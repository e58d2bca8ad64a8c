//! The scores of a classifier beside what needs no model.

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, percent};
use walkfolio_analysis::{Quality, Scores};

use super::numbers::number;
use crate::model_words::area;

/// One score, with its formula and source.
#[derive(Debug, Serialize, PartialEq)]
pub(super) struct Score {
    label: &'static str,
    formula: &'static str,
    source: &'static str,
    cells: Vec<Cell>,
}

/// What one forecast scores, and the word for it.
#[derive(Debug, Serialize, PartialEq)]
struct Cell {
    text: String,
    band: Option<&'static str>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, band: None }
    }
}

/// Columns: the classifier, the same label, the current weight, cross-validation.
pub(super) fn table(quality: &Quality, same: Option<&Scores>) -> Vec<Score> {
    let mut rows = vec![Score {
        label: "AUC",
        formula: "P(score of a held asset > score of another), a tie counts half",
        source: "Hanley & McNeil (1982)",
        cells: [
            quality.scores.auc,
            quality.auc_same_label,
            quality.auc_current_weight,
            quality.cv_auc,
        ]
        .map(|auc| Cell { text: auc.map_or_else(dash, area), band: auc.map(Quality::band) })
        .into(),
    }];
    rows.extend(DEFINITIONS.iter().map(|definition| definition.row(&quality.scores, same)));
    rows
}

struct Definition {
    label: &'static str,
    formula: &'static str,
    source: &'static str,
    take: fn(&Scores) -> String,
    /// Whether a forecast of 0 or 1 has it.
    certain: bool,
}

impl Definition {
    fn row(&self, own: &Scores, same: Option<&Scores>) -> Score {
        let same = same.filter(|_| self.certain);
        let cells = [(self.take)(own), same.map_or_else(dash, self.take), dash(), dash()];
        Score {
            label: self.label,
            formula: self.formula,
            source: self.source,
            cells: cells.map(Cell::from).into(),
        }
    }
}

fn dash() -> String {
    UNDEFINED.to_owned()
}

fn share(value: Option<f64>) -> String {
    value.map_or_else(dash, percent)
}

const TABLES: &str = "Hastie, Tibshirani & Friedman (2009), ch. 9";

static DEFINITIONS: [Definition; 6] = [
    Definition {
        label: "Accuracy",
        formula: "(TP + TN) / all",
        source: TABLES,
        take: |scores| percent(scores.accuracy),
        certain: true,
    },
    Definition {
        label: "Precision",
        formula: "TP / (TP + FP)",
        source: TABLES,
        take: |scores| share(scores.precision),
        certain: true,
    },
    Definition {
        label: "Recall",
        formula: "TP / (TP + FN)",
        source: TABLES,
        take: |scores| share(scores.recall),
        certain: true,
    },
    Definition {
        label: "F1",
        formula: "2 TP / (2 TP + FP + FN)",
        source: "van Rijsbergen (1979)",
        take: |scores| number(scores.f1),
        certain: true,
    },
    Definition {
        label: "Log loss",
        formula: "-mean(y ln p + (1 - y) ln(1 - p)), nats; lower is better",
        source: TABLES,
        take: |scores| number(Some(scores.log_loss)),
        certain: false,
    },
    Definition {
        label: "Brier score",
        formula: "mean((p - y)^2); lower is better",
        source: "Brier (1950)",
        take: |scores| number(Some(scores.brier)),
        certain: true,
    },
];
