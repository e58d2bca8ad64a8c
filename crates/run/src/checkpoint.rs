//! Keeps the decisions of a walk as it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use walkfolio_backtest::{Keeper, Step};
use walkfolio_store::{Checkpoints, Part};
use walkfolio_study::StudyPolicy;
use walkfolio_study::policy::Learned;

/// Keeps the decisions of one walk.
pub(crate) struct WalkKeeper<'a> {
    checkpoints: &'a Checkpoints,
    policy: &'a StudyPolicy,
    kept: BTreeMap<usize, Step>,
    /// Rows of what was learned that is kept already.
    learned: Mutex<BTreeSet<usize>>,
}

impl<'a> WalkKeeper<'a> {
    /// Takes up what is there, and gives the policy back what it had learned.
    pub fn new(checkpoints: &'a Checkpoints, policy: &'a StudyPolicy) -> Self {
        let (mut kept, mut learned) = (BTreeMap::new(), BTreeSet::new());
        for part in checkpoints.parts::<Learned>() {
            let Some(steps) = part.steps() else { continue };
            let steps = steps.into_iter().map(|(row, decision)| Step { row, decision });
            kept.extend(steps.enumerate().map(|(at, step)| (part.first + at, step)));
            policy.recall(part.learned, &mut learned);
        }
        Self { checkpoints, policy, kept, learned: Mutex::new(learned) }
    }
}

impl Keeper for WalkKeeper<'_> {
    fn kept(&self, index: usize) -> Option<Step> {
        self.kept.get(&index).cloned()
    }

    fn every(&self) -> usize {
        self.checkpoints.every()
    }

    fn keep(&self, first: usize, steps: &[Step]) -> walkfolio_core::Result<()> {
        let mut known = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        let decisions = steps.iter().map(|step| (step.row, &step.decision));
        let part = Part::new(first, decisions, self.policy.learned(&mut known));
        self.checkpoints.keep(&part).map_err(|error| walkfolio_core::Error::Policy {
            message: error.to_string(),
            hint: Some("free some space, or name a folder that can be written".to_owned()),
        })
    }
}
