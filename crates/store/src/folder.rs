//! The folder of a run.
//!
//! Every file is written beside its final name and renamed, so that what has a name is whole. The
//! manifest says `running` until all other files are there.

mod factors;
mod grid;
mod learning;
mod parquet;

pub use grid::read_grid;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::checkpoint::Checkpoints;
use crate::{Error, Result};
use walkfolio_record::ClassifierRun;
use walkfolio_record::GridRun;
use walkfolio_record::MeasureSet;
use walkfolio_record::Run;
use walkfolio_record::{Kind, Manifest, Status};

/// Files that a run may leave; nothing else in the folder is touched.
const FILES: [&str; 18] = [
    "decisions.parquet",
    "ledger.parquet",
    "timings.parquet",
    "returns.parquet",
    "grid.parquet",
    "luck.json",
    "risk.parquet",
    "factors.parquet",
    "predictions.parquet",
    "classifier.parquet",
    "importance.parquet",
    "features.parquet",
    "models.parquet",
    "measures.json",
    "data-report.json",
    "report.html",
    "report.md",
    "report.xlsx",
];

/// The folder, inside that of a run, in which what is done is kept.
const CHECKPOINTS: &str = ".checkpoint";

/// The folder of a run that is being written.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
}

/// A run that is taken up again.
#[derive(Debug, Clone)]
pub enum Resumed {
    /// There is more to do.
    Open(RunFolder),
    /// It was complete already.
    Complete(RunFolder),
}

/// What becomes of what an earlier run in the folder has kept on its way.
#[derive(Clone, Copy)]
enum Kept {
    Keep,
    Forget,
}

impl RunFolder {
    /// Opens a folder for a run: `out` itself, or `runs/<study>-<utc>-<hash>` below `base`.
    ///
    /// A run that is already in `out` is replaced.
    ///
    /// # Errors
    /// [`Error::NotARun`] if `out` holds files and no run, [`Error::File`].
    pub fn create(manifest: &Manifest, base: &Path, out: Option<&Path>) -> Result<Self> {
        let path = match out {
            Some(out) => out.to_path_buf(),
            None => base.join("runs").join(folder_name(manifest, base)),
        };
        let occupied = fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_some());
        if occupied && !path.join("run.json").is_file() {
            return Err(Error::NotARun { path });
        }
        Self::begin(path, manifest, Kept::Forget)
    }

    /// Opens the folder of a run that was cut off, to take it up again: `out` itself, or the latest
    /// one of the same study, data and version below `base`. The folder of a run that is complete
    /// needs nothing more.
    ///
    /// # Errors
    /// [`Error::NothingToResume`] with the reason; [`Error::File`].
    pub fn resume(manifest: &Manifest, base: &Path, out: Option<&Path>) -> Result<Resumed> {
        let nothing = |path: PathBuf, reason: &str| Error::NothingToResume {
            path,
            reason: reason.to_owned(),
        };
        let runs = base.join("runs");
        let path = match out {
            Some(out) => out.to_path_buf(),
            None => latest(&runs, manifest).ok_or_else(|| {
                nothing(runs, "it holds no unfinished run of this study on this data")
            })?,
        };
        let Ok(found) = read_manifest(&path) else {
            return Err(nothing(path, "it holds no run"));
        };
        if found.hash != manifest.hash {
            let reason = "its run has another study, other data or another version";
            return Err(nothing(path, reason));
        }
        if found.status == Status::Complete {
            let folder = Self { path };
            // Killed at its very end, it may have left what it had kept.
            folder.forget()?;
            return Ok(Resumed::Complete(folder));
        }
        Self::begin(path, manifest, Kept::Keep).map(Resumed::Open)
    }

    /// What the run has done so far is kept here, until it is complete.
    pub fn checkpoints(&self, every: usize) -> Checkpoints {
        Checkpoints::new(self.path.join(CHECKPOINTS), every)
    }

    /// Nothing is removed before the new manifest is on the disk: on a full one the old run stays.
    fn begin(path: PathBuf, manifest: &Manifest, kept: Kept) -> Result<Self> {
        fs::create_dir_all(&path).map_err(|error| Error::file("create", &path, &error))?;
        let folder = Self { path };
        let running = Manifest { status: Status::Running, ..manifest.clone() };
        let beside = folder.write_beside("run.json", &folder.json("run.json", &running)?)?;
        if matches!(kept, Kept::Forget) {
            folder.forget()?;
        }
        folder.rename("run.json", &beside)?;
        for name in FILES {
            let old = folder.path.join(name);
            if old.exists() {
                fs::remove_file(&old).map_err(|error| Error::file("remove", &old, &error))?;
            }
        }
        Ok(folder)
    }

    /// The folder of a run that is there already.
    ///
    /// # Errors
    /// [`Error::File`] if it holds no manifest.
    pub fn open(path: &Path) -> Result<Self> {
        read_manifest(path)?;
        Ok(Self { path: path.to_path_buf() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a backtest; the manifest last.
    ///
    /// # Errors
    /// [`Error::File`] with the file that could not be written.
    pub fn write_run(&self, run: &Run) -> Result<()> {
        self.write("decisions.parquet", &parquet::decisions(&run.decisions)?)?;
        self.write("ledger.parquet", &parquet::ledger(&run.ledger)?)?;
        self.write("timings.parquet", &parquet::timings(&run.timings)?)?;
        self.write("returns.parquet", &parquet::returns(&run.returns)?)?;
        if !run.risk.is_empty() {
            self.write("risk.parquet", &learning::risk(&run.risk)?)?;
        }
        if let Some(table) = &run.factors {
            self.write("factors.parquet", &factors::factors(table)?)?;
        }
        if let Some(classifier) = &run.classifier {
            self.write_classifier(classifier)?;
        }
        self.write_data_report(run.data_report.as_ref())?;
        self.write_json("measures.json", &run.all_measures())
    }

    fn write_data_report(&self, report: Option<&Value>) -> Result<()> {
        report.map_or(Ok(()), |report| self.write_json("data-report.json", report))
    }

    fn write_classifier(&self, run: &ClassifierRun) -> Result<()> {
        self.write("predictions.parquet", &learning::predictions(&run.predictions)?)?;
        self.write("classifier.parquet", &learning::classifier(&run.decisions)?)?;
        self.write("importance.parquet", &learning::importance(&run.importance)?)?;
        self.write("features.parquet", &learning::features(run)?)?;
        if run.models.is_empty() {
            return Ok(());
        }
        self.write("models.parquet", &learning::models(run)?)
    }

    /// Writes a grid.
    ///
    /// # Errors
    /// [`Error::File`] with the file that could not be written.
    pub fn write_grid(&self, grid: &GridRun) -> Result<()> {
        self.write("grid.parquet", &parquet::grid(grid)?)?;
        if let Some(luck) = &grid.luck {
            self.write_json("luck.json", luck)?;
        }
        self.write_data_report(grid.data_report.as_ref())?;
        self.write("ledger.parquet", &parquet::grid_ledger(grid)?)
    }

    /// Writes the manifest with its final status: all other files must be there. What a complete run
    /// has kept on its way is removed.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn finish(&self, manifest: &Manifest) -> Result<()> {
        self.write_json("run.json", manifest)?;
        if manifest.status == Status::Complete { self.forget() } else { Ok(()) }
    }

    /// Removes what was kept on the way.
    fn forget(&self) -> Result<()> {
        let kept = self.path.join(CHECKPOINTS);
        if kept.exists() {
            fs::remove_dir_all(&kept).map_err(|error| Error::file("remove", &kept, &error))?;
        }
        Ok(())
    }

    /// Writes one file whole: beside its name, then renamed.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let beside = self.write_beside(name, bytes)?;
        self.rename(name, &beside)
    }

    /// Writes a file beside its name, to the disk; what is half-written does not stay.
    fn write_beside(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let beside = self.path.join(format!(".{name}.tmp"));
        fs::File::create(&beside)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .map_err(|error| self.failed(name, &beside, &error))?;
        Ok(beside)
    }

    fn rename(&self, name: &str, beside: &Path) -> Result<()> {
        fs::rename(beside, self.path.join(name)).map_err(|error| self.failed(name, beside, &error))
    }

    /// Removes what is half-written; the error itself matters more than one of this.
    fn failed(&self, name: &str, beside: &Path, error: &std::io::Error) -> Error {
        let _ = fs::remove_file(beside);
        Error::file("write", self.path.join(name), error)
    }

    fn json(&self, name: &str, value: &impl Serialize) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(value)
            .map_err(|error| Error::file("write", self.path.join(name), &error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        self.write(name, &self.json(name, value)?)
    }
}

/// Reads a backtest from its folder.
///
/// # Errors
/// [`Error::File`] with the file that is missing or not what it should be.
pub fn read_run(path: &Path) -> Result<Run> {
    let manifest = read_manifest(path)?;
    if manifest.kind != Kind::Backtest {
        return Err(Error::file("read", path, &"it is a grid, not one backtest"));
    }
    let name = path.join("measures.json");
    let measures: Value = read_json(&name)?;
    let set = |value: &Value| MeasureSet::from_json(value, &manifest.regimes);
    let beside = |key: &str| measures.get(key).and_then(set);
    let (without_costs, benchmark) = (beside("without_costs"), beside("benchmark"));
    let measures = set(&measures)
        .ok_or_else(|| Error::file("read", &name, &"it has no `full` and `regimes`"))?;
    let exists = |name: &str| path.join(name).is_file();
    let risk = exists("risk.parquet").then(|| learning::read_risk(&path.join("risk.parquet")));
    let factors =
        exists("factors.parquet").then(|| factors::read_factors(&path.join("factors.parquet")));
    let learned = exists("classifier.parquet").then(|| learning::read_classifier(path));
    Ok(Run {
        risk: risk.transpose()?.unwrap_or_default(),
        factors: factors.transpose()?,
        classifier: learned.transpose()?,
        decisions: parquet::read_decisions(&path.join("decisions.parquet"))?,
        ledger: parquet::read_ledger(&path.join("ledger.parquet"))?,
        timings: parquet::read_timings(&path.join("timings.parquet"))?,
        returns: parquet::read_returns(&path.join("returns.parquet"))?,
        measures,
        without_costs,
        benchmark,
        data_report: read_data_report(path)?,
        manifest,
    })
}

/// The data report of a run folder, if it holds one.
fn read_data_report(path: &Path) -> Result<Option<Value>> {
    let path = path.join("data-report.json");
    path.is_file().then(|| read_json(&path)).transpose()
}

/// Reads the manifest of a run folder.
///
/// # Errors
/// [`Error::File`] if there is none or it cannot be understood.
pub fn read_manifest(path: &Path) -> Result<Manifest> {
    read_json(&path.join("run.json"))
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))?;
    serde_json::from_str(&text).map_err(|error| Error::file("read", path, &error))
}

/// The latest run of a study that is not complete.
fn latest(runs: &Path, manifest: &Manifest) -> Option<PathBuf> {
    let folders = fs::read_dir(runs).ok()?.flatten().map(|entry| entry.path());
    let unfinished = folders.filter_map(|path| {
        let found = read_manifest(&path).ok()?;
        let same = found.hash == manifest.hash && found.status != Status::Complete;
        same.then_some((found.started, path))
    });
    unfinished.max_by_key(|(started, _)| *started).map(|(_, path)| path)
}

/// `<study>-<utc>-<hash>`, with a number behind it where two runs start in one second.
fn folder_name(manifest: &Manifest, base: &Path) -> String {
    let utc = manifest.started.strftime("%Y%m%dT%H%M%SZ");
    let name = format!("{}-{utc}-{}", manifest.study, &manifest.hash[..8]);
    let taken = |name: &str| base.join("runs").join(name).exists();
    if !taken(&name) {
        return name;
    }
    let numbered = |number: u32| format!("{name}-{number}");
    (2..u32::MAX).map(numbered).find(|name| !taken(name)).unwrap_or_else(|| name.clone())
}
