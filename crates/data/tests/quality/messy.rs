//! What vendors really shipped: each file with its fault, each repaired twin without it.

use walkfolio_data::quality::{Kind, Panel, inspect};
use walkfolio_data::read_prices;

use crate::common::data;
use crate::read::{asset, asset_by};

fn kinds(panel: &Panel) -> Vec<Kind> {
    let mut kinds: Vec<Kind> =
        inspect(panel).findings.into_iter().map(|finding| finding.kind).collect();
    kinds.dedup();
    kinds
}

/// The 12 pairs, each with the kind of its fault.
const PAIRS: [(&str, Kind); 12] = [
    ("1398-HK-1d-bad-div", Kind::Dividend),
    ("4063-T-1d-bad-stock-split", Kind::MissedSplit),
    ("8TRA-DE-1d-missing-div-adjust", Kind::Dividend),
    ("AET-L-1d-100x-error", Kind::UnitError),
    ("ALPHA-PA-1d-bad-stock-split", Kind::MissedSplit),
    ("DEX-AX-1d-bad-stock-split", Kind::MissedSplit),
    ("DODFX-1d-cg-double-count", Kind::Dividend),
    ("LA-V-1d-bad-stock-split", Kind::MissedSplit),
    ("MOB-ST-1d-bad-stock-split", Kind::MissedSplit),
    ("SAND-1d-bad-div", Kind::Dividend),
    ("SSNLF-1d-bad-div", Kind::BadPrice),
    ("SSW-JO-1d-100x-error", Kind::UnitError),
];

#[test]
fn bad_series_are_found_and_their_repaired_twins_are_not() {
    for (name, kind) in PAIRS {
        let file = |suffix: &str| data(&format!("messy/yfinance_dirty/{name}{suffix}.csv"));
        let (Some(bad), Some(repaired)) = (file(""), file("-fixed")) else { return };
        let count = |path| {
            let report = inspect(&asset(path));
            report.findings.iter().filter(|finding| finding.kind == kind).count()
        };
        assert!(count(&bad) > 0, "{name} lacks {kind:?}");
        // The repair took SAND's second dividend away and left its adjustment in the closes.
        let left = usize::from(name == "SAND-1d-bad-div");
        assert_eq!(count(&repaired), left, "{name} repaired");
    }
}

#[test]
fn a_fund_with_sound_dividends_is_clean() {
    let Some(path) = data("messy/yfinance_dirty/EWG-1d-no-bad-divs.csv") else { return };
    assert_eq!(kinds(&asset(&path)), []);
}

#[test]
fn each_messy_file_is_told_its_fault() {
    let expected = [
        ("yahoo_2026_bad_series/CAPNR.csv", Kind::UnitError),
        ("yahoo_2026_bad_series/DHR.csv", Kind::Jump),
        ("yahoo_2026_bad_series/SAFE.csv", Kind::BadPrice),
        ("yahoo_2026_bad_series/TRIB.csv", Kind::BadPrice),
        ("yahoo_2026_bad_series/TRIB.csv", Kind::MissedSplit),
        ("yahoo_csv_null_rows/GAF_yahoo_null_rows_delisted_etf.csv", Kind::Gap),
        ("yahoo_csv_null_rows/GAF_yahoo_null_rows_delisted_etf.csv", Kind::ZeroVolume),
        ("investing_com_delisted/Avaya Stock Price History.csv", Kind::StalePrice),
        ("investing_com_delisted/Catalent Inc Stock Price History.csv", Kind::UnsortedDates),
        ("investing_com_delisted/First Data Corp Stock Price History.csv", Kind::UnsortedDates),
        ("investing_com_delisted/NYSE Euronext Stock Price History.csv", Kind::MissingSession),
        ("stooq/spy.us.txt", Kind::MissingSession),
        ("stooq/spy_us_d_polish_headers.csv", Kind::MissingSession),
        ("stooq/mtum.us.txt", Kind::MissingSession),
        ("intraday_tz_div_row/ILF_1min_2019.csv", Kind::DuplicateDate),
    ];
    for (file, kind) in expected {
        let Some(path) = data(&format!("messy/{file}")) else { return };
        let found = kinds(&asset(&path));
        assert!(found.contains(&kind), "{file} has {found:?}");
    }
}

/// Every split coefficient that the raw files state, by what the closes do on its day.
#[test]
fn raw_closes_show_their_splits_and_adjusted_ones_do_not() {
    for (name, split) in [("EPP", 3.0), ("EWJ", 0.25), ("ILF", 5.0), ("XBI", 3.0), ("USO", 0.125)] {
        let file = format!("messy/alphavantage_raw_close_and_split_coef/{name}.csv");
        let Some(path) = data(&file) else { return };
        let raw = inspect(&asset_by(&path, &["close"]));
        let ratios: Vec<f64> = raw
            .findings
            .iter()
            .filter(|finding| finding.kind == Kind::MissedSplit)
            .filter_map(|finding| finding.value)
            .collect();
        assert_eq!(ratios.len(), 1, "{name}");
        assert!((ratios[0] * split - 1.0).abs() < 0.1, "{name} {ratios:?}");
        let adjusted = kinds(&asset(&path));
        assert!(!adjusted.contains(&Kind::MissedSplit), "{name} adjusted");
        assert!(!adjusted.contains(&Kind::Dividend), "{name} adjusted");
    }
}

#[test]
fn returns_times_252_are_no_prices() {
    let Some(path) = data("messy/unit_trap/ETF_ff_Data_RETURNS_TIMES_252.csv") else { return };
    let mut panel = read_prices(&path).unwrap();
    assert_eq!(kinds(&panel), [Kind::ScaledReturns]);
    for (by, unit) in [(2.52, "in percent"), (252.0, "as fractions")] {
        let mut divided = panel.clone();
        for price in divided.columns.iter_mut().flat_map(|column| &mut column.prices) {
            *price = price.map(|price| price / by);
        }
        let report = inspect(&divided);
        assert_eq!(report.findings[0].kind, Kind::ReturnsNotPrices);
        assert!(report.findings[0].message.contains(unit), "{}", report.findings[0].message);
    }
    // Cumulated, they are prices again.
    for column in &mut panel.columns {
        let mut level = 100.0;
        for price in &mut column.prices {
            level *= 1.0 + price.unwrap_or_default() / 252.0;
            *price = Some(level);
        }
    }
    assert!(!kinds(&panel).contains(&Kind::ReturnsNotPrices));
}
