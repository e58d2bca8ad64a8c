//! Shares of any fraction: the target itself, as far as the cash pays for it.

use crate::account::Account;
use crate::error::{Error, Result};
use crate::goal::Goal;
use crate::round::{Rounding, Status};
use crate::rules::TradeRules;

/// How often the size of a portfolio that is not paid for is halved.
const HALVINGS: usize = 60;
/// Cash within this part of equity of its floor is at it.
const CASH: f64 = 1e-12;

/// The target in shares: positions that are not fixed have what the fixed ones leave of the cash.
///
/// `worth` is what the account is worth once the target is traded.
pub(crate) fn exact(
    account: &Account,
    prices: &[f64],
    goal: &Goal,
    rules: &TradeRules,
    (worth, fixed): (f64, &[bool]),
) -> Result<(Vec<f64>, Rounding)> {
    let target = goal.target();
    let weight = |i: usize| account.shares[i] * prices[i] / worth;
    let apart: f64 = (0..target.len()).filter(|&i| fixed[i]).map(|i| weight(i) - target[i]).sum();
    let long: f64 = (0..target.len()).filter(|&i| !fixed[i]).map(|i| target[i].max(0.0)).sum();
    let most = if long > 0.0 { (1.0 - apart / long).max(0.0) } else { 1.0 };
    let at = |times: f64| -> Vec<f64> {
        let of = |i: usize| {
            let times = if target[i] > 0.0 { times } else { 1.0 };
            if fixed[i] { account.shares[i] } else { times * target[i] * worth / prices[i] }
        };
        (0..target.len()).map(of).collect()
    };
    let floor = (worth * (1.0 - target.iter().sum::<f64>())).min(0.0);
    let is_paid = |shares: &[f64]| {
        let taken = (0..shares.len()).map(|i| {
            let bought = prices[i] * (shares[i] - account.shares[i]);
            bought + rules.cost(i, bought)
        });
        taken.sum::<f64>() <= account.cash - floor + CASH * worth
    };
    let mut shares = at(most);
    if !is_paid(&shares) {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if is_paid(&at(middle)) { low = middle } else { high = middle }
        }
        shares = at(low);
        if !is_paid(&shares) {
            return Err(Error::NoLots);
        }
    }
    let weights: Vec<f64> =
        shares.iter().zip(prices).map(|(shares, price)| shares * price / worth).collect();
    let rounding = Rounding {
        status: Status::Fine,
        loss: 0.0,
        bound: 0.0,
        objective: goal.value(target),
        rounded: goal.value(&weights),
        nodes: 0,
    };
    Ok((shares, rounding))
}
