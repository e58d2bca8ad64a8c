//! A decision for the next session is the backtest's.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::study;
use walkfolio::prelude::*;
use walkfolio::{Ask, Loaded, Ticker};

/// Studies without memory of holdings, with costs of what is held, of ratios, and with a search.
const STUDIES: [(&str, &[&str]); 6] = [
    ("mtum-all-eleven.toml", &[]),
    ("mtum-all-eleven.toml", &["allocate.turnover=0.1", "allocate.trading_costs=1.0"]),
    ("long-short.toml", &["walk_forward.last=2008-12-31"]),
    ("mtum-best-subset.toml", &["walk_forward.last=2021-12-31"]),
    ("frontier.toml", &["walk_forward.last=2012-12-31"]),
    (
        "minimum-cvar.toml",
        &["walk_forward.last=2011-12-31", "allocate.volatility_target={ volatility = 0.04 }"],
    ),
];

#[test]
fn every_decision_of_these_studies_has_the_bits_of_the_backtest() {
    for (name, overrides) in STUDIES {
        let study = study(name, overrides);
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        let found = walkfolio_run::check_past(&study, &run, &loaded, &Silent).unwrap();
        assert_eq!(found.decisions, run.manifest.decisions, "{name}");
        assert!(found.decisions > 20, "{name}");
        assert_eq!(found.differences, [], "{name}");
    }
}

#[test]
fn every_decision_on_real_data_has_the_bits_of_the_backtest() {
    for (name, overrides) in STUDIES.into_iter().take(3) {
        let Some((study, loaded)) = common::on_real_data(name, overrides) else { return };
        let run = study.run(&loaded, &Silent).unwrap();
        let found = walkfolio_run::check_past(&study, &run, &loaded, &Silent).unwrap();
        assert_eq!(
            (found.decisions, found.differences),
            (run.manifest.decisions, vec![]),
            "{name}"
        );
    }
}

#[test]
fn a_run_with_another_weight_is_found_out() {
    let study = study("mtum-all-eleven.toml", &["walk_forward.last=2019-08-31"]);
    let loaded = study.market(None).unwrap();
    let honest = study.run(&loaded, &Silent).unwrap();
    let differences =
        |run: &Run| walkfolio_run::check_past(&study, run, &loaded, &Silent).unwrap().differences;
    let found = |change: fn(&mut Run)| {
        let mut run = honest.clone();
        change(&mut run);
        differences(&run)
    };
    assert_eq!(found(|_| ()), []);
    let held = honest.decisions.iter().rposition(|row| row.weight != 0.0).unwrap();
    let (last, first) = (&honest.decisions[held], honest.decisions[0].date);
    let one = found(|run| run.decisions[5].weight += 1e-16);
    assert_eq!((one.len(), one[0].0), (1, first));
    // A row that is gone, an asset under another name, and a decision that is gone.
    let gone = found(|run| {
        let held = run.decisions.iter().rposition(|row| row.weight != 0.0).unwrap();
        run.decisions.remove(held);
    });
    assert_eq!(gone, [(last.date, last.asset.clone(), 0.0, last.weight)]);
    let renamed = found(|run| run.decisions[0].asset = "QQQ".to_owned());
    assert!(renamed.iter().all(|own| own.0 == first) && !renamed.is_empty(), "{renamed:?}");
    let end = last.date;
    for gone in [first, end] {
        let mut run = honest.clone();
        run.decisions.retain(|row| row.date != gone);
        let without = differences(&run);
        assert!(without.iter().all(|own| (own.0, own.2) == (gone, 0.0)) && !without.is_empty());
    }
    let none = found(|run| run.decisions.clear());
    assert_eq!((none[0].0, none.last().unwrap().0), (first, end));
    // A decision that the study never made.
    let added = found(|run| {
        let mut more = run.decisions[0].clone();
        (more.date, more.weight) = (more.date.tomorrow().unwrap(), 0.5);
        run.decisions.insert(11, more);
    });
    assert_eq!((added.len(), added[0].2, added[0].3), (1, 0.5, 0.0));
}

/// Fewer assets than the run has, other limits, and other data.
#[test]
fn a_run_of_another_study_or_of_other_data_is_found_out() {
    let last = "walk_forward.last=2019-08-31";
    let own = study("mtum-all-eleven.toml", &[last]);
    let loaded = own.market(None).unwrap();
    let run = own.run(&loaded, &Silent).unwrap();
    let assets: Vec<&str> = loaded.market.universe().tickers().iter().map(Ticker::as_str).collect();
    let fewer = format!("market.assets={:?}", &assets[..10]);
    for set in [fewer.as_str(), "allocate.bounds.max=0.2"] {
        let other = study("mtum-all-eleven.toml", &[last, set]);
        // The data of a study with fewer assets are others, too: those of the run are given here.
        let market = other.market(None).unwrap();
        let same = Loaded { sources: loaded.sources.clone(), ..market };
        let found = walkfolio_run::check_past(&other, &run, &same, &Silent).unwrap();
        assert!(!found.differences.is_empty(), "{set}");
    }
    let seed =
        study("mtum-all-eleven.toml", &[last, "market.source={ kind = 'sample', seed = 9 }"]);
    let other = seed.market(None).unwrap();
    let error = walkfolio_run::check_past(&own, &run, &other, &Silent).unwrap_err();
    assert!(matches!(error, walkfolio_run::Error::OtherData { .. }), "{error}");
}

/// The market as it was known before a session.
fn known_before(loaded: &Loaded, date: Date) -> Loaded {
    let dates = loaded.market.dates();
    let row = dates.binary_search(&date).unwrap();
    let market = loaded.market.between(None, Some(dates[row - 1])).unwrap();
    Loaded { market, ..loaded.clone() }
}

#[test]
fn a_decision_after_the_data_is_that_of_the_backtest_that_came_to_know_the_session() {
    for (name, overrides) in STUDIES {
        let study = study(name, overrides);
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        let mut dates: Vec<Date> = run.decisions.iter().map(|row| row.date).collect();
        dates.dedup();
        for date in [dates[3], dates[dates.len() - 2], dates[dates.len() - 1]] {
            let known = known_before(&loaded, date);
            // The studies' last date is not one of the data any more.
            let live = study.live(&known, Ask::default()).unwrap();
            assert_eq!((live.date(), live.is_due()), (date, true), "{name}");
            let decided = live.decide(None, &Silent).unwrap();
            let of_run = run.decisions.iter().filter(|row| row.date == date);
            let (weights, held): (Vec<f64>, Vec<f64>) =
                of_run.map(|row| (row.weight, row.drifted)).unzip();
            assert_eq!(decided.target.values(), weights, "{name} {date}");
            assert_eq!(decided.held.values(), held, "{name} {date}");
        }
    }
}

/// One by one, each on data that end the evening before: a study without memory, one that looks at what it holds, and one that
/// searches.
#[test]
fn every_decision_of_three_studies_is_that_of_the_evening_before() {
    let studies = [
        ("long-short.toml", vec!["walk_forward.last=2008-06-30"]),
        (
            "mtum-all-eleven.toml",
            vec![
                "walk_forward.last=2021-06-30",
                "allocate.turnover=0.1",
                "allocate.trading_costs=1.0",
            ],
        ),
        ("mtum-best-subset.toml", vec!["walk_forward.last=2021-06-30"]),
    ];
    for (name, overrides) in studies {
        let study = study(name, &overrides);
        let loaded = study.market(None).unwrap();
        let run = study.run(&loaded, &Silent).unwrap();
        let decisions: Vec<_> = run.decisions.chunk_by(|a, b| a.date == b.date).collect();
        assert!(decisions.len() > 20, "{name}: {}", decisions.len());
        for own in decisions {
            let date = own[0].date;
            let live = study.live(&known_before(&loaded, date), Ask::default()).map(|live| {
                assert_eq!((live.date(), live.is_due()), (date, true), "{name}");
                live.decide(None, &Silent).unwrap().target
            });
            let bits = |weights: &mut dyn Iterator<Item = f64>| -> Vec<u64> {
                weights.map(f64::to_bits).collect()
            };
            let found = bits(&mut live.unwrap().values().iter().copied());
            assert_eq!(found, bits(&mut own.iter().map(|row| row.weight)), "{name} {date}");
        }
    }
}

#[test]
fn limits_of_a_decision_explain_it() {
    let study = study("mtum-all-eleven.toml", &[]);
    let loaded = study.market(None).unwrap();
    let ask = Ask { force: true, ..Ask::default() };
    let decided = study.live(&loaded, ask).unwrap().decide(None, &Silent).unwrap();
    let record = decided.record;
    assert!(record.unexplained.unwrap() < 1e-6, "{:?}", record.unexplained);
    assert!(record.limits.iter().any(|row| row.constraint == "sum of weights"));
    let (before, after) = (record.risk.before.unwrap(), record.risk.after.unwrap());
    assert!(after.tracking_error < before.tracking_error, "{before:?} {after:?}");
    assert_eq!(record.risk.rows, 252);
}

/// The limits of a study's next decision, by name and asset, with their prices.
fn limits(name: &str, overrides: &[&str]) -> Vec<(String, Option<String>, f64)> {
    let study = study(name, overrides);
    let loaded = study.market(None).unwrap();
    let ask = Ask { force: true, ..Ask::default() };
    let decided = study.live(&loaded, ask).unwrap().decide(None, &Silent).unwrap();
    let record = decided.record;
    assert!(record.unexplained.unwrap() < 1e-6, "{overrides:?} {:?}", record.unexplained);
    record.limits.into_iter().map(|row| (row.constraint, row.asset, row.price)).collect()
}

#[test]
fn limits_of_a_tail_have_prices() {
    let kinds = [
        "allocate.objective.confidence=0.95",
        "allocate.objective={ kind = 'minimum_cdar', window = 504 }",
    ];
    for kind in kinds {
        let found = limits("minimum-cvar.toml", &[kind]);
        let capped = |row: &&(String, Option<String>, f64)| row.1.is_some() && row.2 > 1e-6;
        assert!(found.iter().any(|row| capped(&row)), "{kind} {found:?}");
    }
}

#[test]
fn limits_of_a_scaled_portfolio_are_those_before_it_is_scaled() {
    let cap = "allocate.bounds.max=0.25";
    let scaled = "allocate.volatility_target={ volatility = 0.02 }";
    let plain = limits("minimum-variance.toml", &[cap]);
    assert!(plain.iter().any(|row| row.1.is_some() && row.2 > 0.0));
    assert_eq!(limits("minimum-variance.toml", &[cap, scaled]), plain);
}

#[test]
fn what_cannot_be_decided_is_said() {
    let study = study("mtum-all-eleven.toml", &[]);
    let loaded = study.market(None).unwrap();
    let last = *loaded.market.dates().last().unwrap();
    let error = |ask: Ask| study.live(&loaded, ask).err().unwrap().to_string();
    let on = |text: &str| Some(text.parse::<Date>().unwrap());
    let ask = Ask::default();
    assert_eq!(error(Ask { on: on("2024-12-25"), ..ask }), "2024-12-25 is no session");
    let stale = error(Ask { today: on("2027-06-30"), ..ask });
    assert!(stale.starts_with(&format!("the prices end on {last}: ")), "{stale}");
    assert!(stale.ends_with("the most allowed is 5"), "{stale}");
    let early = error(Ask { on: Some(loaded.market.dates()[20]), force: true, ..ask });
    assert!(early.contains("the windows of the study are full from"), "{early}");
    // Not the first session of a month.
    let live = study.live(&loaded, Ask { on: on("2024-12-12"), ..ask }).unwrap();
    assert_eq!((live.is_due(), live.next_due()), (false, on("2025-01-02")));
    let grid = common::study("mtum-frontier.toml", &[]);
    assert!(matches!(grid.live(&loaded, ask), Err(walkfolio::Error::IsGrid)));
}

#[test]
fn an_asset_that_ended_is_said_and_not_bought() {
    let study = study("mtum-all-eleven.toml", &[]);
    let loaded = study.market(None).unwrap();
    let prices = loaded.market.prices();
    let rows = loaded.market.rows();
    let columns = (0..11).map(|asset| {
        let end = if asset == 0 { rows - 3 } else { rows };
        (0..rows).map(move |row| prices.value(row, asset).filter(|_| row < end))
    });
    let universe = loaded.market.universe().clone();
    let cut = Prices::from_columns(prices.dates().to_vec(), universe, columns).unwrap();
    let index = Prices::from_columns(
        prices.dates().to_vec(),
        Universe::new(["MTUM"]).unwrap(),
        [(0..rows)
            .map(|row| loaded.market.benchmark().and_then(|own| own.value(row)).or(Some(0.0)))
            .scan(100.0, |price, r| {
                *price *= 1.0 + r.unwrap_or(0.0);
                Some(Some(*price))
            })
            .collect::<Vec<_>>()],
    );
    let market = Market::new(cut).unwrap().with_benchmark(index.unwrap()).unwrap();
    let cut = Loaded { market, ..loaded };
    let ask = Ask { force: true, ..Ask::default() };
    let decided = study.live(&cut, ask).unwrap().decide(None, &Silent).unwrap();
    let name = cut.market.universe().tickers()[0].as_str();
    assert_eq!(decided.target.values()[0], 0.0);
    assert!(
        decided.record.notes.iter().any(|row| row.kind == "warning" && row.message.contains(name))
    );
}
