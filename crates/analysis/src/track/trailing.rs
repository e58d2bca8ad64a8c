//! Returns up to the last date: month, quarter and year to date, and 1, 3, 5 and 10 years.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_stats::measures::performance::{annual_return, cumulative_return};

use super::series::Series;

/// The returns of a period that ends with the series.
///
/// # Timing
/// The period begins after `since`; it is listed only where the series has a row at or before that date, so
/// that a period is never shorter than its name.
/// # Units
/// Compounded returns as fractions; those of more than a year are annualized.
/// # Examples
/// See [`Track`](super::Track).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trailing {
    /// `month`, `quarter`, `year`, `1y`, `3y`, `5y`, `10y` or `all`.
    pub key: &'static str,
    /// The last date before the period, or the first of the series.
    pub since: Date,
    /// The portfolio's return.
    pub own: f64,
    /// The benchmark's, where it has every row of the period.
    pub benchmark: Option<f64>,
    /// Whether the returns are annualized.
    pub annualized: bool,
}

/// Periods of so many years.
const YEARS: [(&str, i16); 4] = [("1y", 1), ("3y", 3), ("5y", 5), ("10y", 10)];

/// Every period that the series covers, the shortest first.
pub(super) fn all(series: &Series, periods_per_year: f64) -> Vec<Trailing> {
    let (Some(first), Some(last)) = (series.dates.first(), series.dates.last()) else {
        return Vec::new();
    };
    let month = last.first_of_month();
    let quarter = Date::new(last.year(), (last.month() - 1) / 3 * 3 + 1, 1);
    let to_date =
        [("month", Some(month)), ("quarter", quarter.ok()), ("year", Some(last.first_of_year()))];
    let to_date = to_date.into_iter().filter_map(|(key, first)| {
        let since = first?.yesterday().ok()?;
        period(series, key, since, None)
    });
    let years = YEARS.into_iter().filter_map(|(key, years)| {
        period(series, key, years_before(*last, years)?, Some(f64::from(years)))
    });
    let length = series.own.len() as f64 / periods_per_year;
    let annualized = length > 1.0;
    let grown = |returns: &[f64]| {
        if annualized {
            annual_return(returns, periods_per_year)
        } else {
            cumulative_return(returns)
        }
    };
    let benchmark = series.of_benchmark(0..series.own.len());
    let all = grown(&series.own).map(|own| Trailing {
        key: "all",
        since: *first,
        own,
        benchmark: benchmark.and_then(|returns| grown(&returns)),
        annualized,
    });
    to_date.chain(years).chain(all).collect()
}

/// The same day some years earlier; the last of February for a leap day.
fn years_before(date: Date, years: i16) -> Option<Date> {
    let year = date.year() - years;
    date.with().year(year).build().or_else(|_| Date::new(year, date.month(), 28)).ok()
}

fn period(series: &Series, key: &'static str, since: Date, years: Option<f64>) -> Option<Trailing> {
    let start = series.dates.partition_point(|date| *date <= since);
    let rows = start..series.dates.len();
    if start == 0 || rows.is_empty() {
        return None;
    }
    let annualized = years.filter(|years| *years > 1.0);
    let shown = |returns: &[f64]| match annualized {
        Some(years) => annual_return(returns, returns.len() as f64 / years),
        None => cumulative_return(returns),
    };
    Some(Trailing {
        key,
        since,
        own: shown(&series.own[rows.clone()])?,
        benchmark: series.of_benchmark(rows).and_then(|returns| shown(&returns)),
        annualized: annualized.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(rows: &[(&str, f64, Option<f64>)]) -> Series {
        Series {
            dates: rows.iter().map(|row| row.0.parse().unwrap()).collect(),
            own: rows.iter().map(|row| row.1).collect(),
            benchmark: rows.iter().map(|row| row.2).collect(),
        }
    }

    fn keys(found: &[Trailing]) -> Vec<&str> {
        found.iter().map(|one| one.key).collect()
    }

    #[test]
    fn periods_to_date_begin_after_the_last_end_before_them() {
        let found = all(
            &series(&[
                ("2023-12-29", 0.5, Some(0.0)),
                ("2024-04-30", 0.1, Some(0.2)),
                ("2024-05-31", 0.2, None),
                ("2024-06-28", 0.1, Some(0.3)),
            ]),
            12.0,
        );
        assert_eq!(keys(&found), ["month", "quarter", "year", "all"]);
        let own: Vec<f64> = found.iter().map(|one| one.own).collect();
        let wanted = [0.1, 1.1 * 1.2 * 1.1 - 1.0, 1.1 * 1.2 * 1.1 - 1.0];
        assert!(own.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-15), "{own:?}");
        // The benchmark has no May.
        assert!(found[0].benchmark.is_some_and(|june| (june - 0.3).abs() < 1e-15));
        assert_eq!(found[1].benchmark, None);
    }

    #[test]
    fn a_period_that_is_not_covered_is_left_out() {
        // A year before is 2023-06-28, and the series begins after it.
        let rows = [("2023-06-30", 0.1, None), ("2024-06-28", 0.1, None)];
        assert_eq!(keys(&all(&series(&rows), 1.0)), ["month", "quarter", "year", "all"]);
        let rows = [("2023-06-28", 0.1, None), ("2024-06-28", 0.25, None)];
        let found = all(&series(&rows), 1.0);
        let year = found.iter().find(|one| one.key == "1y").unwrap();
        assert_eq!((year.own, year.annualized), (0.25, false));
    }

    #[test]
    fn years_are_annualized_by_their_number() {
        let rows =
            [("2021-02-28", 0.3, None), ("2022-03-01", 1.0, None), ("2024-02-29", 3.0, None)];
        let found = all(&series(&rows), 1.0);
        let three = found.iter().find(|one| one.key == "3y").unwrap();
        assert_eq!(three.since, Date::constant(2021, 2, 28));
        assert!((three.own - 1.0).abs() < 1e-15 && three.annualized);
    }
}
