//! What a study needs to know of a user's price file.

use std::fs;
use std::path::{Component, Path, PathBuf};

use walkfolio::analysis::format::counted;
use walkfolio::quality::{Coverage, Severity, inspect};
use walkfolio::{Date, periods_per_year, read_prices};

use super::options::InitOptions;
use crate::failure::Failure;
use crate::nearest::nearest;

/// Fewer rows than these leave no room for a window and a few decisions.
const ROWS: usize = 24;

/// A user's prices, as far as a study states them.
pub struct Own {
    /// The file as it was named.
    pub shown: String,
    /// Its folder as the study's folder sees it; empty if they are the same.
    pub folder: String,
    /// Its name in that folder.
    pub file: String,
    /// The factor file, in the same way.
    pub factors: Option<String>,
    /// The last date of the factor file.
    pub factors_end: Option<Date>,
    /// The file of the benchmark, where it has its own, as seen from the folder of the prices.
    pub benchmark_file: Option<String>,
    /// What may be held, in the order of the data check.
    pub assets: Vec<String>,
    pub benchmark: Option<String>,
    /// The first decision: windows are full for the benchmark and enough assets.
    pub first: Date,
    /// First and last date of the file.
    pub range: (Date, Date),
    /// Rows of the longest window.
    pub window: usize,
    /// The frequency of decisions.
    pub every: &'static str,
    /// Whether series have holes.
    pub has_gaps: bool,
    /// Number of severe findings of the data check.
    errors: usize,
    rows: usize,
}

impl Own {
    /// Reads a price file for a study that is to be at `study`.
    pub fn read(options: &InitOptions, prices: &Path, study: &Path) -> Result<Self, Failure> {
        let shown = prices.display().to_string();
        let panel = read_prices(prices).map_err(walkfolio::Error::from)?;
        let report = inspect(&panel);
        let dates = sessions(&panel.dates, &shown)?;
        let other = benchmark_file(options)?;
        let own = other.iter().chain(&report.coverage).filter(|own| own.range.is_some());
        let all: Vec<&Coverage> = own.collect();
        let benchmark = match &other {
            Some(own) => Some(own.asset.to_string()),
            None => benchmark(options, &all, &shown)?,
        };
        let named = benchmark.as_deref();
        let may_be_held = !options.kind.tracks() && other.is_none();
        let is_held = |own: &&Coverage| may_be_held || Some(own.asset.as_str()) != named;
        let held: Vec<&Coverage> = all.iter().copied().filter(is_held).collect();
        if held.len() < 2 {
            let what = format!("{shown} has {} that may be held", counted(held.len(), "asset"));
            return Err(Failure::plain(what, Some("a study needs two or more".to_owned())));
        }
        let (folder, file) = place(prices, study.parent().unwrap_or(Path::new("")));
        let benchmark_file = other.as_ref().and(options.benchmark.as_deref());
        let start = start(&dates, &held, all.iter().find(|own| Some(own.asset.as_str()) == named));
        let Pace { first, window, every } = Pace::of(&dates, start);
        Ok(Self {
            shown,
            folder,
            file,
            factors: options.factors.as_deref().map(|path| beside(path, prices)),
            factors_end: options.factors.as_deref().map(end_of).transpose()?.flatten(),
            benchmark_file: benchmark_file.map(|path| beside(Path::new(path), prices)),
            assets: held.iter().map(|own| own.asset.to_string()).collect(),
            first: dates[first],
            range: (dates[0], dates[dates.len() - 1]),
            window,
            every,
            has_gaps: all.iter().any(|own| own.missing > 0),
            errors: report.count(Severity::Error),
            rows: dates.len(),
            benchmark,
        })
    }

    /// What was found, in a line or two.
    pub fn summary(&self) -> String {
        let (from, to) = self.range;
        let against =
            self.benchmark.as_ref().map_or(String::new(), |name| format!(" against {name}"));
        let assets = counted(self.assets.len(), "asset");
        let rows = counted(self.rows, "row");
        let text = format!(
            "      {assets}{against}, {rows}, {from} to {to}; decisions from {}",
            self.first
        );
        if self.errors == 0 {
            return text;
        }
        let errors = counted(self.errors, "error");
        format!("{text}\ncheck walkfolio check --prices {} reports {errors}", self.shown)
    }

    /// The day a year before the last one, where decisions have begun before it.
    pub fn last_year(&self) -> Option<Date> {
        let end = self.factors_end.map_or(self.range.1, |end| end.min(self.range.1));
        let day = end.checked_sub(jiff::Span::new().years(1)).ok()?;
        (self.first < day).then_some(day)
    }
}

/// What a file of its own has of the benchmark; none where the benchmark is a column.
fn benchmark_file(options: &InitOptions) -> Result<Option<Coverage>, Failure> {
    let named = options.benchmark.as_deref().map(Path::new);
    let Some(path) = named.filter(|path| path.is_file()) else { return Ok(None) };
    let panel = read_prices(path).map_err(walkfolio::Error::from)?;
    let mut found = inspect(&panel).coverage;
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(Some(only)),
        (_, others) => {
            let what = format!("{} has {} series", path.display(), others + 1);
            let hint = "a file of a benchmark has one; name a column of --prices, or another file";
            Err(Failure::plain(what, Some(hint.to_owned())))
        }
    }
}

/// The benchmark as the file spells it.
fn benchmark(
    options: &InitOptions,
    all: &[&Coverage],
    shown: &str,
) -> Result<Option<String>, Failure> {
    let names = || all.iter().map(|own| own.asset.as_str());
    let some = || names().take(12).collect::<Vec<_>>().join(", ");
    let more = if all.len() > 12 { ", .." } else { "" };
    let Some(asked) = &options.benchmark else {
        if !options.kind.tracks() {
            return Ok(None);
        }
        let what = format!("{} tracks a benchmark: which column is it?", options.kind.name());
        let hint = format!("add --benchmark with one of {}{more}", some());
        return Err(Failure::plain(what, Some(hint)));
    };
    if let Some(found) = names().find(|name| name.eq_ignore_ascii_case(asked)) {
        return Ok(Some(found.to_owned()));
    }
    let hint = nearest(asked, names())
        .map_or_else(|| format!("it has {}{more}", some()), |near| format!("did you mean {near}?"));
    Err(Failure::plain(format!("{shown} has no {asked}"), Some(hint)))
}

/// The dates of a file, if there are enough for a study.
fn sessions(rows: &[Date], shown: &str) -> Result<Vec<Date>, Failure> {
    let mut dates = rows.to_vec();
    dates.sort_unstable();
    dates.dedup();
    if dates.len() < ROWS {
        let what = format!("{shown} has {}; a study needs {ROWS}", counted(dates.len(), "row"));
        return Err(Failure::plain(what, Some("supply a longer file".to_owned())));
    }
    Ok(dates)
}

/// How far decisions look back, when they begin and how often they are made.
struct Pace {
    /// The row of the first decision.
    first: usize,
    window: usize,
    every: &'static str,
}

impl Pace {
    /// Where enough assets have prices from row `start` on.
    fn of(dates: &[Date], start: usize) -> Self {
        let year = periods_per_year(dates).unwrap_or(252.0);
        let window = usual(year).min((dates.len() - start) / 3).max(8);
        let first = (start + window + 1).min(dates.len() - 2);
        let every = if year > 100.0 && dates.len() - first < 126 { "5d" } else { "month" };
        Self { first, window, every }
    }
}

/// Rows of the longest window by what is usual for the frequency of the prices.
fn usual(year: f64) -> usize {
    match year {
        100.0.. => 252,
        40.0.. => 104,
        10.0.. => 36,
        _ => 12,
    }
}

/// The row from which the benchmark and half of the assets have prices.
fn start(dates: &[Date], held: &[&Coverage], benchmark: Option<&&Coverage>) -> usize {
    let row = |own: &Coverage| {
        let first = own.range.map(|(first, _)| first);
        dates.partition_point(|date| Some(*date) < first)
    };
    let mut starts: Vec<usize> = held.iter().map(|own| row(own)).collect();
    starts.sort_unstable();
    let enough = starts[(held.len() / 2).max(3).min(held.len() - 1)];
    benchmark.map_or(enough, |own| enough.max(row(own)))
}

/// The folder of a file as seen from another folder, and the file's name.
fn place(path: &Path, base: &Path) -> (String, String) {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().unwrap_or(Path::new(""));
    if path.is_absolute() {
        return (slashed(folder), file);
    }
    let here = |path: &Path| {
        fs::canonicalize(if path.as_os_str().is_empty() { Path::new(".") } else { path })
    };
    let seen = match (here(folder), here(base)) {
        (Ok(folder), Ok(base)) => relative(&folder, &base),
        // The folder of the study is not there yet.
        (Ok(folder), Err(_)) => folder,
        _ => folder.to_path_buf(),
    };
    (slashed(&seen), file)
}

fn relative(to: &Path, from: &Path) -> PathBuf {
    let shared = to.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

fn slashed(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// The last date of a factor file.
fn end_of(path: &Path) -> Result<Option<Date>, Failure> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| {
        let hint = "name a file of the Ken French library: raw text or zip".to_owned();
        Failure::plain(format!("cannot read {shown}: {error}"), Some(hint))
    })?;
    let file = walkfolio::read_factors(&shown, &bytes).map_err(walkfolio::Error::from)?;
    Ok(Some(file.last))
}

/// A file as seen from the folder of the prices.
fn beside(path: &Path, prices: &Path) -> String {
    let (folder, file) = place(path, prices.parent().unwrap_or(Path::new("")));
    if folder.is_empty() { file } else { format!("{folder}/{file}") }
}
