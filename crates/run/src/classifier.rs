//! How good a classifier was: each decision's probabilities against the labels that came to pass,
//! beside what needs no model at all.
//!
//! Labels of the month after a decision are the future of that decision: they are made here, after
//! the walk, and never reach a policy.

use std::sync::Arc;

use walkfolio_analysis::classifier::{Outcome, auc_of};
use walkfolio_backtest::Walk;
use walkfolio_core::{Date, Market};
use walkfolio_learn::score::Scores;
use walkfolio_record::{ClassifierRow, ClassifierRun, FeatureRow, ImportanceRow, PredictionRow};

use crate::{Error, Result};
use walkfolio_study::Study;
use walkfolio_study::{Fitted, Month, Months, StudyPolicy};

/// The classifier of a walk, judged on a market that may reach further than the walk did.
///
/// # Errors
/// If a feature needs what the market does not have.
pub(crate) fn classifier_run(
    study: &Study,
    policy: &StudyPolicy,
    walk: &Walk,
    market: &Market,
    whole: &Market,
) -> Result<Option<ClassifierRun>> {
    let Some(classifier) = study.config().selection().classifier() else { return Ok(None) };
    let Some(selector) = policy.selector() else { return Ok(None) };
    let names = selector.months().names();
    let months = months(study, whole)?;
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
fn months(study: &Study, whole: &Market) -> Result<Vec<Arc<Month>>> {
    let months = Months::new(study.config())?;
    let past = whole.before(whole.rows() - 1)?;
    let months = months.map(|months| months.of(&past)).transpose().map_err(Error::from)?;
    Ok(months.unwrap_or_default())
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
        parameters: walkfolio_study::policy::describe(&fitted.parameters),
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
}
