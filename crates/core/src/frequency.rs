//! How many rows of prices make a year.

use jiff::civil::Weekday;

use crate::Date;

/// Trading days of a year on an exchange that is closed at weekends.
const TRADING_DAYS: f64 = 252.0;
/// Days of a year where every day trades.
const DAYS: f64 = 365.0;
/// Days of a year, leap years included.
const YEAR: f64 = 365.25;
/// Where every day trades, a seventh of the rows are Saturdays, and a seventh Sundays; fewer than half
/// of that are single sessions at weekends.
const WEEKEND: f64 = 0.5 / 7.0;

/// The number of periods in a year, from the dates of rows; `None` of fewer than two.
///
/// The median step in calendar days decides: 1 is daily, 252 a year, or 365 where Saturdays and Sundays
/// trade like other days; so are weekdays of which most lead to the next one, over a weekend too; 5 to 9 is
/// weekly (52), 27 to 33 monthly (12), 85 to 97 quarterly (4), 350 to 380 yearly (1). The median does not see
/// missing rows, as long as fewer than half are. Any other step gives the rounded number of rows per
/// year, at least 1, and so does a six-day week.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, periods_per_year};
///
/// let days = |step: i16, rows: i16| -> Vec<Date> {
///     let first = Date::constant(2024, 1, 1);
///     (0..rows).map(|row| first.saturating_add(jiff::Span::new().days(step * row))).collect()
/// };
/// assert_eq!(periods_per_year(&days(1, 5)), Some(252.0)); // Monday to Friday
/// assert_eq!(periods_per_year(&days(1, 70)), Some(365.0));
/// assert_eq!(periods_per_year(&days(7, 10)), Some(52.0));
/// assert_eq!(periods_per_year(&days(14, 27)), Some(26.0));
/// assert_eq!(periods_per_year(&days(1, 1)), None);
/// // A Friday, a Monday and a Tuesday.
/// let dates = [5, 8, 9].map(|day| Date::constant(2024, 1, day));
/// assert_eq!(periods_per_year(&dates), Some(252.0));
/// ```
pub fn periods_per_year(dates: &[Date]) -> Option<f64> {
    let days = |from: &Date, to: &Date| from.until(*to).map_or(0, |span| span.get_days());
    let mut steps: Vec<i32> = dates.windows(2).map(|pair| days(&pair[0], &pair[1])).collect();
    steps.sort_unstable();
    Some(match *steps.get(steps.len() / 2)? {
        ..=1 => daily(dates).unwrap_or_else(|| counted(dates)),
        2..=4 if are_next_weekdays(dates) => TRADING_DAYS,
        5..=9 => 52.0,
        27..=33 => 12.0,
        85..=97 => 4.0,
        350..=380 => 1.0,
        _ => counted(dates),
    })
}

/// Whether most rows of weekdays are a weekday apart: among a few rows most steps may lead over a weekend.
fn are_next_weekdays(dates: &[Date]) -> bool {
    let is_weekend = |date: &Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let is_next = |pair: &&[Date]| {
        let mut next = pair[0].tomorrow();
        while let Ok(date) = next.as_ref()
            && is_weekend(date)
        {
            next = date.tomorrow();
        }
        next.is_ok_and(|date| date == pair[1])
    };
    let next = dates.windows(2).filter(is_next).count();
    !dates.iter().any(is_weekend) && 2 * next > dates.len() - 1
}

/// By the weekdays that trade; `None` of a week of six days.
fn daily(dates: &[Date]) -> Option<f64> {
    let trades = |day: Weekday| {
        let rows = dates.iter().filter(|date| date.weekday() == day).count();
        rows as f64 > WEEKEND * dates.len() as f64
    };
    match (trades(Weekday::Saturday), trades(Weekday::Sunday)) {
        (true, true) => Some(DAYS),
        (false, false) => Some(TRADING_DAYS),
        // An exchange that rests on another day, such as Tel Aviv's, has five days as well.
        _ => {
            let days = Weekday::Monday.cycle_forward().take(7).filter(|day| trades(*day));
            (days.count() < 6).then_some(TRADING_DAYS)
        }
    }
}

/// The rounded number of rows a year.
fn counted(dates: &[Date]) -> f64 {
    let span = dates.first().zip(dates.last());
    let days = span.and_then(|(first, last)| first.until(*last).ok()).map_or(0, |s| s.get_days());
    ((dates.len() - 1) as f64 * YEAR / f64::from(days.max(1))).round().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::sessions;

    fn all(first: Date, last: Date) -> Vec<Date> {
        first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last).collect()
    }

    const FIRST: Date = Date::constant(2015, 1, 1);
    const LAST: Date = Date::constant(2024, 12, 31);

    #[test]
    fn missing_sessions_do_not_change_the_frequency() {
        let mut at = 0;
        let mut dates = sessions(FIRST, LAST);
        dates.retain(|_| {
            at += 1;
            at % 5 != 0
        });
        assert_eq!(periods_per_year(&dates), Some(252.0));
    }

    #[test]
    fn weekdays_that_trade_tell_exchanges_from_markets_that_never_close() {
        let every = all(FIRST, LAST);
        assert_eq!(periods_per_year(&every), Some(365.0));
        let without = |rest: &[Weekday]| -> Option<f64> {
            let open = |date: &&Date| !rest.contains(&date.weekday());
            periods_per_year(&every.iter().filter(open).copied().collect::<Vec<_>>())
        };
        assert_eq!(without(&[Weekday::Saturday, Weekday::Sunday]), Some(252.0));
        assert_eq!(without(&[Weekday::Friday, Weekday::Saturday]), Some(252.0));
        assert_eq!(without(&[Weekday::Sunday]), Some(313.0));
    }

    #[test]
    fn ends_of_months_and_quarters_by_session_or_by_calendar() {
        let ends = |months: i8, days: &[Date]| -> Vec<Date> {
            let ends = |pair: &[Date]| pair[0].month() != pair[1].month();
            let last = days.windows(2).filter(|pair| ends(pair)).map(|pair| pair[0]);
            last.filter(|date| date.month() % months == 0).collect()
        };
        for days in [sessions(FIRST, LAST), all(FIRST, LAST)] {
            assert_eq!(periods_per_year(&ends(1, &days)), Some(12.0));
            assert_eq!(periods_per_year(&ends(3, &days)), Some(4.0));
            assert_eq!(periods_per_year(&ends(12, &days)), Some(1.0));
        }
        let second = |at: &usize| at.is_multiple_of(2);
        let days = sessions(FIRST, LAST);
        let two: Vec<Date> = (0..days.len()).filter(second).map(|at| days[at]).collect();
        assert_eq!(periods_per_year(&two), Some(126.0));
    }
}
