//! The command line.

pub mod account;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use walkfolio::Date;
use walkfolio::measures::definitions;

pub use account::{AccountOptions, LotChoice, StudyOptions};

use crate::daily::options::DailyOptions;
use crate::explain::ExplainOptions;
use crate::fetch::FetchOptions;
use crate::help;
use crate::init::InitOptions;
use crate::runs::RunsOptions;
use crate::sample::SampleOptions;
use crate::serve::ServeOptions;

/// Builds portfolios from past data only, walks them forward through history, and reports the result
/// honestly.
#[derive(Debug, Parser)]
#[command(name = "walkfolio", version, max_term_width = 100, override_help = help::TOP)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, in the order in which a study needs them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented study to start from
    #[command(after_help = help::INIT)]
    Init(InitOptions),
    /// Write the built-in sample market as CSV files: prices, a benchmark, factors
    #[command(after_help = help::SAMPLE)]
    Sample(SampleOptions),
    /// Explain a key of a study, or find one by a word
    #[command(after_help = help::EXPLAIN)]
    Explain(ExplainOptions),
    /// Print the JSON Schema of study files
    #[command(after_help = help::SCHEMA)]
    Schema,
    /// Download prices and factors into a snapshot, or update it
    #[command(after_help = help::FETCH)]
    Fetch(FetchOptions),
    /// Check the data of a study, or a price file, for errors
    #[command(after_help = help::CHECK)]
    Check(CheckOptions),
    /// Run a study and write a folder with tables and a report
    #[command(after_help = help::RUN)]
    Run(RunOptions),
    /// Prove that no decision of a study depends on the future
    #[command(after_help = help::AUDIT)]
    Audit(AuditOptions),
    /// Make a run again, compare every file, and bound each decision by another method
    #[command(after_help = help::VERIFY)]
    Verify(VerifyOptions),
    /// Decide what to hold at the next session, and what to trade
    #[command(after_help = help::DECIDE)]
    Decide(Box<DecideOptions>),
    /// Fetch, check and decide, and keep the day's inputs and outputs
    #[command(after_help = help::DAILY)]
    Daily(Box<DailyOptions>),
    /// Say how far an account is from the study, and whether a rebalance pays for itself
    #[command(after_help = help::DRIFT)]
    Drift(DriftOptions),
    /// List the runs in a folder of runs, filtered and sorted
    #[command(after_help = help::RUNS)]
    Runs(RunsOptions),
    /// Show a folder of runs in a browser: table, reports, comparisons, progress
    #[command(after_help = help::SERVE)]
    Serve(ServeOptions),
    /// Compare the measures of runs
    #[command(after_help = help::COMPARE)]
    Compare(CompareOptions),
    /// Write the report of a run folder again
    #[command(after_help = help::REPORT)]
    Report(ReportOptions),
    /// Write the page of any series of returns, prices or equity
    #[command(after_help = help::TEARSHEET)]
    Tearsheet(TearsheetOptions),
    /// Print a script that completes commands and options in a shell
    #[command(after_help = help::COMPLETIONS)]
    Completions(CompletionsOptions),
    /// Write the manual pages
    #[command(after_help = help::MAN)]
    Man(ManOptions),
}

/// The shell to complete for.
#[derive(Debug, Args)]
pub struct CompletionsOptions {
    /// The shell
    pub shell: Shell,
}

/// Where the manual pages go.
#[derive(Debug, Args)]
pub struct ManOptions {
    /// The folder of the pages; it is created if needed
    pub folder: PathBuf,
}

/// Which study to audit, and how to print the result.
#[derive(Debug, Args)]
pub struct AuditOptions {
    /// The study.
    #[command(flatten)]
    pub study: StudyOptions,
    /// Number of cells of a grid to audit, spread evenly, each a study of its own; 0 audits the
    /// study without its [grid] [default: 3]
    #[arg(long, value_name = "N")]
    pub cells: Option<usize>,
    /// Print one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
}

/// How to run a study.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of the command line
pub struct RunOptions {
    /// The study.
    #[command(flatten)]
    pub study: StudyOptions,
    /// Run one cell of the study's [grid] as a study of its own, by its number in `grid.parquet`
    #[arg(long, value_name = "N")]
    pub cell: Option<usize>,
    /// Write to this folder; by default, to `runs/<study>-<utc>-<hash>`
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// At the end, print folder, status, measures, classifier and targets as one line of JSON
    #[arg(long)]
    pub json: bool,
    /// Replace the run in `--out`; the old run does not change until the new one is complete
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub replace: bool,
    /// Resume the interrupted run in `--out`, or the latest unfinished run of this study and data;
    /// the result is identical to the bit
    #[arg(long)]
    pub resume: bool,
    /// Number of decisions between checkpoints (a grid: one after each backtest); 12 by default
    #[arg(long, value_name = "N", value_parser = parse_every)]
    pub checkpoint_every: Option<usize>,
    /// For many runs: no report, one line of output, a checkpoint every 24 decisions
    #[arg(long)]
    pub bulk: bool,
    /// Make the backtests of the study's [grid] or [robustness] on a cluster, through the Python package:
    /// `ray://HOST:PORT` or `dask://HOST:PORT`
    #[arg(long, value_name = "URL", value_parser = crate::address::parse_address, conflicts_with = "cell")]
    pub on: Option<String>,
}

/// How far an account is from the study.
#[derive(Debug, Args)]
pub struct DriftOptions {
    /// The study.
    #[command(flatten)]
    pub study: StudyOptions,
    /// What the account holds.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Look from the evening before this session; by default, before the next one after the data
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Number of sessions that the data may lack; more are an error [default: 5]
    #[arg(long, value_name = "N")]
    pub max_age: Option<usize>,
    /// Print one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
}

/// For which session to decide, and how to tell it.
#[derive(Debug, Args)]
pub struct DecideOptions {
    /// The study.
    #[command(flatten)]
    pub study: StudyOptions,
    /// Decide for this session; by default, for the next one after the data
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Decide even if the schedule of the study does not ask for it
    #[arg(long)]
    pub force: bool,
    /// Number of sessions that the data may lack; more are an error [default: 5]
    #[arg(long, value_name = "N")]
    pub max_age: Option<usize>,
    /// What an account holds.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Decide for many accounts at once: a CSV or Parquet file with `account` and, where known, `cash`,
    /// `exclude`, `max_turnover`, `max_gains` and `as_of`
    #[arg(long, value_name = "FILE", groups = ["whose", "lotted"], requires_all = ["account_holdings", "out"], conflicts_with_all = ["cash", "value", "lots", "max_gains"])]
    pub accounts: Option<PathBuf>,
    /// What these accounts hold: a CSV or Parquet file with `account`, `ticker` and `shares`, and where
    /// known `price`, `cost_basis`, `date`, `min` and `max`
    #[arg(long, value_name = "FILE", requires = "accounts")]
    pub account_holdings: Option<PathBuf>,
    /// Write `decision.json`, `target.csv`, `orders.csv` and `report.html` to this folder, as a whole; of
    /// many accounts `accounts.parquet`, `orders.parquet` and `accounts.json`
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Make every decision of this run again, each from the past before it alone, and compare the bits
    #[arg(long, value_name = "RUN", conflicts_with_all = ["on", "force", "out", "accounts"])]
    pub check: Option<PathBuf>,
    /// Print one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
}

/// Which data to check, and how to print the findings.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// The study file (TOML) whose data to check
    #[arg(required_unless_present = "prices")]
    pub study: Option<PathBuf>,
    /// Check this price file instead of the data of a study
    #[arg(long, value_name = "FILE", conflicts_with_all = ["study", "data"])]
    pub prices: Option<PathBuf>,
    /// Read the files that the study names from this folder instead of its source
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Show every finding and every asset
    #[arg(long)]
    pub all: bool,
    /// Write `data-report.json` to this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print one line of JSON instead of the report
    #[arg(long)]
    pub json: bool,
}

/// Which runs to compare, and how.
#[derive(Debug, Args)]
pub struct CompareOptions {
    /// The folders of two or more backtests
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Compare this regime instead of the full sample
    #[arg(long, value_name = "NAME")]
    pub regime: Option<String>,
    /// Show every measure
    #[arg(long)]
    pub all: bool,
    /// Sort the runs by a measure, best first: `tracking_error`
    #[arg(long, value_name = "KEY", value_parser = measure_keys(), hide_possible_values = true)]
    pub sort: Option<String>,
    /// Compare the runs even if their data differ
    #[arg(long)]
    pub force: bool,
    /// Also write a page with charts and paired differences: a file, or a folder for
    /// `compare.html`
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Print one line of JSON instead of the table
    #[arg(long)]
    pub json: bool,
}

/// Which run to verify.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// The folder of a run, or of a day of `daily`
    pub run: PathBuf,
    /// The data folder of the run, if it is no longer where it was
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Number of cells of a grid to make again, spread evenly; 0 makes none [default: 5]
    #[arg(long, value_name = "N")]
    pub cells: Option<usize>,
    /// Print one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
}

/// Which report to write.
#[derive(Debug, Args)]
pub struct ReportOptions {
    /// The folder of a run
    pub run: PathBuf,
    /// Also print the page to `report.pdf`, a tear sheet of two pages, with an installed Chromium
    #[arg(long, value_name = "PAPER", num_args = 0..=1, default_missing_value = "a4", value_parser = ["a4", "letter"])]
    pub pdf: Option<String>,
}

/// Which series, and what is known of it.
#[derive(Debug, Args)]
pub struct TearsheetOptions {
    /// Returns, prices or an equity curve by date, in any layout that prices are read in
    pub series: PathBuf,
    /// The benchmark, in a file of its own
    #[arg(long, value_name = "FILE")]
    pub benchmark: Option<PathBuf>,
    /// The column of the series, where its file has several
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,
    /// The column of the benchmark
    #[arg(long, value_name = "NAME", requires = "benchmark")]
    pub benchmark_column: Option<String>,
    /// What the numbers are, instead of finding out by looking
    #[arg(long, value_parser = ["returns", "percent", "prices", "equity"])]
    pub kind: Option<String>,
    /// The same of the benchmark
    #[arg(long, value_parser = ["returns", "percent", "prices", "equity"], requires = "benchmark")]
    pub benchmark_kind: Option<String>,
    /// The risk-free rate, a fraction a year
    #[arg(long, value_name = "RATE", value_parser = parse_rate, allow_hyphen_values = true)]
    pub risk_free: Option<f64>,
    /// Periods in a year, instead of those that the dates tell
    #[arg(long, value_name = "NUMBER", value_parser = parse_periods)]
    pub periods_per_year: Option<f64>,
    /// What the page calls the series, instead of its column, or of its file where the column says only what its numbers are
    #[arg(long)]
    pub name: Option<String>,
    /// The page: a file, or a folder for `SERIES-tearsheet.html`
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Print one line of JSON with every figure
    #[arg(long)]
    pub json: bool,
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| *rate > -0.5 && *rate < 1.0);
    rate.ok_or_else(|| "a rate is a fraction a year, such as 0.03".to_owned())
}

fn parse_periods(text: &str) -> Result<f64, String> {
    let periods = text.parse::<f64>().ok().filter(|periods| *periods >= 1.0 && *periods <= 366.0);
    periods.ok_or_else(|| "periods in a year are from 1 to 366".to_owned())
}

fn measure_keys() -> PossibleValuesParser {
    definitions().iter().map(|definition| definition.key).into()
}

fn parse_every(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(every) if every >= 1 => Ok(every),
        _ => Err("must be a whole number of at least 1".to_owned()),
    }
}
