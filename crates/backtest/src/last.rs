//! The last of a walk's decisions, without the ones that it does not depend on.

use walkfolio_core::{Memory, Policy, Row, Weights};

use crate::builder::Backtest;
use crate::position::holdings_at;
use crate::steps::Step;
use crate::turnovers::Turnovers;
use crate::walk::CHAIN;
use crate::{Error, Result};

/// The last of a walk's decisions, and what the walk holds when it is made.
///
/// # Examples
/// See [`Backtest::last`].
#[derive(Debug, Clone, PartialEq)]
pub struct LastDecision {
    /// The decision.
    pub step: Step,
    /// The decision before it, if there is one.
    pub previous: Option<Step>,
    /// What the walk itself holds at the decision: the last executed target, drifted to the close before.
    pub held: Weights,
    /// The turnover of the rebalances before it: [`View::with_turnovers`](walkfolio_core::View::with_turnovers).
    pub turnovers: Vec<(Row, f64)>,
}

impl Backtest<'_> {
    /// The last of the decisions of some rows, in order: the same to the bit as in a walk over all of them, of
    /// which those are made that it depends on. These are none but the one before for a policy without
    /// memory, a chain for one that starts from its last answer, all for one that looks at its holdings.
    ///
    /// `held` takes the place of the walk's own holdings at this decision, for a policy that looks at them.
    ///
    /// # Errors
    /// As [`Backtest::run`]; [`Error::NoDecision`] without a row, or if the observer ended the walk.
    /// # Examples
    /// ```
    /// # use walkfolio_core::*;
    /// # struct All;
    /// # impl Policy for All {
    /// #     fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
    /// #         Ok(Decision::of(Weights::new(vec![0.5])?))
    /// #     }
    /// #     fn need(&self) -> Need {
    /// #         Need { rows: 1, history_months: None }
    /// #     }
    /// # }
    /// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
    /// # let prices = vec![[50.0, 50.0, 150.0, 150.0].map(Some).to_vec()];
    /// # let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?;
    /// use walkfolio_backtest::Backtest;
    ///
    /// // Half in an asset that has tripled since: 1.5 of 2.0.
    /// let last = Backtest::new(&market).last(&All, &[2, 3], None)?;
    /// assert_eq!((last.step.row, last.held.values()), (3, &[0.75][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn last(
        &self,
        policy: &dyn Policy,
        rows: &[Row],
        held: Option<&Weights>,
    ) -> Result<LastDecision> {
        let before = rows.len().saturating_sub(1);
        let start = match policy.memory() {
            Memory::Holdings => 0,
            // The last executed decision may be one of the chain before.
            Memory::Chain => before.saturating_sub(1 + self.how().lag_rows) / CHAIN * CHAIN,
            Memory::None => before.saturating_sub(1 + self.how().lag_rows),
        };
        let rows = &rows[start.min(rows.len())..];
        let mut steps = self.walker(policy, held).walk(rows)?.steps;
        let Some(step) = steps.pop().filter(|step| rows.last() == Some(&step.row)) else {
            let dates = self.market().dates();
            let (first, last) = (dates[0], dates[dates.len() - 1]);
            let reason = "it was stopped before it was made".to_owned();
            return Err(Error::NoDecision { first, last, reason });
        };
        let held = holdings_at(self.market(), &steps, step.row, self.how())?;
        let turnovers = Turnovers::new(self.market(), self.how()).until(&steps, step.row)?.to_vec();
        Ok(LastDecision { step, previous: steps.pop(), held, turnovers })
    }
}
