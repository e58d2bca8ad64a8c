//! Small accounts whose every figure was computed by hand, and what always holds.
#![allow(clippy::unwrap_used, reason = "a test may stop at a fault")]

use proptest::prelude::*;
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Date, Market, MarketImpact, Prices, Quotes, ShareEvent, Signal, Universe};
use walkfolio_orders::{Lot, TradeRules};

use crate::account::*;
use crate::fixtures::{all, market, step};
use crate::{Drift, Execution, InitialTrade, LinearCost, Step, simulate};

const NEAR: f64 = 1e-9;

fn day(day: i8) -> Date {
    Date::constant(2024, 1, day)
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < NEAR, "{found} is not {expected}");
}

/// Closes as traded, of the sessions of a market, with events.
fn quotes(market: &Market, columns: &[&[f64]], events: Vec<Vec<ShareEvent>>) -> Quotes {
    let names: Vec<String> = (0..columns.len()).map(|i| format!("A{i}")).collect();
    let columns = columns.iter().map(|column| all(column)).collect();
    let universe = Universe::new(names).unwrap();
    let closes = Prices::new(market.dates().to_vec(), universe, columns).unwrap();
    Quotes::new(closes, events).unwrap()
}

fn charged(per_side_bps: f64) -> Execution {
    let cost = LinearCost { per_side_bps, initial_trade: InitialTrade::Charged };
    Execution { cost, ..Execution::default() }
}

fn account(
    (market, quotes): (&Market, &Quotes),
    steps: &[Step],
    rules: &AccountRules,
) -> AccountSimulation {
    simulate_account((market, quotes), (steps, &charged(0.0)), rules, market.rows()).unwrap()
}

fn whole(capital: f64, rows: usize) -> AccountRules {
    AccountRules { trading: TradeRules::whole(0.0), ..AccountRules::new(capital, rows) }
}

/// A dividend of 2 a share and then a split of three for two, of 7 shares bought for 1,000.
///
/// 1,000 / 140 = 7.14: 7 shares for 980, 20 in cash. On the ex-date 7 x 2 = 14 is paid: 34 in cash, and the shares
/// are worth 7 x 139 = 973. The split makes 10.5 of 7: 10 are kept, half a share is paid for at the close of 94: 47.
/// Cash is 34 + 47 = 81, the shares are worth 940: 1,021.
#[test]
fn dividends_and_splits_are_events_of_the_shares() {
    // Adjusted closes with the same total return: 139 + 2 of 140, then 94 x 1.5 of 139.
    let adjusted = all(&[140.0, 141.0, 141.0 * 141.0 / 139.0]);
    let market = market(&[&adjusted]);
    let events = vec![
        ShareEvent { date: day(2), split: 1.0, dividend: 2.0 },
        ShareEvent { date: day(3), split: 1.5, dividend: 0.0 },
    ];
    let quotes = quotes(&market, &[&[140.0, 139.0, 94.0]], vec![events]);
    let found = account((&market, &quotes), &[step(1, &[1.0])], &whole(1_000.0, 3));
    let [bought, paid, split] = found.days[..] else { panic!("{:?}", found.days) };
    near(bought.cash, 20.0);
    near(bought.long, 980.0);
    near(paid.dividends, 14.0);
    near(paid.value, 1_007.0);
    near(split.proceeds, 47.0);
    near(split.cash, 81.0);
    near(split.value, 1_021.0);
    near(found.simulation.net[0], 0.007);
    near(found.simulation.net[1], 1_021.0 / 1_007.0 - 1.0);
}

/// 1,000 of capital, half short in A1 at 50, 150 % long in A0 at 100, for a weekend of three nights of 1 bp each.
///
/// 15 shares of A0 for 1,500, 10 of A1 sold for 500: cash 1,000 - 1,500 + 500 = 0. The proceeds of 500 are held as
/// collateral, so that 0 - 500 = -500 is borrowed. Financing: -500 x 0.0003 = -0.15 of interest, 500 x 0.0002 = 0.10
/// of rebate, 500 x 0.0001 = 0.05 of fee: -0.10. A1 pays 1 a share, which the short owes: -10. At 101 and 48 the
/// account is worth 0 - 0.10 - 10 + 1,515 - 480 = 1,024.90.
#[test]
fn a_short_pays_its_fee_and_dividends_and_earns_its_rebate() {
    let market = market(&[&all(&[100.0, 101.0]), &all(&[50.0, 49.0])]);
    let dividend = ShareEvent { date: day(2), split: 1.0, dividend: 1.0 };
    let quotes =
        quotes(&market, &[&[100.0, 101.0], &[50.0, 48.0]], vec![Vec::new(), vec![dividend]]);
    let of = |rate: f64| vec![0.0, rate];
    let rules = AccountRules {
        financing: Financing { cash: of(9.0), borrow: of(3e-4), rebate: of(2e-4), fee: of(1e-4) },
        ..whole(1_000.0, 2)
    };
    let found = account((&market, &quotes), &[step(1, &[1.5, -0.5])], &rules);
    near(found.days[0].cash, 0.0);
    near(found.days[0].short, 500.0);
    near(found.days[1].financing, -0.10);
    near(found.days[1].dividends, -10.0);
    near(found.days[1].value, 1_024.90);
}

/// Twice long at an initial margin of 50 %: 1,000 of equity holds 20 shares at 100 and owes 1,000. At 70 the shares
/// are worth 1,400 and equity is 400: 28.6 % is above the maintenance margin of 25 %. At 66 they are worth 1,320 and
/// equity 320 is 24.2 %: a call. Equity of 320 covers 640 at 50 %: 9.69 shares, of which 9 are kept. 11 are sold for
/// 726; the debt is 1,000 - 726 = 274, and 9 x 66 - 274 = 320.
#[test]
fn a_margin_call_reduces_positions_until_equity_covers_them() {
    let closes = [100.0, 70.0, 66.0, 66.0];
    let market = market(&[&all(&closes)]);
    let quotes = Quotes::adjusted(&market);
    let rules = AccountRules {
        margin: Some(Margin { initial: 0.5, maintenance: 0.25 }),
        ..whole(1_000.0, 4)
    };
    let found = account((&market, &quotes), &[step(1, &[2.5])], &rules);
    // Decided was 2.5 times equity: the initial margin allows 2.
    assert_eq!(found.scaled, 1);
    near(found.days[0].long, 2_000.0);
    near(found.days[1].forced, 0.0);
    near(found.days[1].margin_used.unwrap(), 0.25 * 1_400.0 / 400.0);
    near(found.days[2].forced, 726.0);
    near(found.days[2].cash, -274.0);
    near(found.days[2].value, 320.0);
    assert_eq!(found.days[3].forced, 0.0);
    assert_eq!(found.orders[1].reason, OrderReason::MarginCall);
}

/// A call sells until equity covers the rest after the impact of what it sells: half of it, but for a share.
#[test]
fn a_margin_call_pays_the_impact_of_what_it_sells_alone() {
    let market = traded(market(&[&all(&[100.0, 102.0, 100.0, 100.0, 100.0, 66.0, 66.0])]), 1e9);
    let quotes = Quotes::adjusted(&market);
    let rules = AccountRules {
        margin: Some(Margin { initial: 0.5, maintenance: 0.4 }),
        ..whole(1_000_000.0, 7)
    };
    let execution = Execution { impact: Some(IMPACT), ..charged(0.0) };
    let steps = [step(4, &[2.0])];
    let found = simulate_account((&market, &quotes), (&steps, &execution), &rules, 7).unwrap();
    let call = found.orders.iter().position(|own| own.reason == OrderReason::MarginCall).unwrap();
    assert!(found.orders[call].cost > 1_000.0);
    let day = found.days.iter().find(|day| day.forced > 0.0).unwrap();
    let covered = day.value / day.long;
    assert!((0.5..0.5001).contains(&covered), "{covered}");
}

/// 1,000 in two assets at 50: 10 shares each. At 55 and 45 the account is worth 1,000 and 300 are taken out. Nothing
/// is in cash: of 1,000 in shares 30 % must go, 7 of each are kept, 3 x 55 + 3 x 45 = 300 are sold. Then 100 is paid
/// in, which stays cash. Prices rise by a tenth: 7 x 60.5 + 7 x 49.5 = 770, and 100.
///
/// Time-weighted: 0 %, then 770 / 700 - 1 = 10 %; the 100 paid in that day count for nothing.
#[test]
fn withdrawals_are_raised_in_proportion_and_contributions_wait() {
    let market = market(&[&all(&[50.0, 55.0, 60.5]), &all(&[50.0, 45.0, 49.5])]);
    let quotes = Quotes::adjusted(&market);
    let flows = vec![(day(2), -300.0), (day(3), 100.0), (day(9), 5.0)];
    let rules = AccountRules { flows, ..whole(1_000.0, 3) };
    let found = account((&market, &quotes), &[step(1, &[0.5, 0.5])], &rules);
    near(found.days[1].flows, -300.0);
    near(found.days[1].value, 700.0);
    near(found.days[1].cash, 0.0);
    near(found.days[2].value, 870.0);
    near(found.days[2].cash, 100.0);
    near(found.simulation.net[0], 0.0);
    near(found.simulation.net[1], 0.1);
    let note = &found.simulation.notes[0].1.message;
    assert!(note.starts_with("1 flows are not paid"), "{note}");
}

/// 1,000 in 10 shares at 100, of which 300 are taken out at 5 an order: 305 are needed, 4 are sold for 400, and 95 is left.
#[test]
fn a_withdrawal_raises_its_own_commissions_in_one_order() {
    let market = market(&[&all(&[100.0, 100.0])]);
    let quotes = Quotes::adjusted(&market);
    let rules = AccountRules {
        flows: vec![(day(2), -300.0)],
        commission: Commission { per_share: 0.0, minimum: 5.0 },
        ..whole(1_000.0, 2)
    };
    let cost = LinearCost { per_side_bps: 0.0, initial_trade: InitialTrade::Free };
    let execution = Execution { cost, ..Execution::default() };
    let steps = [step(1, &[1.0])];
    let found = simulate_account((&market, &quotes), (&steps, &execution), &rules, 2).unwrap();
    assert_eq!(found.orders.len(), 2);
    near(found.orders[1].shares, -4.0);
    near(found.days[1].cash, 95.0);
    near(found.days[1].value, 695.0);
}

/// More than there is: all is sold and paid, at 1 % of costs: 990 of 1,000.
#[test]
fn a_withdrawal_of_everything_ends_the_account() {
    let market = market(&[&all(&[50.0, 50.0, 50.0])]);
    let quotes = Quotes::adjusted(&market);
    let rules = AccountRules { flows: vec![(day(2), -2_000.0)], ..AccountRules::new(1_000.0, 3) };
    let cost = LinearCost { per_side_bps: 100.0, initial_trade: InitialTrade::Free };
    let execution = Execution { cost, ..Execution::default() };
    let steps = [step(1, &[1.0])];
    let found = simulate_account((&market, &quotes), (&steps, &execution), &rules, 3).unwrap();
    assert_eq!(found.days.len(), 2);
    near(found.days[1].flows, -990.0);
    near(found.days[1].value, 0.0);
    near(found.simulation.net[0], -0.01);
    assert_eq!(found.simulation.wiped_out, None);
    assert!(found.simulation.notes[0].1.message.contains("takes all"));
}

/// 1,000 at 1 % of the value and at least 5 an order, half a cent a share above: 9 shares at 100 cost 9 and 5; a
/// tenth would need 1,000 + 10 + 5. The order of 90 shares at 10 pays 0.10 x 90 = 9 of commission.
#[test]
fn commissions_have_a_minimum_and_are_set_aside() {
    let market = market(&[&all(&[100.0, 100.0])]);
    let quotes = Quotes::adjusted(&market);
    let commission = Commission { per_share: 0.005, minimum: 5.0 };
    let rules = AccountRules { commission, ..whole(1_000.0, 2) };
    let steps = [step(1, &[1.0])];
    let found = simulate_account((&market, &quotes), (&steps, &charged(100.0)), &rules, 2).unwrap();
    near(found.days[0].costs, 9.0);
    near(found.days[0].commissions, 5.0);
    near(found.days[0].cash, 1_000.0 - 900.0 - 14.0);
    // Paid before the first session, and counted in its return.
    near(found.simulation.net[0], -0.014);
    near(found.simulation.gross[0], 0.0);
    near(found.simulation.cost[0], 0.014);
}

/// Half and half drifts to 52.4 % and 47.6 %: within a band of 3 % nothing is traded, and a trade of less than 30
/// is not made either.
#[test]
fn bands_and_the_smallest_trade_leave_holdings_alone() {
    let market = market(&[&all(&[10.0, 11.0, 11.0]), &all(&[10.0, 10.0, 10.0])]);
    let quotes = Quotes::adjusted(&market);
    let steps = [step(1, &[0.5, 0.5]), step(2, &[0.5, 0.5])];
    let orders = |trading: TradeRules| {
        let rules = AccountRules { trading, ..AccountRules::new(1_000.0, 3) };
        account((&market, &quotes), &steps, &rules).orders.len()
    };
    let free = TradeRules { lot: Lot::ANY, ..TradeRules::whole(0.0) };
    assert_eq!(orders(free.clone()), 4);
    assert_eq!(orders(TradeRules { band: 0.03, ..free.clone() }), 2);
    assert_eq!(orders(TradeRules { min_value: 30.0, ..free.clone() }), 2);
    assert_eq!(orders(TradeRules { bands: vec![(0, 0.03), (1, 0.03)], ..free }), 2);
}

/// Bought at the open of 104 of the session after the decision, worth 105 at its close and 110 a day later.
#[test]
fn trades_at_the_open_earn_from_the_open_on() {
    let market = market(&[&all(&[100.0, 105.0, 110.0])]);
    let opens = Prices::new(
        market.dates().to_vec(),
        Universe::new(["A0"]).unwrap(),
        vec![all(&[99.0, 104.0, 106.0])],
    );
    let quotes = Quotes::adjusted(&market).with_traded(opens.unwrap()).unwrap();
    let rules = AccountRules { fill: Fill::Within, ..AccountRules::new(1_040.0, 3) };
    let steps = [step(1, &[1.0])];
    let run = |lag_rows| {
        let execution = Execution { lag_rows, ..charged(0.0) };
        simulate_account((&market, &quotes), (&steps, &execution), &rules, 3)
    };
    let found = run(1).unwrap();
    near(found.orders[0].price, 104.0);
    near(found.days[0].value, 1_050.0);
    near(found.days[1].value, 1_100.0);
    near(found.simulation.net[0], 1_100.0 / 1_040.0 - 1.0);
    let error = run(0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "trades within a session need a lag of at least one session: without it they are made before the close that decides"
    );
}

const IMPACT: MarketImpact =
    MarketImpact { coefficient: 1.0, portfolio_value: 1e8, volatility_window: 2, volume_window: 2 };

/// The same market with so much traded of each asset in each session.
fn traded(market: Market, value: f64) -> Market {
    let each =
        vec![market.dates().iter().map(|date| (*date, value)).collect(); market.universe().len()];
    market.with_signal(Signal::new(MarketImpact::TRADED_VALUE, each).unwrap()).unwrap()
}

/// Returns of 0, 2 % and 0 before the trade: a standard deviation of `0.02 / sqrt(3)`. A million is traded a day, so that a
/// trade of the value `v` costs `2e-5 v^1.5 / sqrt(3)`, whatever a portfolio is said to be worth. 100 shares at 102 leave 10 of
/// 10,210, and cost 11.90: 99 are bought, for 11.72, and leave 100.28. Then 5,095 are withdrawn: 49 shares bring 4,998 less
/// 4.08, which is 0.80 too little, so that 50 are sold at once.
#[test]
fn orders_cost_the_impact_of_their_own_value() {
    let market = traded(market(&[&all(&[100.0, 100.0, 102.0, 102.0, 102.0, 102.0])]), 1e6);
    let impact = MarketImpact { volatility_window: 3, ..IMPACT };
    let execution = Execution { impact: Some(impact), ..charged(0.0) };
    let rules = AccountRules { flows: vec![(day(5), -5_095.0)], ..whole(10_210.0, 6) };
    let quotes = Quotes::adjusted(&market);
    let steps = [step(4, &[1.0])];
    let found = simulate_account((&market, &quotes), (&steps, &execution), &rules, 6).unwrap();
    let [bought, sold] = found.orders[..] else { panic!("{:?}", found.orders) };
    let cost = |v: f64| 2e-5 * v.powf(1.5) / 3f64.sqrt();
    assert_eq!((bought.shares, sold.shares), (99.0, -50.0));
    near(bought.cost, cost(99.0 * 102.0));
    near(sold.cost, cost(50.0 * 102.0));
    near(found.days[0].cash, 10_210.0 - 99.0 * 102.0 - cost(99.0 * 102.0));
    near(found.days[1].costs, sold.cost);
}

/// 10 shares end at 50 and pay 30 % less: 350 of cash.
#[test]
fn what_ends_is_paid_with_its_delisting_return() {
    let ending = [Some(100.0), Some(50.0), None];
    let market = market(&[&ending, &all(&[1.0, 1.0, 1.0])]);
    let market = market.with_delisting_returns(&[Some(-0.3), None]).unwrap();
    let quotes = Quotes::adjusted(&market);
    let found = account((&market, &quotes), &[step(1, &[1.0, 0.0])], &whole(1_000.0, 3));
    near(found.days[2].proceeds, 350.0);
    near(found.days[2].value, 350.0);
    assert!(found.simulation.notes[0].1.message.contains("delisting return of −30.00 %"));
}

/// Three times long, and the price halves: 3 x 500 - 2,000 is owed.
#[test]
fn an_account_that_owes_more_than_it_has_is_wiped_out() {
    let market = market(&[&all(&[100.0, 50.0, 60.0])]);
    let quotes = Quotes::adjusted(&market);
    let found = account((&market, &quotes), &[step(1, &[3.0])], &whole(1_000.0, 3));
    near(found.days[1].value, -500.0);
    assert_eq!(found.simulation.net, [-1.0]);
    assert_eq!(found.simulation.wiped_out, Some(day(2)));
}

/// A random market of three assets with as-traded closes, dividends and splits; its last asset ends early.
fn random(seed: u64) -> (Market, Quotes) {
    const ROWS: usize = 28;
    let mut numbers = SplitMix64::new(seed);
    let (mut closes, mut adjusted, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for asset in 0..3 {
        let rows = if asset == 2 { ROWS - 9 } else { ROWS };
        let (mut close, mut total, mut own) = (20.0 + 80.0 * numbers.unit(), 50.0, Vec::new());
        let (mut column, mut level) = (vec![Some(close)], vec![Some(total)]);
        for row in 1..rows {
            let split = match numbers.unit() {
                draw if draw < 0.1 => 2.0,
                draw if draw < 0.2 => 1.5,
                draw if draw < 0.3 => 0.1,
                _ => 1.0,
            };
            let dividend = if numbers.unit() < 0.15 { 0.02 * close } else { 0.0 };
            let growth = 0.94 + 0.12 * numbers.unit();
            let next = (close * growth - dividend) / split;
            own.push(ShareEvent { date: day(i8::try_from(row + 1).unwrap()), split, dividend });
            total *= (next * split + dividend) / close;
            close = next;
            column.push(Some(close));
            level.push(Some(total));
        }
        column.resize(ROWS, None);
        level.resize(ROWS, None);
        closes.push(column);
        adjusted.push(level);
        events.push(own);
    }
    let columns: Vec<&[Option<f64>]> = adjusted.iter().map(Vec::as_slice).collect();
    let market = market(&columns).with_delisting_returns(&[None, None, Some(-0.4)]).unwrap();
    let universe = Universe::new(["A0", "A1", "A2"]).unwrap();
    let closes = Prices::new(market.dates().to_vec(), universe, closes).unwrap();
    let quotes = Quotes::new(closes, events).unwrap();
    (market, quotes)
}

fn random_rules(seed: u64, rows: usize) -> AccountRules {
    let mut numbers = SplitMix64::new(seed ^ 0x5eed);
    let mut rates = |most: f64| -> Vec<f64> { (0..rows).map(|_| most * numbers.unit()).collect() };
    let financing =
        Financing { cash: rates(2e-4), borrow: rates(4e-4), rebate: rates(1e-4), fee: rates(3e-4) };
    let mut flow = |at: i8| (day(at), 400.0 * (numbers.unit() - 0.6) * 1_000.0);
    let flows = vec![flow(4), flow(9), flow(14)];
    let lot = if seed.is_multiple_of(2) { Lot::WHOLE } else { Lot::ANY };
    AccountRules {
        trading: TradeRules { lot, band: 0.002, min_value: 50.0, ..TradeRules::whole(0.0) },
        commission: Commission { per_share: 0.01, minimum: 1.5 },
        margin: seed.is_multiple_of(3).then_some(Margin { initial: 0.5, maintenance: 0.3 }),
        financing,
        flows,
        ..AccountRules::new(1e6, rows)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Cash changes by what is stated and nothing else, to 1e-9 of the capital; shares are what orders, splits and
    /// ends make of them; whole shares stay whole.
    #[test]
    fn cash_and_shares_are_conserved(seed in any::<u64>()) {
        let (market, quotes) = random(seed);
        let moves = seed % 5 < 2;
        let market = if moves { traded(market, 3e7) } else { market };
        let rules = random_rules(seed, market.rows());
        let mut numbers = SplitMix64::new(seed ^ 7);
        // Windows of two returns are full from the fourth session on.
        let steps: Vec<Step> = [if moves { 4 } else { 1 }, 6, 11, 16, 23]
            .into_iter()
            .map(|row| {
                let weights: Vec<f64> = (0..3)
                    .map(|at| if at == 2 && row > 18 { 0.0 } else { 1.4 * numbers.unit() - 0.4 })
                    .collect();
                step(row, &weights)
            })
            .collect();
        let execution = Execution { impact: moves.then_some(IMPACT), ..charged(7.0) };
        let found =
            simulate_account((&market, &quotes), (&steps, &execution), &rules, market.rows()).unwrap();
        let (mut cash, mut shares) = (rules.capital, [0.0; 3]);
        for day in &found.days {
            for (asset, held) in shares.iter_mut().enumerate() {
                if quotes.listing(asset).end == day.row {
                    *held = 0.0;
                } else if let Some(event) = quotes.event(day.row, asset) {
                    *held *= event.split;
                    if rules.trading.lot == Lot::WHOLE {
                        *held = if (*held - held.round()).abs() < 1e-9 { held.round() } else { held.trunc() };
                    }
                }
            }
            let mut bought = 0.0;
            for order in found.orders.iter().filter(|order| order.row == day.row) {
                bought += order.shares * order.price;
                let linear = 7e-4 * (order.shares * order.price).abs();
                prop_assert!(if moves { order.cost > linear } else { order.cost == linear }, "{order:?}");
                shares[order.asset] += order.shares;
                if rules.trading.lot == Lot::WHOLE {
                    prop_assert!((order.shares - order.shares.round()).abs() < 1e-6);
                }
            }
            prop_assert!((bought - day.bought).abs() <= 1e-9 * rules.capital);
            cash += day.dividends + day.proceeds + day.financing + day.flows
                - day.bought - day.costs - day.commissions;
            prop_assert!((cash - day.cash).abs() <= 1e-9 * rules.capital, "{cash} {day:?}");
            let value = |side: f64| -> f64 {
                let each = shares.iter().enumerate().filter(|(_, held)| **held * side > 0.0);
                each.map(|(asset, held)| held * quotes.close(day.row, asset).unwrap()).sum()
            };
            prop_assert!((value(1.0) - day.long).abs() <= 1e-9 * rules.capital);
            prop_assert!((-value(-1.0) - day.short).abs() <= 1e-9 * rules.capital);
            prop_assert!((day.value - day.cash - day.long + day.short).abs() <= 1e-9 * rules.capital);
            if let Some(margin) = rules.margin.filter(|_| day.value > 0.0) {
                prop_assert!(margin.maintenance * (day.long + day.short) <= day.value * 1.05);
            }
        }
    }

    /// An account of fractions on adjusted closes, without costs, is the simulation of weights.
    #[test]
    fn fractions_without_costs_are_the_simulation_of_weights(seed in any::<u64>()) {
        let (market, _) = random(seed);
        let steps = [step(1, &[0.5, 0.3, 0.2]), step(8, &[1.3, -0.3, 0.0]), step(15, &[0.2, 0.2, 0.1])];
        let quotes = Quotes::adjusted(&market);
        let rules = AccountRules::new(1e5, market.rows());
        let found = account((&market, &quotes), &steps, &rules).simulation;
        let plain = simulate(&market, &steps, &charged(0.0), market.rows()).unwrap();
        prop_assert_eq!(&found.rows, &plain.rows);
        for (own, expected) in found.net.iter().zip(&plain.net) {
            prop_assert!((own - expected).abs() < 1e-11, "{} {}", own, expected);
        }
    }
}

/// Whole shares come nearer to fractions as capital grows, by as much.
#[test]
fn whole_shares_agree_with_fractions_as_capital_grows() {
    let (market, _) = random(11);
    let steps = [step(1, &[0.5, 0.3, 0.2]), step(8, &[0.1, 0.6, 0.3]), step(15, &[0.4, 0.4, 0.2])];
    let quotes = Quotes::adjusted(&market);
    let plain = simulate(&market, &steps, &Execution::default(), market.rows()).unwrap();
    let apart = |capital: f64| {
        let own = account((&market, &quotes), &steps, &whole(capital, market.rows())).simulation;
        let each = own.net.iter().zip(&plain.net).map(|(own, plain)| (own - plain).abs());
        each.fold(0.0, f64::max)
    };
    let found = [1e3, 1e5, 1e7, 1e9].map(apart);
    assert!(found.windows(2).all(|pair| pair[1] < 0.1 * pair[0]), "{found:?}");
    assert!(found[0] > 1e-4 && found[3] < 1e-8, "{found:?}");
}

#[test]
fn a_study_that_restores_weights_every_day_is_the_simulations_alone() {
    // Nothing here reads the drift: the account holds shares.
    let market = market(&[&all(&[10.0, 11.0, 12.0]), &all(&[10.0, 10.0, 10.0])]);
    let quotes = Quotes::adjusted(&market);
    let steps = [step(1, &[0.5, 0.5])];
    let drifts = [Drift::BuyAndHold, Drift::ConstantWeights].map(|drift| {
        let execution = Execution { drift, ..charged(0.0) };
        let rules = AccountRules::new(1.0, 3);
        simulate_account((&market, &quotes), (&steps, &execution), &rules, 3).unwrap()
    });
    assert_eq!(drifts[0], drifts[1]);
}
