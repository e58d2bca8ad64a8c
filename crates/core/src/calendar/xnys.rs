//! Sessions of the New York Stock Exchange, by rule.
//!
//! Regular holidays follow NYSE Rule 7.2 and its weekend observance; days on which the exchange
//! closed for another reason stand in [`SPECIAL_CLOSURES`].

use jiff::civil::Weekday;

use super::rule::{self, Closure, LAST, Rules};
use crate::Date;

/// The first date for which the rules of New York hold; the last is [`LAST`].
pub const FIRST: Date = Date::constant(1990, 1, 1);

pub(super) const RULES: Rules =
    Rules { word: "XNYS", name: "NYSE", known: (FIRST, LAST), is_session };

/// Closures outside the holiday rule, with their reasons.
///
/// # Source
/// NYSE, "Special Closings" and the trading notices of each event.
pub const SPECIAL_CLOSURES: [Closure; 11] = [
    (Date::constant(1994, 4, 27), "funeral of President Nixon"),
    (Date::constant(2001, 9, 11), "attacks of September 11"),
    (Date::constant(2001, 9, 12), "attacks of September 11"),
    (Date::constant(2001, 9, 13), "attacks of September 11"),
    (Date::constant(2001, 9, 14), "attacks of September 11"),
    (Date::constant(2004, 6, 11), "funeral of President Reagan"),
    (Date::constant(2007, 1, 2), "mourning for President Ford"),
    (Date::constant(2012, 10, 29), "hurricane Sandy"),
    (Date::constant(2012, 10, 30), "hurricane Sandy"),
    (Date::constant(2018, 12, 5), "mourning for President George H. W. Bush"),
    (Date::constant(2025, 1, 9), "mourning for President Carter"),
];

/// Whether the New York Stock Exchange trades on a date.
///
/// Exact from [`FIRST`] on; dates far ahead follow today's rules.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, calendar::is_session};
///
/// assert!(is_session(Date::constant(2024, 3, 28)));
/// assert!(!is_session(Date::constant(2024, 3, 29)), "Good Friday");
/// ```
pub fn is_session(date: Date) -> bool {
    rule::is_open(date, is_holiday, &SPECIAL_CLOSURES)
}

/// The sessions from `first` to `last`, both included.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, calendar::sessions};
///
/// let christmas = sessions(Date::constant(2024, 12, 24), Date::constant(2024, 12, 27));
/// assert_eq!(christmas.len(), 3);
/// ```
pub fn sessions(first: Date, last: Date) -> Vec<Date> {
    rule::sessions(first, last, is_session)
}

/// Whether a session ends at 13:00 New York time.
///
/// The day after Thanksgiving, Christmas Eve and the eve of Independence Day; exact from 2000 on.
/// # Examples
/// ```
/// use walkfolio_core::{Date, calendar::is_early_close};
///
/// // The day after Thanksgiving, and Thanksgiving itself, when there is no session.
/// assert!(is_early_close(Date::constant(2024, 11, 29)));
/// assert!(!is_early_close(Date::constant(2024, 11, 28)));
/// ```
pub fn is_early_close(date: Date) -> bool {
    let (month, day, weekday) = (date.month(), date.day(), date.weekday());
    let by_rule = match (month, day) {
        // Until 2012 a Thursday holiday moved the short session from its eve to the Friday.
        (7, 3) => {
            matches!(weekday, Weekday::Monday | Weekday::Tuesday | Weekday::Thursday)
                || (weekday == Weekday::Wednesday && date.year() >= 2013)
        }
        (7, 5) => weekday == Weekday::Friday && date.year() < 2013,
        (11, 23..=29) => weekday == Weekday::Friday,
        (12, 24) => true,
        // The Friday after Christmas, at the exchange's discretion, once.
        (12, 26) => date.year() == 2003,
        _ => false,
    };
    by_rule && is_session(date)
}

fn is_holiday(date: Date) -> bool {
    let year = date.year();
    match date.month() {
        1 => is_new_year(date) || (rule::is_nth_monday(date, 3) && year >= 1998),
        2 => rule::is_nth_monday(date, 3),
        3 | 4 => rule::is_good_friday(date),
        5 => rule::is_last_monday(date),
        6 => year >= 2022 && is_observed(date, 19),
        7 => is_observed(date, 4),
        9 => rule::is_nth_monday(date, 1),
        11 => date.weekday() == Weekday::Thursday && (22..=28).contains(&date.day()),
        12 => is_observed(date, 25),
        _ => false,
    }
}

/// A New Year on a Saturday is not observed: the Friday before it closes the year's books.
fn is_new_year(date: Date) -> bool {
    date.day() == 1 || (date.day() == 2 && date.weekday() == Weekday::Monday)
}

/// A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after.
fn is_observed(date: Date, holiday: i8) -> bool {
    match date.weekday() {
        Weekday::Friday => date.day() == holiday || date.day() == holiday - 1,
        Weekday::Monday => date.day() == holiday || date.day() == holiday + 1,
        _ => date.day() == holiday,
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn holidays(year: i16) -> Vec<String> {
        let first = Date::constant(year, 1, 1);
        let weekdays =
            first.series(1.day()).take_while(|date| date.year() == year).filter(|date| {
                !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_session(*date)
            });
        weekdays.map(|date| date.strftime("%m-%d").to_string()).collect()
    }

    #[test]
    fn the_holidays_of_coming_years_are_those_of_a_wall_calendar() {
        // 2027 from NYSE, "Holidays & Trading Hours"; 2028, with its Saturday New Year, by hand.
        let announced_2027 = [
            "01-01", "01-18", "02-15", "03-26", "05-31", "06-18", "07-05", "09-06", "11-25",
            "12-24",
        ];
        let expected_2028 =
            ["01-17", "02-21", "04-14", "05-29", "06-19", "07-04", "09-04", "11-23", "12-25"];
        assert_eq!(holidays(2027), announced_2027);
        assert_eq!(holidays(2028), expected_2028);
    }

    #[test]
    fn the_nineties_have_as_many_sessions_as_the_exchange_reports() {
        // NYSE, "Number of trading days".
        let published = [253, 253, 254, 253, 252, 252, 254, 253, 252, 252];
        let counted: Vec<usize> = (1990..2000)
            .map(|year| sessions(Date::constant(year, 1, 1), Date::constant(year, 12, 31)).len())
            .collect();
        assert_eq!(counted, published);
    }

    #[test]
    fn an_empty_period_has_no_sessions() {
        assert!(sessions(Date::constant(2024, 1, 3), Date::constant(2024, 1, 2)).is_empty());
        assert_eq!(sessions(Date::MAX, Date::MAX).len(), 1);
    }
}
