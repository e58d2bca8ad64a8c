//! How long one decision for many accounts takes, and how much memory.
//!
//! `cargo run --release --example accounts -- etfs 10000 FOLDER` makes accounts of eleven ETFs,
//! `.. -- stocks 10000 FOLDER` of the S&P 500 names in `WALKFOLIO_DATA` that have a year of prices, with costs of
//! trading in the objective. Each account holds the model of the month before with drift of its own, and some cash. The first
//! call writes the files, the next decides for them, so that the memory is that of the decisions alone.

#![allow(clippy::print_stdout)] // what it is for

use std::path::{Path, PathBuf};
use std::time::Instant;

use walkfolio::orders::{LotMethod, TradeRules};
use walkfolio::prelude::*;
use walkfolio::{AccountBook, Ask, Loaded, Terms, decide_accounts};
use walkfolio_columns::{Column, write};

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const ETFS: &str = r#"
name = "accounts-etfs"
market = { assets = ["AIQ", "SMH", "XLB", "XLE", "XLF", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY"], benchmark = "MTUM", source = { kind = "csv" }, files = { prices = "mtum/prices.csv", benchmark = "mtum/prices.csv" } }
walk_forward = { every = "month" }
costs = { per_side_bps = 5 }

[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.3 }
trading_costs = 1.0
"#;

const STOCKS: &str = r#"
name = "accounts-stocks"
market = { assets = ["*"], benchmark = "SP500-EW", index = "equal_weight", source = { kind = "parquet" }, files = { prices = "universe/sp500_adjclose_2010_2026.parquet" } }
clean = { gap = { kind = "forward_fill", limit_days = 20 } }
walk_forward = { every = "month" }
costs = { per_side_bps = 5 }

[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.05 }
l2_penalty = 0.01
trading_costs = 1.0
"#;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [which, count, folder] = &arguments[..] else {
        return Err("accounts etfs|stocks NUMBER FOLDER".into());
    };
    let data = std::env::var("WALKFOLIO_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let (text, on) = if which == "etfs" { (ETFS, "2025-08-01") } else { (STOCKS, "2025-08-01") };
    let study = Study::parse("accounts.toml", text, &[])?;
    let loaded = study.market(Some(Path::new(&data)))?;
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    if !folder.join("positions.parquet").exists() {
        let names = made(&study, &loaded, (on, count.parse()?), &folder)?;
        println!("made {count} accounts over {names} names; once more to decide for them");
        return Ok(());
    }
    let begun = Instant::now();
    let book =
        AccountBook::read(&folder.join("accounts.parquet"), &folder.join("positions.parquet"))?;
    let read = begun.elapsed().as_secs_f64();
    let live = study.live(&loaded, Ask { on: Some(on.parse()?), force: true, ..Ask::default() })?;
    let rules = TradeRules { nodes: TradeRules::MANY, ..TradeRules::whole(0.0) };
    let method = LotMethod::HighestCost;
    let terms = Terms { rules, band_risk: None, method, rates: None, quotes: Vec::new() };
    let out = folder.join("out");
    let done = decide_accounts(&live, (&book, &terms), &out, &Silent)?;
    let all = begun.elapsed().as_secs_f64();
    let decision = done.decision;
    println!(
        "{} accounts: {all:.2} s on {} threads, of them {read:.2} s to read the files; {} trade, {} orders, {} failed; peak memory {}",
        decision.accounts,
        rayon::current_num_threads(),
        decision.trades,
        decision.orders,
        decision.failed,
        peak()
    );
    for (account, reason, hint) in done.failures.iter().take(3) {
        println!("{account}: {reason} ({hint})");
    }
    Ok(())
}

/// The largest memory that the process had, where the system says so.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not known".to_owned(), |line| line.trim().to_owned())
}

/// A number from 0 to below 1.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The files of so many accounts; how many names the study may hold.
fn made(
    study: &Study,
    loaded: &Loaded,
    (on, count): (&str, usize),
    folder: &Path,
) -> Outcome<usize> {
    let live = study.live(loaded, Ask { on: Some(on.parse()?), force: true, ..Ask::default() })?;
    let decided = live.decide(None, &Silent)?;
    let universe = live.market().universe();
    let mut chance = Chance(20_250_801);
    let (mut ids, mut cash) = (Vec::new(), Vec::new());
    let (mut owners, mut tickers, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..count {
        let id = format!("{at:06}");
        let equity = 50_000.0 + 2_000_000.0 * chance.next() * chance.next();
        ids.push(id.clone());
        cash.push(Some(0.03 * equity * chance.next()));
        for &asset in &decided.assets {
            let weight = decided.study_held.values()[asset] * (0.6 + 0.8 * chance.next());
            let Some((price, _)) = live.price(asset) else { continue };
            let own = (weight * equity / price).floor();
            if own > 0.0 {
                owners.push(id.clone());
                tickers.push(universe.tickers()[asset].to_string());
                shares.push(Some(own));
            }
        }
    }
    let texts = |name: &str, values: &[String]| {
        Column::texts(name, values.iter().map(|value| Some(value.as_str())))
    };
    let accounts = write(&[texts("account", &ids), Column::numbers("cash", cash)], "example")?;
    std::fs::write(folder.join("accounts.parquet"), accounts)?;
    let positions =
        [texts("account", &owners), texts("ticker", &tickers), Column::numbers("shares", shares)];
    std::fs::write(folder.join("positions.parquet"), write(&positions, "example")?)?;
    Ok(decided.assets.len())
}
