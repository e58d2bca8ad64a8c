//! Whether a classifier earns its place: its section, and what its charts are drawn from.

mod eras;
mod numbers;
mod scores;

use serde::Serialize;
use walkfolio_analysis::format::{count, counted, decimals, percent, short};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::model::{Ahead, Constant, FeatureImportance, Model};
use walkfolio_analysis::{CalibrationBin, Quality};
use walkfolio_record::{ClassifierRow, ClassifierRun};

use crate::Result;
use crate::page::part;
use crate::series::shortened;
use eras::Eras;
use numbers::area;
use scores::Score;

const TEMPLATE: &str = include_str!("../templates/model.html");

/// The lines and points of the charts.
#[derive(Debug, Serialize)]
pub(crate) struct Charts {
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
    verdict: String,
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

/// Whether it earns its place, in a sentence that is computed from its scores.
pub(crate) fn verdict(model: &Model) -> String {
    model.quality.as_ref().map_or_else(
        || "Whether the classifier earns its place is not known: no label of a month after a decision has come to pass in the data.".to_owned(),
        judged,
    )
}

/// Writes the section.
pub(crate) fn section(run: &ClassifierRun, model: &Model) -> Result<String> {
    let quality = model.quality.as_ref();
    let body = Body {
        verdict: [verdict(model), model.ahead.map(ahead).unwrap_or_default()].join(" "),
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
pub(crate) fn charts(model: &Model) -> Charts {
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

fn judged(quality: &Quality) -> String {
    let (Some(earns), Some(own)) = (quality.earns_its_place(), quality.scores.auc) else {
        return "Whether the classifier earns its place is not known: its AUC or that of a rule without a model is not defined.".to_owned();
    };
    let rules = [
        ("current weight", quality.auc_current_weight),
        ("same label as last month", quality.auc_same_label),
    ];
    let best = rules.into_iter().filter_map(|(name, auc)| Some((name, auc?)));
    let (name, naive) =
        best.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(("current weight", f64::NAN));
    let (own_band, naive_band) = (Quality::band(own), Quality::band(naive));
    let (own, naive) = (area(own), area(naive));
    let start =
        format!("on the labels of the month after each decision its AUC is {own} ({own_band})");
    if earns {
        format!(
            "The classifier earns its place: {start}, above the {naive} ({naive_band}) of the better rule that needs no model, “{name}”."
        )
    } else {
        format!(
            "The classifier does not earn its place: {start}, and the rule “{name}”, which needs no model, reaches {naive} ({naive_band})."
        )
    }
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
        "{} with a model (trainer {}). That of {} learned from {}; that of {} from {}.",
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
