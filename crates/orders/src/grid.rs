//! The whole lots that an account may hold, and what each portfolio of them is worth.

use walkfolio_core::TradingCost;
use walkfolio_core::linear::dot;

use crate::account::Account;
use crate::goal::Goal;
use crate::rules::TradeRules;

/// A weight within this of a whole number of lots is one.
const WHOLE: f64 = 1e-9;
/// Cash within this part of equity of its floor is at it.
const CASH: f64 = 1e-12;

/// The portfolios of whole lots around a target.
///
/// Positions are counted in lots; a fixed one stays what it is, whole or not.
pub(crate) struct Grid<'a> {
    pub goal: &'a Goal,
    /// What the account is worth once the target is traded: the base of weights.
    pub equity: f64,
    /// What a lot is worth, by asset.
    pub lot_values: Vec<f64>,
    /// The weight of a lot.
    pub steps: Vec<f64>,
    /// The smallest and the largest number of lots; equal ones are fixed.
    pub range: Vec<(f64, f64)>,
    /// The lots held now.
    held: Vec<f64>,
    cash: f64,
    rules: &'a TradeRules,
    /// Cash is never below this: 0, or what the target borrows.
    floor: f64,
    /// By how much weights may break limits that several assets share.
    pub tolerance: f64,
}

impl<'a> Grid<'a> {
    /// Of an account at some prices; `fixed` positions are those held, and not traded.
    pub fn new(
        account: &Account,
        prices: &[f64],
        goal: &'a Goal,
        rules: &'a TradeRules,
        (equity, fixed): (f64, &[bool]),
    ) -> Self {
        let n = prices.len();
        let lots: Vec<f64> = (0..n).map(|i| rules.lot_of(i)).collect();
        let lot_values: Vec<f64> =
            lots.iter().zip(prices).map(|(lot, price)| lot * price).collect();
        let steps: Vec<f64> = lot_values.iter().map(|value| value / equity).collect();
        let held: Vec<f64> = account.shares.iter().zip(&lots).map(|(own, lot)| own / lot).collect();
        let range = |i: usize| {
            if fixed[i] {
                return (held[i], held[i]);
            }
            range(
                goal.target[i] / steps[i],
                (goal.bounds[i].0 / steps[i], goal.bounds[i].1 / steps[i]),
            )
        };
        let invested: f64 = goal.target.iter().sum();
        Self {
            range: (0..n).map(range).collect(),
            goal,
            equity,
            lot_values,
            steps,
            held,
            cash: account.cash,
            rules,
            floor: (equity * (1.0 - invested)).min(0.0),
            tolerance: 1e-9,
        }
    }

    /// The lots held now.
    pub fn held(&self, i: usize) -> f64 {
        self.held[i]
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// The steps away from the target of some lots.
    pub fn apart(&self, lots: &[f64]) -> Vec<f64> {
        (0..self.len()).map(|i| self.steps[i] * lots[i] - self.goal.target[i]).collect()
    }

    pub fn weights(&self, lots: &[f64]) -> Vec<f64> {
        lots.iter().zip(&self.steps).map(|(lots, step)| lots * step).collect()
    }

    /// What a portfolio costs more than the target, in what is minimized.
    pub fn loss(&self, lots: &[f64]) -> f64 {
        let d = self.apart(lots);
        let alone: f64 = d.iter().enumerate().map(|(i, d)| self.goal.alone(i, *d)).sum();
        dot(&self.goal.matrix.times(&d), &d) + alone + dot(&self.goal.shared, &d)
    }

    /// The least that a position of so many lots takes of the cash, and what the account has without any.
    pub fn taken(&self, i: usize, lots: f64) -> f64 {
        let bought = lots - self.held[i];
        let linear = self.lot_values[i] * (bought + self.rules.rate * bought.abs());
        let Some(&impact) = self.rules.impact.get(i) else { return linear };
        linear + TradingCost { linear: 0.0, impact }.of(self.lot_values[i] * bought)
    }

    /// What may be spent on all positions together.
    pub fn room(&self) -> f64 {
        self.cash - self.floor + CASH * self.equity
    }

    /// Whether the cash pays for a portfolio.
    pub fn is_paid(&self, lots: &[f64]) -> bool {
        let taken: f64 = (0..self.len()).map(|i| self.taken(i, lots[i])).sum();
        taken <= self.room()
    }

    /// Whether a portfolio is paid for and keeps the limits.
    pub fn allows(&self, lots: &[f64]) -> bool {
        self.is_paid(lots) && !self.goal.breaks(&self.weights(lots), self.tolerance)
    }

    /// The positions that can be chosen.
    pub fn free(&self) -> Vec<usize> {
        (0..self.len()).filter(|&i| self.range[i].0 < self.range[i].1).collect()
    }
}

/// The whole lots within bounds, of which one is next to the target; nothing is held of what has no target.
fn range(target: f64, (min, max): (f64, f64)) -> (f64, f64) {
    if target == 0.0 {
        return (0.0, 0.0);
    }
    // Towards nothing, as far as cash is concerned.
    let near = (target + target.signum() * WHOLE).trunc();
    let (low, high) = ((min - WHOLE).ceil(), (max + WHOLE).floor());
    (low.min(near), high.max(near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_whole_and_within_bounds() {
        assert_eq!(range(12.4, (0.0, 20.7)), (0.0, 20.0));
        // A cap that the target is at: the next whole number below.
        assert_eq!(range(20.7, (0.0, 20.7)), (0.0, 20.0));
        assert_eq!(range(20.7, (20.7, 20.7)), (20.0, 20.0));
        assert_eq!(range(0.0, (0.0, 20.0)), (0.0, 0.0));
        assert_eq!(range(-3.5, (-10.0, 10.0)), (-10.0, 10.0));
        assert_eq!(range(-3.5, (-3.5, 10.0)), (-3.0, 10.0));
        assert_eq!(range(0.4, (0.2, 5.0)), (0.0, 5.0));
    }
}
