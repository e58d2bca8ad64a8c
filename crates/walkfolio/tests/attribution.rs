//! The attribution of returns against independent reference results (`golden/advanced/SOURCE.md`), and in
//! the folder of a run.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use common::{data, golden};
use serde_json::Value;
use walkfolio::inference::regression::{Lags, regression};
use walkfolio::record::{AttributionTables, Effect};
use walkfolio::{Silent, Study, read_run, verify_folder};
use walkfolio_stats::attribution::{brinson, carino};

fn read(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(golden()?.join("advanced").join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

fn near(found: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((found - wanted).abs() <= tolerance, "{what}: {found} is not {wanted}");
}

/// A model of the reference results: its factors in the study, and their files.
const KEYS: [(&str, &str, &str); 4] = [
    ("CAPM", "french3", "\"french/F-F_Research_Data_Factors_daily.202503.csv\""),
    ("FF3", "french3", "\"french/F-F_Research_Data_Factors_daily.202503.csv\""),
    ("FF5", "french5", "\"french/F-F_Research_Data_5_Factors_2x3_daily_CSV.zip\""),
    (
        "FF5_MOM",
        "french6",
        "[\"french/F-F_Research_Data_5_Factors_2x3_daily_CSV.zip\", \"french/F-F_Momentum_Factor_daily_CSV.zip\"]",
    ),
];

/// MTUM's market with a model of factors.
fn market(model: &str, files: &str) -> Option<walkfolio::Loaded> {
    let text = format!(
        r#"
name = "x"
market = {{ source = {{ kind = "csv" }}, files = {{ prices = "mtum/prices.csv", factors = {files} }}, assets = ["MTUM", "XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH"], factors = "{model}" }}
walk_forward = {{ every = "month" }}
[allocate]
objective = {{ kind = "minimum_variance" }}
bounds = {{ min = 0.0, max = 1.0 }}
[estimate]
covariance = {{ kind = "sample", window = 60 }}
"#
    );
    let folder = data()?;
    let names = files.replace(['[', ']', '"'], "");
    let has = names.split(", ").all(|name| folder.join(name).is_file());
    assert!(has, "{names} are not in {}", folder.display());
    Some(Study::parse("x.toml", &text, &[]).unwrap().market(Some(&folder)).unwrap())
}

#[test]
fn factor_regressions() {
    let Some(wanted) = read("attribution_factor_regressions_PUBLIC.json") else { return };
    let mut checked = 0;
    for (name, models) in wanted.as_object().unwrap() {
        for (model, one) in models.as_object().unwrap() {
            let (_, key, files) = KEYS.iter().find(|known| known.0 == model).unwrap();
            let Some(loaded) = market(key, files) else { return };
            // MTUM is the first; behind it are the sectors, each with the same weight on every day.
            let assets = if name.starts_with("MTUM") { 0..1 } else { 1..11 };
            let size = assets.len() as f64;
            let date = |key: &str| one[key].as_str().unwrap().parse().unwrap();
            let (first, last): (walkfolio::Date, walkfolio::Date) = (date("first"), date("last"));
            let factors = loaded.market.factors().unwrap();
            let rows = (0..loaded.market.rows()).filter(|&row| {
                let date = loaded.market.dates()[row];
                first <= date && date <= last
            });
            let rows: Vec<usize> = rows.collect();
            assert_eq!(rows.len() as u64, one["rows"].as_u64().unwrap(), "{name} {model}");
            let y: Vec<f64> = rows
                .iter()
                .map(|&row| {
                    let all = &loaded.market.returns().row_or_zero(row)[assets.clone()];
                    all.iter().sum::<f64>() / size - factors.risk_free(row).unwrap()
                })
                .collect();
            let used = numbers(&one["coefficients"]).len() - 1;
            let x: Vec<&[f64]> =
                rows.iter().map(|&row| &factors.row(row).unwrap()[..used]).collect();
            let cases = [
                (Lags::Automatic, "se_newey_west_auto"),
                (Lags::Fixed(5), "se_newey_west_lag5"),
                (Lags::Fixed(0), "se_newey_west_lag0_white"),
            ];
            for (lags, key) in cases {
                let found = regression(&y, &x, lags).unwrap();
                let errors = numbers(&one[key]);
                let all = found.coefficients.iter().zip(numbers(&one["coefficients"]));
                for ((own, wanted), error) in all.zip(&errors) {
                    near(*own, wanted, 1e-9 * error, "coefficient in standard errors");
                }
                for (own, wanted) in found.standard_errors.iter().zip(&errors) {
                    near(*own, *wanted, 1e-9 * wanted, key);
                }
                near(found.r_squared.unwrap(), one["r_squared"].as_f64().unwrap(), 1e-9, "R^2");
                let left = found.residual_deviation * 252f64.sqrt();
                near(left, one["residual_volatility_annual"].as_f64().unwrap(), 1e-9, "residual");
                checked += 1;
            }
            let found = regression(&y, &x, Lags::Automatic).unwrap();
            assert_eq!(found.lags as u64, one["automatic_lag"].as_u64().unwrap());
        }
    }
    println!("{checked} regressions");
    assert!(checked >= 24);
}

#[test]
fn brinson_effects_and_their_links() {
    let Some(wanted) = read("attribution_brinson_3groups_3periods_PUBLIC.json") else { return };
    let names = ["EQ", "FI", "CASH"];
    let mut periods = Vec::new();
    let mut effects = Vec::new();
    for period in 1..=3 {
        let input = &wanted["input"][format!("period_{period}")];
        let number = |name: &str, key: &str| input[name][key].as_f64();
        let groups = names.map(|name| brinson::Group {
            portfolio_weight: number(name, "portfolio_weight").unwrap(),
            benchmark_weight: number(name, "benchmark_weight").unwrap(),
            portfolio_return: number(name, "portfolio_return"),
            benchmark_return: number(name, "benchmark_return"),
        });
        let found = brinson::effects(&groups);
        for (name, one) in names.iter().zip(&found) {
            let row = wanted["single_period"].as_array().unwrap().iter();
            let mut row = row.filter(|row| row["period"] == period && row["group"] == *name);
            let row = row.next().unwrap();
            let pairs = [
                (one.allocation, "allocation"),
                (one.selection, "selection"),
                (one.interaction, "interaction"),
            ];
            for (value, key) in pairs {
                near(value, row[key].as_f64().unwrap(), 1e-14, key);
            }
        }
        let stated = &wanted["period_returns"][period - 1];
        let number = |key: &str| stated[key].as_f64().unwrap();
        let returns = (number("portfolio"), number("benchmark"));
        near(carino::factor(returns.0, returns.1).unwrap(), number("carino_k"), 1e-14, "k");
        periods.push(returns);
        effects.push(found);
    }
    let weights = carino::weights(&periods).unwrap();
    let mut sum = 0.0;
    for (at, name) in names.iter().enumerate() {
        let linked = |pick: fn(&brinson::Effects) -> f64| -> f64 {
            effects.iter().zip(&weights).map(|(one, weight)| weight * pick(&one[at])).sum()
        };
        let row = &wanted["linked_carino"][name];
        near(linked(|e| e.allocation), row["allocation"].as_f64().unwrap(), 1e-14, "linked");
        near(linked(|e| e.selection), row["selection"].as_f64().unwrap(), 1e-14, "linked");
        near(linked(|e| e.interaction), row["interaction"].as_f64().unwrap(), 1e-14, "linked");
        sum += linked(brinson::Effects::total);
    }
    near(sum, wanted["compounded"]["active"].as_f64().unwrap(), 1e-14, "active");
}

/// The style of the benchmark does not depend on what the portfolio holds.
#[test]
fn style_of_mtum() {
    let Some(wanted) = read("attribution_style_PUBLIC.json") else { return };
    let one = &wanted["MTUM_on_10_sectors_2014_2018"];
    let set = [
        "walk_forward.first=2014-01-01",
        "walk_forward.last=2018-12-31",
        "walk_forward.history_months=1",
        "allocate.objective.window=60",
        "attribution.style=['XLE', 'XLF', 'XLU', 'XLI', 'XLK', 'XLV', 'XLY', 'XLP', 'XLB', 'SMH']",
    ];
    let Some((study, loaded)) = common::on_real_data("mtum-all-eleven.toml", &set) else { return };
    let run = study.run(&loaded, &Silent).unwrap();
    assert_eq!(run.returns[0].date.to_string(), one["first"].as_str().unwrap());
    let rows = run.attribution.unwrap().style;
    let own = rows.iter().filter(|row| row.period == "full" && row.series == "benchmark");
    let mut seen = 0;
    for (row, weight) in own.zip(numbers(&one["weights"])) {
        assert_eq!(row.asset, one["styles"][seen].as_str().unwrap());
        near(row.weight, weight, 1e-8, &row.asset);
        near(row.r_squared.unwrap(), one["r_squared"].as_f64().unwrap(), 1e-8, "R^2");
        near(row.tracking_error, one["tracking_error_annual"].as_f64().unwrap(), 1e-8, "error");
        near(row.selection, one["selection_mean_annual"].as_f64().unwrap(), 1e-8, "selection");
        seen += 1;
    }
    assert_eq!(seen, 10);
}

const GROUPS: &str = "attribution={ groups = { energy = ['XLE', 'XLB'], technology = ['XLK', 'SMH', 'AIQ'], \
     other = ['XLF', 'XLU', 'XLI', 'XLV', 'XLY', 'XLP'] }, style = ['XLE', 'XLK', 'XLF', 'XLV'] }";

#[test]
fn the_tables_of_a_folder_are_read_again_and_verified() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("run");
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31", GROUPS]);
    let done = study.run_to(&folder).unwrap();
    let own = done.run().unwrap();
    let again = read_run(&folder).unwrap();
    assert!(own.attribution.is_some());
    assert_eq!(again.attribution, own.attribution);
    let found = verify_folder(&folder, None, &Silent).unwrap();
    assert_eq!(found.faults, []);
    for name in ["contributions.parquet", "effects.parquet", "style.parquet"] {
        assert!(found.files.iter().any(|file| file == name), "{name}");
        let file = folder.join(name);
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&whole[..], b" "].concat()).unwrap();
        let faults = verify_folder(&folder, None, &Silent).unwrap().faults;
        assert!(faults.iter().any(|fault| fault.file == name), "{name}");
        std::fs::write(&file, whole).unwrap();
    }
    let report = std::fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(report.contains("Sources of return and risk") && report.contains("technology"));
    let text = std::fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(text.contains("| allocation |"), "{text}");
}

/// A change of a table: the file and the column that it is found at.
type Edit = (&'static str, &'static str, fn(&mut AttributionTables));

#[test]
fn every_change_of_the_tables_is_found() {
    let study = common::study("mtum-all-eleven.toml", &["walk_forward.last=2019-12-31", GROUPS]);
    let loaded = study.market(None).unwrap();
    let honest = study.run(&loaded, &Silent).unwrap();
    let edits: [Edit; 9] = [
        ("contributions.parquet", "return_annual", |t| {
            *t.contributions[2].return_annual.as_mut().unwrap() += 1e-9;
        }),
        ("contributions.parquet", "volatility", |t| t.contributions[1].volatility = None),
        ("contributions.parquet", "expected_tracking_error", |t| {
            *t.contributions[0].expected_tracking_error.as_mut().unwrap() += 1e-9;
        }),
        ("contributions.parquet", "asset", |t| t.contributions.swap(0, 1)),
        ("effects.parquet", "annual", |t| t.effects[3].annual += 1e-9),
        ("effects.parquet", "linked", |t| t.effects[3].linked = None),
        ("effects.parquet", "effect", |t| t.effects[0].effect = Effect::Other),
        ("style.parquet", "weight", |t| t.style[0].weight += 1e-9),
        ("style.parquet", "", |t| t.style.clear()),
    ];
    for (file, column, change) in edits {
        let mut run = honest.clone();
        change(run.attribution.as_mut().unwrap());
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let is = |fault: &walkfolio::Fault| fault.file == file && fault.column == column;
        assert!(found.faults.iter().any(is), "{file} {column}: {:?}", found.faults);
    }
}

fn refused(keys: &str, place: &str, words: &str) {
    let overrides = [keys.to_owned()];
    let path = common::repository().join("studies/mtum-all-eleven.toml");
    let error = Study::load(&path, &overrides).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(place) && text.contains(words), "{text}");
}

#[test]
fn bad_keys_are_refused_in_plain_words() {
    refused(
        "attribution.groups={ a = ['XLE', 'XOM'] }",
        "attribution.groups.a[1]",
        "XOM is not one of",
    );
    refused(
        "attribution.groups={ a = ['XLE'], b = ['XLE'] }",
        "attribution.groups.b[0]",
        "count twice",
    );
    refused("attribution.groups={ a = ['XLE'] }", "attribution.groups", "no group has XLF, XLU");
    refused("attribution.groups={ a = [] }", "attribution.groups.a", "has no asset");
    refused("attribution.style=['SPY']", "attribution.style[0]", "SPY is not one of market.assets");
    refused("attribution.factors=['HML']", "attribution.factors", "there are none");
    refused(
        "attribution.reference={ kind = 'benchmark' }",
        "attribution.reference",
        "MTUM is not one of",
    );
    refused(
        "attribution.reference={ kind = 'weights', weights = { XLE = 0.5 } }",
        "attribution.reference.weights",
        "sum to 0.5, not to 1",
    );
    refused(
        "attribution.reference={ kind = 'weights', weights = { XLE = 1.5, XLF = -0.5 } }",
        "attribution.reference.weights.XLF",
        "must be at least 0",
    );
}
