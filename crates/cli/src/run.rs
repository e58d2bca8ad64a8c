//! `walkfolio run`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use walkfolio::to_folder::{Done, Outcome, Reason, RunFailed, ToFolder, Warning};
use walkfolio::{Error, Findings, GridFindings, GridRun, Run, RunFolder, Status, Study};

use crate::args::RunOptions;
use crate::colour::painted;
use crate::failure::Failure;
use crate::layout::width;
use crate::progress::Progress;
use crate::{classifier, cluster, table};

pub fn run(options: &RunOptions) -> Result<ExitCode, Failure> {
    crate::threads::use_threads(options.study.threads)?;
    no_study(&options.study.study)?;
    let study = Study::load(&options.study.study, &options.study.set)?;
    let study = options.cell.map_or(Ok(study.clone()), |number| study.cell(number))?;
    if options.on.is_some() {
        cluster::check(&study)?;
    }
    let many = !study.config().grid().is_empty();
    let progress = Progress::new(if many { "backtests" } else { "decisions" });
    let elsewhere = |into: &Path| match &options.on {
        Some(on) => cluster::parts(options, on, into),
        None => Ok(()),
    };
    let to = to_folder(&study, options).observer(&progress);
    let ended = if options.on.is_some() { to.elsewhere(&elsewhere) } else { to }.run();
    progress.finish();
    match ended {
        Ok(done) => Ok(finish(options, &done, progress.steps())),
        Err(RunFailed { reason, folder, warnings, .. }) => {
            warn(&warnings);
            folder.as_ref().inspect(|folder| not_replaced(folder));
            if let (Reason::Run(Error::Interrupted), Some(folder)) = (&*reason, &folder) {
                report!(
                    "interrupted before the first {} was done",
                    if many { "backtest" } else { "decision" }
                );
                resume_with(folder.path());
                return Ok(ExitCode::from(130));
            }
            Err(match *reason {
                Reason::Run(error) => error.into(),
                other => Failure::plain(other.to_string(), other.hint()),
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

/// How an interrupted run goes on.
fn resume_with(path: &Path) {
    report!("  resume it with the same command and --out {} --resume", path.display());
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

/// A price file is no study: what can be done with it.
fn no_study(path: &Path) -> Result<(), Failure> {
    let end = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    let ends = ["csv", "parquet", "txt", "gz", "zip", "xlsx"];
    if !end.is_some_and(|end| ends.iter().any(|known| end == *known)) {
        return Ok(());
    }
    let shown = path.display();
    let hint = format!(
        "check its prices: walkfolio check --prices {shown}; \
         write a study for them: walkfolio init replica --prices {shown} --benchmark TICKER"
    );
    Err(Failure::plain(format!("{shown} is a data file, not a study (TOML)"), Some(hint)))
}

/// Says what was done.
fn finish(options: &RunOptions, done: &Done, steps: Option<u64>) -> ExitCode {
    let path = done.path().display();
    let stopped = done.status() == Status::Interrupted;
    let summary = match &done.outcome {
        Outcome::Backtest(run, _) if stopped => table::stump(run, steps),
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
        say!("{}", painted(&summary));
        if let Some(sentence) = assessment(done).filter(|_| !stopped) {
            say!("{sentence}\n");
        }
        say!("report  {path}/report.html");
    }
    if options.json {
        say!("{}", figures(done));
    }
    not_replaced(&done.folder);
    let code = match done.status() {
        Status::Interrupted => {
            report!("interrupted: {path} holds what was done until then");
            resume_with(done.path());
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

/// The first sentence of the report's assessment.
fn assessment(done: &Done) -> Option<String> {
    let Outcome::Backtest(_, Some(found)) = &done.outcome else { return None };
    let (first, _) = found.assessment.sentences();
    let text = first.text.replace('\u{202f}', " ").replace('\u{2212}', "-");
    Some(textwrap::fill(&text, width().min(100)))
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
