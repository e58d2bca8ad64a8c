use super::*;
use crate::fixtures::{all, market, step};
use crate::{Drift, LinearCost};

fn plain(per_side_bps: f64) -> Execution {
    Execution { cost: LinearCost { per_side_bps, ..LinearCost::free() }, ..Execution::default() }
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-14, "{a} {b}");
}

#[test]
fn holdings_drift_between_rebalances() {
    let market = market(&[&all(&[1.0, 2.0, 2.0]), &all(&[1.0, 1.0, 2.0])]);
    let held = simulate(&market, &[step(1, &[0.5, 0.5])], &plain(0.0), 3).unwrap();
    // 0.5 * 2 + 0.5 = 1.5; then 1.0 + 0.5 * 2 = 2.0.
    close(held.net[0], 0.5);
    close(held.net[1], 2.0 / 1.5 - 1.0);
    let constant = Execution { drift: Drift::ConstantWeights, ..plain(0.0) };
    let held = simulate(&market, &[step(1, &[0.5, 0.5])], &constant, 3).unwrap();
    close(held.net[1], 0.5);
}

#[test]
fn a_rebalance_pays_for_what_it_trades_but_not_the_first() {
    let market = market(&[&all(&[1.0, 2.0, 2.0]), &all(&[1.0, 1.0, 1.0])]);
    let steps = [step(1, &[0.5, 0.5]), step(2, &[0.5, 0.5])];
    let held = simulate(&market, &steps, &plain(10.0), 3).unwrap();
    assert_eq!((held.turnover[0], held.cost[0]), (0.0, 0.0));
    // Drifted to 2/3 and 1/3: a third is traded in all, a sixth is turned over.
    close(held.turnover[1], 1.0 / 6.0);
    close(held.cost[1], 10.0 * 1e-4 / 3.0);
    close(held.net[1], -held.cost[1]);
    close(held.gross[1], 0.0);
    let cost = LinearCost { per_side_bps: 10.0, initial_trade: InitialTrade::Charged };
    let held = simulate(&market, &steps, &Execution { cost, ..plain(10.0) }, 3).unwrap();
    close(held.turnover[0], 0.5);
    close(held.net[0], 1.5 * (1.0 - 0.001) - 1.0);
}

#[test]
fn with_a_lag_the_old_weights_earn_one_more_session() {
    let market = market(&[&all(&[1.0, 2.0, 4.0, 4.0]), &all(&[1.0, 1.0, 1.0, 3.0])]);
    let steps = [step(1, &[1.0, 0.0]), step(2, &[0.0, 1.0])];
    let lagged = Execution { lag_rows: 1, ..plain(0.0) };
    let held = simulate(&market, &steps, &lagged, 4).unwrap();
    assert_eq!(held.rows, 2..4);
    close(held.net[0], 1.0);
    close(held.net[1], 2.0);
}

#[test]
fn a_wipeout_earns_minus_one_and_ends() {
    let market = market(&[&all(&[1.0, 2.6, 2.6, 2.6]), &all(&[1.0, 1.0, 1.0, 1.0])]);
    let steps = [step(1, &[-1.0, 2.0]), step(2, &[-1.0, 2.0])];
    let held = simulate(&market, &steps, &plain(0.0), 4).unwrap();
    assert_eq!(held.net, [-1.0]);
    assert_eq!(held.wiped_out, Some(market.dates()[1]));
    assert_eq!(held.rebalances.len(), 1);
}

#[test]
fn costs_above_equity_are_a_wipeout() {
    let market = market(&[&all(&[1.0, 1.0, 1.0]), &all(&[1.0, 1.0, 1.0])]);
    let steps = [step(1, &[2.0, -1.0]), step(2, &[-1.0, 2.0])];
    let held = simulate(&market, &steps, &plain(2000.0), 3).unwrap();
    assert_eq!(held.net, [0.0, -1.0]);
    assert!(held.notes[0].1.message.contains("the cost of the trade exceeds equity"));
}

#[test]
fn a_delisted_asset_is_cash_until_the_next_rebalance() {
    let ends = [Some(1.0), Some(2.0), None, None];
    let market = market(&[&ends, &all(&[1.0, 1.0, 2.0, 2.0])]);
    let held = simulate(&market, &[step(1, &[0.5, 0.5])], &plain(0.0), 4).unwrap();
    close(held.net[0], 0.5);
    close(held.net[1], 2.0 / 1.5 - 1.0);
    close(held.net[2], 0.0);
    assert_eq!(held.notes.len(), 1);
    assert!(held.notes[0].1.message.starts_with("A0 ends on 2024-01-02 while held"));
}

#[test]
fn a_delisting_return_is_earned_once_and_then_the_rest_is_cash() {
    let ends = [Some(1.0), Some(2.0), None, None];
    let market = market(&[&ends, &all(&[1.0, 1.0, 2.0, 2.0])]);
    let market = market.with_delisting_returns(&[Some(-0.3), Some(-1.0)]).unwrap();
    let held = simulate(&market, &[step(1, &[0.5, 0.5])], &plain(0.0), 4).unwrap();
    close(held.net[0], 0.5);
    // 0.5 * 2 * 0.7 + 0.5 * 2 = 1.7; the other asset has no end, and loses nothing.
    close(held.net[1], 1.7 / 1.5 - 1.0);
    close(held.net[2], 0.0);
    assert!(held.notes[0].1.message.contains("delisting return of −30.00 %"));
    // Bought at its last close, which is not known to be one.
    let late = simulate(&market, &[step(2, &[1.0, 0.0])], &plain(0.0), 4).unwrap();
    close(late.net[0], -0.3);
}
