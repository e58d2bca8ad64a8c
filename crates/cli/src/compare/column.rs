//! A run in a comparison.

use std::path::Path;

use serde_json::{Value, json};
use walkfolio::{Date, Manifest, MeasureTable, Quality, Run, Status, TargetResult};

use crate::failure::Failure;
use crate::{classifier, folder};

/// A run in a comparison, and the period that is compared.
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its folder, as it was given.
    pub folder: String,
    pub manifest: Manifest,
    pub run: Run,
    /// First and last session of the period.
    pub sample: (String, String),
    pub measures: MeasureTable,
    /// Of the full sample; none where a regime is compared.
    pub quality: Option<Quality>,
    /// Of the full sample; none where a regime is compared.
    pub targets: Vec<TargetResult>,
}

impl Column {
    pub fn read(path: &Path, regime: Option<&str>) -> Result<Self, Failure> {
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

    pub fn interrupted(&self) -> Option<String> {
        (self.manifest.status == Status::Interrupted)
            .then(|| format!("{} was interrupted: it ends on {}", self.name, self.sample.1))
    }

    pub fn json(&self) -> Value {
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
