//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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

Exit codes: 0 done, 1 the audit or the verification found a fault, 2 the study, the data or the call is at fault,
130 stopped by Ctrl-C.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a study and write its folder with tables and report
    #[command(after_help = "\
Examples:
  walkfolio run studies/long-short.toml --data ../shared/data --out /tmp/long-short
  walkfolio run studies/mtum-replica.toml --set costs.per_side_bps=10 --set walk_forward.every=week")]
    Run(RunOptions),
    /// Prove that no decision of a study depends on the future
    #[command(after_help = "\
Every decision is made again on markets whose future is falsified; it must come out the same to
the bit.

Examples:
  walkfolio audit studies/mtum-replica.toml
  walkfolio audit studies/long-short.toml --data ../shared/data")]
    Audit(StudyOptions),
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
    /// Print folder, status and measures as one line of JSON at the end
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

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(threads) if (1..=1024).contains(&threads) => Ok(threads),
        _ => Err("must be a whole number from 1 to 1024".to_owned()),
    }
}
