//! Runs whose files were changed: each change is found, at its file, row and column.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::path::Path;

use walkfolio::record::{
    AttributionTables, CellStatus, Effect, MeasureSet, Part, StressRow, VariantKind, VariantRow,
};
use walkfolio::{Loaded, Run, Silent, Study, verify_folder};

/// One table's column, and a change of one of its rows.
type Edit = (&'static str, &'static str, fn(&mut Run, usize));

macro_rules! edits {
    ($($file:literal, $column:literal, $rows:ident, |$row:ident| $change:expr;)*) => {
        [$(($file, $column, |run: &mut Run, at: usize| {
            let count = run.$rows.len();
            let $row = &mut run.$rows[at % count];
            $change;
        })),*]
    };
}

const EDITS: [Edit; 16] = edits! {
    "decisions.parquet", "date", decisions, |row| row.date = row.date.tomorrow().unwrap();
    "decisions.parquet", "asset", decisions, |row| row.asset.push('X');
    "decisions.parquet", "weight", decisions, |row| row.weight += 1e-12;
    "decisions.parquet", "drifted", decisions, |row| row.drifted += 1e-12;
    "decisions.parquet", "selected", decisions, |row| row.selected = row.selected.map(|is| !is);
    "decisions.parquet", "probability", decisions, |row| row.probability = Some(0.123);
    "returns.parquet", "date", returns, |row| row.date = row.date.tomorrow().unwrap();
    "returns.parquet", "portfolio", returns, |row| row.portfolio += 1e-9;
    "returns.parquet", "gross", returns, |row| row.gross += 1e-9;
    "returns.parquet", "benchmark", returns, |row| row.benchmark = Some(0.5);
    "returns.parquet", "cash", returns, |row| row.cash = Some(0.5);
    "returns.parquet", "turnover", returns, |row| row.turnover += 1e-9;
    "returns.parquet", "cost", returns, |row| row.cost += 1e-9;
    "ledger.parquet", "message", ledger, |row| row.message.push('!');
    "ledger.parquet", "kind", ledger, |row| row.kind.push('s');
    "ledger.parquet", "objective", ledger, |row| row.objective = Some(12.5);
};

/// Changes of a run as a whole: the file and the column or key that they are found at.
type Whole = (&'static str, &'static str, fn(&mut Run));

const WHOLE: [Whole; 15] = [
    ("decisions.parquet", "weight", |run| drop(run.decisions.drain(..11 * 3))),
    ("decisions.parquet", "weight", |run| run.decisions.truncate(11 * 3)),
    ("returns.parquet", "date", |run| {
        let _ = run.returns.remove(5);
    }),
    ("returns.parquet", "portfolio", |run| run.returns.truncate(20)),
    ("ledger.parquet", "objective", |run| {
        run.ledger.iter_mut().for_each(|row| row.objective = row.objective.map(|v| 10.0 * v));
    }),
    ("run.json", "assets.0", |run| run.manifest.assets.swap(0, 1)),
    ("run.json", "ruined", |run| run.manifest.ruined = run.manifest.last),
    ("run.json", "last", |run| run.manifest.last = run.manifest.first),
    ("run.json", "decisions", |run| run.manifest.decisions -= 1),
    ("run.json", "hash", |run| run.manifest.hash.replace_range(..1, "x")),
    ("risk.parquet", "", |run| run.risk.clear()),
    ("baselines.parquet", "return", |run| run.baselines[0].rows[3].earned += 1e-9),
    ("baselines.parquet", "", |run| run.baselines.clear()),
    ("measures.json", "baselines", |run| {
        run.baselines[0].measures = run.measures.full.clone();
    }),
    ("measures.json", "benchmark", |run| run.benchmark = None),
];

fn run() -> (Study, Loaded, Run) {
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31"]);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    (study, loaded, run)
}

#[test]
fn every_change_of_a_table_is_found_at_its_place() {
    let (study, loaded, honest) = run();
    assert_eq!(study.verify(&honest, &loaded, &Silent).unwrap().faults, []);
    let mut changes = 0;
    for (file, column, change) in EDITS {
        for at in [0, 7, 23] {
            let mut run = honest.clone();
            change(&mut run, at);
            let found = study.verify(&run, &loaded, &Silent).unwrap();
            let place = |fault: &&walkfolio::Fault| fault.file == file && fault.column == column;
            let fault = found.faults.iter().find(place);
            let fault = fault.unwrap_or_else(|| panic!("{file} {column} {at}: {:?}", found.faults));
            let rows = match file {
                "decisions.parquet" => run.decisions.len(),
                "returns.parquet" => run.returns.len(),
                _ => run.ledger.len(),
            };
            assert_eq!(fault.row, Some(at % rows), "{file} {column}");
            changes += 1;
        }
    }
    for (file, column, change) in WHOLE {
        let mut run = honest.clone();
        change(&mut run);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let place =
            |fault: &walkfolio::Fault| fault.file == file && fault.column.starts_with(column);
        assert!(found.faults.iter().any(place), "{file} {column}: {:?}", found.faults);
        changes += 1;
    }
    assert!(changes >= 60, "{changes}");
}

/// Edits of the tables that not every run has.
const MORE: [Edit; 10] = edits! {
    "decisions.parquet", "traded", decisions, |row| row.traded = row.traded.yesterday().unwrap();
    "ledger.parquet", "date", ledger, |row| row.date = row.date.map(|date| date.tomorrow().unwrap())
        .or(Some(walkfolio::Date::constant(2020, 1, 2)));
    "ledger.parquet", "status", ledger, |row| row.status = Some(String::from("none"));
    "ledger.parquet", "bound", ledger, |row| row.bound = Some(-7.0);
    "ledger.parquet", "gap", ledger, |row| row.gap = Some(1e-3);
    "ledger.parquet", "solver", ledger, |row| row.solver = Some(String::from("mine"));
    "timings.parquet", "date", timings, |row| row.date = row.date.tomorrow().unwrap();
    "timings.parquet", "iterations", timings, |row| row.iterations += 1;
    "timings.parquet", "pivots", timings, |row| row.pivots += 1;
    "timings.parquet", "nodes", timings, |row| row.nodes += 1;
};
const RISK: [Edit; 5] = edits! {
    "risk.parquet", "date", risk, |row| row.date = row.date.tomorrow().unwrap();
    "risk.parquet", "asset", risk, |row| row.asset.push('X');
    "risk.parquet", "active_weight", risk, |row| row.active_weight += 1e-9;
    "risk.parquet", "marginal", risk, |row| row.marginal += 1e-9;
    "risk.parquet", "contribution", risk, |row| row.contribution += 1e-9;
};

/// Changes of factors, of `measures.json` and of `run.json`.
const FACTORS: [Whole; 4] = [
    ("factors.parquet", "date", |run| {
        let row = &mut run.factors.as_mut().unwrap().rows[3];
        row.date = row.date.tomorrow().unwrap();
    }),
    ("factors.parquet", "HML", |run| run.factors.as_mut().unwrap().rows[4].values[2] += 1e-9),
    ("factors.parquet", "risk_free", |run| run.factors.as_mut().unwrap().rows[5].risk_free += 1e-9),
    ("factors.parquet", "", |run| run.factors = None),
];
const STATED: [Whole; 9] = [
    ("measures.json", "full.volatility", |run| change(&mut run.measures)),
    ("measures.json", "benchmark.full.volatility", |run| change(run.benchmark.as_mut().unwrap())),
    ("measures.json", "regimes", |run| drop(run.measures.regimes.pop())),
    ("run.json", "first", |run| run.manifest.first = run.manifest.last),
    ("run.json", "study", |run| run.manifest.study.push('x')),
    ("run.json", "survivors", |run| run.manifest.survivors = None),
    ("run.json", "complete_from", |run| run.manifest.complete_from = run.manifest.last),
    ("run.json", "error", |run| run.manifest.error = Some("none".to_owned())),
    ("run.json", "synthetic", |run| run.manifest.synthetic = !run.manifest.synthetic),
];

/// Changes of what a study with `[attribution]` takes apart.
const ATTRIBUTION: [Whole; 28] = [
    ("contributions.parquet", "period", |run| taken(run).contributions[1].period.push('x')),
    ("contributions.parquet", "weight", |run| taken(run).contributions[1].weight = Some(0.123)),
    ("contributions.parquet", "return_annual", |run| {
        taken(run).contributions[1].return_annual = Some(0.123);
    }),
    ("contributions.parquet", "return_total", |run| {
        taken(run).contributions[1].return_total = Some(0.123);
    }),
    ("contributions.parquet", "volatility", |run| {
        taken(run).contributions[1].volatility = Some(0.123);
    }),
    ("contributions.parquet", "expected_volatility", |run| {
        taken(run).contributions[1].expected_volatility = Some(0.123);
    }),
    ("contributions.parquet", "active_weight", |run| {
        taken(run).contributions[1].active_weight = Some(0.123);
    }),
    ("contributions.parquet", "active_return_annual", |run| {
        taken(run).contributions[1].active_return_annual = Some(0.123);
    }),
    ("contributions.parquet", "tracking_error", |run| {
        taken(run).contributions[1].tracking_error = Some(0.123);
    }),
    ("contributions.parquet", "expected_tracking_error", |run| {
        taken(run).contributions[1].expected_tracking_error = Some(0.123);
    }),
    ("contributions.parquet", "", |run| drop(taken(run).contributions.remove(0))),
    ("effects.parquet", "period", |run| taken(run).effects[1].period.push('x')),
    ("effects.parquet", "portfolio_weight", |run| {
        taken(run).effects[1].portfolio_weight = Some(0.123);
    }),
    ("effects.parquet", "reference_weight", |run| {
        taken(run).effects[1].reference_weight = Some(0.123);
    }),
    ("effects.parquet", "linked", |run| taken(run).effects[1].linked = Some(0.123)),
    ("effects.parquet", "annual", |run| taken(run).effects[1].annual += 1e-9),
    ("effects.parquet", "", |run| drop(taken(run).effects.remove(0))),
    ("style.parquet", "period", |run| taken(run).style[1].period.push('x')),
    ("style.parquet", "series", |run| taken(run).style[1].series.push('x')),
    ("style.parquet", "asset", |run| taken(run).style[1].asset.push('x')),
    ("style.parquet", "r_squared", |run| taken(run).style[1].r_squared = Some(0.123)),
    ("style.parquet", "weight", |run| taken(run).style[1].weight += 1e-9),
    ("style.parquet", "tracking_error", |run| taken(run).style[1].tracking_error += 1e-9),
    ("style.parquet", "selection", |run| taken(run).style[1].selection += 1e-9),
    ("style.parquet", "", |run| drop(taken(run).style.remove(0))),
    ("contributions.parquet", "part", |run| taken(run).contributions[1].part = Part::Cost),
    ("effects.parquet", "effect", |run| taken(run).effects[1].effect = Effect::Cost),
    ("effects.parquet", "", |run| run.attribution = None),
];

fn taken(run: &mut Run) -> &mut AttributionTables {
    run.attribution.as_mut().unwrap()
}

#[test]
fn changes_of_an_attribution_are_found_at_their_places() {
    let set = ["walk_forward.last=2020-12-31", "attribution={ style=['*'] }"];
    let study = common::study("mtum-all-eleven.toml", &set);
    let loaded = study.market(None).unwrap();
    let honest = study.run(&loaded, &Silent).unwrap();
    assert_eq!(study.verify(&honest, &loaded, &Silent).unwrap().faults, []);
    for (file, column, change) in ATTRIBUTION {
        let mut run = honest.clone();
        change(&mut run);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let is = |fault: &walkfolio::Fault| {
            fault.file == file
                && fault.column.starts_with(column)
                && (column.is_empty() || fault.row == Some(1))
        };
        assert!(found.faults.iter().any(is), "{file} {column}: {:?}", found.faults);
    }
}

/// Edits of the states of regimes, of which each session has one for each regime.
const REGIMES: [Edit; 6] = edits! {
    "regimes.parquet", "date", regimes, |row| row.date = row.date.tomorrow().unwrap();
    "regimes.parquet", "known", regimes, |row| row.known = row.known.yesterday().unwrap();
    "regimes.parquet", "regime", regimes, |row| row.regime.push('X');
    "regimes.parquet", "state", regimes, |row| row.state = Some(String::from("calmer"));
    "regimes.parquet", "value", regimes, |row| row.value = Some(0.123);
    "regimes.parquet", "probability", regimes, |row| {
        row.probabilities.values_mut().for_each(|p| *p += 1e-9);
    };
};

#[test]
fn changes_of_regimes_are_found_at_their_places() {
    let set = ["walk_forward.last=2009-06-30"];
    let study = common::study("regime-switching.toml", &set);
    let loaded = study.market(None).unwrap();
    let honest = study.run(&loaded, &Silent).unwrap();
    assert_eq!(study.verify(&honest, &loaded, &Silent).unwrap().faults, []);
    // The second of the four regimes of a session, here of the last one, has probabilities.
    let at = honest.regimes.len() - 3;
    assert!(!honest.regimes[at].probabilities.is_empty());
    for (file, column, change) in REGIMES {
        let mut run = honest.clone();
        change(&mut run, at);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let is = |fault: &walkfolio::Fault| {
            fault.file == file && fault.column.starts_with(column) && fault.row == Some(at)
        };
        assert!(found.faults.iter().any(is), "{column}: {:?}", found.faults);
    }
    let mut run = honest;
    run.regimes.clear();
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert!(found.faults.iter().any(|fault| fault.file == "regimes.parquet"));
}

/// Changes of what `[robustness]` leaves, of the second row of each table.
const ROBUSTNESS: [Whole; 12] = [
    ("variants.parquet", "kind", |run| variant(run).kind = VariantKind::StartDate),
    ("variants.parquet", "number", |run| variant(run).number += 1),
    ("variants.parquet", "status", |run| variant(run).status = CellStatus::Failed),
    ("variants.parquet", "message", |run| variant(run).message = Some("none".to_owned())),
    ("variants.parquet", "first", |run| {
        variant(run).first = variant(run).first.map(|date| date.tomorrow().unwrap());
    }),
    ("variants.parquet", "volatility", |run| {
        let table = variant(run).measures.as_mut().unwrap();
        let changed = |(key, old): (&str, Option<f64>)| {
            (key.to_owned(), old.map(|old| if key == "volatility" { 2.0 * old } else { old }))
        };
        *table = table.iter().map(changed).collect();
    }),
    ("stress.parquet", "scenario", |run| stress(run).scenario.push('x')),
    ("stress.parquet", "date", |run| stress(run).date = stress(run).date.tomorrow().unwrap()),
    ("stress.parquet", "asset", |run| stress(run).asset = Some("X".to_owned())),
    ("stress.parquet", "weight", |run| stress(run).weight += 1e-9),
    ("stress.parquet", "value", |run| stress(run).value = Some(0.123)),
    ("stress.parquet", "benchmark", |run| stress(run).benchmark = Some(0.123)),
];

fn variant(run: &mut Run) -> &mut VariantRow {
    &mut run.robustness.as_mut().unwrap().variants[1]
}

fn stress(run: &mut Run) -> &mut StressRow {
    &mut run.robustness.as_mut().unwrap().stress[1]
}

#[test]
fn changes_of_robustness_are_found_at_their_places() {
    let keys = "robustness={ bootstrap = { worlds = 3, block = 21 }, stress = [{ name = 'spring', first = 2019-03-01, last = 2019-04-30 }] }";
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31", keys]);
    let loaded = study.market(None).unwrap();
    let honest = study.run(&loaded, &Silent).unwrap();
    assert_eq!(study.verify(&honest, &loaded, &Silent).unwrap().faults, []);
    for (file, column, change) in ROBUSTNESS {
        let mut run = honest.clone();
        change(&mut run);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let is = |fault: &walkfolio::Fault| {
            fault.file == file && fault.column.starts_with(column) && fault.row == Some(1)
        };
        assert!(found.faults.iter().any(is), "{file} {column}: {:?}", found.faults);
    }
}

fn change(set: &mut MeasureSet) {
    let changed = |key: &str, old: Option<f64>| {
        old.map(|old| if key == "volatility" { old * (1.0 + 1e-12) } else { old })
    };
    set.full = set.full.iter().map(|(key, old)| (key.to_owned(), changed(key, old))).collect();
}

/// A kind of run: its study, what is set, and a word on why it is here.
const KINDS: [(&str, &[&str]); 4] = [
    ("long-short.toml", &["walk_forward.last=2008-01-31", "measure.first=2007-12-03"]),
    (
        "long-short.toml",
        &[
            "walk_forward.last=2008-01-31",
            "measure.first=2007-12-03",
            "allocate.beta={ min = 9.0, max = 60.0 }",
            "allocate.fallbacks=['previous', 'equal_weight']",
        ],
    ),
    (
        "mtum-all-eleven.toml",
        &["walk_forward.last=2019-12-31", "walk_forward.execution_lag=2", "costs.per_side_bps=10"],
    ),
    ("mtum-best-subset.toml", &["walk_forward.last=2019-10-31"]),
];

#[test]
fn changes_of_every_kind_of_run_are_found_at_their_places() {
    let mut changes = 0;
    for (name, set) in KINDS {
        let study = common::study(name, set);
        let loaded = study.market(None).unwrap();
        let honest = study.run(&loaded, &Silent).unwrap();
        let found = study.verify(&honest, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, [], "{name} {set:?}");
        let falls_back = set.iter().any(|set| set.contains("fallbacks"));
        assert_eq!(falls_back, found.fallbacks > 0, "{name} {set:?}");
        let columns =
            EDITS.iter().chain(&MORE).chain(RISK.iter().filter(|_| !honest.risk.is_empty()));
        let whole = STATED.iter().chain(FACTORS.iter().filter(|_| honest.factors.is_some()));
        let whole = whole.filter(|(_, key, _)| {
            (!key.starts_with("regimes") || !honest.measures.regimes.is_empty())
                && (!key.starts_with("benchmark") || honest.benchmark.is_some())
                && (*key != "survivors" || honest.manifest.survivors.is_some())
        });
        let check = |place: (&str, &str, Option<usize>), run: &Run| {
            let found = study.verify(run, &loaded, &Silent).unwrap();
            let (file, column, row) = place;
            let is = |fault: &walkfolio::Fault| {
                fault.file == file
                    && fault.column.starts_with(column)
                    && row.is_none_or(|row| fault.row == Some(row))
            };
            assert!(found.faults.iter().any(is), "{name} {set:?} {place:?}: {:?}", found.faults);
        };
        for (file, column, change) in columns {
            let mut run = honest.clone();
            change(&mut run, 7);
            let rows = match *file {
                "decisions.parquet" => run.decisions.len(),
                "returns.parquet" => run.returns.len(),
                "timings.parquet" => run.timings.len(),
                "risk.parquet" => run.risk.len(),
                _ => run.ledger.len(),
            };
            check((file, column, Some(7 % rows)), &run);
            changes += 1;
        }
        for (file, key, change) in whole {
            let mut run = honest.clone();
            change(&mut run);
            check((file, key, None), &run);
            changes += 1;
        }
    }
    assert!(changes >= 140, "{changes}");
}

/// The faults of a folder, as text.
fn faults(folder: &Path) -> Vec<String> {
    let found = verify_folder(folder, None, &Silent).unwrap();
    found.faults.iter().map(ToString::to_string).collect()
}

/// Every file of a folder is changed by a byte, and removed.
fn every_file_is_looked_at(folder: &Path, least: usize) {
    assert_eq!(faults(folder), [""; 0]);
    let names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= least, "{names:?}");
    for name in names.iter().filter(|name| *name != "run.json") {
        let file = folder.join(name);
        let whole = std::fs::read(&file).unwrap();
        let named = || faults(folder).iter().any(|fault| fault.starts_with(name.as_str()));
        std::fs::write(&file, [&whole[..], b" "].concat()).unwrap();
        assert!(named(), "{name}");
        std::fs::remove_file(&file).unwrap();
        assert!(named(), "{name}");
        std::fs::write(&file, whole).unwrap();
    }
}

#[test]
fn every_file_of_a_folder_is_looked_at() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("long-short");
    common::study("long-short.toml", KINDS[0].1).run_to(&folder).unwrap();
    every_file_is_looked_at(&folder, 11);
    let folder = place.path().join("run");
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31"]);
    study.run_to(&folder).unwrap();
    every_file_is_looked_at(&folder, 9);
    std::fs::write(folder.join("mine.txt"), "mine").unwrap();
    let found = verify_folder(&folder, None, &Silent).unwrap();
    assert!(found.faults.is_empty());
    assert!(found.unchecked.iter().any(|what| what.starts_with("mine.txt")), "{found:?}");
    // Another schedule is another run, whatever its files say.
    let path = folder.join("run.json");
    let manifest = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, manifest.replace("\"every\": \"month\"", "\"every\": \"week\"")).unwrap();
    assert!(faults(&folder).iter().any(|fault| fault.starts_with("decisions.parquet, row")));
}

#[test]
fn correct_runs_are_not_accused() {
    let short = ["walk_forward.last=2008-03-31", "measure.first=2007-12-03"];
    let dropping = "allocate.min_weight={ below = 0.03, rule = 'drop_and_renormalize' }";
    let holdings = ["allocate.max_holdings=4", "allocate.objective={ kind = 'tracking_error' }"];
    let eleven = ["walk_forward.last=2019-12-31", "allocate.bounds.min=-0.2", holdings[0]];
    // What `--set` drops is in the ledger and not in the study as it is resolved.
    let kind = [&short[..], &["estimate.expected_returns.kind='sample_mean'"]].concat();
    let cases: [(&str, Vec<&str>); 4] = [
        ("long-short.toml", kind),
        ("mtum-all-eleven.toml", eleven.to_vec()),
        ("long-short.toml", [&short[..], &[dropping]].concat()),
        ("long-short.toml", [&short[..], &["allocate.gross_leverage=1.5", dropping]].concat()),
    ];
    for (name, set) in cases {
        let study = common::study(name, &set);
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        let again = Study::of_manifest(&run.manifest).unwrap();
        let found = again.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!(found.faults, [], "{name} {set:?}");
    }
}
