use proptest::prelude::*;

use super::*;
use crate::fixtures::{all, market, step};
use crate::simulate;

fn lagged(lag_rows: usize) -> Execution {
    Execution { lag_rows, ..Execution::default() }
}

#[test]
fn an_asset_that_ended_before_the_trade_is_not_held() {
    let ends = [Some(1.0), Some(1.0), None, None, None];
    let market = market(&[&ends, &all(&[1.0, 1.0, 1.0, 2.0, 2.0])]);
    // Decided at row 2, traded for row 3: the first asset ended at row 2, its half stays cash.
    let held = holdings_at(&market, &[step(2, &[0.5, 0.5])], 4, &lagged(1)).unwrap();
    // Half in cash, half doubled: 1.0 of 1.5.
    assert_eq!(held.values()[0], 0.0);
    assert!((held.values()[1] - 2.0 / 3.0).abs() < 1e-15);
}

proptest! {
    #[test]
    fn what_a_decision_sees_is_what_the_simulation_holds(
        growth in prop::collection::vec(-0.3..0.3_f64, 20),
        end in 2..10_usize,
        lag in 0..3_usize,
        weight in -0.5..1.5_f64,
    ) {
        let path = |growth: &[f64]| -> Vec<f64> {
            let wealth = growth.iter().scan(1.0, |value, r| {
                *value *= 1.0 + r;
                Some(*value)
            });
            wealth.collect()
        };
        let (a, b) = growth.split_at(10);
        let mut ends = all(&path(a));
        ends[end..].fill(None);
        let market = market(&[&ends, &all(&path(b))]);
        // A decision holds what is listed when it is made.
        let first = |row: Row| if row <= end { weight } else { 0.0 };
        let steps: Vec<Step> =
            (1..8).step_by(3).map(|row| step(row, &[first(row), 1.0 - first(row)])).collect();
        let execution = lagged(lag);
        let simulation = simulate(&market, &steps, &execution, market.rows()).unwrap();
        for rebalance in &simulation.rebalances {
            let held =
                holdings_at(&market, &steps[..rebalance.step], rebalance.row, &execution).unwrap();
            prop_assert_eq!(held.values(), rebalance.drifted.values());
        }
    }
}
