//! Sessions of Xetra and the Frankfurt Stock Exchange, by rule.

use super::rule::{self, Closure, FROM_2000, LAST, Rules};
use crate::Date;

/// Closures outside the rule.
///
/// # Source
/// Deutsche Börse, "Trading calendar" of the year.
const SPECIAL_CLOSURES: [Closure; 1] =
    [(Date::constant(2017, 10, 31), "500 years of the Reformation")];

pub(super) const RULES: Rules = Rules {
    word: "XETR",
    name: "Xetra",
    known: (FROM_2000, LAST),
    is_session: |date| rule::is_open(date, is_holiday, &SPECIAL_CLOSURES),
};

/// No holiday is moved from a weekend; Whit Monday and the Day of German Unity were kept for some
/// years only.
fn is_holiday(date: Date) -> bool {
    let year = date.year();
    match (date.month(), date.day()) {
        (1 | 5, 1) | (12, 24..=26 | 31) => true,
        (3 | 4, _) => rule::is_good_friday(date) || rule::is_easter_monday(date),
        (5 | 6, _) => (year == 2007 || (2015..=2021).contains(&year)) && rule::is_whit_monday(date),
        (10, 3) => (2014..=2021).contains(&year),
        _ => false,
    }
}
