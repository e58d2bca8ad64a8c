//! Growth, drawdown and regimes: the lines of the first chart.

use serde::Serialize;
use serde_json::Value;
use walkfolio::{Manifest, ReturnRow};

use crate::format::{decimals, short};

/// One value a session, none where there is no return.
pub(crate) type Line = Vec<Option<f64>>;

/// The places of at most so many points of a line: evenly, counted from the last one, which is there.
pub(crate) fn drawn(length: usize, most: usize) -> Vec<usize> {
    let step = length.div_ceil(most).max(1);
    (0..length).filter(|place| (length - 1 - place).is_multiple_of(step)).collect()
}

/// What the first allocation puts in.
const START: f64 = 100.0;

/// Growth of $100 and how far it is below its highest value so far.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Growth {
    value: Line,
    drawdown: Line,
}

impl Growth {
    /// The growth of returns; a missing return leaves a gap and the value where it was.
    pub(crate) fn of(returns: impl Iterator<Item = Option<f64>>) -> Self {
        let (mut level, mut peak) = (START, START);
        let mut growth = Self { value: Vec::new(), drawdown: Vec::new() };
        for earned in returns {
            level *= 1.0 + earned.unwrap_or(0.0);
            peak = peak.max(level);
            growth.value.push(earned.and_then(|_| short(level)));
            growth.drawdown.push(earned.and_then(|_| short(level / peak - 1.0)));
        }
        growth
    }
}

impl Growth {
    /// The values and the drawdowns.
    pub(crate) fn lines(self) -> (Line, Line) {
        (self.value, self.drawdown)
    }
}

/// The lines of the first chart.
#[derive(Debug, Serialize)]
pub(crate) struct Series {
    dates: Vec<String>,
    portfolio: Growth,
    benchmark: Option<Growth>,
}

impl Series {
    /// The growth of a portfolio and, where there is one, of its benchmark.
    pub(crate) fn of(returns: &[ReturnRow]) -> Self {
        let compared = returns.iter().any(|row| row.benchmark.is_some());
        Self {
            dates: returns.iter().map(|row| row.date.to_string()).collect(),
            portfolio: Growth::of(returns.iter().map(|row| Some(row.portfolio))),
            benchmark: compared.then(|| Growth::of(returns.iter().map(|row| row.benchmark))),
        }
    }
}

impl Series {
    /// What became of the start, in a sentence.
    pub(crate) fn sentence(&self, study: &str, benchmark: Option<&str>) -> Option<String> {
        let end = |growth: &Growth| growth.value.iter().rev().find_map(|value| *value);
        let own = end(&self.portfolio)?;
        let beside = self.benchmark.as_ref().and_then(end).zip(benchmark);
        let beside = beside.map_or(String::new(), |(value, name)| {
            format!(" and ${} in {name}", decimals(value, 2))
        });
        let last = self.dates.last()?;
        let first = self.dates.first()?;
        Some(format!(
            "$100 at the first allocation, {first}, were ${} in {study}{beside} on {last}.",
            decimals(own, 2)
        ))
    }
}

/// A regime inside the backtest.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Band {
    name: String,
    first: String,
    last: String,
}

/// The study's regimes, cut to the backtest; those outside it are left out.
pub(crate) fn bands(manifest: &Manifest) -> Vec<Band> {
    let (Some(start), Some(end)) = (manifest.first, manifest.last) else { return Vec::new() };
    let (start, end) = (start.to_string(), end.to_string());
    let regimes = manifest.resolved["regime"].as_array().into_iter().flatten();
    regimes.filter_map(|regime| band(regime, &start, &end)).collect()
}

/// ISO dates compare as text.
fn band(regime: &Value, start: &str, end: &str) -> Option<Band> {
    let first = regime["first"].as_str().unwrap_or(start).max(start);
    let last = regime["last"].as_str().unwrap_or(end).min(end);
    let name = regime["name"].as_str()?.to_owned();
    (first <= last).then(|| Band { name, first: first.to_owned(), last: last.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_drawn_evenly_up_to_the_last() {
        assert_eq!(drawn(3, 5), [0, 1, 2]);
        assert_eq!(drawn(7, 3), [0, 3, 6]);
        assert_eq!(drawn(8, 3), [1, 4, 7]);
        assert!(drawn(0, 3).is_empty());
    }

    #[test]
    fn drawdown_counts_from_the_starting_value() {
        let growth = Growth::of([Some(-0.5), Some(1.0), Some(0.5)].into_iter());
        assert_eq!(growth.value, [Some(50.0), Some(100.0), Some(150.0)]);
        assert_eq!(growth.drawdown, [Some(-0.5), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn a_missing_return_is_a_gap() {
        let growth = Growth::of([Some(0.5), None, Some(0.0)].into_iter());
        assert_eq!(growth.value, [Some(150.0), None, Some(150.0)]);
    }

    #[test]
    fn a_regime_is_cut_to_the_backtest() {
        let regime = serde_json::json!({ "name": "late", "first": "2020-01-01" });
        let cut = band(&regime, "2020-03-01", "2021-01-01").unwrap();
        assert_eq!((cut.first.as_str(), cut.last.as_str()), ("2020-03-01", "2021-01-01"));
        assert_eq!(band(&regime, "2018-01-01", "2019-01-01"), None);
    }
}
