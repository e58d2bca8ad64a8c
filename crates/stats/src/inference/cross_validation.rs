//! Combinatorial purged cross-validation: how a choice among series does on rows that it has not seen.

use std::ops::Range;

/// How rows are cut and left out.
///
/// # Examples
/// See [`cross_validate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folds {
    /// Groups of consecutive rows, at least 2; the first ones are a row longer where it does not divide.
    pub groups: usize,
    /// Groups that are left out at a time, at least 1 and fewer than there are.
    pub test: usize,
    /// Rows before each left-out group that a choice does not see.
    pub purge: usize,
    /// Rows after each left-out group that a choice does not see.
    pub embargo: usize,
}

/// The choices of all combinations, put together to paths.
///
/// # Examples
/// See [`cross_validate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The rows of each group.
    pub groups: Vec<Range<usize>>,
    /// Number of combinations of left-out groups.
    pub splits: usize,
    /// By path and group, the series that was chosen where the group was left out.
    pub chosen: Vec<Vec<usize>>,
}

/// Why rows cannot be cut that way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldsError {
    /// Fewer rows than groups, or numbers outside their range.
    Groups,
    /// The combination with these left-out groups leaves fewer than two rows to choose on.
    NothingLeft(Vec<usize>),
    /// No series has a score on the rows that are left with these groups left out.
    NoScore(Vec<usize>),
}

impl Folds {
    /// The rows of each group.
    fn cut(&self, rows: usize) -> Option<Vec<Range<usize>>> {
        let valid = self.groups >= 2 && self.test >= 1 && self.test < self.groups;
        if !valid || rows < self.groups {
            return None;
        }
        let (size, longer) = (rows / self.groups, rows % self.groups);
        let start = |group: usize| group * size + group.min(longer);
        Some((0..self.groups).map(|group| start(group)..start(group + 1)).collect())
    }

    /// The rows on which is chosen where some groups are left out.
    fn training(&self, groups: &[Range<usize>], left_out: &[usize]) -> Vec<usize> {
        let rows = groups.last().map_or(0, |last| last.end);
        let mut seen = vec![true; rows];
        for &group in left_out {
            let Range { start, end } = groups[group];
            let hidden = start.saturating_sub(self.purge)..(end + self.embargo).min(rows);
            seen[hidden].fill(false);
        }
        (0..rows).filter(|&row| seen[row]).collect()
    }
}

/// Chooses the series with the largest score on the rows that are left by every combination of left-out
/// groups, and puts the choices together to paths.
///
/// With `N` groups of which `k` are left out there are `C(N, k)` combinations, and each group is left out by
/// `C(N - 1, k - 1)` of them: as many paths, of which each takes every group once, the `j`-th path from the
/// `j`-th combination that leaves it out. Rows within `purge` before and `embargo` after a left-out group are
/// not seen either. Of equal scores the first series is chosen.
///
/// # Shape and units
/// `score` gets the number of a series, below `series`, and ascending rows below `rows`.
/// # Errors
/// [`FoldsError`] with the groups that leave nothing.
/// # Source
/// Lopez de Prado (2018), Advances in Financial Machine Learning, ch. 7 and 12. Peers differ: scikit-learn style
/// splitters (skfolio) fit a model on the rows that are left, those after the left-out groups too; here every
/// series was made from its own past, and only the choice among them is validated.
/// # Examples
/// ```
/// use walkfolio_stats::inference::cross_validation::{Folds, cross_validate};
///
/// // Two series: the first is better early, the second late.
/// let series = [[2.0, 2.0, 0.0, 0.0], [1.0, 1.0, 1.5, 1.5]];
/// let mean = |at: usize, rows: &[usize]| {
///     Some(rows.iter().map(|&row| series[at][row]).sum::<f64>() / rows.len() as f64)
/// };
/// let folds = Folds { groups: 2, test: 1, purge: 0, embargo: 0 };
/// let found = cross_validate(2, 4, &folds, &mean).unwrap();
/// // What is best late is taken early, and the other way round.
/// assert_eq!((found.splits, &found.chosen[..]), (2, &[vec![1, 0]][..]));
/// ```
pub fn cross_validate(
    series: usize,
    rows: usize,
    folds: &Folds,
    score: &dyn Fn(usize, &[usize]) -> Option<f64>,
) -> Result<Paths, FoldsError> {
    let groups = folds.cut(rows).ok_or(FoldsError::Groups)?;
    let mut by_group: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    let mut left_out: Vec<usize> = (0..folds.test).collect();
    let mut splits = 0;
    loop {
        let training = folds.training(&groups, &left_out);
        if training.len() < 2 {
            return Err(FoldsError::NothingLeft(left_out));
        }
        let scores = (0..series).filter_map(|at| Some((at, score(at, &training)?)));
        let better =
            |best: (usize, f64), one: (usize, f64)| if one.1 > best.1 { one } else { best };
        let Some((best, _)) = scores.reduce(better) else {
            return Err(FoldsError::NoScore(left_out));
        };
        for &group in &left_out {
            by_group[group].push(best);
        }
        splits += 1;
        if !next(&mut left_out, groups.len()) {
            break;
        }
    }
    let paths = by_group.iter().map(Vec::len).min().unwrap_or(0);
    let chosen = (0..paths).map(|path| by_group.iter().map(|all| all[path]).collect()).collect();
    Ok(Paths { groups, splits, chosen })
}

/// The next combination in ascending order, if there is one.
fn next(combination: &mut [usize], n: usize) -> bool {
    let k = combination.len();
    let Some(at) = (0..k).rev().find(|&at| combination[at] < n - k + at) else { return false };
    combination[at] += 1;
    for later in at + 1..k {
        combination[later] = combination[later - 1] + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_combination_comes_once() {
        let mut one = vec![0, 1, 2];
        let mut all = vec![one.clone()];
        while next(&mut one, 6) {
            all.push(one.clone());
        }
        assert_eq!(all.len(), 20);
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(all.last().unwrap(), &[3, 4, 5]);
    }

    #[test]
    fn rows_around_a_group_are_not_seen() {
        let folds = Folds { groups: 4, test: 1, purge: 2, embargo: 3 };
        let groups = folds.cut(22).unwrap();
        assert_eq!(groups, [0..6, 6..12, 12..17, 17..22]);
        let seen = folds.training(&groups, &[1]);
        assert_eq!(seen, [0, 1, 2, 3, 15, 16, 17, 18, 19, 20, 21]);
        // At the ends nothing is cut but rows that are there.
        assert_eq!(folds.training(&groups, &[0]), (9..22).collect::<Vec<_>>());
        assert_eq!(folds.training(&groups, &[3]), (0..15).collect::<Vec<_>>());
    }

    #[test]
    fn folds_that_leave_nothing_are_named() {
        let none = |_: usize, _: &[usize]| None;
        let one = |_: usize, _: &[usize]| Some(1.0);
        let folds = Folds { groups: 3, test: 1, purge: 10, embargo: 10 };
        assert_eq!(cross_validate(2, 12, &folds, &one), Err(FoldsError::NothingLeft(vec![0])));
        let folds = Folds { groups: 3, test: 3, purge: 0, embargo: 0 };
        assert_eq!(cross_validate(2, 12, &folds, &one), Err(FoldsError::Groups));
        let folds = Folds { groups: 3, test: 2, purge: 0, embargo: 0 };
        assert_eq!(cross_validate(2, 12, &folds, &none), Err(FoldsError::NoScore(vec![0, 1])));
    }

    proptest! {
        #[test]
        fn choices_depend_on_no_row_that_is_left_out(
            seed in 0u64..1000, groups in 2usize..7, test in 1usize..4, purge in 0usize..4, embargo in 0usize..4
        ) {
            prop_assume!(test < groups);
            let rows = 60;
            let value = |seed: u64, at: usize, row: usize| {
                walkfolio_core::random::SplitMix64::stream(seed + at as u64 * 77, row).unit()
            };
            let folds = Folds { groups, test, purge, embargo };
            let cut = folds.cut(rows).unwrap();
            let mean = |at: usize, rows: &[usize]| {
                Some(rows.iter().map(|&row| value(seed, at, row)).sum::<f64>() / rows.len() as f64)
            };
            let Ok(found) = cross_validate(4, rows, &folds, &mean) else { return Ok(()) };
            // By hand: the choice of each combination, group by group in order.
            let mut left_out: Vec<usize> = (0..test).collect();
            let mut queue = vec![0; groups];
            loop {
                let hidden = |row: usize| left_out.iter().any(|&group| {
                    row + purge >= cut[group].start && row < cut[group].end + embargo
                });
                let mut best = (0, f64::NEG_INFINITY);
                for at in 0..4 {
                    let seen: Vec<usize> = (0..rows).filter(|&row| !hidden(row)).collect();
                    let score = mean(at, &seen).unwrap();
                    if score > best.1 {
                        best = (at, score);
                    }
                }
                for &group in &left_out {
                    prop_assert_eq!(found.chosen[queue[group]][group], best.0);
                    queue[group] += 1;
                }
                if !next(&mut left_out, groups) {
                    break;
                }
            }
            prop_assert!(queue.iter().all(|&count| count == found.chosen.len()));
        }
    }
}
