//! The command line.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use walkfolio::measures::definitions;

use crate::fetch::FetchOptions;
use crate::runs::RunsOptions;

/// Builds portfolios from past data only, walks them forward through history, and tells the truth
/// about how they did.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = AFTER)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "\
Begin with:
  walkfolio run studies/mtum-replica.toml                         on the built-in sample market
  walkfolio run studies/mtum-replica.toml --data ../shared/data   on real prices
  walkfolio audit studies/mtum-replica.toml                       prove that nothing looks ahead
  walkfolio compare /tmp/a /tmp/b                                 set runs side by side

Exit codes: 0 done, 1 the audit or the verification found a fault, 2 the study, the data or the
call is at fault, 130 stopped by Ctrl-C.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a study and write its folder with tables and report
    #[command(after_help = "\
Examples:
  walkfolio run studies/long-short.toml --data ../shared/data --out /tmp/long-short
  walkfolio run studies/mtum-replica.toml --set costs.per_side_bps=10 --set walk_forward.every=week
  walkfolio run studies/mtum-frontier.toml
  walkfolio run studies/mtum-replica-tuned.toml --data ../shared/data --resume
  walkfolio run studies/mtum-replica.toml --json | tail -n 1 | jq .classifier.auc

Exit codes: 0 done, 2 the study, the data or the call is at fault, 130 stopped by Ctrl-C.")]
    Run(RunOptions),
    /// Prove that no decision of a study depends on the future
    #[command(after_help = "\
Every decision is made again on markets whose future is falsified; it must come out the same to
the bit.

Examples:
  walkfolio audit studies/mtum-replica.toml
  walkfolio audit studies/long-short.toml --data ../shared/data")]
    Audit(StudyOptions),
    /// Look for faults in the data of a study, or in a price file
    #[command(after_help = "\
Findings are errors (no sound file has them), warnings (wrong more often than not) and notes. What a
study does about them stands in its table [clean].

Examples:
  walkfolio check studies/long-short.toml --data ../shared/data
  walkfolio check --prices prices.csv
  walkfolio check --prices spy.us.txt --all --out /tmp/report
  walkfolio check --prices prices.parquet --json | jq .counts

Exit codes: 0 clean, or notes only; 1 a warning or an error; 2 the data cannot be read.")]
    Check(CheckOptions),
    /// Set the measures of runs side by side
    #[command(after_help = "\
Without --regime the classifiers of the runs and the targets that they share follow the measures.
The best value of a row is marked with a star where more, or less, is better.

Runs on other prices, against another benchmark or over other dates are not compared without --force.

Examples:
  walkfolio run studies/mtum-replica.toml --out /tmp/replica
  walkfolio run studies/mtum-all-eleven.toml --out /tmp/all-eleven
  walkfolio compare /tmp/replica /tmp/all-eleven
  walkfolio compare /tmp/replica /tmp/all-eleven --regime covid --sort tracking_error
  walkfolio compare runs/mtum-* --all --json

Exit codes: 0 done, 2 a folder holds no finished backtest, or the runs are not on like data.")]
    Compare(CompareOptions),
    /// Download prices and factors into a snapshot, or bring it up to date
    #[command(after_help = "\
Only sessions that the folder lacks are asked for. An overlap is compared: where a dividend, a split
or a revision changed it, the history is fetched again and every revised close is told.

Examples:
  walkfolio fetch studies/long-short.toml --from yahoo --into data
  walkfolio fetch --tickers SPY,QQQ --from stooq --into data
  walkfolio fetch --from french --into data
  walkfolio run studies/long-short.toml --data data

Exit codes: 0 done, 2 a ticker could not be fetched (the others are kept), 130 stopped by Ctrl-C.")]
    Fetch(FetchOptions),
    /// List the runs in a folder of runs, filtered and in order
    #[command(after_help = "\
Runs enter the catalogue (runs/catalogue.db) when they end; one with --out does if its place is called
`runs` or holds a catalogue. The catalogue is an index: --rebuild reads it from the folders again.

A filter compares keys with values: < <= > >= = !=, joined by and, or, not and parentheses. Keys are
the measures of measures.json, those of a regime as regime.key, and folder, study, status, kind,
created, version, study_hash, data_hash, vintage, synthetic, first, last, cells, decisions. Short: te,
ir, sharpe, vol, return, alpha, drawdown, turnover, holdings. A run without a measure does not match.

Examples:
  walkfolio runs
  walkfolio runs --where 'te < 0.08 and holdings_mean <= 6' --sort te
  walkfolio runs --where 'study = mtum-replica and created >= 2026-11-01' --sort -sharpe --limit 5
  walkfolio runs --where 'covid.te < 10%' --json | jq -r .runs[].folder
  walkfolio runs /archive/runs --rebuild

Exit codes: 0 done, 2 the filter, the folder or the catalogue is at fault.")]
    Runs(RunsOptions),
    /// Write the report of a run folder anew
    #[command(
        after_help = "Example:\n  walkfolio report runs/mtum-replica-20261123T201500Z-1a2b3c4d"
    )]
    Report(ReportOptions),
    /// Check the decisions of a run: feasible, and as good as the ledger says
    #[command(after_help = "\
The program of each decision is made anew from the data and bounded by another method.

Examples:
  walkfolio verify runs/mtum-replica-20261123T201500Z-1a2b3c4d
  walkfolio verify /tmp/long-short --data ../shared/data")]
    Verify(VerifyOptions),
    /// Print the JSON Schema of study files
    Schema,
}

/// A study and how to read it.
#[derive(Debug, Args)]
pub struct StudyOptions {
    /// The study file (TOML)
    pub study: PathBuf,
    /// Read the files that the study names below this folder, in place of its source
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Set a key of the study, the value in TOML: `costs.per_side_bps=10`
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Number of threads; the result does not depend on it
    #[arg(long, value_name = "N", value_parser = parse_threads)]
    pub threads: Option<usize>,
}

/// How to run a study.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// The study.
    #[command(flatten)]
    pub study: StudyOptions,
    /// Write to this folder itself; without it, to `runs/<study>-<utc>-<hash>`
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print folder, status, measures, classifier and targets as one line of JSON at the end
    #[arg(long)]
    pub json: bool,
    /// Take up the run in `--out`, or the latest unfinished one of this study and data, where it was
    /// cut off; the result is the same to the bit
    #[arg(long)]
    pub resume: bool,
    /// Keep what is done after so many decisions (a grid: after each backtest); 12 by default
    #[arg(long, value_name = "N", value_parser = parse_every)]
    pub checkpoint_every: Option<usize>,
    /// For many runs: no report, one line of output, checkpoints after 24 decisions
    #[arg(long)]
    pub bulk: bool,
}

impl RunOptions {
    /// After how many decisions what is done is kept.
    pub fn checkpoint_every(&self) -> usize {
        self.checkpoint_every.unwrap_or(if self.bulk { 24 } else { 12 })
    }
}

/// Which data to check, and how to say what was found.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// The study file (TOML) whose data are checked
    #[arg(required_unless_present = "prices")]
    pub study: Option<PathBuf>,
    /// Check this price file in place of a study's data
    #[arg(long, value_name = "FILE", conflicts_with_all = ["study", "data"])]
    pub prices: Option<PathBuf>,
    /// Read the files that the study names below this folder, in place of its source
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Show every finding and every asset
    #[arg(long)]
    pub all: bool,
    /// Write `data-report.json` into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print one line of JSON in place of the report
    #[arg(long)]
    pub json: bool,
}

/// Which runs to compare, and how.
#[derive(Debug, Args)]
pub struct CompareOptions {
    /// The folders of two or more backtests
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Compare this regime in place of the full sample
    #[arg(long, value_name = "NAME")]
    pub regime: Option<String>,
    /// Show every measure
    #[arg(long)]
    pub all: bool,
    /// Order the runs by a measure, the best first: `tracking_error`
    #[arg(long, value_name = "KEY", value_parser = measure_keys(), hide_possible_values = true)]
    pub sort: Option<String>,
    /// Compare runs on unlike data too
    #[arg(long)]
    pub force: bool,
    /// Also write a page with charts and paired differences: a file, or a folder for `compare.html`
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Print one line of JSON in place of the table
    #[arg(long)]
    pub json: bool,
}

/// Which run to verify.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// The folder of a run
    pub run: PathBuf,
    /// The data folder that the run was made with
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Which report to write.
#[derive(Debug, Args)]
pub struct ReportOptions {
    /// The folder of a run
    pub run: PathBuf,
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

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(threads) if (1..=1024).contains(&threads) => Ok(threads),
        _ => Err("must be a whole number from 1 to 1024".to_owned()),
    }
}
