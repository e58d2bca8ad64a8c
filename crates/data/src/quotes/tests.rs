#![allow(clippy::unwrap_used, reason = "a test may stop at a fault")]

use walkfolio_core::ShareEvent;

use super::*;
use crate::{FileRequest, load};

fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("walkfolio-quotes-{name}"));
    std::fs::write(&path, text).unwrap();
    path
}

fn day(day: i8) -> Date {
    Date::constant(2024, 1, day)
}

fn request(prices: &Path, basis: QuoteBasis) -> QuoteRequest {
    QuoteRequest {
        prices: vec![prices.to_path_buf()],
        tickers: vec![Ticker::new("X").unwrap()],
        basis,
        within: None,
        layout: None,
        csv: CsvForm::default(),
    }
}

fn found(request: &QuoteRequest) -> Result<LoadedQuotes> {
    let assets = Universe::from_tickers(request.tickers.clone()).unwrap();
    let loaded = load(&FileRequest::new(request.prices[0].clone(), assets)).unwrap();
    load_quotes(request, &loaded.market)
}

fn closes(quotes: &Quotes, rows: usize) -> Vec<f64> {
    (0..rows).map(|row| quotes.close(row, 0).unwrap()).collect()
}

fn unadjusted() -> QuoteBasis {
    QuoteBasis::Unadjusted { closes: None, events: None }
}

/// Yahoo's closes contain the splits: 50 and 51 in new shares were 100 and 102 in old ones, and 0.5 of a dividend was 1.
#[test]
fn closes_that_contain_splits_are_brought_back() {
    let text = "date,close,adj close,dividends,splits\n2024-01-02,50,49,0,0\n2024-01-03,51,50.5,0.5,0\n2024-01-04,52,52,0,2\n";
    let path = file("split.csv", text);
    let quotes = found(&request(&path, unadjusted())).unwrap().quotes;
    assert_eq!(closes(&quotes, 3), [100.0, 102.0, 52.0]);
    let event = |date, split, dividend| ShareEvent { date: day(date), split, dividend };
    assert_eq!(quotes.events(0), [event(3, 1.0, 1.0), event(4, 2.0, 0.0)]);
}

/// 100 to 99 is -1 %, the adjusted close returns +1 %: by `d = 100 - 99 x 98 / 98.98` a dividend of 1.98.
#[test]
fn dividends_that_no_file_states_are_told_by_the_two_closes() {
    let prices =
        file("adjusted.csv", "date,X\n2024-01-02,98\n2024-01-03,98.98\n2024-01-04,98.98\n");
    let raw = file("closes.csv", "date,X\n2024-01-02,100\n2024-01-03,99\n2024-01-04,99\n");
    let basis = QuoteBasis::Unadjusted { closes: Some(raw), events: None };
    let read = found(&request(&prices, basis)).unwrap();
    let [event] = read.quotes.events(0) else { panic!("{:?}", read.quotes.events(0)) };
    assert!((event.dividend - (100.0 - 99.0 * 98.0 / 98.98)).abs() < 1e-12);
    assert_eq!(event.date, day(3));
    assert_eq!((read.records.len(), read.records[0].role), (1, "closes"));
    assert!(read.notes[0].message.starts_with("no file states dividends: 1 "), "{:?}", read.notes);
}

/// The file says that nothing was paid: 1.98 of difference between the two closes is then no dividend.
#[test]
fn after_a_header_alone_nothing_has_happened() {
    let prices = file("none.csv", "date,X\n2024-01-02,98\n2024-01-03,98.98\n2024-01-04,98.98\n");
    let raw = file("none-closes.csv", "date,X\n2024-01-02,100\n2024-01-03,99\n2024-01-04,99\n");
    let events = file("none-events.csv", "date,ticker,dividend,split\n");
    let basis = QuoteBasis::Unadjusted { closes: Some(raw.clone()), events: Some(events) };
    let read = found(&request(&prices, basis)).unwrap();
    assert!(read.quotes.events(0).is_empty());
    let record = read.records.iter().find(|record| record.role == "events").unwrap();
    assert_eq!((record.rows, record.first, record.last), (0, None, None));
    // Columns that are not there are still missed.
    let events = file("no-columns.csv", "date,ticker\n");
    let basis = QuoteBasis::Unadjusted { closes: Some(raw), events: Some(events) };
    let error = found(&request(&prices, basis)).unwrap_err().to_string();
    assert!(error.contains("has no column dividend"), "{error}");
}

#[test]
fn events_of_a_file_are_on_the_next_session_and_parted_prices_are_a_warning() {
    let prices = file("plain.csv", "date,X\n2024-01-02,50\n2024-01-04,51\n2024-01-05,60\n");
    let raw = file("raw.csv", "date,X\n2024-01-02,100\n2024-01-04,50\n2024-01-05,51\n");
    let events = file(
        "events.csv",
        "date,ticker,dividend,split\n2024-01-03,X,,2\n2024-01-04,X,2,\n2024-01-02,X,9,\n",
    );
    let basis = QuoteBasis::Unadjusted { closes: Some(raw), events: Some(events) };
    let read = found(&request(&prices, basis)).unwrap();
    let both = ShareEvent { date: day(4), split: 2.0, dividend: 2.0 };
    assert_eq!(read.quotes.events(0), [both]);
    let note = &read.notes[0].message;
    assert!(note.contains("X on 2024-01-05 has +2.00 % and +17.65 %"), "{note}");
}

#[test]
fn opens_are_in_the_adjustment_of_the_closes() {
    let text = "date,open,close,adj close\n2024-01-02,99,100,50\n2024-01-03,,102,51\n";
    let path = file("open.csv", text);
    let within = Some((Within::Open, None));
    let read = found(&QuoteRequest { within, ..request(&path, QuoteBasis::Adjusted) }).unwrap();
    assert_eq!((read.quotes.traded(0, 0), read.quotes.traded(1, 0)), (Some(49.5), Some(51.0)));
    assert!(read.notes[0].message.starts_with("1 prices of open are missing"));
}

/// The split and the dividend of a session without a close: what is held is worth the same there.
#[test]
fn a_close_is_carried_over_a_split_and_a_dividend() {
    let prices = file("over.csv", "date,X\n2024-01-02,50\n2024-01-03,50\n2024-01-04,50\n");
    let raw = file("over-raw.csv", "date,X\n2024-01-02,100\n2024-01-03,\n2024-01-04,48\n");
    let events = file("over-events.csv", "date,ticker,dividend,split\n2024-01-03,X,4,2\n");
    let basis = QuoteBasis::Unadjusted { closes: Some(raw), events: Some(events) };
    let read = found(&request(&prices, basis)).unwrap();
    assert_eq!(closes(&read.quotes, 3), [100.0, 48.0, 48.0]);
    let told: Vec<&str> = read.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(told, ["1 unadjusted closes are missing: the close before is carried on"]);
}

/// Yahoo's own split, and the same in a file of events: it happens once.
#[test]
fn what_two_files_state_of_a_day_happens_once() {
    let text = "date,close,adj close,dividends,splits\n2024-01-02,50,49,0,0\n2024-01-03,51,51,0.5,0\n2024-01-04,52,52,0,2\n";
    let path = file("twice.csv", text);
    let events = file(
        "twice-events.csv",
        "date,ticker,dividend,split\n2024-01-03,X,0.5,\n2024-01-04,X,,2\n",
    );
    let basis = QuoteBasis::Unadjusted { closes: None, events: Some(events) };
    let quotes = found(&request(&path, basis)).unwrap().quotes;
    assert_eq!(closes(&quotes, 3), [100.0, 102.0, 52.0]);
    let event = |date, split, dividend| ShareEvent { date: day(date), split, dividend };
    assert_eq!(quotes.events(0), [event(3, 1.0, 1.0), event(4, 2.0, 0.0)]);
}

#[test]
fn opens_of_another_unit_are_refused_and_single_ones_told() {
    let prices = file("unit.csv", "date,X\n2024-01-02,50\n2024-01-03,51\n2024-01-04,52\n");
    let opens = |name: &str, text: &str| {
        let path = file(name, text);
        let within = Some((Within::Open, Some(path)));
        found(&QuoteRequest { within, ..request(&prices, QuoteBasis::Adjusted) })
    };
    let raw = "date,X\n2024-01-02,100\n2024-01-03,101\n2024-01-04,104\n";
    let error = opens("unit-raw.csv", raw).unwrap_err();
    assert!(error.to_string().ends_with(
        "are 2.0000 times its closes in the median: as open they are of another adjustment, currency or asset"
    ), "{error}");
    let one = opens("unit-one.csv", "date,X\n2024-01-02,50\n2024-01-03,510\n2024-01-04,51\n");
    let note = &one.unwrap().notes[0].message;
    assert!(note.contains("that of X on 2024-01-03 is 10 times its close"), "{note}");
}

#[test]
fn what_cannot_be_done_is_refused_with_a_hint() {
    let prices = file("silent.csv", "date,X\n2024-01-02,100\n2024-01-03,49\n2024-01-04,48\n");
    let split = file("split-raw.csv", "date,X\n2024-01-02,100\n2024-01-03,98\n2024-01-04,192\n");
    let short = file("short.csv", "date,X\n2024-01-03,49\n2024-01-04,48\n");
    let of = |path| QuoteBasis::Unadjusted { closes: Some(path), events: None };
    let within = Some((Within::Vwap, None));
    let errors = [
        found(&request(&prices, unadjusted())),
        found(&request(&prices, of(split))),
        found(&request(&prices, of(short))),
        found(&QuoteRequest { within, ..request(&prices, QuoteBasis::Adjusted) }),
    ];
    let folder = std::env::temp_dir().join("walkfolio-quotes-").display().to_string();
    let messages = errors.map(|error| {
        let error = error.unwrap_err();
        format!("{error}\n  hint: {}", error.hint().unwrap()).replace(&folder, "")
    });
    insta::assert_snapshot!(messages.join("\n"), @"
    silent.csv has no unadjusted closes of X: it does not say whether they contain splits and dividends
      hint: name a file of closes as traded in account.closes, with dividends and splits in account.events, or remove account.prices: adjusted closes are the default
    the unadjusted close of X returns -2.00 % on 2024-01-03 and the adjusted one -51.00 %: no dividend explains it
      hint: state splits and dividends in account.events: date, ticker, dividend, split
    short.csv has no unadjusted close of X on 2024-01-02 or before, and the adjusted one is known
      hint: supply closes of the same sessions as the adjusted ones
    silent.csv has no column vwap of X
      hint: name a file of volume-weighted average prices in account.vwap, or trade at the close
    ");
}
