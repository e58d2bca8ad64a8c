//! `walkfolio run`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use walkfolio::to_folder::{Done, Outcome, Reason, RunFailed, ToFolder, Warning};
use walkfolio::{Findings, GridFindings, GridRun, Run, RunFolder, Status, Study};

use crate::args::RunOptions;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{classifier, table};

pub fn run(options: &RunOptions) -> Result<ExitCode, Failure> {
    crate::use_threads(options.study.threads)?;
    let study = Study::load(&options.study.study, &options.study.set)?;
    let study = options.cell.map_or(Ok(study.clone()), |number| study.cell(number))?;
    let many = !study.config().grid().is_empty();
    let progress = Progress::new(if many { "backtests" } else { "decisions" });
    let ended = to_folder(&study, options).observer(&progress).run();
    progress.finish();
    match ended {
        Ok(done) => Ok(finish(options, &done)),
        Err(RunFailed { reason, folder, warnings, .. }) => {
            warn(&warnings);
            folder.as_ref().inspect(|folder| not_replaced(folder));
            Err(match *reason {
                Reason::Run(error) => error.into(),
                other => Failure::plain(other.to_string(), None),
            })
        }
    }
}

/// The run that the options ask for.
fn to_folder<'a>(study: &'a Study, options: &RunOptions) -> ToFolder<'a> {
    let mut to = match &options.out {
        Some(out) => study.to_folder(out),
        None => study.to_runs(Path::new("")),
    }
    .commit(env!("WALKFOLIO_COMMIT"));
    if let Some(data) = &options.study.data {
        to = to.data(data);
    }
    if let Some(every) = options.checkpoint_every {
        to = to.checkpoint_every(every);
    }
    if options.bulk {
        to = to.bulk();
    }
    match (options.resume, options.replace) {
        (true, _) => to.resume(),
        (_, true) => to.replace(),
        _ => to,
    }
}

/// A run that was to be replaced is still there: where the new one is.
fn not_replaced(folder: &RunFolder) {
    let (path, working) = (folder.path().display(), folder.working().display());
    if folder.path() != folder.working() {
        report!("{path} still has the old run; the new one is in {working}");
    }
}

fn warn(warnings: &[Warning]) {
    for warning in warnings {
        report!("warning: {warning}");
        if let Some(hint) = warning.hint() {
            report!("  {hint}");
        }
    }
}

/// Says what was done.
fn finish(options: &RunOptions, done: &Done) -> ExitCode {
    let path = done.path().display();
    let summary = match &done.outcome {
        Outcome::Backtest(run, _) => table::summary(run),
        Outcome::Grid(grid, _) => table::grid(grid),
        Outcome::WasComplete => {
            say!("already complete: {path}");
            return ExitCode::SUCCESS;
        }
    };
    if options.bulk {
        say!("{} {path}", done.status().as_str());
    } else {
        say!("{summary}");
        say!("report  {path}/report.html");
    }
    if options.json {
        say!("{}", figures(done));
    }
    not_replaced(&done.folder);
    let code = match done.status() {
        Status::Interrupted => {
            report!("interrupted: {path} holds what was done until then");
            report!("  resume it with the same command and --out {path} --resume");
            ExitCode::from(130)
        }
        Status::Failed => {
            report!("every backtest of the grid failed");
            ExitCode::from(1)
        }
        Status::Complete | Status::Running => ExitCode::SUCCESS,
    };
    warn(&done.warnings);
    code
}

/// What `--json` says: folder, status, measures and every figure of the report.
fn figures(done: &Done) -> Value {
    let mut json = match &done.outcome {
        Outcome::Backtest(run, found) => backtest(run, found.as_deref()),
        Outcome::Grid(grid, found) => swept(grid, found.as_deref()),
        Outcome::WasComplete => Map::new(),
    };
    json.insert("run".to_owned(), json!(done.path().display().to_string()));
    json.insert("status".to_owned(), json!(done.status()));
    Value::Object(json)
}

/// The figures of a backtest, with its classifier and its targets, where it has them. In bulk nothing
/// was found for a report.
fn backtest(run: &Run, found: Option<&Findings>) -> Map<String, Value> {
    let found = found.map_or_else(|| json!(Findings::of(run)), |found| json!(found));
    let mut json = Map::from_iter([
        ("measures".to_owned(), json!(run.measures)),
        ("findings".to_owned(), found),
    ]);
    if let Some(quality) = classifier::quality(run) {
        json.insert("classifier".to_owned(), classifier::json(&quality));
    }
    let targets = walkfolio::targets(&run.manifest, &run.measures.full);
    if !targets.is_empty() {
        json.insert("targets".to_owned(), json!(targets));
    }
    json
}

/// The figures of a grid.
fn swept(grid: &GridRun, found: Option<&GridFindings>) -> Map<String, Value> {
    let found = found.map_or_else(|| json!(GridFindings::of(grid)), |found| json!(found));
    Map::from_iter([("measures".to_owned(), Value::Null), ("findings".to_owned(), found)])
}
