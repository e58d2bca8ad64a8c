use walkfolio_backtest::{Execution, InitialTrade, LinearCost, Step, simulate};
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Decision, Matrix, Prices, Universe, Weights};
use walkfolio_record::{ContributionRow, Effect, EffectRow, Part};

use super::*;

const ROWS: usize = 80;
const ASSETS: [&str; 4] = ["A", "B", "C", "D"];

fn study(benchmark: &str, more: &str) -> Study {
    let text = format!(
        r#"
name = "x"
periods_per_year = 252
market = {{ assets = ["A", "B", "C", "D"], benchmark = {benchmark} }}
walk_forward = {{ every = "5d" }}
period = [{{ name = "early", last = 2024-02-10 }}]
{more}
[allocate]
objective = {{ kind = "tracking_error", window = 5 }}
bounds = {{ min = -1.0, max = 2.0 }}
"#
    );
    Study::parse("x.toml", &text, &[]).unwrap()
}

fn prices(seed: u64, names: &[&str]) -> Prices {
    let first = Date::constant(2024, 1, 1);
    let date = |day: usize| {
        first.checked_add(std::time::Duration::from_secs(86_400 * day as u64)).unwrap()
    };
    let dates = (0..ROWS).map(date).collect();
    let column = |at: usize| {
        let mut random = SplitMix64::stream(seed, at);
        let mut price = 100.0;
        (0..ROWS)
            .map(|_| {
                price *= 1.0 + 0.06 * (random.unit() - 0.48);
                Some(price)
            })
            .collect()
    };
    Prices::new(dates, Universe::new(names).unwrap(), (0..names.len()).map(column).collect())
        .unwrap()
}

/// A market, decisions with short positions and some cash, and what they became.
fn backtest(seed: u64, outside: bool) -> (Market, Walk, Simulation) {
    let own = prices(seed, &ASSETS);
    let benchmark = if outside {
        prices(seed + 1, &["INDEX"])
    } else {
        own.select(&Universe::new(["A"]).unwrap()).unwrap()
    };
    let market = Market::new(own).unwrap().with_benchmark(benchmark).unwrap();
    let mut random = SplitMix64::new(seed);
    let step = |row: Row| {
        let weights = (0..4).map(|_| random.unit() - 0.2).collect();
        Step { row, decision: Decision::of(Weights::new(weights).unwrap()) }
    };
    let steps: Vec<Step> = (10..ROWS).step_by(7).map(step).collect();
    let cost = LinearCost { per_side_bps: 20.0, initial_trade: InitialTrade::Charged };
    let execution = Execution { cost, ..Execution::default() };
    let simulation = simulate(&market, &steps, &execution, ROWS).unwrap();
    (market, Walk { steps, complete: true }, simulation)
}

fn taken_apart(study: &Study, seed: u64, outside: bool) -> (AttributionTables, Market, Simulation) {
    let (market, walk, simulation) = backtest(seed, outside);
    let (found, notes) = attribution(study, &market, &walk, &simulation).unwrap();
    assert!(notes.iter().all(|note| note.message.contains("style")), "{notes:?}");
    (found.unwrap(), market, simulation)
}

fn near(found: f64, wanted: f64, terms: f64) {
    assert!((found - wanted).abs() <= 1e-12 * terms.max(1.0), "{found} is not {wanted}");
}

/// The rows of a period of the simulation.
fn span(study: &Study, market: &Market, simulation: &Simulation, name: &str) -> Range<Row> {
    let spec = study.config().spec().attribution.clone().unwrap();
    let all = spans(study, &spec, market, &simulation.rows);
    all.into_iter().find(|span| span.name == name).unwrap().rows
}

fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

#[test]
fn contributions_add_up_to_the_figures_of_the_whole() {
    for (seed, outside) in [(1, false), (2, true), (3, false), (4, true)] {
        let study = study(if outside { "\"INDEX\"" } else { "\"A\"" }, "attribution = {}");
        let (found, market, simulation) = taken_apart(&study, seed, outside);
        for name in ["full", "early", "2024"] {
            let rows = span(&study, &market, &simulation, name);
            let net: Vec<f64> =
                rows.clone().map(|row| simulation.net[row - simulation.rows.start]).collect();
            let benchmark = |row: Row| market.benchmark().unwrap().value(row).unwrap();
            let active: Vec<f64> =
                rows.clone().zip(&net).map(|(row, net)| net - benchmark(row)).collect();
            let of = |is: &dyn Fn(Part) -> bool, pick: fn(&ContributionRow) -> Option<f64>| {
                let all = found.contributions.iter();
                let all = all.filter(|row| row.period == name && is(row.part)).filter_map(pick);
                all.fold((0.0, 0.0), |(sum, terms), value| (sum + value, terms + value.abs()))
            };
            let check = |is: &dyn Fn(Part) -> bool, pick, wanted: f64| {
                let (sum, terms) = of(is, pick);
                near(sum, wanted, terms);
            };
            let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64 * 252.0;
            let grown = net.iter().fold(1.0, |value, net| value * (1.0 + net)) - 1.0;
            let year = 252f64.sqrt();
            let whole = |part: Part| !part.is_book();
            let books = |part: Part| part.is_book() || matches!(part, Part::Cost | Part::Other);
            // Without short positions there are no books.
            let has_books = of(&Part::is_book, |row| row.volatility).1 > 0.0;
            assert!(has_books || name != "full");
            for is in [&whole as &dyn Fn(Part) -> bool, &books]
                .into_iter()
                .take(1 + usize::from(has_books))
            {
                check(is, |row| row.return_annual, mean(&net));
                check(is, |row| row.return_total, grown);
                check(is, |row| row.volatility, deviation(&net) * year);
            }
            check(&whole, |row| row.active_return_annual, mean(&active));
            check(&whole, |row| row.tracking_error, deviation(&active) * year);
            assert!(of(&whole, |row| row.expected_volatility).0 > 0.1);
            assert!(of(&whole, |row| row.expected_tracking_error).0 > 0.1);
        }
    }
}

#[test]
fn expected_contributions_are_those_of_the_sample_covariance() {
    let (market, walk, _) = backtest(5, true);
    let row = walk.steps[6].row;
    let past = market.before(row).unwrap();
    let weights = walk.steps[6].decision.target.values();
    let found = expected::expected(&past, weights, 252.0).unwrap().unwrap();
    // All rows that are known, without a covariance matrix.
    let rows: Vec<Vec<f64>> =
        (1..row).map(|row| market.returns().row_or_zero(row).to_vec()).collect();
    let own: Vec<f64> =
        rows.iter().map(|r| r.iter().zip(weights).map(|(r, w)| r * w).sum()).collect();
    let other: Vec<f64> =
        (1..row).map(|row| market.benchmark().unwrap().value(row).unwrap()).collect();
    let active: Vec<f64> = own.iter().zip(&other).map(|(own, other)| own - other).collect();
    near(found.volatility.iter().sum(), deviation(&own) * 252f64.sqrt(), 1.0);
    let tracking = found.tracking_error.unwrap();
    near(tracking.iter().sum(), deviation(&active) * 252f64.sqrt(), 1.0);
    // The last is the benchmark's: its weight is -1.
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(&other), mean(&active));
    let covariance: f64 = other.iter().zip(&active).map(|(x, y)| (x - a) * (y - b)).sum::<f64>()
        / (other.len() - 1) as f64;
    near(tracking[4], -covariance / deviation(&active) * 252f64.sqrt(), 1.0);
}

const GROUPS: &str = "groups = { one = [\"A\", \"B\"], two = [\"C\", \"D\"] }";

#[test]
fn effects_add_up_to_the_active_return() {
    let references = [
        "",
        ", reference = { kind = \"equal_weight\" }",
        ", reference = { kind = \"style\" }",
        ", reference = { kind = \"weights\", weights = { B = 0.5, D = 0.25, A = 0.25 } }",
        ", interaction = \"in_selection\"",
    ];
    let mut seen = Vec::new();
    for (at, reference) in references.into_iter().enumerate() {
        for outside in [false, true] {
            let keys = format!("attribution = {{ {GROUPS}{reference} }}");
            let study = study(if outside { "\"INDEX\"" } else { "\"A\"" }, &keys);
            let (found, market, simulation) = taken_apart(&study, 10 + at as u64, outside);
            for name in ["full", "early", "2024"] {
                let rows = span(&study, &market, &simulation, name);
                let start = simulation.rows.start;
                let (mut annual, mut own, mut other) = (0.0, 1.0, 1.0);
                for row in rows.clone() {
                    let benchmark = market.benchmark().unwrap().value(row).unwrap();
                    annual += (simulation.net[row - start] - benchmark) / rows.len() as f64 * 252.0;
                    own *= 1.0 + simulation.net[row - start];
                    other *= 1.0 + benchmark;
                }
                let of: Vec<&EffectRow> =
                    found.effects.iter().filter(|row| row.period == name).collect();
                let terms = of.iter().map(|row| row.annual.abs()).sum::<f64>();
                near(of.iter().map(|row| row.annual).sum(), annual, terms);
                let terms = of.iter().map(|row| row.linked.unwrap().abs()).sum::<f64>();
                near(of.iter().map(|row| row.linked.unwrap()).sum(), own - other, terms);
                seen.extend(of.iter().map(|row| row.effect));
            }
        }
    }
    let all = Effect::ALL.into_iter().filter(|effect| *effect != Effect::Other);
    for effect in all {
        assert!(seen.contains(&effect), "{effect:?}");
    }
}

/// Two sessions by hand: one group against its benchmark, which is the asset A.
#[test]
fn effects_are_those_of_a_computation_by_hand() {
    let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day)).to_vec();
    let columns =
        [[100.0, 110.0, 99.0], [100.0, 100.0, 120.0], [50.0, 50.0, 50.0], [9.0, 9.0, 9.0]];
    let columns = columns.map(|column| column.map(Some).to_vec()).to_vec();
    let own = Prices::new(dates, Universe::new(ASSETS).unwrap(), columns).unwrap();
    let benchmark = own.select(&Universe::new(["A"]).unwrap()).unwrap();
    let market = Market::new(own).unwrap().with_benchmark(benchmark).unwrap();
    let target = Weights::new(vec![0.5, 0.5, 0.0, 0.0]).unwrap();
    let steps = vec![Step { row: 1, decision: Decision::of(target) }];
    let simulation = simulate(&market, &steps, &Execution::default(), 3).unwrap();
    let walk = Walk { steps, complete: true };
    let study = study("\"A\"", "attribution = { years = false }");
    let (found, _) = attribution(&study, &market, &walk, &simulation).unwrap();
    let effects = found.unwrap().effects;
    let of = |effect: Effect, group: &str| {
        let is = |row: &&EffectRow| {
            row.period == "full" && row.effect == effect && row.group.as_deref() == Some(group)
        };
        effects.iter().find(is).map_or(0.0, |row| row.annual / 252.0)
    };
    // A earns 10 %, then -10 %; B 0 %, then 20 %. Half in B instead of A: -10 % and +30 % of one half.
    near(of(Effect::Allocation, "B"), 0.5 * (-0.10 + 0.30) / 2.0, 1.0);
    near(of(Effect::Allocation, "A"), 0.0, 1.0);
    // At the second open A is 0.55 of 1.05: it drifted by 0.55 / 1.05 - 0.5.
    let moved = 0.55 / 1.05 - 0.5;
    near(of(Effect::Drift, "A"), -0.10 * moved / 2.0, 1.0);
    near(of(Effect::Drift, "B"), -0.20 * moved / 2.0, 1.0);
    let sum: f64 =
        effects.iter().filter(|row| row.period == "full").map(|row| row.annual / 252.0).sum();
    near(sum, ((0.05 - 0.10) + ((0.495 + 0.6) / 1.05 - 1.0 + 0.10)) / 2.0, 1.0);
}

#[test]
fn a_mix_is_found_again() {
    let mut random = SplitMix64::new(7);
    let values: Vec<f64> = (0..60 * 3).map(|_| random.unit() - 0.5).collect();
    let returns = Matrix::from_rows(60, 3, values);
    let series: Vec<f64> =
        returns.times(&[0.7, 0.0, 0.3]).iter().map(|value| value + 0.001).collect();
    let found = style::nearest(&series, &returns).unwrap();
    for (weight, wanted) in found.iter().zip([0.7, 0.0, 0.3]) {
        near(*weight, wanted, 1.0);
    }
}
