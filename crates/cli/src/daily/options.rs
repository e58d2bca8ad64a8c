//! The options of `walkfolio daily`.

use std::path::PathBuf;

use clap::Args;
use walkfolio::Date;

use crate::args::account::{AccountOptions, StudyOptions};
use crate::fetch::From;

/// What to do every day.
#[derive(Debug, Args)]
pub struct DailyOptions {
    /// The study.
    #[command(flatten)]
    pub study: StudyOptions,
    /// What the account holds.
    #[command(flatten)]
    pub account: AccountOptions,
    /// The folder of the days: each decision is kept in a folder named by its session
    #[arg(long, value_name = "DIR")]
    pub days: PathBuf,
    /// Update the snapshot in --data from this source first
    #[arg(long, value_name = "VENDOR", requires = "data")]
    pub from: Option<From>,
    /// The vendor's address, as of `fetch`
    #[arg(long, value_name = "URL", requires = "from")]
    pub base_url: Option<String>,
    /// What it does where something is not as it should be.
    #[command(flatten)]
    pub care: CareOptions,
    /// Decide for this session; by default, for the next one after the data
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Decide even if the schedule of the study does not ask for it
    #[arg(long)]
    pub force: bool,
    /// Number of sessions that the data may lack; more are an error [default: 5]
    #[arg(long, value_name = "N")]
    pub max_age: Option<usize>,
    /// Print the decision as one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
}

/// What to do where something is not as it should be.
#[derive(Debug, Args)]
pub struct CareOptions {
    /// Go on where the check of the data has warnings; errors still end it
    #[arg(long)]
    pub accept_warnings: bool,
    /// Decide anew where the session was decided from other inputs; the earlier folder is kept as DATE.1
    #[arg(long)]
    pub again: bool,
}
