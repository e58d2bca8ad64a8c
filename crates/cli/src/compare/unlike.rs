//! What must be the same for figures to be comparable.

use walkfolio::{Date, ReturnRow, Status};

use super::column::Column;

/// What must be the same, as text.
type Fact = fn(&Column) -> String;

/// Digits of a hash that distinguish two files.
const SHORT: usize = 8;
/// Returns this close are the same but for rounding.
const SAME: f64 = 1e-12;

/// Every way in which the data of the runs differ, with the runs of each.
pub fn differences(columns: &[Column]) -> Vec<String> {
    let checks: [(&str, Fact); 4] = [
        ("prices", prices),
        ("benchmarks", benchmark),
        ("measured samples", dates),
        ("periods per year", |column| column.manifest.resolved.periods_per_year.to_string()),
    ];
    let differ = |(what, value): (&str, Fact)| {
        let groups = grouped(columns, value);
        let text =
            |(value, names): &(String, Vec<String>)| format!("{value} ({})", names.join(", "));
        let texts: Vec<String> = groups.iter().map(text).collect();
        (groups.len() > 1).then(|| format!("the {what} differ: {}", texts.join(" and ")))
    };
    checks.into_iter().filter_map(differ).chain(namesakes(columns)).chain(rates(columns)).collect()
}

/// Benchmarks of one name whose returns differ, such as equal-weighted indices of other members:
/// each run against the first whose benchmark has that name.
fn namesakes(columns: &[Column]) -> Vec<String> {
    let part = |(place, column): (usize, &Column)| {
        let name = column.manifest.benchmark.as_ref()?;
        let same = |other: &&Column| other.manifest.benchmark.as_ref() == Some(name);
        let first = columns[..place].iter().find(same)?;
        let Parted { date, first: a, other: b } = parted(first, column)?;
        Some(format!(
            "the benchmarks named {name} differ, first on {date}: their returns are {a} ({}) and {b} ({})",
            who(first),
            who(column)
        ))
    };
    columns.iter().enumerate().filter_map(part).collect()
}

/// Risk-free rates that differ, or that only one run has: each run against the first.
fn rates(columns: &[Column]) -> Vec<String> {
    let Some((first, others)) = columns.split_first() else { return Vec::new() };
    let differ = |other: &&Column| {
        let (date, a, b) = rates_differ(first, other)?;
        let show = |rate: Option<f64>| rate.map_or_else(|| "none".to_owned(), |r| r.to_string());
        Some(format!(
            "the risk-free rates differ, first on {date}: {} ({}) and {} ({})",
            show(a),
            who(first),
            show(b),
            who(other)
        ))
    };
    others.iter().filter_map(|other| differ(&other)).collect()
}

/// The first common session of what is compared whose risk-free rates differ, as fractions a period.
fn rates_differ(first: &Column, other: &Column) -> Option<(Date, Option<f64>, Option<f64>)> {
    let theirs = &other.run.returns;
    let known = first.run.returns.iter().filter(|row| inside(first, row) && inside(other, row));
    let mut both = known.filter_map(|row| {
        let at = theirs.binary_search_by_key(&row.date, |other| other.date).ok()?;
        Some((row.date, row.cash, theirs[at].cash))
    });
    both.find(|(_, a, b)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() > SAME,
        (a, b) => a.is_some() != b.is_some(),
    })
}

/// Where two benchmarks part, and what they earn there, as fractions.
struct Parted {
    date: Date,
    first: f64,
    other: f64,
}

/// The first common session of what is compared on which the benchmarks' returns differ.
fn parted(first: &Column, other: &Column) -> Option<Parted> {
    let theirs = &other.run.returns;
    let known = first.run.returns.iter().filter(|row| inside(first, row) && inside(other, row));
    let mut both = known.filter_map(|row| {
        let at = theirs.binary_search_by_key(&row.date, |other| other.date).ok()?;
        Some(Parted { date: row.date, first: row.benchmark?, other: theirs[at].benchmark? })
    });
    both.find(|found| (found.first - found.other).abs() > SAME)
}

/// Whether a session is in the period that is compared.
fn inside(column: &Column, row: &ReturnRow) -> bool {
    let day = row.date.to_string();
    column.sample.0 <= day && day <= column.sample.1
}

/// First and last session of what is compared.
pub fn dates(column: &Column) -> String {
    format!("{} to {}", column.sample.0, column.sample.1)
}

/// The values in order of appearance, each with its runs.
fn grouped(columns: &[Column], value: Fact) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for column in columns {
        let value = value(column);
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, names)) => names.push(who(column)),
            None => groups.push((value, vec![who(column)])),
        }
    }
    groups
}

/// The name of a run, and why it may have ended early.
fn who(column: &Column) -> String {
    match column.manifest.status {
        Status::Interrupted => format!("{}, interrupted", column.name),
        _ if column.manifest.ruined.is_some() => format!("{}, wiped out", column.name),
        _ => column.name.clone(),
    }
}

/// The files of prices by name, each name once, with the beginnings of their hashes.
fn prices(column: &Column) -> String {
    let mut files: Vec<(&str, String)> = Vec::new();
    let sources = column.manifest.sources.iter();
    for source in sources.filter(|source| ["prices", "benchmark"].contains(&source.role.as_str())) {
        let hash = source.sha256.get(..SHORT).unwrap_or(&source.sha256);
        match files.last_mut() {
            Some((name, hashes)) if *name == source.name => *hashes = format!("{hashes} {hash}"),
            _ => files.push((&source.name, hash.to_owned())),
        }
    }
    let texts: Vec<String> = files.iter().map(|(name, hash)| format!("{name} [{hash}]")).collect();
    texts.join(", ")
}

fn benchmark(column: &Column) -> String {
    column.manifest.benchmark.clone().unwrap_or_else(|| "none".to_owned())
}
