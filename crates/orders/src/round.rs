//! Whole lots: the portfolio of them that is worth most by the study's own objective.

use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::improve::improved;
use crate::search::searched;

/// Positions up to which the best is searched for, and proven.
const SEARCHED: usize = 24;
/// Lots of a smaller weight make no difference: of fractions of shares.
const FINE: f64 = 1e-6;

/// Whether a better portfolio of whole lots may exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No other is better.
    Best,
    /// No exchange of one or two lots is better; the bound says how much better any other could be.
    Improved,
    /// Lots are so small that it makes no difference.
    Fine,
}

/// What rounding to whole lots costs.
///
/// # Shape and units
/// In the objective's unit, smaller is better: 0 is as good as the target itself. Cash that is left is valued at
/// the price of the sum of weights.
/// # Examples
/// See [`Account::trade`](crate::Account::trade).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounding {
    /// How sure it is.
    pub status: Status,
    /// What the objective loses.
    pub loss: f64,
    /// What it loses at least, whichever lots are chosen.
    pub bound: f64,
    /// The objective at the target, in its own sense; none without a mandate.
    pub objective: Option<f64>,
    /// The objective at the whole lots.
    pub rounded: Option<f64>,
    /// Nodes of the search.
    pub nodes: u64,
}

/// The best lots, and what they cost.
pub(crate) fn rounded(grid: &mut Grid<'_>, nodes: u64) -> Result<(Vec<f64>, Rounding)> {
    let start = if let Some(start) = improved(grid) {
        start
    } else {
        // Limits that no whole lots keep, as an exact beta: as nearly as a lot lets.
        grid.tolerance = grid.steps.iter().copied().fold(0.0, f64::max);
        improved(grid).ok_or(Error::NoLots)?
    };
    let free = grid.free();
    let fine = free.iter().all(|&i| grid.steps[i] < FINE);
    let small = free.len() <= SEARCHED && grid.goal.is_exact && !fine;
    let found = small.then(|| searched(grid, start.clone(), nodes)).flatten();
    let (lots, nodes, proven) = match found {
        Some(found) => (found.lots, found.nodes, found.is_complete && grid.tolerance < FINE),
        None => (start, 0, false),
    };
    let loss = grid.loss(&lots);
    let status = match (proven, fine) {
        (true, _) => Status::Best,
        (false, true) => Status::Fine,
        (false, false) => Status::Improved,
    };
    let rounding = Rounding {
        status,
        loss,
        bound: if proven { loss } else { loss.min(0.0) },
        objective: grid.goal.value(grid.goal.target()),
        rounded: grid.goal.value(&grid.weights(&lots)),
        nodes,
    };
    Ok((lots, rounding))
}
