//! Sessions of the London Stock Exchange, by rule.

use jiff::civil::Weekday;

use super::rule::{self, Closure, FROM_2000, LAST, Rules};
use crate::Date;

/// Closures and moved holidays outside the rule.
///
/// # Source
/// London Stock Exchange, "Business days"; the bank holidays proclaimed for England and Wales.
const SPECIAL_CLOSURES: [Closure; 10] = [
    (Date::constant(2002, 6, 3), "Golden Jubilee"),
    (Date::constant(2002, 6, 4), "spring bank holiday, moved"),
    (Date::constant(2011, 4, 29), "royal wedding"),
    (Date::constant(2012, 6, 4), "spring bank holiday, moved"),
    (Date::constant(2012, 6, 5), "Diamond Jubilee"),
    (Date::constant(2020, 5, 8), "early May bank holiday, moved to the anniversary of 1945"),
    (Date::constant(2022, 6, 2), "spring bank holiday, moved"),
    (Date::constant(2022, 6, 3), "Platinum Jubilee"),
    (Date::constant(2022, 9, 19), "funeral of Queen Elizabeth II"),
    (Date::constant(2023, 5, 8), "coronation of King Charles III"),
];

pub(super) const RULES: Rules = Rules {
    word: "XLON",
    name: "London",
    known: (FROM_2000, LAST),
    is_session: |date| rule::is_open(date, is_holiday, &SPECIAL_CLOSURES),
};

fn is_holiday(date: Date) -> bool {
    let (year, day, weekday) = (date.year(), date.day(), date.weekday());
    match date.month() {
        1 => day == 1 || (weekday == Weekday::Monday && day <= 3),
        3 | 4 => rule::is_good_friday(date) || rule::is_easter_monday(date),
        5 => {
            (rule::is_nth_monday(date, 1) && year != 2020)
                || (rule::is_last_monday(date) && ![2002, 2012, 2022].contains(&year))
        }
        8 => rule::is_last_monday(date),
        12 => is_christmas(date),
        _ => false,
    }
}

/// Christmas and Boxing Day; for one on a weekend, the next day of the week that is free.
fn is_christmas(date: Date) -> bool {
    match date.day() {
        25 | 26 => true,
        27 | 28 => matches!(date.weekday(), Weekday::Monday | Weekday::Tuesday),
        _ => false,
    }
}
