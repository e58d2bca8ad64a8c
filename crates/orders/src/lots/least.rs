//! The lots whose sale is taxed least.

use walkfolio_core::Date;

use super::lot::{Sale, SoldLot, TaxLot, TaxRates, in_order, is_long, is_recent, sold};

/// Rounds in which parts of two lots change places.
const ROUNDS: usize = 200;
/// Of more lots only the orders are compared.
const EXCHANGED: usize = 60;
/// A saving that is rounding, in parts of what is sold.
const NOTHING: f64 = 1e-12;

/// A sale that is to be taxed least.
struct Taxed<'a> {
    lots: &'a [TaxLot],
    /// The lots that have shares, the oldest first.
    order: &'a [usize],
    shares: f64,
    /// Its price, its day, and what is bought then or within 30 days after.
    terms: (f64, Date, f64),
    rates: TaxRates,
}

/// The sale with the least tax that orders of lots and exchanges between two of them lead to.
///
/// Without recent lots, or without losses, taking them by the tax of a share is the best. Where a loss may be washed,
/// the tax of a lot depends on what is sold of the others.
pub(super) fn least_taxed(
    (lots, order): (&[TaxLot], &[usize]),
    shares: f64,
    terms: (f64, Date, f64),
    rates: TaxRates,
) -> Sale {
    let taxed = Taxed { lots, order, shares, terms, rates };
    let plain = taxed.by(&|at| (false, taxed.tax(at)));
    let (_, _, bought) = terms;
    let is_replaced = bought > 0.0 || order.iter().any(|&at| taxed.is_recent(at));
    if !(is_replaced && order.iter().any(|&at| taxed.tax(at) < 0.0)) {
        return taxed.of(&plain);
    }
    // As if losses counted, as if none did, and with the lots first, or last, that replace others.
    let starts = [
        plain,
        taxed.by(&|at| (false, taxed.tax(at).max(0.0))),
        taxed.by(&|at| (!taxed.is_recent(at), taxed.tax(at))),
        taxed.by(&|at| (taxed.is_recent(at), taxed.tax(at))),
    ];
    let found = starts.iter().map(|start| taxed.exchanged(start));
    let best =
        found.reduce(|best, other| if taxed.is_better(&other, &best) { other } else { best });
    best.unwrap_or_default()
}

impl Taxed<'_> {
    /// The tax on a share of a lot, if its loss counts.
    fn tax(&self, at: usize) -> f64 {
        let (price, on, _) = self.terms;
        let is_long = is_long(self.lots[at].acquired, on);
        let rate = if is_long { self.rates.long_term } else { self.rates.short_term };
        (price - self.lots[at].price) * rate
    }

    fn is_recent(&self, at: usize) -> bool {
        is_recent(self.lots[at].acquired, self.terms.1)
    }

    /// What an order of the lots takes.
    fn by(&self, key: &dyn Fn(usize) -> (bool, f64)) -> Vec<(usize, f64)> {
        let mut order = self.order.to_vec();
        order.sort_by(|&a, &b| {
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        in_order(self.lots, &order, self.shares)
    }

    fn of(&self, parts: &[(usize, f64)]) -> Sale {
        sold((self.lots, parts), self.shares, self.terms)
    }

    fn is_better(&self, a: &Sale, b: &Sale) -> bool {
        a.tax(self.rates) < b.tax(self.rates) - NOTHING * self.shares * self.terms.0
    }

    /// What exchanges between two lots lead to, the best of each round.
    fn exchanged(&self, start: &[(usize, f64)]) -> Sale {
        let mut parts = vec![0.0; self.lots.len()];
        for &(at, own) in start {
            parts[at] = own;
        }
        let mut best = self.of(start);
        for _ in 0..if self.order.len() > EXCHANGED { 0 } else { ROUNDS } {
            let Some((other, sale)) = self.exchange(&parts, &best) else { break };
            (parts, best) = (other, sale);
        }
        best
    }

    /// The best exchange between two lots; none where no one saves tax.
    fn exchange(&self, parts: &[f64], best: &Sale) -> Option<(Vec<f64>, Sale)> {
        let mut found: Option<(Vec<f64>, Sale)> = None;
        for &from in self.order {
            for &to in self.order.iter().filter(|to| **to != from) {
                for moved in amounts((self.lots, parts), best, (from, to)) {
                    let mut other = parts.to_vec();
                    other[from] -= moved;
                    other[to] += moved;
                    let taken = self.order.iter().map(|&at| (at, other[at]));
                    let sale = self.of(&taken.filter(|own| own.1 > 0.0).collect::<Vec<_>>());
                    if self.is_better(&sale, found.as_ref().map_or(best, |(_, sale)| sale)) {
                        found = Some((other, sale));
                    }
                }
            }
        }
        found
    }
}

/// How many shares may change places: all that can, and as many as are washed or replace others, where the tax of
/// a share changes.
fn amounts(
    (lots, parts): (&[TaxLot], &[f64]),
    sale: &Sale,
    (from, to): (usize, usize),
) -> Vec<f64> {
    let most = parts[from].min(lots[to].shares - parts[to]);
    let washed = |own: &SoldLot| own.shares * own.disallowed / own.gain;
    let each = sale.lots.iter().filter(|own| own.gain < 0.0);
    let all: f64 = each.clone().map(washed).sum();
    let open: f64 = each.map(|own| own.shares - washed(own)).sum();
    let mut amounts = vec![most, all, open, all / 2.0, open / 2.0];
    amounts.extend(lots.iter().zip(parts).map(|(lot, own)| lot.shares - own));
    amounts.retain(|own| *own > 1e-9 && *own <= most);
    amounts
}
