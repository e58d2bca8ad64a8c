//! `walkfolio runs`.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use walkfolio::UnderWay;
use walkfolio::catalogue::{Catalogue, Entry, FILE, Listed, Query, Rebuilt};
use walkfolio::measures::{Unit, definitions};

use crate::failure::Failure;
use crate::layout::{Side, lines, width};
use crate::under_way;

/// Which runs to list, and how.
#[derive(Debug, Args)]
pub struct RunsOptions {
    /// The folder of runs
    #[arg(default_value = "runs", value_name = "DIR")]
    pub folder: PathBuf,
    /// List only runs that match: `te < 0.08 and holdings_mean <= 6`
    #[arg(long = "where", value_name = "FILTER")]
    pub filter: Option<String>,
    /// Sort by this key, in descending order with `-` in front; by default, newest first
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// List at most this many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print one line of JSON instead of the table
    #[arg(long)]
    pub json: bool,
    /// First read every run folder again; runs whose folders are missing are dropped
    #[arg(long)]
    pub rebuild: bool,
}

/// Shown after what is asked for, as far as the width goes.
const MEASURES: [&str; 6] = [
    "tracking_error",
    "information_ratio",
    "sharpe_ratio",
    "volatility",
    "turnover_annual",
    "holdings_mean",
];

pub fn runs(options: &RunsOptions) -> Result<ExitCode, Failure> {
    let folder = &options.folder;
    if !folder.is_dir() {
        let hint = "`walkfolio run STUDY` creates the folder `runs`; name another one as `walkfolio runs DIR`";
        let message = format!("{} is not a folder of runs: it does not exist", folder.display());
        return Err(Failure::plain(message, Some(hint.to_owned())));
    }
    let under_way = UnderWay::in_folder(folder)?;
    let catalogue = open(options, &under_way)?;
    let query = Query {
        filter: options.filter.clone(),
        sort: options.sort.clone(),
        limit: options.limit,
        skip: 0,
    };
    let listed = catalogue.runs(&query)?;
    if options.json {
        say!(
            "{}",
            json!({
                "catalogue": catalogue.path().display().to_string(),
                "total": listed.total,
                "matching": listed.matching,
                "runs": listed.runs,
                "under_way": under_way.iter().map(under_way::json).collect::<Vec<_>>(),
            })
        );
        return Ok(ExitCode::SUCCESS);
    }
    // A filter is of measures, and what is under way has none yet.
    let under_way =
        if options.filter.is_none() { under_way::text(&under_way) } else { String::new() };
    if listed.total > 0 || under_way.is_empty() {
        say!("{}", table(&listed, width()));
    }
    if !under_way.is_empty() {
        say!("{under_way}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The catalogue, rebuilt if that is asked for. Before the first run has ended there is none.
fn open(options: &RunsOptions, under_way: &[UnderWay]) -> Result<Catalogue, Failure> {
    let folder = &options.folder;
    if options.rebuild {
        let (catalogue, rebuilt) = Catalogue::rebuild(folder)?;
        print(&rebuilt, options.json);
        return Ok(catalogue);
    }
    if !under_way.is_empty() && !folder.join(FILE).exists() {
        return Ok(Catalogue::of(&[])?);
    }
    Ok(Catalogue::open(folder)?)
}

fn print(rebuilt: &Rebuilt, json: bool) {
    if !json {
        let gone = match rebuilt.dropped {
            0 => String::new(),
            dropped => format!(", {dropped} dropped"),
        };
        say!("rebuilt: {} runs{gone}", rebuilt.runs);
    }
    for (path, reason) in &rebuilt.unreadable {
        report!("warning: {} is skipped: {reason}", path.display());
    }
}

/// A line a run; the measures that fit beside it.
fn table(listed: &Listed, width: usize) -> String {
    if listed.runs.is_empty() {
        return match listed.total {
            0 => "no runs".to_owned(),
            total => format!("no match in {total} runs"),
        };
    }
    let mut rows = vec![vec!["run".to_owned(), "status".to_owned()]];
    rows.extend(listed.runs.iter().map(|run| vec![run.folder.clone(), status(run)]));
    let mut used = (0..2).map(|column| widest(&rows, column) + 2).sum::<usize>() - 2;
    for key in shown(listed) {
        let column: Vec<String> = std::iter::once(label(&key))
            .chain(listed.runs.iter().map(|run| unit(&key).show(run.measure(&key))))
            .collect();
        let own = column.iter().map(|cell| cell.chars().count()).max().unwrap_or(0) + 2;
        // What was asked for is shown whatever the width.
        if used + own > width && !listed.measures.contains(&key) {
            break;
        }
        used += own;
        rows.iter_mut().zip(column).for_each(|(row, cell)| row.push(cell));
    }
    let mut text = lines(&rows, &[Side::Left, Side::Left, Side::Right]).join("\n");
    if listed.matching > listed.runs.len() {
        let _ = write!(text, "\nand {} more", listed.matching - listed.runs.len());
    }
    text
}

/// The measures of the table: those of the filter and the order, then the usual ones that any run has.
pub fn shown(listed: &Listed) -> Vec<String> {
    let usual = MEASURES.iter().filter(|key| {
        !listed.measures.iter().any(|asked| asked == **key)
            && listed.runs.iter().any(|run| run.measure(key).is_some())
    });
    listed.measures.iter().cloned().chain(usual.map(ToString::to_string)).collect()
}

fn status(run: &Entry) -> String {
    match run.kind.as_str() {
        "grid" => format!("{}, {} cells", run.status, run.cells),
        _ => run.status.clone(),
    }
}

/// The unit of a measure, of a regime's too.
pub fn unit(key: &str) -> Unit {
    let last = key.rsplit('.').next().unwrap_or(key);
    definitions().iter().find(|d| d.key == last).map_or(Unit::Number, |d| d.unit)
}

/// A measure's heading: short where it has an everyday name.
pub fn label(key: &str) -> String {
    let (before, last) = key.rsplit_once('.').map_or(("", key), |(before, last)| (before, last));
    let short = match last {
        "tracking_error" => "te",
        "information_ratio" => "ir",
        "sharpe_ratio" => "sharpe",
        "volatility" => "vol",
        "turnover_annual" => "turnover",
        "holdings_mean" => "holdings",
        other => other,
    };
    if before.is_empty() { short.to_owned() } else { format!("{before}.{short}") }
}

fn widest(rows: &[Vec<String>], column: usize) -> usize {
    rows.iter()
        .filter_map(|row| row.get(column))
        .map(|cell| cell.chars().count())
        .max()
        .unwrap_or(0)
}
