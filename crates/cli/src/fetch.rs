//! `walkfolio fetch`.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use walkfolio::fetch::{
    Backoff, FetchObserver, FetchRequest, Fetched, Limits, Outcome, Vendor, fetch as fetch_all,
};
use walkfolio::{Date, Error, Study, Ticker};

use crate::failure::Failure;
use crate::progress::{Progress, quiet};

/// What to fetch, from where and into which folder.
#[derive(Debug, Args)]
pub struct FetchOptions {
    /// The study whose assets, benchmark and factors to fetch
    #[arg(conflicts_with = "tickers")]
    pub study: Option<PathBuf>,
    /// The tickers, separated by commas
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = parse_ticker)]
    pub tickers: Vec<Ticker>,
    /// The source of the prices; `french` is Ken French's library of daily factors
    #[arg(long, value_name = "VENDOR")]
    pub from: From,
    /// The folder of the snapshot; existing data are updated
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// The first session to request if the snapshot has no data yet
    #[arg(long, value_name = "DATE")]
    pub first: Option<Date>,
    /// The vendor's address; by default `WALKFOLIO_YAHOO_URL`, `WALKFOLIO_STOOQ_URL` or
    /// `WALKFOLIO_FRENCH_URL` if set, otherwise the vendor's own
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Number of parallel requests
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub parallel: u8,
    /// Timeout of a request in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub time_out: u64,
    /// Maximum number of tries per request
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub tries: u32,
    /// Print one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
}

impl FetchOptions {
    /// All that a study needs, from a vendor into a snapshot.
    pub fn of_study(study: Option<PathBuf>, from: From, into: PathBuf) -> Self {
        let (parallel, time_out, tries) = (4, 30, 5);
        let (tickers, first, base_url, json) = (Vec::new(), None, None, false);
        Self { study, tickers, from, into, first, base_url, parallel, time_out, tries, json }
    }
}

/// A vendor on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum From {
    /// Yahoo's chart service
    Yahoo,
    /// Stooq's CSV
    Stooq,
    /// Ken French's library
    French,
}

fn parse_ticker(text: &str) -> Result<Ticker, String> {
    Ticker::new(text.trim()).map_err(|error| error.to_string())
}

pub fn fetch(options: &FetchOptions) -> Result<ExitCode, Failure> {
    if options.study.is_none() && options.tickers.is_empty() && options.from != From::French {
        let hint = "name a study, or tickers with --tickers SPY,QQQ";
        return Err(Failure::plain("nothing to fetch".to_owned(), Some(hint.to_owned())));
    }
    let study = options.study.as_deref().map(|path| Study::load(path, &[])).transpose()?;
    let bars = Bars::new();
    let mut fetched = Vec::new();
    for vendor in vendors(options, study.as_ref()) {
        let request = request(options, study.as_ref(), vendor);
        fetched.extend(fetch_all(&request, &bars).map_err(Error::from)?);
    }
    bars.all.clear().ok();
    Ok(print(options, fetched))
}

/// The vendor that was named, and the library if the study has factors.
fn vendors(options: &FetchOptions, study: Option<&Study>) -> Vec<Vendor> {
    let vendor = match options.from {
        From::Yahoo => Vendor::Yahoo,
        From::Stooq => Vendor::Stooq,
        From::French => Vendor::French,
    };
    let factors = study.is_some_and(|study| study.config().spec().market.factors.is_some());
    let mut vendors = vec![vendor];
    if factors && vendor != Vendor::French {
        vendors.push(Vendor::French);
    }
    vendors
}

fn request(options: &FetchOptions, study: Option<&Study>, vendor: Vendor) -> FetchRequest {
    let mut tickers = options.tickers.clone();
    tickers.extend(study.map(Study::quoted).unwrap_or_default());
    // The address on the command line is that of the vendor on the command line.
    let named = options.base_url.clone().filter(|_| vendors(options, None) == [vendor]);
    FetchRequest {
        vendor,
        base_url: named.or_else(|| std::env::var(vendor.variable()).ok()),
        tickers,
        into: options.into.clone(),
        first: options.first,
        limits: Limits {
            time_out: Duration::from_secs(options.time_out),
            backoff: Backoff { tries: options.tries, ..Backoff::default() },
            ..Limits::default()
        },
        parallel: usize::from(options.parallel),
    }
}

/// Prints what is new, then what failed.
fn print(options: &FetchOptions, fetched: Vec<Fetched>) -> ExitCode {
    let into = options.into.display();
    if options.json {
        let all: Vec<Value> = fetched.iter().map(Fetched::json).collect();
        say!("{}", json!({ "into": into.to_string(), "fetched": all }));
    }
    let width = fetched.iter().map(|one| one.name.as_str().len()).max().unwrap_or(0);
    let mut failures = Vec::new();
    for Fetched { name, outcome } in fetched {
        match outcome {
            Ok(outcome) if !options.json => say!("{name:width$}  {}", line(&outcome)),
            Ok(_) => {}
            Err(error) => failures.push(Failure::from(Error::from(error))),
        }
    }
    if !options.json {
        say!("snapshot  {into}");
    }
    if Progress::stopped() {
        report!("stopped: the snapshot has what was fetched so far");
        return ExitCode::from(130);
    }
    if failures.is_empty() {
        return ExitCode::SUCCESS;
    }
    let failures = Failure::all(&failures);
    report!("{failures}");
    failures.code()
}

/// How many revised closes are shown.
const SHOWN: usize = 3;

fn line(outcome: &Outcome) -> String {
    let Outcome { added, rows, last, revisions, again } = outcome;
    let sessions = |n: usize| format!("{n} new session{}", if n == 1 { "" } else { "s" });
    let new = if *added == 0 { "nothing new".to_owned() } else { sessions(*added) };
    let mut line = format!("{new}, {rows} to {last}");
    if *again {
        line += "; fetched again from the start: a dividend, a split or a revision changed it";
    }
    if !revisions.is_empty() {
        let noun = if revisions.len() == 1 { "close" } else { "closes" };
        let _ = write!(line, "; {} {noun} revised:", revisions.len());
        for revision in revisions.iter().take(SHOWN) {
            let price = |price: Option<f64>| price.map_or("none".to_owned(), |p| p.to_string());
            let (before, after) = (price(revision.before), price(revision.after));
            let _ = write!(line, " {} from {before} to {after},", revision.date);
        }
        line.pop();
        if revisions.len() > SHOWN {
            line += " ..";
        }
    }
    line
}

/// A line a ticker that is being fetched, on a terminal only.
struct Bars {
    all: MultiProgress,
    open: Mutex<HashMap<Ticker, ProgressBar>>,
}

impl Bars {
    fn new() -> Self {
        let all = MultiProgress::new();
        if quiet() {
            all.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self { all, open: Mutex::default() }
    }
}

impl FetchObserver for Bars {
    fn begin(&self, name: &Ticker) {
        let bar = self.all.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(name.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        if let Ok(mut open) = self.open.lock() {
            open.insert(name.clone(), bar);
        }
    }

    fn done(&self, name: &Ticker, _: Result<&Outcome, &walkfolio::fetch::Error>) {
        if let Some(bar) = self.open.lock().ok().and_then(|mut open| open.remove(name)) {
            bar.finish_and_clear();
        }
    }

    fn cancelled(&self) -> bool {
        Progress::stopped()
    }
}
