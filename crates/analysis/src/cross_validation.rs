//! Combinatorial purged cross-validation of the choice among a grid's backtests.

use walkfolio_core::Date;
use walkfolio_record::{CrossValidation, ValidationPath};
use walkfolio_stats::inference::cross_validation::{Folds, FoldsError, cross_validate};
use walkfolio_stats::measures::performance;
use walkfolio_study::{CriterionSpec, CrossValidationSpec};

/// The part of all sessions that is the embargo where a study does not say (Lopez de Prado 2018, ch. 7).
const EMBARGO: f64 = 0.01;

/// The returns of a grid's cells over the sessions that all have.
pub(crate) struct Returns<'a> {
    /// The sessions.
    pub dates: &'a [Date],
    /// By cell, above cash or less the benchmark's, as the criterion needs; none of cells that are left out.
    pub cells: Vec<Option<Vec<f64>>>,
    /// Sessions between two decisions.
    pub holding: usize,
    /// Periods in a year.
    pub periods_per_year: f64,
}

/// The choice among the cells, validated; with the reason where history cannot be cut that way.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a part of a number of rows
pub(crate) fn cross_validated(
    spec: &CrossValidationSpec,
    returns: &Returns<'_>,
) -> CrossValidation {
    let rows = returns.dates.len();
    let embargo = (rows as f64 * EMBARGO).ceil() as usize;
    let folds = Folds {
        groups: spec.groups as usize,
        test: spec.test as usize,
        purge: spec.purge.map_or(returns.holding, |purge| purge as usize),
        embargo: spec.embargo.map_or(embargo, |embargo| embargo as usize),
    };
    let figure = |values: &[f64]| figure(spec.criterion, values, returns.periods_per_year);
    let score = |cell: usize, seen: &[usize]| {
        let series = returns.cells[cell].as_deref()?;
        let values: Vec<f64> = seen.iter().map(|&row| series[row]).collect();
        let found = figure(&values)?;
        Some(if spec.criterion == CriterionSpec::TrackingError { -found } else { found })
    };
    let all: Vec<usize> = (0..rows).collect();
    let cells = returns.cells.len();
    let best = (0..cells).filter_map(|cell| Some((cell, score(cell, &all)?)));
    let best = best.reduce(|best, one| if one.1 > best.1 { one } else { best }).map(|one| one.0);
    let mut found = CrossValidation {
        criterion: criterion(spec.criterion).to_owned(),
        purge: folds.purge,
        embargo: folds.embargo,
        splits: 0,
        groups: Vec::new(),
        best: best.and_then(|cell| Some((cell, figure(returns.cells[cell].as_deref()?)?))),
        paths: Vec::new(),
        reason: None,
    };
    match cross_validate(cells, rows, &folds, &score) {
        Ok(paths) => {
            found.splits = paths.splits;
            let dates = |group: &std::ops::Range<usize>| {
                (returns.dates[group.start], returns.dates[group.end - 1])
            };
            found.groups = paths.groups.iter().map(dates).collect();
            let path = |chosen: &Vec<usize>| {
                let part = |(cell, group): (&usize, &std::ops::Range<usize>)| {
                    returns.cells[*cell].as_deref().map_or(&[][..], |all| &all[group.clone()])
                };
                let values: Vec<f64> =
                    chosen.iter().zip(&paths.groups).flat_map(part).copied().collect();
                ValidationPath { value: figure(&values), chosen: chosen.clone() }
            };
            found.paths = paths.chosen.iter().map(path).collect();
        }
        Err(error) => found.reason = Some(reason(&error, (&folds, rows), spec.criterion)),
    }
    found
}

/// The figure of a series.
fn figure(criterion: CriterionSpec, values: &[f64], year: f64) -> Option<f64> {
    match criterion {
        CriterionSpec::SharpeRatio | CriterionSpec::InformationRatio => {
            performance::sharpe_ratio(values, year)
        }
        CriterionSpec::TrackingError => performance::volatility(values, year),
    }
}

/// The key of the measure that a criterion is.
fn criterion(criterion: CriterionSpec) -> &'static str {
    match criterion {
        CriterionSpec::SharpeRatio => "sharpe_ratio",
        CriterionSpec::InformationRatio => "information_ratio",
        CriterionSpec::TrackingError => "tracking_error",
    }
}

fn reason(error: &FoldsError, (folds, rows): (&Folds, usize), by: CriterionSpec) -> String {
    let names = |groups: &[usize]| {
        let names: Vec<String> = groups.iter().map(|group| (group + 1).to_string()).collect();
        names.join(" and ")
    };
    match error {
        FoldsError::Groups => format!(
            "{rows} common sessions cannot be cut into {} groups of which {} are left out",
            folds.groups, folds.test
        ),
        FoldsError::NothingLeft(groups) => format!(
            "with group {} of {} left out, a purge of {} and an embargo of {} sessions leave nothing of {rows} common sessions to choose on",
            names(groups),
            folds.groups,
            folds.purge,
            folds.embargo
        ),
        FoldsError::NoScore(groups) => format!(
            "with group {} of {} left out, no backtest has a defined {} on the rest",
            names(groups),
            folds.groups,
            criterion(by)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returns(cells: Vec<Option<Vec<f64>>>, dates: &[Date]) -> Returns<'_> {
        Returns { dates, cells, holding: 5, periods_per_year: 252.0 }
    }

    fn spec(groups: u32, test: u32) -> CrossValidationSpec {
        CrossValidationSpec {
            groups,
            test,
            purge: None,
            embargo: None,
            criterion: CriterionSpec::SharpeRatio,
        }
    }

    fn dates() -> Vec<Date> {
        walkfolio_core::calendar::sessions(Date::constant(2020, 1, 2), Date::constant(2021, 12, 31))
    }

    #[test]
    fn a_setting_that_is_always_best_is_chosen_on_every_path() {
        let dates = dates();
        let wave = |level: f64| -> Option<Vec<f64>> {
            Some((0..dates.len()).map(|t| level + 0.01 * (t as f64 * 0.7).sin()).collect())
        };
        let found =
            cross_validated(&spec(6, 2), &returns(vec![wave(0.0), None, wave(1e-3)], &dates));
        assert_eq!((found.splits, found.paths.len(), found.groups.len()), (15, 5, 6));
        assert!(found.paths.iter().all(|path| path.chosen == [2; 6]));
        // Every path is the backtest itself.
        let (best, ratio) = found.best.unwrap();
        assert_eq!(best, 2);
        assert!(found.paths.iter().all(|path| (path.value.unwrap() - ratio).abs() < 1e-12));
        assert_eq!((found.purge, found.embargo), (5, 6));
    }

    #[test]
    fn settings_that_only_were_lucky_do_worse_on_the_paths() {
        let dates = dates();
        // Each cell is good in one quarter of history and bad elsewhere.
        let lucky = |quarter: usize| -> Option<Vec<f64>> {
            let n = dates.len();
            Some(
                (0..n)
                    .map(|t| {
                        let level = if t * 4 / n == quarter { 2e-3 } else { -5e-4 };
                        level + 0.01 * (t as f64 * 0.7).sin()
                    })
                    .collect(),
            )
        };
        let cells = (0..4).map(lucky).collect();
        let found = cross_validated(&spec(4, 1), &returns(cells, &dates));
        let (_, best) = found.best.unwrap();
        assert!(found.paths.iter().all(|path| path.value.unwrap() < best));
    }

    #[test]
    fn folds_that_leave_nothing_say_so() {
        let dates = dates();
        let cells = vec![Some(vec![0.01; dates.len()]), Some(vec![0.0; dates.len()])];
        let mut all = spec(3, 1);
        (all.purge, all.embargo) = (Some(400), Some(400));
        let found = cross_validated(&all, &returns(cells, &dates));
        let reason = found.reason.unwrap();
        assert!(
            reason.contains("a purge of 400 and an embargo of 400 sessions leave nothing"),
            "{reason}"
        );
        assert!(found.paths.is_empty());
    }

    #[test]
    fn backtests_without_a_figure_say_which() {
        let dates = dates();
        // Returns that never differ have no Sharpe ratio.
        let cells = vec![Some(vec![0.0; dates.len()]), None];
        let found = cross_validated(&spec(3, 1), &returns(cells, &dates));
        let reason = found.reason.unwrap();
        assert!(reason.contains("no backtest has a defined sharpe_ratio on the rest"), "{reason}");
    }
}
