//! Exposures to factors over time, and which part of the returns they explain.
//!
//! Over a period, `r_t - rf_t = a + b' f_t + e_t` by ordinary least squares; residuals add up to
//! zero, so that `mean(r) = mean(rf) + a + sum of b_k mean(f_k)` without a rest. Over time the
//! exposures of a session are those of the window that ends before it, and what they do not explain
//! is specific: the parts of every session add up to its return.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{FactorRow, FactorTable, ReturnRow, Run};
use walkfolio_stats::inference::regression::{Lags, coefficients, regression};

use crate::line::{Line, evenly};
use crate::period::Period;
use crate::sample::MINIMUM_SESSIONS;
use crate::stated;

/// Periods of a window of exposures: half a year of daily prices.
pub const WINDOW: usize = 126;
/// Sessions at which the lines are taken, evenly spread back from the last.
const POINTS: usize = 1200;

/// Returns explained by factors.
///
/// # Source
/// Fama & French (1993); t statistics of Newey & West (1987, 1994).
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::{attribution::Attribution, period::periods};
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// // The portfolio returns half of what the factor does, and nothing else.
/// let found = Attribution::of(&run, &periods(&run)).unwrap();
/// let all = found.all.unwrap();
/// assert!((all.exposures[0] - 0.5).abs() < 1e-12 && all.specific.abs() < 1e-12);
/// assert!((all.factors[0] - all.total).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attribution {
    /// The names of the factors.
    pub factors: Vec<String>,
    /// The regression of all sessions that have factors, where they are enough.
    pub all: Option<Explained>,
    /// By period of the run, its regression, where its sessions are enough.
    pub periods: Vec<Option<Explained>>,
    /// Sessions of each exposure.
    pub window: usize,
    /// The dates of the lines: at most 1,200, evenly spread back from the last session.
    pub dates: Vec<Date>,
    /// By factor, the exposure of the window that ends with the date.
    pub exposures: Vec<Line>,
    /// Sums up to each date: cash, every factor, what is specific, and the return itself, so that
    /// the last is the sum of the others. Exposures are those of `all`, whose parts a year they end with.
    pub sums: Vec<Line>,
}

/// One regression and its parts of the mean return, annualized fractions.
///
/// # Examples
/// See [`Attribution`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// By factor, the exposure.
    pub exposures: Vec<f64>,
    /// By factor, the t statistic of the exposure.
    pub exposure_t: Vec<Option<f64>>,
    /// The part of the variance that the factors explain.
    pub r_squared: Option<f64>,
    /// What is specific: the intercept.
    pub specific: f64,
    /// Its t statistic.
    pub specific_t: Option<f64>,
    /// Its standard error a year.
    pub specific_error: f64,
    /// By factor, the standard error of the exposure.
    pub exposure_errors: Vec<f64>,
    /// Lags of the standard errors (Newey-West).
    pub lags: usize,
    /// The volatility that the factors leave, a year.
    pub residual_volatility: f64,
    /// By factor, its exposure times its mean return.
    pub factors: Vec<f64>,
    /// The mean return of cash.
    pub cash: f64,
    /// The mean return: the sum of all parts.
    pub total: f64,
}

/// Returns with the factors of their sessions.
struct Factored<'a> {
    names: &'a [String],
    rows: Vec<(&'a ReturnRow, &'a FactorRow)>,
    periods_per_year: f64,
    lags: Lags,
}

/// The factors that a study regresses on: all that it loads, or those that it names.
fn chosen(run: &Run) -> Option<Cow<'_, FactorTable>> {
    let table = run.factors.as_ref()?;
    let named = run.manifest.resolved.attribution.as_ref().map(|spec| spec.factors.as_slice());
    let Some(named) = named.filter(|named| !named.is_empty()) else {
        return Some(Cow::Borrowed(table));
    };
    let places = named.iter().map(|name| table.names.iter().position(|other| other == name));
    let places: Vec<usize> = places.collect::<Option<_>>()?;
    let row = |row: &FactorRow| FactorRow {
        values: places.iter().map(|&place| row.values[place]).collect(),
        ..row.clone()
    };
    Some(Cow::Owned(FactorTable {
        names: named.to_vec(),
        rows: table.rows.iter().map(row).collect(),
    }))
}

/// The lags of its standard errors.
fn lags(run: &Run) -> Lags {
    let stated = run.manifest.resolved.attribution.as_ref().and_then(|spec| spec.lags);
    stated.map_or(Lags::Automatic, |lags| Lags::Fixed(lags as usize))
}

impl Attribution {
    /// The returns of a run that have factors; `None` where no more than a window have.
    pub fn of(run: &Run, periods: &[Period]) -> Option<Self> {
        let table = chosen(run)?;
        let rows = joined(periods.first()?.of_returns(run), &table);
        let periods_per_year = stated::periods_per_year(&run.manifest);
        let found = Factored { names: &table.names, rows, periods_per_year, lags: lags(run) };
        (found.rows.len() > WINDOW).then(|| found.attribution(run, periods))
    }
}

impl Factored<'_> {
    fn attribution(&self, run: &Run, periods: &[Period]) -> Attribution {
        let exposures = self.exposures();
        let all = self.explained(&self.rows);
        let sums = all.as_ref().map(|all| self.sums(all));
        let shown = evenly(self.rows.len(), POINTS);
        let line = |value: &dyn Fn(usize) -> Option<f64>| -> Line {
            shown.iter().map(|&row| value(row).filter(|value| value.is_finite())).collect()
        };
        let exposure = |k: usize| line(&|row| Some(exposures[row].as_ref()?[k + 1]));
        let sum = |place: usize| line(&|row| Some(sums.as_ref()?[row][place]));
        Attribution {
            factors: self.names.to_vec(),
            all,
            periods: periods.iter().map(|period| self.of_period(period.of_returns(run))).collect(),
            window: WINDOW,
            dates: shown.iter().map(|&row| self.rows[row].0.date).collect(),
            exposures: (0..self.names.len()).map(exposure).collect(),
            sums: (0..self.names.len() + 3).map(sum).collect(),
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

    /// By session, the sums so far of cash, every factor, what is specific and the return, all by the exposures of
    /// one regression: their ends are its parts of the mean return.
    fn sums(&self, all: &Explained) -> Vec<Vec<f64>> {
        let k = self.names.len();
        let mut sums = vec![0.0; k + 3];
        let add = |(own, factors): &(&ReturnRow, &FactorRow)| {
            let mut explained = factors.risk_free;
            sums[0] += factors.risk_free;
            for (place, value) in factors.values.iter().enumerate() {
                let part = all.exposures[place] * value;
                sums[place + 1] += part;
                explained += part;
            }
            sums[k + 1] += own.portfolio - explained;
            sums[k + 2] += own.portfolio;
            sums.clone()
        };
        self.rows.iter().map(add).collect()
    }

    fn of_period(&self, rows: &[ReturnRow]) -> Option<Explained> {
        let (first, last) = (rows.first()?.date, rows.last()?.date);
        let start = self.rows.partition_point(|(own, _)| own.date < first);
        let end = self.rows.partition_point(|(own, _)| own.date <= last);
        self.explained(&self.rows[start..end])
    }

    /// The regression of some sessions, and what its parts add to a year's mean return.
    fn explained(&self, rows: &[(&ReturnRow, &FactorRow)]) -> Option<Explained> {
        if rows.len() < MINIMUM_SESSIONS {
            return None;
        }
        let y: Vec<f64> = rows.iter().map(|(own, f)| own.portfolio - f.risk_free).collect();
        let x: Vec<&[f64]> = rows.iter().map(|(_, f)| f.values.as_slice()).collect();
        let found = regression(&y, &x, self.lags)?;
        let annual = |value: &dyn Fn(&(&ReturnRow, &FactorRow)) -> f64| {
            rows.iter().map(value).sum::<f64>() / rows.len() as f64 * self.periods_per_year
        };
        let factor = |k: usize| found.coefficients[k + 1] * annual(&|(_, f)| f.values[k]);
        Some(Explained {
            specific: found.coefficients[0] * self.periods_per_year,
            specific_t: found.t_statistics[0],
            specific_error: found.standard_errors[0] * self.periods_per_year,
            exposure_errors: found.standard_errors[1..].to_vec(),
            lags: found.lags,
            residual_volatility: found.residual_deviation * self.periods_per_year.sqrt(),
            factors: (0..self.names.len()).map(factor).collect(),
            cash: annual(&|(_, factors)| factors.risk_free),
            total: annual(&|(own, _)| own.portfolio),
            exposures: found.coefficients[1..].to_vec(),
            exposure_t: found.t_statistics[1..].to_vec(),
            r_squared: found.r_squared,
        })
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
    use walkfolio_core::Date;
    use walkfolio_record::{FactorTable, ReturnRow};

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
        let found = Factored {
            names: &table.names,
            rows: joined(&rows, &table),
            periods_per_year: 252.0,
            lags: Lags::Automatic,
        };
        let parts = found.explained(&found.rows).unwrap();
        let mean = 252.0 * rows.iter().map(|row| row.portfolio).sum::<f64>() / 400.0;
        let sum = parts.cash + parts.specific + parts.factors.iter().sum::<f64>();
        assert!((parts.total - mean).abs() < 1e-12 && (sum - mean).abs() < 1e-12, "{sum} {mean}");
        assert!((parts.exposures[0] - 1.2).abs() < 0.05, "{:?}", parts.exposures);
    }

    #[test]
    fn sums_end_with_the_parts_of_the_one_regression() {
        let (rows, table) = table();
        let found = Factored {
            names: &table.names,
            rows: joined(&rows, &table),
            periods_per_year: 252.0,
            lags: Lags::Automatic,
        };
        let all = found.explained(&found.rows).unwrap();
        let sums = found.sums(&all);
        for (row, sums) in sums.iter().enumerate() {
            let parts: f64 = sums[..5].iter().sum();
            let earned: f64 = rows[..=row].iter().map(|row| row.portfolio).sum();
            assert!((parts - earned).abs() < 1e-12 && (sums[5] - earned).abs() < 1e-12);
        }
        let years = 400.0 / 252.0;
        let last: Vec<f64> = sums[399].iter().map(|sum| sum / years).collect();
        let parts = [all.cash, all.factors[0], all.factors[1], all.factors[2], all.specific];
        for (sum, part) in last.iter().zip(parts) {
            assert!((sum - part).abs() < 1e-12, "{sum} {part}");
        }
    }
}
