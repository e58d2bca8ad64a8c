//! What a universe of today's survivors would have left out, as data.

use serde::{Deserialize, Serialize};
use walkfolio_core::Date;

/// The candidates of a run, and those of them that are still there at its end.
///
/// An asset is a candidate of a decision if it may be held: it has every return that the windows
/// need and, where there is an index, is a member of it. It survives if it is a candidate by the
/// same rule at the end: it has a price on the last session and is a member there. A study of
/// survivors alone chooses among the winners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survivors {
    /// Assets that were candidates of one decision at least.
    pub candidates: usize,
    /// Those of them that survive.
    pub survivors: usize,
    /// Assets that were held after one decision at least.
    pub held: usize,
    /// Those of them that survive.
    pub held_survivors: usize,
    /// The first decision.
    pub first: Count,
    /// The last decision.
    pub last: Count,
}

/// The candidates of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// First session on which the weights earn.
    pub date: Date,
    /// Assets that could be held.
    pub candidates: usize,
    /// Those of them that survive.
    pub survivors: usize,
}
