//! Returns by calendar month and year.

use serde::Serialize;
use walkfolio::ReturnRow;
use walkfolio::measures::performance::final_wealth;

use crate::Result;
use crate::format::{UNDEFINED, decimals};
use crate::page::part;
use crate::series::Line;

const TEMPLATE: &str = include_str!("../templates/calendar.html");
/// Months of a year.
const MONTHS: usize = 12;

/// A run's months: what the heat map is drawn from.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Calendar {
    years: Vec<i16>,
    /// By year: twelve months, then the year; compounded.
    own: Vec<Line>,
    /// The same less the benchmark's, where it has one on every session.
    active: Option<Vec<Line>>,
}

impl Calendar {
    /// Compounds the returns of each month and year; a part of one counts as it is.
    pub(crate) fn of(rows: &[ReturnRow]) -> Self {
        let years: Vec<&[ReturnRow]> =
            rows.chunk_by(|a, b| a.date.year() == b.date.year()).collect();
        let own = |row: &ReturnRow| Some(row.portfolio);
        let compared = !rows.is_empty() && rows.iter().all(|row| row.benchmark.is_some());
        let active = |year: &&[ReturnRow]| {
            let beside = year_of(year, |row| row.benchmark);
            year_of(year, own).into_iter().zip(beside).map(|(r, b)| Some(r? - b?)).collect()
        };
        Self {
            years: years.iter().map(|year| year[0].date.year()).collect(),
            own: years.iter().map(|year| year_of(year, own)).collect(),
            active: compared.then(|| years.iter().map(active).collect()),
        }
    }

    /// Writes the section.
    pub(crate) fn section(&self, benchmark: Option<&str>) -> Result<String> {
        let row = |(year, values): (&i16, &Line)| {
            let text = |value: &Option<f64>| {
                value.map_or_else(|| UNDEFINED.to_owned(), |value| decimals(100.0 * value, 1))
            };
            let values: Vec<String> = values.iter().map(text).collect();
            serde_json::json!({ "year": year.to_string(), "values": values })
        };
        let values = serde_json::json!({
            "rows": self.years.iter().zip(&self.own).map(row).collect::<Vec<_>>(),
            "benchmark": benchmark.filter(|_| self.active.is_some()),
        });
        part(TEMPLATE, values)
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
    }
}
