//! `walkfolio run`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use walkfolio::{GridRun, Loaded, Manifest, Resumed, Run, RunFolder, Status, Study};

use crate::args::RunOptions;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{classifier, runs, table};

pub fn run(options: &RunOptions) -> Result<ExitCode, Failure> {
    crate::use_threads(options.study.threads)?;
    let study = Study::load(&options.study.study, &options.study.set)?;
    let loaded = study.market(options.study.data.as_deref())?;
    let manifest = study.manifest(&loaded, Status::Running);
    let (base, out) = (Path::new(""), options.out.as_deref());
    let folder = if options.resume {
        match RunFolder::resume(&manifest, base, out)? {
            Resumed::Open(folder) => folder,
            Resumed::Complete(folder) => {
                say!("complete already: {}", folder.path().display());
                return Ok(ExitCode::SUCCESS);
            }
        }
    } else {
        RunFolder::create(&manifest, base, out)?
    };
    let outcome = if study.config().grid().is_empty() {
        backtest(&study, &loaded, &folder, options)
    } else {
        grid(&study, &loaded, &folder, options)
    };
    let ended = match outcome {
        Ok(done) => Ok(finish(options, &folder, done)),
        Err(failure) => {
            let error = Some(failure.error);
            let status = if Progress::stopped() { Status::Interrupted } else { Status::Failed };
            // On a full disk this cannot be written either; why the run ended matters more.
            if let Err(error) = folder.finish(&Manifest { status, error, ..manifest }) {
                eprintln!("warning: the run still counts as running: {error}");
            }
            Err(failure.shown)
        }
    };
    runs::enter(folder.path(), out.is_some());
    ended
}

/// What is said at the end.
struct Done {
    summary: String,
    status: Status,
    json: Map<String, Value>,
}

/// A failure, for people and for the manifest.
struct Failed {
    shown: Failure,
    error: String,
}

impl From<walkfolio::Error> for Failed {
    fn from(error: walkfolio::Error) -> Self {
        Self { error: error.to_string(), shown: error.into() }
    }
}

impl From<walkfolio::StoreError> for Failed {
    fn from(error: walkfolio::StoreError) -> Self {
        Self { error: error.to_string(), shown: error.into() }
    }
}

impl From<walkfolio_report::Error> for Failed {
    fn from(error: walkfolio_report::Error) -> Self {
        let error = error.to_string();
        Self { shown: Failure::plain(error.clone(), None), error }
    }
}

fn backtest(
    study: &Study,
    loaded: &Loaded,
    folder: &RunFolder,
    options: &RunOptions,
) -> Result<Done, Failed> {
    let progress = Progress::new("decisions");
    let checkpoints = folder.checkpoints(options.checkpoint_every());
    let run = study.run_kept(loaded, &progress, Some(&checkpoints));
    progress.finish();
    let run = Run { data_report: data_report(study, loaded, options)?, ..run? };
    folder.write_run(&run)?;
    if !options.bulk {
        for (name, bytes) in walkfolio_report::files(&run)? {
            folder.write(name, &bytes)?;
        }
    }
    folder.finish(&run.manifest)?;
    Ok(Done { summary: table::summary(&run), status: run.manifest.status, json: figures(&run) })
}

/// What is wrong with the files of a run; nothing of a simulated market, nor in bulk.
fn data_report(
    study: &Study,
    loaded: &Loaded,
    options: &RunOptions,
) -> Result<Option<Value>, Failed> {
    if options.bulk || loaded.synthetic {
        return Ok(None);
    }
    Ok(Some(study.check(options.study.data.as_deref())?.json()))
}

/// What `--json` says of a backtest: its measures, its classifier and its targets, where it has
/// them.
fn figures(run: &Run) -> Map<String, Value> {
    let mut json = Map::from_iter([("measures".to_owned(), json!(run.measures))]);
    if let Some(quality) = classifier::quality(run) {
        json.insert("classifier".to_owned(), classifier::json(&quality));
    }
    let targets = walkfolio::targets(&run.manifest, &run.measures.full);
    if !targets.is_empty() {
        json.insert("targets".to_owned(), json!(targets));
    }
    json
}

fn grid(
    study: &Study,
    loaded: &Loaded,
    folder: &RunFolder,
    options: &RunOptions,
) -> Result<Done, Failed> {
    let progress = Progress::new("backtests");
    let checkpoints = folder.checkpoints(options.checkpoint_every());
    let data = options.study.data.as_deref();
    let grid = study.run_grid_kept(loaded, data, (&progress, Some(&checkpoints)));
    progress.finish();
    let grid = GridRun { data_report: data_report(study, loaded, options)?, ..grid? };
    folder.write_grid(&grid)?;
    if !options.bulk {
        for (name, bytes) in walkfolio_report::grid_files(&grid)? {
            folder.write(name, &bytes)?;
        }
    }
    folder.finish(&grid.manifest)?;
    let json = Map::from_iter([("measures".to_owned(), Value::Null)]);
    Ok(Done { summary: table::grid(&grid), status: grid.manifest.status, json })
}

fn finish(options: &RunOptions, folder: &RunFolder, mut done: Done) -> ExitCode {
    let path = folder.path().display();
    if options.bulk {
        say!("{} {path}", done.status.as_str());
    } else {
        say!("{}", done.summary);
        say!("report  {path}/report.html");
    }
    if options.json {
        done.json.insert("run".to_owned(), json!(path.to_string()));
        done.json.insert("status".to_owned(), json!(done.status));
        say!("{}", Value::Object(done.json));
    }
    match done.status {
        Status::Interrupted => {
            eprintln!(
                "stopped: the folder holds what was done until then; --resume takes it up again"
            );
            ExitCode::from(130)
        }
        Status::Failed => {
            eprintln!("every backtest of the grid failed");
            ExitCode::from(2)
        }
        Status::Complete | Status::Running => ExitCode::SUCCESS,
    }
}
