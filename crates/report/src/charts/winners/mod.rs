//! Which estimator wins in which period, and whether it can be told from the next.

use serde::Serialize;
use walkfolio_analysis::Unit;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::best::BestByPeriod;
use walkfolio_analysis::format::{UNDEFINED, count, counted, decimals, ends};
use walkfolio_record::{Comparison, GridRun, SelectionBias, Winner};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::page::part;

const TEMPLATE: &str = include_str!("winners.html");

/// The section.
pub(crate) const CHART: GridChart =
    Chart { id: "winners", title: "Best by period", script: include_str!("winners.js"), draw };

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    let luck = summary.grid.selection_bias.as_ref();
    Drawn::of(luck, |found| Ok(Drawn::section(section(summary.grid, found, &summary.axes)?)))
}

#[derive(Serialize)]
struct Row {
    period: String,
    slice: String,
    winner: String,
    sharpe_ratio: String,
    against: Vec<Against>,
}

/// The winner against another estimator.
#[derive(Serialize)]
struct Against {
    name: String,
    difference: String,
    interval: String,
    verdict: &'static str,
}

/// Writes the section; empty where no estimator is swept.
fn section(grid: &GridRun, luck: &SelectionBias, axes: &Axes<'_>) -> Result<String> {
    let Some(best) = BestByPeriod::of(luck) else { return Ok(String::new()) };
    let mut periods: Vec<(String, String)> = Vec::new();
    for winner in &luck.winners {
        let name = period(&winner.period);
        if periods.iter().all(|(other, _)| *other != name) {
            periods.push((name, count(winner.sessions as f64)));
        }
    }
    let own = (0..grid.cells.len()).find(|&cell| axes.is_own(cell));
    let values = serde_json::json!({
        "sentence": sentence(best, own.map(|cell| axes.estimator(cell)).as_deref()),
        "periods": periods,
        "rows": luck.winners.iter().map(|winner| row(winner, axes, own.is_some())).collect::<Vec<_>>(),
        "sliced": luck.winners.iter().any(|winner| !winner.slice.is_empty()),
        "look_backs": axes.look_backs().is_some(),
        "own": own.is_some(),
    });
    part(TEMPLATE, values)
}

fn period(name: &str) -> String {
    if name == "full" { "Full sample".to_owned() } else { name.to_owned() }
}

/// The runner-up, and the study's own estimator where it is `among` the swept.
fn row(winner: &Winner, axes: &Axes<'_>, among: bool) -> Row {
    let own = || match winner.own {
        None if axes.is_own(winner.cell) => Against {
            name: "it is the best".to_owned(),
            difference: String::new(),
            interval: String::new(),
            verdict: "",
        },
        other => against(other, axes),
    };
    Row {
        period: period(&winner.period),
        slice: axes.slice(&winner.slice),
        winner: axes.estimator(winner.cell),
        sharpe_ratio: decimals(winner.sharpe_ratio, 3),
        against: std::iter::once(against(winner.runner_up, axes)).chain(among.then(own)).collect(),
    }
}

fn against(found: Option<Comparison>, axes: &Axes<'_>) -> Against {
    let Some(found) = found else {
        let none = UNDEFINED.to_owned();
        return Against {
            name: none,
            difference: String::new(),
            interval: String::new(),
            verdict: "",
        };
    };
    Against {
        name: axes.estimator(found.cell),
        difference: decimals(found.difference, 3),
        interval: ends(Unit::Ratio, found.low, found.high),
        verdict: verdict(found.difference, found.distinguishable),
    }
}

/// Whether a difference of two Sharpe ratios means anything, in words that claim no more than that.
fn verdict(difference: f64, distinguishable: bool) -> &'static str {
    match (distinguishable, difference < 0.0) {
        (false, _) => "not significant",
        (true, false) => "better",
        (true, true) => "worse",
    }
}

/// How many of the winners can be told from others.
fn sentence(best: BestByPeriod, own: Option<&str>) -> String {
    let all = best.with_runner_up;
    if all == 0 {
        return String::new();
    }
    let first = match best.told_from_runner_up {
        0 => format!("None of {}", counted(all, "best estimator")),
        next => format!("{} of {}", count(next as f64), counted(all, "best estimator")),
    };
    let (better, compared) = (best.told_from_own, best.with_own);
    let second = own.filter(|_| compared > 0).map_or(String::new(), |name| {
        let number = if better == 0 { "none".to_owned() } else { count(better as f64) };
        format!(", and {number} of {} from the study’s own {name}", count(compared as f64))
    });
    format!(
        "{first} differs significantly from the runner-up{second}. By chance alone one in twenty does, and more where the best was chosen for its ratio."
    )
}
