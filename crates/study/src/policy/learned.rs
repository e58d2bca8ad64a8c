//! What a policy has learned, so that a run that is taken up need not learn it again.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use serde::{Deserialize, Serialize};
use walkfolio_core::{Note, Row};
use walkfolio_learn::Parameters;

use super::StudyPolicy;
use super::fitted::Fitted;
use super::selector::Found;

/// What was learned since it was last asked for.
///
/// # Examples
/// See [`StudyPolicy::learned`].
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Learned {
    fitted: Vec<(Row, Fitted)>,
    searches: Vec<(Row, Parameters, Vec<Note>)>,
    tuned: Vec<(Row, usize, Vec<Note>)>,
    /// Searches over holdings that were interrupted.
    #[serde(default)]
    unfinished: Vec<Vec<u64>>,
}

impl StudyPolicy {
    /// What was learned at rows that are not known yet; they are known from here on.
    ///
    /// # Examples
    /// ```
    /// use std::collections::BTreeSet;
    /// use std::path::Path;
    /// use walkfolio_study::{Study, StudyPolicy};
    ///
    /// let year = ["periods_per_year=252".to_owned()];
    /// let study = Study::load(Path::new("../../studies/mtum-all-eleven.toml"), &year)?;
    /// let (before, after) = (StudyPolicy::new(&study)?, StudyPolicy::new(&study)?);
    /// // What an interrupted run saves is given to the one that resumes it; this study fits no model.
    /// let mut rows = BTreeSet::new();
    /// after.recall(before.learned(&mut BTreeSet::new()), &mut rows);
    /// assert!(rows.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn learned(&self, known: &mut BTreeSet<Row>) -> Learned {
        let mut learned = Learned::default();
        if let Some(selector) = &self.selector {
            let fitted = selector.fitted.lock().unwrap_or_else(PoisonError::into_inner);
            let new = fitted.iter().filter(|(row, _)| !known.contains(*row));
            learned.fitted = new.map(|(row, fitted)| (*row, Fitted::clone(fitted))).collect();
            // Searches are few: all of them are kept with every part.
            let searches = selector.searches().into_iter();
            learned.searches = searches
                .map(|(row, found)| (row, found.parameters.clone(), found.notes.clone()))
                .collect();
        }
        if let Some(tuner) = &self.tuner {
            let chosen = tuner.chosen.lock().unwrap_or_else(PoisonError::into_inner);
            let all = chosen.iter();
            learned.tuned = all.map(|(row, (best, notes))| (*row, *best, notes.clone())).collect();
        }
        learned.unfinished = self.interruption.unfinished();
        known.extend(learned.fitted.iter().map(|(row, _)| *row));
        learned
    }

    /// Takes back what an earlier run had learned.
    pub fn recall(&self, learned: Learned, known: &mut BTreeSet<Row>) {
        self.interruption.recall(&learned.unfinished);
        known.extend(learned.fitted.iter().map(|(row, _)| *row));
        if let Some(selector) = &self.selector {
            let mut fitted = selector.fitted.lock().unwrap_or_else(PoisonError::into_inner);
            fitted.extend(learned.fitted.into_iter().map(|(row, fitted)| (row, Arc::new(fitted))));
            for (row, parameters, notes) in learned.searches {
                selector.recall_search(row, Found { parameters, notes });
            }
        }
        if let Some(tuner) = &self.tuner {
            let mut chosen = tuner.chosen.lock().unwrap_or_else(PoisonError::into_inner);
            let valid = learned.tuned.into_iter().filter(|(_, best, _)| *best < tuner.count());
            chosen.extend(valid.map(|(row, best, notes)| (row, (best, notes))));
        }
    }
}
