//! One run against another: the differences of their figures, resampled together.
//!
//! In the formulas `r_1` is the first run's return, `r_2` the other's; a difference is the other less
//! the first.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{ReturnRow, Run};
use walkfolio_stats::Covered;
use walkfolio_stats::inference::bootstrap::{
    self, Bootstrap, interval, mean_return_annual, sharpe_difference,
};
use walkfolio_stats::measures::{performance, relative};

use crate::intervals::Interval;
use crate::sample::{MINIMUM_SESSIONS, enough};
use crate::stated;

/// A difference of one figure, the other run's less the first's.
///
/// # Examples
/// See [`Comparison`](super::Comparison).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The key of the measure.
    pub key: &'static str,
    /// The figure's name.
    pub figure: &'static str,
    /// How the difference is computed.
    pub formula: String,
    /// The difference and its 95 % interval, in the unit of the measure.
    pub interval: Option<Interval>,
    /// What the interval says.
    pub outcome: Option<Outcome>,
}

/// What an interval of a difference says: nothing unless it excludes zero.
///
/// # Examples
/// See [`Comparison`](super::Comparison).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It includes zero.
    Indistinguishable,
    /// The other run is better than the first.
    Better,
    /// The other run is worse than the first.
    Worse,
    /// The other run's figure is higher, which is neither better nor worse.
    Higher,
    /// The other run's figure is lower, which is neither better nor worse.
    Lower,
}

impl Outcome {
    fn of(found: &Interval, higher_is_better: Option<bool>) -> Self {
        let above = match (found.low > 0.0, found.high < 0.0) {
            (true, _) => true,
            (_, true) => false,
            (false, false) => return Self::Indistinguishable,
        };
        match higher_is_better {
            None if above => Self::Higher,
            None => Self::Lower,
            Some(higher) if higher == above => Self::Better,
            Some(_) => Self::Worse,
        }
    }
}

/// Two runs on the sessions that both have.
pub(super) struct Pair {
    dates: Vec<Date>,
    first: Vec<f64>,
    other: Vec<f64>,
    benchmark: Option<Covered<'static>>,
    /// What is earned above cash, the first and the other; the returns where neither run knows a rate.
    excess: Option<[Covered<'static>; 2]>,
    periods_per_year: f64,
}

impl Pair {
    pub(super) fn of(first: &Run, other: &Run) -> Self {
        let (mine, theirs) = (&first.returns, &other.returns);
        let at = |date| theirs.binary_search_by_key(date, |row| row.date).ok();
        let rows: Vec<_> =
            mine.iter().filter_map(|row| Some((row, &theirs[at(&row.date)?]))).collect();
        let same = |a: Option<f64>, b: Option<f64>| if a == b { a } else { None };
        let cash = Covered::of(rows.iter().map(|(a, b)| same(a.cash, b.cash)));
        let has_rate = mine.iter().chain(theirs).any(|row| row.cash.is_some());
        let above = |returns: fn(&(&ReturnRow, &ReturnRow)) -> f64| {
            let returns = Covered::of(rows.iter().map(|pair| Some(returns(pair))))?;
            if has_rate { Some(returns.less(cash.as_ref()?)) } else { Some(returns) }
        };
        let excess = above(|(row, _)| row.portfolio).zip(above(|(_, row)| row.portfolio));
        let excess = excess.map(|(first, other)| [first, other]);
        Self {
            dates: rows.iter().map(|(row, _)| row.date).collect(),
            first: rows.iter().map(|(row, _)| row.portfolio).collect(),
            other: rows.iter().map(|(_, other)| other.portfolio).collect(),
            benchmark: Covered::of(rows.iter().map(|(a, b)| same(a.benchmark, b.benchmark))),
            excess,
            periods_per_year: stated::periods_per_year(&first.manifest),
        }
    }

    pub(super) fn sessions(&self) -> usize {
        self.dates.len()
    }

    /// The other's return relative to the first's, by date; none where the first lost everything.
    pub(super) fn relative(&self) -> impl Iterator<Item = (Date, Option<f64>)> + '_ {
        let both = self.other.iter().zip(&self.first);
        let relative =
            both.map(|(own, first)| (*first > -1.0).then(|| (1.0 + own) / (1.0 + first) - 1.0));
        self.dates.iter().copied().zip(relative)
    }
}

/// Every figure that two runs can be compared by.
pub(super) fn differences(pair: &Pair) -> Vec<Difference> {
    if pair.first.len() < MINIMUM_SESSIONS {
        return Vec::new();
    }
    let settings = Bootstrap::default();
    let (own, first, year) = (pair.other.as_slice(), pair.first.as_slice(), pair.periods_per_year);
    let difference: Vec<f64> = own.iter().zip(first).map(|(a, b)| a - b).collect();
    let sharpe = pair.excess.as_ref().and_then(|[first, other]| {
        sharpe_difference(enough(other)?, enough(first)?, None, year, &settings)
    });
    let volatility = |copy: &[&[f64]]| {
        Some(performance::volatility(copy[0], year)? - performance::volatility(copy[1], year)?)
    };
    let mut all = vec![
        Figure {
            key: "mean_return_annual",
            name: "Annualized mean return",
            higher_is_better: Some(true),
        }
        .difference(
            format!("mean(r_2 - r_1) * {year}"),
            mean_return_annual(&difference, year, &settings),
        ),
        Figure { key: "volatility", name: "Volatility", higher_is_better: None }.difference(
            format!("(std(r_2) - std(r_1)) * sqrt({year})"),
            interval(&[own, first], volatility, &settings),
        ),
        Figure { key: "sharpe_ratio", name: "Sharpe ratio", higher_is_better: Some(true) }
            .difference("SR_2 - SR_1, studentized".to_owned(), sharpe.map(|found| found.interval)),
    ];
    let benchmark = pair.benchmark.as_ref().filter(|benchmark| enough(benchmark).is_some());
    all.extend(benchmark.map(|benchmark| {
        let (own, first) = (Covered::from(own), Covered::from(first));
        let (rows, own, benchmark) = own.common(benchmark);
        let first = first.within(&rows).unwrap_or_default();
        Figure { key: "tracking_error", name: "Tracking error", higher_is_better: Some(false) }
            .difference(
                format!("(std(r_2 - r_b) - std(r_1 - r_b)) * sqrt({year})"),
                interval(&[own, first, benchmark], |copy| errors(copy, year), &settings),
            )
    }));
    all
}

/// What is compared, and whether more of it is better, where that can be said.
struct Figure {
    key: &'static str,
    name: &'static str,
    higher_is_better: Option<bool>,
}

impl Figure {
    fn difference(self, formula: String, found: Option<bootstrap::Interval>) -> Difference {
        let interval = found.map(Interval::from);
        Difference {
            key: self.key,
            figure: self.name,
            formula,
            interval,
            outcome: interval.map(|found| Outcome::of(&found, self.higher_is_better)),
        }
    }
}

/// The one's tracking error less the other's.
fn errors(copy: &[&[f64]], periods_per_year: f64) -> Option<f64> {
    let of = |returns: &[f64]| {
        relative::tracking_error(&relative::active_returns(returns, copy[2]), periods_per_year)
    };
    Some(of(copy[0])? - of(copy[1])?)
}
