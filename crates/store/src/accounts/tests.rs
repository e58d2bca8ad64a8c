use walkfolio_record::{AccountFigures, AccountRow, OrderRow};

use super::*;

/// An account of every kind.
fn done(at: usize) -> AccountDone {
    let fails = at.is_multiple_of(7);
    let order = OrderRow {
        asset: format!("A{}", at % 3),
        side: "buy".to_owned(),
        shares: at as f64,
        price: 2.0,
        value: 2.0 * at as f64,
        cost: 0.1,
    };
    let figures =
        AccountFigures { equity: 10.0, cost: 0.1, orders: 1, ..AccountFigures::default() };
    let row = AccountRow {
        account: format!("{at:06}"),
        status: if fails { AccountStatus::Failed } else { AccountStatus::Trades },
        reason: fails.then(|| "no price".to_owned()),
        hint: fails.then(|| "give one".to_owned()),
        figures: (!fails).then_some(figures),
        notes: None,
    };
    AccountDone { row, orders: if fails { Vec::new() } else { vec![order] } }
}

fn some(first: usize, end: usize) -> Vec<AccountDone> {
    (first..end).map(done).collect()
}

#[test]
fn tables_are_the_same_whatever_the_parts() {
    let place = tempfile::tempdir().unwrap();
    let all = |name: &str, ends: &[usize]| {
        let parts = AccountParts::open(&place.path().join(name), "same").unwrap();
        let mut first = 0;
        for &end in ends {
            assert!(end - first <= AccountParts::room(first));
            parts.save(first, &some(first, end)).unwrap();
            first = end;
        }
        parts.tables().unwrap()
    };
    let whole = all("a", &[4_096, 5_000]);
    assert_eq!(whole, all("b", &[256, 1_024, 4_096, 4_352, 5_000]));
    let failed = 5_000_usize.div_ceil(7);
    assert_eq!(
        (whole.failed, whole.trades, whole.order_count),
        (failed, 5_000 - failed, 5_000 - failed)
    );
    assert_eq!((whole.failures.len(), &whole.failures[1].0[..]), (10, "000007"));
    assert!((whole.equity - 10.0 * (5_000 - failed) as f64).abs() < 1e-6);
    let table = Table::open(Bytes::from(whole.orders)).unwrap().whole().unwrap();
    assert_eq!((table[0].text(0), table[3].number(0)), (Some("000001"), Some(1.0)));
}

#[test]
fn a_beginning_is_found_again_and_that_of_others_is_removed() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("today");
    let parts = AccountParts::open(&out, "one").unwrap();
    parts.save(0, &some(0, 256)).unwrap();
    parts.save(256, &some(256, 300)).unwrap();
    // What a kill between the two files of a part has left.
    parts.put("orders", (300, 400), &columns::orders(&some(300, 400))).unwrap();
    // A hole: nothing behind it counts.
    parts.save(500, &some(500, 600)).unwrap();
    let parts = AccountParts::open(&out, "one").unwrap();
    assert_eq!(parts.done(), 300);
    assert_eq!(AccountParts::open(&out, "another").unwrap().done(), 0);
    parts.remove().unwrap();
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}
