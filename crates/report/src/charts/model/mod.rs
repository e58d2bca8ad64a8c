//! Whether a classifier adds value: its section, and what its charts are drawn from.

mod eras;
mod numbers;
mod scores;

use serde::Serialize;
use walkfolio_analysis::CalibrationBin;
use walkfolio_analysis::format::{count, counted, decimals, percent, short};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::model::{Ahead, Constant, FeatureImportance, Model};
use walkfolio_record::{ClassifierRow, ClassifierRun};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::model_words::assessment;
use crate::summary::Summary;
use crate::template::part;
use crate::wealth::shortened;
use eras::Eras;
use scores::Score;

const TEMPLATE: &str = include_str!("model.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "model", title: "Model", script: include_str!("model.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let judged = summary.run.classifier.as_ref().zip(summary.found.model.as_ref());
    Drawn::of(judged, |(run, model)| {
        Drawn::section(section(run, model)?).with("model", &charts(model))
    })
}

/// The lines and points of the charts.
#[derive(Debug, Serialize)]
struct Charts {
    dates: Vec<String>,
    auc: Line,
    trailing: Line,
    same_label: Line,
    current_weight: Line,
    cross_validated: Line,
    window: usize,
    calibration: Vec<Bin>,
    importance: Importance,
}

/// Predictions of about the same probability.
#[derive(Debug, Serialize)]
struct Bin {
    from: f64,
    to: f64,
    probability: f64,
    observed: f64,
    count: usize,
}

/// Every feature's share of the gain of each decision's trees, the most important first.
#[derive(Debug, Default, Serialize)]
struct Importance {
    dates: Vec<String>,
    features: Vec<Feature>,
}

#[derive(Debug, Serialize)]
struct Feature {
    name: String,
    mean: Option<f64>,
    shares: Line,
}

#[derive(Serialize)]
struct Body {
    assessment: String,
    facts: String,
    table: Option<Table>,
    window: usize,
    calibrated: bool,
    important: bool,
    stability: Option<String>,
    eras: Eras,
}

#[derive(Serialize)]
struct Table {
    rows: Vec<Score>,
    scored: String,
    threshold: String,
    constant: Option<String>,
}

/// Writes the section.
fn section(run: &ClassifierRun, model: &Model) -> Result<String> {
    let quality = model.quality.as_ref();
    let body = Body {
        assessment: [assessment(model), model.ahead.map(ahead).unwrap_or_default()].join(" "),
        facts: facts(&run.decisions),
        table: quality.map(|quality| Table {
            rows: scores::table(quality, model.same_label.as_ref()),
            scored: counted(quality.scores.rows, "prediction"),
            threshold: decimals(model.threshold, 2),
            constant: model.constant.as_ref().map(constant),
        }),
        window: model.over_time.window,
        calibrated: quality.is_some(),
        important: !run.importance.is_empty(),
        stability: quality.and_then(|q| q.importance_stability).map(|value| decimals(value, 2)),
        eras: Eras::of(&run.decisions),
    };
    part(TEMPLATE, body)
}

/// What the charts are drawn from.
fn charts(model: &Model) -> Charts {
    let found = &model.over_time;
    let bins = model.quality.iter().flat_map(|quality| &quality.calibration);
    Charts {
        dates: found.dates.iter().map(ToString::to_string).collect(),
        auc: shortened(&found.auc),
        trailing: shortened(&found.trailing),
        same_label: shortened(&found.same_label),
        current_weight: shortened(&found.current_weight),
        cross_validated: shortened(&found.cross_validated),
        window: found.window,
        calibration: bins.filter_map(bin).collect(),
        importance: Importance {
            dates: model.importance.dates.iter().map(ToString::to_string).collect(),
            features: model.importance.features.iter().map(feature).collect(),
        },
    }
}

fn feature(found: &FeatureImportance) -> Feature {
    Feature {
        name: found.name.clone(),
        mean: found.mean.and_then(short),
        shares: shortened(&found.shares),
    }
}

fn bin(bin: &CalibrationBin) -> Option<Bin> {
    Some(Bin {
        from: bin.from,
        to: bin.to,
        probability: short(bin.mean_probability?)?,
        observed: short(bin.observed?)?,
        count: bin.count,
    })
}

/// In how many decisions it foresaw more than both rules.
fn ahead(found: Ahead) -> String {
    let all = counted(found.of, "decision");
    format!("It was ahead of both rules in {} of {all}.", count(found.decisions as f64))
}

/// How much was learned from, at the first and at the last decision.
fn facts(rows: &[ClassifierRow]) -> String {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return "No model was trained.".to_owned();
    };
    let of = |row: &ClassifierRow| {
        let rate = f64::from(row.positives) / f64::from(row.rows.max(1));
        format!(
            "{} rows of {}, {} of them labelled as held",
            count(f64::from(row.rows)),
            counted(row.months as usize, "month"),
            percent(rate),
        )
    };
    format!(
        "{} with a model (trainer {}). That of {} was fitted to {}; that of {} to {}.",
        counted(rows.len(), "decision"),
        first.trainer,
        first.date,
        of(first),
        last.date,
        of(last)
    )
}

/// What a forecast that is the same every time would score.
fn constant(found: &Constant) -> String {
    format!(
        "Always forecasting the share that was held, {}, would have a log loss of {} and a Brier score of {}",
        percent(found.share),
        decimals(found.log_loss, 3),
        decimals(found.brier, 3)
    )
}

#[cfg(test)]
mod tests;
