//! `walkfolio compare`.

mod page;
mod sheet;
mod unlike;

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use walkfolio::{Date, Manifest, MeasureTable, Quality, Run, Status, TargetResult};

use crate::args::CompareOptions;
use crate::failure::Failure;
use crate::layout::{Side, lines, width};
use crate::{classifier, folder};

pub fn compare(options: &CompareOptions) -> Result<ExitCode, Failure> {
    let regime = options.regime.as_deref();
    let mut columns = read(options)?;
    name(&mut columns);
    let mut warnings = unlike::differences(&columns);
    if !warnings.is_empty() && !options.force {
        return Err(refusal(&warnings));
    }
    warnings.extend(columns.iter().filter_map(Column::interrupted));
    if let Some(key) = &options.sort {
        sheet::sort(&mut columns, key);
    }
    if let Some(out) = &options.out {
        page::write(&columns, &warnings, out)?;
    }
    if options.json {
        let runs: Vec<Value> = columns.iter().map(Column::json).collect();
        say!("{}", json!({ "regime": regime, "warnings": warnings, "runs": runs }));
        return Ok(ExitCode::SUCCESS);
    }
    for warning in &warnings {
        say!("warning: {warning}");
    }
    say!("{}\n\n{}", heading(&columns, regime), sheet::sheet(&columns, options.all, width()));
    Ok(ExitCode::SUCCESS)
}

/// A run in a comparison, and the period that is compared.
struct Column {
    /// Its heading.
    name: String,
    /// Its folder, as it was given.
    folder: String,
    manifest: Manifest,
    run: Run,
    /// First and last session of the period.
    sample: (String, String),
    measures: MeasureTable,
    /// Of the full sample; none where a regime is compared.
    quality: Option<Quality>,
    /// Of the full sample; none where a regime is compared.
    targets: Vec<TargetResult>,
}

impl Column {
    fn read(path: &Path, regime: Option<&str>) -> Result<Self, Failure> {
        let run = folder::backtest(path)?;
        let whole = regime.is_none();
        Ok(Self {
            name: run.manifest.study.clone(),
            folder: path.display().to_string(),
            measures: period(&run, path, regime)?.clone(),
            sample: sample(&run, regime).ok_or_else(|| no_sample(path))?,
            quality: classifier::quality(&run).filter(|_| whole),
            targets: if whole {
                walkfolio::targets(&run.manifest, &run.measures.full)
            } else {
                Vec::new()
            },
            manifest: run.manifest.clone(),
            run,
        })
    }

    fn interrupted(&self) -> Option<String> {
        (self.manifest.status == Status::Interrupted)
            .then(|| format!("{} was interrupted: it ends on {}", self.name, self.sample.1))
    }

    fn json(&self) -> Value {
        let mut json = json!({
            "run": self.folder,
            "name": self.name,
            "study": self.manifest.study,
            "status": self.manifest.status,
            "first": self.sample.0,
            "last": self.sample.1,
            "measures": self.measures,
        });
        if let Some(quality) = &self.quality {
            json["classifier"] = classifier::json(quality);
        }
        if !self.targets.is_empty() {
            json["targets"] = json!(self.targets);
        }
        json
    }
}

/// Reads every run, and says of every folder what is wrong with it.
fn read(options: &CompareOptions) -> Result<Vec<Column>, Failure> {
    let (mut columns, mut failures) = (Vec::new(), Vec::new());
    for path in &options.runs {
        match Column::read(path, options.regime.as_deref()) {
            Ok(column) => columns.push(column),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(columns) } else { Err(Failure::all(&failures)) }
}

/// The measures of the full sample or of a regime.
fn period<'a>(
    run: &'a Run,
    path: &Path,
    regime: Option<&str>,
) -> Result<&'a MeasureTable, Failure> {
    let Some(wanted) = regime else { return Ok(&run.measures.full) };
    let regimes = &run.measures.regimes;
    let found = regimes.iter().find(|(name, _)| name == wanted).map(|(_, table)| table);
    found.ok_or_else(|| {
        let names: Vec<&str> = regimes.iter().map(|(name, _)| name.as_str()).collect();
        let hint = match names.as_slice() {
            [] => "its study has none; remove --regime for the full sample".to_owned(),
            names => format!("it has {}", names.join(", ")),
        };
        Failure::plain(format!("{} has no regime `{wanted}`", path.display()), Some(hint))
    })
}

/// The first and the last session that a run's measures are taken from.
fn sample(run: &Run, regime: Option<&str>) -> Option<(String, String)> {
    let resolved = &run.manifest.resolved;
    let (first, last) = match regime {
        None => (resolved.measure.first, None),
        Some(name) => resolved.period(name).map(|regime| (regime.first, regime.last))?,
    };
    let inside = |day: &Date| {
        first.is_none_or(|first| first <= *day) && last.is_none_or(|last| *day <= last)
    };
    let mut days = run.returns.iter().map(|row| row.date).filter(inside);
    let first = days.next()?;
    let last = days.next_back().unwrap_or(first);
    Some((first.to_string(), last.to_string()))
}

fn no_sample(path: &Path) -> Failure {
    Failure::plain(format!("{} has no session in the period to compare", path.display()), None)
}

/// Names columns by their folders; a folder that the program named is called after its study. What
/// different names begin with is left out, and equal ones are numbered.
fn name(columns: &mut [Column]) {
    let names: Vec<String> = columns.iter().map(called).collect();
    let parts: Vec<Vec<&str>> = names.iter().map(|name| name.split('-').collect()).collect();
    let shortest = parts.iter().map(Vec::len).min().unwrap_or(1);
    let same = |at: &usize| parts.iter().all(|part| part[*at] == parts[0][*at]);
    let shared = (0..shortest.saturating_sub(1)).take_while(same).count();
    let common = if parts.iter().all(|part| *part == parts[0]) { 0 } else { shared };
    let short: Vec<String> = parts.iter().map(|parts| parts[common..].join("-")).collect();
    for (index, column) in columns.iter_mut().enumerate() {
        let equal = |until: usize| short[..until].iter().filter(|s| **s == short[index]).count();
        column.name = match equal(short.len()) {
            1 => short[index].clone(),
            _ => format!("{} {}", short[index], equal(index + 1)),
        };
    }
}

/// The name of a run's folder, or of its study where the folder is `STUDY-UTC-HASH`.
fn called(column: &Column) -> String {
    let path = Path::new(&column.folder);
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let study = &column.manifest.study;
    let folder = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let folder = folder.unwrap_or_else(|| study.clone());
    let rest = folder.strip_prefix(study.as_str()).and_then(|rest| rest.strip_prefix('-'));
    let is_own = rest.and_then(|rest| rest.split_once('-')).is_some_and(|(utc, hash)| {
        utc.len() == 16 && utc.ends_with('Z') && hash.len() >= 8 && !hash.contains('-')
    });
    if is_own { study.clone() } else { folder }
}

/// Every difference, with a hint after the last one.
fn refusal(differences: &[String]) -> Failure {
    let hint = "compare runs on the same data and dates (`measure.first` and `walk_forward.last` set the dates), or add --force";
    let last = differences.len() - 1;
    let failure = |(index, difference): (usize, &String)| {
        Failure::plain(difference.clone(), (index == last).then(|| hint.to_owned()))
    };
    Failure::all(&differences.iter().enumerate().map(failure).collect::<Vec<_>>())
}

/// What is compared, and which column is which run.
fn heading(columns: &[Column], regime: Option<&str>) -> String {
    let one = |value: fn(&Column) -> String| {
        let first = value(&columns[0]);
        columns.iter().all(|column| value(column) == first).then_some(first)
    };
    let mut text = format!("{} runs", columns.len());
    if let Some(label) = one(|column| column.manifest.data_label()) {
        text = format!("{text} on {label}");
    }
    if let Some(regime) = regime {
        text = format!("{text}, regime {regime}");
    }
    if let Some(dates) = one(unlike::dates) {
        text = format!("{text}, {dates}");
    }
    if let Some(simulated) = columns.iter().find_map(|column| column.manifest.simulated()) {
        text = format!("{text}\n{simulated}");
    }
    let row = |column: &Column| {
        vec![column.name.clone(), column.manifest.study.clone(), column.folder.clone()]
    };
    let rows: Vec<Vec<String>> = columns.iter().map(row).collect();
    format!("{text}\n\n{}", lines(&rows, &[Side::Left]).join("\n"))
}
