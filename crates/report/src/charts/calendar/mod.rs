//! Returns by calendar month and year, as tables whose colours need no script.

use serde::Serialize;
use walkfolio_analysis::calendar::Calendar;
use walkfolio_analysis::format::decimals;
use walkfolio_analysis::line::Line;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("calendar.html");
/// Months of a year, before the column of the year itself.
const MONTHS: usize = 12;
/// The strongest colour, as a percentage of the pure one: text on it keeps a contrast of 4.5 to 1.
const STRONGEST: f64 = 42.0;

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "calendar", title: "Calendar", script: include_str!("calendar.js"), draw };

#[derive(Serialize)]
struct Table {
    key: &'static str,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    year: String,
    fields: Vec<Field>,
}

/// A return, the colour it has and how much of it.
#[derive(Serialize)]
struct Field {
    text: String,
    side: &'static str,
    share: String,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let found = &summary.found.calendar;
    let benchmark = summary.run.manifest.benchmark.as_deref();
    let mut tables = vec![table("own", found, &found.own)];
    tables.extend(found.active.as_ref().map(|active| table("active", found, active)));
    let values = serde_json::json!({
        "tables": tables,
        "benchmark": benchmark.filter(|_| found.active.is_some()),
        "after_costs": summary.is_backtest(),
    });
    Ok(Drawn::section(part(TEMPLATE, values)?))
}

fn table(key: &'static str, found: &Calendar, lines: &[Line]) -> Table {
    let months = scale(lines.iter().flat_map(|line| &line[..MONTHS]));
    let years = scale(lines.iter().flat_map(|line| &line[MONTHS..]));
    let row = |(year, line): (&i16, &Line)| {
        let fields = line.iter().enumerate();
        let fields =
            fields.map(|(at, value)| field(*value, if at < MONTHS { months } else { years }));
        Row { year: year.to_string(), fields: fields.collect() }
    };
    Table { key, rows: found.years.iter().zip(lines).map(row).collect() }
}

/// A few wild values would make all others pale: 19 of 20 set the scale.
fn scale<'a>(values: impl Iterator<Item = &'a Option<f64>>) -> f64 {
    let mut sizes: Vec<f64> = values.flatten().map(|value| value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let place = sizes.len().saturating_sub(1) * 19 / 20;
    sizes.get(place).copied().unwrap_or(0.0)
}

fn field(value: Option<f64>, scale: f64) -> Field {
    let Some(value) = value else {
        return Field { text: String::new(), side: "", share: String::new() };
    };
    let share = if scale > 0.0 { (value.abs() / scale).min(1.0) } else { 0.0 };
    Field {
        text: decimals(100.0 * value, 1),
        side: if value < 0.0 { "loss" } else { "gain" },
        share: decimals(STRONGEST * share, 0),
    }
}
