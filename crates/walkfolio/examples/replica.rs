//! The figures of the MTUM replica, and what they take: `make bench-replica`.
//!
//! Real prices from `WALKFOLIO_DATA`, default `../shared/data`. Prints two Markdown tables.

use std::path::{Path, PathBuf};
use std::time::Instant;

use walkfolio::{ClassifierRun, Run, Silent, Study};
use walkfolio_learn::{BuiltIn, Parameters, Table, Trainer, XgBoost};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A study, what it is called in the table, and the tracking error to reach.
const FIGURES: [(&str, &str, &str); 10] = [
    ("mtum-all-eleven", "all eleven, 252 rows", "9.58 % (reference)"),
    ("mtum-best-subset", "best five, 252 rows", "9.61 % (reference)"),
    ("mtum-replica", "boosted trees select, 252 rows", ""),
    ("mtum-replica-tuned", "the same, parameters searched yearly", ""),
    ("mtum-mean-variance", "the original's objective", ""),
    ("mtum-review-aware", "review-aware, monthly", "at most 6.70 %"),
    ("mtum-holdings", "by what the index probably holds, monthly", "at most 6.50 %"),
    ("mtum-review-aware-four", "review-aware, best four", "at most 6.95 %"),
    ("mtum-review-aware-tuned", "review-aware, settings tuned on past decisions", ""),
    ("mtum-review-aware-weekly", "review-aware, weekly and review dates", "at most 6.30 %"),
];

fn main() -> Outcome<()> {
    let data = std::env::var_os("WALKFOLIO_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    println!(
        "| configuration | tracking error | to reach | information ratio | turnover a year | holdings | seconds |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut learned = None;
    for (name, what, target) in FIGURES {
        let (run, seconds) = timed(|| run(name, &[], &data))?;
        let value = |key: &str| run.measures.full.get(key).unwrap_or(f64::NAN);
        println!(
            "| {what} (`{name}`) | {:.2} % | {target} | {:.2} | {:.0} % | {:.1} | {seconds:.2} |",
            100.0 * value("tracking_error"),
            value("information_ratio"),
            100.0 * value("turnover_annual"),
            value("holdings_mean"),
        );
        if name == "mtum-replica" {
            learned = run.classifier;
        }
    }
    let classifier = learned.ok_or("the replica has no classifier")?;
    quality(&classifier)?;
    speed(&classifier, &data)
}

fn quality(classifier: &ClassifierRun) -> Outcome<()> {
    let quality = walkfolio::classifier::quality(classifier, 0.5).ok_or("nothing was predicted")?;
    println!("\n| forecast of the next labels | AUC |\n|---|---|");
    let rows = [
        ("boosted trees", quality.scores.auc),
        ("boosted trees, cross-validated", quality.cv_auc),
        ("same label as last month", quality.auc_same_label),
        ("current weight", quality.auc_current_weight),
    ];
    for (what, auc) in rows {
        println!("| {what} | {:.3} |", auc.unwrap_or(f64::NAN));
    }
    Ok(())
}

fn speed(classifier: &ClassifierRun, data: &Path) -> Outcome<()> {
    println!("\n| what | seconds | to reach |\n|---|---|---|");
    let (table, labels) = training(classifier, 700)?;
    let parameters = Parameters { n_estimators: 300, max_depth: 6, ..Parameters::default() };
    let fit = |trainer: &dyn Trainer| -> Outcome<f64> {
        let mut times = Vec::new();
        for _ in 0..9 {
            let (_, seconds) = timed(|| Ok(trainer.fit(&table, &labels, &parameters)?))?;
            times.push(seconds);
        }
        times.sort_by(f64::total_cmp);
        Ok(times[4])
    };
    println!("| one fit, 300 trees of depth 6, 700 x 7 | {:.4} | 0.050 |", fit(&BuiltIn)?);
    match XgBoost::load(None) {
        Ok(xgboost) => println!("| the same by XGBoost `exact` | {:.4} | |", fit(&xgboost)?),
        Err(error) => println!("| the same by XGBoost: {error} | | |"),
    }
    let (_, seconds) = timed(|| run("mtum-replica", &["select.save_models=false"], data))?;
    println!("| fixed parameters, 73 months | {seconds:.2} | 3 |");
    let last = ["walk_forward.first=2025-06-01", "select.search.every_months=1"];
    let (_, seconds) = timed(|| run("mtum-replica-tuned", &last, data))?;
    println!("| one month's full grid search, 432 settings x 3 folds | {seconds:.2} | 8 |");
    let (_, seconds) = timed(|| run("mtum-replica-tuned", &last[1..], data))?;
    println!("| all 73 months, searched every month | {seconds:.1} | 480 |");
    let four = ["allocate.max_holdings=4"];
    let (run, _) = timed(|| run("mtum-best-subset", &four, data))?;
    let micros: u64 = run.timings.iter().map(|row| row.micros).sum();
    println!("| best four of eleven, 73 solves | {:.4} | 0.030 |", micros as f64 * 1e-6);
    Ok(())
}

/// The first rows of features with the label of the month after.
fn training(classifier: &ClassifierRun, rows: usize) -> Outcome<(Table, Vec<bool>)> {
    let mut table = Table::new(classifier.names.clone());
    let mut labels = Vec::new();
    let all = &classifier.features;
    for row in all {
        let later = all.iter().filter(|next| next.asset == row.asset && next.date > row.date);
        let next = later.min_by_key(|next| next.date).and_then(|next| next.label);
        if let Some(label) = next.filter(|_| labels.len() < rows) {
            table.push(&row.values)?;
            labels.push(label);
        }
    }
    Ok((table, labels))
}

fn run(name: &str, overrides: &[&str], data: &Path) -> Outcome<Run> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    let path = repository().join("studies").join(format!("{name}.toml"));
    let study = Study::load(&path, &overrides)?;
    let loaded = study.market(Some(data))?;
    Ok(study.run(&loaded, &Silent)?)
}

fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, f64)> {
    let started = Instant::now();
    Ok((work()?, started.elapsed().as_secs_f64()))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
