//! Maps, selection bias, best by period and effects of a grid, against its cells.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use std::sync::OnceLock;

use page::{data, own, section};
use walkfolio::measures::definitions;
use walkfolio::{GridRun, Silent, Study};

const SURFACE: &str = r#"
name = "surface"
[market]
source = { kind = "sample" }
assets = ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV"]
benchmark = "SPY"
factors = "french3"
first = 2018-03-01
[walk_forward]
last = 2019-12-31
every = "5d"
[estimate]
covariance = { kind = "factor_model", window = 40 }
expected_returns = { kind = "factor_model", window = 60, alpha = "include" }
units = "annual"
[allocate]
objective = { kind = "robust_utility", lambda = 0.5 }
bounds = { min = -2.0, max = 2.0 }
beta = { min = -0.5, max = 0.5 }
[costs]
per_side_bps = 5
[measure]
first = 2018-06-15
[[period]]
name = "late"
first = 2019-01-01
[grid]
"estimate.covariance.window" = [40, 60]
"estimate.expected_returns.window" = [40, 60, 70]
"allocate.beta" = [{ min = -0.5, max = 0.5 }, { value = 0.0 }]
"#;

fn grid() -> GridRun {
    static GRID: OnceLock<GridRun> = OnceLock::new();
    let made = || {
        let study = Study::parse("surface.toml", SURFACE, &[]).unwrap();
        let market = study.market(None).unwrap();
        study.run_grid(&market, None, &Silent).unwrap()
    };
    GRID.get_or_init(made).clone()
}

fn html(grid: &GridRun) -> String {
    walkfolio_report::grid_html(grid).unwrap()
}

/// A number as the page writes it: what rounds to zero has no sign.
fn number(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace("-0.000", "0.000").replace('-', "\u{2212}")
}

#[test]
fn maps_hold_every_measure_of_every_cell() {
    let grid = grid();
    let map = &data(&html(&grid))["map"];
    assert_eq!(map["axes"], serde_json::json!([1, 2]), "the look-backs, c down and m across");
    assert_eq!(map["periods"], serde_json::json!(["Full sample", "late"]));
    let mut compared = 0;
    for (at, shown) in map["measures"].as_array().unwrap().iter().enumerate() {
        let definition = definitions().iter().find(|d| d.label == shown["label"]).unwrap();
        let scale = match shown["unit"].as_str().unwrap() {
            "percent" => 1e-4,
            "number" => 1e-3,
            _ => 1.0,
        };
        for (costs, before) in ["", "without_costs."].into_iter().enumerate() {
            for (period, prefix) in ["", "late."].into_iter().enumerate() {
                let own = &map["values"][costs][period][at];
                let values = if own.is_null() { &map["values"][0][period][at] } else { own };
                for (cell, place) in grid.cells.iter().zip(0..) {
                    let key = format!("{before}{prefix}{}", definition.key);
                    let wanted = cell.measure(&key);
                    let found = values.get::<usize>(place).and_then(serde_json::Value::as_i64);
                    assert_eq!(wanted.is_some(), found.is_some(), "{key}");
                    let (Some(wanted), Some(found)) = (wanted, found) else { continue };
                    assert!((wanted - found as f64 * scale).abs() <= 0.5001 * scale, "{key}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn swept_tables_are_shown_by_what_differs() {
    let html = html(&grid());
    let keys = &data(&html)["keys"];
    assert_eq!(keys[0]["values"], serde_json::json!(["max 0.5, min -0.5", "value 0.0"]));
    assert_eq!(keys[1]["name"], "covariance window");
    assert!(section(&own(&html), "cells").contains("<td>value 0.0<td>"));
}

#[test]
fn selection_bias_is_that_of_the_grid() {
    let grid = grid();
    let bias = grid.selection_bias.as_ref().unwrap();
    let html = html(&grid);
    let ratios = data(&html)["selection_bias"]["ratios"].clone();
    for (cell, found) in bias.sharpe_ratios.iter().enumerate() {
        let found = found.unwrap();
        for (place, wanted) in [found.value, found.low, found.high].into_iter().enumerate() {
            assert!((ratios[cell][place].as_f64().unwrap() - wanted).abs() < 6e-4);
        }
    }
    let html = own(&html);
    let table = section(&html, "selection_bias");
    let deflated = bias.deflated.unwrap();
    let split = bias.overfitting.as_ref().unwrap();
    let values = [
        bias.trials.to_string(),
        number(deflated.expected_maximum, 3),
        number(deflated.probability, 3),
        number(bias.deflated_effective.unwrap().probability, 3),
        format!("{}\u{202f}%", number(100.0 * split.probability, 2)),
        number(split.degradation.unwrap(), 3),
    ];
    for value in values {
        assert!(table.contains(&format!("<td class=\"number\">{value}</td>")), "{value}");
    }
    let stands = deflated.probability >= 0.95 && split.probability < 0.05;
    assert_eq!(table.contains("The best backtest passes the tests"), stands);
    assert_eq!(table.contains("The best backtest may be due to selection bias"), !stands);
}

#[test]
fn without_selection_bias_there_are_no_sections_of_it() {
    let mut grid = grid();
    grid.selection_bias = None;
    let html = html(&grid);
    assert!(data(&html)["selection_bias"].is_null());
    for id in ["selection_bias", "best_by_period"] {
        assert!(!own(&html).contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    assert!(!own(&html).contains("href=\"#selection_bias\""));
}

#[test]
fn the_best_are_named_and_counted() {
    let grid = grid();
    let bias = grid.selection_bias.as_ref().unwrap();
    let html = own(&html(&grid));
    let table = section(&html, "best_by_period");
    assert_eq!(table.matches("<tr data-period=").count(), bias.winners.len());
    for winner in &bias.winners {
        let settings = &grid.cells[winner.cell].settings;
        let name = format!("<strong>S({}, {})</strong>", settings[1], settings[2]);
        assert!(table.contains(&name), "{name}");
        assert!(table.contains(&number(winner.sharpe_ratio, 3)));
    }
    let told = bias.winners.iter().filter_map(|winner| winner.runner_up);
    let told = told.filter(|other| other.distinguishable).count();
    let all = bias.winners.len();
    let words = if told == 0 {
        format!("None of {all} best estimators")
    } else {
        format!("{told} of {all} best estimators")
    };
    assert!(table.contains(&words), "{words}");
    assert!(table.contains("from the study’s own S(40, 60)"));
    let alike = bias.winners.iter().flat_map(|winner| [winner.runner_up, winner.own]);
    let alike = alike.flatten().filter(|other| !other.distinguishable).count();
    assert_eq!(table.matches(">not significant</span>").count(), alike);
}

#[test]
fn effects_are_means_and_paired_differences_of_the_cells() {
    let grid = grid();
    let html = own(&html(&grid));
    let table = section(&html, "effects");
    let ratio = |cell: usize| grid.cells[cell].measure("sharpe_ratio").unwrap();
    let of = |axis: usize, value: &serde_json::Value| -> Vec<f64> {
        let cells = 0..grid.cells.len();
        cells.filter(|&cell| grid.cells[cell].settings[axis] == *value).map(ratio).collect()
    };
    for value in [40, 60, 70] {
        let found = of(2, &value.into());
        assert_eq!(found.len(), 4);
        let mean = found.iter().sum::<f64>() / 4.0;
        assert!(table.contains(&format!("<td>{}<small", number(mean, 3))), "{mean}");
    }
    // The last key varies fastest: cells 0..6 have the first beta, 6..12 the second.
    let change: Vec<f64> = (0..6).map(|cell| ratio(cell) - ratio(cell + 6)).collect();
    let mean = change.iter().sum::<f64>() / 6.0;
    let sign = if mean > 0.0 { "+" } else { "" };
    let better = change.iter().filter(|change| **change > 0.0).count();
    let words = format!("Sharpe ratio {sign}{} on average", number(mean, 3));
    assert!(table.contains("What max 0.5, min -0.5 changes against value 0.0, in 6 pairs"));
    assert!(table.contains(&words), "{words}");
    assert!(table.contains(&format!("better in {better} of 6; ")));
}

#[test]
fn first_allocations_stand_by_longest_window() {
    let grid = grid();
    let html = own(&html(&grid));
    let table = section(&html, "allocation");
    assert!(table.contains("returns are used from 2018-03-01 on"));
    // The longest of c and m: 40 in 2 cells, 60 in 6, 70 in 4.
    for (window, number) in [(40, 2), (60, 6), (70, 4)] {
        let of = |cell: &&walkfolio::Cell| {
            cell.settings[1..].iter().filter_map(serde_json::Value::as_i64).max() == Some(window)
        };
        let first = grid.cells.iter().find(of).unwrap().first.unwrap();
        assert!(table.contains(&format!("<th scope=\"row\">{window}</th>")));
        assert!(table.contains(&format!("<td>{first}</td><td>{number}</td>")), "{window}");
    }
    let mut grid = grid;
    grid.ledger.clear();
    assert!(!own(&self::html(&grid)).contains("id=\"allocation\""));
}

#[test]
fn nothing_that_a_grid_holds_becomes_html() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    let mut grid = grid();
    grid.manifest.study = evil.to_owned();
    grid.keys[0] = evil.to_owned();
    for cell in grid.cells.iter_mut().take(6) {
        cell.settings[0] = evil.into();
    }
    grid.manifest.resolved.period[0].name = evil.into();
    let bias = grid.selection_bias.as_mut().unwrap();
    for winner in &mut bias.winners {
        winner.period = evil.to_owned();
        winner.slice = vec![(0, evil.into())];
    }
    let html = html(&grid);
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("<img src=x"));
    assert_eq!(html.matches("</script>").count(), 4, "data, plotting, common, page");
}

#[test]
fn the_text_of_a_grid_is_at_most_sixty_lines() {
    let mut grid = grid();
    let findings = |grid: &GridRun| walkfolio::GridFindings::of(grid);
    let text = |grid: &GridRun| {
        let files = walkfolio_report::grid_files(grid, &findings(grid)).unwrap();
        let (_, bytes) = files.into_iter().find(|(name, _)| *name == "report.md").unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let whole = text(&grid);
    assert!(whole.lines().count() <= 60, "{whole}");
    // The best first.
    let ratio = |cell: &walkfolio::Cell| cell.measure("sharpe_ratio");
    let best = grid.cells.iter().filter_map(ratio).fold(f64::NEG_INFINITY, f64::max);
    let (_, table) = whole.split_once("## Backtests").unwrap();
    let first = table.lines().nth(4).unwrap();
    assert!(first.contains(&number(best, 3)), "{first}");
    for _ in 0..4 {
        grid.cells.extend(grid.cells.clone());
    }
    let long = text(&grid);
    assert!(long.lines().count() <= 60 && long.contains("the best "), "{long}");
}
