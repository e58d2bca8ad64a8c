//! Carrying out a decision.

use walkfolio_core::{Note, Row, Weights};
use walkfolio_orders::{Account, Goal, TradeRules};

use super::day::OrderReason;
use super::ledger::{Charge, Ledger, moved};
use super::margin::allowed;
use crate::Result;

/// Rounds in which commissions change what can be bought.
const ROUNDS: usize = 20;

/// What carrying out a decision did.
pub(super) struct Rebalanced {
    /// Weights before, by asset.
    pub before: Vec<f64>,
    /// Weights after, of what the account is worth after paying for the trade.
    pub after: Vec<f64>,
    /// `0.5 * traded / equity`.
    pub turnover: f64,
    /// What was paid, as a fraction of equity before.
    pub cost: f64,
    /// Whether the initial margin made positions smaller than decided.
    pub is_scaled: bool,
}

/// Brings the account to a target at some prices; `None` for an account that is worth nothing.
pub(super) fn rebalance(
    ledger: &mut Ledger<'_>,
    row: Row,
    target: &Weights,
    prices: &[f64],
    charge: Charge,
) -> Result<Option<Rebalanced>> {
    let equity = ledger.equity(prices);
    if equity <= 0.0 {
        return Ok(None);
    }
    let weights = |ledger: &Ledger<'_>, equity: f64| -> Vec<f64> {
        ledger.shares.iter().zip(prices).map(|(shares, price)| shares * price / equity).collect()
    };
    let before = weights(ledger, equity);
    let (target, is_scaled) = allowed(target.values(), ledger.rules.margin);
    let (traded, paid) = (ledger.day.traded, ledger.day.costs + ledger.day.commissions);
    match planned(ledger, (row, &target), prices, charge)? {
        Ok(shares) => {
            ledger.execute(row, &shares, prices, (OrderReason::Rebalance, charge))?;
        }
        Err(why) => {
            let note = Note::warning(format!("{why}: nothing is traded"));
            ledger.notes.push((ledger.market.dates()[row], note));
        }
    }
    let left = ledger.equity(prices);
    let (traded, paid) =
        (ledger.day.traded - traded, ledger.day.costs + ledger.day.commissions - paid);
    Ok(Some(Rebalanced {
        before,
        after: weights(ledger, if left > 0.0 { left } else { equity }),
        turnover: if charge == Charge::Free { 0.0 } else { 0.5 * traded / equity },
        cost: paid / equity,
        is_scaled,
    }))
}

/// The shares to hold: commissions are set aside before the cash is spent. Without any, why there are none.
fn planned(
    ledger: &Ledger<'_>,
    (row, target): (Row, &[f64]),
    prices: &[f64],
    charge: Charge,
) -> Result<Result<Vec<f64>, String>> {
    // What is neither held nor wanted is no part of the problem.
    let own: Vec<usize> = (0..target.len())
        .filter(|&asset| target[asset] != 0.0 || ledger.shares[asset] != 0.0)
        .collect();
    let pick = |values: &[f64]| -> Vec<f64> { own.iter().map(|&asset| values[asset]).collect() };
    let (held, own_prices) = (pick(&ledger.shares), pick(prices));
    let goal = Goal::of_weights(pick(target));
    let rules = rules(ledger, (row, &own), charge)?;
    let commission = |shares: &[f64]| -> f64 {
        let each = shares
            .iter()
            .zip(&held)
            .map(|(to, from)| ledger.rules.commission.of(moved(*from, *to)));
        if charge == Charge::Free { 0.0 } else { each.sum() }
    };
    let mut aside = 0.0;
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let account = Account { shares: held.clone(), cash: ledger.cash - aside };
        if aside > 0.0 && account.equity(&own_prices) <= 0.0 {
            let worth = account.equity(&own_prices) + aside;
            return Ok(Err(format!(
                "commissions of {aside:.2} are more than the account is worth, {worth:.2}"
            )));
        }
        shares = match account.trade(&own_prices, &goal, &rules) {
            Ok(plan) => plan.shares,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let due = commission(&shares);
        if due <= aside * (1.0 + 1e-12) {
            break;
        }
        aside = due;
    }
    let mut all = vec![0.0; target.len()];
    own.iter().zip(shares).for_each(|(&asset, shares)| all[asset] = shares);
    Ok(Ok(all))
}

/// The rules of the account for some of its assets.
fn rules(ledger: &Ledger<'_>, (row, own): (Row, &[usize]), charge: Charge) -> Result<TradeRules> {
    let trading = &ledger.rules.trading;
    let place = |asset: usize| own.iter().position(|&other| other == asset);
    let bands = trading.bands.iter().filter_map(|&(asset, band)| Some((place(asset)?, band)));
    let impact = own.iter().map(|&asset| ledger.cost(row, asset).map(|cost| cost.impact));
    let is_moved = charge == Charge::Paid && ledger.execution.impact.is_some();
    Ok(TradeRules {
        rate: if charge == Charge::Free { 0.0 } else { ledger.rate() },
        impact: if is_moved { impact.collect::<Result<_>>()? } else { Vec::new() },
        bands: bands.collect(),
        ..trading.clone()
    })
}
