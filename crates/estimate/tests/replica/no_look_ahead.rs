//! Nothing of a decision's row or a later one enters, not even rounding.

use proptest::prelude::*;
use proptest::sample::Index;
use walkfolio_core::{Market, Poison};
use walkfolio_estimate::expected_returns::{
    ExpectedReturnsModel, MeanReversion, Momentum, MultiFactor, Shrinkage,
};
use walkfolio_estimate::features::{Feature, History, Signal, Transform};
use walkfolio_estimate::{Scale, joint_covariance};

use crate::data::drawn_market;
use crate::features::seven;

const ROWS: usize = 700;

fn market(seed: u64, late: usize, end: usize) -> Market {
    let full = (0, ROWS);
    drawn_market(ROWS, &[full, full, full, full, full, (late, end)], seed)
}

/// All features of all month-ends, as bits; missing ones are `None`.
fn panel(market: &Market, t: usize) -> Vec<Option<u64>> {
    let past = market.before(t).unwrap();
    let history = History::new(&past);
    let signal = Signal { name: "pe".into(), panel: "pe".into(), transform: Transform::Identity };
    let mut features: Vec<Box<dyn Feature>> = seven();
    features.push(Box::new(signal));
    let all: Vec<usize> = (0..market.universe().len()).collect();
    let table =
        |index| history.at(index).unwrap().features(&all, &features).unwrap().into_iter().flatten();
    (0..history.month_ends().len()).flat_map(table).map(|value| value.map(f64::to_bits)).collect()
}

/// All models of expected returns and the joint covariance, as bits.
fn moments(market: &Market, t: usize) -> Vec<u64> {
    let past = market.before(t).unwrap();
    let assets = [0, 1, 2, 3, 4];
    let multi = MultiFactor { least_months: 1, ..Default::default() };
    let year = Scale::annual(252.0);
    let of = |model: &dyn ExpectedReturnsModel| model.estimate(&past, &assets, year).unwrap();
    let values = [
        of(&Shrinkage::default()),
        of(&Momentum::default()),
        of(&MeanReversion::default()),
        of(&multi),
        joint_covariance(&past, &assets, 60, 252.0).unwrap().to_dense().values().to_vec(),
    ];
    values.concat().into_iter().map(f64::to_bits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_future_is_in_no_estimate(
        seed in any::<u64>(), late in 0usize..600, life in 5usize..400, at in any::<Index>(),
    ) {
        let market = market(seed, late, (late + life).min(ROWS));
        let t = 320 + at.index(ROWS - 320);
        for poison in [Poison::Values, Poison::Delist] {
            let poisoned = market.poisoned(t, poison);
            prop_assert_eq!(panel(&market, t), panel(&poisoned, t));
            prop_assert_eq!(moments(&market, t), moments(&poisoned, t));
        }
    }

    /// The features of a month-end are the same whoever asks, then or later.
    #[test]
    fn a_later_past_has_the_same_features(seed in any::<u64>(), at in any::<Index>()) {
        let market = market(seed, 100, 500);
        let t = 30 + at.index(ROWS - 30);
        let (then, later) = (panel(&market, t), panel(&market, ROWS - 1));
        prop_assert_eq!(&then[..], &later[..then.len()]);
    }
}
