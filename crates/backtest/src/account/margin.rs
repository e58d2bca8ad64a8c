//! Margin: what a decision may take on, and what a margin call forces.

use walkfolio_core::Row;

use super::day::OrderReason;
use super::ledger::{Charge, Ledger};
use super::rules::Margin;
use crate::Result;

/// Weights as large as the initial margin allows, and whether they had to be scaled down.
pub(super) fn allowed(target: &[f64], margin: Option<Margin>) -> (Vec<f64>, bool) {
    let gross: f64 = target.iter().map(|weight| weight.abs()).sum();
    match margin.filter(|margin| gross * margin.initial > 1.0 + 1e-12) {
        None => (target.to_vec(), false),
        Some(margin) => {
            let times = 1.0 / (margin.initial * gross);
            (target.iter().map(|weight| times * weight).collect(), true)
        }
    }
}

/// Reduces all positions in proportion where equity does not cover the maintenance margin.
pub(super) fn call(ledger: &mut Ledger<'_>, row: Row) -> Result<()> {
    let Some(margin) = ledger.rules.margin else { return Ok(()) };
    let prices = ledger.closes(row);
    let (long, short) = ledger.positions(&prices);
    let (gross, equity) = (long + short, ledger.equity(&prices));
    if gross == 0.0 || equity >= margin.maintenance * gross {
        return Ok(());
    }
    let sold = |impact: f64| 1.0 - kept(ledger, margin, (equity - impact, gross));
    let kept = 1.0 - ledger.part_with_impact(row, &prices, sold)?;
    let shares: Vec<f64> = ledger.shares.iter().map(|shares| ledger.whole(kept * shares)).collect();
    ledger.execute(row, &shares, &prices, (OrderReason::MarginCall, Charge::Paid))
}

/// The part of each position that equity covers once the reduction is paid for: of gross positions `G` and equity
/// `E`, at a rate `c`, the `f` with `E - c (1 - f) G = initial f G`. Commissions are taken as if all was sold.
fn kept(ledger: &Ledger<'_>, margin: Margin, (equity, gross): (f64, f64)) -> f64 {
    let commissions: f64 =
        ledger.shares.iter().map(|shares| ledger.rules.commission.of(*shares)).sum();
    let left = equity - commissions - ledger.rate() * gross;
    let per_unit = gross * (margin.initial - ledger.rate());
    if left <= 0.0 || per_unit <= 0.0 { 0.0 } else { (left / per_unit).min(1.0) }
}
