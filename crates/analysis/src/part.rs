//! Measures that are taken from a part of their period, and what is left out because nothing covers it.

use walkfolio_record::{MeasureSample, MeasureTable, ReturnRow, Run};
use walkfolio_stats::measures::{Needs, definitions};

use crate::format::count;
use crate::indicators::modified_var_holds;
use crate::measure::definition;

/// A part of a period in words.
///
/// # Examples
/// ```
/// use walkfolio_analysis::{Date, part::words};
/// use walkfolio_record::MeasureSample;
///
/// let (first, last) = (Date::constant(2010, 1, 4), Date::constant(2024, 12, 31));
/// let part = MeasureSample { first, last, rows: 12_345 };
/// assert_eq!(words(&part), "2010-01-04 to 2024-12-31, 12,345 sessions");
/// ```
pub fn words(part: &MeasureSample) -> String {
    format!("{} to {}, {} sessions", part.first, part.last, count(part.rows as f64))
}

/// The parts of a period that some of its measures are taken from, a sentence each; empty where all are
/// taken from the whole of it.
pub fn sentences(table: &MeasureTable, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<(&MeasureSample, Vec<&str>)> = Vec::new();
    for definition in definitions().iter().filter(|definition| wanted(definition.key)) {
        let Some(part) = table.sample(definition.key) else { continue };
        match found.iter_mut().find(|(other, _)| *other == part) {
            Some((_, labels)) => labels.push(definition.label),
            None => found.push((part, vec![definition.label])),
        }
    }
    found
        .iter()
        .map(|(part, labels)| format!("measured on {}: {}", words(part), labels.join(", ")))
        .collect()
}

/// Why a measure of some of a run's sessions has no value, where that can be said.
///
/// # Source
/// Maillard (2012), A user's guide to the Cornish Fisher expansion.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::part::left_out;
/// use walkfolio_record::{MeasureTable, Run};
///
/// let mut run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// run.returns.iter_mut().take(60).for_each(|row| row.benchmark = None);
/// let none = MeasureTable::from_iter([]);
/// let reason = left_out(&run, &run.returns[..60], &none, "beta");
/// assert_eq!(reason, Some("left out: the benchmark has none of these sessions"));
/// assert_eq!(left_out(&run, &run.returns, &none, "beta"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn left_out(
    run: &Run,
    rows: &[ReturnRow],
    table: &MeasureTable,
    key: &str,
) -> Option<&'static str> {
    if table.get(key).is_some() {
        return None;
    }
    let lacks = |of: fn(&ReturnRow) -> bool| !rows.is_empty() && !rows.iter().any(of);
    match definition(key)?.needs {
        Needs::Benchmark if run.manifest.benchmark.is_some() => {
            lacks(|row| row.benchmark.is_some())
                .then_some("left out: the benchmark has none of these sessions")
        }
        Needs::Cash if run.manifest.resolved.market.risk_free.is_some() => {
            lacks(|row| row.cash.is_some())
                .then_some("left out: the risk-free rate has none of these sessions")
        }
        Needs::Cash | Needs::Market if run.manifest.resolved.market.factors.is_some() => {
            lacks(|row| row.cash.is_some())
                .then_some("left out: the factors have none of these sessions")
        }
        _ if key == "modified_var_95" => {
            (modified_var_holds(table) == Some(false)).then_some("left out: too far from normal")
        }
        _ => None,
    }
}
