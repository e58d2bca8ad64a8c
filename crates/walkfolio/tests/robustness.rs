//! Moved decisions, resampled histories, episodes, shocks and cross-validated settings in the folder of a run.

#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

mod common;

use common::StopAfter;
use walkfolio::record::VariantKind;
use walkfolio::{GridFindings, Silent, Status, read_grid, read_run, verify_folder};

const KEYS: [&str; 2] = [
    "walk_forward.last=2019-12-31",
    "robustness={ start_dates = true, bootstrap = { worlds = 6, block = 21 }, stress = [{ name = \"may\", first = 2019-05-01, last = 2019-05-31 }] }",
];

#[test]
fn an_interrupted_run_ends_with_the_same_tables() {
    let place = tempfile::tempdir().unwrap();
    let study = common::study("mtum-all-eleven.toml", &KEYS);
    let whole = study.to_folder(place.path().join("whole")).run().unwrap();
    let folder = place.path().join("stopped");
    let stopped = study.to_folder(&folder).observer(&StopAfter::decisions(12)).run().unwrap();
    assert_eq!(stopped.status(), Status::Interrupted);
    let resumed = study.to_folder(&folder).resume().run().unwrap();
    assert_eq!(resumed.status(), Status::Complete);
    for name in ["variants.parquet", "stress.parquet", "returns.parquet", "report.md"] {
        let read = |folder: &std::path::Path| std::fs::read(folder.join(name)).unwrap();
        assert_eq!(read(&folder), read(whole.path()), "{name}");
    }
    assert_eq!(verify_folder(&folder, None, &Silent).unwrap().faults, []);
    let run = read_run(&folder).unwrap();
    let tables = run.robustness.unwrap();
    assert_eq!(Some(&tables), whole.run().unwrap().robustness.as_ref());
    let count = |kind: VariantKind| tables.variants.iter().filter(|row| row.kind == kind).count();
    assert_eq!(count(VariantKind::World), 6);
    // A month has 19 sessions or more.
    assert!((19..=23).contains(&count(VariantKind::StartDate)));
    let text = std::fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(text.contains("Moved decisions: ") && text.contains("| may |"), "{text}");
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("Rebalance") || page.contains("rebalance timing luck"));
}

#[test]
fn the_choice_of_a_setting_is_validated() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("grid");
    let keys = [
        "walk_forward.last=2020-12-31",
        "robustness={ cross_validation = { groups = 6, test = 2, criterion = \"tracking_error\" } }",
    ];
    let study = common::study("mtum-frontier.toml", &keys);
    let done = study.to_folder(&folder).run().unwrap();
    let own = done.grid().unwrap().selection_bias.as_ref().unwrap();
    let found = own.cross_validation.as_ref().unwrap();
    assert_eq!((found.splits, found.paths.len(), found.groups.len()), (15, 5, 6));
    assert_eq!((found.purge, found.reason.as_ref()), (21, None));
    let (best, in_sample) = found.best.unwrap();
    assert!((1..11).contains(&best));
    // The best of all sessions cannot be beaten on them by any path that one setting makes.
    for path in &found.paths {
        let value = path.value.unwrap();
        assert!(value > 0.9 * in_sample && value < 2.0 * in_sample, "{value} {in_sample}");
    }
    let read = read_grid(&folder).unwrap();
    assert_eq!(read.selection_bias.as_ref().unwrap().cross_validation.as_ref(), Some(found));
    assert!(folder.join("paths.parquet").is_file());
    assert_eq!(verify_folder(&folder, None, &Silent).unwrap().faults, []);
    let findings = GridFindings::of(&read);
    assert!(findings.cross_validation.is_some());
    let page = std::fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("Cross-validation of the choice"));
}
