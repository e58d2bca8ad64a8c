//! A study, and an account that is traded by it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// A study and how to read it.
#[derive(Debug, Clone, Args)]
pub struct StudyOptions {
    /// The study file (TOML)
    pub study: PathBuf,
    /// Read the files that the study names from this folder instead of its source
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Set a key of the study, with the value in TOML: `costs.per_side_bps=10`
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Number of threads; the result does not depend on it
    #[arg(long, value_name = "N", value_parser = parse_threads)]
    pub threads: Option<usize>,
}

/// Which lots a sale takes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LotChoice {
    /// Those that cost most
    HighestCost,
    /// The oldest
    Fifo,
    /// Those with the least tax at --tax-rates
    MinimumTax,
}

/// What an account holds, and how it is traded.
#[derive(Debug, Clone, Args)]
pub struct AccountOptions {
    /// The account's positions: an export of Interactive Brokers, Schwab or Fidelity, or a CSV with
    /// `ticker` and `shares`, `value` or `weight`
    #[arg(long, value_name = "FILE", group = "whose")]
    pub holdings: Option<PathBuf>,
    /// The account's cash, in place of that of the file
    #[arg(long, value_name = "AMOUNT", requires = "holdings", allow_negative_numbers = true)]
    pub cash: Option<f64>,
    /// What the account is worth in all; for holdings that are weights
    #[arg(long, value_name = "AMOUNT", requires = "holdings")]
    pub value: Option<f64>,
    /// Unadjusted prices of now, a CSV with `ticker` and `price`; by default the last ones of the data
    #[arg(long, value_name = "FILE", requires = "whose")]
    pub prices: Option<PathBuf>,
    /// Number of shares that orders are multiples of [default: 1]
    #[arg(long, value_name = "SHARES", requires = "whose", conflicts_with = "fractional", value_parser = parse_lot)]
    pub lot: Option<f64>,
    /// Trade fractions of shares, to four decimals
    #[arg(long, requires = "whose")]
    pub fractional: bool,
    /// Make no trade of a smaller value
    #[arg(long, value_name = "AMOUNT", requires = "whose")]
    pub min_trade: Option<f64>,
    /// Leave weights alone that are within this of their target: `0.005`
    #[arg(long, value_name = "WEIGHT", requires = "whose")]
    pub band: Option<f64>,
    /// Tax lots: a CSV with `ticker`, `shares`, `cost_basis` and `date`, a line a lot; a line of
    /// negative shares was sold on the date, at `price`
    #[arg(long, value_name = "FILE", requires = "holdings", group = "lotted")]
    pub lots: Option<PathBuf>,
    /// Which lots a sale takes first [default: highest-cost]
    #[arg(long, value_enum, requires = "lotted")]
    pub lot_method: Option<LotChoice>,
    /// Tax rates of gains on shares held for up to a year, and for longer: `0.37,0.20`
    #[arg(long, value_name = "SHORT,LONG", requires = "lotted", value_parser = parse_rates)]
    pub tax_rates: Option<(f64, f64)>,
    /// Realize no more gains than this
    #[arg(long, value_name = "AMOUNT", requires = "lots", allow_negative_numbers = true)]
    pub max_gains: Option<f64>,
    /// Trade nothing if holdings and target are within this tracking error a year: `0.01`
    #[arg(long, value_name = "RISK", requires = "whose")]
    pub band_risk: Option<f64>,
}

fn parse_rates(text: &str) -> Result<(f64, f64), String> {
    let rate =
        |text: &str| text.trim().parse::<f64>().ok().filter(|rate| (0.0..1.0).contains(rate));
    let rates = text.split_once(',').and_then(|(short, long)| rate(short).zip(rate(long)));
    rates.ok_or_else(|| "must be two rates from 0 to below 1, as 0.37,0.20".to_owned())
}

fn parse_lot(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(lot) if lot.is_finite() && lot > 0.0 => Ok(lot),
        _ => Err("must be a number above 0".to_owned()),
    }
}

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(threads) if (1..=1024).contains(&threads) => Ok(threads),
        _ => Err("must be a whole number from 1 to 1024".to_owned()),
    }
}
