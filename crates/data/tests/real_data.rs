//! The reference studies' files. Expected values come from pandas (see each test), not from here.

mod common;

use common::{data, messages, request, sound, ticker};
use walkfolio_core::Date;
use walkfolio_data::{FactorRequest, FileRequest, load};

const MTUM_ASSETS: [&str; 11] =
    ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];
const GLOBAL_ASSETS: [&str; 12] =
    ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];

#[allow(clippy::float_cmp)] // the decimal text names one double
#[test]
fn the_replica_study_loads_clean() {
    let Some(prices) = data("mtum/prices.csv") else { return };
    let loaded =
        sound(&FileRequest { benchmark: Some(ticker("MTUM")), ..request(prices, &MTUM_ASSETS) });
    let market = &loaded.market;
    assert_eq!(messages(&loaded.notes), "");
    assert!(!loaded.synthetic);
    assert_eq!(market.rows(), 5030);
    let (aiq, xlb) = (10, 8);
    assert_eq!(market.dates()[market.prices().listing(aiq).start], Date::constant(2018, 5, 16));
    assert_eq!(market.prices().value(0, xlb), Some(18.567_419_052_124_023));
    assert_eq!(market.prices().value(5029, aiq), Some(45.340_000_152_587_89));
    let benchmark = market.benchmark().unwrap();
    // Its first return is the session after its first price, 2013-04-18.
    assert_eq!(market.dates()[benchmark.listing().start], Date::constant(2013, 4, 19));
    let [record] = loaded.sources.as_slice() else { panic!("one file, one record") };
    assert_eq!(
        (record.role, record.name.as_str(), record.format),
        ("prices", "prices.csv", "wide CSV")
    );
    // sha256sum mtum/prices.csv
    assert_eq!(record.sha256, "832b6aa62b0bb99869f73c6de66717f68827472d176a358ae6a43a961c9dc336");
    assert_eq!((record.rows, record.first), (5030, Some(market.dates()[0])));
    assert_eq!(record.last.map(Date::year), Some(2025));
}

fn long_short(factors: &str) -> Option<FileRequest> {
    Some(FileRequest {
        factors: Some(FactorRequest::french3(data(factors)?)),
        benchmark: Some(ticker("SPY")),
        ..request(data("global_etf/prices.csv")?, &GLOBAL_ASSETS)
    })
}

#[allow(clippy::float_cmp)]
#[test]
fn the_long_short_study_loads_clean_with_its_factors() {
    let file = "french/F-F_Research_Data_Factors_daily.202503.csv";
    let Some(request) = long_short(file) else { return };
    let loaded = sound(&request);
    let market = &loaded.market;
    assert_eq!(messages(&loaded.notes), "");
    assert_eq!(market.rows(), 5190);
    let factors = market.factors().unwrap();
    assert_eq!(factors.names(), ["Mkt-RF", "SMB", "HML"]);
    // The file ends 2025-03-31; the market starts 2005-12-12 and goes on to 2026-07-31.
    let listing = factors.listing();
    assert_eq!(listing.start, 0);
    assert_eq!(market.dates()[listing.end - 1], Date::constant(2025, 3, 31));
    let crash = market.row_on_or_after(Date::constant(2020, 3, 16)).unwrap();
    assert_eq!(factors.row(crash), Some(&[-0.1201, -0.0021, -0.0075][..]));
    assert_eq!(market.cash().unwrap().value(crash), Some(0.006 / 100.0));
    // pandas: (1 + RF / 100).prod() - 1 over 2017
    let year = |date: &Date| date.year() == 2017;
    let rows = (0..market.rows()).filter(|&row| year(&market.dates()[row]));
    let growth: f64 = rows.map(|row| 1.0 + factors.risk_free(row).unwrap()).product();
    assert!((growth - 1.0 - 0.008_173_071_576_957_236).abs() < 1e-14);
    let record = &loaded.sources[1];
    assert_eq!(record.role, "factors");
    assert_eq!(record.vintage.as_deref(), Some("202503"));
    assert_eq!((record.rows, record.first), (25_961, Some(Date::constant(1926, 7, 1))));
    assert_eq!(record.sha256, "f66b05992214f55582afa5441168db9c804ba99ba7f2a11e6fdce5640c479ea2");
}

#[test]
fn every_vintage_says_what_it_is() {
    let files = [
        "french/F-F_Research_Data_Factors_daily.202604.csv",
        "french/F-F_Research_Data_Factors_daily_CSV.zip",
        "french/F-F_Research_Data_5_Factors_2x3_daily_CSV.zip",
    ];
    let mut told = Vec::new();
    for file in files {
        let Some(request) = long_short(file) else { return };
        let loaded = sound(&request);
        let record = &loaded.sources[1];
        let vintage = record.vintage.as_deref().unwrap();
        let crash = loaded.market.row_on_or_after(Date::constant(2020, 3, 16)).unwrap();
        let row = loaded.market.factors().unwrap().row(crash).unwrap();
        told.push(format!(
            "{} {vintage} {} rows to {}: {row:?}",
            record.format,
            record.rows,
            record.last.unwrap()
        ));
        told.extend((!loaded.notes.is_empty()).then(|| messages(&loaded.notes)));
    }
    insta::assert_snapshot!(told.join("\n"), @"
    Ken French text 202604 26233 rows to 2026-04-30: [-0.1201, -0.0021, -0.0075]
    warning: F-F_Research_Data_Factors_daily.202604.csv gives the risk-free rate with 2 decimals of a percent a day: rounding may move it by more than 1 % a year; vintages up to 202503 have three
    Ken French zip 202412 25901 rows to 2024-12-31: [-0.12, -0.0024, -0.0073]
    Ken French zip 202412 15481 rows to 2024-12-31: [-0.12, -0.008199999999999999, -0.0073]
    note: F-F_Research_Data_5_Factors_2x3_daily_CSV.zip: RMW, CMA not used; the SMB of a five-factor file differs from that of the three-factor file
    ");
}

#[test]
fn files_of_the_library_without_daily_factors_are_refused() {
    let files =
        ["french/F-F_Research_Data_Factors_CSV.zip", "french/F-F_Momentum_Factor_daily_CSV.zip"];
    let mut told = Vec::new();
    for file in files {
        let Some(request) = long_short(file) else { return };
        let message = load(&request).unwrap_err().to_string();
        told.push(message.rsplit('/').next().unwrap().to_owned());
    }
    insta::assert_snapshot!(told.join("\n"), @"
    F-F_Research_Data_Factors_CSV.zip holds monthly returns, and the prices step from 2005-12-12 to 2005-12-13: none of its rows covers that
    F-F_Momentum_Factor_daily_CSV.zip has no Mkt-RF, SMB, HML, RF; found: Mom
    ");
}

#[test]
fn a_large_universe_loads_from_parquet() {
    let Some(prices) = data("universe/sp500_adjclose_2010_2026.parquet") else { return };
    let loaded = sound(&request(prices, &["ZTS", "A", "ABNB"]));
    let market = &loaded.market;
    assert_eq!(messages(&loaded.notes), "");
    assert_eq!(market.rows(), 4169);
    // pandas: d.A.iloc[0], d.ABNB.iloc[-1]; the file stores 32-bit floats.
    assert_eq!(market.prices().value(0, 1), Some(f64::from(19.772_955_f32)));
    assert_eq!(market.prices().value(4168, 2), Some(f64::from(151.52_f32)));
    assert_eq!(market.dates()[market.prices().listing(2).start], Date::constant(2020, 12, 10));
    assert_eq!(loaded.sources[0].format, "wide Parquet");
}

#[test]
fn files_as_vendors_ship_them_are_refused_for_their_reason() {
    let cases = [
        ("messy/not_really_csv/all_stocks_5yr_GIT_LFS_POINTER.csv", "SPY"),
        ("messy/stooq/spy_us_d_polish_headers.csv", "Zamkniecie"),
        ("messy/alphavantage_raw_close_and_split_coef/DBA.csv", "close"),
        ("messy/investing_com_delisted/Avaya Stock Price History.csv", "Price"),
        ("messy/intraday_tz_div_row/ILF_1min_2019.csv", "Close"),
        ("messy/unit_trap/ETF_ff_Data_RETURNS_TIMES_252.csv", "SPY"),
        ("messy/yfinance_dirty/SSW-JO-1d-100x-error.csv", "Close"),
        ("universe/sp500_survivorship_free_2013_2018_long.parquet", "SPY"),
    ];
    let mut told = Vec::new();
    for (file, column) in cases {
        let Some(path) = data(file) else { return };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Err(error) = load(&request(path.clone(), &[column])) else { panic!("{file} loads") };
        told.push(error.to_string().replace(&path.display().to_string(), &name));
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    all_stocks_5yr_GIT_LFS_POINTER.csv is not what its name says: it holds a Git LFS pointer, not the data
    spy_us_d_polish_headers.csv holds the price record of one ticker, and Zamkniecie is a column of it
    DBA.csv holds the price record of one ticker, and close is a column of it
    Avaya Stock Price History.csv holds the price record of one ticker, and Price is a column of it
    ILF_1min_2019.csv holds the price record of one ticker, and Close is a column of it
    ETF_ff_Data_RETURNS_TIMES_252.csv column SPY changes its sign 2002 times in 3935 values: it holds returns, not prices
    SSW-JO-1d-100x-error.csv holds the price record of one ticker, and Close is a column of it
    asset SPY is not in sp500_survivorship_free_2013_2018_long.parquet
    "#);
}

#[test]
fn a_gzipped_table_is_read_as_if_it_were_not() {
    let Some(path) = data("universe/skfolio_factors_dataset.csv.gz") else { return };
    let loaded = sound(&request(path, &["MTUM", "USMV"]));
    let record = &loaded.sources[0];
    assert_eq!((record.format, record.rows), ("wide CSV", 2264));
    assert_eq!(loaded.market.prices().value(0, 0), Some(52.704));
}

#[test]
fn a_fall_by_a_factor_of_hundred_is_a_warning() {
    let Some(prices) = data("messy/yahoo_2026_bad_series/CAPNR.csv") else { return };
    insta::assert_snapshot!(messages(&sound(&request(prices, &["CAPNR"])).notes), @"
    warning: CAPNR.csv does not say whether the closes of CAPNR contain splits and dividends; they are used as they stand
    warning: CAPNR.csv lacks 207 NYSE sessions between 2001-01-02 and 2012-11-08: 2001-01-24, 2001-01-26, 2001-03-14, ..
    warning: CAPNR falls 99.1 % on 2011-05-26; check for a missed split or a change of unit
    ");
}

/// A few milliseconds when measured; the bound leaves room for a busy machine.
#[test]
fn a_study_loads_in_a_moment() {
    let Some(request) = long_short("french/F-F_Research_Data_Factors_daily.202503.csv") else {
        return;
    };
    let start = std::time::Instant::now();
    sound(&request);
    let elapsed = start.elapsed();
    println!("loaded in {elapsed:?}");
    assert!(elapsed.as_millis() < 1_000, "{elapsed:?}");
}
