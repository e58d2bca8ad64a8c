//! Expanding folds over months.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::{Error, Result};

/// Expanding time-series folds over months.
///
/// # Examples
/// ```
/// use walkfolio_learn::Validation;
/// let validation = Validation { folds: 1, ..Validation::default() };
/// let fault = validation.check().unwrap_err().to_string();
/// assert_eq!(fault, "`folds` is 1, it must be 0 or at least 2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(description = "Expanding time-series folds over months.")]
pub struct Validation {
    /// Number of folds; 0 for no cross-validation.
    ///
    /// Unit: folds.
    pub folds: u32,
    /// Months before each test that training leaves out: labels of neighbouring months share most
    /// of their window.
    pub purge_months: u32,
}

impl Default for Validation {
    fn default() -> Self {
        Self { folds: 3, purge_months: 12 }
    }
}

impl Validation {
    /// Whether the keys obey their rules.
    ///
    /// # Errors
    /// [`Error::Parameters`] for a single fold.
    pub fn check(&self) -> Result<()> {
        if self.folds != 1 {
            return Ok(());
        }
        let value = self.folds.to_string();
        let fault = Fault { key: "folds", rule: "0 or at least 2", value };
        Err(Error::Parameters { faults: vec![fault] })
    }

    /// The folds over so many months.
    ///
    /// # Errors
    /// As [`time_series_folds`].
    pub fn over(&self, months: usize) -> Result<Vec<Fold>> {
        time_series_folds(months, self.folds as usize, self.purge_months as usize)
    }
}

/// A training range of groups and the test range after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// Groups to train on, from 0; empty if the purge leaves none.
    pub train: Range<usize>,
    /// Groups to test on.
    pub test: Range<usize>,
}

/// Expanding folds over groups (months): the last `splits` blocks are tests, each after a training
/// range that starts at 0.
///
/// A block has `groups / (splits + 1)` groups; the remainder lengthens the first training range.
/// The `purge` groups before each test are left out of training, because their labels overlap it.
/// A group is never split.
///
/// # Shape and units
/// Ranges of group numbers `0..groups`.
/// # Errors
/// [`Error::NoSplits`] if `splits` is 0, [`Error::TooFewGroups`] if `groups <= splits`.
/// # Source
/// scikit-learn, `TimeSeriesSplit(n_splits, gap)`; there a purge that leaves no training is an
/// error, here it is an empty range, to be reported.
/// # Examples
/// ```
/// use walkfolio_learn::time_series_folds;
/// let folds = time_series_folds(11, 3, 1)?;
/// let ranges: Vec<_> = folds.into_iter().map(|fold| (fold.train, fold.test)).collect();
/// assert_eq!(ranges, [(0..4, 5..7), (0..6, 7..9), (0..8, 9..11)]);
/// # Ok::<(), walkfolio_learn::Error>(())
/// ```
pub fn time_series_folds(groups: usize, splits: usize, purge: usize) -> Result<Vec<Fold>> {
    if splits == 0 {
        return Err(Error::NoSplits);
    }
    if groups <= splits {
        return Err(Error::TooFewGroups { groups, splits });
    }
    let block = groups / (splits + 1);
    let first = groups - splits * block;
    let fold =
        |start: usize| Fold { train: 0..start.saturating_sub(purge), test: start..start + block };
    Ok((0..splits).map(|k| fold(first + k * block)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_purge_longer_than_the_past_leaves_an_empty_training_range() {
        let folds = time_series_folds(8, 3, 12).unwrap();
        assert!(folds.iter().all(|fold| fold.train.is_empty()));
        assert_eq!(folds[2].test, 6..8);
    }

    #[test]
    fn too_few_groups_name_the_rule() {
        let error = time_series_folds(3, 3, 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "3 groups cannot be cut into 3 folds: 3 tests and the training before them need at \
             least 4 groups"
        );
        assert_eq!(error.hint().unwrap(), "start later, or ask for fewer folds");
        assert_eq!(time_series_folds(3, 0, 0).unwrap_err(), Error::NoSplits);
    }

    proptest! {
        #[test]
        fn tests_are_the_last_blocks_and_training_ends_a_purge_before(
            splits in 1usize..6, extra in 1usize..200, purge in 0usize..15,
        ) {
            let groups = splits + extra;
            let folds = time_series_folds(groups, splits, purge).unwrap();
            prop_assert_eq!(folds.len(), splits);
            prop_assert_eq!(folds[splits - 1].test.end, groups);
            for fold in &folds {
                prop_assert_eq!(fold.test.len(), groups / (splits + 1));
                prop_assert_eq!(fold.train.end, fold.test.start.saturating_sub(purge));
            }
            prop_assert!(folds.windows(2).all(|pair| pair[0].test.end == pair[1].test.start));
        }
    }
}
