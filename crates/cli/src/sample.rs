//! `walkfolio sample`: the built-in market as files.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use walkfolio::sample::{DEFAULT_SEED, SampleFactors, SampleRequest, load};
use walkfolio::{Loaded, Ticker, Universe};

use crate::failure::Failure;
use crate::file;

/// The sector funds of the replica.
const FUNDS: [&str; 11] =
    ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];
/// The fund that it replicates.
const BENCHMARK: &str = "MTUM";

/// Where the files go.
#[derive(Debug, Args)]
pub struct SampleOptions {
    /// The folder of the files; it is created if needed
    pub folder: PathBuf,
    /// Another history of the same market
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    pub seed: u64,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
}

pub fn sample(options: &SampleOptions) -> Result<ExitCode, Failure> {
    let files = [
        ("prices.csv", prices(&market(options, &FUNDS)?)),
        ("benchmark.csv", prices(&market(options, &[BENCHMARK])?)),
        ("factors.csv", factors(&market(options, &[BENCHMARK])?)),
    ];
    let there = files.iter().find(|(name, _)| options.folder.join(name).exists());
    if let Some((name, _)) = there.filter(|_| !options.force) {
        let shown = options.folder.join(name).display().to_string();
        let hint = "choose another folder, or replace its files with --force".to_owned();
        return Err(Failure::plain(format!("{shown} already exists"), Some(hint)));
    }
    for (name, text) in &files {
        let path = options.folder.join(name);
        file::write(&path, text.as_bytes())?;
        say!("wrote {}", path.display());
    }
    let folder = options.folder.display();
    say!(
        "next  walkfolio init replica --prices {folder}/prices.csv --benchmark {folder}/benchmark.csv"
    );
    Ok(ExitCode::SUCCESS)
}

fn market(options: &SampleOptions, assets: &[&str]) -> Result<Loaded, Failure> {
    let assets = Universe::new(assets.iter().copied())
        .map_err(|error| Failure::plain(error.to_string(), None))?;
    let factors = SampleFactors::FrenchThree;
    let request = SampleRequest { seed: options.seed, assets, benchmark: None, factors };
    Ok(load(&request).map_err(walkfolio::Error::from)?)
}

/// Dates, then one column per ticker: the numbers that the built-in market has, to the bit.
fn prices(loaded: &Loaded) -> String {
    let prices = loaded.market.prices();
    let names: Vec<&str> = prices.universe().tickers().iter().map(Ticker::as_str).collect();
    let mut text = format!("date,{}\n", names.join(","));
    let known = |row: usize| (0..names.len()).any(|asset| prices.value(row, asset).is_some());
    for (row, date) in prices.dates().iter().enumerate().filter(|(row, _)| known(*row)) {
        let _ = write!(text, "{date}");
        for asset in 0..names.len() {
            let value =
                prices.value(row, asset).map_or_else(String::new, |price| price.to_string());
            let _ = write!(text, ",{value}");
        }
        text.push('\n');
    }
    text
}

/// As the library of Ken French has them, in percent.
fn factors(loaded: &Loaded) -> String {
    let mut text =
        "Factors of the sample market of Walkfolio: simulated.\n\n,Mkt-RF,SMB,HML,RF\n".to_owned();
    let Some(factors) = loaded.market.factors() else { return text };
    for (row, date) in loaded.market.dates().iter().enumerate() {
        let (Some(values), Some(cash)) = (factors.row(row), factors.risk_free(row)) else {
            continue;
        };
        let day = date.strftime("%Y%m%d");
        let cells = values.iter().chain([&cash]).map(|value| format!("{:.6}", 100.0 * value));
        let _ = writeln!(text, "{day},{}", cells.collect::<Vec<_>>().join(","));
    }
    text
}
