//! How choices among a grid's backtests do on sessions that they have not seen.

use serde::Serialize;
use walkfolio_record::{CrossValidation, GridRun};

/// The paths of a combinatorial purged cross-validation, as figures.
///
/// # Units
/// Those of the criterion: a ratio, or a fraction a year.
/// # Examples
/// ```
/// use walkfolio_analysis::validation::Validation;
/// use walkfolio_record::{CrossValidation, ValidationPath};
///
/// let path = |value: f64, chosen: [usize; 2]| ValidationPath { value: Some(value), chosen: chosen.to_vec() };
/// let found = Validation::of(&CrossValidation {
///     criterion: "sharpe_ratio".to_owned(),
///     purge: 5,
///     embargo: 10,
///     splits: 4,
///     groups: Vec::new(),
///     best: Some((1, 0.9)),
///     paths: vec![path(0.5, [1, 0]), path(0.7, [1, 1])],
///     reason: None,
/// });
/// assert_eq!((found.paths, found.in_sample, found.median), (2, Some(0.9), Some(0.6)));
/// // Of four choices, three are the cell that is best in sample.
/// assert_eq!(found.same_choice, Some(0.75));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    /// The key of the measure by which is chosen.
    pub criterion: String,
    /// Combinations of left-out groups.
    pub splits: usize,
    /// Number of paths.
    pub paths: usize,
    /// The figure of the cell that is best on all sessions.
    pub in_sample: Option<f64>,
    /// The smallest of the paths.
    pub min: Option<f64>,
    /// Their mean.
    pub mean: Option<f64>,
    /// Half of them are below.
    pub median: Option<f64>,
    /// The largest.
    pub max: Option<f64>,
    /// The share of choices that are the cell that is best on all sessions.
    pub same_choice: Option<f64>,
    /// How many cells are chosen at least once.
    pub chosen_cells: usize,
    /// Why there are no paths.
    pub reason: Option<String>,
}

impl Validation {
    /// Of a grid that states it.
    pub(crate) fn of_grid(grid: &GridRun) -> Option<Self> {
        grid.selection_bias.as_ref()?.cross_validation.as_ref().map(Self::of)
    }

    /// From its paths.
    pub fn of(found: &CrossValidation) -> Self {
        let mut values: Vec<f64> = found.paths.iter().filter_map(|path| path.value).collect();
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let chosen: Vec<usize> =
            found.paths.iter().flat_map(|path| path.chosen.iter().copied()).collect();
        let same = |best: usize| chosen.iter().filter(|cell| **cell == best).count();
        let mut cells = chosen.clone();
        cells.sort_unstable();
        cells.dedup();
        Self {
            criterion: found.criterion.clone(),
            splits: found.splits,
            paths: found.paths.len(),
            in_sample: found.best.map(|(_, value)| value),
            min: values.first().copied(),
            mean: (n > 0).then(|| values.iter().sum::<f64>() / n as f64),
            median: (n > 0).then(|| f64::midpoint(values[(n - 1) / 2], values[n / 2])),
            max: values.last().copied(),
            same_choice: found
                .best
                .filter(|_| !chosen.is_empty())
                .map(|(best, _)| same(best) as f64 / chosen.len() as f64),
            chosen_cells: cells.len(),
            reason: found.reason.clone(),
        }
    }
}
