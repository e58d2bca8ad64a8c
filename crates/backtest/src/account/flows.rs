//! Money that is paid in and out.

use walkfolio_core::Row;

use super::day::OrderReason;
use super::ledger::{Charge, Ledger, NO_PART, ROUNDS};
use crate::Result;

/// Pays in or out at the close. What cash does not cover is raised by reducing all positions in proportion; the
/// account never borrows for it, and pays out no more than it is worth.
pub(super) fn pay(ledger: &mut Ledger<'_>, row: Row, amount: f64) -> Result<()> {
    let prices = ledger.closes(row);
    if amount < 0.0 {
        let floor = ledger.free(&prices).min(0.0);
        raise(ledger, row, &prices, floor - amount)?;
    }
    let equity = ledger.equity(&prices).max(0.0);
    let paid = amount.max(-equity);
    ledger.cash += paid;
    ledger.day.flows += paid;
    Ok(())
}

/// The value of long positions to sell: they are free cash when they are sold, short ones that are covered leave it as it
/// is, and both cost. Commissions are taken as if all was traded.
fn needed(ledger: &Ledger<'_>, lacking: f64, (long, short): (f64, f64)) -> f64 {
    let commissions: f64 =
        ledger.shares.iter().map(|shares| ledger.rules.commission.of(*shares)).sum();
    let kept = 1.0 - ledger.rate() * (long + short) / long;
    if kept > 0.0 { (lacking + commissions) / kept } else { long }
}

/// The part of all positions to sell: its impact is more to raise.
fn part(ledger: &Ledger<'_>, row: Row, prices: &[f64], lacking: f64) -> Result<f64> {
    let sides = ledger.positions(prices);
    let of = |impact: f64| (needed(ledger, lacking + impact, sides) / sides.0).min(1.0);
    ledger.part_with_impact(row, prices, of)
}

/// Sells until free cash is at least so much, or nothing is left to sell.
fn raise(ledger: &mut Ledger<'_>, row: Row, prices: &[f64], wanted: f64) -> Result<()> {
    for _ in 0..ROUNDS {
        let (long, short) = ledger.positions(prices);
        let lacking = wanted - ledger.free(prices);
        if lacking <= NO_PART * (long + short) || long + short == 0.0 {
            return Ok(());
        }
        let sold = if long > 0.0 { part(ledger, row, prices, lacking)? } else { 1.0 };
        let shares: Vec<f64> =
            ledger.shares.iter().map(|shares| ledger.whole((1.0 - sold) * shares)).collect();
        ledger.execute(row, &shares, prices, (OrderReason::Withdrawal, Charge::Paid))?;
    }
    Ok(())
}
