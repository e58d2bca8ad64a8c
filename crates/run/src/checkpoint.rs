//! Saves the decisions of a walk as it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use walkfolio_backtest::{CheckpointStore, Step};
use walkfolio_store::{Checkpoints, Part};
use walkfolio_study::StudyPolicy;
use walkfolio_study::policy::Learned;

/// The checkpoints of one walk.
pub(crate) struct WalkCheckpoints<'a> {
    checkpoints: &'a Checkpoints,
    policy: &'a StudyPolicy,
    saved: BTreeMap<usize, Step>,
    /// Rows of fitted models that are saved already.
    learned: Mutex<BTreeSet<usize>>,
}

impl<'a> WalkCheckpoints<'a> {
    /// Reads what an interrupted walk has saved, and gives the policy back its fitted models.
    pub fn new(checkpoints: &'a Checkpoints, policy: &'a StudyPolicy) -> Self {
        let (mut saved, mut learned) = (BTreeMap::new(), BTreeSet::new());
        for part in checkpoints.parts::<Learned>() {
            let Some(steps) = part.steps() else { continue };
            let steps = steps.into_iter().map(|(row, decision)| Step { row, decision });
            saved.extend(steps.enumerate().map(|(at, step)| (part.first + at, step)));
            policy.recall(part.learned, &mut learned);
        }
        Self { checkpoints, policy, saved, learned: Mutex::new(learned) }
    }

    fn known(&self) -> MutexGuard<'_, BTreeSet<usize>> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CheckpointStore for WalkCheckpoints<'_> {
    fn saved(&self, index: usize) -> Option<Step> {
        self.saved.get(&index).cloned()
    }

    fn interval(&self) -> usize {
        self.checkpoints.interval()
    }

    /// What was learned for decisions that are not saved: where searches over holdings stand.
    fn interrupted(&self) -> walkfolio_core::Result<()> {
        self.save(usize::MAX, &[])
    }

    fn save(&self, first: usize, steps: &[Step]) -> walkfolio_core::Result<()> {
        // The lock is not held while the disk is written to. Fitted models count as saved only once
        // they are on the disk, so that a part of another thread never relies on one that a kill
        // prevented; at worst two parts hold the same model.
        let mut known = self.known().clone();
        let decisions = steps.iter().map(|step| (step.row, &step.decision));
        let part = Part::new(first, decisions, self.policy.learned(&mut known));
        self.checkpoints.save(&part).map_err(|error| walkfolio_core::Error::Policy {
            message: error.to_string(),
            hint: error.hint(),
        })?;
        self.known().extend(known);
        Ok(())
    }
}
