//! Snapshots: written whole, read back to the same bits, refused when they are not what was
//! written.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod common;

use std::path::Path;

use common::{request, sound, ticker};
use walkfolio_core::Date;
use walkfolio_data::layout::parse;
use walkfolio_data::series::Series;
use walkfolio_data::snapshot::{Addition, Content, MANIFEST, Snapshot};
use walkfolio_data::{Error, load};

fn series(name: &str, text: &str) -> Series {
    parse("x.csv", text.as_bytes(), None, &ticker(name)).unwrap().remove(0)
}

fn spy() -> Series {
    // A dividend, a split, a missing close, a volume and opens.
    series(
        "SPY",
        "timestamp,open,close,volume,dividend_amount,split_coefficient\n2024-01-02,9,10,5,0,1\n\
         2024-01-03,5,5.1,,1,2\n2024-01-04,,,7,0,1\n2024-01-05,5.5,6,7,0,1\n",
    )
}

fn add(folder: &Path, series: Series) {
    let content = Content::Prices(Box::new(series));
    let fetched = "2026-11-24T20:00:00Z".parse().unwrap();
    let addition = Addition { source: "yahoo".to_owned(), fetched, content };
    Snapshot::open_or_new(folder).unwrap().update(vec![addition]).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_was_written_is_read_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let written = spy();
    add(folder.path(), written.clone());
    let snapshot = Snapshot::open(folder.path()).unwrap();
    let (entry, read) = snapshot.series(&ticker("SPY")).unwrap();
    let lines = read.lines.clone();
    assert_eq!(read, Series { format: "snapshot Parquet", lines, ..written });
    assert_eq!(read.open.unwrap(), [Some(9.0), Some(5.0), None, Some(5.5)]);
    assert_eq!((entry.rows, entry.vintage.as_deref()), (4, Some("2026-11-24")));
    assert_eq!(entry.last, Date::constant(2024, 1, 5));
    assert_eq!(entry.basis.as_deref(), Some("raw"));
}

#[test]
fn an_update_replaces_the_file_of_its_ticker_only() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), spy());
    add(folder.path(), series("QQQ", "date,close\n2024-01-02,1\n2024-01-03,2\n"));
    let before = names(folder.path());
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    // What a killed update leaves behind.
    std::fs::write(folder.path().join(".QQQ.0123456789ab.parquet.tmp"), "half").unwrap();
    add(folder.path(), series("QQQ", "date,close\n2024-01-02,1\n2024-01-03,2.5\n"));
    let after = names(folder.path());
    assert_eq!(before.len() + 1, after.len(), "{after:?}");
    assert!(after.contains(&"notes.txt".to_owned()));
    let loaded = sound(&request(folder.path().to_path_buf(), &["QQQ"]));
    assert_eq!(loaded.market.returns().value(1, 0), Some(1.5));
    let record = &loaded.sources[0];
    assert_eq!(
        (record.format, record.vintage.as_deref()),
        ("snapshot Parquet", Some("2026-11-24"))
    );
}

#[test]
fn the_same_content_has_the_same_bytes() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for folder in &folders {
        add(folder.path(), spy());
    }
    assert_eq!(names(folders[0].path()), names(folders[1].path()));
}

#[test]
fn a_snapshot_that_is_not_what_was_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    add(folder.path(), spy());
    let asked = request(folder.path().to_path_buf(), &["SPY"]);
    let manifest = folder.path().join(MANIFEST);
    let text = std::fs::read_to_string(&manifest).unwrap();
    let file = Snapshot::open(folder.path()).unwrap().entries()["SPY"].file.clone();
    let fault = |text: &str| {
        std::fs::write(&manifest, text).unwrap();
        load(&asked).unwrap_err()
    };
    for name in ["../../etc/passwd", "/etc/passwd", "a/b.parquet", "..", ""] {
        let error = fault(&text.replace(&file, name));
        assert!(matches!(error, Error::Manifest { .. }), "{name}: {error}");
    }
    assert!(matches!(fault("{}"), Error::Manifest { .. }));
    let later = text.replace("\"format\": 1", "\"format\": 2");
    assert!(fault(&later).to_string().ends_with("its format is 2, not 1"));
    std::fs::write(&manifest, &text).unwrap();
    let missing = load(&request(folder.path().to_path_buf(), &["IWM"])).unwrap_err();
    assert_eq!(missing.hint().as_deref(), Some("it has SPY"));
    let path = folder.path().join(&file);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(load(&asked).unwrap_err(), Error::Changed { .. }));
}

#[test]
fn writers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let folder = folder.path();
            scope.spawn(move || {
                for round in 0..5 {
                    let name = format!("T{writer}-{round}");
                    add(folder, series(&name, "date,close\n2024-01-02,1\n2024-01-03,2\n"));
                }
            });
        }
    });
    assert_eq!(Snapshot::open(folder.path()).unwrap().entries().len(), 40);
}
