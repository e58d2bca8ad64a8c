//! The search: nothing fitted twice, nothing wrong from the cache, the same on any number of threads.

#![allow(clippy::unwrap_used)] // a test may fail

mod common;

use common::{Random, data, dense, holes, xgboost};
use proptest::prelude::*;
use walkfolio_learn::{
    BuiltIn, CrossValidation, Error, FitCache, Fold, Grid, Parameters, Search, Table, Trainer,
    Validation, cross_validate, score, time_series_folds,
};

fn months(rows: usize) -> Vec<usize> {
    (0..rows).map(|row| row / 10).collect()
}

fn grid() -> Grid {
    Grid::from([
        ("n_estimators", &[10.0, 20.0][..]),
        ("max_depth", &[2.0, 4.0]),
        ("subsample", &[0.8, 1.0]),
    ])
}

fn search<'a>(grid: &'a Grid, base: &'a Parameters) -> Search<'a> {
    Search { trainer: &BuiltIn, grid, base, validation: Validation { folds: 3, purge_months: 2 } }
}

/// Scores as a reader would compute them: one fit per setting and fold.
fn plainly(
    trainer: &dyn Trainer,
    table: &Table,
    labels: &[bool],
    folds: &[Fold],
    parameters: &Parameters,
) -> Vec<Option<f64>> {
    let rows = |groups: &std::ops::Range<usize>| groups.start * 10..groups.end * 10;
    let score = |fold: &Fold| {
        let (train, test) = (rows(&fold.train), rows(&fold.test));
        let model = trainer.fit(&table.head(train.end), &labels[train], parameters).unwrap();
        let tested = table.select(&test.clone().collect::<Vec<_>>());
        score::auc(&labels[test], &model.predict(&tested).unwrap())
    };
    folds.iter().map(score).collect()
}

fn aucs(validation: &CrossValidation) -> Vec<Option<f64>> {
    validation.folds.iter().map(|fold| fold.auc).collect()
}

#[test]
fn scores_are_those_of_one_fit_per_setting_and_fold() {
    let (table, labels) = data(300, &dense(5), 2);
    let (grid, base) = (grid(), Parameters::default());
    let cache = FitCache::new();
    let found = search(&grid, &base).run(&table, &labels, &months(300), &cache).unwrap();
    let folds = time_series_folds(30, 3, 2).unwrap();
    for validation in &found.validations {
        let expected = plainly(&BuiltIn, &table, &labels, &folds, &validation.parameters);
        assert_eq!(aucs(validation), expected);
        let mean = expected.iter().flatten().sum::<f64>() / 3.0;
        assert_eq!(validation.mean_auc, Some(mean));
    }
    // Eight settings are four fits on each of three folds.
    assert_eq!((cache.hits(), cache.misses()), (0, 12));
    let best = found.best().unwrap().mean_auc;
    assert!(found.validations.iter().all(|v| v.mean_auc <= best));
}

#[test]
fn the_library_searches_too() {
    let Some(xgboost) = xgboost() else { return };
    let (table, labels) = data(300, &holes(5), 2);
    let (grid, base) = (grid(), Parameters::default());
    let ours = search(&grid, &base);
    let theirs = Search { trainer: &xgboost, ..ours };
    let run = |search: Search| search.run(&table, &labels, &months(300), &FitCache::new()).unwrap();
    assert_eq!(run(ours), run(theirs));
}

#[test]
fn a_later_month_finds_what_an_earlier_one_has_fitted() {
    let (table, labels) = data(400, &dense(5), 3);
    let (grid, base) = (grid(), Parameters::default());
    let cache = FitCache::new();
    for month in 24..=40 {
        let rows = month * 10;
        let part = (table.head(rows), &labels[..rows], months(rows));
        let run =
            |cache: &FitCache| search(&grid, &base).run(&part.0, part.1, &part.2, cache).unwrap();
        assert_eq!(run(&cache), run(&FitCache::with_limit(0)), "month {month}");
    }
    assert!(cache.hits() > cache.misses() / 2, "{} {}", cache.hits(), cache.misses());
}

#[test]
fn a_table_that_was_changed_is_fitted_anew() {
    let (table, labels) = data(300, &dense(5), 4);
    let (other, _) = data(300, &dense(5), 5);
    let mut turned = labels.clone();
    turned[0] = !turned[0];
    let (grid, base) = (grid(), Parameters::default());
    let cache = FitCache::new();
    for (table, labels) in [(&table, &labels), (&other, &labels), (&table, &turned)] {
        let run = |cache: &FitCache| {
            search(&grid, &base).run(table, labels, &months(300), cache).unwrap()
        };
        assert_eq!(run(&cache), run(&FitCache::new()));
    }
    assert_eq!(cache.hits(), 0);
}

#[test]
fn threads_change_nothing() {
    let (table, labels) = data(300, &holes(6), 6);
    let (grid, base) = (grid(), Parameters::default());
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| search(&grid, &base).run(&table, &labels, &months(300), &FitCache::new()))
    };
    assert_eq!(on(1).unwrap(), on(3).unwrap());
}

#[test]
fn folds_that_cannot_be_scored_say_why() {
    let (table, mut labels) = data(80, &dense(3), 7);
    labels[..20].fill(true);
    labels[60..].fill(false);
    let settings = [Parameters { n_estimators: 3, ..Parameters::default() }];
    let folds = [
        Fold { train: 0..0, test: 2..4 },
        Fold { train: 0..2, test: 2..4 },
        Fold { train: 0..4, test: 6..8 },
        Fold { train: 0..4, test: 8..9 },
        Fold { train: 0..4, test: 4..6 },
    ];
    let cache = FitCache::new();
    let answer =
        cross_validate(&BuiltIn, &table, &labels, &months(80), &folds, &settings, &cache).unwrap();
    let reasons: Vec<Option<&str>> =
        answer[0].folds.iter().map(|fold| fold.reason.as_deref()).collect();
    let expected = [
        Some("there are no training rows"),
        Some("all 20 training labels are true"),
        Some("all 20 test labels are false"),
        Some("there are no test rows"),
        None,
    ];
    assert_eq!(reasons, expected);
    assert_eq!(answer[0].mean_auc, answer[0].folds[4].auc);
    assert_eq!((answer[0].folds[4].train_rows, answer[0].folds[4].test_rows), (40, 20));
    let none =
        cross_validate(&BuiltIn, &table, &labels, &months(80), &folds[..4], &settings, &cache);
    assert_eq!(none.unwrap()[0].mean_auc, None);
}

#[test]
fn faults_are_named() {
    let (table, labels) = data(80, &dense(3), 7);
    let (grid, base) = (grid(), Parameters::default());
    let cache = FitCache::new();
    let run = |groups: &[usize]| search(&grid, &base).run(&table, &labels, groups, &cache);
    let mut groups = months(80);
    assert_eq!(
        run(&groups[..70]).unwrap_err().to_string(),
        "the group column has 70 rows, the table has 80"
    );
    groups[5] = 3;
    assert_eq!(
        run(&groups).unwrap_err().to_string(),
        "row 6 belongs to group 0, the row before it to group 3: groups must not decrease"
    );
    assert_eq!(run(&[0; 80]).unwrap_err(), Error::TooFewGroups { groups: 1, splits: 3 });
    let settings = |grid: Grid| grid.settings(&base).unwrap_err().to_string();
    assert_eq!(settings(Grid::from([])), "the grid has no settings");
    assert_eq!(settings(Grid::from([("seed", &[1.0][..])])), "unknown parameter `seed`");
    assert_eq!(
        settings(Grid::from([("max_depth", &[4.0, 4.5][..])])),
        "`max_depth` is 4.5, it must be whole numbers"
    );
    let many = [1.0; 101];
    assert_eq!(
        settings(Grid::from([("gamma", &many[..]), ("subsample", &many)])),
        "the grid has 10201 combinations, more than 10000"
    );
    let none = cross_validate(&BuiltIn, &table, &labels, &months(80), &[], &[], &cache);
    assert_eq!(none.unwrap_err(), Error::NoSettings);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A fit knows its own rows only: what later rows hold changes nothing.
    #[test]
    fn the_future_changes_no_score(seed in any::<u64>(), cut in 20usize..28) {
        let (table, labels) = data(300, &holes(4), seed);
        let mut random = Random(seed ^ 1);
        let rows = cut * 10;
        let mut wild = table.head(rows);
        for _ in rows..300 {
            wild.push(&[Some(random.uniform() * 1e9), None, Some(-1e9), None]).unwrap();
        }
        let folds: Vec<Fold> = (1..4).map(|k| Fold { train: 0..cut - 8 + k, test: cut - 2..cut }).collect();
        let settings = [Parameters { n_estimators: 5, ..Parameters::default() }];
        let run = |table: &Table| cross_validate(
            &BuiltIn, table, &labels, &months(300), &folds, &settings, &FitCache::new(),
        );
        prop_assert_eq!(run(&table).unwrap(), run(&wild).unwrap());
    }

    /// Trees read the order of values, so that a monotone map of a feature changes no side taken.
    #[test]
    fn doubling_a_feature_changes_nothing(seed in any::<u64>()) {
        let (table, labels) = data(120, &holes(4), seed);
        prop_assume!(labels.iter().any(|&y| y) && labels.iter().any(|&y| !y));
        let mut doubled = Table::new(table.names().to_vec());
        for row in 0..120 {
            let cell = |k| table.value(row, k).map(|v| 2.0 * f64::from(v));
            doubled.push(&(0..4).map(cell).collect::<Vec<_>>()).unwrap();
        }
        let parameters = Parameters { n_estimators: 10, ..Parameters::default() };
        let p = |table: &Table| {
            BuiltIn.fit(table, &labels, &parameters).unwrap().predict(table).unwrap()
        };
        prop_assert_eq!(p(&table), p(&doubled));
    }
}
