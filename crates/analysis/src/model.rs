//! Whether the classifier of a run adds value: its scores over time and against rules without a
//! model, its calibration, and what its trees go by.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_learn::score::Scores;
use walkfolio_record::{ClassifierRow, ClassifierRun, ImportanceRow, PredictionRow, Run};

use crate::classifier::{Quality, quality};
use crate::line::Line;
use crate::stated;

/// Decisions of a trailing mean.
pub const TRAILING: usize = 12;
/// From where on a forecast of a share counts as held.
const HALF: f64 = 0.5;

/// A classifier and the quality of its predictions.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::model::Model;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = Model::of(&run).unwrap();
/// assert_eq!((found.threshold, found.adds_value), (0.5, Some(true)));
/// assert_eq!(found.ahead.map(|ahead| (ahead.decisions, ahead.of)), Some((1, 1)));
/// assert_eq!(found.constant.map(|constant| constant.share), Some(0.5));
/// // Gains of 2 on 3 splits and of 1 on 2: three quarters of the total.
/// assert_eq!(found.importance.features[0].shares, [Some(0.75)]);
/// assert_eq!(found.over_time.auc, [Some(1.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// The probability from which on an asset counts as held.
    pub threshold: f64,
    /// The quality of all predictions together; `None` before any label is realized.
    pub quality: Option<Quality>,
    /// Whether it predicts more than the better of two rules without a model.
    pub adds_value: Option<bool>,
    /// The label of the last month-end as a forecast of 0 or 1, on the same rows.
    pub same_label: Option<Scores>,
    /// What a forecast that is the same every time would score.
    pub constant: Option<Constant>,
    /// In how many decisions it was ahead of both rules.
    pub ahead: Option<Ahead>,
    /// Its AUC over time.
    pub over_time: OverTime,
    /// What its trees go by.
    pub importance: Importance,
}

/// A forecast of the share that was held, for every row.
///
/// # Examples
/// See [`Model`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Constant {
    /// The share.
    pub share: f64,
    /// Its log loss, nats a row.
    pub log_loss: f64,
    /// Its Brier score.
    pub brier: f64,
}

/// Decisions in which the classifier had the highest AUC.
///
/// # Examples
/// See [`Model`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ahead {
    /// Decisions in which it was ahead of both rules.
    pub decisions: usize,
    /// Decisions in which all three are defined.
    pub of: usize,
}

/// AUC by decision, on the labels of the month after.
///
/// # Examples
/// See [`Model`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverTime {
    /// The decisions.
    pub dates: Vec<Date>,
    /// The classifier's.
    pub auc: Line,
    /// Its mean over the last 12 decisions, where at least half are defined.
    pub trailing: Line,
    /// The same mean of the rule "same label as last month".
    pub same_label: Line,
    /// The same mean of the rule "current weight".
    pub current_weight: Line,
    /// The cross-validated AUC of each decision's training months.
    pub cross_validated: Line,
    /// Decisions of the trailing means.
    pub window: usize,
}

/// Every feature's share of the gain of each decision's trees, the most important first.
///
/// # Examples
/// See [`Model`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Importance {
    /// The decisions.
    pub dates: Vec<Date>,
    /// The features.
    pub features: Vec<FeatureImportance>,
}

/// A feature's share of total gain: its mean gain times its number of splits, over all features.
///
/// # Examples
/// See [`Model`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureImportance {
    /// The feature.
    pub name: String,
    /// The mean over the decisions whose trees have a split.
    pub mean: Option<f64>,
    /// By decision.
    pub shares: Line,
}

impl Model {
    /// The classifier of a run, where it has one.
    pub fn of(run: &Run) -> Option<Self> {
        Some(Self::judged(run.classifier.as_ref()?, stated::threshold(&run.manifest)))
    }

    /// A classifier, assets with at least `threshold` taken for held.
    pub fn judged(run: &ClassifierRun, threshold: f64) -> Self {
        let quality = quality(run, threshold);
        Self {
            threshold,
            adds_value: quality.as_ref().and_then(Quality::adds_value),
            same_label: same_label(run),
            constant: quality.as_ref().and_then(Constant::of),
            ahead: Ahead::of(&run.decisions),
            over_time: OverTime::of(&run.decisions),
            importance: Importance::of(&run.importance),
            quality,
        }
    }
}

fn same_label(run: &ClassifierRun) -> Option<Scores> {
    let pair = |row: &PredictionRow| Some((row.label_next?, f64::from(u8::from(row.label_now?))));
    let (labels, forecasts): (Vec<bool>, Vec<f64>) =
        run.predictions.iter().filter_map(pair).unzip();
    Scores::of(&labels, &forecasts, HALF)
}

impl Constant {
    fn of(quality: &Quality) -> Option<Self> {
        let (rows, positives) = (quality.scores.rows, quality.scores.positives);
        if positives == 0 || positives == rows {
            return None;
        }
        let share = positives as f64 / rows as f64;
        let labels: Vec<bool> = (0..rows).map(|row| row < positives).collect();
        let scores = Scores::of(&labels, &vec![share; rows], HALF)?;
        Some(Self { share, log_loss: scores.log_loss, brier: scores.brier })
    }
}

impl Ahead {
    fn of(rows: &[ClassifierRow]) -> Option<Self> {
        let both = |row: &ClassifierRow| {
            Some((row.auc?, row.auc_same_label?.max(row.auc_current_weight?)))
        };
        let known: Vec<_> = rows.iter().filter_map(both).collect();
        let decisions = known.iter().filter(|(own, naive)| own > naive).count();
        (!known.is_empty()).then_some(Self { decisions, of: known.len() })
    }
}

impl OverTime {
    fn of(rows: &[ClassifierRow]) -> Self {
        let of =
            |value: fn(&ClassifierRow) -> Option<f64>| -> Line { rows.iter().map(value).collect() };
        Self {
            dates: rows.iter().map(|row| row.date).collect(),
            auc: of(|row| row.auc),
            trailing: trailing(&of(|row| row.auc)),
            same_label: trailing(&of(|row| row.auc_same_label)),
            current_weight: trailing(&of(|row| row.auc_current_weight)),
            cross_validated: of(|row| row.cv_auc),
            window: TRAILING,
        }
    }
}

/// Means over the last decisions, where at least half of them are defined.
fn trailing(values: &[Option<f64>]) -> Line {
    let at = |end: usize| {
        let window = &values[(end + 1).checked_sub(TRAILING)?..=end];
        let known: Vec<f64> = window.iter().flatten().copied().collect();
        let enough = 2 * known.len() >= TRAILING;
        enough.then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    (0..values.len()).map(at).collect()
}

impl Importance {
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
        let feature = |(name, totals): (&str, Vec<f64>)| {
            let share = |(total, sum): (&f64, &f64)| (*sum > 0.0).then(|| total / sum);
            let shares: Line = totals.iter().zip(&sums).map(share).collect();
            let known: Vec<f64> = shares.iter().flatten().copied().collect();
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            FeatureImportance {
                name: name.to_owned(),
                mean: Some(mean).filter(|mean| mean.is_finite()),
                shares,
            }
        };
        let mut features: Vec<FeatureImportance> = table.into_iter().map(feature).collect();
        features.sort_by(|a, b| b.mean.unwrap_or(0.0).total_cmp(&a.mean.unwrap_or(0.0)));
        Self { dates, features }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_means_need_a_full_window() {
        let values: Vec<Option<f64>> = (0..14).map(|value| Some(f64::from(value))).collect();
        let means = trailing(&values);
        assert_eq!(means[10], None);
        assert_eq!(means[11], Some(5.5)); // mean of 0..=11
        assert_eq!(means[13], Some(7.5));
        let mut gaps = vec![None; 7];
        gaps.extend([Some(1.0); 5]);
        assert_eq!(trailing(&gaps)[11], None, "5 of 12 are not half");
    }

    #[test]
    fn shares_of_gain_are_mean_gain_times_splits() {
        let row = |feature: &str, gain, weight| ImportanceRow {
            date: "2024-01-02".parse().unwrap(),
            feature: feature.to_owned(),
            gain,
            weight,
            cover: 1.0,
        };
        let importance = Importance::of(&[row("a", 2.0, 3), row("b", 9.0, 2)]);
        let names: Vec<&str> = importance.features.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["b", "a"], "the most important first");
        assert_eq!(importance.features[0].shares, [Some(0.75)]); // 18 of 24
        assert_eq!(importance.features[1].shares, [Some(0.25)]);
        let silent = Importance::of(&[row("a", 0.0, 0)]);
        assert_eq!(silent.features[0].shares, [None], "trees without a split have no shares");
        assert_eq!(silent.features[0].mean, None);
    }

    #[test]
    fn it_is_counted_how_often_the_classifier_was_ahead() {
        let decision = |auc| ClassifierRow {
            auc: Some(auc),
            auc_same_label: Some(0.6),
            auc_current_weight: Some(0.8),
            ..ClassifierRow::empty()
        };
        let found = Ahead::of(&[decision(0.9), decision(0.8), decision(0.7)]).unwrap();
        assert_eq!((found.decisions, found.of), (1, 3));
    }
}
