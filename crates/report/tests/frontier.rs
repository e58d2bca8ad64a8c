//! The frontier of a grid over the number of holdings, against its cells.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use page::{data, own, section};
use walkfolio::{CellStatus, GridRun, Silent, Study};

const FRONTIER: &str = r#"
name = "frontier"
[market]
source = { kind = "sample" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK"]
benchmark = "MTUM"
[walk_forward]
first = 2020-06-01
last = 2020-12-31
every = "month"
[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.5, when_too_tight = "raise" }
[[target]]
measure = "holdings_mean"
max = 2
[grid]
"allocate.max_holdings" = [3, 1, 2]
"#;

fn grid(text: &str) -> GridRun {
    let study = Study::parse("frontier.toml", text, &[]).unwrap();
    let market = study.market(None).unwrap();
    study.run_grid(&market, None, &Silent).unwrap()
}

#[test]
fn the_frontier_is_drawn_in_order_of_holdings() {
    let grid = grid(FRONTIER);
    let html = walkfolio_report::grid_html(&grid).unwrap();
    let line = &data(&html)["frontier"]["lines"][0];
    assert_eq!(line["holdings"], serde_json::json!([1.0, 2.0, 3.0]));
    let page = own(&html);
    let table = section(&page, "frontier");
    for (place, cell) in [1, 2, 0].into_iter().enumerate() {
        let error = grid.cells[cell].measure("tracking_error").unwrap();
        assert!((line["tracking_error"][place].as_f64().unwrap() - error).abs() < 1e-6);
        assert!(table.contains(&format!("<strong>{:.2}\u{202f}%</strong>", 100.0 * error)));
    }
    assert!(table.contains("Tracking error is lowest with at most"));
}

#[test]
fn a_raised_bound_is_told_with_the_holdings_it_was_raised_for() {
    let html = own(&walkfolio_report::grid_html(&grid(FRONTIER)).unwrap());
    assert!(section(&html, "frontier").contains("with at most 1: bounds.max 0.5"));
    let (top, _) = html.split_once("id=\"targets\"").unwrap();
    assert!(top.contains("it is raised to 1.0000"));
    assert!(top.contains("in 1 backtest,"));
}

#[test]
fn every_backtest_is_held_to_the_targets() {
    let html = own(&walkfolio_report::grid_html(&grid(FRONTIER)).unwrap());
    let targets = section(&html, "targets");
    assert!(targets.contains("2 of 3 backtests meet all targets."));
    assert!(targets.contains("<span class=\"kind some met\">some met</span>"));
    assert!(targets.contains("<small>2 of 3</small>"));
}

#[test]
fn other_settings_make_other_lines() {
    let text = format!("{FRONTIER}\"allocate.objective.window\" = [126, 252]\n");
    let mut grid = grid(&text);
    grid.cells[0].status = CellStatus::Failed;
    grid.cells[0].message = Some("no <b>such</b> asset".to_owned());
    grid.cells[0].measures = None;
    let html = walkfolio_report::grid_html(&grid).unwrap();
    let lines = &data(&html)["frontier"]["lines"];
    assert_eq!(lines[0]["name"], "window 126");
    assert_eq!(lines[1]["name"], "window 252");
    assert!(lines[0]["tracking_error"][2].is_null(), "three holdings failed");
    let page = own(&html);
    assert!(section(&page, "frontier").contains("no &lt;b&gt;such"));
}

#[test]
fn other_grids_have_no_frontier() {
    let text = FRONTIER
        .replace("\"allocate.max_holdings\" = [3, 1, 2]", "\"allocate.bounds.max\" = [0.5, 1.0]");
    let html = walkfolio_report::grid_html(&grid(&text)).unwrap();
    assert!(!own(&html).contains("id=\"frontier\""));
    assert!(data(&html)["frontier"].is_null());
}

#[test]
fn a_grid_that_tracks_is_judged_by_its_tracking_error() {
    let grid = grid(FRONTIER);
    let choice = grid.selection_bias.as_ref().unwrap().tracking.as_ref().unwrap();
    let error = |cell: usize| grid.cells[cell].measure("tracking_error").unwrap();
    let smallest = (0..3).map(error).fold(f64::INFINITY, f64::min);
    assert_eq!(error(choice.best), smallest);
    let found = choice.tracking_errors[choice.best].unwrap();
    assert!((found.value - smallest).abs() < 1e-12, "the sessions of all are those of each");
    let html = walkfolio_report::grid_html(&grid).unwrap();
    let page = own(&html);
    assert!(!page.contains("id=\"selection_bias\"") && !page.contains("Sharpe ratio is"));
    let section = section(&page, "best_tracking");
    let row = format!("<a href=\"#cell-{}\">", choice.best + 1);
    assert!(section.contains(&row) && page.contains(&format!("id=\"cell-{}\"", choice.best + 1)));
    assert!(section.contains(&format!("{:.2}\u{202f}%", 100.0 * smallest)));
    let curves = &data(&html)["curves"];
    assert_eq!(
        (curves[0]["role"].as_str(), curves[1]["role"].as_str()),
        (Some("best"), Some("median"))
    );
    let last = curves[0]["value"].as_array().unwrap().last().unwrap().as_f64().unwrap();
    let grown: f64 = grid.cells[choice.best].returns.iter().map(|earned| 1.0 + earned).product();
    assert!((last / (100.0 * grown) - 1.0).abs() < 1e-5, "{last} {grown}");
}
