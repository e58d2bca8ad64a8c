//! What an account is to trade for a decision.

use walkfolio_backtest::Observer;
use walkfolio_core::{Note, Universe, Weights};
use walkfolio_orders::{Plan, Rounding, Status, TradeRules};
use walkfolio_record::{AccountTrade, LedgerRow, OrderRow, PositionRow, RoundingRow};

use super::account::{AccountInput, LiveAccount};
use super::decided::Decided;
use super::live::Live;
use super::planner::{Aim, Planner, still};
use super::tax::Lots;
use crate::Result;

/// What an account must know of the impact of its trades.
const OF_ITS_OWN: &str = "the impact of orders is that of their own values; the decision knows that of a portfolio of costs.impact.portfolio_value";

/// The assets that an account may trade: those that it holds or is to hold, and where a cap on gains may move its target
/// all that may be held.
pub(super) fn traded<'a>(
    account: &'a LiveAccount,
    target: &'a Weights,
    (assets, cap): (&'a [usize], Option<f64>),
) -> impl Fn(usize) -> bool + 'a {
    move |asset| {
        account.account.shares[asset] != 0.0
            || target.values()[asset] != 0.0
            || cap.is_some() && assets.contains(&asset)
    }
}

impl Live<'_> {
    /// Decides from what an account holds, and plans its orders by the study's costs.
    ///
    /// `band_risk` is the tracking error a year between holdings and target up to which nothing is traded.
    ///
    /// # Errors
    /// As [`Live::account`] and [`Live::decide`].
    pub fn trade(
        &self,
        input: &AccountInput,
        (rules, band_risk): (&TradeRules, Option<f64>),
        observer: &dyn Observer,
    ) -> Result<Decided> {
        let account = self.account(input)?;
        let mut decided = self.decide(Some(&account.weights), observer)?;
        let mut notes: Vec<Note> = account.notes.clone();
        let lots = input.tax.as_ref().map(|tax| Lots::of(self, tax)).transpose()?;
        let rate = self.study().config().execution().cost.per_side_bps * 1e-4;
        let washed = lots.iter().flat_map(|lots| &lots.washed).map(|(asset, _)| *asset).collect();
        let cap = input.tax.as_ref().and_then(|tax| tax.max_gains);
        let own = (&decided.assets[..], cap);
        let impact = self.impacts(traded(&account, &decided.target, own))?;
        let rules = TradeRules { rate, impact, no_buy: washed, ..rules.clone() };
        let near = band_risk.zip(decided.record.risk.apart).filter(|(band, apart)| apart <= band);
        notes.extend(near.map(|(band, apart)| Note::info(format!(
            "holdings and target are {:.2} % of tracking error a year apart, within the band of {:.2} %: nothing is traded",
            100.0 * apart, 100.0 * band
        ))));
        if self.study().config().spec().costs.impact.is_some() {
            notes.push(Note::info(OF_ITS_OWN));
        }
        let assets = decided.assets.clone();
        let planner = Planner { live: self, assets: &assets, like: None, start: self.optimizer() };
        let aim = Aim { target: decided.target.clone(), mandate: decided.mandate.clone() };
        let plan = if near.is_some() {
            still(&account, &rules)?
        } else {
            let goal = planner.goal(&aim);
            let taxed = lots.as_ref().map(|lots| (lots, cap));
            let (moved, plan) = planner.plan((&aim, &goal), (&account, &rules), taxed)?;
            if let Some(moved) = moved {
                notes.extend(self.moved(&mut decided, moved, cap)?);
            }
            plan
        };
        notes.extend(rounding_note(&plan));
        let gains = lots.as_ref().map(|lots| lots.gains(self, &plan));
        if let (Some(lots), Some(gains)) = (&lots, &gains) {
            notes.extend(lots.notes(self, (&account, gains)));
        }
        let date = Some(self.date());
        let rows = notes.iter().map(|note| LedgerRow::of_note(date, note));
        decided.record.notes.splice(0..0, rows);
        let trade = AccountTrade { gains, ..self.record(input, &account, &plan, &decided) };
        decided.record.account = Some(trade);
        Ok(decided)
    }

    /// Puts the target that a cap on gains has moved into a decision, and says what it costs.
    fn moved(&self, decided: &mut Decided, aim: Aim, cap: Option<f64>) -> Result<Option<Note>> {
        let full = decided.record.solve.objective;
        if let Aim { target, mandate: Some(mandate) } = aim {
            self.retarget(decided, target, mandate)?;
        }
        let now = decided.record.solve.objective.filter(|now| Some(*now) != full);
        let changed = cap.zip(full.zip(now));
        Ok(changed.map(|(cap, (full, now))| {
            Note::info(format!(
                "realized gains are limited to {cap}: the objective is {now:.6e} in place of {full:.6e}"
            ))
        }))
    }

    fn record(
        &self,
        input: &AccountInput,
        account: &LiveAccount,
        plan: &Plan,
        decided: &Decided,
    ) -> AccountTrade {
        let universe = self.market().universe();
        let name = |asset: usize| universe.tickers()[asset].to_string();
        let target = decided.target.values();
        let held = |asset: &usize| {
            account.account.shares[*asset] != 0.0
                || plan.shares[*asset] != 0.0
                || target[*asset] != 0.0
        };
        let position = |asset: usize| PositionRow {
            asset: name(asset),
            shares_before: account.account.shares[asset],
            shares_after: plan.shares[asset],
            price: account.prices[asset],
            before: plan.before[asset],
            target: target[asset],
            after: plan.after[asset],
        };
        AccountTrade {
            file: input.holdings.file.clone(),
            sha256: input.holdings.sha256.clone(),
            broker: input.holdings.broker.as_str().to_owned(),
            date: input.holdings.date,
            equity: plan.equity,
            cash_before: account.account.cash,
            cash_after: plan.cash,
            cost: plan.cost,
            orders: order_rows(plan, universe),
            positions: (0..universe.len()).filter(held).map(position).collect(),
            rounding: plan.rounding.map(rounding),
            gains: None,
            in_band: plan
                .in_band
                .iter()
                .filter(|asset| held(asset))
                .map(|&asset| name(asset))
                .collect(),
            too_small: plan.too_small.iter().map(|&asset| name(asset)).collect(),
        }
    }
}

pub(super) fn order_rows(plan: &Plan, universe: &Universe) -> Vec<OrderRow> {
    let row = |order: &walkfolio_orders::Order| OrderRow {
        asset: universe.tickers()[order.asset].to_string(),
        side: order.side.as_str().to_owned(),
        shares: order.shares,
        price: order.price,
        value: order.value,
        cost: order.cost,
    };
    plan.orders.iter().map(row).collect()
}

/// How sure whole lots are, as it is written.
pub(super) fn rounded(status: Status) -> &'static str {
    match status {
        Status::Best => "best",
        Status::Improved => "improved",
        Status::Fine => "fine",
    }
}

fn rounding(own: Rounding) -> RoundingRow {
    RoundingRow {
        status: rounded(own.status).to_owned(),
        loss: own.loss,
        bound: own.bound,
        gap: own.loss - own.bound,
        objective: own.objective,
        rounded: own.rounded,
    }
}

/// That the whole lots may not be the best ones.
fn rounding_note(plan: &Plan) -> Option<Note> {
    let own = plan.rounding.filter(|own| own.status == Status::Improved)?;
    Some(Note::info(format!(
        "whole lots lose {:.3e} {}; no exchange of two lots loses less, and no lots lose less than {:.3e}",
        own.loss,
        rounding(own).unit(),
        own.bound
    )))
}
