//! Forecasts, views and blends from a study's files to its decisions, and the attack on these files.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;
use std::path::Path;

use walkfolio::prelude::*;
use walkfolio::{FileAudit, Silent};
use walkfolio_core::{Date, calendar};

const STUDY: &str = r#"
name = "stated"

[market]
source = { kind = "csv" }
files  = { prices = "prices.csv" }
assets = ["A0", "A1", "A2"]

[walk_forward]
every = "month"

[estimate]
covariance       = COVARIANCE
expected_returns = RETURNS

[allocate]
objective = { kind = "mean_variance", risk_aversion = 4.0 }
bounds    = { min = 0.0, max = 0.7 }
"#;

const SAMPLE: &str = r#"{ kind = "sample", window = 40 }"#;
const FORECASTS: &str = r#"{ kind = "file", file = "mu.csv", unit = "percent", missing = "mean" }"#;
const VIEWS: &str = r#"{ kind = "black_litterman", views_file = "views.csv" }"#;

fn sessions() -> Vec<Date> {
    calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 12, 31))
}

fn write(folder: &Path) {
    let mut prices = "date,A0,A1,A2\n".to_owned();
    let mut forecasts = "date,A0,A1,A2\n".to_owned();
    let mut views = "date,view,return,confidence\n".to_owned();
    for (row, date) in sessions().into_iter().enumerate() {
        let price = |asset: usize| {
            100.0 + 3.0 * ((row * (7 + 2 * asset) + row * row * (asset + 1)) % 23) as f64 / 23.0
        };
        writeln!(prices, "{date},{},{},{}", price(0), price(1), price(2)).unwrap();
        if row % 9 == 0 {
            let last = if row < 60 { String::new() } else { format!("{}", row % 13) };
            writeln!(forecasts, "{date},{},{},{last}", 1 + row % 17, 1 + row % 11).unwrap();
            writeln!(views, "{date},A0 - A1,0.0{},0.7", 1 + row % 8).unwrap();
        }
    }
    for (name, text) in [("prices.csv", prices), ("mu.csv", forecasts), ("views.csv", views)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn study(folder: &Path, covariance: &str, returns: &str) -> Result<Study, String> {
    let text = STUDY.replace("COVARIANCE", covariance).replace("RETURNS", returns);
    let path = folder.join("x.toml");
    std::fs::write(&path, text).unwrap();
    Study::load(&path, &[]).map_err(|error| error.to_string())
}

fn attacked(folder: &Path, covariance: &str, returns: &str) -> (FileAudit, usize) {
    let study = study(folder, covariance, returns).unwrap();
    let loaded = study.market(None).unwrap();
    let audit = study.audit(&loaded, &Silent).unwrap();
    assert_eq!((audit.leak, audit.complete), (None, true));
    (study.audit_files(&loaded, None, &Silent).unwrap(), audit.decisions)
}

#[test]
fn decisions_keep_their_bits_when_later_rows_are_removed_or_perturbed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let blend = format!(
        "{{ kind = \"blend\", blend = [{{ of = {FORECASTS}, weight = 0.5 }}, {{ of = {VIEWS}, weight = 0.5 }}] }}"
    );
    let risk = format!(
        "{{ kind = \"blend\", blend = [{{ of = {SAMPLE}, weight = 0.6 }}, {{ of = {{ kind = \"pca\", window = 60, factors = 1 }}, weight = 0.4 }}] }}"
    );
    for (covariance, returns) in [(SAMPLE, FORECASTS), (SAMPLE, VIEWS), (&risk[..], &blend[..])] {
        let (found, decisions) = attacked(folder.path(), covariance, returns);
        assert_eq!((found.leak, found.skipped, found.complete), (None, None, true), "{returns}");
        assert!(found.attacked >= 9 && decisions >= 9, "{} of {decisions}", found.attacked);
    }
}

#[test]
fn a_run_records_the_files_and_says_what_it_did_without() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let study = study(folder.path(), SAMPLE, FORECASTS).unwrap();
    let loaded = study.market(None).unwrap();
    let roles: Vec<&str> = loaded.sources.iter().map(|source| source.role).collect();
    assert_eq!(roles, ["prices", "forecasts"]);
    let run = study.run(&loaded, &Silent).unwrap();
    let said = run.ledger.iter().filter(|row| row.message.contains("no forecast of A2"));
    // Until the first forecast of A2 in March.
    assert!(said.count() >= 1, "{:?}", run.ledger);
    // Another forecast is another portfolio.
    let weights =
        |run: &walkfolio::Run| run.decisions.iter().map(|row| row.weight).collect::<Vec<f64>>();
    let first = weights(&run);
    let text = std::fs::read_to_string(folder.path().join("mu.csv")).unwrap();
    std::fs::write(folder.path().join("mu.csv"), text.replace("A0,A1,A2", "A1,A0,A2")).unwrap();
    let again = study.run(&study.market(None).unwrap(), &Silent).unwrap();
    assert_ne!(first, weights(&again));
}

#[test]
fn what_cannot_be_is_refused_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let detoned = r#"{ kind = "detoned", window = 40 }"#;
    let typo =
        r#"{ kind = "blend", blend = [{ of = { kind = "sample", windw = 40 }, weight = 1.0 }] }"#;
    let sum =
        r#"{ kind = "blend", blend = [{ of = { kind = "sample", window = 40 }, weight = 0.7 }] }"#;
    let factors = r#"{ kind = "blend", blend = [{ of = { kind = "factor_model", window = 40 }, weight = 1.0 }] }"#;
    let unit = r#"{ kind = "file", file = "mu.csv" }"#;
    let deep = r#"{ kind = "blend", blend = [{ of = { kind = "historical", windw = 40 }, weight = 1.0 }] }"#;
    let errors: Vec<String> = [
        (detoned, FORECASTS),
        (typo, FORECASTS),
        (sum, FORECASTS),
        (factors, FORECASTS),
        (SAMPLE, unit),
        (SAMPLE, deep),
    ]
    .iter()
    .map(|(covariance, returns)| study(folder.path(), covariance, returns).unwrap_err())
    .map(|error| error.replace(&folder.path().display().to_string(), ""))
    .collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    /x.toml:13: estimate.covariance.kind: leaves out what all assets have in common and is singular: it tells assets apart, and gives a portfolio along the market no risk (choose denoised, which keeps all components)
    /x.toml:13: estimate.covariance.blend[0].of.windw: unknown key `windw` (did you mean `window`?)
    /x.toml:13: estimate.covariance.blend: has weights that sum to 0.700000, not to 1 (weights are fractions: 0.6 is 60 %)
    /x.toml:12: estimate: uses the factor model, and there are no factors (add factors = "french3" to [market])
    /x.toml:14: estimate.expected_returns.unit: is missing (add `unit = ...`)
    /x.toml:14: estimate.expected_returns.blend[0].of.windw: unknown key `windw` (did you mean `window`?)
    "#);
}

#[test]
fn a_view_of_an_unknown_asset_is_an_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let text = "date,view,return\n2024-02-01,A0 - A7,0.02\n";
    std::fs::write(folder.path().join("views.csv"), text).unwrap();
    let error = study(folder.path(), SAMPLE, VIEWS).unwrap().market(None).unwrap_err().to_string();
    let error = error.replace(&folder.path().display().to_string(), "");
    let expected = "asset A7 is not in the assets, which /views.csv line 2 has a view of";
    assert!(error.contains(expected), "{error}");
}

/// Loadings of the user's own, long, that change in the middle of the year; A2 has its first one in March.
fn loadings(folder: &Path) -> String {
    let text = "date,asset,loading\n2024-01-02,A0,1.0\n2024-01-02,A1,-1.0\n2024-03-15,A2,0.5\n2024-07-10,A0,3.0\n";
    std::fs::write(folder.join("duration.csv"), text).unwrap();
    let exposure =
        r#"factor_exposure = [{ factor = "duration", loadings = "duration.csv", max = 0.1 }]"#;
    format!("{}\n{exposure}\n", STUDY.replace("COVARIANCE", SAMPLE).replace("RETURNS", FORECASTS))
}

#[test]
fn loadings_are_those_that_were_known() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let path = folder.path().join("x.toml");
    std::fs::write(&path, loadings(folder.path())).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let loaded = study.market(None).unwrap();
    let roles: Vec<&str> = loaded.sources.iter().map(|source| source.role).collect();
    assert_eq!(roles, ["prices", "forecasts", "loadings"]);
    let run = study.run(&loaded, &Silent).unwrap();
    assert_eq!(study.verify(&run, &loaded, &Silent).unwrap().faults, []);
    let mut binds = 0;
    for rows in run.decisions.chunks(3) {
        let date = rows[0].date;
        // The first decision after every asset has a loading.
        assert!(date >= Date::constant(2024, 4, 1), "{date}");
        let first = if date > Date::constant(2024, 7, 10) { 3.0 } else { 1.0 };
        let exposure = first * rows[0].weight - rows[1].weight + 0.5 * rows[2].weight;
        assert!(exposure < 0.1 + 1e-7, "{date}: {exposure}");
        binds += usize::from(exposure > 0.1 - 1e-7);
    }
    assert!(binds > 0);
    assert_eq!(study.audit(&loaded, &Silent).unwrap().leak, None);
    let found = study.audit_files(&loaded, None, &Silent).unwrap();
    assert_eq!((found.leak, found.skipped), (None, None));
    assert!(found.attacked >= 9, "{}", found.attacked);
}
