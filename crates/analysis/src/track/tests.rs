//! What holds of the figures of any series.

use proptest::prelude::*;
use walkfolio_core::Date;
use walkfolio_stats::measures::drawdown::max_drawdown;
use walkfolio_stats::measures::performance::{annual_return, final_wealth};

use super::{Series, Track};

/// A daily series of some returns, without weekends, the benchmark's where there is one.
fn series(own: Vec<f64>, benchmark: Vec<Option<f64>>) -> Series {
    let mut date = Date::constant(2019, 12, 30);
    let dates = own.iter().map(|_| {
        date = date.tomorrow().unwrap();
        while date.weekday().to_monday_zero_offset() > 4 {
            date = date.tomorrow().unwrap();
        }
        date
    });
    Series { dates: dates.collect(), own, benchmark }
}

proptest! {
    #[test]
    fn figures_agree_with_the_measures(own in prop::collection::vec(-0.2_f64..0.2, 1..700)) {
        let series = series(own.clone(), Vec::new());
        let found = Track::of(&series, 252.0);
        let worst = found.drawdowns.first().map_or(0.0, |one| one.depth);
        prop_assert_eq!(worst, max_drawdown(&own).unwrap());
        prop_assert!(found.drawdowns.windows(2).all(|two| two[0].depth <= two[1].depth));
        for one in &found.drawdowns {
            prop_assert!(one.depth < 0.0);
            prop_assert!(one.peak.is_none_or(|peak| peak < one.trough));
            prop_assert!(one.recovery.is_none_or(|recovery| one.trough < recovery));
        }
        let all = found.trailing.last().unwrap();
        let whole = if own.len() > 252 {
            annual_return(&own, 252.0).unwrap()
        } else {
            final_wealth(&own) - 1.0
        };
        prop_assert_eq!((all.key, all.own), ("all", whole));
        for one in &found.periodic {
            prop_assert!((0.0..=1.0).contains(&one.gained));
            prop_assert!(one.worst.value <= one.best.value);
            prop_assert_eq!(one.gained > 0.0, one.best.value > 0.0);
        }
        if let Some(months) = &found.months {
            prop_assert_eq!(months.counts.iter().sum::<usize>(), months.count);
        }
    }

    #[test]
    fn a_portfolio_that_is_its_benchmark_is_never_ahead(own in prop::collection::vec(-0.05_f64..0.05, 60..300)) {
        let benchmark = own.iter().copied().map(Some).collect();
        let found = Track::of(&series(own, benchmark), 252.0);
        prop_assert!(found.periodic.iter().all(|one| one.ahead == Some(0.0)));
        prop_assert!(found.trailing.iter().all(|one| one.benchmark == Some(one.own)));
        prop_assert!(found.drawdowns.iter().all(|one| (one.benchmark.unwrap() - one.depth).abs() < 1e-12));
        let capture = found.capture.unwrap();
        for ratio in [capture.up, capture.down].into_iter().flatten() {
            prop_assert!((ratio - 1.0).abs() < 1e-12);
        }
    }
}
