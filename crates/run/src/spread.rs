//! Some of many, spread evenly.

use walkfolio_study::Study;

/// The numbers of at most so many cells of a study's grid, from 1 on, spread evenly over them; the same
/// for the same grid, the first and the last among them.
///
/// # Examples
/// ```
/// use std::path::Path;
///
/// let frontier = Path::new("../../studies/mtum-frontier.toml");
/// let study = walkfolio_study::Study::load(frontier, &[])?;
/// assert_eq!(walkfolio_run::some_cells(&study, 3), [1, 6, 11]);
/// assert_eq!(walkfolio_run::some_cells(&study, 20).len(), 11);
/// assert!(walkfolio_run::some_cells(&study, 0).is_empty());
/// # Ok::<(), walkfolio_study::StudyError>(())
/// ```
pub fn some_cells(study: &Study, most: usize) -> Vec<usize> {
    spread(study.cells(), most).into_iter().map(|at| at + 1).collect()
}

/// At most so many of the numbers below `count`.
pub(crate) fn spread(count: usize, most: usize) -> Vec<usize> {
    let some = most.min(count);
    let (last, steps) = (count.saturating_sub(1), some.saturating_sub(1).max(1));
    (0..some).map(|step| step * last / steps).collect()
}
