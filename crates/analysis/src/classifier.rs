//! How good a classifier was, beside what needs no model at all.

use serde::Serialize;
use walkfolio_learn::score::{CalibrationBin, Scores, auc, calibration};
use walkfolio_record::{ClassifierRun, PredictionRow};

/// The quality of all predictions of a run together.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

    /// Whether the classifier predicts more than the better of the two rules that need no model.
    pub fn earns_its_place(&self) -> Option<bool> {
        let naive = self.auc_same_label?.max(self.auc_current_weight?);
        Some(self.scores.auc? > naive)
    }
}

/// The quality of all predictions together; `None` before any label has come to pass.
pub fn quality(run: &ClassifierRun, threshold: f64) -> Option<Quality> {
    let known: Vec<Outcome> = run.predictions.iter().filter_map(Outcome::of).collect();
    let labels: Vec<bool> = known.iter().map(|one| one.next).collect();
    let probabilities: Vec<f64> = known.iter().map(|one| one.probability).collect();
    Some(Quality {
        scores: Scores::of(&labels, &probabilities, threshold)?,
        auc_same_label: auc_of(&known, |one| one.same),
        auc_current_weight: auc_of(&known, |one| one.weight),
        cv_auc: mean(run.decisions.iter().filter_map(|row| row.cv_auc)),
        importance_stability: mean(run.decisions.iter().filter_map(|row| row.importance_stability)),
        calibration: calibration(&labels, &probabilities, BINS),
    })
}

/// A prediction whose label is known by now.
pub struct Outcome {
    /// The probability that was given.
    pub probability: f64,
    /// The label of the last month-end as a forecast.
    pub same: Option<f64>,
    /// The weight of the last month-end as a forecast.
    pub weight: Option<f64>,
    /// Whether the next one held it.
    pub next: bool,
}

impl Outcome {
    /// Of a row whose label is known; none otherwise.
    pub fn of(row: &PredictionRow) -> Option<Self> {
        Some(Self {
            probability: row.probability,
            same: row.label_now.map(|label| f64::from(u8::from(label))),
            weight: row.weight_now,
            next: row.label_next?,
        })
    }
}

/// The AUC of a forecast that needs no model, where it says something.
pub fn auc_of(known: &[Outcome], forecast: fn(&Outcome) -> Option<f64>) -> Option<f64> {
    let pairs = known.iter().filter_map(|one| Some((one.next, forecast(one)?)));
    let (labels, scores): (Vec<bool>, Vec<f64>) = pairs.unzip();
    auc(&labels, &scores)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), x| (sum + x, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use walkfolio_core::Date;

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
        let found = quality(&run, 0.5).unwrap();
        assert_eq!((found.scores.rows, found.scores.auc), (3, Some(0.5)));
        // One true label against two false: above one, level with the other.
        assert_eq!(found.auc_same_label, Some(0.75));
        assert_eq!(found.auc_current_weight, Some(1.0));
        assert_eq!(found.earns_its_place(), Some(false));
        assert_eq!(Quality::band(0.75), "acceptable");
    }
}
