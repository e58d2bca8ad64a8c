//! What must be the same for figures to be comparable.

use walkfolio::Status;

use super::Column;

/// What must be the same, as text.
type Fact = fn(&Column) -> String;

/// Letters of a hash that tell two files apart.
const SHORT: usize = 8;

/// Every way in which the data of the runs differ, with the runs of each.
pub fn differences(columns: &[Column]) -> Vec<String> {
    let checks: [(&str, Fact); 3] =
        [("prices", prices), ("benchmarks", benchmark), ("measured samples", dates)];
    let differ = |(what, value): (&str, Fact)| {
        let groups = grouped(columns, value);
        let text =
            |(value, names): &(String, Vec<String>)| format!("{value} ({})", names.join(", "));
        let texts: Vec<String> = groups.iter().map(text).collect();
        (groups.len() > 1).then(|| format!("the {what} differ: {}", texts.join(" and ")))
    };
    checks.into_iter().filter_map(differ).collect()
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
        _ if column.manifest.ruined.is_some() => format!("{}, ruined", column.name),
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
