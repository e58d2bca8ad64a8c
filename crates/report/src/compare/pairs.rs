//! One run against the first: the differences of their figures, resampled together.
//!
//! In the formulas `r_1` is the first run's return, `r_2` the other's; a difference is the other less the first.

use serde::Serialize;
use walkfolio::inference::bootstrap::{
    Bootstrap, Interval, interval, mean_return_annual, sharpe_difference,
};
use walkfolio::measures::{Unit, performance, relative};

use super::{Side, Walk, grown};
use crate::certainty::LEAST_SESSIONS;
use crate::format::{UNDEFINED, counted, decimals, ends, measure};

/// Two runs on the sessions that both have.
pub(super) struct Pair<'a> {
    first: &'a str,
    name: &'a str,
    dates: Vec<String>,
    own: Vec<f64>,
    other: Vec<f64>,
    benchmark: Option<Vec<f64>>,
    cash: Option<Vec<f64>>,
    a_year: f64,
}

/// A difference of one figure.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    name: String,
    figure: &'static str,
    formula: String,
    difference: String,
    interval: String,
    verdict: &'static str,
}

/// A difference that was resampled.
struct Resampled {
    figure: &'static str,
    formula: String,
    unit: Unit,
    /// Whether more is better, where that can be said.
    higher_is_better: Option<bool>,
    found: Option<Interval>,
}

impl<'a> Pair<'a> {
    /// `other` against `first`.
    pub(super) fn of(first: &Side<'a>, other: &Side<'a>) -> Self {
        let (mine, theirs) = (&first.run.returns, &other.run.returns);
        let at = |date| theirs.binary_search_by_key(date, |row| row.date).ok();
        let rows: Vec<_> =
            mine.iter().filter_map(|row| Some((row, &theirs[at(&row.date)?]))).collect();
        let same = |a: Option<f64>, b: Option<f64>| if a == b { a } else { None };
        let resolved = &first.run.manifest.resolved;
        Self {
            first: first.name,
            name: other.name,
            dates: rows.iter().map(|(row, _)| row.date.to_string()).collect(),
            own: rows.iter().map(|(_, other)| other.portfolio).collect(),
            other: rows.iter().map(|(row, _)| row.portfolio).collect(),
            benchmark: rows.iter().map(|(a, b)| same(a.benchmark, b.benchmark)).collect(),
            cash: rows.iter().map(|(a, b)| same(a.cash, b.cash)).collect(),
            a_year: resolved["periods_per_year"].as_f64().unwrap_or(252.0),
        }
    }

    /// Growth of the one relative to the other's.
    pub(super) fn relative(&self) -> Walk {
        let both = self.own.iter().zip(&self.other);
        let relative =
            both.map(|(own, other)| (*other > -1.0).then(|| (1.0 + own) / (1.0 + other) - 1.0));
        grown(self.dates.iter().cloned().zip(relative).collect())
    }

    /// The differences, each with its interval and what it says.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.resampled().into_iter().map(|found| self.row(&found)).collect()
    }

    fn row(&self, one: &Resampled) -> Row {
        let text = |found: &Interval| ends(one.unit, found.low, found.high);
        Row {
            name: format!("{} less {}", self.name, self.first),
            figure: one.figure,
            formula: one.formula.clone(),
            difference: measure(one.unit, one.found.map(|found| found.estimate)),
            interval: one.found.as_ref().map_or_else(|| UNDEFINED.to_owned(), text),
            verdict: verdict(one),
        }
    }

    /// Whether they can be told apart, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let all = self.resampled();
        let known: Vec<&Resampled> = all.iter().filter(|one| one.found.is_some()).collect();
        if known.is_empty() {
            let sessions = counted(self.own.len(), "common session");
            return format!(
                "{} and {} share {sessions}: too few to compare.",
                self.name, self.first
            );
        }
        let told: Vec<String> = known
            .iter()
            .filter(|one| verdict(one) != ALIKE)
            .map(|one| format!("{} {}", one.figure.to_lowercase(), side(one)))
            .collect();
        if told.is_empty() {
            return format!(
                "{} cannot be told from {} by any of {} figures.",
                self.name,
                self.first,
                known.len()
            );
        }
        format!(
            "{} differs from {} by more than chance explains in {} of {} figures: {}.",
            self.name,
            self.first,
            told.len(),
            known.len(),
            told.join(", ")
        )
    }

    /// Every figure that two runs can be compared by.
    fn resampled(&self) -> Vec<Resampled> {
        if self.own.len() < LEAST_SESSIONS {
            return Vec::new();
        }
        let settings = Bootstrap::default();
        let (own, other, a_year) = (self.own.as_slice(), self.other.as_slice(), self.a_year);
        let difference: Vec<f64> = own.iter().zip(other).map(|(a, b)| a - b).collect();
        let sharpe = sharpe_difference(own, other, self.cash.as_deref(), a_year, &settings);
        let volatility = |copy: &[&[f64]]| {
            Some(
                performance::volatility(copy[0], a_year)?
                    - performance::volatility(copy[1], a_year)?,
            )
        };
        let mut all = vec![
            Resampled {
                figure: "Mean return a year",
                formula: format!("mean(r_2 - r_1) * {a_year}"),
                unit: Unit::Percent,
                higher_is_better: Some(true),
                found: mean_return_annual(&difference, a_year, &settings),
            },
            Resampled {
                figure: "Volatility",
                formula: format!("(std(r_2) - std(r_1)) * sqrt({a_year})"),
                unit: Unit::Percent,
                higher_is_better: None,
                found: interval(&[own, other], volatility, &settings),
            },
            Resampled {
                figure: "Sharpe ratio",
                formula: "SR_2 - SR_1, studentized".to_owned(),
                unit: Unit::Ratio,
                higher_is_better: Some(true),
                found: sharpe.map(|found| found.interval),
            },
        ];
        all.extend(self.benchmark.as_deref().map(|benchmark| Resampled {
            figure: "Tracking error",
            formula: format!("(std(r_2 - r_b) - std(r_1 - r_b)) * sqrt({a_year})"),
            unit: Unit::Percent,
            higher_is_better: Some(false),
            found: interval(&[own, other, benchmark], |copy| errors(copy, a_year), &settings),
        }));
        all
    }
}

/// The one's tracking error less the other's.
fn errors(copy: &[&[f64]], a_year: f64) -> Option<f64> {
    let of = |returns: &[f64]| {
        relative::tracking_error(&relative::active_returns(returns, copy[2]), a_year)
    };
    Some(of(copy[0])? - of(copy[1])?)
}

const ALIKE: &str = "cannot be told apart";

/// What an interval says: nothing unless it leaves out zero.
fn verdict(one: &Resampled) -> &'static str {
    let Some(found) = one.found else { return "" };
    let above = match (found.low > 0.0, found.high < 0.0) {
        (true, _) => true,
        (_, true) => false,
        (false, false) => return ALIKE,
    };
    match one.higher_is_better {
        None if above => "higher",
        None => "lower",
        Some(higher) if higher == above => "better",
        Some(_) => "worse",
    }
}

fn side(one: &Resampled) -> String {
    let value = one.found.map_or(0.0, |found| found.estimate);
    match one.unit {
        Unit::Percent => {
            format!("{} points {}", decimals(100.0 * value.abs(), 2), direction(value))
        }
        _ => format!("{} {}", decimals(value.abs(), 2), direction(value)),
    }
}

fn direction(value: f64) -> &'static str {
    if value < 0.0 { "lower" } else { "higher" }
}
