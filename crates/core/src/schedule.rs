//! When decisions are made.

use std::sync::Arc;

use crate::{Date, Row};

/// How often a portfolio is decided anew.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Every, Schedule};
///
/// let dates: Vec<Date> = (1..=5).map(|day| Date::constant(2024, 7, day)).collect();
/// let schedule = Schedule { every: Every::Sessions(2), first: None, last: None };
/// assert_eq!(schedule.rows(&dates, 1), [1, 3]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    /// The first session of each calendar month.
    Month,
    /// The first session of each calendar quarter.
    Quarter,
    /// The first session of each calendar year.
    Year,
    /// The first session of each ISO week.
    Week,
    /// Every so many sessions, counted from the first row at which all windows are full.
    Sessions(usize),
    /// These dates, increasing; of a date that is no session, the next session.
    Dates(Arc<[Date]>),
}

impl Every {
    /// How many decisions a year has; of dates that are no rhythm, as many as they have between the first and
    /// the last.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::Every;
    ///
    /// assert_eq!(Every::Month.per_year(252.0), 12.0);
    /// assert_eq!(Every::Sessions(21).per_year(252.0), 12.0);
    /// ```
    pub fn per_year(&self, periods_per_year: f64) -> f64 {
        match self {
            Self::Month => 12.0,
            Self::Quarter => 4.0,
            Self::Year => 1.0,
            Self::Week => 52.0,
            Self::Sessions(sessions) => periods_per_year / (*sessions).max(1) as f64,
            Self::Dates(dates) => match &dates[..] {
                [first, .., last] if first < last => {
                    let days = f64::from((*last - *first).get_days());
                    (dates.len() - 1) as f64 * 365.25 / days
                }
                _ => 1.0,
            },
        }
    }
}

/// When decisions are made, and between which dates.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Every, Schedule};
///
/// let dates = [(1, 30), (1, 31), (2, 1), (2, 2)].map(|(month, day)| Date::constant(2024, month, day));
/// let monthly = Schedule { every: Every::Month, first: None, last: None };
/// // The first session of February, row 2.
/// assert_eq!(monthly.rows(&dates, 1), [2]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// How often.
    pub every: Every,
    /// No decision before this date.
    pub first: Option<Date>,
    /// No decision after this date.
    pub last: Option<Date>,
}

impl Schedule {
    /// The rows of the decisions, given the first row at which all windows are full.
    ///
    /// Row 0 never is one: nothing is known before it.
    pub fn rows(&self, dates: &[Date], first_full: Row) -> Vec<Row> {
        let start = first_full.max(1);
        let due = |row: Row| match &self.every {
            Every::Quarter => quarter(dates[row]) != quarter(dates[row - 1]),
            Every::Year => dates[row].year() != dates[row - 1].year(),
            Every::Month => dates[row].first_of_month() != dates[row - 1].first_of_month(),
            Every::Week => iso_week(dates[row]) != iso_week(dates[row - 1]),
            Every::Sessions(step) => (row - start).is_multiple_of(*step.max(&1)),
            Every::Dates(own) => {
                own.partition_point(|date| *date <= dates[row - 1])
                    < own.partition_point(|date| *date <= dates[row])
            }
        };
        (start..dates.len())
            .filter(|&row| self.first.is_none_or(|first| dates[row] >= first))
            .filter(|&row| self.last.is_none_or(|last| dates[row] <= last))
            .filter(|&row| due(row))
            .collect()
    }
}

/// The last rows of the calendar months that are over at the decision's date.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, month_end_rows};
///
/// let dates = [(1, 30), (1, 31), (2, 1)].map(|(month, day)| Date::constant(2024, month, day));
/// // On February 2 only January is over; on March 1 February is too.
/// assert_eq!(month_end_rows(&dates, Date::constant(2024, 2, 2)), [1]);
/// assert_eq!(month_end_rows(&dates, Date::constant(2024, 3, 1)), [1, 2]);
/// ```
pub fn month_end_rows(dates: &[Date], decision: Date) -> Vec<Row> {
    let month_after = |row: Row| dates.get(row + 1).copied().unwrap_or(decision).first_of_month();
    (0..dates.len()).filter(|&row| dates[row].first_of_month() != month_after(row)).collect()
}

fn quarter(date: Date) -> (i16, i8) {
    (date.year(), (date.month() - 1) / 3)
}

fn iso_week(date: Date) -> (i16, i8) {
    let week = date.iso_week_date();
    (week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Vec<Date> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn months_and_weeks_start_on_their_first_session() {
        let dates = days(&[
            "2023-12-28",
            "2023-12-29",
            "2024-01-02",
            "2024-01-03",
            "2024-01-08",
            "2024-02-01",
        ]);
        let rows = |every| Schedule { every, first: None, last: None }.rows(&dates, 0);
        assert_eq!(rows(Every::Month), [2, 5]);
        assert_eq!(rows(Every::Week), [2, 4, 5]);
        assert_eq!(rows(Every::Sessions(2)), [1, 3, 5]);
        let bounded = Schedule {
            every: Every::Month,
            first: Some("2024-01-03".parse().unwrap()),
            last: Some("2024-02-01".parse().unwrap()),
        };
        assert_eq!(bounded.rows(&dates, 0), [5]);
    }

    #[test]
    fn quarters_years_and_dates_of_a_list() {
        let dates = days(&[
            "2023-09-29",
            "2023-10-02",
            "2023-12-29",
            "2024-01-02",
            "2024-02-01",
            "2024-04-01",
        ]);
        let rows = |every| Schedule { every, first: None, last: None }.rows(&dates, 0);
        assert_eq!(rows(Every::Quarter), [1, 3, 5]);
        assert_eq!(rows(Every::Year), [3]);
        // Two dates before one session are one decision; what is before and after the rows is none.
        let own = ["2023-01-01", "2023-12-30", "2024-01-02", "2024-02-01", "2024-05-01"];
        assert_eq!(rows(Every::Dates(days(&own).into())), [3, 4]);
    }

    #[test]
    fn a_month_in_progress_has_no_end_yet() {
        let dates = days(&["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02"]);
        assert_eq!(month_end_rows(&dates, "2024-02-05".parse().unwrap()), [1]);
        assert_eq!(month_end_rows(&dates, "2024-03-01".parse().unwrap()), [1, 3]);
    }
}
