//! Where a study's prices come from: vendors' layouts and snapshots.
#![allow(clippy::unwrap_used, clippy::panic)] // only tests use it

use std::path::Path;

use walkfolio::Study;
use walkfolio_core::Ticker;
use walkfolio_data::layout::{Layout, parse};
use walkfolio_data::snapshot::{Addition, Content, Snapshot};

const LONG: &str = "Date,Symbol,Close\n2024-01-02,SPY,1\n2024-01-02,QQQ,2\n\
    2024-01-03,SPY,1.5\n2024-01-03,QQQ,2\n";

fn study(folder: &Path, market: &str) -> Study {
    let text = format!(
        "name = \"test\"\n[market]\n{market}\nassets = [\"SPY\", \"QQQ\"]\nbenchmark = \"SPY\"\n\
         [walk_forward]\nevery = \"5d\"\n[allocate]\n\
         objective = {{ kind = \"tracking_error\", window = 5 }}\n\
         bounds = {{ min = 0.0, max = 1.0 }}\n"
    );
    let path = folder.join("study.toml");
    std::fs::write(&path, text).unwrap();
    Study::load(&path, &[]).unwrap_or_else(|error| panic!("{error:?}"))
}

fn files(layout: &str) -> String {
    format!("source = {{ kind = \"csv\"{layout} }}\nfiles = {{ prices = \"prices.csv\" }}")
}

#[test]
fn the_layout_is_told_or_forced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("prices.csv"), LONG).unwrap();
    for layout in ["", ", layout = \"long\""] {
        let loaded = study(folder.path(), &files(layout)).market(None).unwrap();
        assert_eq!(loaded.sources[0].format, "long CSV");
        assert_eq!(loaded.market.returns().value(1, 0), Some(0.5));
    }
    let forced = study(folder.path(), &files(", layout = \"wide\"")).market(None).unwrap_err();
    assert!(forced.to_string().contains("asset SPY is not in"), "{forced}");
    let one = study(folder.path(), &files(", layout = \"one_ticker\"")).market(None).unwrap_err();
    assert!(one.to_string().contains("prices.csv"), "{one}");
}

#[test]
fn a_snapshot_takes_the_place_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let spy = Ticker::new("SPY").unwrap();
    let series = parse("x.csv", LONG.as_bytes(), Some(Layout::Long), &spy).unwrap();
    let addition = |series| Addition {
        source: "yahoo".to_owned(),
        fetched: "2026-11-24T20:00:00Z".parse().unwrap(),
        content: Content::Prices(Box::new(series)),
    };
    let data = folder.path().join("data");
    let mut snapshot = Snapshot::open_or_new(&data).unwrap();
    snapshot.update(series.into_iter().map(addition).collect()).unwrap();
    let sample = study(folder.path(), "source = { kind = \"sample\" }");
    let loaded = sample.market(Some(&data)).unwrap();
    assert!(!loaded.synthetic);
    assert_eq!(loaded.sources.len(), 2);
    assert_eq!(loaded.sources[0].vintage.as_deref(), Some("2026-11-24"));
    let factors = "source = { kind = \"sample\" }\nfactors = \"french3\"";
    let error = study(folder.path(), factors).market(Some(&data)).unwrap_err();
    assert!(error.to_string().contains("has no factor returns"), "{error}");
}
