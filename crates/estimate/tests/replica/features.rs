//! The seven features against the reference results, and their corner cases.

use std::time::{Duration, Instant};

use walkfolio_core::{Market, Need, Past, Prices, Universe};
use walkfolio_estimate::features::{
    Correlation, Feature, History, Momentum, Signal, Transform, Volatility, cross_section, need,
};

use crate::data::{FUNDS, drawn_market, folder, real_market, row};

/// The columns of the reference file, in their order.
pub fn seven() -> Vec<Box<dyn Feature>> {
    let momentum = |months| Box::new(Momentum { months }) as Box<dyn Feature>;
    let volatility = |days| Box::new(Volatility { days, periods_per_year: 252.0 });
    vec![
        momentum(1),
        momentum(3),
        momentum(6),
        momentum(12),
        volatility(20),
        volatility(60),
        Box::new(Correlation { days: 60 }),
    ]
}

#[test]
fn names_and_needs() {
    let names: Vec<String> = seven().iter().map(|feature| feature.name()).collect();
    assert_eq!(
        names,
        [
            "momentum_1m",
            "momentum_3m",
            "momentum_6m",
            "momentum_12m",
            "volatility_20d",
            "volatility_60d",
            "correlation_60d"
        ]
    );
    assert_eq!(need(&seven()), Need { rows: 60, history_months: Some(13) });
    assert_eq!(need(&[]), Need { rows: 0, history_months: None });
}

/// Every month, every fund that is eligible and no other, from 2013-07 on.
#[test]
fn the_reference_file() {
    let (Some(market), Some(golden)) = (real_market(), folder("WALKFOLIO_GOLDEN", "golden")) else {
        return;
    };
    let text = std::fs::read_to_string(golden.join("mtum/features_labels.csv")).unwrap();
    let mut expected = text.lines().skip(1).peekable();
    let past = market.before(market.rows() - 1).unwrap();
    let (history, features) = (History::new(&past), seven());
    let (mut worst, mut compared, mut months) = (0.0f64, 0, 0);
    for index in 0..history.month_ends().len() {
        let end = history.at(index).unwrap();
        let month = end.date().strftime("%Y-%m").to_string();
        if !("2013-07".."2025-07").contains(&month.as_str()) {
            continue;
        }
        months += 1;
        // The file has the funds in the order of their list.
        let mut assets = end.eligible(need(&features));
        assets.sort_unstable();
        for (asset, found) in assets.iter().zip(end.features(&assets, &features).unwrap()) {
            let cells: Vec<&str> = expected.next().unwrap().split(',').collect();
            assert_eq!(cells[..2], [month.as_str(), FUNDS[*asset]]);
            for (found, cell) in found.into_iter().zip(&cells[2..9]) {
                let expected: f64 = cell.parse().unwrap();
                worst = worst.max((found.unwrap() - expected).abs());
                compared += 1;
            }
        }
    }
    assert_eq!(expected.peek(), None);
    println!("{compared} features of {months} months: largest difference {worst:.1e}");
    assert_eq!((months, compared), (144, 1_513 * 7));
    assert!(worst < 1e-9, "{worst}");
}

#[test]
fn eligibility_is_that_of_the_past() {
    let market = real_market().unwrap_or_else(|| {
        drawn_market(1_500, &[(0, 1_500), (100, 1_500), (300, 900), (700, 1_500)], 3)
    });
    let past = market.before(market.rows() - 1).unwrap();
    let history = History::new(&past);
    for index in (0..history.month_ends().len()).step_by(7) {
        let end = history.at(index).unwrap();
        let then = past.before(end.row() + 1).unwrap();
        for need in [
            Need { rows: 60, history_months: Some(13) },
            Need { rows: 252, history_months: None },
            Need { rows: 0, history_months: Some(0) },
        ] {
            assert_eq!(end.eligible(need), then.eligible(need), "{}", end.date());
        }
    }
}

/// One cross-section of a past is the last of its history, and that of the past it ends.
#[test]
fn a_cross_section_knows_its_month_only() {
    let market = drawn_market(600, &[(0, 600), (200, 600)], 5);
    let (past, features) = (market.before(599).unwrap(), seven());
    let history = History::new(&past);
    let last = history.last().unwrap();
    assert_eq!(
        cross_section(&past, &[1, 0], &features).unwrap(),
        last.features(&[1, 0], &features).unwrap()
    );
    let then = past.before(history.month_ends()[20] + 1).unwrap();
    assert_eq!(
        cross_section(&then, &[0, 1], &features).unwrap(),
        history.at(20).unwrap().features(&[0, 1], &features).unwrap()
    );
}

#[test]
fn what_was_not_listed_is_missing() {
    // B has 59 returns up to the month-end of row 259, C has ended a row before it.
    let market = drawn_market(300, &[(0, 300), (200, 300), (0, 259)], 5);
    let past = market.before(261).unwrap();
    let history = History::new(&past);
    assert_eq!(history.last().unwrap().row(), 259);
    let table = cross_section(&past, &[0, 1, 2], &seven()).unwrap();
    let present = |asset: usize| table[asset].iter().map(Option::is_some).collect::<Vec<_>>();
    // Eleven month-ends before the last of December: no momentum of twelve months.
    assert_eq!(present(0), [true, true, true, false, true, true, true]);
    assert_eq!(present(1), [true, false, false, false, true, false, false]);
    assert_eq!(present(2), [true, true, true, false, false, false, false]);
    let one = Volatility { days: 1, periods_per_year: 252.0 };
    assert_eq!(one.value(&history.last().unwrap(), 0).unwrap(), None);
}

#[test]
fn a_past_without_month_end_or_benchmark() {
    let market = drawn_market(300, &[(0, 300)], 5);
    let error = cross_section(&market.before(10).unwrap(), &[0], &seven()).unwrap_err();
    assert_eq!(error.to_string(), "the past has 0 usable month-ends, it needs at least 1");
    assert_eq!(error.hint().unwrap(), "start later, or supply earlier data");
    let bare = Market::new(market.prices().clone()).unwrap();
    let error = cross_section(&bare.before(290).unwrap(), &[0], &seven()).unwrap_err();
    let text = "a feature of the study needs a benchmark, and the market has none";
    assert_eq!(error.to_string(), text);
}

/// A benchmark that lists later leaves its correlation missing, and nothing else.
#[test]
fn a_young_benchmark() {
    let market = drawn_market(300, &[(0, 300)], 5);
    let young: Vec<_> = (0..300).map(|t| (t >= 240).then(|| 100.0 + f64::from(t))).collect();
    let young = Prices::new(market.dates().to_vec(), Universe::new(["NEW"]).unwrap(), vec![young]);
    let market = Market::new(market.prices().clone()).unwrap().with_benchmark(young.unwrap());
    let market = market.unwrap();
    for t in [200, 281] {
        let table = cross_section(&market.before(t).unwrap(), &[0], &seven()).unwrap();
        assert!(table[0][5].is_some() && table[0][6].is_none());
    }
}

fn signal(transform: Transform) -> Box<dyn Feature> {
    Box::new(Signal { name: "value".to_owned(), panel: "pe".to_owned(), transform })
}

fn values(past: &Past<'_>, transform: Transform) -> Vec<Option<f64>> {
    let table = cross_section(past, &[0, 1], &[signal(transform)]).unwrap();
    table.into_iter().map(|row| row[0]).collect()
}

#[test]
fn a_signal_is_the_latest_that_the_month_end_knows() {
    let market = drawn_market(120, &[(0, 120), (0, 120)], 5);
    // The last month-end before row 53 is row 41; the records are of rows 0, 50 and 1, 51.
    let past = market.before(53).unwrap();
    let [a, b] = [20.0, 1f64.cos() * 20.0];
    assert_eq!(values(&past, Transform::Identity), [Some(a), Some(b)]);
    // At the end of March, row 63, those of rows 50 and 51 count; cos(51) is positive.
    let past = market.before(70).unwrap();
    let [a, b] = [50f64.cos() * 20.0, 51f64.cos() * 20.0];
    assert_eq!(values(&past, Transform::Identity), [Some(a), Some(b)]);
    assert_eq!(values(&past, Transform::Log), [a, b].map(|x| (x > 0.0).then(|| x.ln())));
    let other = Signal { name: "x".into(), panel: "ps".into(), transform: Transform::Log };
    let error = cross_section(&past, &[0], &[Box::new(other) as Box<dyn Feature>]).unwrap_err();
    assert_eq!(error.to_string(), "a feature of the study needs a signal, and the market has none");
}

/// The whole panel of a decision: a new history, then 134 month-ends of eleven funds.
#[test]
fn a_panel_is_cheap() {
    let Some(market) = real_market() else { return };
    let past = market.before(row(&market, "2025-06-02")).unwrap();
    let features = seven();
    let panel = || -> usize {
        let history = History::new(&past);
        let ends = history.month_ends().len();
        (ends - 134..ends)
            .map(|index| {
                let end = history.at(index).unwrap();
                // The file has the funds in the order of their list.
                let mut assets = end.eligible(need(&features));
                assets.sort_unstable();
                end.features(&assets, &features).unwrap().len()
            })
            .sum()
    };
    let timed = |_| {
        let start = Instant::now();
        std::hint::black_box(panel());
        start.elapsed()
    };
    let best: Duration = (0..20).map(timed).min().unwrap();
    println!("the features of 134 month-ends: {best:.2?}");
    // Many times the time of a release build, so that a busy machine does not fail it.
    assert!(best < Duration::from_millis(100), "{best:?}");
}
