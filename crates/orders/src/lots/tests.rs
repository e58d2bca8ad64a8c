#![allow(clippy::unwrap_used, reason = "a test may stop at a fault")]

use super::lot::is_long;
use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn lot(acquired: &str, shares: f64, price: f64) -> TaxLot {
    TaxLot { acquired: day(acquired), shares, price }
}

const RATES: TaxRates = TaxRates { short_term: 0.37, long_term: 0.20 };

/// Three lots of 100 shares at 40, 60 and 55; the price is 50.
fn lots() -> [TaxLot; 3] {
    [lot("2022-01-10", 100.0, 40.0), lot("2023-02-10", 100.0, 60.0), lot("2024-03-15", 100.0, 55.0)]
}

fn sold(method: LotMethod, shares: f64) -> Sale {
    sell(&lots(), shares, 50.0, (day("2024-07-01"), 0.0), method)
}

#[test]
fn each_method_takes_its_lots() {
    let taken = |sale: &Sale| sale.lots.iter().map(|own| (own.lot, own.shares)).collect::<Vec<_>>();
    // By hand: FIFO 100 at 40 and 50 at 60: 1000 - 500.
    let fifo = sold(LotMethod::Fifo, 150.0);
    assert_eq!(
        (taken(&fifo), fifo.realized(), fifo.long_term()),
        (vec![(0, 100.0), (1, 50.0)], 500.0, 500.0)
    );
    // Highest cost: 100 at 60 and 50 at 55: -1000 - 250, the second short-term.
    let highest = sold(LotMethod::HighestCost, 150.0);
    assert_eq!((taken(&highest), highest.realized()), (vec![(1, 100.0), (2, 50.0)], -1_250.0));
    assert_eq!(highest.long_term(), -1_000.0);
    // Minimum tax, a share: -10 at 20 % is -2, -5 at 37 % is -1.85, +10 at 20 % is 2.
    let least = sold(LotMethod::MinimumTax(RATES), 250.0);
    assert_eq!(taken(&least), [(1, 100.0), (2, 100.0), (0, 50.0)]);
    // -1000 and +500 long-term, -500 short-term: 0.2 * -500 + 0.37 * -500.
    assert!((least.tax(RATES) + 285.0).abs() < 1e-9);
    let more = sold(LotMethod::Fifo, 310.0);
    assert_eq!(more.without_lot, 10.0);
}

#[test]
fn minimum_tax_is_the_least_that_enumeration_of_orders_finds() {
    let lots = [
        lot("2023-06-30", 7.0, 48.0),
        lot("2023-07-02", 5.0, 44.0),
        lot("2022-05-05", 6.0, 61.0),
        lot("2024-01-05", 4.0, 39.0),
    ];
    let on = day("2024-07-01");
    for shares in 1..=22 {
        let shares = f64::from(shares);
        let least = sell(&lots, shares, 50.0, (on, 0.0), LotMethod::MinimumTax(RATES)).tax(RATES);
        for order in permutations(4) {
            let parts = in_order(&lots, &order, shares);
            let sale = super::sold((&lots, &parts), shares, (50.0, on, 0.0));
            assert!(least <= sale.tax(RATES) + 1e-9, "{shares} {order:?}");
        }
    }
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(n - 1);
    let put = |at: usize| {
        shorter.iter().map(move |own| {
            let mut own = own.clone();
            own.insert(at, n - 1);
            own
        })
    };
    (0..n).flat_map(put).collect()
}

#[test]
fn a_year_and_a_day_is_long_term() {
    let term = |acquired: &str, sold: &str| is_long(day(acquired), day(sold));
    assert!(!term("2023-07-01", "2024-07-01"));
    assert!(term("2023-07-01", "2024-07-02"));
    assert!(!term("2024-02-29", "2025-02-28"));
    assert!(term("2024-02-29", "2025-03-01"));
    // Bought on the last day of a month: in a later month.
    assert!(!term("2023-02-28", "2024-02-29"));
    assert!(term("2023-02-28", "2024-03-01"));
    assert!(term("2023-04-30", "2024-05-01"));
}

#[test]
fn a_loss_that_is_bought_back_does_not_count() {
    // 100 bought at 60 two years ago, 40 bought at 52 twelve days ago; 100 are sold at 50.
    let lots = [lot("2022-01-10", 100.0, 60.0), lot("2024-06-19", 40.0, 52.0)];
    let on = day("2024-07-01");
    let sale = sell(&lots, 100.0, 50.0, (on, 0.0), LotMethod::Fifo);
    // 40 of the 100 shares are replaced: 400 of 1000 do not count.
    assert_eq!((sale.disallowed(), sale.realized()), (-400.0, -600.0));
    // All are sold: nothing replaces them.
    let sale = sell(&lots, 140.0, 50.0, (on, 0.0), LotMethod::Fifo);
    assert_eq!((sale.disallowed(), sale.realized()), (0.0, -1_080.0));
    // 31 days are too long ago, 30 are not.
    let bought = |acquired: &str| {
        let lots = [lots[0], lot(acquired, 40.0, 52.0)];
        sell(&lots, 100.0, 50.0, (on, 0.0), LotMethod::Fifo).disallowed()
    };
    assert_eq!((bought("2024-05-31"), bought("2024-06-01")), (0.0, -400.0));
    // Bought back later: for as many shares.
    let sale = sell(&lots[..1], 50.0, 50.0, (on, 20.0), LotMethod::HighestCost);
    assert_eq!((sale.disallowed(), sale.realized()), (-200.0, -300.0));
    // A gain counts whatever is bought.
    let sale = sell(&lots[..1], 50.0, 70.0, (on, 20.0), LotMethod::HighestCost);
    assert_eq!((sale.disallowed(), sale.realized()), (0.0, 500.0));
}

/// 26 shares of four lots, some within 30 days of the sale: no split of it over the lots is taxed less.
#[test]
fn minimum_tax_is_the_least_of_all_splits_where_losses_are_washed() {
    let on = day("2024-07-01");
    let ages = ["2024-06-28", "2024-06-19", "2024-06-01", "2024-05-31", "2023-12-01", "2022-03-03"];
    let mut chance = 7_u64;
    let mut below = |most: u64| -> u32 {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        u32::try_from((chance >> 33) % most).unwrap()
    };
    for _ in 0..400 {
        let counts: [u32; 4] = std::array::from_fn(|_| below(5) + 1);
        let lots = counts.map(|shares| {
            let age = ages[usize::try_from(below(6)).unwrap()];
            lot(age, f64::from(shares), f64::from(below(40) + 30))
        });
        let count = below(u64::from(counts.iter().sum::<u32>())) + 1;
        let shares = f64::from(count);
        let bought = if below(3) == 0 { f64::from(below(6)) } else { 0.0 };
        let found = sell(&lots, shares, 50.0, (on, bought), LotMethod::MinimumTax(RATES));
        let least = splits(&counts, count)
            .into_iter()
            .map(|parts| super::sold((&lots, &parts), shares, (50.0, on, bought)).tax(RATES));
        let least = least.fold(f64::INFINITY, f64::min);
        let tax = found.tax(RATES);
        assert!((tax - least).abs() < 1e-9, "{lots:?} {shares} {bought}: {tax} {least}");
        let sold: f64 = found.lots.iter().map(|own| own.shares).sum();
        assert!((sold - shares).abs() < 1e-9);
    }
}

/// Every way to sell so many whole shares of some lots.
fn splits(counts: &[u32], count: u32) -> Vec<Vec<(usize, f64)>> {
    let mut all: Vec<Vec<u32>> = vec![Vec::new()];
    for most in counts {
        let with = |parts: &Vec<u32>| -> Vec<Vec<u32>> {
            (0..=*most).map(|own| [&parts[..], &[own]].concat()).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    all.retain(|parts| parts.iter().sum::<u32>() == count);
    let listed = |parts: Vec<u32>| -> Vec<(usize, f64)> {
        let each = parts.into_iter().map(f64::from).enumerate();
        each.filter(|own| own.1 > 0.0).collect()
    };
    all.into_iter().map(listed).collect()
}

/// 80 of 100 shares that were bought twelve days ago at 60 are sold at 50: the other 20 of the same lot replace nothing.
#[test]
fn what_is_left_of_a_lot_does_not_wash_its_own_loss() {
    let on = day("2024-07-01");
    let one = [lot("2024-06-19", 100.0, 60.0)];
    let sale = sell(&one, 80.0, 50.0, (on, 0.0), LotMethod::Fifo);
    assert_eq!((sale.disallowed(), sale.realized()), (0.0, -800.0));
    // Two recent lots: 30 of the second replace 30 of the first.
    let two = [lot("2024-06-19", 100.0, 60.0), lot("2024-06-20", 30.0, 40.0)];
    let sale = sell(&two, 80.0, 50.0, (on, 0.0), LotMethod::Fifo);
    assert_eq!((sale.disallowed(), sale.realized()), (-300.0, -500.0));
}

#[test]
fn minimum_tax_knows_that_a_wash_sale_saves_nothing() {
    // The loss of the old lot would be washed by the new one; the gain of the third is small.
    let lots = [
        lot("2022-01-10", 10.0, 80.0),
        lot("2024-06-19", 20.0, 50.0),
        lot("2022-02-01", 10.0, 49.0),
    ];
    let sale = sell(&lots, 10.0, 50.0, (day("2024-07-01"), 0.0), LotMethod::MinimumTax(RATES));
    assert_eq!(sale.tax(RATES), 0.0);
}
