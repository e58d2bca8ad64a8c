//! Wealth relative to the benchmark, and the worst drawdowns.

use serde::Serialize;
use walkfolio_analysis::Date;
use walkfolio_analysis::format::{UNDEFINED, count, percent};
use walkfolio_analysis::growth::Growth;
use walkfolio_analysis::track::Drawdown;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("drawdowns.html");
/// The section; its chart is drawn from the series of the overview.
pub(crate) const CHART: RunChart =
    Chart { id: "drawdowns", title: "Drawdowns", script: include_str!("drawdowns.js"), draw };

/// What is said of a portfolio that has no drawdown.
const NEVER: &str = "The portfolio was never below its highest value so far.";

#[derive(Serialize)]
struct Row {
    depth: String,
    benchmark: String,
    peak: String,
    trough: String,
    recovery: String,
    down: String,
    back: String,
}

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    let growth = &summary.found.growth;
    let benchmark = summary.run.manifest.benchmark.as_deref();
    let benchmark = benchmark.filter(|_| growth.benchmark.is_some());
    let has_fallen = !summary.found.track.drawdowns.is_empty();
    let values = serde_json::json!({
        "benchmark": benchmark,
        "drawn": benchmark.is_some() || has_fallen,
        "sentence": match benchmark {
            Some(name) => sentence(growth, name),
            None => (!has_fallen).then(|| NEVER.to_owned()),
        },
        "periods": summary.periods(),
        "rows": summary.found.track.drawdowns.iter().map(row).collect::<Vec<_>>(),
    });
    Ok(Drawn::section(part(TEMPLATE, values)?))
}

fn row(found: &Drawdown) -> Row {
    let date = |date: Option<Date>, none: &str| {
        date.map_or_else(|| none.to_owned(), |date| date.to_string())
    };
    Row {
        depth: percent(found.depth),
        benchmark: found.benchmark.map_or_else(|| UNDEFINED.to_owned(), percent),
        peak: date(found.peak, "the start"),
        trough: found.trough.to_string(),
        recovery: date(found.recovery, "not yet"),
        down: count(found.to_trough as f64),
        back: if found.recovery.is_some() {
            count(found.from_trough as f64)
        } else {
            format!("{} so far", count(found.from_trough as f64))
        },
    }
}

/// What became of the portfolio's wealth beside the benchmark's, over the sessions of both.
fn sentence(growth: &Growth, benchmark: &str) -> Option<String> {
    let relative = growth.relative.as_ref()?.iter().zip(&growth.dates);
    let mut known = relative.filter_map(|(value, date)| Some(((*value)?, date)));
    let (first, begin) = known.next()?;
    let (last, end) = known.next_back().unwrap_or((first, begin));
    let change = last - 1.0;
    let side = if change < 0.0 { "lost" } else { "gained" };
    Some(format!(
        "From {begin} to {end} the portfolio’s wealth {side} {} against {benchmark}’s.",
        percent(change.abs())
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use walkfolio_analysis::growth::Wealth;

    use super::*;

    proptest! {
        #[test]
        fn the_sentence_does_not_contradict_its_figures(ends in prop::collection::vec(0.01..3.0f64, 1..5)) {
            let day = |at: usize| format!("2024-01-{:02}", at + 1).parse().unwrap();
            let none = Wealth { value: Vec::new(), drawdown: Vec::new(), underwater: Vec::new() };
            let growth = Growth {
                dates: (0..ends.len()).map(day).collect(),
                portfolio: none,
                benchmark: None,
                relative: Some(ends.iter().copied().map(Some).collect()),
            };
            let text = sentence(&growth, "B").unwrap();
            let last = ends[ends.len() - 1];
            prop_assert!(text.contains(&percent((last - 1.0).abs())), "{text}");
            prop_assert_eq!(text.contains(" lost "), last < 1.0, "{}", text);
            prop_assert_eq!(text.contains(" gained "), last >= 1.0, "{}", text);
            let begins = text.starts_with("From 2024-01-01 to ");
            prop_assert!(begins && text.contains(&format!("to 2024-01-{:02} ", ends.len())), "{}", text);
        }
    }
}
