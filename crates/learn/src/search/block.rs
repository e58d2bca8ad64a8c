//! The rows of one fold.

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::cache::{Fingerprint, fingerprint};
use crate::{Fold, Model, Parameters, Prepared, Result, Table, Trainer};

/// How one setting did on one fold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoldScore {
    /// The groups trained and tested on.
    pub fold: Fold,
    /// Rows trained on.
    pub train_rows: usize,
    /// Rows tested on.
    pub test_rows: usize,
    /// Area under the curve on the test rows; `None` if the fold is not scored.
    pub auc: Option<f64>,
    /// Why the fold is not scored.
    pub reason: Option<String>,
}

/// A fold with its rows at hand.
pub(super) struct Block {
    fold: Fold,
    pub(super) train_rows: usize,
    /// Why the fold cannot be scored.
    pub(super) reason: Option<String>,
    pub(super) fingerprint: Fingerprint,
    train: Table,
    train_labels: Vec<bool>,
    pub(super) test: Table,
    pub(super) test_labels: Vec<bool>,
    /// Made by the first fit that needs it.
    prepared: OnceLock<Result<Option<Box<dyn Prepared>>>>,
}

impl Block {
    pub(super) fn new(
        trainer: &dyn Trainer,
        table: &Table,
        labels: &[bool],
        groups: &[usize],
        fold: &Fold,
    ) -> Self {
        let rows = |range: &Range<usize>| {
            let from = groups.partition_point(|&group| group < range.start);
            from..groups.partition_point(|&group| group < range.end).max(from)
        };
        let (train, test) = (rows(&fold.train), rows(&fold.test));
        let (train_labels, test_labels) = (labels[train.clone()].to_vec(), &labels[test.clone()]);
        let reason = flaw("training", &train_labels).or_else(|| flaw("test", test_labels));
        let training = table.range(train.clone());
        Self {
            fold: fold.clone(),
            train_rows: train.len(),
            reason,
            fingerprint: fingerprint(trainer, &training, &train_labels),
            train: training,
            train_labels,
            test: table.range(test.clone()),
            test_labels: test_labels.to_vec(),
            prepared: OnceLock::new(),
        }
    }

    pub(super) fn fit(
        &self,
        trainer: &dyn Trainer,
        parameters: &Parameters,
    ) -> Result<Box<dyn Model>> {
        let prepare = || trainer.prepare(&self.train, &self.train_labels);
        match self.prepared.get_or_init(prepare) {
            Ok(Some(prepared)) => prepared.fit(parameters),
            Ok(None) => trainer.fit(&self.train, &self.train_labels, parameters),
            Err(error) => Err(error.clone()),
        }
    }

    /// What is known of the fold before it is scored.
    pub(super) fn unscored(&self) -> FoldScore {
        FoldScore {
            fold: self.fold.clone(),
            train_rows: self.train_rows,
            test_rows: self.test_labels.len(),
            auc: None,
            reason: self.reason.clone(),
        }
    }
}

/// What keeps rows from being learned from or scored on.
fn flaw(what: &str, labels: &[bool]) -> Option<String> {
    let Some(first) = labels.first() else {
        return Some(format!("there are no {what} rows"));
    };
    let one_class = labels.iter().all(|label| label == first);
    one_class.then(|| format!("all {} {what} labels are {first}", labels.len()))
}
