//! What a universe of today's survivors would have left out.

use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Market, Policy, Row, Weights};

use crate::Result;

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

/// Counts them over the decisions that were carried out, by row with what was bought; `None` where
/// every candidate survives and there is no index.
pub(crate) fn survivors(
    market: &Market,
    policy: &dyn Policy,
    carried_out: &[(Row, &Weights)],
) -> Result<Option<Survivors>> {
    let n = market.universe().len();
    let end = market.dates()[market.rows() - 1];
    let member = |asset| market.members().is_none_or(|members| members.is_member(asset, end));
    let survives: Vec<bool> = (0..n)
        .map(|asset| market.prices().listing(asset).end == market.rows() && member(asset))
        .collect();
    let surviving = |marked: &[bool]| (0..n).filter(|&i| marked[i] && survives[i]).count();
    let (mut ever, mut held) = (vec![false; n], vec![false; n]);
    let mut counts = Vec::with_capacity(carried_out.len());
    for &(row, target) in carried_out {
        let eligible = market.before(row)?.eligible(policy.need());
        for &asset in &eligible {
            ever[asset] = true;
        }
        for (asset, weight) in target.values().iter().enumerate() {
            held[asset] |= *weight != 0.0;
        }
        let survivors = eligible.iter().filter(|&&asset| survives[asset]).count();
        let (date, candidates) = (market.dates()[row], eligible.len());
        counts.push(Count { date, candidates, survivors });
    }
    let (Some(&first), Some(&last)) = (counts.first(), counts.last()) else { return Ok(None) };
    let count = |marked: &[bool]| marked.iter().filter(|&&marked| marked).count();
    let found = Survivors {
        candidates: count(&ever),
        survivors: surviving(&ever),
        held: count(&held),
        held_survivors: surviving(&held),
        first,
        last,
    };
    let all = found.survivors == found.candidates && market.members().is_none();
    Ok((!all).then_some(found))
}
