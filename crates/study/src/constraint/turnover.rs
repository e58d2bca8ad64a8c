//! The maximum turnover of a rebalance.

use walkfolio_core::{Faults, Memory, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint};

use super::form::{ConstraintForm, not_proven};
use crate::objective::{Current, Inputs, Setting};
use crate::words;

/// `1/2 sum |w - w0| <= max` over all assets, with the current holdings `w0`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turnover {
    pub max: f64,
}

/// Where a study states it, and what messages call it.
const NAME: &str = "turnover";

impl ConstraintForm for Turnover {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let path = "allocate.turnover";
        faults.at_least_zero(path, self.max);
        // The search over holdings has it, too.
        not_proven(path, setting, faults);
    }

    fn memory(&self) -> Memory {
        Memory::Holdings
    }

    /// The initial trade, out of cash, is not limited: there is no portfolio to stay near.
    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let Some(Current { held, sold }) = inputs.current()? else { return Ok(Vec::new()) };
        optimize::Turnover::new(held, self.max)
            .and_then(|turnover| turnover.with_sold(sold))
            .map(|turnover| vec![turnover.named(NAME).into()])
            .map_err(words::policy)
    }
}
