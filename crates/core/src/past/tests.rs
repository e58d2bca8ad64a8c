//! What is and is not known before a decision.

use std::collections::BTreeSet;

use super::*;
use crate::{Prices, Universe};

/// Forty months of month-end sessions; B lists at row 5 and ends after row 29.
fn market() -> Market {
    let dates: Vec<Date> = (0..40)
        .map(|m| Date::constant(2020, 1, 1) + jiff::Span::new().months(m))
        .map(Date::last_of_month)
        .collect();
    let a = (0..40).map(|row| Some(100.0 + f64::from(row))).collect();
    let b = (0..40).map(|row| (5..30).contains(&row).then_some(50.0)).collect();
    let prices = Prices::new(dates, Universe::new(["A", "B"]).unwrap(), vec![a, b]).unwrap();
    Market::new(prices).unwrap()
}

#[test]
fn the_decision_row_is_out_of_reach() {
    let market = market();
    let past = market.before(10).unwrap();
    assert_eq!(past.dates().len(), 10);
    assert_eq!(past.price(10, 0), None);
    assert_eq!(
        past.returns(&[0], 10).unwrap_err().to_string(),
        "A has 9 returns before 2020-11-30, the window needs 10"
    );
    let last = past.returns(&[0], 1).unwrap();
    assert_eq!(last[(0, 0)], 109.0 / 108.0 - 1.0);
}

#[test]
fn an_earlier_past_knows_less_and_a_market_of_it_no_more() {
    let published = vec![(Date::constant(2021, 3, 5), 1.0), (Date::constant(2022, 3, 5), 2.0)];
    let signal = crate::Signal::new("pe", vec![published, Vec::new()]).unwrap();
    let market = market().with_signal(signal).unwrap();
    let past = market.before(36).unwrap();
    let earlier = past.before(20).unwrap();
    assert_eq!((earlier.rows(), earlier.price(20, 0)), (20, None));
    assert_eq!(earlier.dates(), market.before(20).unwrap().dates());
    assert!(earlier.before(21).is_err());
    assert_eq!(past.signal("pe", 0).unwrap(), Some(2.0));
    assert_eq!(earlier.signal("pe", 0).unwrap(), Some(1.0));
    assert!(past.signal("ps", 0).is_err());
    let known = earlier.to_market();
    assert_eq!(known.rows(), 20);
    assert_eq!(known.before(19).unwrap().price(18, 0), past.price(18, 0));
    assert_eq!(known.signals[0].records(0).len(), 1);
    assert_eq!((earlier.returns_known(0), earlier.returns_known(1)), (19, 14));
    assert_eq!(past.returns_known(1), 0);
}

#[test]
fn what_is_published_later_is_falsified() {
    let known = Date::constant(2020, 12, 31);
    let later = Date::constant(2021, 1, 4);
    let records = vec![vec![(known, 0.0), (later, 0.0)], Vec::new()];
    let market = market().with_signal(crate::Signal::new("pe", records).unwrap()).unwrap();
    let poisoned = market.poisoned(12, crate::Poison::Values);
    let records = poisoned.signals[0].records(0);
    assert_eq!(records[0], (known, 0.0));
    assert!(records[1].1 != 0.0);
}

#[test]
fn a_later_end_is_not_known() {
    let market = market();
    assert_eq!(market.before(20).unwrap().listing(1), 5..20);
}

#[test]
fn eligibility_needs_window_and_history() {
    let market = market();
    let eligible = |t, rows, months| {
        let need = Need { rows, history_months: months };
        market.before(t).unwrap().eligible(need)
    };
    assert_eq!(eligible(9, 3, None), [0, 1]);
    assert_eq!(eligible(8, 3, None), [0]);
    // Month-end 13 months before row 18 is row 5, B's first price.
    assert_eq!(eligible(19, 3, Some(13)), [0, 1]);
    assert_eq!(eligible(18, 3, Some(13)), [0]);
    // Delisted.
    assert_eq!(eligible(31, 1, None), [0]);
    assert_eq!(eligible(30, 1, None), [0, 1]);
}

#[test]
fn members_of_the_last_known_session_are_eligible() {
    let spell = |first, last| crate::Spell { first, last: Some(last) };
    let (enters, leaves) = (Date::constant(2020, 11, 30), Date::constant(2021, 3, 31));
    let spells = vec![vec![spell(enters, leaves)], vec![spell(enters, leaves)]];
    let members = crate::Membership::new(market().universe(), spells).unwrap();
    let market = market().with_members(members).unwrap();
    let eligible = |t| market.before(t).unwrap().eligible(Need { rows: 3, history_months: None });
    // Row 10 is the first day, row 14 the last.
    assert_eq!(
        [eligible(10), eligible(11), eligible(15), eligible(16)],
        [vec![], vec![0, 1], vec![0, 1], vec![]]
    );
    let poisoned = market.poisoned(12, crate::Poison::Values);
    assert_eq!(poisoned.before(12).unwrap().eligible(Need::default()), [0, 1]);
    assert!(poisoned.before(15).unwrap().eligible(Need::default()).is_empty());
    let known = market.before(12).unwrap().to_market();
    assert_eq!(known.members().unwrap().spells(0), [spell(enters, Date::constant(2020, 12, 31))]);
    let other = Universe::new(["A"]).unwrap();
    let fewer = crate::Membership::new(&other, vec![vec![]]).unwrap();
    assert!(market.with_members(fewer).is_err());
}

#[test]
fn a_delisting_return_is_seen_by_no_window() {
    let market = market().with_delisting_returns(&[None, Some(-0.4)]).unwrap();
    assert_eq!(market.returns().delisting(1), -0.4);
    assert_eq!((market.returns().row_or_zero(30)[1], market.returns().value(30, 1)), (-0.4, None));
    assert!(market.before(31).unwrap().returns(&[1], 1).is_err());
    assert_eq!(market.before(30).unwrap().to_market().returns().delisting(1), 0.0);
    for wrong in [-1.1, f64::NAN] {
        assert!(market.clone().with_delisting_returns(&[None, Some(wrong)]).is_err());
    }
}

#[test]
fn a_filled_price_buys_nothing() {
    let market = market();
    let dates = market.dates().to_vec();
    let filled = vec![[dates[11], dates[12]].into_iter().collect(), BTreeSet::new()];
    let market = market.with_filled(filled).unwrap();
    let eligible = |t| market.before(t).unwrap().eligible(Need { rows: 3, history_months: None });
    assert_eq!(
        [eligible(11), eligible(12), eligible(13), eligible(14)],
        [vec![0, 1], vec![1], vec![1], vec![0, 1]]
    );
    let untraded = |t| market.before(t).unwrap().untraded(Need { rows: 3, history_months: None });
    assert_eq!(
        [untraded(11), untraded(12), untraded(13), untraded(14)],
        [vec![], vec![0], vec![0], vec![]]
    );
    let longer = Need { rows: 13, history_months: None };
    assert!(market.before(12).unwrap().untraded(longer).is_empty());
    assert!(market.is_traded(13, 0) && !market.is_traded(12, 0) && !market.is_traded(30, 1));
    assert!(market.with_filled(vec![BTreeSet::new()]).is_err());
}
