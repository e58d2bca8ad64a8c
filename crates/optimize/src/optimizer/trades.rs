//! The trades of a mandate whose holdings are searched.

use crate::constraint::rule::Rule;
use crate::cost::Costs;
use crate::mandate::Mandate;

/// What is held, what trading from there costs, and the largest turnover.
#[derive(Debug, Clone)]
pub(super) struct Trades {
    pub from: Vec<f64>,
    pub costs: Vec<f64>,
    pub max_turnover: Option<f64>,
}

impl Trades {
    /// None where neither costs nor turnover matter.
    pub fn of(mandate: &Mandate) -> Option<Self> {
        let costs = mandate.costs();
        let from =
            costs.map(Costs::current).into_iter().chain(limits(mandate).map(|limit| limit.0));
        let from = from.into_iter().next()?.to_vec();
        let most = limits(mandate).map(|(_, most)| 0.5 * most).reduce(f64::min);
        let costs = costs.map_or_else(|| vec![0.0; from.len()], Costs::prices);
        Some(Self { from, costs, max_turnover: most })
    }
}

/// Whether costs and limits of turnover are from the same holdings.
pub(super) fn from_one(mandate: &Mandate) -> bool {
    let Some(trades) = Trades::of(mandate) else { return true };
    limits(mandate).all(|(from, _)| from == trades.from)
}

/// The limits of `sum |w - from|`, with what they are from.
fn limits(mandate: &Mandate) -> impl Iterator<Item = (&[f64], f64)> {
    let absolute = mandate.constraints().rules().filter_map(Rule::absolute);
    absolute.filter_map(|limit| Some((limit.from?, limit.max)))
}
