//! `run.json`: what was run, on which data, and how it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use walkfolio_core::Date;
use walkfolio_data::{Loaded, SourceRecord};

use crate::run::Outcome;
use crate::study::{SourceSpec, Study, hex};
use crate::survivors::Survivors;

/// How a run ended, or that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is under way, or was killed.
    Running,
    /// All decisions are made and all files are written.
    Complete,
    /// It was stopped; the files hold what was done until then.
    Interrupted,
    /// It ended with an error, which the manifest states.
    Failed,
}

impl Status {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

/// Whether a run is one backtest or a grid of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One backtest.
    Backtest,
    /// One backtest per combination of swept keys.
    Grid,
}

/// Everything needed to know what a run is, and to run it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format.
    pub format: u32,
    /// Name of the study.
    pub study: String,
    /// One backtest or a grid.
    pub kind: Kind,
    /// How it ended.
    pub status: Status,
    /// The error that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether the prices are simulated.
    pub synthetic: bool,
    /// Version of the program.
    pub version: String,
    /// Hash of study, data and version: equal hashes give equal results.
    pub hash: String,
    /// Every series' file with hash and range.
    pub sources: Vec<Source>,
    /// The assets, in the order of all tables.
    pub assets: Vec<String>,
    /// The first date on which every asset has a price.
    #[serde(default)]
    pub complete_from: Option<Date>,
    /// Candidates that a universe of survivors would have kept, where some do not survive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survivors: Option<Survivors>,
    /// The benchmark.
    pub benchmark: Option<String>,
    /// The study with every default written out.
    pub resolved: Value,
    /// The regimes that were measured, in order.
    pub regimes: Vec<String>,
    /// Number of decisions or cells.
    pub decisions: usize,
    /// First session on which the weights earn.
    pub first: Option<Date>,
    /// Last session of the backtest.
    pub last: Option<Date>,
    /// The session on which equity was gone.
    pub ruined: Option<Date>,
    /// When the run began (UTC).
    pub started: Timestamp,
    /// Number of threads.
    pub threads: usize,
    /// Wall-clock seconds by stage.
    pub seconds: Seconds,
}

/// Wall-clock seconds by stage.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Seconds {
    /// Estimating and optimizing.
    pub decide: f64,
    /// Holding the decisions through the market.
    pub simulate: f64,
    /// Taking measures.
    pub measure: f64,
}

/// A data file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What it was used for.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Its format.
    pub format: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Number of rows.
    pub rows: usize,
    /// First date in it.
    pub first: Date,
    /// Last date in it.
    pub last: Date,
    /// The vintage it states.
    pub vintage: Option<String>,
}

impl From<&SourceRecord> for Source {
    fn from(record: &SourceRecord) -> Self {
        Self {
            role: record.role.to_owned(),
            name: record.name.clone(),
            format: record.format.to_owned(),
            sha256: record.sha256.clone(),
            rows: record.rows,
            first: record.first,
            last: record.last,
            vintage: record.vintage.clone(),
        }
    }
}

impl Manifest {
    /// The manifest of a study on its data.
    pub fn new(study: &Study, loaded: &Loaded, status: Status) -> Self {
        let config = study.config();
        let sources: Vec<Source> = loaded.sources.iter().map(Source::from).collect();
        Self {
            format: 1,
            study: config.name().to_owned(),
            kind: if config.grid().is_empty() { Kind::Backtest } else { Kind::Grid },
            status,
            error: None,
            synthetic: loaded.synthetic,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            hash: identity(study, &sources),
            sources,
            assets: loaded.market.universe().tickers().iter().map(ToString::to_string).collect(),
            complete_from: complete_from(loaded),
            survivors: None,
            benchmark: config.benchmark().map(ToString::to_string),
            resolved: resolved(study, loaded),
            regimes: Vec::new(),
            decisions: 0,
            first: None,
            last: None,
            ruined: None,
            started: Timestamp::now(),
            threads: rayon::current_num_threads(),
            seconds: Seconds::default(),
        }
    }

    pub(crate) fn describe(&mut self, outcome: &Outcome) {
        let dates = outcome.market.dates();
        let rows = &outcome.simulation.rows;
        self.decisions = outcome.simulation.rebalances.len();
        self.first = dates.get(rows.start).copied();
        self.last = rows.end.checked_sub(1).map(|row| dates[row]);
        self.ruined = outcome.simulation.ruined;
        self.seconds = outcome.seconds;
        self.regimes = outcome.measures.regimes.iter().map(|(name, _)| name.clone()).collect();
    }

    /// What the data is, in a few words.
    pub fn data_label(&self) -> String {
        if self.synthetic {
            "SYNTHETIC sample market".to_owned()
        } else {
            let names: Vec<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
            names.join(", ")
        }
    }
}

/// The first date on which every asset has a price, if there is one.
fn complete_from(loaded: &Loaded) -> Option<Date> {
    let prices = loaded.market.prices();
    let starts = (0..prices.universe().len()).map(|asset| prices.listing(asset).start);
    let ends = (0..prices.universe().len()).map(|asset| prices.listing(asset).end);
    let (start, end) = (starts.max()?, ends.min()?);
    (start < end).then(|| prices.dates()[start])
}

/// The study as it was run: with `--data` its prices came from files, whatever its source says.
fn resolved(study: &Study, loaded: &Loaded) -> Value {
    let mut resolved = study.resolved();
    let files = study.config().files();
    if let (false, Some(files), SourceSpec::Sample { .. }) =
        (loaded.synthetic, files, study.config().source())
    {
        let first = files.prices.names().first().map(|name| name.to_ascii_lowercase());
        let parquet = first.is_some_and(|name| name.ends_with(".parquet"));
        let kind = if parquet { "parquet" } else { "csv" };
        resolved["market"]["source"] = serde_json::json!({ "kind": kind });
    }
    resolved
}

fn identity(study: &Study, sources: &[Source]) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(study.hash());
    for source in sources {
        hash.update(&source.sha256);
    }
    hex(&hash.finalize())
}
