//! Returns by calendar month and year.

use serde::Serialize;
use walkfolio_record::ReturnRow;
use walkfolio_stats::measures::performance::final_wealth;

use crate::line::Line;

/// Months of a year.
const MONTHS: usize = 12;

/// Compounded returns after costs, as fractions.
///
/// # Examples
/// See [`Calendar::of`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calendar {
    /// The years, in order.
    pub years: Vec<i16>,
    /// By year: the twelve months, then the year; a month without a session has none.
    pub own: Vec<Line>,
    /// The same less the benchmark's; none where it lacks a session of the month or year.
    pub active: Option<Vec<Line>>,
    /// The benchmark's return of each year; none where it lacks a session of it.
    pub benchmark_years: Option<Line>,
}

impl Calendar {
    /// Compounds the returns of each month and year; a part of one counts as it is.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_analysis::calendar::Calendar;
    /// use walkfolio_record::ReturnRow;
    ///
    /// let row = |date: &str, portfolio: f64| ReturnRow {
    ///     date: date.parse().unwrap(),
    ///     portfolio,
    ///     gross: portfolio,
    ///     benchmark: None,
    ///     cash: None,
    ///     turnover: 0.0,
    ///     cost: 0.0,
    /// };
    /// let found = Calendar::of(&[row("2020-01-02", 0.1), row("2020-01-03", 0.1)]);
    /// assert!((found.own[0][0].unwrap() - 0.21).abs() < 1e-12); // January
    /// ```
    pub fn of(rows: &[ReturnRow]) -> Self {
        let years: Vec<&[ReturnRow]> =
            rows.chunk_by(|a, b| a.date.year() == b.date.year()).collect();
        let own = |row: &ReturnRow| Some(row.portfolio);
        let compared = rows.iter().any(|row| row.benchmark.is_some());
        let active = |year: &&[ReturnRow]| {
            let other = year_of(year, |row| row.benchmark);
            year_of(year, own).into_iter().zip(other).map(|(r, b)| Some(r? - b?)).collect()
        };
        Self {
            years: years.iter().map(|year| year[0].date.year()).collect(),
            own: years.iter().map(|year| year_of(year, own)).collect(),
            active: compared.then(|| years.iter().map(active).collect()),
            benchmark_years: compared.then(|| {
                let whole =
                    |year: &&[ReturnRow]| year_of(year, |row| row.benchmark).pop().flatten();
                years.iter().map(whole).collect()
            }),
        }
    }
}

fn year_of(rows: &[ReturnRow], of: impl Fn(&ReturnRow) -> Option<f64>) -> Line {
    let compounded = |rows: &[ReturnRow]| {
        let returns: Vec<f64> = rows.iter().map(&of).collect::<Option<_>>()?;
        (!returns.is_empty()).then(|| final_wealth(&returns) - 1.0)
    };
    let mut line = vec![None; MONTHS];
    for month in rows.chunk_by(|a, b| a.date.month() == b.date.month()) {
        let place = usize::try_from(month[0].date.month() - 1).unwrap_or(0);
        line[place] = compounded(month);
    }
    line.push(compounded(rows));
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(date: &str, portfolio: f64, benchmark: f64) -> ReturnRow {
        ReturnRow {
            date: date.parse().unwrap(),
            portfolio,
            gross: portfolio,
            benchmark: Some(benchmark),
            cash: None,
            turnover: 0.0,
            cost: 0.0,
        }
    }

    #[test]
    fn months_and_years_are_compounded() {
        let rows = [
            row("2019-12-30", 0.1, 0.0),
            row("2019-12-31", 0.1, 0.2),
            row("2020-01-02", -0.5, 0.0),
            row("2020-03-02", 1.0, 0.5),
        ];
        let found = Calendar::of(&rows);
        assert_eq!(found.years, [2019, 2020]);
        assert!((found.own[0][11].unwrap() - 0.21).abs() < 1e-15);
        assert_eq!(
            (found.own[1][0], found.own[1][1], found.own[1][2]),
            (Some(-0.5), None, Some(1.0))
        );
        assert_eq!(found.own[1][12], Some(0.0));
        let active = found.active.unwrap();
        assert!((active[0][12].unwrap() - 0.01).abs() < 1e-15);
        assert_eq!(active[1][12], Some(-0.5));
        assert!((found.benchmark_years.unwrap()[0].unwrap() - 0.2).abs() < 1e-15);
    }
}
