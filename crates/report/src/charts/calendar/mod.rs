//! Returns by calendar month and year.

use walkfolio_analysis::calendar::Calendar;
use walkfolio_analysis::format::{UNDEFINED, decimals};
use walkfolio_analysis::line::Line;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::page::part;
use crate::summary::Summary;

const TEMPLATE: &str = include_str!("calendar.html");

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "calendar", title: "Calendar", script: include_str!("calendar.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let found = &summary.found.calendar;
    let html = section(found, summary.run.manifest.benchmark.as_deref())?;
    Drawn::section(html).with("calendar", found)
}

/// Writes the section.
fn section(found: &Calendar, benchmark: Option<&str>) -> Result<String> {
    let row = |(year, values): (&i16, &Line)| {
        let text = |value: &Option<f64>| {
            value.map_or_else(|| UNDEFINED.to_owned(), |value| decimals(100.0 * value, 1))
        };
        let values: Vec<String> = values.iter().map(text).collect();
        serde_json::json!({ "year": year.to_string(), "values": values })
    };
    let values = serde_json::json!({
        "rows": found.years.iter().zip(&found.own).map(row).collect::<Vec<_>>(),
        "benchmark": benchmark.filter(|_| found.active.is_some()),
    });
    part(TEMPLATE, values)
}
