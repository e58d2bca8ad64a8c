//! What `walkfolio init` is asked for.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Which study to start from, and where.
#[derive(Debug, Args)]
pub struct InitOptions {
    /// What the study does
    pub kind: Kind,
    /// The file to write, or its folder; `KIND.toml` by default
    pub path: Option<PathBuf>,
    /// Write the study for the prices in this file: its assets, its dates, windows that fit
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// The benchmark: a column of the price file, or a file of its own
    #[arg(long, value_name = "TICKER|FILE", requires = "prices")]
    pub benchmark: Option<String>,
    /// A daily three-factor file of the Ken French library, for long-short
    #[arg(long, value_name = "FILE", requires = "prices")]
    pub factors: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
}

/// A kind of study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Track a fund with a few others
    Replica,
    /// Long and short positions with a bounded beta
    LongShort,
    /// Track an index with a few of its stocks
    IndexTracking,
    /// The least volatile portfolio of the assets
    MinimumVariance,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Replica => "replica",
            Self::LongShort => "long-short",
            Self::IndexTracking => "index-tracking",
            Self::MinimumVariance => "minimum-variance",
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Self::Replica => include_str!("replica.toml"),
            Self::LongShort => include_str!("long-short.toml"),
            Self::IndexTracking => include_str!("index-tracking.toml"),
            Self::MinimumVariance => include_str!("minimum-variance.toml"),
        }
    }

    /// Whether its objective is tracking error.
    pub fn tracks(self) -> bool {
        matches!(self, Self::Replica | Self::IndexTracking)
    }
}
