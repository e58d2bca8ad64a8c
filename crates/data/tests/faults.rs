//! What a user sees when a file is at fault, and how files are joined.

mod common;

use common::{Folder, messages, request, sound, ticker};
use walkfolio_core::Date;
use walkfolio_data::quality::{Cleaning, Kind, Policy};
use walkfolio_data::{FactorRequest, FileRequest, load};

const PRICES: &str = "date,SPY,QQQ\n2024-01-02,1,2\n2024-01-03,1.5,2\n2024-01-04,1,2\n";
const FACTORS: &str =
    "the 202503 CRSP database\n\n,Mkt-RF,SMB,HML,RF\n20240103,1,2,3,0.021\n20240104,-1,2,3,0.021\n";

#[test]
fn what_is_not_a_table_is_named() {
    let folder = Folder::new();
    let files: [(&str, &[u8]); 9] = [
        ("empty.csv", b""),
        ("blank.csv", b"\xef\xbb\xbf \n\n"),
        ("page.csv", b"<!DOCTYPE html><html>"),
        ("zipped.csv", b"PK\x03\x04...."),
        ("arrow.csv", b"PAR1....PAR1"),
        ("text.parquet", b"date,SPY\n"),
        ("chart.json", b"{\"chart\": {}}"),
        ("latin.csv", b"date,SPY\n2024-01-02,1\n2024-01-03,\xa31\n"),
        ("cut.parquet", b"PAR1.........PAR1"),
    ];
    let mut told: Vec<String> = files
        .iter()
        .map(|(name, bytes)| folder.fault(&request(folder.file(name, bytes), &["SPY"])))
        .collect();
    let absent = folder.file("absent.csv", "");
    std::fs::remove_file(&absent).unwrap();
    told.push(folder.fault(&request(absent, &["SPY"])));
    let factors = Some(FactorRequest::french3(folder.file("factors.parquet", b"PAR1")));
    let prices = folder.file("prices.csv", PRICES);
    told.push(folder.fault(&FileRequest { factors, ..request(prices, &["SPY"]) }));
    insta::assert_snapshot!(told.join("\n"), @"
    empty.csv is empty
      hint: download the file again
    blank.csv is empty
      hint: download the file again
    page.csv is not what its name says: it holds a web page
      hint: the download led to a page (a login or an error); open it and look
    zipped.csv is not what its name says: it holds a zip archive or an Excel workbook
      hint: unpack the archive, or save the workbook as CSV
    arrow.csv is not what its name says: it holds a Parquet table
      hint: name it .parquet
    text.parquet is not what its name says: it holds text
      hint: name it .csv if it is a table of comma-separated values
    chart.json holds no session
      hint: check the ticker and the dates that were asked for
    latin.csv line 3 is not UTF-8: it has byte 0xA3, '£' in Latin-1
      hint: save the file as UTF-8
    cut.parquet is damaged: EOF: Parquet file too small. Size is 17 but need 774778422
      hint: write or download the file again
    absent.csv cannot be read: No such file or directory (os error 2)
      hint: check the path
    factors.parquet holds a Parquet table; factor returns are read from text or a zip archive of one text
      hint: supply the file in one of these forms
    ");
}

#[test]
fn faults_of_prices_name_the_line_of_the_file() {
    let folder = Folder::new();
    let texts = [
        // The second line holds no price: it is no session, but counts as a line.
        "date,SPY,QQQ\n2024-01-01,,\n2024-01-03,1,1\n2024-01-02,1,1\n",
        "date,SPY,QQQ\n2024-01-02,1,1\n2024-01-02,1,1\n",
        "date,SPY,QQQ\n2024-01-02,1,1\n2024-01-03,,1\n2024-01-04,1,1\n",
        "date,SPY,QQQ\n2024-01-02,1,1\n2024-01-03,-inf,1\n",
        "date,SPY,QQQ\n2024-01-02,1,1\n2024-01-03,400,1\n",
        "date,SPY,QQQ\n2024-01-02,,1\n",
        "date,SPY,QQQ\n2024-01-02,,\n",
        "date,QQQ\n2024-01-02,1\n",
    ];
    let told: Vec<String> = texts
        .iter()
        .map(|text| folder.fault(&request(folder.file("prices.csv", text), &["SPY", "QQQ"])))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    prices.csv: date 2024-01-02 in row 4 follows the later date 2024-01-03; dates must increase
      hint: sort the file by date, oldest first
    prices.csv: date 2024-01-02 occurs twice, in rows 2 and 3
      hint: keep one row a date
    prices.csv: SPY has no price on 2024-01-03, inside its listing from 2024-01-02 to 2024-01-04
      hint: fill in the price of that session; an asset may start late and end early, but not pause
    prices.csv: SPY has price -inf on 2024-01-03; a price must be a positive, finite number
      hint: correct the cell, or leave it empty where the asset was not listed
    prices.csv: SPY returns 39900.0 % on 2024-01-03 (price 1 to 400); more than 300 % in one session is taken as a fault of the file
      hint: check the two prices: a missed split, a change of unit (pence, percent) or a swapped column
    prices.csv has one row, 2024-01-02: a return needs two
      hint: supply a file with more sessions
    prices.csv: the price table is empty
    asset SPY is not in prices.csv
      hint: it has QQQ
    ");
}

#[test]
fn a_benchmark_of_another_file_is_joined_by_date() {
    let folder = Folder::new();
    let prices = folder.file("prices.csv", PRICES);
    // It lists a session earlier and has another column at fault.
    let text = "Date,junk,IDX\n2023-12-29,x,9\n2024-01-02,x,10\n2024-01-03,x,11\n";
    let asked = FileRequest {
        benchmark_prices: Some(folder.file("index.csv", text)),
        benchmark: Some(ticker("IDX")),
        ..request(prices, &["QQQ", "SPY"])
    };
    let loaded = sound(&asked);
    assert_eq!(loaded.market.rows(), 4);
    assert_eq!(loaded.market.prices().listing(0), 1..4);
    assert_eq!(loaded.market.benchmark().unwrap().listing(), 1..3);
    assert_eq!(loaded.sources[1].role, "benchmark");
    let unnamed = sound(&FileRequest { benchmark: None, ..asked.clone() });
    assert_eq!((unnamed.market.rows(), unnamed.sources.len(), unnamed.notes.len()), (3, 1, 1));

    let hole = "date,IDX\n2024-01-02,10\n2024-01-04,11\n";
    let apart = "date,IDX\n2023-01-03,10\n2023-01-04,11\n";
    let told: Vec<String> = [hole, apart]
        .iter()
        .map(|text| {
            let benchmark_prices = Some(folder.file("index.csv", text));
            folder.fault(&FileRequest { benchmark_prices, ..asked.clone() })
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    index.csv: IDX has no price on 2024-01-03, inside its listing from 2024-01-02 to 2024-01-04
      hint: fill in the price of that session; an asset may start late and end early, but not pause
    index.csv: benchmark IDX (from 2023-01-03 to 2023-01-04) has no session in common with the assets (from 2024-01-02 to 2024-01-04)
      hint: supply benchmark and assets for the same period
    ");
}

#[test]
fn factors_are_joined_by_date() {
    let folder = Folder::new();
    let with = |factors: &str| FileRequest {
        factors: Some(FactorRequest::french3(folder.file("factors.txt", factors))),
        ..request(folder.file("prices.csv", PRICES), &["SPY"])
    };
    let loaded = sound(&with(FACTORS));
    let factors = loaded.market.factors().unwrap();
    assert_eq!(factors.listing(), 1..3);
    assert_eq!(factors.row(2), Some(&[-0.01, 0.02, 0.03][..]));
    assert_eq!(loaded.market.cash().unwrap().listing(), 1..3);
    let rounded = sound(&with(&FACTORS.replace("0.021", "0.02")));
    insta::assert_snapshot!(messages(&rounded.notes), @"warning: factors.txt gives the risk-free rate with 2 decimals of a percent a day: rounding may move it by more than 1 % a year; vintages up to 202503 have three");

    let head = "the 202503 CRSP database\n\n,Mkt-RF,SMB,HML,RF\n";
    let told = [
        format!("{head}20240102,1,2,3,0.021\n20240104,-1,2,3,0.021\n"),
        FACTORS.replace("-1,2", "-1,-99.99"),
        FACTORS.replace("20240", "20230"),
    ]
    .map(|text| folder.fault(&with(&text)));
    insta::assert_snapshot!(told.join("\n"), @"
    factors.txt has no row after 2024-01-02 and up to 2024-01-03, for the return of 2024-01-03
      hint: fill in the row from another vintage, or remove the session from the prices if the exchange was closed
    factors.txt has no SMB on 2024-01-04, for the return of 2024-01-04
      hint: fill in the row from another vintage, or remove the session from the prices if the exchange was closed
    factors.txt (from 2023-01-03 to 2023-01-04) has no session in common with the prices (from 2024-01-02 to 2024-01-04)
      hint: supply factors and prices of the same period
    ");
}

#[test]
fn sessions_are_compared_with_the_exchange() {
    let folder = Folder::new();
    let text = "date,SPY\n2024-03-27,1\n2024-03-29,1\n2024-04-01,1\n";
    let loaded = sound(&request(folder.file("prices.csv", text), &["SPY"]));
    insta::assert_snapshot!(messages(&loaded.notes), @"
    warning: prices.csv has 1 row on days without a NYSE session: 2024-03-29
    warning: prices.csv lacks 1 NYSE session between 2024-03-27 and 2024-04-01: 2024-03-28
    ");
}

#[test]
fn two_spellings_of_a_ticker_are_never_merged() {
    let folder = Folder::new();
    let rows = "date,ticker,close\n2024-01-02,AAA.US,1\n2024-01-03,AAA.US,2\n";
    let both = format!("{rows}2024-01-02,AAA,5\n2024-01-03,AAA,6\n");
    let path = folder.file("both.csv", &both);
    let error = load(&request(path, &["AAA"])).unwrap_err();
    assert!(
        error.to_string().ends_with("both.csv has AAA.US and AAA, and both mean AAA"),
        "{error}"
    );
    // Alone it is read under either name.
    let path = folder.file("one.csv", rows);
    for name in ["AAA", "AAA.US"] {
        let loaded = load(&request(path.clone(), &[name])).unwrap();
        assert_eq!(loaded.market.returns().value(1, 0), Some(1.0), "{name}");
    }
}

/// What one file lacks on a session of the other is filled, or the session is dropped from both.
#[test]
fn two_files_of_prices_are_cleaned_over_the_sessions_of_both() {
    let folder = Folder::new();
    let asked = |prices: &str, index: &str, rules: &[(Kind, Policy)]| FileRequest {
        benchmark_prices: Some(folder.file("index.csv", index)),
        benchmark: Some(ticker("IDX")),
        cleaning: Cleaning::new(rules.iter().copied()),
        ..request(folder.file("prices.csv", prices), &["QQQ", "SPY"])
    };
    let fill = [(Kind::Gap, Policy::ForwardFill { limit_days: 1 })];
    let whole = "date,IDX\n2024-01-02,10\n2024-01-03,11\n2024-01-04,12\n";
    for hole in [
        "date,IDX\n2024-01-02,10\n2024-01-03,\n2024-01-04,12\n",
        "date,IDX\n2024-01-02,10\n2024-01-04,12\n",
    ] {
        let market = load(&asked(PRICES, hole, &fill)).unwrap().market;
        let benchmark = market.benchmark().unwrap();
        assert_eq!(benchmark.value(1), Some(0.0));
        assert_eq!(market.rows(), 3);
    }
    let without = PRICES.replace("2024-01-03,1.5,2\n", "");
    let market = load(&asked(&without, whole, &fill)).unwrap().market;
    assert_eq!((market.rows(), market.returns().value(1, 1)), (3, Some(0.0)));

    let sparse = [(Kind::SparseSession, Policy::Drop)];
    let rows = |text: &str, days: std::ops::Range<u32>| {
        days.fold(text.to_owned(), |all, day| format!("{all}2024-01-{day:02},1,2,3,4,5\n"))
    };
    let prices = rows("date,SPY,QQQ,A,B,C\n", 2..6) + "2024-01-08,1,,,,\n";
    let prices = rows(&prices, 9..13);
    let index = (2..13).filter(|day| !(6..8).contains(day));
    let index =
        index.fold("date,IDX\n".to_owned(), |all, day| format!("{all}2024-01-{day:02},9\n"));
    let five = FileRequest {
        assets: request("".into(), &["A", "B", "C", "QQQ", "SPY"]).assets,
        ..asked(&prices, &index, &sparse)
    };
    let market = load(&five).unwrap().market;
    assert!(!market.dates().contains(&Date::constant(2024, 1, 8)));
    assert_eq!(market.rows(), 8);
}
