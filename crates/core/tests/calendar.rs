//! The calendar's rules against the published sessions of 2000 to 2026.

use std::path::{Path, PathBuf};

use walkfolio_core::Date;
use walkfolio_core::calendar::{Exchange, is_early_close, sessions};

fn data(file: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("WALKFOLIO_DATA").map_or(default, PathBuf::from).join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is absent", path.display());
    println!("skipped: real data not found");
    None
}

#[test]
fn every_session_and_early_close_since_2000_is_reproduced() {
    let Some(path) = data("calendar/xnys_sessions_2000_2026.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let published: Vec<(Date, bool)> = text
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(date, early)| (date.parse().unwrap(), early == "True"))
        .collect();
    let by_rule: Vec<(Date, bool)> =
        sessions("2000-01-01".parse().unwrap(), "2026-12-31".parse().unwrap())
            .into_iter()
            .map(|date| (date, is_early_close(date)))
            .collect();
    assert_eq!(by_rule, published);
}

/// The days of the week without a session, as the Python package `exchange_calendars` 4.13.2 has
/// them: a line a year. Written by `.ci/calendar-holidays`.
const HOLIDAYS: [(Exchange, &str); 6] = [
    (Exchange::Xnys, include_str!("calendar/XNYS.txt")),
    (Exchange::Xlon, include_str!("calendar/XLON.txt")),
    (Exchange::Xetr, include_str!("calendar/XETR.txt")),
    (Exchange::Xpar, include_str!("calendar/XPAR.txt")),
    (Exchange::Xtks, include_str!("calendar/XTKS.txt")),
    (Exchange::Xhkg, include_str!("calendar/XHKG.txt")),
];

#[test]
fn every_holiday_of_six_exchanges_since_2000_is_reproduced() {
    for (exchange, text) in HOLIDAYS {
        assert_eq!(text.lines().count(), 27, "{exchange}");
        for line in text.lines() {
            let (year, published) = line.split_once(' ').unwrap();
            let year: i16 = year.parse().unwrap();
            let (first, last) = (Date::constant(year, 1, 1), Date::constant(year, 12, 31));
            let open = exchange.sessions(first, last);
            let closed = Exchange::AllDays.sessions(first, last).into_iter().filter(|date| {
                date.weekday().to_monday_one_offset() <= 5 && open.binary_search(date).is_err()
            });
            let closed: Vec<String> =
                closed.map(|date| date.strftime("%m-%d").to_string()).collect();
            assert_eq!(closed.join(" "), published, "{exchange} {year}");
        }
    }
}
