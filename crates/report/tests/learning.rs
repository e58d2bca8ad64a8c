//! What a classifier, targets and active risk look like on the page, against the tables they come
//! from.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use std::sync::OnceLock;

use page::{data, own, section};
use walkfolio::{Run, Silent, Study};

const REPLICA: &str = r#"
name = "replica"
[market]
source = { kind = "sample" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"]
benchmark = "MTUM"
[walk_forward]
first = 2019-06-01
last = 2021-06-30
every = "month"
history_months = 13
[select]
kind = "boosted_trees"
min_selected = 4
threshold = 0.5
[select.parameters]
n_estimators = 10
max_depth = 3
[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.30 }
[costs]
per_side_bps = 5
[[target]]
measure = "tracking_error"
max = 0.0001
remark = "out of <reach>"
[[target]]
measure = "holdings_mean"
min = 1
max = 11
"#;

fn run() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    let made = || {
        let study = Study::parse("replica.toml", REPLICA, &[]).unwrap();
        let market = study.market(None).unwrap();
        study.run(&market, &Silent).unwrap()
    };
    RUN.get_or_init(made).clone()
}

fn html(run: &Run) -> String {
    walkfolio_report::html(run).unwrap()
}

/// A fraction in percent as the page writes it.
fn percent(value: f64) -> String {
    let sign = if value < -5e-5 { "\u{2212}" } else { "" };
    format!("{sign}{:.2}\u{202f}%", 100.0 * value.abs())
}

#[test]
fn targets_say_in_words_what_was_missed() {
    let run = run();
    let html = own(&html(&run));
    let targets = section(&html, "targets");
    assert!(targets.contains("1 of 2 targets is met."));
    assert!(targets.contains("<span class=\"kind missed\">missed</span>"));
    assert!(targets.contains("<span class=\"kind met\">met</span>"));
    assert!(targets.contains("at most 0.01\u{202f}%"));
    assert!(targets.contains(&percent(run.measures.full.get("tracking_error").unwrap())));
    assert!(targets.contains("out of &lt;reach&gt;"));
}

#[test]
fn without_targets_there_is_no_table_of_them() {
    let mut run = run();
    run.manifest.resolved.target.clear();
    assert!(!own(&html(&run)).contains("id=\"targets\""));
}

#[test]
fn the_assessment_of_the_model_is_at_the_top_and_never_contradicts_its_scores() {
    let mut run = run();
    let assessment = |run: &Run| {
        let html = own(&html(run));
        let figures = section(&html, "findings").to_owned();
        let earns = figures.contains("The classifier adds value");
        assert_ne!(earns, figures.contains("The classifier does not add value"));
        assert_eq!(earns, section(&html, "model").contains("The classifier adds value"));
        earns
    };
    let quality =
        |run: &Run| walkfolio::classifier::quality(run.classifier.as_ref().unwrap(), 0.5).unwrap();
    assert_eq!(Some(assessment(&run)), quality(&run).adds_value());
    for row in &mut run.classifier.as_mut().unwrap().predictions {
        row.probability = f64::from(u8::from(row.label_next == Some(true)));
    }
    assert_eq!(quality(&run).adds_value(), Some(true));
    assert!(assessment(&run));
}

#[test]
fn pooled_scores_are_those_of_the_tables() {
    let run = run();
    let html = own(&html(&run));
    let model = section(&html, "model");
    let quality = walkfolio::classifier::quality(run.classifier.as_ref().unwrap(), 0.5).unwrap();
    let scores = &quality.scores;
    for share in [Some(scores.accuracy), scores.precision, scores.recall] {
        assert!(model.contains(&format!("<td>{}", percent(share.unwrap()))));
    }
    let numbers = [scores.f1.unwrap(), scores.log_loss, scores.brier];
    for number in numbers {
        assert!(model.contains(&format!("<td>{number:.3}")), "{number}");
    }
    let aucs = [scores.auc, quality.auc_same_label, quality.auc_current_weight, quality.cv_auc];
    for auc in aucs.map(Option::unwrap) {
        let band = walkfolio::Quality::band(auc);
        assert!(model.contains(&format!("<small class=\"band\">{band}</small>")), "{auc}");
        let digits = format!("{auc:.10}");
        assert!(model.contains(&digits[..4]), "{auc}");
    }
    assert!(model.contains(&format!("{} predictions pooled", scores.rows)));
}

#[test]
fn the_lines_of_the_model_are_the_tables() {
    let run = run();
    let data = data(&html(&run));
    let classifier = run.classifier.as_ref().unwrap();
    let model = &data["model"];
    assert_eq!(model["auc"].as_array().unwrap().len(), classifier.decisions.len());
    for (row, (auc, cv)) in classifier.decisions.iter().zip(
        model["auc"].as_array().unwrap().iter().zip(model["cross_validated"].as_array().unwrap()),
    ) {
        assert_eq!(auc.is_null(), row.auc.is_none());
        assert!((auc.as_f64().unwrap_or(0.0) - row.auc.unwrap_or(0.0)).abs() < 1e-5);
        assert!((cv.as_f64().unwrap_or(0.0) - row.cv_auc.unwrap_or(0.0)).abs() < 1e-5);
    }
    let last: Vec<f64> = classifier.decisions.iter().rev().take(12).filter_map(|r| r.auc).collect();
    let mean = last.iter().sum::<f64>() / last.len() as f64;
    let trailing = model["trailing"].as_array().unwrap().last().unwrap().as_f64().unwrap();
    assert!((trailing - mean).abs() < 1e-5);
    let counts = model["calibration"].as_array().unwrap().iter().map(|bin| &bin["count"]);
    let counted: u64 = counts.map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(
        usize::try_from(counted),
        Ok(walkfolio::classifier::quality(classifier, 0.5).unwrap().scores.rows)
    );
    let features = model["importance"]["features"].as_array().unwrap();
    let decisions = model["importance"]["dates"].as_array().unwrap().len();
    for place in 0..decisions {
        let shares = features.iter().map(|feature| feature["shares"][place].as_f64().unwrap());
        assert!((shares.sum::<f64>() - 1.0).abs() < 1e-4);
    }
}

#[test]
fn probabilities_and_selections_are_those_of_the_decisions() {
    let run = run();
    let data = data(&html(&run));
    let map = &data["inclusion"];
    let dates: Vec<&str> =
        map["dates"].as_array().unwrap().iter().map(|date| date.as_str().unwrap()).collect();
    for asset in map["assets"].as_array().unwrap() {
        for (place, date) in dates.iter().enumerate() {
            let same = |row: &&walkfolio::DecisionRow| {
                row.asset == asset["name"].as_str().unwrap() && row.date.to_string() == *date
            };
            let row = run.decisions.iter().find(same).unwrap();
            assert_eq!(asset["selected"][place].as_bool().unwrap(), row.selected == Some(true));
            let shown = asset["probability"][place].as_f64();
            assert!((shown.unwrap_or(-1.0) - row.probability.unwrap_or(-1.0)).abs() < 1e-5);
        }
    }
}

#[test]
fn contributions_add_up_to_the_expected_tracking_error() {
    let run = run();
    let html = html(&run);
    let data = data(&html);
    let risk = &data["risk"];
    let parts = risk["parts"].as_array().unwrap();
    for (place, expected) in risk["expected"].as_array().unwrap().iter().enumerate() {
        let sum: f64 = parts.iter().map(|part| part["values"][place].as_f64().unwrap()).sum();
        // Each of them has four digits.
        assert!((sum - expected.as_f64().unwrap()).abs() < 1e-4);
    }
    let last = run.risk.last().unwrap().date;
    let rows: Vec<_> = run.risk.iter().filter(|row| row.date == last).collect();
    let total: f64 = rows.iter().map(|row| row.contribution).sum();
    let page = own(&html);
    let table = section(&page, "risk");
    assert!(table.contains(&format!("<td>{}</td>", percent(total))));
    // Each asset by its difference from the benchmark: the parts of a portfolio that is fully invested add up
    // without a part of the benchmark's own.
    let base = rows.iter().find(|row| row.asset == "MTUM").unwrap().marginal;
    let mut sum = 0.0;
    for row in rows.iter().filter(|row| row.asset != "MTUM") {
        let marginal = row.marginal - base;
        let part = row.active_weight * marginal;
        sum += part;
        for value in [row.active_weight, marginal, part, part / total] {
            assert!(table.contains(&format!("<td>{}</td>", percent(value))), "{value}");
        }
    }
    assert!((sum - total).abs() < 1e-9, "{sum} {total}");
    assert!(!table.contains("Not invested"));
}

#[test]
fn realized_tracking_error_is_that_of_the_returns() {
    let run = run();
    let data = data(&html(&run));
    let realized = data["risk"]["realized"].as_array().unwrap();
    assert_eq!(realized.len(), run.returns.len());
    assert!(realized[61].is_null() && !realized[62].is_null());
    let active: Vec<f64> = run.returns[run.returns.len() - 63..]
        .iter()
        .map(|r| r.portfolio - r.benchmark.unwrap())
        .collect();
    let mean = active.iter().sum::<f64>() / 63.0;
    let square: f64 = active.iter().map(|a| (a - mean).powi(2)).sum();
    let expected = (square / 62.0 * 252.0).sqrt();
    assert!((realized.last().unwrap().as_f64().unwrap() - expected).abs() < 6e-5);
    let full = run.measures.full.get("tracking_error").unwrap();
    assert!((data["risk"]["full"].as_f64().unwrap() - full).abs() < 1e-6);
}

#[test]
fn sections_without_data_are_absent() {
    let mut run = run();
    run.classifier = None;
    run.risk.clear();
    run.decisions.iter_mut().for_each(|row| row.probability = None);
    let html = html(&run);
    let page = own(&html);
    for id in ["model", "risk", "chart-inclusion"] {
        assert!(!page.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(!page.contains("class=\"assessment\">The classifier"));
    let data = data(&html);
    assert!(data["model"].is_null() && data["risk"].is_null() && data["inclusion"].is_null());
}

#[test]
fn nothing_that_the_tables_hold_becomes_html() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    let mut run = run();
    run.manifest.resolved.target[0].remark = Some(evil.into());
    run.risk.iter_mut().filter(|row| row.asset == "XLK").for_each(|row| row.asset = evil.into());
    let classifier = run.classifier.as_mut().unwrap();
    classifier.importance.iter_mut().for_each(|row| row.feature = format!("{evil}{}", row.feature));
    classifier.decisions[0].trainer = evil.to_owned();
    classifier.decisions[0].parameters = format!("{evil} 1, b {evil}");
    let html = html(&run);
    assert!(!html.contains("<script>alert") && !html.contains("<img src=x"));
    assert_eq!(html.matches("</script>").count(), 4);
}

#[test]
fn what_decisions_did_otherwise_stands_near_the_top() {
    let mut run = run();
    let row = |kind: &str, message: &str| walkfolio::LedgerRow {
        date: Some("2020-01-02".parse().unwrap()),
        kind: kind.to_owned(),
        solver: None,
        status: None,
        objective: None,
        bound: None,
        gap: None,
        message: message.to_owned(),
    };
    run.ledger = vec![
        row("note", "bounds.max 0.3 over 1 assets cannot sum to 1; it is raised to 1.0000"),
        row("warning", "nothing could be learned yet: every eligible asset may be held"),
        row("fallback", "no answer; the previous weights are held"),
        walkfolio::LedgerRow { date: None, ..row("note", "no cash series: r_f = 0") },
    ];
    let html = own(&html(&run));
    let top = section(&html, "findings");
    assert!(top.contains("<strong>1 fallback, 1 warning and 1 note</strong>"));
    let place = |words: &str| top.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(place("previous weights are held") < place("nothing could be learned yet"));
    assert!(place("nothing could be learned yet") < place("it is raised to"));
    assert!(!top.contains("no cash series"), "what concerns the whole run is no alarm");
}
