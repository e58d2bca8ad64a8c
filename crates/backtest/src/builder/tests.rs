use walkfolio_core::{Decision, Need, Past, View, Weights};

use super::*;
use crate::fixtures::{all, market};

/// Half in each of two assets.
struct Halves;

impl Policy for Halves {
    fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> walkfolio_core::Result<Decision> {
        Ok(Decision::of(Weights::new(vec![0.5, 0.5])?))
    }
    fn need(&self) -> Need {
        Need { rows: 1, history_months: None }
    }
}

fn two_assets() -> Market {
    market(&[&all(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]), &all(&[1.0, 1.0, 1.0, 2.0, 2.0, 2.0])])
}

#[test]
fn the_builder_gives_what_walk_and_simulate_give() {
    let market = two_assets();
    let cost = LinearCost { per_side_bps: 20.0, ..LinearCost::free() };
    let execution = Execution { drift: Drift::ConstantWeights, lag_rows: 1, cost, impact: None };
    let walk = crate::walk(&market, &Halves, &[2, 4], &execution, &Silent).unwrap();
    let simulation = simulate(&market, &walk.steps, &execution, market.rows()).unwrap();
    let by_setting =
        Backtest::new(&market).rows(&[2, 4]).costs(cost).drift(Drift::ConstantWeights).lag(1);
    let at_once = Backtest::new(&market).execution(execution).rows(&[2, 4]);
    for backtest in [by_setting, at_once] {
        let done = backtest.run(&Halves).unwrap();
        assert_eq!((&done.walk, &done.simulation), (&walk, &simulation));
    }
}

#[test]
fn the_schedule_begins_where_the_windows_are_full() {
    let market = two_assets();
    let every = |every| Schedule { every, first: None, last: None };
    let done = Backtest::new(&market).schedule(every(Every::Sessions(2))).run(&Halves).unwrap();
    let rows: Vec<Row> = done.walk.steps.iter().map(|step| step.row).collect();
    assert_eq!(rows, [2, 4]);
    // Six days of one month: no first session of a month after the windows are full.
    let error = Backtest::new(&market).run(&Halves).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no decision falls between 2024-01-01 and 2024-01-06: the windows of the policy are full from 2024-01-03 on"
    );
}

/// Ends a walk after its first decision.
struct Once(std::sync::atomic::AtomicBool);

impl Observer for Once {
    fn decided(&self) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
    }
    fn cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[test]
fn an_interrupted_walk_is_held_for_one_row() {
    let market = two_assets();
    let observer = Once(false.into());
    let done = Backtest::new(&market).rows(&[2, 4]).observer(&observer).run(&Halves).unwrap();
    assert!(!done.walk.complete);
    assert_eq!(done.simulation.rows, 2..3);
}
