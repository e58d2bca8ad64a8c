//! The assessment of a run in plain words: a function of its figures that cannot contradict them.
//!
//! Every finding is drawn from figures alone and carries its tone; the gravest stand first, and the
//! assessment is as good as its worst finding. A word in favour needs every figure on its side: a mean,
//! an information ratio and a compounded return that agree in sign, and an interval that leaves out
//! zero. Remarks are reported and decide nothing.

mod benchmark;
mod evidence;
mod finding;
mod grid;
mod loss;
mod run;

use evidence::Evidence;

pub(crate) use evidence::evidence;
pub use finding::{Assessment, Finding, Tone};
pub(crate) use grid::assess_grid;

/// Judges a run by its figures.
pub(crate) fn assess(evidence: &Evidence) -> Assessment {
    let found = [
        evidence.end(),
        evidence.targets(),
        evidence.fell_back(),
        evidence.tracking(),
        evidence.money(),
        evidence.drawdown(),
        evidence.against_benchmark(),
        evidence.costs(),
        evidence.free_of_costs(),
        evidence.sharpe(),
        evidence.sharpe_beside(),
        evidence.model(),
        evidence.not_proven(),
        evidence.faulty_data(),
        evidence.cleaned_ahead(),
        evidence.old_signals(),
        evidence.warned(),
        evidence.simulated(),
    ];
    let mut found: Vec<Finding> = found.into_iter().flatten().collect();
    let favoured = evidence.stands() && evidence.is_not_behind();
    if !favoured && !found.iter().any(|finding| finding.tone < Tone::Favour) {
        found.push(evidence.withheld());
    }
    Assessment::of(found, |tone| evidence.label(tone))
}

#[cfg(test)]
mod tests;
