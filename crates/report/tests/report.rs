//! The pages of real runs on the sample market.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used)]

mod page;

use std::sync::OnceLock;

use page::own;
use walkfolio::{LedgerRow, Run, Silent, Study, measures};

const TRACK: &str = r#"
name = "track"
[market]
source = { kind = "sample" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"]
benchmark = "MTUM"
[walk_forward]
first = 2019-06-01
last = 2021-06-30
every = "month"
history_months = 13
[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.30 }
[costs]
per_side_bps = 5
[[period]]
name = "covid"
first = 2020-02-01
last = 2020-06-30
"#;

fn run() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    let made = || {
        let study = Study::parse("track.toml", TRACK, &[]).unwrap();
        let market = study.market(None).unwrap();
        study.run(&market, &Silent).unwrap()
    };
    RUN.get_or_init(made).clone()
}

#[test]
fn every_section_is_there() {
    let html = own(&walkfolio_report::html(&run()).unwrap());
    let ids = [
        "head",
        "assessment",
        "growth",
        "figures",
        "current",
        "findings",
        "drawdowns",
        "calendar",
        "weights",
        "trades",
        "appendix",
        "measures",
        "ledger",
        "foot",
    ];
    let mut place = 0;
    for id in ids {
        let found = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}"));
        assert!(found > place, "{id} is out of order");
        place = found;
    }
    assert!(html.contains("<h1>track</h1>"));
    assert!(html.contains("covid (<span class=\"date\">2020-02-01</span>"));
}

#[test]
fn every_measure_is_defined_in_place() {
    let html = own(&walkfolio_report::html(&run()).unwrap());
    for definition in measures::definitions() {
        let label = escaped(definition.label);
        assert!(html.contains(&format!("<summary>{label}</summary>")), "{label}");
        assert!(html.contains(&escaped(&definition.formula_for(252.0))), "{}", definition.key);
        assert!(html.contains(&escaped(definition.source)), "{}", definition.source);
    }
}

#[test]
fn every_key_of_the_measures_file_has_a_definition_on_the_page() {
    let run = run();
    let html = own(&walkfolio_report::html(&run).unwrap());
    let file = serde_json::to_value(&run.measures).unwrap();
    let mut keys: Vec<&String> = file["full"].as_object().unwrap().keys().collect();
    keys.extend(file["regimes"]["covid"].as_object().unwrap().keys());
    assert!(keys.len() > 60, "{}", keys.len());
    for key in keys {
        let found = measures::definitions().iter().find(|definition| definition.key == key);
        let definition = found.unwrap_or_else(|| panic!("{key} has no definition"));
        assert!(!definition.formula.is_empty() && !definition.source.is_empty(), "{key}");
        let place = format!(
            "<summary>{}</summary><p><code>{}</code><br><span class=\"muted\">{}</span>",
            escaped(definition.label),
            escaped(&definition.formula_for(252.0)),
            escaped(definition.source)
        );
        assert!(page::section(&html, "measures").contains(&place), "{key}");
    }
}

#[test]
fn charts_of_a_run_have_their_data() {
    let run = run();
    let data = page::data(&walkfolio_report::html(&run).unwrap());
    let rolling = &data["rolling"];
    assert_eq!(rolling["windows"], serde_json::json!([63, 126, 252]));
    let keys = ["tracking_error", "volatility", "sharpe_ratio", "beta"];
    for (measure, key) in rolling["measures"].as_array().unwrap().iter().zip(keys) {
        assert_eq!(measure["key"], key);
    }
    // The last year's tracking error, by the measure itself.
    let last = &run.returns[run.returns.len() - 252..];
    let active: Vec<f64> = last.iter().map(|row| row.portfolio - row.benchmark.unwrap()).collect();
    let wanted = measures::relative::tracking_error(&active, 252.0).unwrap();
    let line = rolling["measures"][0]["portfolio"][2].as_array().unwrap();
    let found = line.last().unwrap().as_f64().unwrap();
    assert!((found - wanted).abs() < 5.001e-4 * wanted, "{found} {wanted}");
    assert_eq!(line.iter().filter(|point| point.is_null()).count(), 251, "windows are full");
    assert_eq!(data["solves"]["dates"].as_array().unwrap().len(), run.manifest.decisions);
    assert_eq!(data["holdings"]["count"].as_array().unwrap().len(), run.manifest.decisions);
    let events = data["ledger"]["events"].as_array().unwrap().len();
    assert_eq!(events, run.ledger.len(), "the search looks at every event");
    let html = own(&walkfolio_report::html(&run).unwrap());
    for id in ["assessment", "rolling", "calendar"] {
        page::section(&html, id);
    }
    assert!(!html.contains("id=\"data-report\"") && !html.contains("id=\"attribution\""));
}

#[test]
fn the_data_report_stands_on_the_page_where_there_is_one() {
    let mut run = run();
    run.data_report = Some(serde_json::json!({ "counts": { "error": 1 }, "findings": [
        { "kind": "jump", "severity": "error", "asset": "XLE", "message": "<it jumps>" },
    ] }));
    let html = own(&walkfolio_report::html(&run).unwrap());
    let found = page::section(&html, "data-report");
    assert!(found.contains("The data check found 1 error.") && found.contains("&lt;it jumps&gt;"));
}

#[test]
fn a_run_without_cash_says_what_was_assumed() {
    let mut run = run();
    let sentence = "There is no cash series: r_f = 0.";
    assert!(walkfolio_report::html(&run).unwrap().contains(sentence));
    run.returns.iter_mut().for_each(|row| row.cash = Some(0.0001));
    assert!(!own(&walkfolio_report::html(&run).unwrap()).contains(sentence));
}

#[test]
fn the_synthetic_banner_is_there_exactly_when_it_must_be() {
    let mut run = run();
    assert!(run.manifest.synthetic);
    let banner = "<strong>SYNTHETIC DATA</strong>";
    assert!(walkfolio_report::html(&run).unwrap().contains(banner));
    run.manifest.synthetic = false;
    assert!(!walkfolio_report::html(&run).unwrap().contains(banner));
}

#[test]
fn ruin_stands_before_everything() {
    let mut run = run();
    assert!(!own(&walkfolio_report::html(&run).unwrap()).contains("WIPEOUT"));
    run.manifest.ruined = run.manifest.last;
    let html = walkfolio_report::html(&run).unwrap();
    assert!(html.find("WIPEOUT on 2021-06-30").unwrap() < html.find("<h1>").unwrap());
}

#[test]
fn an_interrupted_run_says_so() {
    let mut run = run();
    run.manifest.status = walkfolio::Status::Interrupted;
    assert!(walkfolio_report::html(&run).unwrap().contains("Status: interrupted."));
}

#[test]
fn nothing_that_users_write_becomes_html() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    let mut run = run();
    run.manifest.study = evil.to_owned();
    run.manifest.benchmark = Some(evil.to_owned());
    run.manifest.assets[0] = evil.to_owned();
    run.manifest.regimes[0] = evil.to_owned();
    run.manifest.sources.iter_mut().for_each(|source| source.name = evil.to_owned());
    run.manifest.resolved.period[0].name = evil.into();
    run.measures.regimes[0].0 = evil.to_owned();
    let ours = run.decisions.iter_mut().filter(|row| row.asset == "XLE");
    ours.for_each(|row| row.asset = evil.to_owned());
    for kind in ["warning", "fallback", "note"] {
        run.ledger.push(LedgerRow { kind: kind.to_owned(), message: evil.to_owned(), ..event() });
    }
    let html = walkfolio_report::html(&run).unwrap();
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("<img src=x"));
    assert_eq!(html.matches("</script>").count(), 4, "data, plotting, common, page");
}

#[test]
fn equal_messages_stand_once_with_their_number() {
    let mut run = run();
    run.ledger.clear();
    let row = |message: &str| LedgerRow { message: message.to_owned(), ..event() };
    run.ledger.extend([row("too few"), row("other"), row("too few"), row("too few")]);
    let html = own(&walkfolio_report::html(&run).unwrap());
    let alerts = page::section(&html, "findings");
    assert!(alerts.contains("<strong>4 warnings</strong>"));
    assert_eq!(alerts.matches("too few").count(), 1);
    assert!(alerts.contains("(3 times"));
}

#[test]
fn messages_that_differ_in_numbers_stand_together() {
    let mut run = run();
    run.ledger.clear();
    let row = |message: &str| LedgerRow { message: message.to_owned(), ..event() };
    run.ledger.extend([row("skewness -0.43 is odd"), row("skewness 1.5 is odd")]);
    let html = own(&walkfolio_report::html(&run).unwrap());
    let alerts = page::section(&html, "findings");
    assert_eq!(alerts.matches("is odd").count(), 1);
    assert!(alerts.contains("(2 alike, with other numbers"));
}

#[test]
fn a_long_ledger_says_what_it_leaves_out() {
    let mut run = run();
    run.ledger = (0..620)
        .map(|index| LedgerRow {
            message: format!("event {index}"),
            kind: "note".to_owned(),
            ..event()
        })
        .collect();
    let html = own(&walkfolio_report::html(&run).unwrap());
    assert!(html.contains("120 older ones are left out"));
    assert_eq!(html.matches("<td class=\"date\">2020-01-02</td>").count(), 500);
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let html = walkfolio_report::html(&run()).unwrap();
    let page = own(&html);
    assert!(!page.contains("http://") && !page.contains("https://"));
    for loader in ["<link", "<img", "<iframe", "<object", "@import", "url(", " src="] {
        assert!(!page.contains(loader), "{loader}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_page_is_small_enough() {
    let html = walkfolio_report::html(&run()).unwrap();
    assert!(html.len() < 2_500_000, "{} bytes", html.len());
}

#[test]
fn the_same_run_gives_the_same_page() {
    let run = run();
    assert_eq!(walkfolio_report::html(&run).unwrap(), walkfolio_report::html(&run).unwrap());
}

#[test]
fn a_grid_shows_every_cell_and_why_some_failed() {
    let text = format!(
        "{TRACK}\n[grid]\n\"allocate.bounds.max\" = [0.2, 0.3]\n\"allocate.objective.window\" = [126, 252]\n"
    );
    let study = Study::parse("grid.toml", &text, &[]).unwrap();
    let market = study.market(None).unwrap();
    let mut grid = study.run_grid(&market, None, &Silent).unwrap();
    grid.cells[1].status = walkfolio::CellStatus::Failed;
    grid.cells[1].message = Some("no <b>such</b> asset".to_owned());
    grid.cells[1].measures = None;
    let html = own(&walkfolio_report::grid_html(&grid).unwrap());
    assert!(html.contains("4 backtests: 3 complete, 1 failed"));
    assert!(html.contains("no &lt;b&gt;such&lt;&#x2f;b&gt; asset"));
    assert!(html.contains("id=\"chart-map\""));
    assert_eq!(html.matches("<span class=\"kind complete\">").count(), 3);
}

fn event() -> LedgerRow {
    LedgerRow {
        date: Some("2020-01-02".parse().unwrap()),
        kind: "warning".to_owned(),
        solver: None,
        status: None,
        objective: None,
        bound: None,
        gap: None,
        message: String::new(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('/', "&#x2f;")
}
