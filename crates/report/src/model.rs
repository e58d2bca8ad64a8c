//! Whether a classifier earns its place: its section, and what its charts are drawn from.

mod eras;
mod scores;

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio::{
    CalibrationBin, ClassifierRow, ClassifierRun, ImportanceRow, Quality, Run, Scores,
};

use crate::Result;
use crate::format::{UNDEFINED, count, counted, decimals, percent, short};
use crate::page::part;
use crate::series::Line;
use eras::Eras;
use scores::Score;

const TEMPLATE: &str = include_str!("../templates/model.html");
/// Decisions of a trailing mean.
const TRAILING: usize = 12;
/// What a study takes for an asset that is held where it does not say: as resolved studies do.
const THRESHOLD: f64 = 0.5;

/// A classifier with the quality of all its predictions together.
pub(crate) struct Judged<'a> {
    run: &'a ClassifierRun,
    quality: Option<Quality>,
    threshold: f64,
}

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

impl<'a> Judged<'a> {
    /// The classifier of a run, where it has one.
    pub(crate) fn of(run: &'a Run) -> Option<Self> {
        let threshold = run.manifest.resolved["select"]["threshold"].as_f64().unwrap_or(THRESHOLD);
        let run = run.classifier.as_ref()?;
        Some(Self { run, quality: walkfolio::classifier::quality(&run, threshold), threshold })
    }

    /// Whether it earns its place, in a sentence that is computed from its scores.
    pub(crate) fn verdict(&self) -> String {
        self.quality.as_ref().map_or_else(
            || "Whether the classifier earns its place is not known: no label of a month after a decision has come to pass in the data.".to_owned(),
            verdict,
        )
    }

    /// Whether it foresees more than rules without a model, where that is known.
    pub(crate) fn earns_its_place(&self) -> Option<bool> {
        self.quality.as_ref()?.earns_its_place()
    }

    /// Writes the section.
    pub(crate) fn section(&self) -> Result<String> {
        let quality = self.quality.as_ref();
        let rows = &self.run.decisions;
        let body = Body {
            verdict: [self.verdict(), self.ahead().unwrap_or_default()].join(" "),
            facts: facts(rows),
            table: quality.map(|quality| Table {
                rows: scores::table(self.run, quality),
                scored: counted(quality.scores.rows, "prediction"),
                threshold: decimals(self.threshold, 2),
                constant: constant(quality),
            }),
            window: TRAILING,
            calibrated: quality.is_some(),
            important: !self.run.importance.is_empty(),
            stability: quality.and_then(|q| q.importance_stability).map(|value| decimals(value, 2)),
            eras: Eras::of(rows),
        };
        part(TEMPLATE, body)
    }

    /// What the charts are drawn from.
    pub(crate) fn charts(&self) -> Charts {
        let rows = &self.run.decisions;
        let of = |value: fn(&ClassifierRow) -> Option<f64>| -> Vec<Option<f64>> {
            rows.iter().map(value).collect()
        };
        let line = |values: Vec<Option<f64>>| values.into_iter().map(|v| v.and_then(short));
        Charts {
            dates: rows.iter().map(|row| row.date.to_string()).collect(),
            auc: line(of(|row| row.auc)).collect(),
            trailing: trailing(&of(|row| row.auc)),
            same_label: trailing(&of(|row| row.auc_same_label)),
            current_weight: trailing(&of(|row| row.auc_current_weight)),
            cross_validated: line(of(|row| row.cv_auc)).collect(),
            window: TRAILING,
            calibration: self
                .quality
                .iter()
                .flat_map(|q| q.calibration.iter().filter_map(bin))
                .collect(),
            importance: Importance::of(&self.run.importance),
        }
    }

    /// In how many decisions it foresaw more than both rules.
    fn ahead(&self) -> Option<String> {
        let both = |row: &ClassifierRow| {
            Some((row.auc?, row.auc_same_label?.max(row.auc_current_weight?)))
        };
        let known: Vec<_> = self.run.decisions.iter().filter_map(both).collect();
        let ahead = known.iter().filter(|(own, naive)| own > naive).count();
        (!known.is_empty()).then(|| {
            let all = counted(known.len(), "decision");
            format!("It was ahead of both rules in {} of {all}.", count(ahead as f64))
        })
    }
}

fn verdict(quality: &Quality) -> String {
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
fn constant(quality: &Quality) -> Option<String> {
    let (rows, positives) = (quality.scores.rows, quality.scores.positives);
    if positives == 0 || positives == rows {
        return None;
    }
    let rate = positives as f64 / rows as f64;
    let labels: Vec<bool> = (0..rows).map(|row| row < positives).collect();
    let scores = Scores::of(&labels, &vec![rate; rows], THRESHOLD)?;
    Some(format!(
        "Always forecasting the share that was held, {}, would have a log loss of {} and a Brier score of {}",
        percent(rate),
        decimals(scores.log_loss, 3),
        decimals(scores.brier, 3)
    ))
}

/// Means over the last decisions, where at least half of them are defined.
fn trailing(values: &[Option<f64>]) -> Line {
    let at = |end: usize| {
        let window = &values[(end + 1).checked_sub(TRAILING)?..=end];
        let known: Vec<f64> = window.iter().flatten().copied().collect();
        let enough = 2 * known.len() >= TRAILING;
        if enough { short(known.iter().sum::<f64>() / known.len() as f64) } else { None }
    };
    (0..values.len()).map(at).collect()
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

impl Importance {
    /// Total gain of a feature is its mean gain times its number of splits.
    fn of(rows: &[ImportanceRow]) -> Self {
        let mut dates: Vec<_> = rows.iter().map(|row| row.date).collect();
        dates.sort_unstable();
        dates.dedup();
        let mut sums = vec![0.0; dates.len()];
        let mut table: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for row in rows {
            let Ok(place) = dates.binary_search(&row.date) else { continue };
            let total = row.gain * f64::from(row.weight);
            sums[place] += total;
            table.entry(&row.feature).or_insert_with(|| vec![0.0; dates.len()])[place] += total;
        }
        let share = |total: &f64, sum: &f64| (*sum > 0.0).then(|| total / sum);
        let mut features: Vec<Feature> = table
            .into_iter()
            .map(|(name, totals)| {
                let shares: Vec<_> = totals.iter().zip(&sums).map(|(t, s)| share(t, s)).collect();
                let known: Vec<f64> = shares.iter().flatten().copied().collect();
                Feature {
                    name: name.to_owned(),
                    mean: short(known.iter().sum::<f64>() / known.len() as f64),
                    shares: shares.into_iter().map(|share| share.and_then(short)).collect(),
                }
            })
            .collect();
        features.sort_by(|a, b| b.mean.unwrap_or(0.0).total_cmp(&a.mean.unwrap_or(0.0)));
        Self { dates: dates.iter().map(ToString::to_string).collect(), features }
    }
}

/// An AUC with as many decimals as it takes to be in the band that it is said to be in.
fn area(auc: f64) -> String {
    let agrees = |places: &usize| {
        let rounded = format!("{auc:.places$}", places = *places).parse().unwrap_or(auc);
        Quality::band(rounded) == Quality::band(auc)
    };
    decimals(auc, (3..10).find(agrees).unwrap_or(10))
}

/// A number of a score, or a dash.
fn number(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), |value| decimals(value, 3))
}

#[cfg(test)]
mod tests;
