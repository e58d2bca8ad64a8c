//! Series of files, and what is found out by looking.

use std::fmt::Write;
use std::path::PathBuf;

use super::{Around, Kind, SeriesError, SeriesFile, run_of};

/// A file in a folder of its own, which goes when it is dropped.
struct File {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl File {
    fn new(name: &str, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Self { path, _folder: folder }
    }

    fn series(&self) -> SeriesFile<'_> {
        SeriesFile { path: &self.path, column: None, kind: None }
    }
}

/// Daily returns of a pattern, as fractions times `scale`.
fn daily(name: &str, scale: f64) -> String {
    sessions(name, |at| [0.01, -0.012, 0.004, 0.0][at % 4] * scale)
}

/// A value of each weekday.
fn sessions(name: &str, value: impl Fn(usize) -> f64) -> String {
    let mut text = format!("date,{name}\n");
    let mut date = walkfolio_core::Date::constant(2024, 1, 1);
    for at in 0..60 {
        date = date.tomorrow().unwrap();
        if date.weekday().to_monday_zero_offset() < 5 {
            writeln!(text, "{date},{}", value(at)).unwrap();
        }
    }
    text
}

#[test]
fn the_kind_is_found_out_by_looking() {
    let fraction = File::new("fraction.csv", &daily("fund", 1.0));
    let percent = File::new("percent.csv", &daily("fund", 100.0));
    let read = |file: &File| file.series().read("returns").unwrap();
    let (one, other) = (read(&fraction), read(&percent));
    assert_eq!((one.kind, other.kind), (Kind::Returns, Kind::Percent));
    assert!(one.looked && one.base.is_none());
    assert!(one.returns.iter().zip(&other.returns).all(|(a, b)| (a - b).abs() < 1e-15));
    let prices =
        File::new("prices.csv", "date,fund\n2024-01-02,100\n2024-01-03,110\n2024-01-04,99\n");
    let found = read(&prices);
    assert_eq!(found.kind, Kind::Prices);
    assert!((found.returns[0] - 0.1).abs() < 1e-15 && (found.returns[1] + 0.1).abs() < 1e-15);
    assert_eq!(found.base.unwrap().to_string(), "2024-01-02");
}

#[test]
fn what_is_open_is_refused_and_can_be_told() {
    // A volatility of about 2 a year: wild as fractions, tame as percent.
    let file = File::new("open.csv", &daily("fund", 15.0));
    let error = file.series().read("returns").unwrap_err();
    assert!(matches!(error, SeriesError::OpenUnit { .. }), "{error}");
    assert!(error.hint().unwrap().contains("--kind percent"));
    let told = SeriesFile { kind: Some(Kind::Percent), ..file.series() };
    assert!(!told.read("returns").unwrap().looked);
}

/// Numbers at the ends of months.
fn monthly(values: &[f64]) -> String {
    let mut text = "date,fund\n".to_owned();
    let mut date = walkfolio_core::Date::constant(2020, 1, 31);
    for value in values {
        writeln!(text, "{date},{value}").unwrap();
        date = date.tomorrow().unwrap().last_of_month();
    }
    text
}

/// Private credit in percent, bills in fractions and the like have no loss; an equity curve has none either.
#[test]
fn returns_without_a_loss_are_not_taken_for_prices() {
    let credit = [0.9, 0.7, 0.8, 1.1, 0.6, 0.9, 1.0, 0.7, 0.8, 0.9, 1.2, 0.7];
    let bills: Vec<f64> = (0..24).map(|at| 0.0002 + 0.000_01 * f64::from(at)).collect();
    for values in [&credit[..], &bills, &[0.004; 12]] {
        let file = File::new("positive.csv", &monthly(values));
        let error = file.series().read("returns").unwrap_err();
        assert!(matches!(error, SeriesError::OpenKind { .. }), "{error}");
        assert!(error.hint().unwrap().contains("--kind prices, returns or percent"));
        let told = SeriesFile { kind: Some(Kind::Percent), ..file.series() };
        assert!((told.read("returns").unwrap().returns[0] - values[0] / 100.0).abs() < 1e-18);
    }
    let curve: Vec<f64> =
        (0..60).map(|at| 1.01_f64.powi(at) * (1.0 + 0.01 * f64::from(at % 3))).collect();
    let dear: Vec<f64> = [104.0, 99.0, 101.0, 98.0, 103.0, 100.0].to_vec();
    for values in [&curve, &dear, &vec![100.0; 12]] {
        let file = File::new("prices.csv", &monthly(values));
        assert_eq!(file.series().read("returns").unwrap().kind, Kind::Prices);
    }
}

/// Weekly steps, with two of three weeks missing for years.
#[test]
fn dates_of_no_frequency_are_refused_unless_it_is_told() {
    let mut text = "date,fund\n".to_owned();
    let first = walkfolio_core::Date::constant(2015, 1, 2);
    let mut week = 0;
    for row in 0..60 {
        week += if row % 5 < 3 { 1 } else { 8 };
        let date = first.checked_add(jiff::Span::new().days(7 * week)).unwrap();
        writeln!(text, "{date},{}", [0.01, -0.02, 0.015][row % 3]).unwrap();
    }
    let file = File::new("irregular.csv", &text);
    let error = run_of(&file.series(), None, &Around::default()).unwrap_err();
    assert!(
        error.to_string().contains("those of 52 periods a year, and there are 14 rows"),
        "{error}"
    );
    let told = Around { periods_per_year: Some(14.0), ..Around::default() };
    assert!(run_of(&file.series(), None, &told).is_ok());
}

#[test]
fn a_benchmark_of_another_time_is_refused() {
    let own = File::new("own.csv", &daily("fund", 1.0));
    let other = File::new("other.csv", "date,b\n2010-01-04,10\n2010-01-05,11\n2010-01-06,12\n");
    let error = run_of(&own.series(), Some(&other.series()), &Around::default()).unwrap_err();
    assert!(
        error.to_string().contains("2010-01-04 to 2010-01-06, and the series 2024-01-02"),
        "{error}"
    );
}

#[test]
fn wrong_values_and_columns_are_named() {
    let two = File::new("two.csv", "date,a,b\n2024-01-02,1,2\n2024-01-03,1,2\n2024-01-04,1,2\n");
    let error = two.series().read("returns").unwrap_err();
    assert!(error.to_string().contains("holds 2 series and none is named: a, b"), "{error}");
    let told = SeriesFile { column: Some("b"), ..two.series() };
    assert_eq!(told.read("returns").unwrap().name, "b");
    let lost = File::new("lost.csv", "date,a\n2024-01-02,0.1\n2024-01-03,-1.2\n2024-01-04,0.0\n");
    let told = SeriesFile { kind: Some(Kind::Returns), ..lost.series() };
    let error = told.read("returns").unwrap_err().to_string();
    assert!(error.contains("a is -1.2 on 2024-01-03"), "{error}");
    let twice = File::new("twice.csv", "date,a\n2024-01-02,1\n2024-01-02,2\n2024-01-03,2\n");
    assert!(twice.series().read("returns").unwrap_err().to_string().contains("two rows"));
    let short = File::new("short.csv", "date,a\n2024-01-02,1\n2024-01-03,2\n");
    assert!(matches!(short.series().read("returns"), Err(SeriesError::TooShort { rows: 2, .. })));
}

#[test]
fn a_daily_benchmark_is_compounded_over_the_months_of_a_series() {
    let own =
        File::new("months.csv", "date,fund\n2024-02-29,0.05\n2024-03-28,-0.02\n2024-04-30,0.01\n");
    let benchmark = File::new(
        "index.csv",
        "date,index\n2024-01-31,100\n2024-02-15,110\n2024-02-29,121\n2024-03-28,121\n",
    );
    let run = run_of(&own.series(), Some(&benchmark.series()), &Around::default()).unwrap();
    let found: Vec<Option<f64>> = run.returns.iter().map(|row| row.benchmark).collect();
    assert!((found[0].unwrap() - 0.21).abs() < 1e-15);
    // The benchmark ends in March: April has none, and its own measures are of two months.
    assert_eq!((found[1], found[2]), (Some(0.0), None));
    let full = &run.benchmark.unwrap().full;
    assert_eq!(full.get("sessions"), Some(2.0));
    assert!((run.measures.full.get("excess_return_annual").unwrap() + 1.08).abs() < 1e-12);
}

#[test]
fn a_hole_of_the_benchmark_is_an_error_where_it_is_read() {
    let own = File::new("own.csv", "date,f\n2024-01-03,0.01\n2024-01-04,-0.02\n2024-01-05,0.01\n");
    let hole = File::new("hole.csv", "date,b\n2024-01-02,10\n2024-01-03,11\n2024-01-05,12\n");
    let error = run_of(&own.series(), Some(&hole.series()), &Around::default()).unwrap_err();
    assert!(error.to_string().contains("no value between 2024-01-03 and 2024-01-04"), "{error}");
}

#[test]
fn a_rate_reduces_the_returns_of_ratios() {
    let file = File::new("rate.csv", &daily("fund", 1.0));
    let plain = run_of(&file.series(), None, &Around::default()).unwrap();
    let reduced =
        run_of(&file.series(), None, &Around { risk_free: Some(0.04), ..Around::default() })
            .unwrap();
    let sharpe = |run: &walkfolio_record::Run| run.measures.full.get("sharpe_ratio").unwrap();
    assert!(sharpe(&reduced) < sharpe(&plain));
    let each = libm::pow(1.04, 1.0 / 252.0) - 1.0;
    assert_eq!(reduced.returns[0].cash, Some(each));
    assert_eq!(plain.returns[0].cash, None);
}

/// `SPY.csv` is SPY, whether its column is called `Close`, `return` or SPY.
#[test]
fn a_column_that_names_only_its_numbers_leaves_the_name_to_the_file() {
    for column in ["return", "Total Return (%)", "equity_curve", "0", "r"] {
        let file = File::new("SPY.csv", &daily(column, 1.0));
        let told = SeriesFile { kind: Some(Kind::Returns), ..file.series() };
        assert_eq!(told.read("benchmark").unwrap().name, "SPY", "{column}");
    }
    let prices = |column: &str| sessions(column, |at| 100.0 + [3.0, 5.0, 4.0, 7.0][at % 4]);
    for column in ["Close", "Adj Close", "NAV", "price"] {
        let file = File::new("SPY.csv", &prices(column));
        assert_eq!(file.series().read("benchmark").unwrap().name, "SPY", "{column}");
    }
    for column in ["fund", "Fund return", "R2000", "strategy"] {
        let file = File::new("SPY.csv", &daily(column, 1.0));
        assert_eq!(file.series().read("benchmark").unwrap().name, column);
    }
    let own = File::new("mine.csv", &daily("return", 1.0));
    let other = File::new("SPY.csv", &prices("Close"));
    let run = run_of(&own.series(), Some(&other.series()), &Around::default()).unwrap();
    assert_eq!(
        (run.manifest.study.as_str(), run.manifest.benchmark.as_deref()),
        ("mine", Some("SPY"))
    );
    let named = Around { name: Some("Mine"), ..Around::default() };
    assert_eq!(run_of(&own.series(), None, &named).unwrap().manifest.study, "Mine");
}
