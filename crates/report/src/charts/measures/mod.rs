//! All measures of a strategy beside its benchmark's and beside what they were without costs.

use serde::Serialize;
use walkfolio_analysis::format::{UNDEFINED, count, decimals, ends, measure, p_value};
use walkfolio_analysis::indicators::DailyMeans;
use walkfolio_analysis::intervals::{Interval, SharpeDifference};
use walkfolio_analysis::measure::definition;
use walkfolio_analysis::part;
use walkfolio_analysis::period::Period;
use walkfolio_analysis::{Unit, definitions};
use walkfolio_record::{MeasureTable, Run};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::period::range;
use crate::summary::Summary;
use crate::template;

const TEMPLATE: &str = include_str!("measures.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "measures", title: "Measures", script: include_str!("measures.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Ok(Drawn::section(section(summary)?))
}

/// What a row shows.
#[derive(Clone, Copy)]
enum Shown {
    /// A measure of the table.
    Key(&'static str),
    /// `mean(r)`.
    ArithmeticDaily,
    /// `prod(1 + r)^(1 / T) - 1`.
    GeometricDaily,
}

#[derive(Serialize)]
struct Body {
    study: String,
    periods: String,
    benchmark: Option<String>,
    without_costs: bool,
    without_cash: bool,
    tables: Vec<Table>,
}

#[derive(Serialize)]
struct Table {
    name: String,
    range: String,
    sessions: String,
    sentence: Option<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    label: String,
    formula: String,
    source: &'static str,
    values: Vec<Field>,
}

impl Row {
    fn is_known(&self) -> bool {
        self.values.iter().any(|field| field.text != UNDEFINED || field.caution.is_some())
    }
}

/// A value, where its true value may lie, and what it must not be taken for.
#[derive(Serialize)]
struct Field {
    text: String,
    interval: Option<String>,
    caution: Option<String>,
}

/// Writes the section.
fn section(summary: &Summary<'_>) -> Result<String> {
    let (run, found) = (summary.run, summary.found);
    let periods = &found.periods;
    let benchmark = run.manifest.benchmark.clone().filter(|_| run.benchmark.is_some());
    let rows: Vec<Shown> = definitions()
        .iter()
        .map(|definition| Shown::Key(definition.key))
        .chain([Shown::ArithmeticDaily, Shown::GeometricDaily])
        .collect();
    let columns = Columns {
        run,
        benchmark: benchmark.is_some(),
        without_costs: run.without_costs.is_some(),
        periods_per_year: found.periods_per_year,
        frequency: summary.frequency(),
    };
    let tables = periods.iter().map(|period| Table {
        name: period.name().to_owned(),
        range: range(period),
        sessions: count(period.rows.len() as f64),
        sentence: benchmark
            .as_deref()
            .zip(period.intervals.sharpe_difference.as_ref())
            .map(|(b, d)| sentence(d, b)),
        rows: rows
            .iter()
            .map(|shown| columns.row(*shown, period))
            // Of a series from elsewhere nobody asks for what a portfolio alone has.
            .filter(|row| summary.is_backtest() || row.is_known())
            .collect(),
    });
    let body = Body {
        periods: summary.periods().to_lowercase(),
        study: run.manifest.study.clone(),
        without_costs: run.without_costs.is_some(),
        without_cash: run.manifest.resolved.market.factors.is_none()
            && run.manifest.resolved.market.risk_free.is_none()
            && run.returns.iter().all(|row| row.cash.is_none()),
        tables: tables.collect(),
        benchmark,
    };
    template::part(TEMPLATE, body)
}

/// What stands side by side.
struct Columns<'a> {
    run: &'a Run,
    benchmark: bool,
    without_costs: bool,
    periods_per_year: f64,
    frequency: &'static str,
}

impl Columns<'_> {
    fn row(&self, shown: Shown, period: &Period) -> Row {
        let key = match shown {
            Shown::Key(key) => key,
            Shown::ArithmeticDaily | Shown::GeometricDaily => "",
        };
        let unit = definition(key).map_or(Unit::Percent, |definition| definition.unit);
        let range = |found: &Interval| ends(unit, found.low, found.high);
        let mut values = vec![Field {
            text: self.text(shown, Some(&period.own)),
            interval: period.intervals.own.get(key).map(range),
            caution: self.caution(key, period, Some(&period.own)),
        }];
        if self.benchmark {
            // By its definition, which the benchmark as a portfolio of its own has no figure for.
            let itself = (key == "beta").then(|| measure(Unit::Number, Some(1.0)));
            values.push(Field {
                text: itself.unwrap_or_else(|| self.text(shown, period.benchmark.as_ref())),
                interval: period.intervals.benchmark.get(key).map(range),
                caution: self.caution(key, period, period.benchmark.as_ref()),
            });
        }
        if self.without_costs {
            values.push(Field {
                text: self.text(shown, period.without_costs.as_ref()),
                interval: None,
                caution: self.caution(key, period, period.without_costs.as_ref()),
            });
        }
        let (label, formula, source) = match shown {
            Shown::Key(key) => definition(key).map_or((key, String::new(), ""), |definition| {
                let formula = definition.formula_for(self.periods_per_year);
                (definition.label, formula, definition.source)
            }),
            Shown::ArithmeticDaily => ("Mean daily return, arithmetic", "mean(r)".to_owned(), ""),
            Shown::GeometricDaily => {
                ("Mean daily return, geometric", "prod(1 + r)^(1 / T) - 1".to_owned(), "")
            }
        };
        Row { label: self.named(label), formula, source, values }
    }

    /// A label with the frequency of the returns: a day's is that of a period.
    fn named(&self, label: &str) -> String {
        label.replace("daily", self.frequency)
    }

    /// The part of the period that a figure is taken from, or why there is none.
    fn caution(&self, key: &str, period: &Period, table: Option<&MeasureTable>) -> Option<String> {
        let rows = period.of_returns(self.run);
        let reason = || part::left_out(self.run, rows, table?, key).map(str::to_owned);
        table?.sample(key).map(part::words).or_else(reason)
    }

    /// Daily means are too small for two decimals of a percent.
    fn text(&self, shown: Shown, table: Option<&MeasureTable>) -> String {
        let daily = |value: Option<f64>| {
            value.map_or_else(
                || UNDEFINED.to_owned(),
                |value| format!("{}\u{202f}%", decimals(100.0 * value, 4)),
            )
        };
        let Some(table) = table else { return UNDEFINED.to_owned() };
        match shown {
            Shown::Key(key) => match definition(key) {
                Some(definition) => measure(definition.unit, table.get(key)),
                None => UNDEFINED.to_owned(),
            },
            Shown::ArithmeticDaily => {
                daily(DailyMeans::of(table, self.periods_per_year).arithmetic)
            }
            Shown::GeometricDaily => daily(DailyMeans::of(table, self.periods_per_year).geometric),
        }
    }
}

/// The Sharpe ratio against the benchmark's, in a sentence.
fn sentence(found: &SharpeDifference, benchmark: &str) -> String {
    let value = found.interval.estimate;
    let words = match (found.distinguishable, value < 0.0) {
        (false, _) => "the difference is not significant",
        (true, false) => "the strategy is significantly better",
        (true, true) => "the strategy is significantly worse",
    };
    format!(
        "Its Sharpe ratio is {} {} {benchmark}’s (95\u{202f}% interval of the difference {} to {}, {}): {words}.",
        decimals(value.abs(), 2),
        if value < 0.0 { "below" } else { "above" },
        decimals(found.interval.low, 2),
        decimals(found.interval.high, 2),
        p_value(found.p_value),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_sentence_does_not_contradict_its_figures(
            estimate in -3.0..3.0f64, below in 0.001..3.0f64, above in 0.001..3.0f64, p_value in 0.0..1.0f64,
        ) {
            let (low, high) = (estimate - below, estimate + above);
            let distinguishable = low > 0.0 || high < 0.0;
            let interval = Interval { estimate, low, high };
            let text = sentence(&SharpeDifference { interval, p_value, distinguishable }, "B");
            for figure in [estimate.abs(), low, high] {
                prop_assert!(text.contains(&decimals(figure, 2)), "{text}");
            }
            prop_assert_eq!(text.contains(" below B’s"), estimate < 0.0, "{}", text);
            prop_assert_eq!(text.contains(" above B’s"), estimate >= 0.0, "{}", text);
            prop_assert_eq!(text.contains("not significant"), !distinguishable, "{}", text);
            prop_assert_eq!(text.contains("significantly better"), low > 0.0, "{}", text);
            prop_assert_eq!(text.contains("significantly worse"), high < 0.0, "{}", text);
        }
    }
}
