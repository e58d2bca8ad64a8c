//! A study that a program of one's own runs into a folder: stopped, resumed, failed, replaced.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{StopAfter, study};
use std::fs;

use walkfolio::prelude::*;
use walkfolio::to_folder::Reason;
use walkfolio::{Error, StoreError, read_manifest};

const STUDY: &str = "mtum-all-eleven.toml";

#[test]
fn an_observer_stops_a_run_and_it_is_resumed() {
    let place = tempfile::tempdir().unwrap();
    let (out, whole) = (place.path().join("out"), place.path().join("whole"));
    let study = study(STUDY, &[]);
    let stop = StopAfter::decisions(20);
    let to = || study.to_folder(&out).checkpoint_every(6).commit("c0ffee");
    let done = to().observer(&stop).run().unwrap();
    assert_eq!(done.status(), Status::Interrupted);
    assert!(done.path().join("report.html").exists());
    assert_eq!(read_manifest(&out).unwrap().status, Status::Interrupted);

    let done = to().resume().run().unwrap();
    assert_eq!((done.status(), done.path()), (Status::Complete, out.as_path()));
    assert_eq!(read_manifest(&out).unwrap().commit, "c0ffee");
    assert!(matches!(to().resume().run().unwrap().outcome, Outcome::WasComplete));

    study.run_to(&whole).unwrap();
    assert_eq!(read_manifest(&whole).unwrap().commit, "unknown");
    for name in ["decisions.parquet", "returns.parquet", "ledger.parquet", "measures.json"] {
        assert_eq!(
            fs::read(out.join(name)).unwrap(),
            fs::read(whole.join(name)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn what_fails_says_so_in_its_folder_and_replaces_nothing() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    study(STUDY, &[]).to_folder(&out).bulk().run().unwrap();
    let before = fs::read(out.join("run.json")).unwrap();
    let refused = study(STUDY, &[]).run_to(&out).unwrap_err();
    assert!(matches!(*refused.reason, Reason::Run(Error::Store(StoreError::Exists { .. }))));
    assert!(refused.folder.is_none());

    let tight = study("long-short.toml", &["allocate.beta={ min = 50, max = 60 }"]);
    let failed = tight.to_folder(&out).replace().run().unwrap_err();
    let folder = failed.folder.as_ref().unwrap();
    let manifest = read_manifest(folder.working()).unwrap();
    assert_eq!((manifest.status, manifest.error), (Status::Failed, Some(failed.to_string())));
    assert_eq!(fs::read(out.join("run.json")).unwrap(), before);
    assert!(failed.warnings.is_empty());
}

#[test]
fn prices_from_files_bring_their_data_report() {
    let Some(data) = common::data() else { return };
    let place = tempfile::tempdir().unwrap();
    let done = study(STUDY, &[]).to_folder(place.path()).data(data).run().unwrap();
    assert!(done.path().join("data-report.json").exists());
    assert_eq!(done.run().map(|run| run.manifest.synthetic), Some(false));
}
