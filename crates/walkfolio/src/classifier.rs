//! How good a classifier was: each decision's probabilities against the labels that came to pass,
//! beside what needs no model at all.
//!
//! Labels of the month after a decision are the future of that decision: they are made here, after
//! the walk, and never reach a policy.

use std::sync::Arc;

use walkfolio_backtest::Walk;
use walkfolio_core::{Date, Market};
use walkfolio_estimate::Windows;
use walkfolio_learn::score::{CalibrationBin, Scores, auc, calibration};

use crate::policy::{Fitted, Month, Months, StudyPolicy};
use crate::study::Study;
use crate::{Error, Result};

/// The classifier of a run: what it said, how good that was, and what it went by.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
    pub(crate) fn empty() -> Self {
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
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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

/// The quality of all predictions of a run together.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Of the classifier.
    pub scores: Scores,
    /// AUC of "same label as last month".
    pub auc_same_label: Option<f64>,
    /// AUC of "current weight".
    pub auc_current_weight: Option<f64>,
    /// Mean of the decisions' cross-validated AUC.
    pub cv_auc: Option<f64>,
    /// Mean over decisions of the correlation of the features' gains with those before.
    pub importance_stability: Option<f64>,
    /// Ten bins of probabilities.
    pub calibration: Vec<CalibrationBin>,
}

/// Bins of the calibration.
const BINS: usize = 10;

impl Quality {
    /// The word of the study's original for an AUC: below 0.5 worse than chance, then poor,
    /// acceptable, excellent, and outstanding from 0.9 on (Hosmer & Lemeshow 2000, ch. 5).
    pub fn band(auc: f64) -> &'static str {
        match auc {
            _ if auc < 0.5 => "worse than chance",
            _ if auc < 0.7 => "poor",
            _ if auc < 0.8 => "acceptable",
            _ if auc < 0.9 => "excellent",
            _ => "outstanding",
        }
    }

    /// Whether the classifier foresees more than the better of the two rules that need no model.
    pub fn earns_its_place(&self) -> Option<bool> {
        let naive = self.auc_same_label?.max(self.auc_current_weight?);
        Some(self.scores.auc? > naive)
    }
}

impl ClassifierRun {
    /// The quality of all predictions together; `None` before any label has come to pass.
    pub fn quality(&self, threshold: f64) -> Option<Quality> {
        let known: Vec<Outcome> = self.predictions.iter().filter_map(Outcome::of).collect();
        let labels: Vec<bool> = known.iter().map(|one| one.next).collect();
        let probabilities: Vec<f64> = known.iter().map(|one| one.probability).collect();
        Some(Quality {
            scores: Scores::of(&labels, &probabilities, threshold)?,
            auc_same_label: auc_of(&known, |one| one.same),
            auc_current_weight: auc_of(&known, |one| one.weight),
            cv_auc: mean(self.decisions.iter().filter_map(|row| row.cv_auc)),
            importance_stability: mean(
                self.decisions.iter().filter_map(|row| row.importance_stability),
            ),
            calibration: calibration(&labels, &probabilities, BINS),
        })
    }
}

/// A prediction whose label is known by now.
struct Outcome {
    probability: f64,
    same: Option<f64>,
    weight: Option<f64>,
    next: bool,
}

impl Outcome {
    fn of(row: &PredictionRow) -> Option<Self> {
        Some(Self {
            probability: row.probability,
            same: row.label_now.map(|label| f64::from(u8::from(label))),
            weight: row.weight_now,
            next: row.label_next?,
        })
    }
}

/// The AUC of a forecast that needs no model, where it says something.
fn auc_of(known: &[Outcome], forecast: fn(&Outcome) -> Option<f64>) -> Option<f64> {
    let pairs = known.iter().filter_map(|one| Some((one.next, forecast(one)?)));
    let (labels, scores): (Vec<bool>, Vec<f64>) = pairs.unzip();
    auc(&labels, &scores)
}

impl Study {
    /// The classifier of a walk, judged on a market that may reach further than the walk did.
    ///
    /// # Errors
    /// If a feature needs what the market does not have.
    pub(crate) fn classifier_run(
        &self,
        policy: &StudyPolicy,
        walk: &Walk,
        market: &Market,
        whole: &Market,
    ) -> Result<Option<ClassifierRun>> {
        let Some(classifier) = self.config().selection().classifier() else { return Ok(None) };
        let Some(selector) = policy.selector() else { return Ok(None) };
        let names = selector.months().names();
        let months = self.months(whole)?;
        let mut run = ClassifierRun {
            predictions: Vec::new(),
            decisions: Vec::new(),
            importance: Vec::new(),
            features: Vec::new(),
            models: Vec::new(),
            names,
        };
        let mut last_gains: Option<Vec<f64>> = None;
        let mut last_month: Option<Date> = None;
        for step in &walk.steps {
            let past = market.before(step.row)?;
            let Some(fitted) = selector.fitted(&past) else { continue };
            // Decisions of one month go by the same forecast: it is judged once.
            if last_month.replace(fitted.month_end) == Some(fitted.month_end) {
                continue;
            }
            let date = market.dates()[step.row];
            let now = months.iter().position(|month| month.date == fitted.month_end);
            let pair = now.map(|at| (&months[at], months.get(at + 1)));
            let rows = predictions(date, &fitted, pair, market);
            let gains: Vec<f64> = fitted.importance.iter().map(|(_, i)| i.gain).collect();
            let mut row = judged(date, &fitted, &rows, classifier.threshold);
            row.importance_stability =
                last_gains.as_ref().and_then(|last| rank_correlation(last, &gains));
            last_gains = (!gains.is_empty()).then_some(gains);
            run.decisions.push(row);
            run.predictions.extend(rows);
            run.importance.extend(importance(date, &fitted));
            run.models.extend(fitted.model.clone().map(|model| (date, model)));
        }
        run.features = features(&months, market);
        Ok(Some(run))
    }

    /// Every month of a market that is over before its last session.
    fn months(&self, whole: &Market) -> Result<Vec<Arc<Month>>> {
        let months = Months::new(self.config(), Arc::new(Windows::new(whole)));
        let past = whole.before(whole.rows() - 1)?;
        let months = months.map(|months| months.of(&past)).transpose().map_err(Error::from)?;
        Ok(months.unwrap_or_default())
    }
}

fn predictions(
    date: Date,
    fitted: &Fitted,
    pair: Option<(&Arc<Month>, Option<&Arc<Month>>)>,
    market: &Market,
) -> Vec<PredictionRow> {
    let tickers = market.universe().tickers();
    let label = |month: Option<&Arc<Month>>, asset: usize| month?.labels.as_ref()?.of(asset);
    let row = |(asset, probability): (usize, f64)| {
        let now = label(pair.map(|(now, _)| now), asset);
        PredictionRow {
            date,
            asset: tickers[asset].to_string(),
            probability,
            label_now: now.map(|(label, _)| label),
            weight_now: now.map(|(_, weight)| weight),
            label_next: label(pair.and_then(|(_, next)| next), asset).map(|(label, _)| label),
        }
    };
    let said = fitted.probabilities.iter().enumerate();
    said.filter_map(|(asset, p)| Some(row((asset, (*p)?)))).collect()
}

fn judged(date: Date, fitted: &Fitted, rows: &[PredictionRow], threshold: f64) -> ClassifierRow {
    let known: Vec<Outcome> = rows.iter().filter_map(Outcome::of).collect();
    let labels: Vec<bool> = known.iter().map(|one| one.next).collect();
    let probabilities: Vec<f64> = known.iter().map(|one| one.probability).collect();
    let scores = Scores::of(&labels, &probabilities, threshold);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let validation = fitted.validation.as_ref();
    let scored = validation.map_or(0, |v| v.folds.iter().filter(|f| f.auc.is_some()).count());
    ClassifierRow {
        date,
        trainer: fitted.trainer.clone(),
        months: count(fitted.months),
        rows: count(fitted.rows),
        positives: count(fitted.positives),
        parameters: crate::policy::describe(&fitted.parameters),
        folds_scored: count(scored),
        cv_auc: validation.and_then(|validation| validation.mean_auc),
        auc: scores.as_ref().and_then(|s| s.auc),
        accuracy: scores.as_ref().map(|s| s.accuracy),
        precision: scores.as_ref().and_then(|s| s.precision),
        recall: scores.as_ref().and_then(|s| s.recall),
        f1: scores.as_ref().and_then(|s| s.f1),
        log_loss: scores.as_ref().map(|s| s.log_loss),
        brier: scores.as_ref().map(|s| s.brier),
        auc_same_label: auc_of(&known, |one| one.same),
        auc_current_weight: auc_of(&known, |one| one.weight),
        ..ClassifierRow::empty()
    }
}

fn importance(date: Date, fitted: &Fitted) -> impl Iterator<Item = ImportanceRow> {
    fitted.importance.iter().map(move |(feature, importance)| ImportanceRow {
        date,
        feature: feature.clone(),
        gain: importance.gain,
        weight: importance.weight,
        cover: importance.cover,
    })
}

fn features(months: &[Arc<Month>], market: &Market) -> Vec<FeatureRow> {
    let tickers = market.universe().tickers();
    let of_month = |month: &Arc<Month>| -> Vec<FeatureRow> {
        let row = |(&asset, values): (&usize, &Vec<Option<f64>>)| {
            let label = month.labels.as_ref().and_then(|labels| labels.of(asset));
            FeatureRow {
                date: month.date,
                asset: tickers[asset].to_string(),
                values: values.clone(),
                label: label.map(|(label, _)| label),
                weight: label.map(|(_, weight)| weight),
            }
        };
        month.assets.iter().zip(&month.features).map(row).collect()
    };
    months.iter().flat_map(of_month).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), x| (sum + x, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Spearman's rank correlation, ties at their mean rank; `None` where ranks do not differ.
fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() != b.len() || a.len() < 2 {
        return None;
    }
    let rank = |values: &[f64]| -> Vec<f64> {
        let place = |x: &f64| {
            let below = values.iter().filter(|y| *y < x).count();
            let equal = values.iter().filter(|y| *y == x).count();
            below as f64 + 0.5 * (equal as f64 - 1.0)
        };
        values.iter().map(place).collect()
    };
    let line = walkfolio_stats::measures::relative::least_squares(&rank(a), &rank(b))?;
    let sign = if line.slope < 0.0 { -1.0 } else { 1.0 };
    Some(sign * line.r_squared?.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_agree_oppose_or_are_not_there() {
        assert_eq!(rank_correlation(&[1.0, 2.0, 9.0], &[0.1, 0.5, 0.6]), Some(1.0));
        assert_eq!(rank_correlation(&[1.0, 2.0, 9.0], &[3.0, 2.0, 1.0]), Some(-1.0));
        assert_eq!(rank_correlation(&[1.0, 1.0, 1.0], &[3.0, 2.0, 1.0]), None);
    }

    #[test]
    fn naive_rules_are_judged_on_the_same_rows() {
        let row = |probability, now, weight, next| PredictionRow {
            date: Date::constant(2024, 1, 2),
            asset: "XLE".to_owned(),
            probability,
            label_now: Some(now),
            weight_now: Some(weight),
            label_next: next,
        };
        let run = ClassifierRun {
            predictions: vec![
                row(0.9, false, 0.0, Some(false)),
                row(0.8, true, 0.2, Some(true)),
                row(0.3, true, 0.1, Some(false)),
                row(0.1, true, 0.3, None),
            ],
            decisions: Vec::new(),
            importance: Vec::new(),
            names: Vec::new(),
            features: Vec::new(),
            models: Vec::new(),
        };
        let quality = run.quality(0.5).unwrap();
        assert_eq!((quality.scores.rows, quality.scores.auc), (3, Some(0.5)));
        // One true label against two false: above one, level with the other.
        assert_eq!(quality.auc_same_label, Some(0.75));
        assert_eq!(quality.auc_current_weight, Some(1.0));
        assert_eq!(quality.earns_its_place(), Some(false));
        assert_eq!(Quality::band(0.75), "acceptable");
    }
}
