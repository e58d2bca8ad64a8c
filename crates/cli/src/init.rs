//! `walkfolio init`.

mod own;
mod template;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::failure::Failure;
use crate::file;
use own::Own;

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
    fn name(self) -> &'static str {
        match self {
            Self::Replica => "replica",
            Self::LongShort => "long-short",
            Self::IndexTracking => "index-tracking",
            Self::MinimumVariance => "minimum-variance",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Replica => include_str!("init/replica.toml"),
            Self::LongShort => include_str!("init/long-short.toml"),
            Self::IndexTracking => include_str!("init/index-tracking.toml"),
            Self::MinimumVariance => include_str!("init/minimum-variance.toml"),
        }
    }

    /// Whether its objective is tracking error.
    fn tracks(self) -> bool {
        matches!(self, Self::Replica | Self::IndexTracking)
    }
}

pub fn init(options: &InitOptions) -> Result<ExitCode, Failure> {
    let kind = options.kind;
    let file = format!("{}.toml", kind.name());
    let path = match &options.path {
        None => PathBuf::from(&file),
        Some(path) if path.is_dir() => path.join(&file),
        Some(path) => path.clone(),
    };
    let shown = path.display().to_string();
    if path.exists() && !options.force {
        let hint = "choose another file, or replace it with --force".to_owned();
        return Err(Failure::plain(format!("{shown} already exists"), Some(hint)));
    }
    let own = options.prices.as_deref().map(|prices| Own::read(options, prices, &path));
    let own = own.transpose()?;
    let text = own.as_ref().map_or_else(|| kind.text().to_owned(), |own| template::fill(kind, own));
    file::write(&path, named(&text, kind, &path).as_bytes())?;
    say!("wrote {shown}");
    if let Some(own) = &own {
        say!("{}", own.summary());
    }
    say!("next  walkfolio run {shown}");
    Ok(ExitCode::SUCCESS)
}

/// The study, named after its file where that is a name.
fn named(text: &str, kind: Kind, path: &Path) -> String {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let name = if !stem.is_empty() && stem.chars().all(is_name) { stem } else { kind.name() };
    text.replace(&format!("name = \"{}\"", kind.name()), &format!("name = \"{name}\""))
        .replace(&format!("{}.toml", kind.name()), &path.display().to_string())
}
