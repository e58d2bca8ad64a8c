//! One run against the first: the differences of their figures in words.

use serde::Serialize;
use walkfolio_analysis::Unit;
use walkfolio_analysis::comparison::{Compared, Difference, Outcome};
use walkfolio_analysis::format::{UNDEFINED, counted, decimals, ends, inside, measure};
use walkfolio_analysis::measure::definition;

/// A run against the first.
pub(super) struct Pair<'a> {
    pub first: &'a str,
    pub name: &'a str,
    pub found: &'a Compared,
}

/// A difference of one figure.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    name: String,
    figure: &'static str,
    formula: String,
    difference: String,
    interval: String,
    outcome: &'static str,
}

impl Pair<'_> {
    /// The differences, each with its interval and what it says.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.found.differences.iter().map(|found| self.row(found)).collect()
    }

    fn row(&self, one: &Difference) -> Row {
        let unit = unit(one);
        let interval = one.interval.map(|found| ends(unit, found.low, found.high));
        Row {
            name: format!("{} less {}", self.name, self.first),
            figure: one.figure,
            formula: one.formula.clone(),
            difference: measure(unit, one.interval.map(|found| found.estimate)),
            interval: interval.unwrap_or_else(|| UNDEFINED.to_owned()),
            outcome: outcome(one.outcome),
        }
    }

    /// Whether they can be told apart, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let all = self.found.differences.iter();
        let known: Vec<&Difference> = all.filter(|one| one.interval.is_some()).collect();
        if known.is_empty() {
            let sessions = counted(self.found.sessions, "common session");
            return format!(
                "{} and {} share {sessions}: too few to compare.",
                self.name, self.first
            );
        }
        let told: Vec<String> = known
            .iter()
            .filter(|one| one.outcome != Some(Outcome::Indistinguishable))
            .map(|one| format!("{} {}", inside(one.figure), side(one)))
            .collect();
        if told.is_empty() {
            return format!(
                "{} does not differ significantly from {} in any of {} figures.",
                self.name,
                self.first,
                known.len()
            );
        }
        format!(
            "{} differs significantly from {} in {} of {} figures: {}.",
            self.name,
            self.first,
            told.len(),
            known.len(),
            told.join(", ")
        )
    }
}

fn unit(one: &Difference) -> Unit {
    definition(one.key).map_or(Unit::Number, |definition| definition.unit)
}

/// What an interval says.
fn outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "",
        Some(Outcome::Indistinguishable) => "not significant",
        Some(Outcome::Better) => "better",
        Some(Outcome::Worse) => "worse",
        Some(Outcome::Higher) => "higher",
        Some(Outcome::Lower) => "lower",
    }
}

fn side(one: &Difference) -> String {
    let value = one.interval.map_or(0.0, |found| found.estimate);
    match unit(one) {
        Unit::Percent => {
            format!("{} points {}", decimals(100.0 * value.abs(), 2), direction(value))
        }
        _ => format!("{} {}", decimals(value.abs(), 2), direction(value)),
    }
}

fn direction(value: f64) -> &'static str {
    if value < 0.0 { "lower" } else { "higher" }
}
