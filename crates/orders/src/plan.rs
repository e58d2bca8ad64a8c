//! The trades that bring an account to a target.

use serde::Serialize;
use walkfolio_core::TradingCost;

use crate::account::Account;
use crate::error::{Error, Result};
use crate::exact::exact;
use crate::goal::Goal;
use crate::grid::Grid;
use crate::round::{Rounding, rounded};
use crate::rules::TradeRules;

/// A trade of fewer shares is none.
const NOTHING: f64 = 1e-9;
/// Rounds in which the cost of a trade changes what is traded.
const ROUNDS: usize = 100;

/// Whether an order buys or sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// It buys.
    Buy,
    /// It sells.
    Sell,
}

impl Side {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

/// An order.
///
/// # Shape and units
/// Shares are positive; price, value and cost are in the account's currency.
/// # Examples
/// See [`Account::trade`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Order {
    /// The asset, by its index.
    pub asset: usize,
    /// Buy or sell.
    pub side: Side,
    /// How many shares.
    pub shares: f64,
    /// The price that it is planned at.
    pub price: f64,
    /// Shares times price.
    pub value: f64,
    /// What it costs.
    pub cost: f64,
}

/// How an account is brought to a target.
///
/// # Shape and units
/// One value for each asset. Weights before are fractions of what the account is worth before the trade, those
/// after of what it is worth after paying for it.
/// # Examples
/// See [`Account::trade`].
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The orders, sales first, each in the order of assets.
    pub orders: Vec<Order>,
    /// Shares after the trade.
    pub shares: Vec<f64>,
    /// Cash after the trade, with its cost paid.
    pub cash: f64,
    /// What the account is worth before.
    pub equity: f64,
    /// What the trade costs.
    pub cost: f64,
    /// Weights before.
    pub before: Vec<f64>,
    /// Weights after, in whole lots.
    pub after: Vec<f64>,
    /// Assets that are near enough to their targets to be left alone.
    pub in_band: Vec<usize>,
    /// Assets whose trade would have been too small.
    pub too_small: Vec<usize>,
    /// What rounding costs; none where nothing is traded.
    pub rounding: Option<Rounding>,
}

impl Account {
    /// The orders that bring an account to a target: never with less cash than none, or than the target borrows.
    ///
    /// Weights within their band stay, trades below the smallest value are not made; the others have what these
    /// leave of the cash. Where that leaves a debt that the target does not borrow, what is furthest above its target is
    /// sold down to it, whatever its band and size, and more assets until that pays it; where none do, every trade is made.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::Value`] and [`Error::NoEquity`] for what cannot be traded, [`Error::NoLots`] if no
    /// whole lots keep the limits of the target.
    /// # Examples
    /// ```
    /// use walkfolio_orders::{Account, Goal, Side, TradeRules};
    ///
    /// // 600 and 400 are to be half and half, at 10 basis points.
    /// let account = Account { shares: vec![60.0, 40.0], cash: 0.0 };
    /// let goal = Goal::of_weights(vec![0.5, 0.5]);
    /// let plan = account.trade(&[10.0, 10.0], &goal, &TradeRules::whole(0.001))?;
    /// assert_eq!((plan.orders[0].side, plan.orders[0].shares), (Side::Sell, 10.0));
    /// // 10 bought for 100 and 0.20 of costs are not paid for by what was sold: 9 are.
    /// assert_eq!((plan.orders[1].side, plan.orders[1].shares), (Side::Buy, 9.0));
    /// assert!((plan.cash - (100.0 - 90.0 - 0.19)).abs() < 1e-9);
    /// // A band of 15 % leaves both alone.
    /// let rules = TradeRules { band: 0.15, ..TradeRules::whole(0.001) };
    /// assert!(account.trade(&[10.0, 10.0], &goal, &rules)?.orders.is_empty());
    /// # Ok::<(), walkfolio_orders::Error>(())
    /// ```
    pub fn trade(&self, prices: &[f64], goal: &Goal, rules: &TradeRules) -> Result<Plan> {
        let before = self.weights(prices)?;
        let (expected, found) = (goal.target.len(), self.shares.len());
        if expected != found {
            return Err(Error::Shape { what: "an account", expected, found });
        }
        let of = |rules: &TradeRules| self.within(prices, goal, rules, &before);
        let is_unpaid = |found: &Result<Plan>| matches!(found, Err(Error::NoLots));
        let mut found = of(rules);
        if self.cash < 0.0 {
            let all = TradeRules { min_value: 0.0, band: 0.0, bands: Vec::new(), ..rules.clone() };
            let debt = -self.cash / self.equity(prices);
            for wider in paying(debt, goal, rules, &before).into_iter().chain([all]) {
                if !is_unpaid(&found) {
                    break;
                }
                found = of(&wider);
            }
        }
        found
    }

    /// The orders that keep all rules.
    fn within(
        &self,
        prices: &[f64],
        goal: &Goal,
        rules: &TradeRules,
        before: &[f64],
    ) -> Result<Plan> {
        let assets = goal.target.len();
        let equity = self.equity(prices);
        let worth = after_costs((equity, before), goal.target(), rules);
        if worth <= 0.0 {
            return Err(Error::NoEquity { equity: worth });
        }
        let in_band: Vec<usize> = (0..assets)
            .filter(|&i| rules.band_of(i) > 0.0)
            .filter(|&i| (before[i] - goal.target[i]).abs() <= rules.band_of(i))
            .collect();
        let mut fixed = vec![false; assets];
        let kept = rules.no_buy.iter().filter(|&&i| i < assets && goal.target[i] > before[i]);
        in_band.iter().chain(kept).for_each(|&i| fixed[i] = true);
        let mut too_small = Vec::new();
        loop {
            let (shares, rounding) = if rules.is_exact() {
                exact(self, prices, goal, rules, (worth, &fixed))?
            } else {
                self.rounded(prices, goal, rules, (worth, &fixed))?
            };
            let small: Vec<usize> =
                (0..assets).filter(|&i| self.is_small(i, &shares, prices, rules)).collect();
            if small.is_empty() {
                let kept = Kept { in_band, too_small };
                let before = before.to_vec();
                return Ok(self.plan(shares, prices, (rules, before), (kept, rounding)));
            }
            for &i in &small {
                fixed[i] = true;
            }
            too_small.extend(small);
        }
    }

    /// The shares of the best whole lots.
    fn rounded(
        &self,
        prices: &[f64],
        goal: &Goal,
        rules: &TradeRules,
        (worth, fixed): (f64, &[bool]),
    ) -> Result<(Vec<f64>, Rounding)> {
        let mut grid = Grid::new(self, prices, goal, rules, (worth, fixed));
        let (lots, rounding) = rounded(&mut grid, rules.nodes)?;
        let of = |i: usize| if fixed[i] { self.shares[i] } else { lots[i] * rules.lot_of(i) };
        Ok(((0..lots.len()).map(of).collect(), rounding))
    }

    fn is_small(&self, i: usize, shares: &[f64], prices: &[f64], rules: &TradeRules) -> bool {
        let moved = (shares[i] - self.shares[i]).abs();
        moved > NOTHING && moved * prices[i] < rules.min_value
    }

    fn plan(
        &self,
        shares: Vec<f64>,
        prices: &[f64],
        (rules, before): (&TradeRules, Vec<f64>),
        (kept, rounding): (Kept, Rounding),
    ) -> Plan {
        let order = |i: usize| {
            let moved = shares[i] - self.shares[i];
            let (side, shares) = (if moved > 0.0 { Side::Buy } else { Side::Sell }, moved.abs());
            let value = shares * prices[i];
            (shares > NOTHING).then(|| Order {
                asset: i,
                side,
                shares,
                price: prices[i],
                value,
                cost: rules.cost(i, value),
            })
        };
        let mut orders: Vec<Order> = (0..shares.len()).filter_map(order).collect();
        orders.sort_by_key(|order| order.side == Side::Buy);
        let cost: f64 = orders.iter().map(|order| order.cost).sum();
        let paid = orders.iter().map(|order| match order.side {
            Side::Buy => order.value,
            Side::Sell => -order.value,
        });
        // What rounding leaves below nothing is nothing.
        let cash = self.cash - paid.sum::<f64>() - cost;
        let equity = self.equity(prices);
        let cash = if cash.abs() < 1e-12 * equity { 0.0 } else { cash };
        let after =
            shares.iter().zip(prices).map(|(own, price)| own * price / (equity - cost)).collect();
        let Kept { in_band, mut too_small } = kept;
        too_small.sort_unstable();
        let rounding = (!orders.is_empty()).then_some(rounding);
        Plan { orders, shares, cash, equity, cost, before, after, in_band, too_small, rounding }
    }
}

/// Rules by which nothing is traded but what is furthest above its target, more and more of it, from as much as a debt
/// takes on.
fn paying(debt: f64, goal: &Goal, rules: &TradeRules, before: &[f64]) -> Vec<TradeRules> {
    let above = |&i: &usize| before[i] - goal.target[i];
    let mut sold: Vec<usize> = (0..before.len()).filter(|i| above(i) > 0.0).collect();
    sold.sort_by(|a, b| above(b).total_cmp(&above(a)).then(a.cmp(b)));
    let sums = sold.iter().scan(0.0, |sum, i| {
        *sum += above(i);
        Some(*sum)
    });
    let least = sums.take_while(|sum| *sum < debt).count() + 1;
    let end = 2 * sold.len().max(1);
    std::iter::successors(Some(least), |count| Some(2 * count))
        .take_while(|count| *count < end)
        .map(|count| {
            let bands = sold.iter().take(count).map(|&i| (i, 0.0)).collect();
            TradeRules { min_value: 0.0, band: f64::INFINITY, bands, ..rules.clone() }
        })
        .collect()
}

/// What is not traded.
struct Kept {
    in_band: Vec<usize>,
    too_small: Vec<usize>,
}

/// What an account is worth once the trade to a target is paid for.
fn after_costs((equity, before): (f64, &[f64]), target: &[f64], rules: &TradeRules) -> f64 {
    let mut worth = equity;
    for _ in 0..ROUNDS {
        let pairs = before.iter().zip(target);
        let traded = pairs.map(|(from, to)| (to * worth - from * equity).abs());
        let linear = rules.rate * traded.clone().sum::<f64>();
        let impact = rules.impact.iter().zip(traded);
        let moved = impact.map(|(&impact, value)| TradingCost { linear: 0.0, impact }.of(value));
        let next = equity - linear - moved.sum::<f64>();
        if (next - worth).abs() <= f64::EPSILON * equity {
            break;
        }
        // An impact grows faster than the trade: half of the way does not go to and fro.
        worth = if rules.impact.is_empty() { next } else { 0.5 * (worth + next) };
    }
    worth
}
