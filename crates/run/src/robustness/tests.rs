use walkfolio_backtest::Silent;
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Date, Prices, Row, Universe};
use walkfolio_data::Loaded;
use walkfolio_record::{CellStatus, Run, VariantKind};
use walkfolio_study::{BlockMethod, WorldsSpec};

use super::*;
use crate::{Error, run, verify};

const ROWS: usize = 160;

fn study(keys: &str) -> Study {
    let text = format!(
        r#"
name = "x"
periods_per_year = 365
market = {{ assets = ["A", "B", "C"], benchmark = "INDEX" }}
walk_forward = {{ every = "5d" }}
robustness = {keys}
[allocate]
objective = {{ kind = "tracking_error", window = 20 }}
bounds = {{ min = 0.0, max = 1.0 }}
"#
    );
    Study::parse("x.toml", &text, &[]).unwrap()
}

fn prices(seed: u64, names: &[&str], starts: &[usize]) -> Prices {
    let first = Date::constant(2024, 1, 1);
    let date = |day: usize| {
        first.checked_add(std::time::Duration::from_secs(86_400 * day as u64)).unwrap()
    };
    let column = |at: usize| {
        let mut random = SplitMix64::stream(seed, at);
        let mut price = 100.0;
        (0..ROWS)
            .map(|row| {
                price *= 1.0 + 0.04 * (random.unit() - 0.49);
                (row >= starts[at]).then_some(price)
            })
            .collect()
    };
    let columns = (0..names.len()).map(column).collect();
    Prices::new((0..ROWS).map(date).collect(), Universe::new(names).unwrap(), columns).unwrap()
}

/// Three assets, of which the last begins late, and an index.
fn loaded() -> Loaded {
    let own = prices(3, &["A", "B", "C"], &[0, 0, 40]);
    let index = prices(4, &["INDEX"], &[0]);
    let market = Market::new(own).unwrap().with_benchmark(index).unwrap();
    Loaded { market, sources: Vec::new(), notes: Vec::new(), synthetic: true, account: None }
}

fn tables(keys: &str) -> (Run, RobustnessTables) {
    let run = run(&study(keys), &loaded(), &Silent).unwrap();
    let tables = run.robustness.clone().unwrap();
    (run, tables)
}

#[test]
fn moved_decisions_share_their_sessions_and_the_first_is_the_run_itself() {
    let (run, found) = tables("{ start_dates = true }");
    assert_eq!(found.variants.len(), 5);
    let first = run.returns[4].date;
    for (at, row) in found.variants.iter().enumerate() {
        assert_eq!((row.kind, row.number as usize), (VariantKind::StartDate, at));
        assert_eq!(row.status, CellStatus::Complete);
        assert_eq!(row.first, Some(run.returns[at].date));
        let sessions = row.measures.as_ref().unwrap().get("sessions").unwrap();
        assert!((sessions - (run.returns.len() - 4) as f64).abs() < 1e-9);
    }
    // The run itself, measured from the first session that all have.
    let own = study("{ start_dates = true }");
    let settings = [("measure.first".to_owned(), first.to_string().into())];
    let own = own.with_settings(&settings).unwrap();
    let own = crate::run(&own, &loaded(), &Silent).unwrap();
    assert_eq!(
        found.variants[0].measures.as_ref().unwrap().get("volatility"),
        own.measures.full.get("volatility")
    );
    let differs = |row: &walkfolio_record::VariantRow| row.measures != found.variants[0].measures;
    assert!(found.variants[1..].iter().all(differs));
}

fn spec(method: BlockMethod, block: u32) -> WorldsSpec {
    WorldsSpec { worlds: 3, method, block, seed: 7 }
}

#[test]
fn sources_are_blocks_of_sessions_that_have_everything() {
    let (study, market) = (study("{}"), loaded().market);
    for method in [BlockMethod::Stationary, BlockMethod::Circular] {
        let spec = spec(method, 8);
        let pools = worlds::Pools::of(&study, &market, &spec).unwrap();
        let sources = pools.sources(&spec, 1);
        assert_eq!(sources, pools.sources(&spec, 1));
        assert_ne!(sources, pools.sources(&spec, 2));
        // Of C the first return is that of row 41: later rows draw from where it has one.
        assert!(sources[1..41].iter().all(|&row| (1..ROWS).contains(&row)));
        let is_early = |number| pools.sources(&spec, number)[1..41].iter().any(|&row| row < 41);
        assert!((1..=10).any(is_early));
        assert!(sources[41..].iter().all(|&row| (41..ROWS).contains(&row)));
        let follows = |pair: &[Row]| pair[1] == pair[0] + 1;
        let joined = sources[1..].windows(2).filter(|pair| follows(pair)).count();
        assert!((100..150).contains(&joined), "{method:?} {joined}");
    }
}

#[test]
fn histories_do_not_meet_where_a_series_begins() {
    let (study, market) = (study("{}"), loaded().market);
    for method in [BlockMethod::Stationary, BlockMethod::Circular] {
        let spec = spec(method, 9); // row 41 is within a block
        let pools = worlds::Pools::of(&study, &market, &spec).unwrap();
        // Where the row before comes from sessions without C, the block cannot go on.
        let drawn: Vec<Row> = (1..=60)
            .map(|number| pools.sources(&spec, number))
            .filter(|sources| sources[40] < 40)
            .map(|sources| sources[41])
            .collect();
        let first = drawn.iter().filter(|&&row| row == 41).count();
        assert!(drawn.len() >= 8 && first <= 2, "{method:?} {drawn:?}");
    }
}

#[test]
fn a_history_has_the_returns_of_its_sources() {
    let (study, market) = (study("{}"), loaded().market);
    let spec = spec(BlockMethod::Stationary, 10);
    let sources = worlds::Pools::of(&study, &market, &spec).unwrap().sources(&spec, 1);
    let other = worlds::resampled(&market, &sources).unwrap();
    assert_eq!(other.dates(), market.dates());
    for (row, &source) in sources.iter().enumerate().skip(1) {
        for asset in 0..3 {
            let (own, wanted) =
                (other.returns().value(row, asset), market.returns().value(row, asset));
            assert_eq!(own.is_some(), wanted.is_some(), "{row} {asset}");
            if let Some(own) = own {
                let wanted = market.returns().value(source, asset).unwrap();
                assert!((own - wanted).abs() < 1e-14, "{row} {asset}");
            }
        }
        let own = other.benchmark().unwrap().value(row).unwrap();
        let wanted = market.benchmark().unwrap().value(source).unwrap();
        assert!((own - wanted).abs() < 1e-14);
    }
    // The identity is the market itself.
    let same: Vec<Row> = (0..ROWS).collect();
    let same = worlds::resampled(&market, &same).unwrap();
    for row in 0..ROWS {
        for asset in 0..3 {
            let pair = same.prices().value(row, asset).zip(market.prices().value(row, asset));
            assert!(pair.is_none_or(|(a, b)| (a / b - 1.0).abs() < 1e-12));
        }
    }
}

#[test]
fn histories_do_not_depend_on_threads() {
    let keys = "{ bootstrap = { worlds = 6, block = 10, seed = 5 }, start_dates = true }";
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| tables(keys).1)
    };
    let (one, four) = (on(1), on(4));
    assert_eq!(one, four);
    assert_eq!(one.variants.len(), 11);
    let volatility = |at: usize| one.variants[at].measures.as_ref().unwrap().get("volatility");
    assert!(volatility(5) != volatility(6), "histories differ");
}

#[test]
fn variants_are_verified() {
    let keys = "{ bootstrap = { worlds = 12, block = 10 }, stress = [{ name = \"spring\", first = 2024-03-01, last = 2024-03-20 }] }";
    let (study, loaded) = (study(keys), loaded());
    let honest = run(&study, &loaded, &Silent).unwrap();
    let found = verify(&study, &honest, &loaded, &Silent).unwrap();
    assert_eq!(found.faults, []);
    assert!(
        found.unchecked.iter().any(|what| what.contains("4 moved decisions")),
        "{:?}",
        found.unchecked
    );
    let mut wrong = honest.clone();
    wrong.robustness.as_mut().unwrap().variants[0].status = CellStatus::Ruined;
    let found = verify(&study, &wrong, &loaded, &Silent).unwrap();
    assert!(
        found
            .faults
            .iter()
            .any(|fault| fault.file == "variants.parquet" && fault.column == "status")
    );
    let mut wrong = honest.clone();
    *wrong.robustness.as_mut().unwrap().stress[3].value.as_mut().unwrap() += 1e-9;
    let found = verify(&study, &wrong, &loaded, &Silent).unwrap();
    assert!(
        found.faults.iter().any(|fault| fault.file == "stress.parquet" && fault.row == Some(3))
    );
    let mut wrong = honest;
    wrong.robustness = None;
    let found = verify(&study, &wrong, &loaded, &Silent).unwrap();
    assert!(found.faults.iter().any(|fault| fault.file == "variants.parquet"));
}

#[test]
fn episodes_are_the_returns_of_history() {
    let keys = "{ stress = [{ name = \"early\", first = 2024-01-10, last = 2024-01-20, proxies = { C = \"B\" } }, { name = \"bare\", first = 2024-01-10, last = 2024-01-20 }] }";
    let (run, found) = tables(keys);
    let market = loaded().market;
    let rows = 9..20;
    let earned = |asset: usize| {
        rows.clone()
            .fold(1.0, |level, row| level * (1.0 + market.returns().value(row, asset).unwrap()))
            - 1.0
    };
    let last = run.decisions.len() - 3;
    let weights: Vec<f64> = run.decisions[last..].iter().map(|row| row.weight).collect();
    let of = |name: &str| {
        let mut all = found.stress.iter().filter(|row| row.scenario == name && row.asset.is_none());
        all.next_back().unwrap().clone()
    };
    let with_proxy = of("early");
    let wanted = weights[0] * earned(0) + (weights[1] + weights[2]) * earned(1);
    assert!(
        (with_proxy.value.unwrap() - wanted).abs() < 1e-12
            && (with_proxy.weight - 1.0).abs() < 1e-12
    );
    assert!(weights[2] > 0.01, "{weights:?}");
    let bare = of("bare");
    assert!((bare.value.unwrap() - weights[0] * earned(0) - weights[1] * earned(1)).abs() < 1e-12);
    assert!((bare.weight - weights[0] - weights[1]).abs() < 1e-9);
    let parts: f64 = found
        .stress
        .iter()
        .filter(|row| row.scenario == "early")
        .filter_map(|row| row.contribution)
        .sum();
    assert!((parts - wanted).abs() < 1e-12);
}

#[test]
fn shocks_move_what_they_name_and_what_follows_it() {
    let keys = "{ stress = [{ name = \"alone\", assets = { B = -0.2 } }, { name = \"all\", assets = { B = -0.2 }, others = \"conditional\" }] }";
    let (run, found) = tables(keys);
    let last = run.decisions.len() - 3;
    let weights: Vec<f64> = run.decisions[last..].iter().map(|row| row.weight).collect();
    let rows = |name: &str| -> Vec<_> {
        let date = run.decisions[last].date;
        found
            .stress
            .iter()
            .filter(|row| row.scenario == name && row.date == date)
            .cloned()
            .collect()
    };
    let alone = rows("alone");
    assert!(weights[1] > 0.1 && weights[2] > 0.1, "{weights:?}");
    assert!((alone[0].value.unwrap() + 0.2 * weights[1]).abs() < 1e-12);
    // The slope of C on B over the rows before the decision on which both have a return.
    let market = loaded().market;
    let row = market.dates().binary_search(&run.decisions[last].date).unwrap();
    let (x, y): (Vec<f64>, Vec<f64>) = (41..row)
        .map(|row| {
            let value = |asset: usize| market.returns().value(row, asset).unwrap();
            (value(1), value(2))
        })
        .unzip();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(&x), mean(&y));
    let slope = x.iter().zip(&y).map(|(x, y)| (x - a) * (y - b)).sum::<f64>()
        / x.iter().map(|x| (x - a) * (x - a)).sum::<f64>();
    let all = rows("all");
    let of_c = all.iter().find(|row| row.asset.as_deref() == Some("C")).unwrap();
    assert!((of_c.value.unwrap() + 0.2 * slope).abs() < 1e-10);
}

fn refused(keys: &str, words: &str) {
    let study = study(keys);
    let error = run(&study, &loaded(), &Silent).unwrap_err();
    assert!(matches!(error, Error::Study(_)));
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn what_the_data_cannot_give_is_refused_before_the_backtest() {
    refused("{ bootstrap = { worlds = 2, block = 70 } }", "fewer than two blocks of 70");
    refused(
        "{ stress = [{ name = \"old\", first = 1999-01-01, last = 1999-02-01 }] }",
        "has no session in the data",
    );
}

#[test]
fn keys_that_contradict_each_other_are_refused() {
    let faults = |keys: &str| {
        let text = format!(
            "name = \"x\"\nmarket = {{ assets = [\"A\"], benchmark = \"B\" }}\nwalk_forward = {{ every = \"5d\" }}\nrobustness = {keys}\n[allocate]\nobjective = {{ kind = \"tracking_error\", window = 20 }}\nbounds = {{ min = 0.0, max = 1.0 }}\n"
        );
        Study::parse("x.toml", &text, &[]).unwrap_err().to_string()
    };
    let cases = [
        ("{ cross_validation = {} }", "chooses among the backtests of a grid, and there is none"),
        ("{ bootstrap = { worlds = 0 } }", "must be at least 1, found 0"),
        ("{ stress = [{ name = \"x\" }] }", "exactly one of first with last, assets and factors"),
        ("{ stress = [{ name = \"x\", first = 2020-01-01 }] }", "has no last"),
        ("{ stress = [{ name = \"x\", assets = { Z = -0.1 } }] }", "Z is not one of market.assets"),
        (
            "{ stress = [{ name = \"x\", factors = { SMB = -0.1 } }] }",
            "shocks factors, and there are none",
        ),
        ("{ stress = [{ name = \"x\", assets = { A = -1.0 } }] }", "must be above -1"),
    ];
    for (keys, words) in cases {
        let found = faults(keys);
        assert!(found.contains(words), "{keys}: {found}");
    }
    let grid = "{ cross_validation = { groups = 3, test = 3 }, start_dates = true }\n[grid]\n\"allocate.bounds.max\" = [0.9, 1.0]";
    let found = faults(grid);
    assert!(found.contains("3 of 3 groups leave nothing to choose on"), "{found}");
    assert!(found.contains("is of one backtest, and the study has a grid"), "{found}");
}
