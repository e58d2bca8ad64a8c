use walkfolio_analysis::model::Model;
use walkfolio_record::PredictionRow;

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

fn found(run: &ClassifierRun) -> Model {
    Model::judged(run, 0.5)
}

#[test]
fn the_assessment_follows_the_scores() {
    // Three pairs of a held asset and another: the classifier orders all, the weight only one.
    let good = run(vec![
        prediction(0.9, false, 0.0, Some(true)),
        prediction(0.2, true, 0.3, Some(false)),
        prediction(0.3, false, 0.0, Some(false)),
    ]);
    let text = assessment(&found(&good));
    assert!(text.starts_with("The classifier adds value"), "{text}");
    assert!(text.contains("its AUC is 1.000 (outstanding)"), "{text}");
    assert!(text.contains("above the 0.250 (worse than chance)"), "{text}");
    let bad =
        run(vec![prediction(0.1, true, 0.3, Some(true)), prediction(0.2, false, 0.0, Some(false))]);
    let text = assessment(&found(&bad));
    assert!(text.starts_with("The classifier does not add value"), "{text}");
    assert!(text.contains("reaches 1.000 (outstanding)"), "{text}");
}

#[test]
fn a_tie_with_a_rule_does_not_add_value() {
    let tie =
        run(vec![prediction(0.9, true, 0.3, Some(true)), prediction(0.2, false, 0.0, Some(false))]);
    assert!(assessment(&found(&tie)).contains("does not add value"));
}

#[test]
fn without_labels_there_is_no_assessment() {
    let open = run(vec![prediction(0.9, true, 0.3, None)]);
    assert!(assessment(&found(&open)).contains("is not known"));
    assert!(section(&open, &found(&open)).unwrap().contains("is not known"));
    let one_class = run(vec![prediction(0.9, true, 0.3, Some(true))]);
    assert!(assessment(&found(&one_class)).contains("is not defined"));
}

#[test]
fn it_is_counted_how_often_the_classifier_was_ahead() {
    let mut run = run(Vec::new());
    run.decisions = vec![decision("a 1", 0.9), decision("a 1", 0.8), decision("a 1", 0.7)];
    let said = ahead(found(&run).ahead.unwrap());
    assert_eq!(said, "It was ahead of both rules in 1 of 3 decisions.");
}

#[test]
fn a_constant_forecast_is_scored_as_any_other() {
    let half =
        run(vec![prediction(0.9, true, 0.3, Some(true)), prediction(0.2, false, 0.0, Some(false))]);
    let said = constant(&found(&half).constant.unwrap());
    // -ln(1/2) and 1/4.
    assert!(said.contains("log loss of 0.693 and a Brier score of 0.250"), "{said}");
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
