//! `run.json`: what was run, on which data, and how it ended.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use walkfolio_core::{Date, Note};
use walkfolio_study::Spec;

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
    /// The commit of the program's source; `unknown` for a program that was built outside a
    /// repository, and for a library.
    #[serde(default = "unknown")]
    pub commit: String,
    /// A hash of the sources that results depend on. A run is resumed by the same build only.
    #[serde(default)]
    pub build: String,
    /// Hash of study, data and build: equal hashes give equal results.
    pub hash: String,
    /// Every series' file with hash and range.
    pub sources: Vec<Source>,
    /// The folder that the files were read from, absolute; none of a run on simulated prices, and in
    /// folders of earlier versions. `verify` looks there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
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
    #[serde(serialize_with = "tree", deserialize_with = "resolved")]
    pub resolved: Spec,
    /// What `--set` changed beyond its own keys: the resolved study does not tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
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
    /// When the run began (UTC), before its first decision. A run that was resumed began when it
    /// was started for the first time.
    pub started: Timestamp,
    /// Number of threads; of a run that was resumed, those of the last process.
    pub threads: usize,
    /// Wall-clock seconds by stage; of a run that was resumed, those of the last process.
    pub seconds: Seconds,
    /// The SHA-256 of each other file of the folder; empty while the run is under way, and in folders
    /// of earlier versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
}

// As trees of JSON, so that the many types of a study are compiled for one format alone.
fn tree<S: Serializer>(spec: &Spec, serializer: S) -> Result<S::Ok, S::Error> {
    spec.to_json().serialize(serializer)
}

fn resolved<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Spec, D::Error> {
    let tree = Value::deserialize(deserializer)?;
    Spec::from_tree(&tree).map_err(serde::de::Error::custom)
}

fn unknown() -> String {
    "unknown".to_owned()
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
    /// First date in it; none where it has a header alone.
    pub first: Option<Date>,
    /// Last date in it.
    pub last: Option<Date>,
    /// The vintage it states.
    pub vintage: Option<String>,
}

impl Source {
    /// Its first and last date in words.
    pub fn range(&self) -> String {
        match self.first.zip(self.last) {
            Some((first, last)) => format!("{first} to {last}"),
            None => "no rows".to_owned(),
        }
    }
}

/// What every output says of simulated prices.
pub const SIMULATED: &str = "simulated prices: they say nothing about any real fund";

/// What every output says of a run whose equity was gone, after its date.
pub const WIPED_OUT: &str = "equity fell to zero or below, and the backtest ended";

impl Manifest {
    /// [`SIMULATED`], if the prices are.
    pub fn simulated(&self) -> Option<&'static str> {
        self.synthetic.then_some(SIMULATED)
    }

    /// The program that made the run: its version, commit and the head of its build.
    pub fn program(&self) -> String {
        let build: String = self.build.chars().take(8).collect();
        format!("version {}, commit {}, build {build}", self.version, self.commit)
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
