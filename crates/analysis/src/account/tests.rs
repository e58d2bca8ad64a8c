#![allow(clippy::unwrap_used, reason = "a test may stop at a fault")]

use std::fs::File;

use walkfolio_record::{AccountOrderRow, MeasureSet, MeasureTable};

use super::*;

fn row(day: i8, value: f64, net: Option<f64>) -> AccountDayRow {
    AccountDayRow {
        date: Date::constant(2024, 1, day),
        value,
        net,
        cash: 0.0,
        long: value,
        short: 0.0,
        dividends: 0.0,
        proceeds: 0.0,
        financing: 0.0,
        commissions: 0.0,
        costs: 0.0,
        flows: 0.0,
        bought: 0.0,
        traded: 0.0,
        forced: 0.0,
        margin_used: None,
    }
}

/// 1,000 less 5 of costs and commissions; then a gain of 100, 10 of dividends, 6 of interest paid, and 200 paid in:
/// 995 + 100 + 10 - 6 + 200 = 1,299. Then 299 are paid out and a margin call closes 50.
#[test]
fn money_adds_up_to_the_value() {
    let mut run: Run =
        serde_json::from_reader(File::open("tests/example/run.json").unwrap()).unwrap();
    let spec = serde_json::json!({ "capital": 1000.0 });
    run.manifest.resolved.account = Some(serde_json::from_value(spec).unwrap());
    let opening = AccountDayRow { costs: 2.0, commissions: 3.0, ..row(2, 995.0, None) };
    let second = AccountDayRow {
        dividends: 10.0,
        financing: -6.0,
        flows: 200.0,
        cash: -650.0,
        long: 1_949.0,
        margin_used: Some(0.4),
        ..row(3, 1_299.0, Some(0.099))
    };
    let third = AccountDayRow { flows: -299.0, forced: 50.0, ..row(4, 1_000.0, Some(0.0)) };
    let full: MeasureTable = [("volatility".to_owned(), Some(0.2))].into_iter().collect();
    let order = AccountOrderRow {
        date: opening.date,
        asset: "A".to_owned(),
        reason: "rebalance".to_owned(),
        shares: 1.0,
        price: 1.0,
        cost: 0.0,
        commission: 0.0,
    };
    run.account = Some(AccountRun {
        days: vec![opening, second, third],
        orders: vec![order],
        measures: MeasureSet { full, regimes: Vec::new() },
    });
    run.returns.truncate(2);
    for (row, (date, portfolio)) in run.returns.iter_mut().zip([(3, 0.1), (4, 0.0)]) {
        (row.date, row.portfolio) = (Date::constant(2024, 1, date), portfolio);
    }
    let found = Account::of(&run).unwrap();
    // 1,000 at 10 %, and 200 paid in; then 299 paid out.
    let money: Vec<f64> = found.path.weights.iter().map(|value| value.unwrap().round()).collect();
    assert_eq!(
        (money, &found.path.value),
        (vec![1_000.0, 1_300.0, 1_001.0], &vec![995.0, 1_299.0, 1_000.0])
    );
    assert_eq!(found.path.flows, [(1, 200.0), (2, -299.0)]);
    assert_eq!(
        found.money,
        Money {
            capital: 1_000.0,
            contributed: 200.0,
            withdrawn: -299.0,
            gains: 100.0,
            dividends: 10.0,
            financing: -6.0,
            costs: -2.0,
            commissions: -3.0,
            value: 1_000.0,
        }
    );
    assert!((found.time_weighted - 0.099).abs() < 1e-12);
    assert_eq!((found.margin_calls, found.forced, found.margin_most), (1, 50.0, Some(0.4)));
    assert!((found.gross_most - 1_949.0 / 1_299.0).abs() < 1e-12);
    assert!((found.borrowed_most - 650.0 / 1_299.0).abs() < 1e-12);
    assert_eq!(found.compared[2].account, Some(0.2));
    // 1,000 for two days, 200 for one: 1,000 r^2 + 200 r = 1,299.
    let daily = (-200.0 + f64::sqrt(40_000.0 + 4.0 * 1_000.0 * 1_299.0)) / 2_000.0;
    let annual = found.money_weighted_annual.unwrap();
    assert!((annual / (daily.powf(365.0) - 1.0) - 1.0).abs() < 1e-9, "{annual}");
    assert!(found.assumptions[2].starts_with("Cash earns 0%"));
}
