//! Studies read prices whatever their layout.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod common;

use common::{Folder, data, messages, request, sound};
use walkfolio_core::Date;
use walkfolio_data::layout::Layout;
use walkfolio_data::{FileRequest, load, read_request};

fn told(request: &FileRequest) -> String {
    let loaded = sound(request);
    let dates = loaded.market.dates();
    let sources: Vec<String> = loaded
        .sources
        .iter()
        .map(|record| format!("{} ({}, {} rows)", record.name, record.format, record.rows))
        .collect();
    let notes = messages(&loaded.notes);
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    format!("{} rows {first} to {last} from {}\n{notes}", dates.len(), sources.join(", "))
}

#[test]
fn a_folder_with_one_file_a_ticker_is_joined_over_the_union_of_sessions() {
    let folder = Folder::new();
    folder.file("SPY.csv", "Date,Close,Adj Close\n2024-01-02,1,10\n2024-01-03,1,11\n");
    // Newest first, as traded, with a two-for-one split.
    folder.file(
        "qqq_daily.csv",
        "timestamp,close,dividend_amount,split_coefficient\n2024-01-04,6,0,1\n2024-01-03,5,0,2\n",
    );
    folder.file(
        "gld.us.txt",
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<CLOSE>\nGLD.US,D,20240102,000000,1,3\n",
    );
    let path = folder.file("readme.csv", "nothing");
    let asked = request(path.parent().unwrap().to_path_buf(), &["QQQ", "SPY", "GLD"]);
    let loaded = sound(&asked);
    assert_eq!(loaded.market.rows(), 3);
    assert_eq!(loaded.market.prices().listing(0), 1..3);
    assert_eq!(loaded.market.returns().value(2, 0), Some(6.0 / 5.0 - 1.0));
    // 11 / 10 of the adjusted closes, not 1 / 1.
    assert!((loaded.market.returns().value(1, 1).unwrap() - 0.1).abs() < 1e-15);
    assert_eq!(loaded.sources.len(), 3);
    let missing = request(path.parent().unwrap().to_path_buf(), &["IWM"]);
    let error = load(&missing).unwrap_err();
    assert!(error.to_string().starts_with("asset IWM is not in /"), "{error}");
    assert_eq!(error.hint().unwrap(), "it has SPY, gld.us, qqq_daily, readme");
    folder.file("spy.csv", "Date,Close\n2024-01-02,1\n");
    let error = load(&asked).unwrap_err().to_string();
    assert!(error.ends_with("has two files for SPY: SPY.csv and spy.csv"), "{error}");
}

#[test]
fn two_files_that_state_one_ticker_are_not_one() {
    let folder = Folder::new();
    let rows = |year: u16| format!("Symbol,Date,Close\nSPY,{year}-01-02,1\nSPY,{year}-01-03,2\n");
    folder.file("SPY_2023.csv", rows(2023));
    let path = folder.file("SPY_2024.csv", rows(2024));
    let asked = request(path.parent().unwrap().to_path_buf(), &["SPY"]);
    let error = load(&asked).unwrap_err().to_string();
    assert!(error.ends_with("has two files for SPY: SPY_2023.csv and SPY_2024.csv"), "{error}");
    // The file of that very name is the one that is meant.
    folder.file("SPY.csv", rows(2022));
    assert_eq!(sound(&asked).sources[0].name, "SPY.csv");
}

#[test]
fn layouts_are_told_by_the_header_or_forced() {
    let folder = Folder::new();
    let long = "Symbol,DATE,Close\nSPY,2024-01-02,1\nQQQ,2024-01-02,2\nSPY,2024-01-03,1.5\n";
    let long = folder.file("long.csv", long);
    let loaded = sound(&request(long.clone(), &["QQQ", "SPY"]));
    assert_eq!(loaded.market.returns().value(1, 1), Some(0.5));
    assert_eq!(loaded.sources[0].format, "long CSV");
    // A fund named CLOSE: its name as a column makes the table wide.
    let wide = folder.file("wide.csv", "date,CLOSE\n2024-01-02,1\n2024-01-03,2\n");
    assert_eq!(sound(&request(wide, &["CLOSE"])).sources[0].format, "wide CSV");
    let twice = folder.file("twice.csv", "date,close,last\n2024-01-02,1,1\n");
    let faults = [
        folder.fault(&request(long.clone(), &["IWM"])),
        folder.fault(&request(twice, &["SPY"])),
        folder.fault(&FileRequest { layout: Some(Layout::Wide), ..request(long, &["SPY"]) }),
        folder.fault(&request(
            folder.file(
                "minute.csv",
                "Datetime,Close\n2024-01-02 09:30:00-05:00,1\n2024-01-02 09:31:00-05:00,1\n",
            ),
            &["SPY"],
        )),
        folder.fault(&request(
            folder.file("latin.csv", b"Date,Close\n2024-01-02,1\n2024-01-03,\xa3\n"),
            &["SPY"],
        )),
    ];
    insta::assert_snapshot!(faults.join("\n"), @r#"
    asset IWM is not in long.csv
      hint: it has SPY, QQQ
    twice.csv has more than one column for the close: close, last; its header is date, close, last
      hint: keep one of them, or rename the others
    asset SPY is not in long.csv
      hint: it has Symbol, Close
    minute.csv line 3 has a time of day, "2024-01-02 09:31:00-05:00": it holds intraday rows
      hint: export daily rows, one a session
    latin.csv line 3 is not UTF-8: it has byte 0xA3, '£' in Latin-1
      hint: save the file as UTF-8
    "#);
}

#[test]
fn vendors_files_are_markets() {
    let files = [
        ("messy/stooq/spy.us.txt", "SPY"),
        ("messy/stooq/spy_us_d_polish_headers.csv", "SPY"),
        ("messy/stooq", "MTUM"),
        ("messy/yahoo_csv_null_rows", "GAF"),
        ("messy/alphavantage_raw_close_and_split_coef", "ILF"),
        ("messy/investing_com_delisted/First Data Corp Stock Price History.csv", "FDC"),
        (
            "messy/yahoo_v8_chart_json/unwrapped/historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.body.json",
            "MSFT",
        ),
        ("universe/sp500_survivorship_free_2013_2018_long.parquet", "MSFT"),
        ("universe/sp500_adjclose_2010_2026.parquet", "MSFT"),
    ];
    let mut lines = Vec::new();
    for (file, asset) in files {
        let Some(path) = data(file) else { return };
        lines.push(
            told(&request(path, &[asset])).replace(&data("").unwrap().display().to_string(), ""),
        );
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    5370 rows 2005-02-25 to 2026-07-02 from spy.us.txt (Stooq CSV, 5370 rows)
    warning: spy.us.txt lacks 1 NYSE session between 2005-02-25 and 2026-07-02: 2011-02-17
    5136 rows 2005-02-25 to 2025-07-28 from spy_us_d_polish_headers.csv (Stooq CSV, 5136 rows)
    warning: spy_us_d_polish_headers.csv lacks 1 NYSE session between 2005-02-25 and 2025-07-28: 2011-02-17
    3315 rows 2013-04-24 to 2026-07-02 from mtum.us.txt (Stooq CSV, 3315 rows)
    warning: stooq lacks 3 NYSE sessions between 2013-04-24 and 2026-07-02: 2025-05-22, 2025-05-23, 2025-05-29
    2415 rows 2007-03-19 to 2016-10-20 from GAF_yahoo_null_rows_delisted_etf.csv (one-ticker CSV, 2418 rows)
    warning: yahoo_csv_null_rows lacks 3 NYSE sessions between 2007-03-19 and 2016-10-20: 2007-03-20, 2007-03-21, 2007-03-22
    4816 rows 2001-10-26 to 2020-12-11 from ILF.csv (Alpha Vantage CSV, 4816 rows)

    950 rows 2015-10-16 to 2019-07-26 from First Data Corp Stock Price History.csv (investing.com CSV, 950 rows)
    warning: First Data Corp Stock Price History.csv does not say whether the closes of FDC contain splits and dividends; they are used as they stand
    note: First Data Corp Stock Price History.csv: date "07/26/2019" is 2019-07-26
    note: First Data Corp Stock Price History.csv: Change % not read
    252 rows 2021-02-01 to 2022-01-28 from historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.body.json (Yahoo chart JSON, 252 rows)

    1258 rows 2013-02-28 to 2018-02-27 from sp500_survivorship_free_2013_2018_long.parquet (long Parquet, 1258 rows)
    warning: sp500_survivorship_free_2013_2018_long.parquet does not say whether the closes of MSFT contain splits and dividends; they are used as they stand
    warning: sp500_survivorship_free_2013_2018_long.parquet lacks 1 NYSE session between 2013-02-28 and 2018-02-27: 2017-11-08
    4169 rows 2010-01-04 to 2026-07-31 from sp500_adjclose_2010_2026.parquet (wide Parquet, 4169 rows)
    "#);
}

#[test]
fn what_is_wrong_in_a_vendors_file_stops_a_study() {
    let files = [
        ("messy/unit_trap/ETF_ff_Data_RETURNS_TIMES_252.csv", "SPY"),
        ("messy/yahoo_2026_bad_series/SAFE.csv", "SAFE"),
        ("messy/yahoo_2026_bad_series/TRIB.csv", "TRIB"),
        ("messy/yfinance_dirty/SSNLF-1d-bad-div.csv", "SSNLF"),
        ("messy/yfinance_dirty/SSW-JO-1d-100x-error.csv", "SSW"),
        ("messy/intraday_tz_div_row/ILF_1min_2019.csv", "ILF"),
        ("messy/not_really_csv/all_stocks_5yr_GIT_LFS_POINTER.csv", "AAPL"),
        ("universe/sp500_survivorship_free_2013_2018_long.parquet", "IWM"),
    ];
    let mut lines = Vec::new();
    for (file, asset) in files {
        let Some(path) = data(file) else { return };
        let error = match load(&request(path, &[asset])) {
            Ok(_) => format!("{file} is read"),
            Err(error) => error.to_string(),
        };
        lines.push(
            error
                .replace(&format!("{}/", data("").unwrap().display()), "")
                .replace(&data("").unwrap().display().to_string(), ""),
        );
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    messy/unit_trap/ETF_ff_Data_RETURNS_TIMES_252.csv column SPY changes its sign 2002 times in 3935 values: it holds returns, not prices
    messy/yahoo_2026_bad_series/SAFE.csv: SAFE has price -28.787965774536133 on 1989-11-16; a price must be a positive, finite number
    messy/yahoo_2026_bad_series/TRIB.csv: TRIB has price -2.804433584213257 on 1992-10-21; a price must be a positive, finite number
    messy/yfinance_dirty/SSNLF-1d-bad-div.csv: SSNLF has price -inf on 2001-08-06; a price must be a positive, finite number
    messy/yfinance_dirty/SSW-JO-1d-100x-error.csv is read
    messy/intraday_tz_div_row/ILF_1min_2019.csv line 3 has a time of day, "2019-12-16 11:02:00-05:00": it holds intraday rows
    messy/not_really_csv/all_stocks_5yr_GIT_LFS_POINTER.csv is not what its name says: it holds a Git LFS pointer, not the data
    asset IWM is not in universe/sp500_survivorship_free_2013_2018_long.parquet
    "#);
}

#[test]
fn the_long_and_the_wide_stooq_series_agree() {
    let (Some(txt), Some(csv)) =
        (data("messy/stooq/spy.us.txt"), data("messy/stooq/spy_us_d_polish_headers.csv"))
    else {
        return;
    };
    let (txt, csv) = (sound(&request(txt, &["SPY"])), sound(&request(csv, &["SPY"])));
    let first = Date::constant(2005, 2, 25);
    assert_eq!((txt.market.dates()[0], csv.market.dates()[0]), (first, first));
    let value = |loaded: &walkfolio_data::Loaded| loaded.market.prices().value(100, 0);
    assert!((value(&txt).unwrap() / value(&csv).unwrap() - 1.0).abs() < 0.01);
}

#[test]
fn several_files_are_joined_by_date_and_share_no_ticker() {
    let folder = Folder::new();
    let wide = folder.file("a.csv", "date,XLE,XLF\n2024-01-02,50,20\n2024-01-03,52,21\n");
    let long = "date,ticker,close,volume\n2024-01-03,XLK,30,0\n2024-01-04,XLK,31,9\n";
    let long = folder.file("b.csv", long);
    let mut request = request(wide, &["XLK", "XLE"]);
    request.also = vec![long];
    let loaded = load(&request).unwrap();
    let values = |asset: usize| -> Vec<Option<f64>> {
        (0..3).map(|row| loaded.market.prices().value(row, asset)).collect()
    };
    assert_eq!(values(0), [None, Some(30.0), Some(31.0)]);
    assert_eq!(values(1), [Some(50.0), Some(52.0), None]);
    let names: Vec<&str> = loaded.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["a.csv", "b.csv"]);
    // The volumes of the one file reach the detectors.
    let panel = read_request(&request).unwrap();
    assert_eq!(panel.columns[0].volumes, Some(vec![None, Some(0.0), Some(9.0)]));
    assert_eq!(panel.columns[1].volumes, None);
    let mut faults = Vec::new();
    request.also = vec![folder.file("c.csv", "date,XLE,XLK\n2024-01-03,1,2\n")];
    faults.push(folder.fault(&request));
    request.also = vec![folder.file("d.csv", "date,XLB\n2024-01-03,1\n")];
    faults.push(folder.fault(&request));
    insta::assert_snapshot!(faults.join("\n"), @"
    XLE is in a.csv and in c.csv
      hint: take its column out of one of the files, or rename it there
    asset XLK is not in a.csv and d.csv
      hint: it has XLE, XLF, XLB
    ");
}
