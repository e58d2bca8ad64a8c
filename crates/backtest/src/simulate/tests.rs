use walkfolio_core::{MarketImpact, Signal};

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

/// A market of two assets that move and of which 4 million a day are traded, but for the last session.
fn liquid() -> Market {
    let market = market(&[&all(&[1.0, 1.1, 1.0, 1.1, 1.1]), &all(&[1.0, 1.0, 1.2, 1.2, 1.2])]);
    let day = |row: usize| (market.dates()[row], if row < 4 { 4e6 } else { 1.0 });
    let records = vec![(0..5).map(day).collect(), (0..5).map(day).collect()];
    let signal = Signal::new(MarketImpact::TRADED_VALUE, records).unwrap();
    market.with_signal(signal).unwrap()
}

const IMPACT: MarketImpact =
    MarketImpact { coefficient: 0.5, portfolio_value: 1e6, volatility_window: 2, volume_window: 2 };

#[test]
fn the_impact_of_trades_is_charged_by_what_was_known_before_them() {
    let market = liquid();
    let steps = [step(3, &[1.0, 0.0]), step(4, &[0.6, 0.4])];
    let execution = Execution { impact: Some(IMPACT), ..plain(10.0) };
    let held = simulate(&market, &steps, &execution, 5).unwrap();
    assert_eq!(held.cost[0], 0.0);
    // Known before row 4: returns of -1/11 and 1/10, of 1/5 and 0; half the root of a quarter of the volume.
    let deviations = [(0.1 + 1.0 / 11.0) / 2f64.sqrt(), 0.2 / 2f64.sqrt()];
    let moved = 0.25 * (deviations[0] + deviations[1]) * 0.4 * 0.4f64.sqrt();
    close(held.cost[1], 0.0008 + moved);
    // With a lag the first trade is that of row 4, and it is free.
    let lagged = Execution { lag_rows: 1, ..execution };
    assert_eq!(simulate(&market, &steps, &lagged, 5).unwrap().cost, [0.0]);
}

#[test]
fn trades_without_a_volume_stop_the_simulation_and_what_has_ended_has_no_impact() {
    let columns =
        [all(&[1.0, 1.1, 1.0, 1.1, 1.1]), vec![Some(1.0), Some(1.2), Some(1.1), None, None]];
    let market = market(&[&columns[0], &columns[1]]);
    let day = |row: usize| (market.dates()[row], 1e6);
    let signal = |records| Signal::new(MarketImpact::TRADED_VALUE, records).unwrap();
    let steps = [step(3, &[0.5, 0.5]), step(4, &[0.9, 0.0])];
    let execution = Execution { impact: Some(IMPACT), ..plain(0.0) };
    let some = market.clone().with_signal(signal(vec![(0..4).map(day).collect(), vec![]])).unwrap();
    // The second was paid out: only the first is bought.
    let held = simulate(&some, &steps, &execution, 5).unwrap();
    let rate = IMPACT.rate(&some.before(4).unwrap(), 0).unwrap();
    let bought = 0.9 - 0.55 / 1.05;
    close(held.cost[1], rate * bought * bought.sqrt());
    let none = market.with_signal(signal(vec![vec![], vec![]])).unwrap();
    let error = simulate(&none, &steps, &execution, 5).unwrap_err().to_string();
    assert!(
        error.contains("A0 has no traded value in the 2 sessions before 2024-01-05"),
        "{error}"
    );
}
