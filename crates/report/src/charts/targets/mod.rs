//! What a study set out to reach, and whether it did.

use serde::Serialize;
use walkfolio_analysis::format::{count, counted, decimals, measure};
use walkfolio_analysis::{GridTarget, GridTargets, TargetResult, Unit};

use crate::Result;
use crate::chart::{Chart, Drawn, GridChart, GridSummary, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("targets.html");

/// The section.
pub(crate) const CHART: RunChart = Chart { id: "targets", title: "Targets", script: "", draw };

/// The section.
pub(crate) const GRID: GridChart =
    Chart { id: "targets", title: "Targets", script: "", draw: draw_grid };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    section(&summary.found.targets)
}

fn draw_grid(summary: &GridSummary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.targets.as_ref(), grid_section)
}

#[derive(Serialize)]
struct Targets {
    sentence: String,
    cells: bool,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize, PartialEq)]
struct Row {
    label: String,
    wanted: String,
    reached: String,
    outcome: &'static str,
    distance: Option<String>,
    remark: Option<String>,
}

/// Writes the section; empty where the study names no target.
fn section(found: &[TargetResult]) -> Result<Drawn> {
    if found.is_empty() {
        return Ok(Drawn::default());
    }
    let rows = found.iter().map(row).collect();
    let targets = Targets { sentence: sentence(found), cells: false, rows };
    Ok(Drawn::section(part(TEMPLATE, targets)?))
}

/// Writes the section of a grid: how many of its backtests met each target.
fn grid_section(found: &GridTargets) -> Result<Drawn> {
    let backtests = counted(found.backtests, "backtest");
    let sentence = match found.met_all {
        0 => format!("None of {backtests} meets all targets."),
        1 => format!("1 of {backtests} meets all targets."),
        all => format!("{} of {backtests} meet all targets.", count(all as f64)),
    };
    let rows = found.targets.iter().map(over_cells).collect();
    Ok(Drawn::section(part(TEMPLATE, Targets { sentence, cells: true, rows })?))
}

/// One target over all backtests.
fn over_cells(found: &GridTarget) -> Row {
    let (all, met, known) = (found.backtests, found.met, found.reached_min.is_some());
    let least = measure(found.target.unit, found.reached_min);
    let most = measure(found.target.unit, found.reached_max);
    Row {
        reached: if least == most { least } else { format!("{least} to {most}") },
        outcome: match (known, met) {
            (false, _) => "not defined",
            (true, 0) => "missed",
            (true, met) if met < all => "some met",
            (true, _) => "met",
        },
        distance: known.then(|| match met {
            _ if met == 0 || met == all => format!("by all {all}"),
            _ => format!("{met} of {all}"),
        }),
        ..row(&found.target)
    }
}

/// How many were met, in words that leave none out.
fn sentence(found: &[TargetResult]) -> String {
    let count = |met| found.iter().filter(|target| target.met == met).count();
    let (met, missed, open) = (count(Some(true)), count(Some(false)), count(None));
    let all = counted(found.len(), "target");
    let known = match (met, missed) {
        (0, 0) => format!("None of {all} can be judged"),
        (0, _) => format!("None of {all} is met"),
        (_, 0) if open == 0 && met == 1 => "The one target is met".to_owned(),
        (_, 0) if open == 0 => format!("All {all} are met"),
        (1, _) => format!("1 of {all} is met"),
        _ => format!("{met} of {all} are met"),
    };
    match (met + missed, open) {
        (0, _) | (_, 0) => format!("{known}."),
        (_, 1) => format!("{known}; 1 has no value in this run."),
        _ => format!("{known}; {open} have no value in this run."),
    }
}

fn row(target: &TargetResult) -> Row {
    Row {
        label: target.label.clone(),
        wanted: target.range().replace(" %", "\u{202f}%").replace('-', "\u{2212}"),
        reached: measure(target.unit, target.value),
        outcome: target.word(),
        distance: distance(target),
        remark: target.remark.clone(),
    }
}

/// How far a missed target is away, in the unit of the measure.
fn distance(target: &TargetResult) -> Option<String> {
    let value = target.value.filter(|_| target.met == Some(false))?;
    let (gap, side) = match (target.min, target.max) {
        (Some(min), _) if value < min => (min - value, "too low"),
        (_, Some(max)) => (value - max, "too high"),
        _ => return None,
    };
    Some(match target.unit {
        Unit::Percent => format!("{} points {side}", decimals(100.0 * gap, 2)),
        Unit::Ratio | Unit::Number | Unit::Count => {
            format!("{} {side}", measure(target.unit, Some(gap)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(value: Option<f64>, met: Option<bool>) -> TargetResult {
        TargetResult {
            measure: "tracking_error".to_owned(),
            label: "Tracking error".to_owned(),
            unit: Unit::Percent,
            min: None,
            max: Some(0.04),
            value,
            met,
            remark: None,
        }
    }

    #[test]
    fn a_missed_target_says_by_how_much() {
        let missed = row(&target(Some(0.0912), Some(false)));
        assert_eq!((missed.wanted.as_str(), missed.outcome), ("at most 4\u{202f}%", "missed"));
        assert_eq!(missed.distance.as_deref(), Some("5.12 points too high"));
        let low = TargetResult {
            min: Some(15.0),
            max: Some(25.0),
            unit: Unit::Number,
            ..target(Some(5.2), Some(false))
        };
        assert_eq!(row(&low).distance.as_deref(), Some("9.800 too low"));
        assert_eq!(row(&target(Some(0.03), Some(true))).distance, None);
    }

    #[test]
    fn the_sentence_counts_every_target() {
        let (met, missed) = (target(Some(0.0), Some(true)), target(Some(1.0), Some(false)));
        let open = target(None, None);
        let says = |all: &[&TargetResult]| {
            sentence(&all.iter().map(|one| (*one).clone()).collect::<Vec<_>>())
        };
        assert_eq!(says(&[&missed, &missed]), "None of 2 targets is met.");
        assert_eq!(says(&[&met, &missed]), "1 of 2 targets is met.");
        assert_eq!(says(&[&met]), "The one target is met.");
        assert_eq!(says(&[&met, &met]), "All 2 targets are met.");
        assert_eq!(says(&[&met, &open]), "1 of 2 targets is met; 1 has no value in this run.");
        assert_eq!(says(&[&open]), "None of 1 target can be judged.");
        assert_eq!(says(&[&missed]), "None of 1 target is met.");
    }
}
