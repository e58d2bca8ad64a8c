//! The classifier of a run: its quality versus naive forecasts, which need no model.

use std::fmt::Write;

use serde_json::{Value, json};
use walkfolio::{Quality, Run};

use crate::layout::{Side, lines};

/// The quality of a run's classifier; `None` without one, and before any label is realized.
pub fn quality(run: &Run) -> Option<Quality> {
    let threshold = run.manifest.resolved.threshold()?;
    walkfolio::classifier::quality(run.classifier.as_ref()?, threshold)
}

/// The classifier in a summary: forecasts by AUC, other scores, and an assessment.
pub fn block(quality: &Quality) -> String {
    let scores = &quality.scores;
    let row = |name: &str, auc: Option<f64>| {
        let band = auc.map(Quality::band).unwrap_or_default();
        vec![name.to_owned(), score(auc), band.to_owned()]
    };
    let heading = format!("Classifier, {} forecasts", scores.rows);
    let forecasts = [
        vec![heading, "AUC".to_owned(), String::new()],
        row("boosted trees", scores.auc),
        row("same label as last month", quality.auc_same_label),
        row("current weight", quality.auc_current_weight),
    ];
    let (names, values) = [
        ("AUC, cross-validated", quality.cv_auc),
        ("accuracy", Some(scores.accuracy)),
        ("precision", scores.precision),
        ("recall", scores.recall),
        ("F1", scores.f1),
        ("log loss", Some(scores.log_loss)),
    ]
    .map(|(name, value)| (name.to_owned(), score(value)))
    .into_iter()
    .unzip();
    let mut text = String::new();
    for line in lines(&forecasts, &[Side::Left, Side::Right, Side::Left])
        .into_iter()
        .chain([String::new()])
        .chain(lines(&[names, values], &[Side::Right]))
        .chain([assessment(quality)])
    {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// A score as people read it; a dash where it is not defined.
pub fn score(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

/// Whether the classifier adds value, in a sentence.
fn assessment(quality: &Quality) -> String {
    let naive = (quality.auc_same_label, quality.auc_current_weight);
    let (Some(earns), Some(own), (Some(label), Some(weight))) =
        (quality.adds_value(), quality.scores.auc, naive)
    else {
        return "Too few labels are realized to say whether the classifier adds value.".to_owned();
    };
    if earns {
        return "The classifier predicts better than last month's labels and weights do: it adds value."
            .to_owned();
    }
    let less = if own < label.max(weight) { "less well" } else { "no better" };
    let better = if weight >= label { "weights" } else { "labels" };
    format!("The classifier predicts {less} than last month's {better} do: it adds no value.")
}

/// The classifier in a line of JSON.
pub fn json(quality: &Quality) -> Value {
    let scores = &quality.scores;
    json!({
        "rows": scores.rows,
        "auc": scores.auc,
        "cv_auc": quality.cv_auc,
        "accuracy": scores.accuracy,
        "precision": scores.precision,
        "recall": scores.recall,
        "f1": scores.f1,
        "log_loss": scores.log_loss,
        "brier": scores.brier,
        "auc_same_label": quality.auc_same_label,
        "auc_current_weight": quality.auc_current_weight,
        "earns_its_place": quality.adds_value(),
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use walkfolio::Scores;

    use super::*;

    fn judged(auc: Option<f64>, same: Option<f64>, weight: Option<f64>) -> Quality {
        let scores = Scores {
            rows: 792,
            positives: 500,
            auc,
            accuracy: 0.75,
            precision: Some(0.8),
            recall: None,
            f1: Some(0.71),
            log_loss: 0.9,
            brier: 0.2,
        };
        Quality {
            scores,
            auc_same_label: same,
            auc_current_weight: weight,
            cv_auc: Some(0.7),
            importance_stability: None,
            calibration: Vec::new(),
        }
    }

    #[test]
    fn a_block_has_every_forecast_and_its_word() {
        assert_snapshot!(block(&judged(Some(0.75), Some(0.93), Some(0.96))), @r"
        Classifier, 792 forecasts    AUC
        boosted trees              0.750  acceptable
        same label as last month   0.930  outstanding
        current weight             0.960  outstanding

        AUC, cross-validated  accuracy  precision  recall     F1  log loss
                       0.700     0.750      0.800       –  0.710     0.900
        The classifier predicts less well than last month's weights do: it adds no value.
        ");
    }

    #[test]
    fn the_assessment_follows_from_the_scores() {
        let says = |auc, same, weight| assessment(&judged(auc, same, weight));
        assert_snapshot!(says(Some(0.97), Some(0.93), Some(0.96)), @"The classifier predicts better than last month's labels and weights do: it adds value.");
        assert_snapshot!(says(Some(0.93), Some(0.93), Some(0.9)), @"The classifier predicts no better than last month's labels do: it adds no value.");
        assert_snapshot!(says(None, Some(0.93), Some(0.9)), @"Too few labels are realized to say whether the classifier adds value.");
    }
}
