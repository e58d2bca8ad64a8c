//! Returns by calendar month and year.

use walkfolio_analysis::calendar::Calendar;
use walkfolio_analysis::format::{UNDEFINED, decimals};
use walkfolio_analysis::line::Line;

use crate::Result;
use crate::page::part;

const TEMPLATE: &str = include_str!("../templates/calendar.html");

/// Writes the section.
pub(crate) fn section(found: &Calendar, benchmark: Option<&str>) -> Result<String> {
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
