//! Risk and reward over trailing windows.

use serde::Serialize;
use walkfolio_analysis::format::brief;
use walkfolio_analysis::line::Line;
use walkfolio_analysis::rolling::{Rolling, RollingMeasure};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("rolling.html");

/// Values closer than this are the same.
const ROUNDING: f64 = 1e-12;

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "rolling", title: "Rolling", script: include_str!("rolling.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.rolling.as_ref(), |found| {
        let charts = Charts::of(found);
        if charts.measures.is_empty() {
            return Ok(Drawn::default());
        }
        let benchmark = summary.run.manifest.benchmark.as_deref();
        let html = charts.section(
            &summary.run.manifest.study,
            benchmark,
            &summary.periods().to_lowercase(),
        )?;
        Drawn::section(html).with("rolling", &charts)
    })
}

/// What the charts are drawn from.
#[derive(Debug, Serialize)]
struct Charts {
    windows: Vec<usize>,
    dates: Vec<String>,
    measures: Vec<Measure>,
}

/// A measure over time, for each window.
#[derive(Debug, Serialize)]
struct Measure {
    key: &'static str,
    label: &'static str,
    percent: bool,
    portfolio: Vec<Line>,
    benchmark: Option<Vec<Line>>,
    full: Option<f64>,
    one: bool,
}

impl Measure {
    fn of(found: &RollingMeasure) -> Self {
        let (label, percent) = match found.key {
            "tracking_error" => ("Tracking error", true),
            "volatility" => ("Volatility", true),
            "sharpe_ratio" => ("Sharpe ratio", false),
            "correlation" => ("Correlation with the benchmark", false),
            _ => ("Beta against the benchmark", false),
        };
        Self {
            key: found.key,
            label,
            percent,
            portfolio: rounded(&found.portfolio),
            benchmark: found.benchmark.as_deref().map(rounded),
            full: found.full.and_then(brief),
            one: matches!(found.key, "beta" | "correlation"),
        }
    }
}

/// Whether a line of a measure rises or falls, by more than rounding: a level one is not drawn.
fn varies(found: &RollingMeasure) -> bool {
    let mut lines = found.portfolio.iter().chain(found.benchmark.iter().flatten());
    lines.any(|line| {
        let mut values = line.iter().flatten();
        let first = values.next().copied();
        values.any(|value| first.is_some_and(|first| (value - first).abs() > ROUNDING))
    })
}

/// Four digits are what is seen of a line.
fn rounded(lines: &[Line]) -> Vec<Line> {
    let line = |line: &Line| line.iter().map(|value| value.and_then(brief)).collect();
    lines.iter().map(line).collect()
}

impl Charts {
    /// What the charts of rolling measures are drawn from.
    fn of(found: &Rolling) -> Self {
        Self {
            windows: found.windows.clone(),
            dates: found.dates.iter().map(ToString::to_string).collect(),
            measures: found.measures.iter().filter(|one| varies(one)).map(Measure::of).collect(),
        }
    }

    /// Writes the section.
    fn section(&self, study: &str, benchmark: Option<&str>, periods: &str) -> Result<String> {
        let measures: Vec<_> = self
            .measures
            .iter()
            .map(|measure| serde_json::json!({ "key": measure.key, "label": measure.label }))
            .collect();
        let values = serde_json::json!({
            "windows": self.windows, "measures": measures, "benchmark": benchmark, "study": study, "periods": periods,
            "marked": self.measures.iter().any(|measure| measure.one),
            "compared": self.measures.iter().any(|measure| measure.benchmark.is_some()),
        });
        part(TEMPLATE, values)
    }
}
