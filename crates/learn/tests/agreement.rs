//! The built-in trainer against the real library: the same probabilities without sampling.

mod common;

use common::{Look, data, dense, holes, xgboost};
use walkfolio_learn::{BuiltIn, Model, Parameters, Table, Trainer, XgBoost};

/// What the issue asks for.
const TOLERANCE: f64 = 1e-6;

fn whole(n_estimators: u32, max_depth: u32, learning_rate: f64) -> Parameters {
    Parameters {
        n_estimators,
        max_depth,
        learning_rate,
        subsample: 1.0,
        colsample_bytree: 1.0,
        ..Parameters::default()
    }
}

fn gap(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

struct Pair {
    ours: Box<dyn Model>,
    theirs: Box<dyn Model>,
}

impl Pair {
    fn fit(xgboost: &XgBoost, table: &Table, labels: &[bool], parameters: &Parameters) -> Self {
        Self {
            ours: BuiltIn.fit(table, labels, parameters).unwrap(),
            theirs: xgboost.fit(table, labels, parameters).unwrap(),
        }
    }

    fn gap(&self, table: &Table) -> f64 {
        gap(&self.ours.predict(table).unwrap(), &self.theirs.predict(table).unwrap())
    }
}

/// Fits both to two thirds of the rows; the largest difference there and on the rest.
fn compare(xgboost: &XgBoost, rows: usize, looks: &[Look], parameters: &Parameters) -> f64 {
    let (table, labels) = data(rows * 3 / 2, looks, rows as u64 + 17);
    let pair = Pair::fit(xgboost, &table.head(rows), &labels[..rows], parameters);
    let held_out: Vec<usize> = (rows..table.rows()).collect();
    let gaps = (pair.gap(&table.head(rows)), pair.gap(&table.select(&held_out)));
    let worst = gaps.0.max(gaps.1);
    assert!(worst < TOLERANCE, "{rows} x {}: {gaps:?} with {parameters:?}", looks.len());
    worst
}

#[test]
fn shapes() {
    let Some(xgboost) = xgboost() else { return };
    let mut worst = 0.0f64;
    for (rows, columns) in [(60, 3), (700, 7), (1400, 11), (5000, 4)] {
        for looks in [dense(columns), holes(columns)] {
            for (trees, depth, rate) in [(300, 6, 0.05), (300, 4, 0.1), (100, 8, 0.3), (50, 1, 0.3)]
            {
                worst = worst.max(compare(&xgboost, rows, &looks, &whole(trees, depth, rate)));
            }
        }
    }
    println!("shapes: largest difference {worst:.2e}");
}

#[test]
fn penalties() {
    let Some(xgboost) = xgboost() else { return };
    let mut worst = 0.0f64;
    for looks in [dense(7), holes(7)] {
        for reg_alpha in [0.0, 0.1, 1.0] {
            for reg_lambda in [0.0, 1.0, 1.5] {
                for gamma in [0.0, 0.5, 1.0] {
                    for min_child_weight in [0.0, 1.0, 5.0] {
                        let base = whole(60, 5, 0.1);
                        let parameters =
                            Parameters { reg_alpha, reg_lambda, gamma, min_child_weight, ..base };
                        worst = worst.max(compare(&xgboost, 400, &looks, &parameters));
                    }
                }
            }
        }
    }
    println!("penalties: largest difference {worst:.2e}");
}

#[test]
fn depths_and_rates() {
    let Some(xgboost) = xgboost() else { return };
    let mut worst = 0.0f64;
    for looks in [dense(5), holes(6)] {
        for depth in 1..=8 {
            for rate in [0.05, 0.1, 0.3] {
                worst = worst.max(compare(&xgboost, 500, &looks, &whole(100, depth, rate)));
            }
        }
    }
    println!("depths and rates: largest difference {worst:.2e}");
}
