//! Cross-validated search for parameters.

mod block;

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    Error, FitCache, Fold, Forest, Grid, Parameters, Result, Table, Trainer, Validation, score,
};

use block::Block;
pub use block::FoldScore;

/// How one setting did on all folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// The setting.
    pub parameters: Parameters,
    /// Its folds, in order of time.
    pub folds: Vec<FoldScore>,
    /// Mean over the folds that are scored; `None` if none is.
    pub mean_auc: Option<f64>,
}

/// A search through a grid, on expanding folds.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Who fits.
    pub trainer: &'a dyn Trainer,
    /// What is tried.
    pub grid: &'a Grid,
    /// The values of what the grid leaves open.
    pub base: &'a Parameters,
    /// The folds.
    pub validation: Validation,
}

/// All settings of a search, and which of them is best.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResult {
    /// In the order of [`Grid::settings`].
    pub validations: Vec<CrossValidation>,
    /// The setting of the highest mean area under the curve, the first of equals; `None` if no fold
    /// could be scored.
    pub best: Option<usize>,
}

impl SearchResult {
    /// The best setting with its scores.
    pub fn best(&self) -> Option<&CrossValidation> {
        self.validations.get(self.best?)
    }
}

impl Search<'_> {
    /// Tries every setting of the grid.
    ///
    /// # Shape and units
    /// One label and one group per row; groups count from 0 and do not decrease, so that the last
    /// row names how many there are.
    /// # Errors
    /// As [`Validation::over`], [`Grid::settings`] and [`cross_validate`].
    /// # Examples
    /// ```
    /// use walkfolio_learn::{BuiltIn, FitCache, Grid, Parameters, Search, Table, Validation};
    /// let mut table = Table::new(vec!["momentum".into()]);
    /// let value = |row: i32| f64::from((row * 7) % 11);
    /// for row in 0..120 {
    ///     table.push(&[Some(value(row))])?;
    /// }
    /// let labels: Vec<bool> = (0..120).map(|row| value(row) > 4.0).collect();
    /// let months: Vec<usize> = (0..120).map(|row| row / 10).collect();
    /// let grid = Grid::from([("max_depth", &[1.0, 2.0][..])]);
    /// let base = Parameters { n_estimators: 5, ..Parameters::default() };
    /// let validation = Validation { folds: 3, purge_months: 1 };
    /// let search = Search { trainer: &BuiltIn, grid: &grid, base: &base, validation };
    /// let found = search.run(&table, &labels, &months, &FitCache::new())?;
    /// assert_eq!(found.best().and_then(|best| best.mean_auc), Some(1.0));
    /// # Ok::<(), walkfolio_learn::Error>(())
    /// ```
    pub fn run(
        &self,
        table: &Table,
        labels: &[bool],
        groups: &[usize],
        cache: &FitCache,
    ) -> Result<SearchResult> {
        let count = groups.last().map_or(0, |last| last + 1);
        let folds = self.validation.over(count)?;
        let settings = self.grid.settings(self.base)?;
        let validations =
            cross_validate(self.trainer, table, labels, groups, &folds, &settings, cache)?;
        let best = best(&validations);
        Ok(SearchResult { validations, best })
    }
}

fn best(validations: &[CrossValidation]) -> Option<usize> {
    let scored = validations.iter().enumerate().filter_map(|(k, v)| Some((k, v.mean_auc?)));
    let better = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
    scored.reduce(better).map(|(k, _)| k)
}

/// Scores settings on folds, fitting nothing twice.
///
/// Settings that differ in the number of trees alone are one fit; a training range that the cache has
/// seen is none. A fold whose training or test rows are of one class, or that has no training rows
/// left, is reported and not scored. The answer does not depend on threads, nor on the cache.
///
/// # Shape and units
/// One label and one group per row; groups do not decrease. One answer per setting, one score per
/// fold in it.
/// # Errors
/// [`Error::Length`], [`Error::GroupOrder`], [`Error::NoSettings`], [`Error::Parameters`], and what
/// the trainer may meet.
#[allow(clippy::too_many_arguments)] // who, what, by which split, and where to remember
pub fn cross_validate(
    trainer: &dyn Trainer,
    table: &Table,
    labels: &[bool],
    groups: &[usize],
    folds: &[Fold],
    settings: &[Parameters],
    cache: &FitCache,
) -> Result<Vec<CrossValidation>> {
    check(table, labels, groups, settings)?;
    let block = |fold: &Fold| Block::new(trainer, table, labels, groups, fold);
    let blocks: Vec<Block> = folds.iter().map(block).collect();
    let families = families(settings);
    let mut jobs: Vec<(usize, usize)> = (0..blocks.len())
        .filter(|&b| blocks[b].reason.is_none())
        .flat_map(|b| (0..families.len()).map(move |f| (b, f)))
        .collect();
    // Long fits first, so that no thread is left alone with one at the end.
    jobs.sort_by_key(|&(b, f)| std::cmp::Reverse(blocks[b].train_rows * families[f].work()));
    let scores = jobs
        .par_iter()
        .with_max_len(1)
        .map(|&(b, f)| families[f].scores(&blocks[b], trainer, cache).map(|s| ((b, f), s)))
        .collect::<Result<Vec<_>>>()?;
    Ok(assemble(settings, &blocks, &families, &scores))
}

fn check(table: &Table, labels: &[bool], groups: &[usize], settings: &[Parameters]) -> Result<()> {
    let expected = table.rows();
    for (what, found) in [("the label column", labels.len()), ("the group column", groups.len())] {
        if found != expected {
            return Err(Error::Length { what, expected, found });
        }
    }
    if let Some(row) = (1..groups.len()).find(|&row| groups[row] < groups[row - 1]) {
        let (before, found) = (groups[row - 1], groups[row]);
        return Err(Error::GroupOrder { row, before, found });
    }
    if settings.is_empty() {
        return Err(Error::NoSettings);
    }
    settings.iter().try_for_each(Parameters::check)
}

/// Settings that differ in the number of trees alone.
struct Family {
    /// With the largest number of trees.
    parameters: Parameters,
    /// The numbers of trees, rising.
    prefixes: Vec<u32>,
    /// The settings, by number.
    members: Vec<usize>,
}

fn families(settings: &[Parameters]) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    for (member, setting) in settings.iter().enumerate() {
        let same = |family: &&mut Family| family.parameters.key() == setting.key();
        if let Some(family) = families.iter_mut().find(same) {
            family.members.push(member);
            family.prefixes.push(setting.n_estimators);
        } else {
            let prefixes = vec![setting.n_estimators];
            families.push(Family { parameters: setting.clone(), prefixes, members: vec![member] });
        }
    }
    for family in &mut families {
        family.prefixes.sort_unstable();
        family.prefixes.dedup();
        let most = family.prefixes.last().copied();
        family.parameters.n_estimators = most.unwrap_or(family.parameters.n_estimators);
    }
    families
}

impl Family {
    /// Proportional to the time of a fit.
    fn work(&self) -> usize {
        (self.parameters.n_estimators * self.parameters.max_depth) as usize
    }

    /// The area under the curve on a block's test rows, for each number of trees.
    fn scores(
        &self,
        block: &Block,
        trainer: &dyn Trainer,
        cache: &FitCache,
    ) -> Result<Vec<Option<f64>>> {
        let forest = self.forest(block, trainer, cache)?;
        let predictions = forest.predict_prefixes(&block.test, &self.prefixes)?;
        Ok(predictions.iter().map(|p| score::auc(&block.test_labels, p)).collect())
    }

    fn forest(
        &self,
        block: &Block,
        trainer: &dyn Trainer,
        cache: &FitCache,
    ) -> Result<Arc<Forest>> {
        if let Some(forest) = cache.get(&block.fingerprint, &self.parameters) {
            return Ok(forest);
        }
        let forest = block.fit(trainer, &self.parameters)?.forest()?;
        cache.put(&block.fingerprint, &self.parameters, &forest);
        Ok(forest)
    }

    fn prefix(&self, trees: u32) -> usize {
        self.prefixes.partition_point(|&prefix| prefix < trees)
    }
}

type Scored = ((usize, usize), Vec<Option<f64>>);

/// Sorts the scores of the fits back to the settings.
fn assemble(
    settings: &[Parameters],
    blocks: &[Block],
    families: &[Family],
    scores: &[Scored],
) -> Vec<CrossValidation> {
    let folds: Vec<FoldScore> = blocks.iter().map(Block::unscored).collect();
    let mut answers: Vec<CrossValidation> = settings
        .iter()
        .map(|p| CrossValidation { parameters: p.clone(), folds: folds.clone(), mean_auc: None })
        .collect();
    for ((block, family), aucs) in scores {
        for &member in &families[*family].members {
            let prefix = families[*family].prefix(settings[member].n_estimators);
            answers[member].folds[*block].auc = aucs[prefix];
        }
    }
    for answer in &mut answers {
        answer.mean_auc = mean(answer.folds.iter().filter_map(|fold| fold.auc));
    }
    answers
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), v| (sum + v, count + 1));
    (count > 0).then(|| sum / count as f64)
}
