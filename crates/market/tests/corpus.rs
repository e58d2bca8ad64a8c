//! Every input of the fuzz corpus again, on the stable compiler: no panic, and seeds whose name
//! tells their outcome have it.
//!
//! Seeds called `no-..` are refused; other named seeds are read; inputs that a fuzzer found have a
//! hash for a name and may be either.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;
use std::path::PathBuf;

use walkfolio_core::Ticker;
use walkfolio_market::quality::{Panel, inspect, read_from};
use walkfolio_market::vendor::{Layout, Reinvested, Series, factors, parse};
use walkfolio_market::{Error, read_factors};

/// The inputs of a target: names and bytes, in order.
fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../../fuzz/corpus", target].iter().collect();
    let mut inputs: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    inputs.sort();
    assert!(inputs.len() > 10, "{} inputs in {}", inputs.len(), folder.display());
    inputs
}

/// A fuzzer names what it finds by its SHA-1.
fn is_found(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// One line a seed: what was read, or the fault; checked against the seed's name.
fn outcomes(target: &str, read: impl Fn(&[u8]) -> Result<String, Error>) -> String {
    let mut told = String::new();
    for (name, bytes) in inputs(target) {
        let outcome = read(&bytes);
        if is_found(&name) {
            continue;
        }
        assert_eq!(outcome.is_err(), name.starts_with("no-"), "{target}/{name}: {outcome:?}");
        let line = outcome.unwrap_or_else(|error| error.to_string());
        writeln!(told, "{name}: {line}").unwrap();
    }
    told
}

fn told(panel: &Panel) -> String {
    let report = inspect(panel);
    assert_eq!(report.rows, panel.dates.len());
    let names = panel.columns.iter().map(|column| column.ticker.as_str());
    let prices = panel.columns.iter().flat_map(|column| &column.prices).flatten().count();
    let volumes = panel.columns.iter().flat_map(|column| column.volumes.iter().flatten());
    let volumes = volumes.flatten().count();
    let names = names.collect::<Vec<_>>().join(" ");
    format!("{} rows of {names}, {prices} prices, {volumes} volumes", panel.dates.len())
}

/// What must hold of every series that is read.
fn check(series: &[Series]) {
    for own in series {
        assert!(own.dates.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(own.close.len(), own.dates.len());
        assert_eq!(own.lines.len(), own.dates.len());
        // A bad event is an error, never a panic.
        let _ = own.total_return("x");
        let _ = factors("x", own, Reinvested::CloseBefore);
    }
}

#[test]
fn tables_of_text() {
    let ticker = Ticker::new("SPY").unwrap();
    let told = outcomes("csv", |bytes| {
        for layout in [Layout::Auto, Layout::Long, Layout::OneTicker] {
            check(&parse("SPY.csv", bytes, layout, &ticker).unwrap_or_default());
        }
        read_from("SPY.csv", bytes).map(|panel| told(&panel))
    });
    insta::assert_snapshot!(told, @"");
}

#[test]
fn factor_files() {
    let told = outcomes("french", |bytes| {
        read_factors("f", bytes).map(|file| {
            let (rows, first, last) = (file.rows, file.first, file.last);
            let vintage = file.vintage.unwrap_or("none".to_owned());
            format!("{rows} rows from {first} to {last}, vintage {vintage}")
        })
    });
    insta::assert_snapshot!(told, @"");
}

#[test]
fn chart_responses() {
    let ticker = Ticker::new("X").unwrap();
    let told = outcomes("yahoo_json", |bytes| {
        let series = parse("X.json", bytes, Layout::YahooChart, &ticker)?;
        check(&series);
        series[0].total_return("X.json")?;
        Ok(told(&Panel::of_series("X.json", &series)?))
    });
    insta::assert_snapshot!(told, @"");
}

#[test]
fn parquet_tables() {
    let ticker = Ticker::new("SPY").unwrap();
    let told = outcomes("parquet", |bytes| {
        check(&parse("SPY.parquet", bytes, Layout::Long, &ticker).unwrap_or_default());
        read_from("SPY.parquet", bytes).map(|panel| told(&panel))
    });
    insta::assert_snapshot!(told, @"");
}
