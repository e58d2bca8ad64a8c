//! Files as people have them: each is read to the prices that its maker put in, or refused for what
//! it leaves open.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod common;

use common::{field, messages, request, sound};
use walkfolio_core::Date;
use walkfolio_data::quality::{Kind, Panel, Severity, inspect};
use walkfolio_data::{CsvForm, DateOrder, Decimal, FileRequest, load, read_prices};

/// The days and the prices of an asset in a file.
fn column(file: &str, ticker: &str) -> Option<Vec<(Date, f64)>> {
    let panel = read_prices(&field(file)?).unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(of(&panel, ticker))
}

fn of(panel: &Panel, ticker: &str) -> Vec<(Date, f64)> {
    let own = panel.columns.iter().find(|own| own.ticker.as_str() == ticker);
    let own = own.unwrap_or_else(|| panic!("{}: {ticker} is not in it", panel.name));
    let rows = panel.dates.iter().copied().zip(&own.prices);
    rows.filter_map(|(date, price)| Some((date, (*price)?))).collect()
}

/// What most of the cases hold, in a plain form.
fn plain(ticker: &str) -> Option<Vec<(Date, f64)>> {
    let prices = column("07/mdy.csv", ticker)?;
    assert_eq!(prices.len(), 250);
    Some(prices)
}

fn refusal(file: &str) -> Option<String> {
    let path = field(file)?;
    let error = read_prices(&path).unwrap_err();
    let hint = error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    let folder = format!("{}/", path.parent().unwrap().display());
    Some(format!("{error}{hint}").replace(&folder, ""))
}

#[test]
fn the_same_prices_are_read_whatever_the_form() {
    let files = [
        "01/prices.csv",
        "03/prices.csv",
        "03/b.csv",
        "04/iso.csv",
        "04/plain.csv",
        "04/tz.csv",
        "07/dmy.csv",
        "07/long-dmy.csv",
        "08/prices.csv",
        "08/semi.csv",
        "08/tab.csv",
        "10/finrl/all.csv",
        "12/m00.csv",
    ];
    for ticker in ["AAA", "BBB", "CCC", "FUND"] {
        let Some(expected) = plain(ticker) else { return };
        assert_eq!(expected[0].0, Date::constant(2023, 1, 3));
        assert_eq!(expected[249].0, Date::constant(2023, 12, 29));
        for file in files {
            let found = column(file, ticker).unwrap();
            // The files of case 12 are short, and lack a price of BBB.
            let mut expected = expected.clone();
            if file.starts_with("12") {
                expected.truncate(29);
                expected.retain(|(date, _)| {
                    ticker != "BBB" || *date != found.last().unwrap().0.tomorrow().unwrap()
                });
                expected.truncate(found.len());
            }
            assert_eq!(found, expected, "{file} {ticker}");
        }
    }
}

#[test]
fn files_of_one_ticker_give_the_adjusted_close() {
    let Some(expected) = plain("AAA") else { return };
    for vendor in ["tiingo", "polygon", "extra", "tradingview", "wiki", "nse", "wsj", "eodhd"] {
        let found = column(&format!("10/{vendor}/AAA.csv"), "AAA").unwrap();
        assert_eq!(found, expected, "{vendor}");
    }
    assert_eq!(column("01/one/AAA.csv", "AAA").unwrap(), expected);
    // A dot on each fifth.
    let fred: Vec<(Date, f64)> =
        expected.iter().copied().filter(|(date, _)| date.day() != 5).collect();
    assert_eq!(column("10/fred/SP500.csv", "SP500").unwrap(), fred);
    let panel = read_prices(&field("10/extra/AAA.csv").unwrap()).unwrap();
    assert_eq!(messages(&panel.notes), "note: AAA.csv: VWAP not read");
}

#[test]
fn what_a_file_leaves_open_is_asked_for() {
    let files = ["07/ambiguous.csv", "07/contradict.csv", "08/thou.csv", "12/m10.csv"];
    let Some(messages) = files.iter().map(|file| refusal(file)).collect::<Option<Vec<_>>>() else {
        return;
    };
    insta::assert_snapshot!(messages.join("\n"), @r##"
    ambiguous.csv line 2 has date "03/01/2023", and no date of the file shows its order: it is 2023-01-03 as day/month/year (day_first), or 2023-03-01 as month/day/year (month_first)
      hint: state csv.date_order in the study's [market], such as csv = { date_order = "day_first" }, or write dates as 2024-03-28
    contradict.csv line 2 has date "13/01/2023", which is day/month/year, and line 3 has "01/14/2023", which is month/day/year
      hint: write all dates in one order, best as 2024-03-28
    thou.csv line 2, column Close, has "20,000", and no number of the file shows its decimal separator: it is 20000 with a decimal point, or 20 with a decimal comma
      hint: state csv.decimal in the study's [market], such as csv = { decimal = "," }, or write plain numbers as 1234.5
    m10.csv line 30, column BBB, has "#VALUE!"; a price must be a number, or empty where the asset is not listed
      hint: write plain numbers such as 1234.5, or leave the cell empty
    "##);
    let short = column("07/yy.csv", "yy").unwrap();
    assert_eq!(short[2], (Date::constant(2023, 1, 13), 10.2));
    assert_eq!(column("08/quoted.csv", "AAA").unwrap()[0].1.to_bits(), 20.001_f64.to_bits());
}

#[test]
fn a_key_decides_what_is_open() {
    let Some(path) = field("07/ambiguous.csv") else { return };
    let csv = CsvForm { date_order: Some(DateOrder::DayFirst), ..CsvForm::default() };
    let loaded = sound(&FileRequest { csv, ..request(path, &["AAA", "BBB"]) });
    assert_eq!(loaded.market.dates()[0], Date::constant(2023, 1, 3));
    let thousands = field("08/thou.csv").unwrap();
    for (decimal, first) in [(Decimal::Point, 20_000.0), (Decimal::Comma, 20.0)] {
        let csv = CsvForm { decimal: Some(decimal), ..CsvForm::default() };
        let loaded = sound(&FileRequest { csv, ..request(thousands.clone(), &["thou"]) });
        assert_eq!(loaded.market.prices().value(0, 0), Some(first));
    }
}

#[test]
fn words_for_a_missing_price_are_known() {
    if field("12/m00.csv").is_none() {
        return;
    }
    for at in 0..10 {
        let found = column(&format!("12/m{at:02}.csv"), "BBB").unwrap();
        assert_eq!(found.len(), 28, "m{at:02}");
    }
}

#[test]
fn any_printable_name_is_a_ticker() {
    let Some(path) = field("11/prices.csv") else { return };
    let names =
        ["BRK.B", "^GSPC", "TRUE", "NA", "NaN", "M&M.NS", "BTC/USD", "BF B", "S&P 500", "EURUSD=X"];
    let loaded = sound(&request(path.clone(), &names));
    assert_eq!(loaded.market.prices().value(0, 5), Some(70.0));
    assert_eq!(read_prices(&path).unwrap().columns.len(), 15);
    let long = column("11/long.csv", "^GSPC").unwrap();
    assert_eq!(long[0].1, 27.1429);
}

#[test]
fn a_folder_names_what_it_does_not_read() {
    let Some(path) = field("39/px") else { return };
    let panel = read_prices(&path).unwrap();
    let tickers: Vec<&str> = panel.columns.iter().map(|own| own.ticker.as_str()).collect();
    assert_eq!(tickers, ["AAA", "BBB", "CCC", "DDD", "FUND"]);
    let notes = messages(&panel.notes);
    assert!(notes.contains(".DS_Store, README.md, desktop.ini, ~$AAA.csv not read"), "{notes}");
}

#[test]
fn parquet_of_pandas_is_read_whatever_its_index() {
    let Some(expected) = column("44/named.parquet", "AAA") else { return };
    assert_eq!(expected[0].0, Date::constant(2022, 1, 3));
    for file in [
        "unnamed",
        "ny",
        "ny_utc",
        "tokyo",
        "utc",
        "close16",
        "strdate",
        "date32",
        "multi",
        "long",
        "long-tokyo",
    ] {
        assert_eq!(column(&format!("44/{file}.parquet"), "AAA").unwrap(), expected, "{file}");
    }
    let single = column("44/f32.parquet", "AAA").unwrap();
    assert!(single.iter().zip(&expected).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-5));
}

#[test]
fn tickers_of_stooq_are_read_under_both_names() {
    let Some(path) = field("48/us.csv") else { return };
    for names in [["AAA.US", "FUND.US"], ["AAA", "FUND"]] {
        assert_eq!(sound(&request(path.clone(), &names)).market.prices().value(0, 0), Some(20.0));
    }
    let twice = load(&request(field("48/us2.csv").unwrap(), &["AAA"])).unwrap_err().to_string();
    assert!(twice.ends_with("has AAA.US and AAA, and both mean AAA"), "{twice}");
    let last = column("48/last.csv", "AAA").unwrap();
    assert_eq!(last[0], (Date::constant(2022, 1, 3), 20.0));
}

#[test]
fn files_of_other_exchanges_and_of_months_are_clean() {
    let dates = [
        Kind::MissingSession,
        Kind::ExtraSession,
        Kind::ShiftedDates,
        Kind::MixedCalendars,
        Kind::Gap,
    ];
    for file in ["32/tokyo.csv", "32/london.csv", "32/mixed.csv", "15/prices.csv"] {
        let Some(path) = field(file) else { return };
        let report = inspect(&read_prices(&path).unwrap());
        let about = report.findings.iter().filter(|finding| dates.contains(&finding.kind));
        let about: Vec<(Severity, &str)> =
            about.map(|finding| (finding.severity, finding.message.as_str())).collect();
        if file == "32/mixed.csv" {
            let told = "mixed.csv follows several calendars: Tokyo (7203.T, ^N225), London (HSBA.L), \
                        NYSE (SPY); an asset lacks a price on the others' sessions";
            assert_eq!(about, [(Severity::Note, told)]);
        } else {
            assert!(about.is_empty(), "{file}: {about:?}");
        }
    }
}
