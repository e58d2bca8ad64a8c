//! What was learned, and where risk was expected to come from, as tables.

use std::path::Path;

use walkfolio_columns::Column;

use super::parquet::{read, write};
use crate::Result;
use walkfolio_record::RiskRow;
use walkfolio_record::{ClassifierRow, ClassifierRun, FeatureRow, ImportanceRow, PredictionRow};

pub(super) fn predictions(rows: &[PredictionRow]) -> Result<Vec<u8>> {
    let flags =
        |name, pick: fn(&PredictionRow) -> Option<bool>| Column::flags(name, rows.iter().map(pick));
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("asset", rows.iter().map(|row| Some(row.asset.as_str()))),
        Column::numbers("probability", rows.iter().map(|row| Some(row.probability))),
        flags("label_now", |row| row.label_now),
        Column::numbers("weight_now", rows.iter().map(|row| row.weight_now)),
        flags("label_next", |row| row.label_next),
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
    let counts =
        |name, pick: fn(&ClassifierRow) -> u32| Column::counts(name, rows.iter().map(pick));
    let mut columns = vec![
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("trainer", rows.iter().map(|row| Some(row.trainer.as_str()))),
        Column::texts("parameters", rows.iter().map(|row| Some(row.parameters.as_str()))),
        counts("months", |row| row.months),
        counts("rows", |row| row.rows),
        counts("positives", |row| row.positives),
        counts("folds_scored", |row| row.folds_scored),
    ];
    columns.extend(SCORES.map(|(name, pick, _)| Column::numbers(name, rows.iter().map(pick))));
    write(&columns)
}

pub(super) fn importance(rows: &[ImportanceRow]) -> Result<Vec<u8>> {
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("feature", rows.iter().map(|row| Some(row.feature.as_str()))),
        Column::numbers("gain", rows.iter().map(|row| Some(row.gain))),
        Column::counts("weight", rows.iter().map(|row| row.weight)),
        Column::numbers("cover", rows.iter().map(|row| Some(row.cover))),
    ])
}

pub(super) fn features(run: &ClassifierRun) -> Result<Vec<u8>> {
    let rows = &run.features;
    let mut columns = vec![
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("asset", rows.iter().map(|row| Some(row.asset.as_str()))),
    ];
    for (index, name) in run.names.iter().enumerate() {
        columns.push(Column::numbers(name, rows.iter().map(|row| row.values[index])));
    }
    columns.push(Column::flags("label", rows.iter().map(|row| row.label)));
    columns.push(Column::numbers("label_weight", rows.iter().map(|row| row.weight)));
    write(&columns)
}

pub(super) fn models(run: &ClassifierRun) -> Result<Vec<u8>> {
    let models = run.models.iter().map(|(_, model)| Some(model.as_slice()));
    write(&[
        Column::sessions("date", run.models.iter().map(|(date, _)| Some(*date))),
        Column::bytes("xgboost_json", models),
    ])
}

pub(super) fn risk(rows: &[RiskRow]) -> Result<Vec<u8>> {
    let numbers = |name, pick: fn(&RiskRow) -> f64| {
        Column::numbers(name, rows.iter().map(|row| Some(pick(row))))
    };
    let mut columns = vec![
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::texts("asset", rows.iter().map(|row| Some(row.asset.as_str()))),
        numbers("active_weight", |row| row.active_weight),
        numbers("marginal", |row| row.marginal),
        numbers("contribution", |row| row.contribution),
    ];
    if rows.iter().any(|row| row.tail.is_some()) {
        columns.push(Column::numbers("tail", rows.iter().map(|row| row.tail)));
    }
    write(&columns)
}

pub(super) fn read_risk(path: &Path) -> Result<Vec<RiskRow>> {
    read(path, |row| {
        Ok(RiskRow {
            date: row.date("date")?,
            asset: row.text("asset")?,
            active_weight: row.number("active_weight")?,
            marginal: row.number("marginal")?,
            contribution: row.number("contribution")?,
            tail: if row.has("tail") { row.number_if_any("tail")? } else { None },
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
    read(path, |row| {
        Ok(PredictionRow {
            date: row.date("date")?,
            asset: row.text("asset")?,
            probability: row.number("probability")?,
            label_now: row.flag_if_any("label_now")?,
            weight_now: row.number_if_any("weight_now")?,
            label_next: row.flag_if_any("label_next")?,
        })
    })
}

fn read_decisions(path: &Path) -> Result<Vec<ClassifierRow>> {
    read(path, |row| {
        let mut read = ClassifierRow {
            date: row.date("date")?,
            trainer: row.text("trainer")?,
            parameters: row.text("parameters")?,
            months: row.count_u32("months")?,
            rows: row.count_u32("rows")?,
            positives: row.count_u32("positives")?,
            folds_scored: row.count_u32("folds_scored")?,
            ..ClassifierRow::empty()
        };
        for (name, _, set) in SCORES {
            set(&mut read, row.number_if_any(name)?);
        }
        Ok(read)
    })
}

fn read_importance(path: &Path) -> Result<Vec<ImportanceRow>> {
    read(path, |row| {
        Ok(ImportanceRow {
            date: row.date("date")?,
            feature: row.text("feature")?,
            gain: row.number("gain")?,
            weight: row.count_u32("weight")?,
            cover: row.number("cover")?,
        })
    })
}
