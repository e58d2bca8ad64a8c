//! Small markets and decisions for the tests.
#![allow(clippy::unwrap_used, reason = "a test may stop at a fault")]

use walkfolio_core::{Date, Decision, Market, Prices, Row, SolveReport, Universe, Weights};

use crate::Step;

pub(crate) fn market(columns: &[&[Option<f64>]]) -> Market {
    let rows = i8::try_from(columns[0].len()).unwrap();
    let dates = (1..=rows).map(|day| Date::constant(2024, 1, day)).collect();
    let names: Vec<String> = (0..columns.len()).map(|i| format!("A{i}")).collect();
    let columns = columns.iter().map(|column| column.to_vec()).collect();
    Market::new(Prices::new(dates, Universe::new(names).unwrap(), columns).unwrap()).unwrap()
}

pub(crate) fn all(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

pub(crate) fn step(row: Row, weights: &[f64]) -> Step {
    let decision = Decision {
        target: Weights::new(weights.to_vec()).unwrap(),
        notes: Vec::new(),
        solve: SolveReport::not_solved(),
        selection: None,
    };
    Step { row, decision }
}
