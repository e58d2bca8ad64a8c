//! From a target to the orders of an account.

use walkfolio_core::Weights;
use walkfolio_optimize::{Mandate, Optimizer};
use walkfolio_orders::{Goal, Plan, TradeRules};

use super::account::{LiveAccount, orders};
use super::live::Live;
use super::tax::Lots;
use crate::{Error, Result};

/// A target, by universe index.
#[derive(Clone)]
pub(super) struct Aim {
    pub target: Weights,
    /// What it is the best portfolio of, over the assets that may be held; none where a fallback made it.
    pub mandate: Option<Mandate>,
}

/// How accounts are brought to targets of one decision.
pub(super) struct Planner<'a> {
    pub live: &'a Live<'a>,
    /// The assets that may be held, by universe index.
    pub assets: &'a [usize],
    /// A goal with the same objective.
    pub like: Option<&'a Goal>,
    /// Where a further solve starts.
    pub start: Optimizer,
}

/// The lots that sales take, and the most that these may realize.
pub(super) type Taxed<'a> = (&'a Lots<'a>, Option<f64>);

impl Planner<'_> {
    /// The orders, and the target if a cap on gains has moved it.
    pub fn plan(
        &self,
        (aim, goal): (&Aim, &Goal),
        (account, rules): (&LiveAccount, &TradeRules),
        taxed: Option<Taxed<'_>>,
    ) -> Result<(Option<Aim>, Plan)> {
        match taxed {
            Some((lots, Some(cap))) => self.within((aim, goal), (account, rules), (lots, cap)),
            _ => Ok((None, planned(goal, account, rules)?)),
        }
    }

    /// The plan that realizes no more than a cap, in whole lots too.
    fn within(
        &self,
        (aim, goal): (&Aim, &Goal),
        (account, rules): (&LiveAccount, &TradeRules),
        (lots, cap): (&Lots<'_>, f64),
    ) -> Result<(Option<Aim>, Plan)> {
        /// Whole lots may realize a little more than the target does.
        const ROUNDS: usize = 6;
        let mut moved: Option<(Aim, Goal)> = None;
        let mut allowed = cap;
        for _ in 0..ROUNDS {
            let now = moved.as_ref().map_or(aim, |(aim, _)| aim);
            let found = lots.capped(
                &self.start,
                (&now.target, now.mandate.as_ref()),
                (self.assets, account),
                allowed,
            )?;
            if let Some((target, mandate)) = found {
                let next = Aim { target, mandate: Some(mandate) };
                let goal = self.goal(&next);
                moved = Some((next, goal));
            }
            let plan = planned(moved.as_ref().map_or(goal, |(_, goal)| goal), account, rules)?;
            let realized = lots.gains(self.live, &plan).realized;
            if realized <= cap + 1e-9 * plan.equity {
                return Ok((moved.map(|(aim, _)| aim), plan));
            }
            allowed -= 1.01 * (realized - cap);
        }
        Err(Error::Account {
            what: format!("no whole lots realize at most {cap}"),
            hint: "raise the cap (--max-gains, or max_gains of the account), or trade fractions of shares".to_owned(),
        })
    }

    /// A target as a goal over all assets.
    pub fn goal(&self, aim: &Aim) -> Goal {
        let target = aim.target.values();
        let Some(mandate) = &aim.mandate else { return Goal::of_weights(target.to_vec()) };
        let own: Vec<f64> = self.assets.iter().map(|&asset| target[asset]).collect();
        match self.like {
            Some(like) => like.like(mandate, &own),
            None => Goal::of_mandate(mandate, &own).among(target.len(), self.assets),
        }
    }
}

/// Nothing is traded.
pub(super) fn still(account: &LiveAccount, rules: &TradeRules) -> Result<Plan> {
    let goal = Goal::of_weights(account.weights.values().to_vec());
    let rules = TradeRules { band: f64::INFINITY, ..rules.clone() };
    account.account.trade(&account.prices, &goal, &rules).map_err(|error| orders(&error))
}

fn planned(goal: &Goal, account: &LiveAccount, rules: &TradeRules) -> Result<Plan> {
    account.account.trade(&account.prices, goal, rules).map_err(|error| orders(&error))
}
