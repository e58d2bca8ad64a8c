//! Returns up to the last date, by year, and how often periods gained.

use serde::Serialize;
use walkfolio_analysis::calendar::Calendar;
use walkfolio_analysis::format::{UNDEFINED, brief, count, counted, percent};
use walkfolio_analysis::line::Line;
use walkfolio_analysis::track::{Capture, Months, Periodic, Trailing};

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("returns.html");
/// Months that a capture needs: of fewer it says nothing.
const A_YEAR: usize = 12;
/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "returns", title: "Returns", script: include_str!("returns.js"), draw };

/// A return next to the benchmark's.
#[derive(Serialize)]
struct Compared {
    label: String,
    since: String,
    own: String,
    benchmark: String,
    difference: String,
}

impl Compared {
    fn of(label: String, since: String, own: Option<f64>, benchmark: Option<f64>) -> Self {
        let difference = own.zip(benchmark).map(|(own, other)| own - other);
        Self {
            label,
            since,
            own: shown(own),
            benchmark: shown(benchmark),
            difference: shown(difference),
        }
    }
}

#[derive(Serialize)]
struct Row {
    label: String,
    gained: String,
    ahead: String,
    mean_gain: String,
    mean_loss: String,
    best: String,
    best_date: String,
    worst: String,
    worst_date: String,
}

/// What the charts are drawn from.
#[derive(Serialize)]
struct Charts<'a> {
    years: Vec<String>,
    own: Line,
    benchmark: Option<Line>,
    months: Option<&'a Months>,
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| UNDEFINED.to_owned(), percent)
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let (track, calendar) = (&summary.found.track, &summary.found.calendar);
    let Some(last) = summary.run.manifest.last.filter(|_| !track.trailing.is_empty()) else {
        return Ok(Drawn::default());
    };
    let benchmark = summary.run.manifest.benchmark.as_deref();
    let benchmark = benchmark.filter(|_| calendar.benchmark_years.is_some());
    let own = |year: usize| calendar.own[year].last().copied().flatten();
    let other = |year: usize| calendar.benchmark_years.as_ref().and_then(|years| years[year]);
    let years = calendar.years.iter().enumerate();
    let years: Vec<Compared> = years
        .map(|(at, year)| Compared::of(year.to_string(), String::new(), own(at), other(at)))
        .collect();
    let values = serde_json::json!({
        "last": last.to_string(),
        "benchmark": benchmark,
        "trailing": track.trailing.iter().map(trailing).collect::<Vec<_>>(),
        "years": (years.len() > 1).then_some(&years),
        "periodic": track.periodic.iter().map(|one| row(one, summary.periods())).collect::<Vec<_>>(),
        "months": track.months.as_ref().map(months),
        "capture": track.capture.as_ref().filter(|found| found.up_months + found.down_months >= A_YEAR).zip(benchmark).and_then(|(found, name)| capture(found, name)),
    });
    Drawn::section(part(TEMPLATE, values)?)
        .with("returns", &charts(calendar, track.months.as_ref()))
}

fn charts<'a>(calendar: &Calendar, months: Option<&'a Months>) -> Charts<'a> {
    let line = |line: &Line| -> Line { line.iter().map(|value| value.and_then(brief)).collect() };
    let own: Line = calendar.own.iter().map(|year| year.last().copied().flatten()).collect();
    let several = calendar.years.len() > 1;
    Charts {
        years: calendar.years.iter().filter(|_| several).map(ToString::to_string).collect(),
        own: line(&own),
        benchmark: calendar.benchmark_years.as_ref().map(line),
        months,
    }
}

fn trailing(found: &Trailing) -> Compared {
    let label = match found.key {
        "month" => "Month to date",
        "quarter" => "Quarter to date",
        "year" => "Year to date",
        "1y" => "1 year",
        "3y" => "3 years",
        "5y" => "5 years",
        "10y" => "10 years",
        _ => "All",
    };
    let since = found.since.to_string();
    Compared::of(label.to_owned(), since, Some(found.own), found.benchmark)
}

fn row(found: &Periodic, periods: &str) -> Row {
    let label = match found.key {
        "month" => "Months",
        "quarter" => "Quarters",
        "year" => "Years",
        _ => periods,
    };
    Row {
        label: format!("{label} ({})", count(found.count as f64)),
        gained: percent(found.gained),
        ahead: shown(found.ahead),
        mean_gain: shown(found.mean_gain),
        mean_loss: shown(found.mean_loss),
        best: percent(found.best.value),
        best_date: found.best.date.to_string(),
        worst: percent(found.worst.value),
        worst_date: found.worst.date.to_string(),
    }
}

fn months(found: &Months) -> String {
    format!(
        "{} months: mean {}, median {}, standard deviation {}.",
        count(found.count as f64),
        percent(found.mean),
        percent(found.median),
        percent(found.standard_deviation)
    )
}

/// How much of the benchmark's ups and downs, in a sentence.
fn capture(found: &Capture, benchmark: &str) -> Option<String> {
    let part = |ratio: Option<f64>, months: usize, [what, against]: [&str; 2]| {
        let (ratio, months) = (ratio?, counted(months, "month"));
        let share = format!("{} of {benchmark}’s {what} in {months}", percent(ratio));
        Some(if ratio < 0.0 { format!("{against}: {share}") } else { format!("had {share}") })
    };
    let up = part(found.up, found.up_months, ["gains", "lost while its benchmark gained"]);
    let down = part(found.down, found.down_months, ["losses", "gained while its benchmark lost"]);
    let both: Vec<String> = up.into_iter().chain(down).collect();
    (!both.is_empty()).then(|| format!("The portfolio {}.", both.join(", and ")))
}

#[cfg(test)]
mod tests;
