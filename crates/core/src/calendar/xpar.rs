//! Sessions of Euronext Paris, by rule.

use super::rule::{self, Closure, FROM_2000, LAST, Rules};
use crate::Date;

/// Closures outside the rule, from the year in which three exchanges became Euronext.
///
/// # Source
/// Euronext, "Trading hours & holidays", and its calendars of 2000 and 2001.
const SPECIAL_CLOSURES: [Closure; 4] = [
    (Date::constant(2000, 6, 12), "Whit Monday"),
    (Date::constant(2000, 7, 14), "national day"),
    (Date::constant(2001, 6, 4), "Whit Monday"),
    (Date::constant(2001, 12, 31), "eve of the euro"),
];

pub(super) const RULES: Rules = Rules {
    word: "XPAR",
    name: "Paris",
    known: (FROM_2000, LAST),
    is_session: |date| rule::is_open(date, is_holiday, &SPECIAL_CLOSURES),
};

/// No holiday is moved from a weekend.
fn is_holiday(date: Date) -> bool {
    match (date.month(), date.day()) {
        (1 | 5, 1) | (12, 25 | 26) => true,
        (3 | 4, _) => rule::is_good_friday(date) || rule::is_easter_monday(date),
        _ => false,
    }
}
