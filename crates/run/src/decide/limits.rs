//! What limits a decision, with shadow prices.

use walkfolio_core::{Decision, NoteKind, Past, Universe, View};
use walkfolio_optimize::{Binding, End, Mandate, Precision, Sensitivity};
use walkfolio_record::LimitRow;
use walkfolio_study::Allocation;

use crate::Result;

/// Prices that leave more of the gradient unexplained are none.
const EXPLAINED: f64 = 0.01;

pub(super) struct Limits {
    /// What the target is the best portfolio of.
    pub mandate: Option<Mandate>,
    pub sensitivity: Option<Sensitivity>,
}

/// The limits of a decision; none where a fallback made it.
pub(super) fn limits(
    allocation: &Allocation,
    (past, assets, view): (&Past<'_>, &[usize], View<'_>),
    decision: &Decision,
) -> Result<Limits> {
    if decision.notes.iter().any(|note| note.kind == NoteKind::Fallback) {
        return Ok(Limits { mandate: None, sensitivity: None });
    }
    let mandate = allocation.mandate(past, assets, view, &mut Vec::new())?;
    let held: Vec<f64> = assets.iter().map(|&asset| decision.target.values()[asset]).collect();
    let best = if allocation.drops_small_weights() || allocation.scales_to_volatility() {
        // The weights held are not those that the limits apply to.
        allocation.optimizer().solve(&mandate, Precision::Full).map(|solved| solved.weights)
    } else {
        Ok(held)
    };
    let found = best.ok().and_then(|best| mandate.sensitivity(&best));
    let sensitivity = found.filter(|found| found.unexplained <= EXPLAINED);
    // The target of a scaled portfolio is the best one of no mandate.
    let mandate = (!allocation.scales_to_volatility()).then_some(mandate);
    Ok(Limits { mandate, sensitivity })
}

impl Limits {
    /// The limits as rows, the most valuable first.
    pub fn rows(&self, universe: &Universe, assets: &[usize]) -> Vec<LimitRow> {
        let found = self.sensitivity.iter().flat_map(|found| &found.binding);
        let mut rows: Vec<LimitRow> = found.map(|own| row(own, universe, assets)).collect();
        rows.sort_by(|a, b| b.price.abs().total_cmp(&a.price.abs()));
        rows
    }
}

fn row(binding: &Binding, universe: &Universe, assets: &[usize]) -> LimitRow {
    let asset = binding.asset.map(|at| universe.tickers()[assets[at]].to_string());
    let end = match binding.end {
        End::Min => "min",
        End::Max => "max",
        End::Equal => "equal",
    };
    LimitRow {
        constraint: binding.name.clone(),
        asset,
        end: end.to_owned(),
        limit: binding.limit,
        price: binding.price,
    }
}
