//! Growth, drawdown and regimes: the lines of the first chart.

use serde::Serialize;
use serde_json::Value;
use walkfolio_analysis::format::{decimals, short};
use walkfolio_analysis::growth::{Growth, Wealth};
use walkfolio_analysis::line::Line;
use walkfolio_record::Manifest;

/// What is drawn of a growth: six digits of every value.
#[derive(Debug, Serialize, PartialEq)]
pub(crate) struct Drawn {
    pub value: Line,
    pub drawdown: Line,
}

impl Drawn {
    /// The lines of a growth.
    pub(crate) fn of(wealth: &Wealth) -> Self {
        Self { value: shortened(&wealth.value), drawdown: shortened(&wealth.drawdown) }
    }
}

/// A line to six digits.
pub(crate) fn shortened(line: &[Option<f64>]) -> Line {
    line.iter().map(|value| value.and_then(short)).collect()
}

/// The lines of the first chart.
#[derive(Debug, Serialize)]
pub(crate) struct Series {
    dates: Vec<String>,
    portfolio: Drawn,
    benchmark: Option<Drawn>,
}

impl Series {
    /// The growth of a portfolio and, where there is one, of its benchmark.
    pub(crate) fn of(growth: &Growth) -> Self {
        Self {
            dates: growth.dates.iter().map(ToString::to_string).collect(),
            portfolio: Drawn::of(&growth.portfolio),
            benchmark: growth.benchmark.as_ref().map(Drawn::of),
        }
    }

    /// What became of the start, in a sentence.
    pub(crate) fn sentence(&self, study: &str, benchmark: Option<&str>) -> Option<String> {
        let end = |growth: &Drawn| growth.value.iter().rev().find_map(|value| *value);
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
    fn a_regime_is_cut_to_the_backtest() {
        let regime = serde_json::json!({ "name": "late", "first": "2020-01-01" });
        let cut = band(&regime, "2020-03-01", "2021-01-01").unwrap();
        assert_eq!((cut.first.as_str(), cut.last.as_str()), ("2020-03-01", "2021-01-01"));
        assert_eq!(band(&regime, "2018-01-01", "2019-01-01"), None);
    }
}
