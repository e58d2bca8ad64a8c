use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use walkfolio_core::{
    Date, Decision, Every, Need, Note, Past, Prices, SolveReport, Universe, Weights,
};

use super::*;
use crate::Silent;

/// Holds the asset that rose most on the last known session.
struct Chase {
    sequential: bool,
}

impl Policy for Chase {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> walkfolio_core::Result<Decision> {
        let last = past.returns(&[0, 1], 1)?;
        let first = if last[(0, 0)] >= last[(0, 1)] { 1.0 } else { 0.0 };
        Ok(Decision {
            target: Weights::new(vec![first, 1.0 - first])?,
            notes: if self.sequential {
                vec![Note::info(format!("{:?}", view.holdings()?.values()))]
            } else {
                Vec::new()
            },
            solve: SolveReport::not_solved(),
            selection: None,
        })
    }
    fn memory(&self) -> Memory {
        if self.sequential { Memory::Holdings } else { Memory::None }
    }
    fn need(&self) -> Need {
        Need { rows: 1, history_months: None }
    }
}

fn market() -> Market {
    let dates = (1..=6).map(|day| Date::constant(2024, 1, day)).collect();
    let columns = vec![
        [1.0, 2.0, 2.0, 3.0, 3.0, 3.0].map(Some).to_vec(),
        [1.0, 1.0, 2.0, 2.0, 3.0, 3.0].map(Some).to_vec(),
    ];
    Market::new(Prices::new(dates, Universe::new(["A", "B"]).unwrap(), columns).unwrap()).unwrap()
}

fn execution() -> Execution {
    Execution::default()
}

#[test]
fn order_of_work_does_not_change_the_targets() {
    let (market, rows) = (market(), [2, 3, 4, 5]);
    let targets = |sequential| {
        let walk = walk(&market, &Chase { sequential }, &rows, &execution(), &Silent).unwrap();
        assert!(walk.complete);
        walk.steps.into_iter().map(|step| step.decision.target).collect::<Vec<_>>()
    };
    assert_eq!(targets(true), targets(false));
}

#[test]
fn a_path_dependent_policy_is_shown_what_it_holds() {
    let market = market();
    let walk = walk(&market, &Chase { sequential: true }, &[2, 4], &execution(), &Silent).unwrap();
    assert_eq!(walk.steps[0].decision.notes[0].message, "[0.0, 0.0]");
    assert_eq!(walk.steps[1].decision.notes[0].message, "[1.0, 0.0]");
}

/// Looks at what it holds and does not say so.
struct Undeclared(Memory);

impl Policy for Undeclared {
    fn decide(&self, _past: &Past<'_>, view: View<'_>) -> walkfolio_core::Result<Decision> {
        Ok(Decision::of(view.holdings()?.clone()))
    }
    fn memory(&self) -> Memory {
        self.0
    }
    fn need(&self) -> Need {
        Need { rows: 1, history_months: None }
    }
}

#[test]
fn holdings_that_were_not_declared_are_an_error() {
    for memory in [Memory::None, Memory::Chain] {
        let error = walk(&market(), &Undeclared(memory), &[2, 4], &execution(), &Silent);
        assert_eq!(
            error.unwrap_err().to_string(),
            "at the decision of 2024-01-03: the policy asks for what is held, and its memory does not say so"
        );
    }
    assert!(walk(&market(), &Undeclared(Memory::Holdings), &[2], &execution(), &Silent).is_ok());
}

proptest! {
    #[test]
    fn a_policy_sees_what_it_declares_and_no_more(
        rows in prop::collection::btree_set(1..6_usize, 1..5),
        undeclared in prop::sample::select(vec![Memory::None, Memory::Chain]),
    ) {
        let (market, rows) = (market(), Vec::from_iter(rows));
        match walk(&market, &Undeclared(undeclared), &rows, &execution(), &Silent) {
            Err(Error::Decision { date, source }) => {
                prop_assert_eq!(date, market.dates()[rows[0]], "its first decision");
                prop_assert_eq!(source, walkfolio_core::Error::UndeclaredHoldings);
            }
            other => prop_assert!(false, "{:?}", other),
        }
        let policy = Undeclared(Memory::Holdings);
        let walk = walk(&market, &policy, &rows, &execution(), &Silent).unwrap();
        for (index, step) in walk.steps.iter().enumerate() {
            let held = holdings_at(&market, &walk.steps[..index], step.row, &execution()).unwrap();
            prop_assert_eq!(&step.decision.target, &held);
        }
    }
}

struct StopAfter(AtomicUsize);

impl Observer for StopAfter {
    fn decided(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }
}

#[test]
fn a_cancelled_walk_keeps_a_prefix() {
    let market = market();
    let observer = StopAfter(AtomicUsize::new(2));
    let policy = Chase { sequential: true };
    let walk = walk(&market, &policy, &[2, 3, 4, 5], &execution(), &observer).unwrap();
    assert_eq!((walk.steps.len(), walk.complete), (2, false));
}

/// Cannot decide while the price of A is filled in.
struct Waiting;

impl Policy for Waiting {
    fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> walkfolio_core::Result<Decision> {
        Ok(Decision::of(Weights::new(vec![1.0, 0.0])?))
    }
    fn need(&self) -> Need {
        Need { rows: 1, history_months: None }
    }
    fn waits(&self, past: &Past<'_>) -> bool {
        !past.untraded(self.need()).is_empty()
    }
}

#[test]
fn a_decision_waits_until_enough_is_traded_and_no_longer_than_to_the_next() {
    let market = market();
    let rows = |filled: &[usize], every: usize, last: usize| {
        let days = filled.iter().map(|&row| market.dates()[row]).collect();
        let market = market.clone().with_filled(vec![days, BTreeSet::new()]).unwrap();
        let last = Some(market.dates()[last]);
        let schedule = Schedule { every: Every::Sessions(every), first: None, last };
        decision_rows(&market, &Waiting, &schedule, 2).unwrap()
    };
    assert_eq!(rows(&[], 2, 5), [2, 4]);
    // The decision of row 2 knows row 1, that of row 3 row 2.
    assert_eq!(rows(&[1], 2, 5), [3, 4]);
    assert_eq!(rows(&[1, 2], 2, 5), [4]);
    assert_eq!(rows(&[3], 2, 5), [2, 5]);
    // The data, or the schedule, end before.
    assert_eq!(rows(&[3, 4, 5], 2, 5), [2]);
    assert_eq!(rows(&[3], 2, 4), [2]);
    assert_eq!(rows(&[1, 3], 1, 5), [3, 5]);
}

#[test]
fn windows_fill_once_a_return_is_known() {
    assert_eq!(first_full_row(&market(), &Chase { sequential: false }), Some(2));
}

#[test]
fn the_last_decision_alone_is_that_of_the_walk() {
    let market = market();
    for (sequential, rows) in [(true, vec![2, 3, 4, 5]), (false, vec![2, 3]), (true, vec![2])] {
        let policy = Chase { sequential };
        let steps = walk(&market, &policy, &rows, &execution(), &Silent).unwrap().steps;
        let last = crate::Backtest::new(&market).last(&policy, &rows, None).unwrap();
        assert_eq!(Some(&last.step), steps.last());
        assert_eq!(last.previous.as_ref(), steps.iter().rev().nth(1));
        let held = holdings_at(&market, &steps, last.step.row, &execution()).unwrap();
        assert_eq!(last.held, held);
    }
    assert!(crate::Backtest::new(&market).last(&Chase { sequential: true }, &[], None).is_err());
}

#[test]
fn an_account_takes_the_place_of_the_holdings_at_the_last_decision_alone() {
    let (market, policy) = (market(), Chase { sequential: true });
    let held = Weights::new(vec![0.25, 0.5]).unwrap();
    let backtest = crate::Backtest::new(&market);
    let last = backtest.last(&policy, &[2, 3, 4], Some(&held)).unwrap();
    assert_eq!(last.step.decision.notes[0].message, "[0.25, 0.5]");
    let own = backtest.last(&policy, &[2, 3, 4], None).unwrap();
    assert_eq!((last.previous, last.held), (own.previous, own.held));
}
