use walkfolio::{PredictionRow, Scores};

use super::*;

fn prediction(probability: f64, now: bool, weight: f64, next: Option<bool>) -> PredictionRow {
    PredictionRow {
        date: "2024-01-02".parse().unwrap(),
        asset: "XLE".to_owned(),
        probability,
        label_now: Some(now),
        weight_now: Some(weight),
        label_next: next,
    }
}

fn run(predictions: Vec<PredictionRow>) -> ClassifierRun {
    ClassifierRun {
        predictions,
        decisions: Vec::new(),
        importance: Vec::new(),
        names: Vec::new(),
        features: Vec::new(),
        models: Vec::new(),
    }
}

fn decision(parameters: &str, auc: f64) -> ClassifierRow {
    ClassifierRow {
        date: "2024-01-02".parse().unwrap(),
        trainer: "built_in".to_owned(),
        months: 62,
        rows: 620,
        positives: 310,
        parameters: parameters.to_owned(),
        folds_scored: 3,
        cv_auc: Some(0.7),
        auc: Some(auc),
        accuracy: None,
        precision: None,
        recall: None,
        f1: None,
        log_loss: None,
        brier: None,
        auc_same_label: Some(0.6),
        auc_current_weight: Some(0.8),
        importance_stability: None,
    }
}

fn judged(run: &ClassifierRun) -> Judged<'_> {
    Judged { run, quality: walkfolio::classifier::quality(&run, 0.5), threshold: 0.5 }
}

#[test]
fn the_verdict_follows_the_scores() {
    // Three pairs of a held asset and another: the classifier orders all, the weight only one.
    let good = run(vec![
        prediction(0.9, false, 0.0, Some(true)),
        prediction(0.2, true, 0.3, Some(false)),
        prediction(0.3, false, 0.0, Some(false)),
    ]);
    let verdict = judged(&good).verdict();
    assert!(verdict.starts_with("The classifier earns its place"), "{verdict}");
    assert!(verdict.contains("its AUC is 1.000 (outstanding)"), "{verdict}");
    assert!(verdict.contains("above the 0.250 (worse than chance)"), "{verdict}");
    let bad =
        run(vec![prediction(0.1, true, 0.3, Some(true)), prediction(0.2, false, 0.0, Some(false))]);
    let verdict = judged(&bad).verdict();
    assert!(verdict.starts_with("The classifier does not earn its place"), "{verdict}");
    assert!(verdict.contains("reaches 1.000 (outstanding)"), "{verdict}");
}

#[test]
fn a_tie_with_a_rule_does_not_earn_a_place() {
    let tie =
        run(vec![prediction(0.9, true, 0.3, Some(true)), prediction(0.2, false, 0.0, Some(false))]);
    assert!(judged(&tie).verdict().contains("does not earn"));
}

#[test]
fn without_labels_there_is_no_verdict() {
    let open = run(vec![prediction(0.9, true, 0.3, None)]);
    assert!(judged(&open).verdict().contains("is not known"));
    assert!(judged(&open).section().unwrap().contains("is not known"));
    let one_class = run(vec![prediction(0.9, true, 0.3, Some(true))]);
    assert!(judged(&one_class).verdict().contains("is not defined"));
}

#[test]
fn an_auc_is_written_so_that_its_band_is_true() {
    assert_eq!(area(0.759), "0.759");
    assert_eq!(area(0.699_54), "0.6995");
    assert_eq!(area(0.699_99), "0.69999");
    assert_eq!(area(0.7), "0.700");
}

#[test]
fn it_is_counted_how_often_the_classifier_was_ahead() {
    let mut run = run(Vec::new());
    run.decisions = vec![decision("a 1", 0.9), decision("a 1", 0.8), decision("a 1", 0.7)];
    let said = judged(&run).ahead().unwrap();
    assert_eq!(said, "It was ahead of both rules in 1 of 3 decisions.");
}

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
fn a_constant_forecast_is_scored_as_any_other() {
    let half =
        run(vec![prediction(0.9, true, 0.3, Some(true)), prediction(0.2, false, 0.0, Some(false))]);
    let said = constant(&walkfolio::classifier::quality(&half, 0.5).unwrap()).unwrap();
    // -ln(1/2) and 1/4.
    assert!(said.contains("log loss of 0.693 and a Brier score of 0.250"), "{said}");
    assert!((Scores::of(&[true], &[0.5], 0.5).unwrap().brier - 0.25).abs() < 1e-15);
}

#[test]
fn parameters_that_change_are_told_apart() {
    let same = [decision("depth 4, rate 0.1", 0.7), decision("depth 4, rate 0.1", 0.7)];
    let fixed = serde_json::to_value(Eras::of(&same)).unwrap();
    assert_eq!(fixed["fixed"], "depth 4, rate 0.1");
    assert_eq!(fixed["rows"], serde_json::json!([]));
    let searched = [
        decision("depth 4, rate 0.1", 0.7),
        decision("depth 4, rate 0.1", 0.7),
        decision("depth 6, rate 0.1", 0.7),
    ];
    let eras = serde_json::to_value(Eras::of(&searched)).unwrap();
    assert_eq!(eras["names"], serde_json::json!(["depth"]), "only what changes is a column");
    assert_eq!(eras["fixed"], "rate 0.1");
    assert_eq!(eras["rows"][0]["decisions"], "2");
    assert_eq!(eras["rows"][0]["values"][0]["changed"], false);
    let changed = serde_json::json!([{ "text": "6", "changed": true }]);
    assert_eq!(eras["rows"][1]["values"], changed);
}
