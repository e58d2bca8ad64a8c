//! Run folders that a command is given.

use std::path::Path;

use walkfolio::{GridRun, Kind, Manifest, Run, Status, read_manifest};

use crate::failure::Failure;

/// Reads the backtest in a folder, or says what the folder is instead.
pub fn backtest(path: &Path) -> Result<Run, Failure> {
    one_backtest(path)?;
    Ok(walkfolio::read_run(path)?)
}

/// Whether a folder holds a backtest that has ended, or what it is instead.
pub fn one_backtest(path: &Path) -> Result<(), Failure> {
    let manifest = run(path)?;
    if manifest.kind == Kind::Grid {
        let shown = path.display();
        let hint = format!("see {shown}/report.html, or make one of its backtests a run: --cell N");
        return Err(Failure::plain(
            format!("{shown} is a grid with many backtests; this command needs one backtest"),
            Some(hint),
        ));
    }
    unfinished(path, &manifest)
}

/// The manifest in a folder, which is that of a run.
pub fn run(path: &Path) -> Result<Manifest, Failure> {
    let shown = path.display();
    if !path.join("run.json").is_file() {
        let what =
            if path.exists() { "is not a run: it has no run.json" } else { "does not exist" };
        let hint = "name the folder that `walkfolio run` wrote; it has a report.html";
        return Err(Failure::plain(format!("{shown} {what}"), Some(hint.to_owned())));
    }
    Ok(read_manifest(path)?)
}

/// Reads the grid in a folder; `None` if the folder holds something else.
pub fn grid(path: &Path) -> Result<Option<GridRun>, Failure> {
    let table = path.join("grid.parquet").is_file();
    let is_grid = table && read_manifest(path).is_ok_and(|manifest| manifest.kind == Kind::Grid);
    Ok(is_grid.then(|| walkfolio::read_grid(path)).transpose()?)
}

/// A run without tables: it failed, or it is under way.
fn unfinished(path: &Path, manifest: &Manifest) -> Result<(), Failure> {
    let shown = path.display();
    let (message, hint) = match manifest.status {
        Status::Complete | Status::Interrupted if path.join("measures.json").is_file() => {
            return Ok(());
        }
        Status::Running => (
            format!("the run in {shown} is not finished"),
            "wait for it, or run it again if it was killed",
        ),
        Status::Failed => {
            let why = manifest.error.as_deref().unwrap_or("its manifest does not say why");
            (format!("the run in {shown} failed: {why}"), "fix its study and run it again")
        }
        Status::Complete | Status::Interrupted => (
            format!("the run in {shown} has no measures: measures.json is missing"),
            "run it again",
        ),
    };
    Err(Failure::plain(message, Some(hint.to_owned())))
}
