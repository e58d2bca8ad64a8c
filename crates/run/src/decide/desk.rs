//! The accounts of one decision, one at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use walkfolio_core::{Memory, Note, NoteKind, Past, Policy, SolveReport, View, Weights};
use walkfolio_data::AccountBook;
use walkfolio_orders::{Account, Goal, Plan, TradeRules};
use walkfolio_record::{AccountDone, AccountFigures, AccountRow, AccountStatus, GainsRow};
use walkfolio_study::policy::{AccountLimits, SharedMoments};

use super::account::{AccountInput, LiveAccount};
use super::accounts_terms::Terms;
use super::live::Live;
use super::planner::{Aim, Planner, still};
use super::risk::Estimate;
use super::tax::Lots;
use super::tax_input::TaxInput;
use super::trade::{order_rows, traded};
use crate::{Error, Result};

/// What all accounts of a decision have in common.
pub(super) struct Moments<'a> {
    pub past: &'a Past<'a>,
    /// The assets that may be held, by universe index.
    pub assets: &'a [usize],
    pub shared: SharedMoments<'a>,
}

/// What accounts with the same limits are brought to, where the study does not look at holdings.
struct Aimed {
    aim: Aim,
    goal: Goal,
    solve: SolveReport,
    notes: Vec<Note>,
}

/// Bounds by asset, by their bits; and why there is no target for them.
type Limits = Vec<(usize, u64, u64)>;
type Known = Result<Arc<Aimed>, (String, String)>;

/// All that accounts share.
pub(super) struct Desk<'a> {
    live: &'a Live<'a>,
    book: &'a AccountBook,
    terms: &'a Terms,
    moments: Moments<'a>,
    /// What trading costs: a fraction of what is traded, a side.
    rate: f64,
    /// A goal of an account in cash, of which others take the curvature.
    like: Option<Goal>,
    risk: Option<Estimate>,
    aimed: Mutex<BTreeMap<Limits, Known>>,
}

impl<'a> Desk<'a> {
    pub fn of(
        live: &'a Live<'a>,
        (book, terms): (&'a AccountBook, &'a Terms),
        moments: Moments<'a>,
    ) -> Result<Self> {
        let rate = live.study().config().execution().cost.per_side_bps * 1e-4;
        let risk = risk(live, book, &moments)?;
        let aimed = Mutex::default();
        let mut desk = Self { live, book, terms, moments, rate, like: None, risk, aimed };
        let none = Weights::none(live.market().universe().len());
        let limits = AccountLimits::default();
        desk.like = desk.solved(&none, &limits).ok().map(|aimed| aimed.goal);
        Ok(desk)
    }

    /// Sessions that risk is estimated from.
    pub fn risk_rows(&self) -> usize {
        self.risk.as_ref().map_or(0, |risk| risk.rows)
    }

    /// An account by its place in the book.
    pub fn account(&self, at: usize) -> AccountDone {
        self.traded(at).unwrap_or_else(|error| {
            let row = AccountRow {
                account: self.book.entries[at].id.clone(),
                status: AccountStatus::Failed,
                reason: Some(error.to_string()),
                hint: error.hint(),
                figures: None,
                notes: None,
            };
            AccountDone { row, orders: Vec::new() }
        })
    }

    fn traded(&self, at: usize) -> Result<AccountDone> {
        let entry = &self.book.entries[at];
        if let Some((what, hint)) = entry.fault.clone() {
            return Err(Error::Account { what, hint });
        }
        let input = AccountInput {
            holdings: self.book.holdings(at),
            cash: entry.cash,
            value: None,
            quotes: self.terms.quotes.clone(),
            tax: self.tax(at)?,
        };
        let account = self.live.account(&input)?;
        let limits = self.limits(at, &account)?;
        let aimed = self.aimed(&account.weights, &limits)?;
        let lots = input.tax.as_ref().map(|tax| Lots::of(self.live, tax)).transpose()?;
        let washed = lots.iter().flat_map(|lots| &lots.washed).map(|(asset, _)| *asset).collect();
        let own = (self.moments.assets, entry.max_gains);
        let impact = self.live.impacts(traded(&account, &aimed.aim.target, own))?;
        let rules =
            TradeRules { rate: self.rate, impact, no_buy: washed, ..self.terms.rules.clone() };
        let (aim, plan, near) =
            self.planned(&aimed, (&account, &rules), lots.as_ref(), entry.max_gains)?;
        let gains = lots.as_ref().map(|lots| lots.gains(self.live, &plan));
        let mut notes = account.notes.clone();
        notes.extend(aimed.notes.iter().cloned());
        if let (Some(lots), Some(gains)) = (&lots, &gains) {
            notes.extend(lots.notes(self.live, (&account, gains)));
        }
        let mut told: Vec<&str> = notes
            .iter()
            .filter(|note| note.kind >= NoteKind::Warning)
            .map(|note| note.message.as_str())
            .collect();
        told.extend(near.as_deref());
        let figures = self.figures((&aimed, aim.as_ref()), (&account, &plan), gains.as_ref());
        let row = AccountRow {
            account: entry.id.clone(),
            status: if plan.orders.is_empty() {
                AccountStatus::Still
            } else {
                AccountStatus::Trades
            },
            reason: None,
            hint: None,
            figures: Some(figures),
            notes: (!told.is_empty()).then(|| told.join("; ")),
        };
        let orders = order_rows(&plan, self.live.market().universe());
        Ok(AccountDone { row, orders })
    }

    /// The lots of an account, if it states some.
    fn tax(&self, at: usize) -> Result<Option<TaxInput>> {
        let max_gains = self.book.entries[at].max_gains;
        let Some(lots) = self.book.lots(at) else {
            return match max_gains {
                None => Ok(None),
                Some(cap) => Err(Error::Account {
                    what: format!("max_gains is {cap}, and no position of the account has a lot"),
                    hint: "add cost_basis and date to its positions, or leave max_gains empty"
                        .to_owned(),
                }),
            };
        };
        let (method, rates) = (self.terms.method, self.terms.rates);
        Ok(Some(TaxInput { lots, method, rates, max_gains }))
    }

    /// What an account excludes and bounds, by universe index.
    fn limits(&self, at: usize, account: &LiveAccount) -> Result<AccountLimits> {
        let entry = &self.book.entries[at];
        let mut bounds: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let unknown = |ticker: &str, what: &str| Error::Account {
            what: format!("{ticker} of {what} is none of the study's assets"),
            hint: "correct the ticker, or take it out".to_owned(),
        };
        for ticker in &entry.exclude {
            let place = format!("exclude (line {} of the accounts)", entry.line);
            let asset = self.live.asset(ticker).ok_or_else(|| unknown(ticker, &place))?;
            bounds.insert(asset, (0.0, 0.0));
        }
        for (ticker, min, max, line) in self.book.bounds(at) {
            let place = format!("min and max (line {line} of the positions)");
            let asset = self.live.asset(ticker).ok_or_else(|| unknown(ticker, &place))?;
            let own = bounds.entry(asset).or_insert((f64::NEG_INFINITY, f64::INFINITY));
            own.0 = own.0.max(min.unwrap_or(f64::NEG_INFINITY));
            own.1 = own.1.min(max.unwrap_or(f64::INFINITY));
            if own.0 > own.1 {
                return Err(Error::Account {
                    what: format!("{ticker} must be at least {} and at most {} of the account (line {line} of the positions)", own.0, own.1),
                    hint: "the smallest weight of a line must not exceed the largest one, nor may an excluded asset have one".to_owned(),
                });
            }
        }
        let bounds = bounds.into_iter().map(|(asset, (min, max))| (asset, min, max)).collect();
        let turnover = entry.max_turnover.map(|max| (max, account.weights.clone()));
        Ok(AccountLimits { bounds, turnover })
    }

    /// The target of an account; one that does not depend on holdings is made once for the same limits.
    fn aimed(&self, held: &Weights, limits: &AccountLimits) -> Result<Arc<Aimed>> {
        if self.live.policy.memory() == Memory::Holdings || limits.turnover.is_some() {
            return self.solved(held, limits).map(Arc::new);
        }
        let key: Limits = limits
            .bounds
            .iter()
            .map(|(asset, min, max)| (*asset, min.to_bits(), max.to_bits()))
            .collect();
        let known = || self.aimed.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(&key).cloned();
        let found = found.unwrap_or_else(|| {
            let solved = self.solved(held, limits).map(Arc::new);
            let solved =
                solved.map_err(|error| (error.to_string(), error.hint().unwrap_or_default()));
            // Two threads may have made the same: they are equal to the bit.
            known().entry(key).or_insert(solved).clone()
        });
        found.map_err(|(what, hint)| Error::Account { what, hint })
    }

    fn solved(&self, held: &Weights, limits: &AccountLimits) -> Result<Aimed> {
        let view = View::new(self.live.policy.memory(), held);
        let (decision, mandate) = self.moments.shared.decide(view, limits)?;
        let aim = Aim { target: decision.target, mandate };
        let goal = self.planner().goal(&aim);
        Ok(Aimed { aim, goal, solve: decision.solve, notes: decision.notes })
    }

    fn planner(&self) -> Planner<'_> {
        Planner {
            live: self.live,
            assets: self.moments.assets,
            like: self.like.as_ref(),
            start: self.moments.shared.optimizer(),
        }
    }

    /// The orders, the target if a cap on gains has moved it, and that nothing is traded for being near enough.
    fn planned(
        &self,
        aimed: &Aimed,
        (account, rules): (&LiveAccount, &TradeRules),
        lots: Option<&Lots<'_>>,
        cap: Option<f64>,
    ) -> Result<(Option<Aim>, Plan, Option<String>)> {
        let apart = self.risk.as_ref().map(|risk| risk.apart(&account.weights, &aimed.aim.target));
        let near = self.terms.band_risk.zip(apart).filter(|(band, apart)| apart <= band);
        if let Some((band, apart)) = near {
            let told = format!(
                "holdings and target are {:.2} % of tracking error a year apart, within the band of {:.2} %",
                100.0 * apart,
                100.0 * band
            );
            return Ok((None, still(account, rules)?, Some(told)));
        }
        let taxed = lots.map(|lots| (lots, cap));
        let own = (&aimed.aim, &aimed.goal);
        let (aim, plan) = self.planner().plan(own, (account, rules), taxed)?;
        Ok((aim, plan, None))
    }

    fn figures(
        &self,
        (aimed, moved): (&Aimed, Option<&Aim>),
        (account, plan): (&LiveAccount, &Plan),
        gains: Option<&GainsRow>,
    ) -> AccountFigures {
        let traded: f64 = plan.orders.iter().map(|order| order.value).sum();
        let after = Account { shares: plan.shares.clone(), cash: plan.cash };
        let after = after.weights(&account.prices).ok().and_then(|own| Weights::new(own).ok());
        let risk = |weights: &Weights| self.risk.as_ref().and_then(|risk| risk.of(weights));
        let (before, after) = (risk(&account.weights), after.as_ref().and_then(risk));
        let moved = moved.map(|aim| {
            let own: Vec<f64> =
                self.moments.assets.iter().map(|&asset| aim.target.values()[asset]).collect();
            aim.mandate.as_ref().map(|mandate| mandate.value(&own))
        });
        AccountFigures {
            equity: plan.equity,
            cash_before: account.account.cash,
            cash_after: plan.cash,
            orders: u32::try_from(plan.orders.len()).unwrap_or(u32::MAX),
            turnover: 0.5 * traded / plan.equity,
            cost: plan.cost,
            objective: moved.unwrap_or(aimed.solve.objective),
            bound: if moved.is_some() { None } else { aimed.solve.bound },
            volatility_before: before.map(|risk| risk.volatility),
            volatility: after.map(|risk| risk.volatility),
            tracking_error_before: before.and_then(|risk| risk.tracking_error),
            tracking_error: after.and_then(|risk| risk.tracking_error),
            rounding_loss: plan.rounding.map(|own| own.loss),
            realized_gains: gains.map(|gains| gains.realized),
            tax: gains.and_then(|gains| gains.tax),
        }
    }
}

/// The covariance of everything that some account may hold.
fn risk(live: &Live<'_>, book: &AccountBook, moments: &Moments<'_>) -> Result<Option<Estimate>> {
    let mut all = vec![0.0; live.market().universe().len()];
    moments.assets.iter().for_each(|&asset| all[asset] = 1.0);
    for asset in book.tickers().iter().filter_map(|ticker| live.asset(ticker)) {
        if live.price(asset).is_some() {
            all[asset] = 1.0;
        }
    }
    let periods = live.study().config().periods_per_year()?;
    Estimate::over(moments.past, &[&Weights::new(all)?], periods)
}
