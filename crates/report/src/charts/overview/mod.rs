//! The first screen: growth of $100, and the key figures next to the benchmark's.

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, count, decimals, ends, measure};
use walkfolio_analysis::growth::Growth;
use walkfolio_analysis::intervals::Interval;
use walkfolio_analysis::key_figures::{KeyFigure, KeyFigures};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::measure::definition;

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
}

/// The key figures as a table.
#[derive(Serialize)]
struct Table {
    sample: String,
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
    let series = Series::of(&summary.found.growth);
    let benchmark = manifest.benchmark.as_deref().filter(|_| series.benchmark.is_some());
    let words = Words {
        benchmark,
        regimes: &bands(manifest),
        sentence: series.sentence(summary, benchmark),
        after_costs: summary.is_backtest(),
        reason: reason(summary.run),
        key: summary.found.key_figures.as_ref().map(|found| table(found, benchmark, summary)),
    };
    Drawn::section(part(TEMPLATE, words)?).with("series", &series)
}

fn table(found: &KeyFigures, benchmark: Option<&str>, summary: &Summary<'_>) -> Table {
    let why = match benchmark {
        Some(name) if found.partial => format!(", those that {name} has, too"),
        _ => String::new(),
    };
    let sessions = count(found.sessions as f64);
    let noun = summary.periods().to_lowercase();
    let periods_per_year = summary.found.periods_per_year;
    Table {
        sample: format!("{} to {}, {sessions} {noun}{why}.", found.first, found.last),
        rows: found
            .rows
            .iter()
            .filter_map(|figure| row(figure, benchmark.is_some(), periods_per_year))
            .collect(),
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
}

impl Series {
    /// The growth of a portfolio and, where there is one, of its benchmark.
    fn of(growth: &Growth) -> Self {
        Self {
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
