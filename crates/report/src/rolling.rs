//! Risk and reward over trailing windows: each point knows the sessions up to it and no others.

use serde::Serialize;
use walkfolio::ReturnRow;
use walkfolio::measures::{performance, relative};

use crate::Result;
use crate::format::brief;
use crate::page::part;
use crate::period::Period;
use crate::series::{Line, drawn};

const TEMPLATE: &str = include_str!("../templates/rolling.html");
/// Sessions of the windows: about a quarter, half a year and a year.
const WINDOWS: [usize; 3] = [63, 126, 252];
/// Points of a line; more would not be seen.
const POINTS: usize = 1000;

/// What the charts are drawn from.
#[derive(Debug, Serialize)]
pub(crate) struct Charts {
    windows: Vec<usize>,
    dates: Vec<String>,
    /// By measure, in the order of [`MEASURES`]; those without a value are left out.
    measures: Vec<Rolling>,
}

/// A measure over time, for each window.
#[derive(Debug, Serialize)]
struct Rolling {
    key: &'static str,
    label: &'static str,
    percent: bool,
    portfolio: Vec<Line>,
    benchmark: Option<Vec<Line>>,
}

/// The returns of a window.
struct Window<'a> {
    own: &'a [f64],
    excess: &'a [f64],
    benchmark: Option<&'a [f64]>,
    benchmark_excess: Option<&'a [f64]>,
    active: Option<&'a [f64]>,
    a_year: f64,
}

/// Takes a figure from a window.
type Take = fn(&Window<'_>) -> Option<f64>;

/// A measure: its key, its name, whether it is a percentage, and the portfolio's and benchmark's.
struct Measure {
    key: &'static str,
    label: &'static str,
    percent: bool,
    own: Take,
    benchmark: Take,
}

const MEASURES: [Measure; 4] = [
    Measure {
        key: "tracking_error",
        label: "Tracking error",
        percent: true,
        own: |w| relative::tracking_error(w.active?, w.a_year),
        benchmark: |_| None,
    },
    Measure {
        key: "volatility",
        label: "Volatility",
        percent: true,
        own: |w| performance::volatility(w.own, w.a_year),
        benchmark: |w| performance::volatility(w.benchmark?, w.a_year),
    },
    Measure {
        key: "sharpe_ratio",
        label: "Sharpe ratio",
        percent: false,
        own: |w| performance::sharpe_ratio(w.excess, w.a_year),
        benchmark: |w| performance::sharpe_ratio(w.benchmark_excess?, w.a_year),
    },
    Measure {
        key: "beta",
        label: "Beta",
        percent: false,
        own: |w| Some(relative::least_squares(w.benchmark?, w.own)?.slope),
        benchmark: |_| None,
    },
];

/// The rolling measures of a run; `None` where it is shorter than the shortest window.
pub(crate) fn charts(full: &Period<'_>, a_year: f64) -> Option<Charts> {
    let rows = full.rows;
    let windows: Vec<usize> = WINDOWS.into_iter().filter(|window| *window < rows.len()).collect();
    if windows.is_empty() {
        return None;
    }
    let series = Series::of(rows);
    let shown = drawn(rows.len(), POINTS);
    let line = |take: Take, window: usize| -> Line {
        let at = |end: &usize| {
            let start = (end + 1).checked_sub(window)?;
            take(&series.window(start, end + 1, a_year)).and_then(brief)
        };
        shown.iter().map(at).collect()
    };
    let lines = |take: Take| -> Option<Vec<Line>> {
        let lines: Vec<Line> = windows.iter().map(|&window| line(take, window)).collect();
        lines.iter().flatten().any(Option::is_some).then_some(lines)
    };
    let measure = |measure: &Measure| {
        Some(Rolling {
            key: measure.key,
            label: measure.label,
            percent: measure.percent,
            portfolio: lines(measure.own)?,
            benchmark: lines(measure.benchmark),
        })
    };
    Some(Charts {
        dates: shown.iter().map(|&row| rows[row].date.to_string()).collect(),
        measures: MEASURES.iter().filter_map(measure).collect(),
        windows,
    })
}

impl Charts {
    /// Writes the section.
    pub(crate) fn section(&self, benchmark: Option<&str>) -> Result<String> {
        let measures: Vec<_> = self
            .measures
            .iter()
            .map(|measure| serde_json::json!({ "key": measure.key, "label": measure.label }))
            .collect();
        let values = serde_json::json!({
            "windows": self.windows, "measures": measures, "benchmark": benchmark,
        });
        part(TEMPLATE, values)
    }
}

/// A run's returns as series; those that a session lacks end the series.
struct Series {
    own: Vec<f64>,
    excess: Vec<f64>,
    benchmark: Option<Vec<f64>>,
    benchmark_excess: Option<Vec<f64>>,
    active: Option<Vec<f64>>,
}

impl Series {
    fn of(rows: &[ReturnRow]) -> Self {
        let own: Vec<f64> = rows.iter().map(|row| row.portfolio).collect();
        let cash: Option<Vec<f64>> = rows.iter().map(|row| row.cash).collect();
        let benchmark: Option<Vec<f64>> = rows.iter().map(|row| row.benchmark).collect();
        let above = |returns: &[f64]| performance::risk_free_excess(returns, cash.as_deref());
        Self {
            excess: above(&own),
            benchmark_excess: benchmark.as_deref().map(above),
            active: benchmark.as_deref().map(|b| relative::active_returns(&own, b)),
            own,
            benchmark,
        }
    }

    fn window(&self, start: usize, end: usize, a_year: f64) -> Window<'_> {
        Window {
            own: &self.own[start..end],
            excess: &self.excess[start..end],
            benchmark: self.benchmark.as_deref().map(|b| &b[start..end]),
            benchmark_excess: self.benchmark_excess.as_deref().map(|b| &b[start..end]),
            active: self.active.as_deref().map(|a| &a[start..end]),
            a_year,
        }
    }
}
