//! Which estimator is best in which period, and whether it can be told from the next.

use serde::Serialize;
use walkfolio_analysis::Unit;
use walkfolio_analysis::axes::Axes;
use walkfolio_analysis::best::BestByPeriod;
use walkfolio_analysis::format::{UNDEFINED, count, counted, decimals, ends};
use walkfolio_record::{Comparison, GridRun, SelectionBias, Winner};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary};
use crate::template::part;

const TEMPLATE: &str = include_str!("best_by_period.html");

/// The section.
pub(crate) const CHART: GridChart = Chart {
    id: "best_by_period",
    title: "Best by period",
    script: include_str!("best_by_period.js"),
    draw,
};

fn draw(summary: &GridSummary<'_>) -> Result<Drawn> {
    let bias = summary.grid.selection_bias.as_ref();
    Drawn::of(bias, |found| Ok(Drawn::section(section(summary.grid, found, &summary.axes)?)))
}

#[derive(Serialize)]
struct Row {
    period: String,
    slice: String,
    best: String,
    sharpe_ratio: String,
    against: Vec<Against>,
}

/// The best against another estimator.
#[derive(Serialize)]
struct Against {
    name: String,
    difference: String,
    interval: String,
    outcome: &'static str,
}

/// Writes the section; empty where no estimator is swept.
fn section(grid: &GridRun, bias: &SelectionBias, axes: &Axes<'_>) -> Result<String> {
    let Some(best) = BestByPeriod::of(bias) else { return Ok(String::new()) };
    let mut periods: Vec<(String, String)> = Vec::new();
    for winner in &bias.winners {
        let name = period(&winner.period);
        if periods.iter().all(|(other, _)| *other != name) {
            periods.push((name, count(winner.sessions as f64)));
        }
    }
    let own = (0..grid.cells.len()).find(|&cell| axes.is_own(cell));
    let values = serde_json::json!({
        "sentence": sentence(best, own.map(|cell| axes.estimator(cell)).as_deref()),
        "periods": periods,
        "rows": bias.winners.iter().map(|best| row(best, axes, own.is_some())).collect::<Vec<_>>(),
        "sliced": bias.winners.iter().any(|winner| !winner.slice.is_empty()),
        "look_backs": axes.look_backs().is_some(),
        "own": own.is_some(),
    });
    part(TEMPLATE, values)
}

fn period(name: &str) -> String {
    if name == "full" { "Full sample".to_owned() } else { name.to_owned() }
}

/// The runner-up, and the study's own estimator where it is `among` the swept.
fn row(found: &Winner, axes: &Axes<'_>, among: bool) -> Row {
    let own = || match found.own {
        None if axes.is_own(found.cell) => Against {
            name: "it is the best".to_owned(),
            difference: String::new(),
            interval: String::new(),
            outcome: "",
        },
        other => against(other, axes),
    };
    Row {
        period: period(&found.period),
        slice: axes.slice(&found.slice),
        best: axes.estimator(found.cell),
        sharpe_ratio: decimals(found.sharpe_ratio, 3),
        against: std::iter::once(against(found.runner_up, axes)).chain(among.then(own)).collect(),
    }
}

fn against(found: Option<Comparison>, axes: &Axes<'_>) -> Against {
    let Some(found) = found else {
        let none = UNDEFINED.to_owned();
        return Against {
            name: none,
            difference: String::new(),
            interval: String::new(),
            outcome: "",
        };
    };
    Against {
        name: axes.estimator(found.cell),
        difference: decimals(found.difference, 3),
        interval: ends(Unit::Ratio, found.low, found.high),
        outcome: outcome(found.difference, found.distinguishable),
    }
}

/// Whether a difference of two Sharpe ratios means anything, in words that claim no more than that.
fn outcome(difference: f64, distinguishable: bool) -> &'static str {
    match (distinguishable, difference < 0.0) {
        (false, _) => "not significant",
        (true, false) => "better",
        (true, true) => "worse",
    }
}

/// How many of the best can be told from others.
fn sentence(best: BestByPeriod, own: Option<&str>) -> String {
    let all = best.with_runner_up;
    if all == 0 {
        return String::new();
    }
    let first = match best.told_from_runner_up {
        0 => format!("None of {}", counted(all, "best estimator")),
        next => format!("{} of {}", count(next as f64), counted(all, "best estimator")),
    };
    let differ = if best.told_from_runner_up > 1 { "differ" } else { "differs" };
    let (better, compared) = (best.told_from_own, best.with_own);
    let second = own.filter(|_| compared > 0).map_or(String::new(), |name| {
        let number = if better == 0 { "none".to_owned() } else { count(better as f64) };
        format!(", and {number} of {} from the study’s own {name}", count(compared as f64))
    });
    format!(
        "{first} {differ} significantly from the runner-up{second}. By chance alone one in twenty does, and more where the best was chosen for its ratio."
    )
}
