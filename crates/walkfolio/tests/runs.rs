//! Runs on the sample market: fallbacks, audit, determinism, folders, grids.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{StopAfter, data, on_real_data, study};
use walkfolio::{Audit, audit_policy};
use walkfolio::{Existing, Kind, Loaded, Run, RunFolder, Silent, Status, Study, Swept};
use walkfolio_core::{Date, Decision, Market, Need, Past, Policy, SolveReport, View, Weights};

fn sample(name: &str, overrides: &[&str]) -> (Study, Loaded) {
    let study = study(name, overrides);
    let loaded = study.market(None).unwrap();
    (study.on(&loaded.market).unwrap(), loaded)
}

fn run(name: &str, overrides: &[&str]) -> Run {
    let (study, loaded) = sample(name, overrides);
    study.run(&loaded, &Silent).unwrap()
}

const SHORT: [&str; 2] = ["walk_forward.last=2008-03-31", "measure.first=2007-12-03"];

/// A beta that twelve assets within [-2, 2] reach on hardly any date.
fn out_of_reach(fallbacks: &str) -> Run {
    let set = format!("allocate.fallbacks={fallbacks}");
    run("long-short.toml", &[SHORT[0], SHORT[1], "allocate.beta={ value = 60 }", &set])
}

fn messages<'a>(run: &'a Run, kind: &str) -> Vec<&'a str> {
    let rows = run.ledger.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.message.as_str()).collect()
}

#[test]
fn relax_widens_the_conflicting_constraint() {
    let run = out_of_reach("['relax']");
    let fallbacks = messages(&run, "fallback");
    assert_eq!(fallbacks.len(), run.manifest.decisions);
    assert!(fallbacks[0].contains("beta 60"), "{}", fallbacks[0]);
    assert!(fallbacks[0].contains("; relaxed: lower beta to at most"), "{}", fallbacks[0]);
    let solves = run.ledger.iter().filter(|row| row.kind == "solve");
    assert!(solves.into_iter().all(|row| row.status.as_deref() == Some("optimal")));
}

#[test]
fn equal_weight_spreads_over_the_eligible() {
    let run = out_of_reach("['equal_weight']");
    assert!(run.decisions.iter().all(|row| (row.weight - 1.0 / 12.0).abs() < 1e-15));
    assert_eq!(messages(&run, "fallback").len(), run.manifest.decisions);
}

#[test]
fn previous_keeps_what_is_held_and_needs_something_held() {
    let run = out_of_reach("['previous', 'equal_weight']");
    let fallbacks = messages(&run, "fallback");
    assert!(fallbacks[0].ends_with("equal weights in 12 assets"), "{}", fallbacks[0]);
    assert!(fallbacks[1..].iter().all(|message| message.ends_with("what is held is kept")));
    assert!(messages(&run, "note").iter().any(|message| message.contains("does not apply")));
    assert!(run.returns.iter().all(|row| row.turnover < 1e-15));
    assert_eq!(run.manifest.decisions, fallbacks.len());
}

#[test]
fn without_a_fallback_the_run_stops_and_says_why() {
    let (study, loaded) = sample("long-short.toml", &["allocate.beta={ value = 60 }"]);
    let error = study.run(&loaded, &Silent).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("at the decision of 2007-07-10: no portfolio of 12"), "{message}");
    assert!(error.hint().unwrap().starts_with("lower beta to at most"));
}

#[test]
fn a_cap_too_tight_for_the_eligible_is_raised_with_a_note_or_refused() {
    let tight = "allocate.bounds={ min = 0, max = 0.095, when_too_tight = 'raise' }";
    let run = run("mtum-all-eleven.toml", &[tight, "walk_forward.last=2019-08-30"]);
    // AIQ is not eligible at the first decision: ten assets of 0.095 sum to 0.95.
    let notes = messages(&run, "note");
    let raised = "bounds.max 0.095 over 10 assets cannot sum to 1; it is raised to 0.1000";
    assert_eq!(notes.iter().filter(|note| **note == raised).count(), 1);
    let strict = "allocate.bounds={ min = 0, max = 0.095 }";
    let (study, loaded) = sample("mtum-all-eleven.toml", &[strict]);
    let error = study.run(&loaded, &Silent).unwrap_err();
    assert!(error.to_string().contains("bounds.max 0.095 over 10 assets sums to 0.95"), "{error}");
    assert_eq!(
        error.hint().unwrap(),
        "raise bounds.max to at least 0.1, or set when_too_tight = \"raise\" in allocate.bounds"
    );
}

#[test]
fn an_asset_that_lists_late_is_not_selected_before() {
    let run = run("mtum-all-eleven.toml", &[]);
    let of = |date: &str| {
        let row =
            run.decisions.iter().find(|row| row.asset == "AIQ" && row.date.to_string() == date);
        row.unwrap().selected
    };
    assert_eq!(of("2019-06-03"), Some(false));
    assert_eq!(of("2019-07-01"), Some(true));
}

#[test]
fn the_audit_passes_both_studies() {
    for (name, last) in [("mtum-all-eleven.toml", "2021-06-30"), ("long-short.toml", "2008-12-31")]
    {
        let last = format!("walk_forward.last={last}");
        let (study, loaded) = sample(name, &[&last]);
        let found = study.audit(&loaded, &Silent).unwrap();
        assert_eq!(found.leak, None);
        assert!(found.complete && found.decisions >= 24);
    }
}

/// Holds the asset that rises most on the decision's own session: it looks one row ahead.
struct Peeks(Market);

impl Policy for Peeks {
    fn decide(&self, past: &Past<'_>, _: View<'_>) -> walkfolio_core::Result<Decision> {
        let today = self.0.returns().row_or_zero(past.rows());
        let best = (0..today.len()).max_by(|&a, &b| today[a].total_cmp(&today[b])).unwrap();
        Ok(Decision {
            target: Weights::scatter(today.len(), &[best], &[1.0])?,
            notes: Vec::new(),
            solve: SolveReport::not_solved(),
            selection: None,
        })
    }
    fn need(&self) -> Need {
        Need { rows: 1, history_months: None }
    }
}

#[test]
fn the_audit_catches_a_policy_that_peeks_one_row_ahead() {
    let (study, loaded) = sample("long-short.toml", &[]);
    let rows: Vec<usize> = (600..700).step_by(5).collect();
    let execution = study.config().execution();
    let market = &loaded.market;
    let build = |market: &Market| Ok(Box::new(Peeks(market.clone())) as Box<dyn Policy>);
    let Audit { leak, .. } = audit_policy(market, &build, &rows, execution, &Silent).unwrap();
    let leak = leak.unwrap();
    assert!(leak.what.starts_with("the weight of"), "{}", leak.what);
    assert!(leak.date >= market.dates()[600] && leak.date <= market.dates()[640], "{}", leak.date);
}

fn files(run: &Run) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut written =
        RunFolder::create(&run.manifest, folder.path(), Some(&out), Existing::Replace).unwrap();
    written.write_run(run).unwrap();
    written.finish(&run.manifest).unwrap();
    let names = ["decisions.parquet", "ledger.parquet", "returns.parquet", "measures.json"];
    names.map(|name| (name.to_owned(), std::fs::read(out.join(name)).unwrap())).to_vec()
}

#[test]
fn threads_and_repetition_change_no_bit() {
    for name in ["mtum-all-eleven.toml", "long-short.toml"] {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| files(&run(name, &[])))
        };
        let once = with(1);
        for (again, threads) in [(with(1), 1), (with(2), 2), (with(2), 2)] {
            for ((file, a), (_, b)) in once.iter().zip(&again) {
                assert!(a == b, "{name}: {file} differs with {threads} threads");
            }
        }
    }
}

#[test]
fn a_run_is_read_as_it_was_written() {
    let run = run("mtum-all-eleven.toml", &["walk_forward.last=2020-12-31"]);
    let folder = tempfile::tempdir().unwrap();
    let mut written =
        RunFolder::create(&run.manifest, folder.path(), None, Existing::Refuse).unwrap();
    let name = written.path().file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("mtum-all-eleven-20") && name.contains("Z-"), "{name}");
    let running = walkfolio::read_manifest(written.path()).unwrap();
    assert_eq!(running.status, Status::Running);
    written.write_run(&run).unwrap();
    written.finish(&run.manifest).unwrap();
    let read = walkfolio::read_run(written.path()).unwrap();
    assert_eq!(read.manifest.kind, Kind::Backtest);
    assert_eq!(read.manifest.hash, run.manifest.hash);
    assert_eq!(read.decisions, run.decisions);
    assert_eq!(read.ledger, run.ledger);
    assert_eq!(read.timings, run.timings);
    assert_eq!(read.returns, run.returns);
    assert_eq!(read.measures, run.measures);
    let hidden = std::fs::read_dir(written.path()).unwrap();
    assert!(
        hidden
            .map(|entry| entry.unwrap().file_name())
            .all(|name| { !name.to_string_lossy().starts_with('.') })
    );
}

#[test]
fn a_folder_that_is_not_a_run_is_left_alone() {
    let run = run("mtum-all-eleven.toml", &["walk_forward.last=2019-08-30"]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.doc"), "precious").unwrap();
    let error =
        RunFolder::create(&run.manifest, folder.path(), Some(folder.path()), Existing::Replace)
            .unwrap_err();
    assert!(error.to_string().ends_with("is not empty and holds no run"), "{error}");
}

#[test]
fn a_grid_has_a_row_for_every_combination() {
    let grid = [
        "grid={ 'estimate.covariance.window' = [40, 60], 'allocate.objective.lambda' = [0.1, 0.5] }",
        SHORT[0],
        SHORT[1],
    ];
    let (study, loaded) = sample("long-short.toml", &grid);
    let run = study.run_grid(&loaded, None, &Silent).unwrap();
    assert_eq!(run.keys, ["allocate.objective.lambda", "estimate.covariance.window"]);
    assert_eq!(run.cells.len(), 4);
    assert_eq!(Swept::of(run.cells.iter().map(|cell| &cell.settings[1])), Swept::Integers);
    // Each cell is the backtest that its settings give alone.
    let alone = self::run(
        "long-short.toml",
        &[SHORT[0], SHORT[1], "estimate.covariance.window=60", "allocate.objective.lambda=0.5"],
    );
    for key in ["sharpe_ratio", "turnover_annual", "max_drawdown"] {
        assert_eq!(run.cells[3].measure(key), alone.measures.full.get(key));
    }
    let crisis = run.cells[3].measure("crisis.volatility");
    assert!(crisis.is_some());
    let folder = tempfile::tempdir().unwrap();
    let written = RunFolder::create(&run.manifest, folder.path(), None, Existing::Refuse).unwrap();
    written.write_grid(&run).unwrap();
    assert!(written.path().join("grid.parquet").is_file());
}

#[test]
fn a_cell_that_fails_does_not_end_the_others() {
    let grid = "grid={ 'allocate.beta.value' = [0.5, 60] }";
    let beta = "allocate.beta={ value = 1 }";
    let (study, loaded) = sample("long-short.toml", &[grid, beta, SHORT[0], SHORT[1]]);
    assert!(study.config().grid().is_empty(), "a key that is set leaves the grid");
    let (study, _) = sample("long-short.toml", &[beta, grid, SHORT[0], SHORT[1]]);
    let run = study.run_grid(&loaded, None, &Silent).unwrap();
    let words: Vec<&str> = run.cells.iter().map(|cell| cell.status.as_str()).collect();
    assert_eq!(words, ["complete", "failed"]);
    assert!(run.cells[1].message.as_ref().unwrap().contains("beta 60"));
}

#[test]
fn a_stopped_run_keeps_what_was_done() {
    let (study, loaded) = sample("mtum-all-eleven.toml", &["allocate.fallbacks=['previous']"]);
    let run = study.run(&loaded, &StopAfter::decisions(10)).unwrap();
    assert_eq!(run.manifest.status, Status::Interrupted);
    assert_eq!(run.manifest.decisions, 10);
    let whole = study.run(&loaded, &Silent).unwrap();
    let same = run.returns.iter().zip(&whole.returns);
    assert!(same.into_iter().all(|(a, b)| a == b));
}

#[test]
fn a_late_start_is_noted() {
    let run = run(
        "mtum-all-eleven.toml",
        &["walk_forward.first=2010-01-04", "walk_forward.last=2015-12-31"],
    );
    let first: Date = "2014-05-01".parse().unwrap();
    assert_eq!(run.manifest.first, Some(first));
    assert!(messages(&run, "note")[0].starts_with("the first decision is on 2014-05-01"));
}

#[test]
fn the_audit_passes_on_real_data() {
    let Some(_) = data() else { return };
    for name in ["mtum-all-eleven.toml", "long-short.toml"] {
        let (study, loaded) = on_real_data(name, &[]).unwrap();
        let found = study.audit(&loaded, &Silent).unwrap();
        assert_eq!(found.leak, None, "{name}");
        assert!(found.complete && found.decisions >= 73);
    }
}

#[test]
fn a_verification_confirms_every_kind_of_decision() {
    let cases = [
        ("mtum-all-eleven.toml", "2020-12-31"),
        ("mtum-best-subset.toml", "2019-12-31"),
        ("long-short.toml", "2008-12-31"),
        ("information-ratio.toml", "2008-12-31"),
    ];
    for (name, last) in cases {
        let (study, loaded) = sample(name, &[&format!("walk_forward.last={last}")]);
        let run = study.run(&loaded, &Silent).unwrap();
        let again = Study::of_manifest(&run.manifest).unwrap();
        assert_eq!(again.hash(), study.hash());
        let found = again.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, [], "{name}");
        assert_eq!(found.confirmed, run.manifest.decisions, "{name}");
    }
}

#[test]
fn a_run_is_verified_on_its_own_data() {
    let (study, loaded) = sample("long-short.toml", &SHORT);
    let honest = study.run(&loaded, &Silent).unwrap();
    let (_, other) = sample("long-short.toml", &["market.source.seed=5", SHORT[0], SHORT[1]]);
    let error = study.verify(&honest, &other, &Silent).unwrap_err();
    assert!(error.to_string().contains("has SHA-256"));
}

#[test]
fn a_narrow_conflict_is_relaxed_too() {
    let Some((study, loaded)) = on_real_data(
        "long-short.toml",
        &[
            "allocate.gross_leverage=1.0",
            "allocate.beta={ value = 0.0 }",
            "allocate.fallbacks=['relax']",
            "walk_forward.last=2011-12-30",
        ],
    ) else {
        return;
    };
    // On 2011-11-02 the least beta of a long-only portfolio is 1.5e-4: no more than rounding away.
    let run = study.run(&loaded, &Silent).unwrap();
    assert_eq!(run.manifest.status, Status::Complete);
}

#[test]
fn the_same_study_in_daily_units_has_a_smaller_lambda() {
    let annual = run("long-short.toml", &SHORT);
    let lambda = format!("allocate.objective.lambda={}", 0.1 / 252f64.sqrt());
    let daily = run("long-short.toml", &[SHORT[0], SHORT[1], "estimate.units=daily", &lambda]);
    for (a, b) in annual.decisions.iter().zip(&daily.decisions) {
        assert!((a.weight - b.weight).abs() < 1e-9, "{} {}", a.weight, b.weight);
    }
}

#[test]
fn a_grid_of_failures_is_one() {
    let grid = "grid={ 'allocate.beta.value' = [50, 60] }";
    let set = ["allocate.beta={ value = 1 }", grid, SHORT[0], SHORT[1]];
    let (study, loaded) = sample("long-short.toml", &set);
    let run = study.run_grid(&loaded, None, &Silent).unwrap();
    assert_eq!(run.manifest.status, Status::Failed);
    assert!(run.manifest.error.unwrap().contains("beta 50"));
}

/// A study whose decisions depend on what is held, traded some closes late.
#[test]
fn what_is_held_with_a_lag_is_no_leak_and_is_verified() {
    for lag in ["1", "5"] {
        let set = [
            "walk_forward.last=2020-03-31",
            &format!("walk_forward.execution_lag={lag}"),
            "allocate.objective={ kind = 'tracking_error', window = 252, ridge_to_holdings = 0.2 }",
        ];
        let (study, loaded) = sample("mtum-all-eleven.toml", &set);
        assert_eq!(study.audit(&loaded, &Silent).unwrap().leak, None);
        let mut run = study.run(&loaded, &Silent).unwrap();
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!((found.faults.len(), found.confirmed), (0, run.manifest.decisions));
        for rows in run.decisions.chunks(11) {
            let solved =
                run.ledger.iter().any(|row| row.kind == "solve" && row.date == Some(rows[0].date));
            let timed = run.timings.iter().any(|row| row.date == rows[0].date);
            let risk = run.risk.iter().any(|row| row.date == rows[0].date);
            assert!(solved && timed && risk, "{}", rows[0].date);
            let at = |date| loaded.market.dates().binary_search(&date).unwrap();
            assert_eq!((at(rows[0].traded) - at(rows[0].date)).to_string(), lag);
            let traded = run.returns.iter().find(|row| row.date == rows[0].traded).unwrap();
            // The initial trade is free.
            let initial = rows[0].date == run.decisions[0].date;
            assert!(initial || traded.turnover > 0.0, "{}", rows[0].traded);
        }
        run.decisions[22].weight += 0.01;
        run.decisions[23].weight -= 0.01;
        assert!(!study.verify(&run, &loaded, &Silent).unwrap().faults.is_empty());
    }
}

#[test]
fn at_least_so_many_are_held_whatever_is_dropped() {
    let rule = "allocate.min_weight={ below = 0.02, rule = 'drop_and_renormalize' }";
    let set = ["walk_forward.last=2019-12-31", "allocate.min_holdings=8", rule];
    let (study, loaded) = sample("mtum-all-eleven.toml", &set);
    let run = study.run(&loaded, &Silent).unwrap();
    for rows in run.decisions.chunks(11) {
        assert!(rows.iter().filter(|row| row.weight > 0.0199).count() >= 8);
    }
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert_eq!((found.faults.len(), found.confirmed), (0, run.manifest.decisions));
    // Ten are eligible at first: all of them are held, and the ledger says so.
    let all = run_of_all_eleven("allocate.min_holdings=11");
    let warned = "min_holdings 11 over 10 assets that may be held: all 10 are held";
    assert_eq!(messages(&all, "warning").iter().filter(|m| **m == warned).count(), 1);
}

fn run_of_all_eleven(set: &str) -> Run {
    run("mtum-all-eleven.toml", &["walk_forward.last=2019-08-30", set])
}
