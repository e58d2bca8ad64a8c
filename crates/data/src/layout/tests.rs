use walkfolio_core::Date;

use super::*;
use crate::adjust::{Reinvested, factors};
use crate::series::check_prices;

fn read(text: &str) -> Result<Vec<Series>> {
    parse("x.csv", text.as_bytes(), None, &Ticker::new("X").unwrap())
}

#[test]
fn errors_name_what_they_saw() {
    let texts = [
        "week,close\n2024-01-02,1\n",
        "date,close,price\n2024-01-02,1,1\n",
        "date,SPY\n2024-01-02,1\n",
        "date,ticker,open\n2024-01-02,SPY,1\n",
        "date,ticker,close\n2024-01-02,A\u{200b}B,1\n",
        "date,close\n2024-01-02,1\n2024-01-02,1\n",
        "date,close\n",
        "date,close\n01/02/2024,1\n01/03/2024,1\n",
        "date,close,split_coefficient\n2024-01-02,1,-2\n",
        "<TICKER>,<PER>,<DATE>,<TIME>,<CLOSE>\nSPY.US,5,20240102,093500,1\nSPY.US,5,20240102,094000,1\n",
        "{\"chart\": {\"result\": null, \"error\": {\"code\": \"Not Found\", \"description\": \"No data found, symbol may be delisted\"}}}",
        "{\"finance\": {\"result\": null, \"error\": {\"code\": \"Unauthorized\"}}}",
        "{\"chart\": {\"result\": []}}",
        "{\"chart\": 1}",
        "<!doctype html><title>Too many requests</title>",
    ];
    let messages: Vec<String> =
        texts.iter().map(|text| read(text).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    x.csv has no date column: its columns are week, close
    x.csv has more than one column for the close: close, price; its header is date, close, price
    x.csv has no column of closes; its header is date, SPY
    x.csv has no column of closes; its header is date, ticker, open
    x.csv: ticker "A\u{200b}B" is not valid: it holds a character that is not printed
    x.csv: date 2024-01-02 occurs twice, in rows 2 and 3
    x.csv has no row below its header line
    x.csv line 2 has date "01/02/2024", and no date of the file shows its order: it is 2024-02-01 as day/month/year (day_first), or 2024-01-02 as month/day/year (month_first)
    x.csv line 2, column split_coefficient, has "-2"; an event must be a positive number
    x.csv line 3 has a time of day, "20240102 094000": it holds intraday rows
    x.csv is a refusal of the vendor: Not Found: No data found, symbol may be delisted
    x.csv is a refusal of the vendor: Unauthorized
    x.csv holds no session
    x.csv is damaged: invalid type: integer `1`, expected struct Chart at line 1 column 11
    x.csv holds a web page; daily series are read from CSV, long Parquet or a Yahoo chart response
    "#);
}

fn chart(meta: &str, stamps: &str, closes: &str, events: &str) -> Result<Vec<Series>> {
    read(&format!(
        r#"{{"chart":{{"result":[{{"meta":{{"symbol":"X",{meta}}},"timestamp":{stamps},
        "events":{events},"indicators":{{"quote":[{{"close":{closes}}}]}}}}],"error":null}}}}"#
    ))
}

#[test]
fn a_summer_midnight_seen_from_winter_keeps_its_date() {
    // 2024-01-02 and 2024-07-02 at midnight in London: 00:00 and 23:00 (the day before) UTC.
    let stamps = "[1704153600,1719874800]";
    let series = chart("\"gmtoffset\":0", stamps, "[1,2]", "{}").unwrap();
    assert_eq!(series[0].dates, [Date::constant(2024, 1, 2), Date::constant(2024, 7, 2)]);
    // Seen from summer, winter's midnight is at 01:00.
    let series = chart("\"gmtoffset\":3600", stamps, "[1,2]", "{}").unwrap();
    assert_eq!(series[0].dates, [Date::constant(2024, 1, 2), Date::constant(2024, 7, 2)]);
    // Tokyo opens at 00:00 UTC, which is nine o'clock there.
    let series = chart("\"gmtoffset\":32400", "[1704153600]", "[1]", "{}").unwrap();
    assert_eq!(series[0].dates, [Date::constant(2024, 1, 2)]);
}

#[test]
fn an_open_session_has_no_close_and_is_not_counted_twice() {
    // 2024-01-03 14:30 to 21:00 UTC, asked at 15:00; the live row repeats the session.
    let meta = r#""gmtoffset":-18000,"regularMarketTime":1704294000,
        "currentTradingPeriod":{"regular":{"start":1704292200,"end":1704315600}}"#;
    let stamps = "[1704205800,1704292200,1704294000]";
    let series = &chart(meta, stamps, "[1,2,2.5]", "{}").unwrap()[0];
    assert_eq!(series.dates, [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)]);
    assert_eq!(series.close, [Some(1.0), None]);
}

#[test]
fn pence_become_pounds_and_so_do_dividends_in_pence() {
    let events = r#"{"dividends":{"1":{"amount":5,"date":1704182400},
        "2":{"amount":0.05,"date":1704268800,"currency":"GBP"}}}"#;
    let meta = r#""gmtoffset":0,"currency":"GBp""#;
    let series = &chart(meta, "[1704182400,1704268800]", "[200,250]", events).unwrap()[0];
    assert_eq!(series.currency.as_deref(), Some("GBP"));
    assert_eq!(series.close, [Some(2.0), Some(2.5)]);
    assert_eq!(series.dividends.iter().map(|paid| paid.amount).collect::<Vec<_>>(), [0.05, 0.05]);
    let pounds = &chart(r#""currency":"GBP""#, "[1704182400]", "[200]", "{}").unwrap()[0];
    assert_eq!(pounds.close, [Some(200.0)]);
}

#[test]
fn responses_that_do_not_fit_together_are_refused() {
    let messages = [
        chart("\"dataGranularity\":\"1h\"", "[1704182400]", "[1]", "{}"),
        chart("\"gmtoffset\":0", "[1704182400]", "[1,2]", "{}"),
        chart("\"gmtoffset\":0", "[null]", "[1]", "{}"),
        chart("\"gmtoffset\":0", "[9223372036854775807]", "[1]", "{}"),
        chart("\"gmtoffset\":0", "[]", "[]", "{}"),
        parse(
            "x.csv",
            br#"{"chart":{"result":[{"meta":{"symbol":"Y"},"indicators":{}}]}}"#,
            None,
            &Ticker::new("X").unwrap(),
        ),
    ];
    let messages: Vec<String> =
        messages.into_iter().map(|read| read.unwrap_err().to_string()).collect();
    insta::assert_snapshot!(messages.join("\n"), @"
    x.csv holds bars of 1h; sessions are read from bars of 1d
    x.csv is damaged: 1 timestamps, 2 closes and 2 adjusted closes
    x.csv is damaged: timestamp 1 is null
    x.csv is damaged: 9223372036854775807 is not a timestamp
    x.csv holds no session
    x.csv holds Y, not X
    ");
}

#[test]
fn factors_join_prices_across_events() {
    // A dividend of 1 an old share on the day of a two-for-one split: 10 becomes 2 x 5 + 1.
    let text = "timestamp,close,dividend_amount,split_coefficient\n\
        2024-01-02,10,0,1\n2024-01-03,5,1,2\n2024-01-04,6,0,1\n";
    let series = &read(text).unwrap()[0];
    assert_eq!(factors("x.csv", series, Reinvested::ExClose).unwrap(), [5.0 / 11.0, 1.0, 1.0]);
    // (1 - 1 / 10) / 2
    assert_eq!(factors("x.csv", series, Reinvested::CloseBefore).unwrap(), [0.45, 1.0, 1.0]);
    let first = series.total_return("x.csv").unwrap()[0].unwrap();
    assert!((5.0 / first - 1.1).abs() < 1e-15);
    let too_large = text.replace("5,1,2", "5,10,2");
    let error = read(&too_large).unwrap()[0].total_return("x.csv").unwrap_err();
    assert_eq!(
        error.to_string(),
        "x.csv gives X a dividend of 10 on 2024-01-03, after a close of 10"
    );
}

#[test]
fn returns_are_told_from_prices_and_from_negative_prices() {
    let values: Vec<Option<f64>> =
        (0..40).map(|row| Some(if row % 3 == 0 { -1.0 } else { 1.0 })).collect();
    assert!(matches!(
        check_prices("x.csv", "X", values.iter().copied()),
        Err(Error::NotPrices { .. })
    ));
    // A stretch of negative adjusted closes changes its sign once.
    let values: Vec<Option<f64>> = (0..40).map(|row| Some(f64::from(row) - 20.5)).collect();
    assert!(check_prices("x.csv", "X", values.iter().copied()).is_ok());
}

fn recognized(names: &str) -> Layout {
    let data = Data::Bytes(Bytes::copy_from_slice(names.as_bytes()));
    let named = Ticker::new("X").unwrap();
    let (file, content, csv) = ("x.csv", Content::Text, &CsvForm::default());
    let input = Input { file, content, data: &data, wanted: &[], named: &named, bars: false, csv };
    Layout::of(&input, None).unwrap()
}

#[test]
fn the_names_tell_the_layout_whatever_their_case() {
    assert_eq!(recognized("DATE,Open,CLOSE"), Layout::OneTicker);
    assert_eq!(recognized("date,Symbol,Adj_Close"), Layout::Long);
    assert_eq!(recognized("date,SPY,QQQ"), Layout::Wide);
    // Opendoor, Lowe's and a fund: tickers, not fields.
    assert_eq!(recognized("date,OPEN,LOW"), Layout::Wide);
    assert_eq!(recognized("date,OPEN,LAST,SPY"), Layout::Wide);
    // A record stays one with columns that nobody knows, and without a close, too.
    assert_eq!(recognized("Date,Open,High,Low,Close,Volume,VWAP,Trades"), Layout::OneTicker);
    assert_eq!(recognized("Date,Close,Volume,Turnover"), Layout::OneTicker);
    assert_eq!(recognized("Date,Open,High,Low,VWAP"), Layout::OneTicker);
}

#[test]
fn words_and_meanings_of_the_schema_come_from_the_files() {
    let schema = SchemaGenerator::default().into_root_schema_for::<Layout>().to_value();
    let words = schema["oneOf"].as_array().unwrap();
    assert_eq!(words.len(), Layout::ALL.len());
    assert_eq!(words[0]["const"], "wide");
    assert_eq!(words[0]["description"], "A column of dates, then one column a ticker.");
    for layout in Layout::ALL {
        let word = serde_json::to_value(layout).unwrap();
        assert_eq!(serde_json::from_value::<Layout>(word).unwrap(), *layout);
    }
    assert!(serde_json::from_value::<Layout>("tall".into()).is_err());
}
