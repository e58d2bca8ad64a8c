//! The replica on real prices: features and labels against the reference, the figures to reach,
//! exact sparsity against enumeration.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::collections::BTreeMap;

use common::{golden, on_real_data};
use walkfolio::{Allocation, Run, Silent};
use walkfolio_core::{Memory, Policy, View, Weights};
use walkfolio_estimate::tracking::{AdHoc, Review};
use walkfolio_optimize::{Holdings, Optimizer, Precision, Settings};

fn run(name: &str, overrides: &[&str]) -> Option<Run> {
    let (study, loaded) = on_real_data(name, overrides)?;
    Some(study.run(&loaded, &Silent).unwrap())
}

fn tracking_error(run: &Run) -> f64 {
    run.measures.full.get("tracking_error").unwrap()
}

fn messages<'a>(run: &'a Run, kind: &str) -> Vec<&'a str> {
    let rows = run.ledger.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.message.as_str()).collect()
}

/// A line of the reference: seven features, the label of the next month, label and weight of this.
struct Reference {
    features: Vec<f64>,
    next: Option<f64>,
    now: Option<(f64, f64)>,
}

fn reference(path: &std::path::Path) -> BTreeMap<(String, String), Reference> {
    let text = std::fs::read_to_string(path).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse::<f64>().ok();
        let reference = Reference {
            features: (2..9).map(|at| number(at).unwrap()).collect(),
            next: number(9),
            now: number(10).zip(number(11)),
        };
        ((cells[0].to_owned(), cells[1].to_owned()), reference)
    };
    text.lines().skip(1).map(line).collect()
}

#[test]
fn features_and_labels() {
    let Some(golden) = golden() else { return };
    let fast = ["select.validation.folds=0", "select.parameters.n_estimators=5"];
    let Some(run) = run("mtum-replica.toml", &fast) else { return };
    let expected = reference(&golden.join("mtum/features_labels.csv"));
    let classifier = run.classifier.unwrap();
    let month = |date: walkfolio_core::Date| date.to_string()[..7].to_owned();
    let found: BTreeMap<_, _> =
        classifier.features.iter().map(|row| ((month(row.date), row.asset.clone()), row)).collect();
    let (mut feature_error, mut weight_error, mut labels): (f64, f64, usize) = (0.0, 0.0, 0);
    for (key, expected) in &expected {
        let row = found.get(key).unwrap_or_else(|| panic!("{key:?} is not there"));
        for (a, b) in row.values.iter().zip(&expected.features) {
            feature_error = feature_error.max((a.unwrap() - b).abs());
        }
        if let Some((label, weight)) = expected.now {
            assert_eq!(f64::from(u8::from(row.label.unwrap())), label, "label of {key:?}");
            weight_error = weight_error.max((row.weight.unwrap() - weight).abs());
            labels += 1;
        }
    }
    println!(
        "{} rows: features within {feature_error:.1e}, {labels} labels exact, weights within {weight_error:.1e}",
        expected.len()
    );
    assert!(labels > 1400 && feature_error < 1e-9 && weight_error < 1e-6);
    // What a prediction is judged by is the reference's label of the next month.
    let mut judged = 0;
    for row in &classifier.predictions {
        let last = row.date.first_of_month().yesterday().unwrap();
        if let Some(next) = expected[&(month(last), row.asset.clone())].next {
            assert_eq!(f64::from(u8::from(row.label_next.unwrap())), next);
            judged += 1;
        }
    }
    assert!(judged > 780, "{judged}");
}

#[test]
fn the_figures_to_reach() {
    for (name, most) in [
        ("mtum-review-aware.toml", 0.0670),
        ("mtum-review-aware-four.toml", 0.0695),
        ("mtum-review-aware-weekly.toml", 0.0630),
        ("mtum-holdings.toml", 0.0650),
    ] {
        let Some(run) = run(name, &[]) else { return };
        let found = tracking_error(&run);
        println!("{name}: tracking error {:.2} %", 100.0 * found);
        assert!(found <= most, "{name}: {found}");
    }
}

/// `replica-recipe.md`: reviews beside those of May and November since 2014.
#[test]
fn reviews_after_jumps_of_volatility() {
    let Some((_, loaded)) = on_real_data("mtum-review-aware.toml", &[]) else { return };
    let names = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB"];
    let rule = AdHoc {
        assets: names.map(str::to_owned).to_vec(),
        volatility_days: 63,
        quantile: 0.95,
        least_changes: 24,
        since: None,
        quiet_months: vec![4, 5, 10, 11],
    };
    let months = vec![5, 11];
    let review = Review { months, stale: 1.0, ad_hoc: Some(rule), prior: None, tilt: None };
    let past = loaded.market.before(loaded.market.rows() - 1).unwrap();
    let dates = review.rows(&past).unwrap().into_iter().map(|row| past.dates()[row]);
    let extra: Vec<String> = dates
        .filter(|date| date.year() >= 2014 && ![5, 11].contains(&date.month()))
        .map(|date| date.to_string()[..7].to_owned())
        .collect();
    assert_eq!(extra, ["2015-09", "2018-03", "2019-01", "2020-03"]);
}

/// Every choice of `k` of the eligible assets, each solved on its own.
#[test]
fn exact_sparsity_is_what_enumeration_finds() {
    let Some((study, loaded)) = on_real_data("mtum-frontier.toml", &["allocate.max_holdings=5"])
    else {
        return;
    };
    let market = loaded.market.between(None, study.config().schedule().last).unwrap();
    let policy = Allocation::new(study.config());
    let first = market.row_on_or_after(walkfolio_core::Date::constant(2019, 6, 1)).unwrap();
    let rows = study.config().schedule().rows(market.dates(), first);
    assert_eq!(rows.len(), 73);
    let mut worst: f64 = 0.0;
    // Every ninth decision: 9 x 2,047 programs.
    for &row in rows.iter().step_by(9) {
        let past = market.before(row).unwrap();
        let assets = past.eligible(policy.need());
        let none = Weights::none(market.universe().len());
        let mandate = policy
            .mandate(&past, &assets, View::new(Memory::Holdings, &none), &mut Vec::new())
            .unwrap();
        let n = assets.len();
        for k in 1..=n {
            let cap = vec![0.30_f64.max(1.0 / k as f64); n];
            let with_caps = |max| {
                let bounds = mandate.constraints().clone().without_holdings();
                bounds.with_bounds(mandate.constraints().min().to_vec(), max).unwrap()
            };
            let rules = Holdings { max: Some(k), ..Holdings::default() };
            let constraints = with_caps(cap.clone()).with(rules).unwrap();
            let sparse = mandate.clone().with_constraints(constraints).unwrap();
            let best = (1_u32..1 << n)
                .filter(|held| held.count_ones() as usize == k)
                .map(|held| {
                    let mut max = cap.clone();
                    for i in (0..n).filter(|i| held & (1 << i) == 0) {
                        max[i] = 0.0;
                    }
                    let one = mandate.clone().with_constraints(with_caps(max)).unwrap();
                    let solved = Optimizer::new(Settings::default()).solve(&one, Precision::Full);
                    solved.unwrap().report.objective.unwrap()
                })
                .fold(f64::INFINITY, f64::min);
            let found =
                Optimizer::new(Settings::default()).solve(&sparse, Precision::Full).unwrap();
            let objective = found.report.objective.unwrap();
            assert!(found.weights.iter().filter(|w| **w != 0.0).count() <= k);
            assert!(found.report.bound.unwrap() <= best + 1e-12, "k = {k}: the bound cuts off");
            worst = worst.max((objective - best).abs());
        }
    }
    println!("k = 1..11: objectives within {worst:.1e} of enumeration");
    assert!(worst < 1e-9, "{worst:e}");
}

#[test]
fn the_frontier_falls_with_every_holding() {
    let Some((study, loaded)) = on_real_data("mtum-frontier.toml", &[]) else { return };
    let grid = study.run_grid(&loaded, None, &Silent).unwrap();
    assert_eq!(grid.cells.len(), 11);
    let errors: Vec<f64> =
        grid.cells.iter().map(|cell| cell.measure("tracking_error").unwrap()).collect();
    // Out of sample each of the first five holdings helps; beyond them nothing is gained.
    assert!(errors[..5].windows(2).all(|pair| pair[1] < pair[0]), "{errors:?}");
    assert!(errors[4..].iter().all(|error| (error - 0.0959).abs() < 5e-4), "{errors:?}");
    assert!(errors[0] > 0.12, "{errors:?}");
    // AIQ is not eligible at the first decision: eleven are more than the ten there are.
    let told = "max_holdings 11 over 10 assets that may be held: it limits nothing here";
    assert!(grid.ledger.iter().any(|(cell, row)| *cell == Some(10) && row.message == told));
}

#[test]
fn the_classifier_beside_what_needs_no_model() {
    let Some(run) = run("mtum-replica.toml", &[]) else { return };
    let classifier = run.classifier.as_ref().unwrap();
    let quality = walkfolio::classifier::quality(classifier, 0.5).unwrap();
    let (auc, same, weight) = (
        quality.scores.auc.unwrap(),
        quality.auc_same_label.unwrap(),
        quality.auc_current_weight.unwrap(),
    );
    println!("AUC {auc:.3}, same label {same:.3}, current weight {weight:.3}");
    assert!((0.70..0.82).contains(&auc), "{auc}");
    assert!((same - 0.93).abs() < 0.005 && (weight - 0.96).abs() < 0.005, "{same} {weight}");
    assert_eq!(quality.adds_value(), Some(false));
    assert_eq!((classifier.decisions.len(), classifier.models.len()), (73, 73));
    assert_eq!(quality.scores.rows, 802);
    // Contributions of each decision add up to its expected tracking error, which is near what came.
    let expected: f64 = run.risk.iter().map(|row| row.contribution).sum::<f64>() / 73.0;
    assert!((expected - tracking_error(&run)).abs() < 0.03, "{expected}");
}

#[test]
fn every_model_of_expected_returns_runs() {
    for kind in ["historical", "shrinkage", "momentum", "mean_reversion", "multi_factor"] {
        let set = format!("estimate.expected_returns={{ kind = '{kind}' }}");
        let Some(run) = run("mtum-mean-variance.toml", &[&set]) else { return };
        assert_eq!(run.manifest.decisions, 73, "{kind}");
        let warned = messages(&run, "warning");
        let l1 = warned.iter().find(|message| message.contains("l1_penalty")).unwrap();
        assert!(l1.contains("is the constant 0.01") && l1.contains("max_holdings"), "{l1}");
    }
}
