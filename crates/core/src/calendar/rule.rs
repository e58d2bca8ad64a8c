//! What the rules of several exchanges share.

use jiff::ToSpan;
use jiff::civil::Weekday;

use crate::Date;

/// What an exchange is called and when it trades.
pub(super) struct Rules {
    pub word: &'static str,
    /// In messages.
    pub name: &'static str,
    /// The first and the last date for which `is_session` is meant.
    pub known: (Date, Date),
    pub is_session: fn(Date) -> bool,
}

/// The last date for which the rules are meant; holidays may be added before it.
pub const LAST: Date = Date::constant(2100, 12, 31);

/// From here on the sessions of exchanges other than New York were checked.
pub(super) const FROM_2000: Date = Date::constant(2000, 1, 1);

/// A market that never closes.
pub(super) const ALL_DAYS: Rules =
    Rules { word: "24/7", name: "24/7", known: (Date::MIN, Date::MAX), is_session: |_| true };

/// A day on which an exchange closed outside its rules, with the reason.
pub type Closure = (Date, &'static str);

/// Whether a date is neither on a weekend nor a holiday nor a closure.
pub(super) fn is_open(date: Date, is_holiday: impl Fn(Date) -> bool, closures: &[Closure]) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && !is_holiday(date) && closures.iter().all(|(closed, _)| *closed != date)
}

/// The sessions from `first` to `last`, both included.
pub(super) fn sessions(first: Date, last: Date, is_session: fn(Date) -> bool) -> Vec<Date> {
    let days = first.series(1.day()).take_while(|&date| date <= last);
    days.filter(|&date| is_session(date)).collect()
}

/// The day of a month that is its nth Monday.
pub(super) fn is_nth_monday(date: Date, n: i8) -> bool {
    date.weekday() == Weekday::Monday && (7 * n - 6..=7 * n).contains(&date.day())
}

pub(super) fn is_last_monday(date: Date) -> bool {
    date.weekday() == Weekday::Monday && date.day() > date.days_in_month() - 7
}

pub(super) fn is_good_friday(date: Date) -> bool {
    after_easter(date) == -2
}

pub(super) fn is_easter_monday(date: Date) -> bool {
    after_easter(date) == 1
}

pub(super) fn is_whit_monday(date: Date) -> bool {
    after_easter(date) == 50
}

/// Days since Easter Sunday of the same year.
fn after_easter(date: Date) -> i32 {
    i32::from(date.day_of_year()) - i32::from(easter(date.year()).day_of_year())
}

/// The day of the month on which a solar term falls, so many years after one in which `base` was
/// its mean: the leap days of each fourth year take back what the year drifts.
pub(super) fn solar_day(base: f64, drift: f64, years: i16) -> i8 {
    let mean = base + drift * f64::from(years) - f64::from(years.div_euclid(4));
    (1..=31).rev().find(|day| f64::from(*day) <= mean).unwrap_or(1)
}

/// The day before.
pub(super) fn eve(date: Date) -> Date {
    date.saturating_sub(1.day())
}

/// Easter Sunday of the Gregorian calendar.
///
/// # Source
/// Anonymous, Nature 13 (1876), p. 487; Meeus (1991), Astronomical Algorithms, ch. 8.
fn easter(year: i16) -> Date {
    let golden = year % 19;
    let (century, rest) = (year / 100, year % 100);
    let skipped = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - skipped + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let days_after_march_22 = epact + to_sunday - 7 * late;
    Date::constant(year, 3, 22).saturating_add(i32::from(days_after_march_22).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_tables_say() {
        // The earliest and latest of the period, and both exceptions of the rule.
        for (year, month, day) in
            [(2008, 3, 23), (2038, 4, 25), (1981, 4, 19), (1954, 4, 18), (2049, 4, 18)]
        {
            assert_eq!(easter(year), Date::constant(year, month, day));
        }
    }
}
