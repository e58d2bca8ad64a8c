//! Every input of the fuzz corpus again, on the stable compiler: no panic, and seeds whose name
//! tells their outcome have it.
//!
//! Seeds called `no-..` are refused; other named seeds are read; inputs that a fuzzer found have a
//! hash for a name and may be either.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;
use std::path::PathBuf;

use walkfolio_core::Ticker;
use walkfolio_data::adjust::{Reinvested, factors};
use walkfolio_data::layout::{Layout, parse};
use walkfolio_data::quality::{Panel, inspect};
use walkfolio_data::read_from;
use walkfolio_data::series::Series;
use walkfolio_data::{Error, read_factors};

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
        // A long Parquet file keeps no rows.
        assert!(own.lines.is_empty() || own.lines.len() == own.dates.len());
        // A bad event is an error, never a panic.
        let _ = own.total_return("x");
        let _ = factors("x", own, Reinvested::CloseBefore);
    }
}

#[test]
fn tables_of_text() {
    let ticker = Ticker::new("SPY").unwrap();
    let told = outcomes("csv", |bytes| {
        for layout in [None, Some(Layout::Long), Some(Layout::OneTicker)] {
            check(&parse("SPY.csv", bytes, layout, &ticker).unwrap_or_default());
        }
        read_from("SPY.csv", bytes).map(|panel| told(&panel))
    });
    insta::assert_snapshot!(told, @r#"
    alpha-vantage: 2 rows of SPY, 2 prices, 2 volumes
    alpha-vantage-raw: 2 rows of SPY, 2 prices, 2 volumes
    investing: 2 rows of SPY, 2 prices, 2 volumes
    long: 2 rows of SPY QQQ, 3 prices, 0 volumes
    long-events: 2 rows of SPY, 2 prices, 2 volumes
    no-column-twice: SPY.csv has two columns named SPY, in places 2 and 3
    no-dates: SPY.csv has no date column: its first column is "week"
    no-header: SPY.csv has no date column: its first column is "2024-01-02"
    no-huge-numbers: SPY.csv line 5, column volume, has "9e307T"; a volume must be a number of shares, such as 49.01M
    no-intraday: SPY.csv line 3 has a time of day, "2024-01-02 09:31:00-05:00": it holds intraday rows
    no-intraday-stooq: SPY.csv line 3 has a time of day, "20240102 094000": it holds intraday rows
    no-latin-1: SPY.csv line 2 is not UTF-8: it has byte 0xA3, '£' in Latin-1
    no-nul: SPY.csv line 2 has a NUL byte: it is not text in UTF-8
    no-open-quote: SPY.csv: ticker "SPY\n2024-01-02,10" is not valid: it holds a character that is not printed
    no-order-of-day-and-month: SPY.csv line 2 has date "01/02/2024", and no date of the file shows its order: it is 2024-02-01 as day/month/year (day_first), or 2024-01-02 as month/day/year (month_first)
    no-page: SPY.csv is not what its name says: it holds a web page
    no-ragged: SPY.csv line 2 has 2 cells; the header has 3
    no-returns: SPY.csv column SPY changes its sign 39 times in 40 values: it holds returns, not prices
    no-two-closes: SPY.csv has more than one column for the close: close, price; its header is date, close, price
    no-utf-16: SPY.csv is not what its name says: it holds text in UTF-16
    no-utf-16-without-mark: SPY.csv line 1 has a NUL byte: it is not text in UTF-8
    path: 1 rows of ../../x, 1 prices, 0 volumes
    path-in-rows: 1 rows of ../../x, 1 prices, 0 volumes
    semicolons: 1 rows of SPY, 1 prices, 0 volumes
    stooq-bulk: 2 rows of SPY, 2 prices, 2 volumes
    stooq-english: 2 rows of SPY, 2 prices, 2 volumes
    stooq-polish: 2 rows of SPY, 2 prices, 2 volumes
    wide: 3 rows of SPY QQQ, 5 prices, 0 volumes
    wide-bom-quoted: 2 rows of SPY BRK.B, 3 prices, 0 volumes
    wide-return-only: 2 rows of SPY QQQ, 4 prices, 0 volumes
    wide-tickers-like-fields: 2 rows of OPEN LOW LAST VOL SPY, 10 prices, 0 volumes
    wide-unsorted-twice: 3 rows of SPY, 3 prices, 0 volumes
    wide-without-rows: 0 rows of SPY, 0 prices, 0 volumes
    yahoo-export: 3 rows of SPY, 2 prices, 2 volumes
    yfinance: 2 rows of SPY, 2 prices, 2 volumes
    "#);
}

#[test]
fn forms_of_text() {
    let told = outcomes("dialect", |bytes| {
        // The first byte chooses what the fuzzer states.
        read_from("x.csv", &bytes[1..]).map(|panel| told(&panel))
    });
    insta::assert_snapshot!(told, @r#"
    around: 1 rows of AAA, 1 prices, 0 volumes
    binance: 1 rows of x, 1 prices, 1 volumes
    by-ticker: 1 rows of AAA BBB, 2 prices, 0 volumes
    day-first: 2 rows of AAA, 2 prices, 0 volumes
    epoch: 2 rows of x, 2 prices, 0 volumes
    german: 2 rows of AAA BBB, 4 prices, 0 volumes
    months: 2 rows of AAA, 2 prices, 0 volumes
    no-decimal: x.csv line 2, column AAA, has "14,827", and no number of the file shows its decimal separator: it is 14827 with a decimal point, or 14.827 with a decimal comma
    no-excel: x.csv line 2 has date "44929"; a date must be a day such as 2024-03-28
    no-one-decimal: x.csv line 3 has "1.5", which has a decimal point, and line 2 has "1,5", which has a decimal comma
    no-order: x.csv line 2 has date "01/02/2023", and no date of the file shows its order: it is 2023-02-01 as day/month/year (day_first), or 2023-01-02 as month/day/year (month_first)
    swiss: 2 rows of AAA, 2 prices, 0 volumes
    tokyo: 3 rows of AAA, 3 prices, 0 volumes
    two-digits: 2 rows of AAA, 2 prices, 0 volumes
    units: 2 rows of AAA, 2 prices, 0 volumes
    yfinance-rows: 1 rows of AAA BBB, 2 prices, 0 volumes
    "#);
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
    insta::assert_snapshot!(told, @r#"
    monthly: 1 rows from 2024-01-31 to 2024-01-31, vintage none
    no-annual: f holds annual returns; a walk forward needs daily, weekly or monthly ones
    no-header: f has no header line that starts with a comma and names Mkt-RF
    no-latin-1: f line 3 is not UTF-8: it has byte 0xA9, '©' in Latin-1
    no-number: f line 2, column Mkt-RF, has "inf"; a factor return must be a number in percent
    no-second-table: f line 6 holds returns below the end of the table in line 4
    no-zip-cut: f is damaged: invalid Zip archive: Could not find EOCD
    no-zip-empty: f holds 0 files; an archive of factor returns holds one
    no-zip-of-two: f holds 2 files; an archive of factor returns holds one
    no-zip-of-zip: f holds a zip archive or an Excel workbook; factor returns are read from text or a zip archive of one text
    text: 2 rows from 2024-01-02 to 2024-01-03, vintage 202503
    text-crlf-five: 1 rows from 2024-01-02 to 2024-01-02, vintage 202503
    text-missing-codes: 2 rows from 2024-01-02 to 2024-01-03, vintage 202503
    zip: 2 rows from 2024-01-02 to 2024-01-03, vintage 202503
    zip-absolute: 2 rows from 2024-01-02 to 2024-01-03, vintage none
    zip-of-claimed-4-gib: 2 rows from 2024-01-02 to 2024-01-03, vintage none
    zip-path: 2 rows from 2024-01-02 to 2024-01-03, vintage none
    zip-stored: 2 rows from 2024-01-02 to 2024-01-03, vintage none
    "#);
}

#[test]
fn chart_responses() {
    let ticker = Ticker::new("X").unwrap();
    let told = outcomes("yahoo_json", |bytes| {
        let series = parse("X.json", bytes, Some(Layout::YahooChart), &ticker)?;
        check(&series);
        series[0].total_return("X.json")?;
        Ok(told(&Panel::of_series("X.json", &series)?))
    });
    insta::assert_snapshot!(told, @"
    chart: 2 rows of X, 2 prices, 2 volumes
    chart-events: 2 rows of X, 2 prices, 0 volumes
    chart-midnight: 2 rows of X, 2 prices, 2 volumes
    chart-nulls: 2 rows of X, 1 prices, 0 volumes
    chart-open-session: 2 rows of X, 1 prices, 0 volumes
    chart-pence: 2 rows of X, 2 prices, 2 volumes
    chart-split-by-zero: 2 rows of X, 2 prices, 2 volumes
    no-cut: X.json is damaged: EOF while parsing a string at line 1 column 240
    no-deep: X.json is damaged: invalid type: sequence, expected a string at line 1 column 5
    no-far-time: X.json is damaged: -9223372036854775808 is not a timestamp
    no-finance: X.json is a refusal of the vendor: Unauthorized: Invalid Crumb
    no-intraday: X.json holds bars of 1m; sessions are read from bars of 1d
    no-length: X.json is damaged: 2 timestamps, 2 closes and 1 adjusted closes
    no-null-timestamp: X.json is damaged: timestamp 1 is null
    no-other-ticker: X.json holds Y, not X
    no-refusal: X.json is a refusal of the vendor: Not Found: No data found, symbol may be delisted
    no-result: X.json holds no session
    no-same-day-twice: X.json: date 2024-01-02 occurs twice, in rows 1 and 2
    no-timestamps: X.json has 2 closes and no timestamps
    ");
}

#[test]
fn parquet_tables() {
    let ticker = Ticker::new("SPY").unwrap();
    let told = outcomes("parquet", |bytes| {
        check(&parse("SPY.parquet", bytes, Some(Layout::Long), &ticker).unwrap_or_default());
        read_from("SPY.parquet", bytes).map(|panel| told(&panel))
    });
    insta::assert_snapshot!(told, @"
    arrow-long-dictionary: 3 rows of SPY QQQ, 5 prices, 0 volumes
    arrow-long-view: 3 rows of SPY QQQ, 5 prices, 0 volumes
    arrow-wide-integers: 3 rows of SPY X, 3 prices, 0 volumes
    dates-named-otherwise: 3 rows of SPY, 3 prices, 0 volumes
    no-cut: SPY.parquet is damaged: Parquet error: Invalid Parquet file. Corrupt footer
    no-dictionary-bomb: SPY.parquet is damaged: a dictionary claims 671088637 values in 8 bytes
    no-footer: SPY.parquet is damaged: EOF: Parquet file too small. Size is 1156 but need 2147483655
    no-numbers: SPY.parquet column SPY has type Utf8; prices must be numbers
    no-ticker-in-a-dictionary: SPY.parquet is damaged: a row has no ticker
    no-ticker-in-a-row: SPY.parquet is damaged: a row has no ticker
    polars-long: 3 rows of SPY QQQ, 5 prices, 6 volumes
    polars-long-categorical: 3 rows of SPY QQQ, 5 prices, 6 volumes
    polars-long-enum: 3 rows of SPY QQQ, 5 prices, 6 volumes
    polars-wide: 3 rows of SPY QQQ, 5 prices, 0 volumes
    polars-wide-datetime: 3 rows of SPY QQQ, 5 prices, 0 volumes
    polars-wide-text-dates: 3 rows of SPY QQQ, 5 prices, 0 volumes
    wide-without-rows: 0 rows of SPY, 0 prices, 0 volumes
    zones: 3 rows of SPY, 3 prices, 0 volumes
    ");
}
