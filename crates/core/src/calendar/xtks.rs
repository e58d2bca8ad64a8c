//! Sessions of the Tokyo Stock Exchange, by rule.

use jiff::ToSpan;
use jiff::civil::Weekday;

use super::rule::{self, Closure, FROM_2000, Rules};
use crate::Date;

/// Closures outside the rule.
///
/// # Source
/// Japan Exchange Group, "Holidays"; the acts on the accession of 2019.
const SPECIAL_CLOSURES: [Closure; 5] = [
    (Date::constant(2019, 4, 30), "between two holidays"),
    (Date::constant(2019, 5, 1), "accession of Emperor Naruhito"),
    (Date::constant(2019, 5, 2), "between two holidays"),
    (Date::constant(2019, 10, 22), "enthronement of Emperor Naruhito"),
    (Date::constant(2020, 10, 1), "failure of the trading system"),
];

/// The last year is that of [`equinox`].
pub(super) const RULES: Rules = Rules {
    word: "XTKS",
    name: "Tokyo",
    known: (FROM_2000, Date::constant(2099, 12, 31)),
    is_session: |date| rule::is_open(date, is_holiday, &SPECIAL_CLOSURES),
};

/// National holidays with their substitutes, and the first three days and the last of a year.
fn is_holiday(date: Date) -> bool {
    match (date.month(), date.day()) {
        (1, 2 | 3) | (12, 31) => true,
        _ => is_national(date) || is_substitute(date) || is_between(date),
    }
}

/// For a holiday on a Sunday, the next day that is none; until 2006, the Monday.
fn is_substitute(date: Date) -> bool {
    let mut before = rule::eve(date);
    while before.weekday() != Weekday::Sunday {
        if date.year() < 2007 || !is_national(before) {
            return false;
        }
        before = rule::eve(before);
    }
    is_national(before)
}

/// A day between two holidays.
fn is_between(date: Date) -> bool {
    is_national(rule::eve(date)) && is_national(date.saturating_add(1.day()))
}

/// The days of the act on national holidays, on the dates of each year.
fn is_national(date: Date) -> bool {
    let (year, day) = (date.year(), date.day());
    match date.month() {
        1 => day == 1 || rule::is_nth_monday(date, 2),
        2 => day == 11 || (day == 23 && year >= 2020),
        3 => day == equinox(20.8431, year),
        4 => day == 29,
        5 => (3..=5).contains(&day),
        7 => is_marine_day(date),
        8 => is_mountain_day(date),
        9 => {
            let aged = if year < 2003 { day == 15 } else { rule::is_nth_monday(date, 3) };
            aged || day == equinox(23.2488, year)
        }
        10 => rule::is_nth_monday(date, 2) && ![2020, 2021].contains(&year),
        11 => day == 3 || day == 23,
        12 => day == 23 && year < 2019,
        _ => false,
    }
}

/// Marine Day, and Sports Day in the years that moved it for the Olympic Games.
fn is_marine_day(date: Date) -> bool {
    match date.year() {
        ..=2002 => date.day() == 20,
        2020 => matches!(date.day(), 23 | 24),
        2021 => matches!(date.day(), 22 | 23),
        _ => rule::is_nth_monday(date, 3),
    }
}

fn is_mountain_day(date: Date) -> bool {
    match date.year() {
        ..=2015 => false,
        2020 => date.day() == 10,
        2021 => date.day() == 8,
        _ => date.day() == 11,
    }
}

/// The day of an equinox in Japan, whose mean in 1980 is `base`; for 1980 to 2099.
///
/// # Source
/// The approximation of the Hydrographic Department of Japan, "Shin Koyomi Benricho" (1991).
fn equinox(base: f64, year: i16) -> i8 {
    rule::solar_day(base, 0.242_194, year - 1980)
}
