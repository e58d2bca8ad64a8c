//! Shares and cash, and every reason that changes them.

use walkfolio_core::{Date, Market, Note, Quotes, Row, TradingCost};

use super::day::{AccountDay, AccountOrder, OrderReason};
use super::rules::AccountRules;
use crate::execution::Execution;
use crate::{Result, notes};

/// Fewer shares are none.
const NOTHING: f64 = 1e-9;
/// Rounds in which the cost of a sale is raised by selling more.
pub(super) const ROUNDS: usize = 50;
/// A part of positions or of equity that is nothing.
pub(super) const NO_PART: f64 = 1e-12;

/// Whether orders are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charge {
    /// They are free: the initial trade of a study that takes it as made.
    Free,
    /// They are.
    Paid,
}

/// An account while it is simulated.
pub(super) struct Ledger<'a> {
    pub market: &'a Market,
    pub quotes: &'a Quotes,
    pub rules: &'a AccountRules,
    /// What trading costs.
    pub execution: &'a Execution,
    pub shares: Vec<f64>,
    pub cash: f64,
    /// The session that goes on.
    pub day: AccountDay,
    pub orders: Vec<AccountOrder>,
    pub notes: Vec<(Date, Note)>,
}

impl<'a> Ledger<'a> {
    pub fn new(
        (market, quotes): (&'a Market, &'a Quotes),
        rules: &'a AccountRules,
        execution: &'a Execution,
    ) -> Self {
        Self {
            market,
            quotes,
            rules,
            execution,
            shares: vec![0.0; market.universe().len()],
            cash: rules.capital,
            day: AccountDay::default(),
            orders: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Cost of a unit that is traded.
    pub fn rate(&self) -> f64 {
        self.execution.cost.per_side_bps * 1e-4
    }

    /// What a trade of an asset on a session costs, of its value; on the last one by what was known before it.
    pub fn cost(&self, row: Row, asset: usize) -> Result<TradingCost> {
        let next = (row + 1).min(self.market.rows() - 1);
        let impact = self.execution.impact_in_currency((self.market, next), asset)?;
        Ok(TradingCost { linear: self.rate(), impact })
    }

    /// The part of all positions to sell, whose own impact is more to pay: `of` says which part pays so much of it.
    pub fn part_with_impact(
        &self,
        row: Row,
        prices: &[f64],
        of: impl Fn(f64) -> f64,
    ) -> Result<f64> {
        let mut sold = of(0.0);
        if self.execution.impact.is_some() {
            for _ in 0..ROUNDS {
                let next = of(self.impact_of(row, sold, prices)?);
                if (next - sold).abs() <= NO_PART {
                    break;
                }
                sold = next;
            }
        }
        Ok(sold)
    }

    /// What the impact costs of selling this part of all positions on a session.
    fn impact_of(&self, row: Row, part: f64, prices: &[f64]) -> Result<f64> {
        let mut all = 0.0;
        if self.execution.impact.is_some() {
            for (asset, shares) in self.shares.iter().enumerate().filter(|(_, own)| **own != 0.0) {
                let impact = self.cost(row, asset)?.impact;
                all += TradingCost { linear: 0.0, impact }.of(part * shares * prices[asset]);
            }
        }
        Ok(all)
    }

    /// Closes by asset; 1 for what is not listed, of which nothing is held.
    pub fn closes(&self, row: Row) -> Vec<f64> {
        (0..self.shares.len()).map(|at| self.quotes.close(row, at).unwrap_or(1.0)).collect()
    }

    /// Prices of trades within a session, by asset.
    pub fn fills(&self, row: Row) -> Vec<f64> {
        (0..self.shares.len()).map(|at| self.quotes.traded(row, at).unwrap_or(1.0)).collect()
    }

    /// The value of long and of short positions, both at least 0.
    pub fn positions(&self, prices: &[f64]) -> (f64, f64) {
        let values = || self.shares.iter().zip(prices).map(|(shares, price)| shares * price);
        let long = values().filter(|value| *value > 0.0).sum();
        (long, -values().filter(|value| *value < 0.0).sum::<f64>())
    }

    /// What the account is worth.
    pub fn equity(&self, prices: &[f64]) -> f64 {
        let (long, short) = self.positions(prices);
        self.cash + long - short
    }

    /// Cash that is not the proceeds of short sales; borrowed where it is negative.
    pub fn free(&self, prices: &[f64]) -> f64 {
        self.cash - self.positions(prices).1
    }

    /// Begins a session after the first: interest since the close before, then what happens to the shares.
    pub fn begin(&mut self, row: Row) {
        self.day = AccountDay { row, ..AccountDay::default() };
        self.accrue(row);
        for asset in 0..self.shares.len() {
            if self.shares[asset] == 0.0 {
                continue;
            }
            if self.quotes.listing(asset).end == row {
                self.delist(row, asset);
            } else if let Some(event) = self.quotes.event(row, asset).copied() {
                let paid = self.shares[asset] * event.dividend;
                self.day.dividends += paid;
                self.cash += paid;
                self.split(row, asset, event.split);
            }
        }
    }

    /// Interest and fees on what was held from the close before on.
    fn accrue(&mut self, row: Row) {
        let before = self.closes(row - 1);
        let (free, (_, short)) = (self.free(&before), self.positions(&before));
        let financing = &self.rules.financing;
        let rate = if free < 0.0 { financing.borrow[row] } else { financing.cash[row] };
        let paid = free * rate + short * (financing.rebate[row] - financing.fee[row]);
        self.day.financing += paid;
        self.cash += paid;
    }

    /// What is held past its last close becomes cash.
    fn delist(&mut self, row: Row, asset: usize) {
        let last = self.quotes.close(row - 1, asset).unwrap_or_default();
        let paid =
            self.shares[asset] * last * (1.0 + self.market.returns().row_or_zero(row)[asset]);
        self.shares[asset] = 0.0;
        self.day.proceeds += paid;
        self.cash += paid;
        let note = notes::ended_while_held(self.market, asset, row);
        self.notes.push((self.market.dates()[row], note));
    }

    /// New shares for old ones; a part of a lot is paid for at the close.
    fn split(&mut self, row: Row, asset: usize, ratio: f64) {
        let exact = self.shares[asset] * ratio;
        let kept = self.whole(exact);
        let paid = (exact - kept) * self.quotes.close(row, asset).unwrap_or_default();
        self.shares[asset] = kept;
        self.day.proceeds += paid;
        self.cash += paid;
    }

    /// The whole lots in so many shares, rounded towards none.
    pub fn whole(&self, shares: f64) -> f64 {
        let lot = self.rules.trading.lot.shares();
        if lot == 0.0 {
            return shares;
        }
        let (lots, nearest) = (shares / lot, (shares / lot).round());
        // A split by 0.1 makes 3.0000000000000004 of 30.
        lot * if (lots - nearest).abs() < NOTHING { nearest } else { lots.trunc() }
    }

    /// Trades to these shares at some prices.
    pub fn execute(
        &mut self,
        row: Row,
        shares: &[f64],
        prices: &[f64],
        (reason, charge): (OrderReason, Charge),
    ) -> Result<()> {
        for asset in 0..self.shares.len() {
            let moved = moved(self.shares[asset], shares[asset]);
            if moved == 0.0 {
                continue;
            }
            let value = moved * prices[asset];
            let (cost, commission) = match charge {
                Charge::Free => (0.0, 0.0),
                Charge::Paid => (self.cost(row, asset)?.of(value), self.rules.commission.of(moved)),
            };
            self.shares[asset] = shares[asset];
            self.cash -= value + cost + commission;
            self.day.bought += value;
            self.day.traded += value.abs();
            if reason == OrderReason::MarginCall {
                self.day.forced += value.abs();
            }
            self.day.costs += cost;
            self.day.commissions += commission;
            let price = prices[asset];
            let order = AccountOrder { row, asset, reason, shares: moved, price, cost, commission };
            self.orders.push(order);
        }
        Ok(())
    }

    /// Ends a session: what the account is worth at its close.
    pub fn end(&mut self, row: Row) -> AccountDay {
        let prices = self.closes(row);
        let (long, short) = self.positions(&prices);
        let value = self.cash + long - short;
        let margin = self.rules.margin.filter(|_| value > 0.0);
        let margin_used = margin.map(|margin| margin.maintenance * (long + short) / value);
        let day = AccountDay { row, value, cash: self.cash, long, short, margin_used, ..self.day };
        self.day = day;
        day
    }
}

/// What is traded between two numbers of shares: nothing where they differ by rounding.
pub(super) fn moved(from: f64, to: f64) -> f64 {
    let moved = to - from;
    if moved.abs() <= NOTHING * from.abs().min(1.0) { 0.0 } else { moved }
}
