//! Exposures to factors over time, and which part of the returns they explain.
//!
//! Over a period, `r_t - rf_t = a + b' f_t + e_t` by ordinary least squares; residuals add up to
//! zero, so that `mean(r) = mean(rf) + a + sum of b_k mean(f_k)` without a rest. Over time the
//! exposures of a session are those of the window that ends before it, and what they do not explain
//! is specific: the parts of every session add up to its return.

use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio::inference::regression::{Regression, coefficients, regression};
use walkfolio::{Date, FactorRow, FactorTable, ReturnRow, Run};

use crate::Result;
use crate::certainty::LEAST_SESSIONS;
use crate::format::{UNDEFINED, brief, decimals, percent};
use crate::page::part;
use crate::period::Period;
use crate::series::{Line, drawn};

const TEMPLATE: &str = include_str!("../templates/attribution.html");
/// Sessions of a window of exposures: half a year.
const WINDOW: usize = 126;
/// Points of a line.
const POINTS: usize = 1200;

/// What the charts are drawn from.
#[derive(Debug, Serialize)]
pub(crate) struct Charts {
    factors: Vec<String>,
    dates: Vec<String>,
    /// By factor, the exposure of the window that ends with the session.
    exposures: Vec<Line>,
    /// Sums up to each session: cash, every factor, what is specific, and the return.
    parts: Vec<Part>,
}

/// One part of the returns, summed.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    values: Line,
}

/// Returns with the factors of their sessions.
pub(crate) struct Attribution<'a> {
    names: &'a [String],
    rows: Vec<(&'a ReturnRow, &'a FactorRow)>,
    a_year: f64,
}

/// One period's regression, a year.
struct Parts {
    cash: f64,
    alpha: f64,
    factors: Vec<f64>,
    total: f64,
}

#[derive(Serialize)]
struct Row {
    name: String,
    range: String,
    loadings: Vec<Loading>,
    r_squared: String,
    parts: Vec<String>,
    total: String,
}

#[derive(Serialize)]
struct Loading {
    value: String,
    t: String,
}

impl<'a> Attribution<'a> {
    /// The returns of a run that have factors; `None` where fewer than a window have.
    pub(crate) fn of(run: &'a Run, full: &Period<'a>, a_year: f64) -> Option<Self> {
        let table = run.factors.as_ref()?;
        let rows = joined(full.rows, table);
        (rows.len() > WINDOW).then_some(Self { names: &table.names, rows, a_year })
    }

    /// What the charts are drawn from.
    pub(crate) fn charts(&self) -> Charts {
        let exposures = self.exposures();
        let sums = self.sums(&exposures);
        let drawn = drawn(self.rows.len(), POINTS);
        let line = |value: &dyn Fn(usize) -> Option<f64>| -> Line {
            drawn.iter().map(|&row| value(row).and_then(brief)).collect()
        };
        let exposure = |k: usize| line(&|row| Some(exposures[row].as_ref()?[k + 1]));
        let names = ["cash".to_owned()].into_iter().chain(self.names.iter().cloned());
        let names = names.chain(["specific".to_owned(), "return".to_owned()]);
        Charts {
            factors: self.names.to_vec(),
            dates: drawn.iter().map(|&row| self.rows[row].0.date.to_string()).collect(),
            exposures: (0..self.names.len()).map(exposure).collect(),
            parts: names
                .enumerate()
                .map(|(place, name)| Part {
                    name,
                    values: line(&|row| Some(sums[row].as_ref()?[place])),
                })
                .collect(),
        }
    }

    /// By session, the intercept and the exposures of the window that ends with it.
    fn exposures(&self) -> Vec<Option<Vec<f64>>> {
        let y: Vec<f64> = self.rows.iter().map(|(own, f)| own.portfolio - f.risk_free).collect();
        let x: Vec<&[f64]> = self.rows.iter().map(|(_, f)| f.values.as_slice()).collect();
        let at = |end: usize| {
            let start = (end + 1).checked_sub(WINDOW)?;
            coefficients(&y[start..=end], &x[start..=end])
        };
        (0..y.len()).map(at).collect()
    }

    /// By session, the sums so far of cash, every factor, what is specific and the return; the
    /// exposures are those known before the session, none before the first window is full.
    fn sums(&self, exposures: &[Option<Vec<f64>>]) -> Vec<Option<Vec<f64>>> {
        let k = self.names.len();
        let mut sums = vec![0.0; k + 3];
        let add = |(row, (own, factors)): (usize, &(&ReturnRow, &FactorRow))| {
            let known = exposures[row.checked_sub(1)?].as_ref()?;
            let mut explained = factors.risk_free;
            sums[0] += factors.risk_free;
            for (place, value) in factors.values.iter().enumerate() {
                let part = known[place + 1] * value;
                sums[place + 1] += part;
                explained += part;
            }
            sums[k + 1] += own.portfolio - explained;
            sums[k + 2] += own.portfolio;
            Some(sums.clone())
        };
        self.rows.iter().enumerate().map(add).collect()
    }

    /// Writes the section, with a row for each period that is long enough.
    pub(crate) fn section(&self, periods: &[Period<'_>]) -> Result<String> {
        let rows: Vec<Row> = periods.iter().filter_map(|period| self.row(period)).collect();
        let values = serde_json::json!({
            "factors": self.names, "rows": rows, "window": WINDOW, "sentence": self.sentence(),
            "periods_per_year": self.a_year.to_string(),
        });
        part(TEMPLATE, values)
    }

    /// Which part of the mean return the factors explain, in a sentence.
    fn sentence(&self) -> Option<String> {
        let (found, parts) = self.regress(&self.rows)?;
        let alpha = found.t_statistics[0];
        let words = match alpha {
            Some(t) if t.abs() >= 1.96 => "which chance alone rarely gives",
            _ => "which cannot be told from zero",
        };
        Some(format!(
            "Of a mean return of {} a year, factors explain {}, cash {}, and {} are specific (t = {}), {words}.",
            percent(parts.total),
            percent(parts.factors.iter().sum()),
            percent(parts.cash),
            percent(parts.alpha),
            alpha.map_or_else(|| UNDEFINED.to_owned(), |t| decimals(t, 2)),
        ))
    }

    fn row(&self, period: &Period<'_>) -> Option<Row> {
        let (first, last) = (period.rows.first()?.date, period.rows.last()?.date);
        let start = self.rows.partition_point(|(own, _)| own.date < first);
        let end = self.rows.partition_point(|(own, _)| own.date <= last);
        let (found, parts) = self.regress(&self.rows[start..end])?;
        let loading = |place: usize| Loading {
            value: decimals(found.coefficients[place], 2),
            t: found.t_statistics[place].map_or_else(|| UNDEFINED.to_owned(), |t| decimals(t, 1)),
        };
        let all = [parts.alpha].into_iter().chain(parts.factors).chain([parts.cash]);
        Some(Row {
            name: period.name.to_owned(),
            range: period.range.clone(),
            loadings: (1..=self.names.len()).map(loading).collect(),
            r_squared: found.r_squared.map_or_else(|| UNDEFINED.to_owned(), |r| decimals(r, 2)),
            parts: all.map(percent).collect(),
            total: percent(parts.total),
        })
    }

    /// The regression of some sessions, and what its parts add to a year's mean return.
    fn regress(&self, rows: &[(&ReturnRow, &FactorRow)]) -> Option<(Regression, Parts)> {
        if rows.len() < LEAST_SESSIONS {
            return None;
        }
        let y: Vec<f64> = rows.iter().map(|(own, f)| own.portfolio - f.risk_free).collect();
        let x: Vec<&[f64]> = rows.iter().map(|(_, f)| f.values.as_slice()).collect();
        let found = regression(&y, &x)?;
        let a_year = |value: &dyn Fn(&(&ReturnRow, &FactorRow)) -> f64| {
            rows.iter().map(value).sum::<f64>() / rows.len() as f64 * self.a_year
        };
        let factor = |k: usize| found.coefficients[k + 1] * a_year(&|(_, f)| f.values[k]);
        let parts = Parts {
            cash: a_year(&|(_, factors)| factors.risk_free),
            alpha: found.coefficients[0] * self.a_year,
            factors: (0..self.names.len()).map(factor).collect(),
            total: a_year(&|(own, _)| own.portfolio),
        };
        Some((found, parts))
    }
}

/// Returns and factors of the same sessions.
fn joined<'a>(
    rows: &'a [ReturnRow],
    table: &'a FactorTable,
) -> Vec<(&'a ReturnRow, &'a FactorRow)> {
    let by_date: BTreeMap<Date, &FactorRow> =
        table.rows.iter().map(|row| (row.date, row)).collect();
    rows.iter().filter_map(|row| Some((row, *by_date.get(&row.date)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> (Vec<ReturnRow>, FactorTable) {
        let first: Date = "2020-01-01".parse().unwrap();
        let wave = |t: usize, speed: f64| 0.01 * (speed * t as f64).sin();
        let date = |t: usize| {
            first.checked_add(std::time::Duration::from_secs(86_400 * t as u64)).unwrap()
        };
        let factor = |t: usize| FactorRow {
            date: date(t),
            values: vec![wave(t, 1.7), wave(t, 0.3) + 0.001, wave(t, 5.1)],
            risk_free: 0.0001,
        };
        let factors: Vec<FactorRow> = (0..400).map(factor).collect();
        let own = |(t, f): (usize, &FactorRow)| ReturnRow {
            date: f.date,
            portfolio: 0.0002 + f.risk_free + 1.2 * f.values[0] - 0.4 * f.values[1] + wave(t, 9.7),
            gross: 0.0,
            benchmark: None,
            cash: None,
            turnover: 0.0,
            cost: 0.0,
        };
        let rows = factors.iter().enumerate().map(own).collect();
        let names = ["Mkt-RF", "SMB", "HML"].map(str::to_owned).to_vec();
        (rows, FactorTable { names, rows: factors })
    }

    #[test]
    fn parts_of_a_period_add_up_to_its_mean_return() {
        let (rows, table) = table();
        let found = Attribution { names: &table.names, rows: joined(&rows, &table), a_year: 252.0 };
        let (fit, parts) = found.regress(&found.rows).unwrap();
        let mean = 252.0 * rows.iter().map(|row| row.portfolio).sum::<f64>() / 400.0;
        let sum = parts.cash + parts.alpha + parts.factors.iter().sum::<f64>();
        assert!((parts.total - mean).abs() < 1e-12 && (sum - mean).abs() < 1e-12, "{sum} {mean}");
        assert!((fit.coefficients[1] - 1.2).abs() < 0.05, "{:?}", fit.coefficients);
    }

    #[test]
    fn parts_of_every_session_add_up_to_the_sum_of_returns() {
        let (rows, table) = table();
        let found = Attribution { names: &table.names, rows: joined(&rows, &table), a_year: 252.0 };
        let exposures = found.exposures();
        let sums = found.sums(&exposures);
        assert!(sums[WINDOW - 1].is_none() && sums[WINDOW].is_some(), "no exposure is known yet");
        for (row, sums) in sums.iter().enumerate().skip(WINDOW) {
            let sums = sums.as_ref().unwrap();
            let all: f64 = sums[..5].iter().sum();
            let earned: f64 = rows[WINDOW..=row].iter().map(|row| row.portfolio).sum();
            assert!((all - earned).abs() < 1e-12 && (sums[5] - earned).abs() < 1e-12);
        }
    }

    #[test]
    fn exposures_do_not_know_the_session_that_they_explain() {
        let (mut rows, table) = table();
        let sums = |rows: &[ReturnRow]| {
            let rows = joined(rows, &table);
            let found = Attribution { names: &table.names, rows, a_year: 252.0 };
            let sums = found.sums(&found.exposures());
            sums[300].as_ref().unwrap()[1..4].to_vec()
        };
        let before = sums(&rows);
        rows[300].portfolio = 5.0;
        assert_eq!(sums(&rows), before);
    }
}
