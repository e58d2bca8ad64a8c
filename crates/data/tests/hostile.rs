//! Files made to do harm: archives that unpack without end or lead out of their folder, tables
//! beyond all measure.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::Duration;

use httpmock::prelude::*;
use walkfolio_core::Universe;
use walkfolio_data::fetch::{Backoff, FetchObserver, FetchRequest, Limits, Vendor, fetch};
use walkfolio_data::{FileRequest, load, read_factors, read_from};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TABLE: &str = ",Mkt-RF,SMB,HML,RF\n20240102,-0.70,-1.10,1.17,0.022\n";

fn archive(name: &str, text: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap().into_inner()
}

/// An archive whose headers claim another size for what they unpack to.
fn claiming(mut bytes: Vec<u8>, size: u32) -> Vec<u8> {
    for (signature, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let at = bytes.windows(4).rposition(|window| window == signature).unwrap() + offset;
        bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
    }
    bytes
}

/// 65 MiB of ones, under a size that is true, or not.
fn bombs() -> [(&'static str, Vec<u8>); 4] {
    let bomb = || archive("f.csv", &vec![b'1'; 65 << 20]);
    [
        ("declared", bomb()),
        ("declared 4 GiB", claiming(bomb(), u32::MAX - 1)),
        ("declared 100 bytes", claiming(bomb(), 100)),
        ("a table that claims 4 GiB", claiming(archive("f.csv", TABLE.as_bytes()), u32::MAX - 1)),
    ]
}

#[test]
fn archives_that_unpack_without_end_are_refused() {
    let mut told = String::new();
    for (what, bytes) in bombs() {
        assert!(bytes.len() < 100_000, "{what}: {}", bytes.len());
        let outcome = match read_factors("f.zip", &bytes) {
            Ok(file) => format!("{} rows", file.rows),
            Err(error) => error.to_string(),
        };
        writeln!(told, "{what}: {outcome}").unwrap();
    }
    insta::assert_snapshot!(told, @"
    declared: f.zip holds more than 64 MiB
    declared 4 GiB: f.zip holds more than 64 MiB
    declared 100 bytes: f.zip is damaged: File is larger than its declared uncompressed size
    a table that claims 4 GiB: 1 rows
    ");
}

struct Quiet;

impl FetchObserver for Quiet {}

/// Serves bytes as the French library's zip, and gives the fault of fetching them.
fn fetched(body: &[u8], into: &Path) -> Result<usize, String> {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path_suffix("F-F_Research_Data_Factors_daily_CSV.zip");
        then.status(200).header("content-type", "application/zip").body(body);
    });
    let backoff =
        Backoff { tries: 1, first: Duration::from_millis(10), longest: Duration::from_secs(1) };
    let request = FetchRequest {
        vendor: Vendor::French,
        base_url: Some(server.base_url()),
        tickers: Vec::new(),
        into: into.to_path_buf(),
        first: None,
        limits: Limits { time_out: Duration::from_secs(20), largest_body: 1 << 20, backoff },
        parallel: 1,
    };
    let outcome = fetch(&request, &Quiet).unwrap().remove(0).outcome;
    let place = |error: walkfolio_data::Error| error.to_string().replace(&server.base_url(), "");
    outcome.map(|outcome| outcome.rows).map_err(place)
}

#[test]
fn a_bomb_from_a_server_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = String::new();
    for (what, bytes) in &bombs()[..3] {
        let fault = fetched(bytes, folder.path()).unwrap_err();
        writeln!(told, "{what}: {fault}").unwrap();
    }
    insta::assert_snapshot!(told, @"
    declared: /pages/faculty/ken.french/ftp/F-F_Research_Data_Factors_daily_CSV.zip holds more than 64 MiB
    declared 4 GiB: /pages/faculty/ken.french/ftp/F-F_Research_Data_Factors_daily_CSV.zip holds more than 64 MiB
    declared 100 bytes: /pages/faculty/ken.french/ftp/F-F_Research_Data_Factors_daily_CSV.zip is damaged: File is larger than its declared uncompressed size
    ");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_name_inside_an_archive_is_never_a_path() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("a/b");
    for name in ["../../x.csv", "/x.csv", "C:\\x.csv", "..\\..\\x.csv"] {
        assert_eq!(fetched(&archive(name, TABLE.as_bytes()), &folder), Ok(1), "{name}");
    }
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (names(outer.path()), names(&outer.path().join("a"))),
        (vec!["a".into()], vec!["b".into()])
    );
    let inside = names(&folder);
    let ours = |name: &String| {
        name.starts_with("F-F_Research") || name == "manifest.json" || name == ".lock"
    };
    assert!(inside.iter().all(ours), "{inside:?}");
}

fn column(text: &str, path: &Path, ticker: &str) -> Result<Option<f64>, String> {
    std::fs::write(path, text).unwrap();
    let request = FileRequest::new(path, Universe::new([ticker]).unwrap());
    let loaded = load(&request).map_err(|error| error.to_string())?;
    Ok(loaded.market.prices().value(0, 0))
}

#[test]
fn one_of_twenty_thousand_columns_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.csv");
    let names: Vec<String> = (0..20_000).map(|number| format!("A{number}")).collect();
    let row = |date: &str, shift: usize| {
        let values: Vec<String> = (0..20_000).map(|number| (number + shift).to_string()).collect();
        format!("{date},{}\n", values.join(","))
    };
    let text =
        format!("date,{}\n{}{}", names.join(","), row("2024-01-02", 1), row("2024-01-03", 2));
    assert_eq!(column(&text, &path, "A19999"), Ok(Some(20_000.0)));
    let twice = text.replacen("A19998", "A19999", 1);
    let fault = column(&twice, &path, "A19999").unwrap_err();
    assert!(fault.ends_with("has two columns named A19999, in places 20000 and 20001"), "{fault}");
    // A column that nobody asks for may stand twice.
    assert_eq!(column(&twice, &path, "A7"), Ok(Some(8.0)));
}

#[test]
fn a_path_in_a_header_is_a_name_and_never_a_path() {
    for name in ["../../x", "/etc/passwd", "a\\b", "C:x", "..", "~"] {
        let text = format!("date,{name}\n2024-01-02,1\n");
        let panel = read_from("x.csv", text.as_bytes()).unwrap();
        let file = panel.columns[0].ticker.file_name();
        assert_eq!(panel.columns[0].ticker.as_str(), name);
        assert!(!file.contains(['/', '\\', ':', '~']) && !file.starts_with('.'), "{file}");
    }
    let text = "date,x\u{0}y\n2024-01-02,1\n";
    let fault = read_from("x.csv", text.as_bytes()).unwrap_err().to_string();
    assert!(fault.starts_with("x.csv"), "{fault}");
}
