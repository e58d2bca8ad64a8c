//! What a universe of today's survivors would have left out.

use walkfolio_core::{Market, Policy, Row, Weights};
use walkfolio_record::{Count, Survivors};

use crate::Result;

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
