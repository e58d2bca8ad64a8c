//! The first screen: growth of $100, and the key figures next to the benchmark's.

use serde::Serialize;
use walkfolio_analysis::baselines::{BaselineFigures, EQUAL_WEIGHT};
use walkfolio_analysis::format::{UNDEFINED, count, decimals, ends, measure};
use walkfolio_analysis::intervals::Interval;
use walkfolio_analysis::key_figures::{KeyFigure, KeyFigures};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::{Definition, Findings};

use crate::Result;
use crate::bands::{Band, bands};
use crate::chart::{Chart, Drawn, RunChart};
use crate::first_allocation::reason;
use crate::summary::Summary;
use crate::template::part;
use crate::wealth::{WealthLines, shortened};

const TEMPLATE: &str = include_str!("overview.html");
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "overview", title: "Overview", script: include_str!("overview.js"), draw };

#[derive(Serialize)]
struct Words<'a> {
    benchmark: Option<&'a str>,
    regimes: &'a [Band],
    sentence: Option<String>,
    reason: Option<String>,
    after_costs: bool,
    key: Option<Table>,
    baselines: Option<Baselines>,
}

/// The baselines as a table, the portfolio first.
#[derive(Serialize)]
struct Baselines {
    sentence: String,
    columns: Vec<&'static str>,
    rows: Vec<(String, Vec<String>)>,
}

/// The key figures as a table.
#[derive(Serialize)]
struct Table {
    sample: String,
    /// Whether a figure has an interval.
    banded: bool,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    label: &'static str,
    formula: String,
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    text: String,
    interval: Option<String>,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let manifest = &summary.run.manifest;
    let series = Series::of(summary.found);
    let benchmark = manifest.benchmark.as_deref().filter(|_| series.benchmark.is_some());
    let words = Words {
        benchmark,
        regimes: &bands(manifest),
        sentence: series.sentence(summary, benchmark),
        after_costs: summary.is_backtest(),
        reason: reason(summary.run),
        key: summary.found.key_figures.as_ref().map(|found| table(found, benchmark, summary)),
        baselines: baselines(summary),
    };
    Drawn::section(part(TEMPLATE, words)?).with("series", &series)
}

/// The measures of the table of baselines.
const BASELINE_KEYS: [(&str, &str); 5] = [
    ("annual_return", "Return"),
    ("volatility", "Volatility"),
    ("sharpe_ratio", "Sharpe ratio"),
    ("max_drawdown", "Worst drawdown"),
    ("tracking_error", "Tracking error"),
];

fn baselines(summary: &Summary<'_>) -> Option<Baselines> {
    let (all, key) = (&summary.found.baselines, summary.found.key_figures.as_ref()?);
    let own = |wanted: &str| key.get(wanted).and_then(|figure| figure.own.or(figure.difference));
    let known = BASELINE_KEYS.iter().filter(|(key, _)| own(key).is_some());
    let columns: Vec<(&Definition, &str)> =
        known.filter_map(|(key, name)| Some((definition(key)?, *name))).collect();
    let shown = |value: &dyn Fn(&str) -> Option<f64>| {
        columns.iter().map(|(of, _)| measure(of.unit, value(of.key))).collect()
    };
    let first = (summary.run.manifest.study.clone(), shown(&own));
    let others = all.iter().map(|one| (one.name.clone(), shown(&|key| one.get(key))));
    Some(Baselines {
        sentence: all.iter().filter_map(against).collect::<Vec<_>>().join(" "),
        columns: columns.iter().map(|(_, name)| *name).collect(),
        rows: std::iter::once(first).chain(others).collect(),
    })
    .filter(|_| !all.is_empty())
}

/// The portfolio's Sharpe ratio against a baseline's, in a sentence.
fn against(one: &BaselineFigures) -> Option<String> {
    let found = one.sharpe_difference.as_ref()?;
    let at = found.interval.estimate;
    Some(format!(
        "Its Sharpe ratio is {} {} that of {}, 95\u{202f}% interval of the difference {} to {}: {}.",
        decimals(at.abs(), 2),
        if at < 0.0 { "below" } else { "above" },
        lowered(&one.name),
        decimals(found.interval.low, 2),
        decimals(found.interval.high, 2),
        if found.distinguishable { "significant" } else { "not significant" },
    ))
}

/// A name within a sentence.
fn lowered(name: &str) -> String {
    if name == EQUAL_WEIGHT { name.to_lowercase() } else { name.to_owned() }
}

fn table(found: &KeyFigures, benchmark: Option<&str>, summary: &Summary<'_>) -> Table {
    let why = match benchmark {
        Some(name) if found.partial => format!(", those that {name} has, too"),
        _ => String::new(),
    };
    let sessions = count(found.sessions as f64);
    let noun = summary.periods().to_lowercase();
    let periods_per_year = summary.found.periods_per_year;
    let short = if (found.sessions as f64) < periods_per_year {
        " That is less than a year: what is said of a year extrapolates."
    } else {
        ""
    };
    let rows: Vec<Row> = found
        .rows
        .iter()
        .filter_map(|figure| row(figure, benchmark.is_some(), periods_per_year))
        .collect();
    Table {
        sample: format!("{} to {}, {sessions} {noun}{why}.{short}", found.first, found.last),
        banded: rows.iter().flat_map(|row| &row.fields).any(|field| field.interval.is_some()),
        rows,
    }
}

fn row(figure: &KeyFigure, compared: bool, periods_per_year: f64) -> Option<Row> {
    let of = definition(figure.key)?;
    let field = |value: Option<f64>, interval: Option<Interval>| Field {
        text: value.map_or_else(String::new, |value| measure(of.unit, Some(value))),
        interval: interval.map(|found| ends(of.unit, found.low, found.high)),
    };
    let mut fields = vec![field(figure.own, figure.interval)];
    if compared {
        fields.push(field(figure.benchmark, None));
        fields.push(field(figure.difference, figure.difference_interval));
    }
    if fields.iter().all(|field| field.text.is_empty()) {
        UNDEFINED.clone_into(&mut fields[0].text);
    }
    Some(Row {
        label: label(figure.key).unwrap_or(of.label),
        formula: of.formula_for(periods_per_year),
        fields,
    })
}

/// A name that is read in one line; the full one is in the table of all measures.
fn label(key: &str) -> Option<&'static str> {
    Some(match key {
        "annual_return" => "Return, compounded",
        "max_drawdown" => "Worst drawdown",
        "excess_return_annual" => "Excess return, mean",
        "turnover_annual" => "Turnover, one-way",
        "cost_annual" => "Trading cost",
        _ => return None,
    })
}

/// The lines of growth and drawdown.
#[derive(Debug, Serialize)]
struct Series {
    dates: Vec<String>,
    portfolio: WealthLines,
    benchmark: Option<WealthLines>,
    relative: Option<Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    baselines: Vec<BaselineLine>,
}

/// What became of $100 in a baseline.
#[derive(Debug, Serialize)]
struct BaselineLine {
    name: String,
    value: Line,
}

impl Series {
    /// The growth of a portfolio and, where there are some, of its benchmark and its baselines.
    fn of(found: &Findings) -> Self {
        let growth = &found.growth;
        let line = |one: &BaselineFigures| BaselineLine {
            name: one.name.clone(),
            value: shortened(&one.value),
        };
        Self {
            baselines: found.baselines.iter().map(line).collect(),
            dates: growth.dates.iter().map(ToString::to_string).collect(),
            portfolio: WealthLines::of(&growth.portfolio),
            benchmark: growth.benchmark.as_ref().map(WealthLines::of),
            relative: growth.relative.as_deref().map(shortened),
        }
    }

    /// What became of the start, in a sentence.
    fn sentence(&self, summary: &Summary<'_>, benchmark: Option<&str>) -> Option<String> {
        let study = &summary.run.manifest.study;
        let end = |growth: &WealthLines| growth.value.iter().rev().find_map(|value| *value);
        let own = end(&self.portfolio)?;
        let beside = self.benchmark.as_ref().and_then(end).zip(benchmark);
        let beside = beside.map_or(String::new(), |(value, name)| {
            format!(" and ${} in {name}", decimals(value, 2))
        });
        let last = self.dates.last()?;
        let first = self.dates.first()?;
        let start = if summary.is_backtest() {
            "at the first allocation, "
        } else {
            "before the return of "
        };
        let comma = if summary.is_backtest() { "," } else { "" };
        Some(format!(
            "$100 {start}{first}{comma} had become ${} in {study}{beside} by {last}.",
            decimals(own, 2)
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use walkfolio_analysis::intervals::SharpeDifference;

    use super::*;

    proptest! {
        #[test]
        fn a_baseline_is_compared_as_its_figures_say(
            estimate in -2.0..2.0f64, below in 0.0..2.0f64, above in 0.0..2.0f64,
        ) {
            let interval = Interval { estimate, low: estimate - below, high: estimate + above };
            let distinguishable = interval.low > 0.0 || interval.high < 0.0;
            let one = BaselineFigures {
                name: EQUAL_WEIGHT.to_owned(),
                annual_return: None,
                volatility: None,
                sharpe_ratio: None,
                max_drawdown: None,
                tracking_error: None,
                turnover_annual: None,
                cost_annual: None,
                sharpe_difference: Some(SharpeDifference { interval, p_value: 0.5, distinguishable }),
                value: Vec::new(),
            };
            let text = against(&one).unwrap();
            prop_assert_eq!(text.contains(" below that of equal weight"), estimate < 0.0, "{}", text);
            prop_assert_eq!(text.ends_with(": significant."), distinguishable, "{}", text);
            prop_assert_eq!(text.ends_with(": not significant."), !distinguishable, "{}", text);
            for figure in [estimate.abs(), interval.low, interval.high] {
                prop_assert!(text.contains(&decimals(figure, 2)), "{}", text);
            }
            let silent = BaselineFigures { sharpe_difference: None, ..one };
            prop_assert_eq!(against(&silent), None);
        }
    }
}
