//! What was learned, and where risk was expected to come from, as tables.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, BooleanArray, UInt32Array};

use super::parquet::{column, dates, floats, read, strings, write};
use crate::Result;
use walkfolio_record::RiskRow;
use walkfolio_record::{ClassifierRow, ClassifierRun, FeatureRow, ImportanceRow, PredictionRow};

pub(super) fn predictions(rows: &[PredictionRow]) -> Result<Vec<u8>> {
    let flags = |pick: fn(&PredictionRow) -> Option<bool>| -> ArrayRef {
        Arc::new(rows.iter().map(pick).collect::<BooleanArray>())
    };
    write(vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("asset", strings(rows.iter().map(|row| Some(row.asset.as_str())))),
        column("probability", floats(rows.iter().map(|row| Some(row.probability)))),
        column("label_now", flags(|row| row.label_now)),
        column("weight_now", floats(rows.iter().map(|row| row.weight_now))),
        column("label_next", flags(|row| row.label_next)),
    ])
}

/// The columns of numbers of a classifier's rows.
type Score = (&'static str, fn(&ClassifierRow) -> Option<f64>, fn(&mut ClassifierRow, Option<f64>));

const SCORES: [Score; 11] = [
    ("cv_auc", |row| row.cv_auc, |row, value| row.cv_auc = value),
    ("auc", |row| row.auc, |row, value| row.auc = value),
    ("accuracy", |row| row.accuracy, |row, value| row.accuracy = value),
    ("precision", |row| row.precision, |row, value| row.precision = value),
    ("recall", |row| row.recall, |row, value| row.recall = value),
    ("f1", |row| row.f1, |row, value| row.f1 = value),
    ("log_loss", |row| row.log_loss, |row, value| row.log_loss = value),
    ("brier", |row| row.brier, |row, value| row.brier = value),
    ("auc_same_label", |row| row.auc_same_label, |row, value| row.auc_same_label = value),
    (
        "auc_current_weight",
        |row| row.auc_current_weight,
        |row, value| {
            row.auc_current_weight = value;
        },
    ),
    (
        "importance_stability",
        |row| row.importance_stability,
        |row, value| {
            row.importance_stability = value;
        },
    ),
];

pub(super) fn classifier(rows: &[ClassifierRow]) -> Result<Vec<u8>> {
    let counts = |pick: fn(&ClassifierRow) -> u32| -> ArrayRef {
        Arc::new(rows.iter().map(|row| Some(pick(row))).collect::<UInt32Array>())
    };
    let mut columns = vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("trainer", strings(rows.iter().map(|row| Some(row.trainer.as_str())))),
        column("parameters", strings(rows.iter().map(|row| Some(row.parameters.as_str())))),
        column("months", counts(|row| row.months)),
        column("rows", counts(|row| row.rows)),
        column("positives", counts(|row| row.positives)),
        column("folds_scored", counts(|row| row.folds_scored)),
    ];
    columns.extend(SCORES.map(|(name, pick, _)| column(name, floats(rows.iter().map(pick)))));
    write(columns)
}

pub(super) fn importance(rows: &[ImportanceRow]) -> Result<Vec<u8>> {
    let weights: UInt32Array = rows.iter().map(|row| Some(row.weight)).collect();
    write(vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("feature", strings(rows.iter().map(|row| Some(row.feature.as_str())))),
        column("gain", floats(rows.iter().map(|row| Some(row.gain)))),
        column("weight", Arc::new(weights)),
        column("cover", floats(rows.iter().map(|row| Some(row.cover)))),
    ])
}

pub(super) fn features(run: &ClassifierRun) -> Result<Vec<u8>> {
    let rows = &run.features;
    let labels: BooleanArray = rows.iter().map(|row| row.label).collect();
    let mut columns = vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("asset", strings(rows.iter().map(|row| Some(row.asset.as_str())))),
    ];
    for (index, name) in run.names.iter().enumerate() {
        columns.push(column(name, floats(rows.iter().map(|row| row.values[index]))));
    }
    columns.push(column("label", Arc::new(labels)));
    columns.push(column("label_weight", floats(rows.iter().map(|row| row.weight))));
    write(columns)
}

pub(super) fn models(run: &ClassifierRun) -> Result<Vec<u8>> {
    let bytes: BinaryArray = run.models.iter().map(|(_, model)| Some(model.as_slice())).collect();
    write(vec![
        column("date", dates(run.models.iter().map(|(date, _)| Some(*date)))),
        column("xgboost_json", Arc::new(bytes)),
    ])
}

pub(super) fn risk(rows: &[RiskRow]) -> Result<Vec<u8>> {
    let numbers = |pick: fn(&RiskRow) -> f64| floats(rows.iter().map(|row| Some(pick(row))));
    write(vec![
        column("date", dates(rows.iter().map(|row| Some(row.date)))),
        column("asset", strings(rows.iter().map(|row| Some(row.asset.as_str())))),
        column("active_weight", numbers(|row| row.active_weight)),
        column("marginal", numbers(|row| row.marginal)),
        column("contribution", numbers(|row| row.contribution)),
    ])
}

pub(super) fn read_risk(path: &Path) -> Result<Vec<RiskRow>> {
    read(path, |table, row| {
        let number = |name| table.number(name, row)?.ok_or_else(|| table.bad(name));
        Ok(RiskRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            asset: table.text("asset", row)?.unwrap_or_default(),
            active_weight: number("active_weight")?,
            marginal: number("marginal")?,
            contribution: number("contribution")?,
        })
    })
}

/// What a report needs of a classifier; the panel of features and the models stay in their files.
pub(super) fn read_classifier(folder: &Path) -> Result<ClassifierRun> {
    let importance = read_importance(&folder.join("importance.parquet"))?;
    let mut names: Vec<String> = Vec::new();
    for row in &importance {
        if !names.contains(&row.feature) {
            names.push(row.feature.clone());
        }
    }
    Ok(ClassifierRun {
        predictions: read_predictions(&folder.join("predictions.parquet"))?,
        decisions: read_decisions(&folder.join("classifier.parquet"))?,
        importance,
        names,
        features: Vec::<FeatureRow>::new(),
        models: Vec::new(),
    })
}

fn read_predictions(path: &Path) -> Result<Vec<PredictionRow>> {
    read(path, |table, row| {
        let number = |name| table.number(name, row)?.ok_or_else(|| table.bad(name));
        Ok(PredictionRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            asset: table.text("asset", row)?.unwrap_or_default(),
            probability: number("probability")?,
            label_now: table.flag("label_now", row)?,
            weight_now: table.number("weight_now", row)?,
            label_next: table.flag("label_next", row)?,
        })
    })
}

fn read_decisions(path: &Path) -> Result<Vec<ClassifierRow>> {
    read(path, |table, row| {
        let count = |name| table.column::<UInt32Array>(name).map(|array| array.value(row));
        let mut read = ClassifierRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            trainer: table.text("trainer", row)?.unwrap_or_default(),
            parameters: table.text("parameters", row)?.unwrap_or_default(),
            months: count("months")?,
            rows: count("rows")?,
            positives: count("positives")?,
            folds_scored: count("folds_scored")?,
            ..ClassifierRow::empty()
        };
        for (name, _, set) in SCORES {
            set(&mut read, table.number(name, row)?);
        }
        Ok(read)
    })
}

fn read_importance(path: &Path) -> Result<Vec<ImportanceRow>> {
    read(path, |table, row| {
        let number = |name| table.number(name, row)?.ok_or_else(|| table.bad(name));
        Ok(ImportanceRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            feature: table.text("feature", row)?.unwrap_or_default(),
            gain: number("gain")?,
            weight: table.column::<UInt32Array>("weight")?.value(row),
            cover: number("cover")?,
        })
    })
}
