//! `walkfolio run`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use walkfolio::{
    Checkpoints, Existing, Findings, GridFindings, Loaded, Manifest, Resumed, Run, RunFolder,
    Session, Status, Study,
};

use crate::args::RunOptions;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{classifier, runs, table};

pub fn run(options: &RunOptions) -> Result<ExitCode, Failure> {
    crate::use_threads(options.study.threads)?;
    let study = Study::load(&options.study.study, &options.study.set)?;
    let loaded = study.market(options.study.data.as_deref())?;
    let began = Manifest {
        commit: env!("WALKFOLIO_COMMIT").to_owned(),
        ..study.manifest(&loaded, Status::Running)
    };
    let (base, out) = (Path::new(""), options.out.as_deref());
    let (mut folder, manifest) = if options.resume {
        match RunFolder::resume(&began, base, out)? {
            Resumed::Open(folder, manifest) => (folder, *manifest),
            Resumed::Complete(folder) => {
                say!("already complete: {}", folder.path().display());
                return Ok(ExitCode::SUCCESS);
            }
        }
    } else {
        let existing = if options.replace { Existing::Replace } else { Existing::Refuse };
        (RunFolder::create(&began, base, out, existing)?, began)
    };
    let to_run = ToRun { study: &study, loaded, manifest: &manifest, options };
    let outcome = if study.config().grid().is_empty() {
        to_run.backtest(&mut folder)
    } else {
        to_run.grid(&mut folder)
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
            not_replaced(&folder);
            Err(failure.shown)
        }
    };
    runs::enter(folder.path(), out.is_some());
    ended
}

/// A run that was to be replaced is still there: where the new one is.
fn not_replaced(folder: &RunFolder) {
    let (path, working) = (folder.path().display(), folder.working().display());
    if folder.path() != folder.working() {
        eprintln!("{path} still has the old run; the new one is in {working}");
    }
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

/// A study on its data that is about to run.
struct ToRun<'a> {
    study: &'a Study,
    loaded: Loaded,
    manifest: &'a Manifest,
    options: &'a RunOptions,
}

impl ToRun<'_> {
    fn backtest(self, folder: &mut RunFolder) -> Result<Done, Failed> {
        let progress = Progress::new("decisions");
        let checkpoints = folder.checkpoints(self.options.checkpoint_every());
        let run = self.study.run_session(&self.loaded, self.session(&progress, &checkpoints));
        progress.finish();
        let options = self.options;
        let mut run = run?;
        run.data_report = self.data_report()?;
        folder.write_run(&run)?;
        let found = wants_findings(options).then(|| Findings::of(&run));
        if let Some(found) = found.as_ref().filter(|_| !options.bulk) {
            for (name, bytes) in walkfolio_report::files(&run, found)? {
                folder.write(name, &bytes)?;
            }
        }
        folder.finish(&run.manifest)?;
        let (status, json) = (run.manifest.status, figures(&run, found.as_ref()));
        Ok(Done { summary: table::summary(&run), status, json })
    }

    fn grid(self, folder: &mut RunFolder) -> Result<Done, Failed> {
        let progress = Progress::new("backtests");
        let checkpoints = folder.checkpoints(self.options.checkpoint_every());
        let session = self.session(&progress, &checkpoints);
        let data = self.options.study.data.as_deref();
        let grid = self.study.run_grid_session(&self.loaded, data, session);
        progress.finish();
        let options = self.options;
        let mut grid = grid?;
        grid.data_report = self.data_report()?;
        folder.write_grid(&grid)?;
        let found = wants_findings(options).then(|| GridFindings::of(&grid));
        if let Some(found) = found.as_ref().filter(|_| !options.bulk) {
            for (name, bytes) in walkfolio_report::grid_files(&grid, found)? {
                folder.write(name, &bytes)?;
            }
        }
        folder.finish(&grid.manifest)?;
        let json = Map::from_iter([
            ("measures".to_owned(), Value::Null),
            ("findings".to_owned(), json!(found)),
        ]);
        Ok(Done { summary: table::grid(&grid), status: grid.manifest.status, json })
    }

    fn session<'b>(&self, progress: &'b Progress, checkpoints: &'b Checkpoints) -> Session<'b> {
        let manifest = self.manifest.clone();
        Session { manifest, observer: progress, checkpoints: Some(checkpoints) }
    }

    /// What is wrong with the files of a run; nothing of a simulated market, nor in bulk. The files are
    /// read again, as they are, once the market is no longer in memory.
    fn data_report(self) -> Result<Option<Value>, Failed> {
        if self.options.bulk || self.loaded.synthetic {
            return Ok(None);
        }
        drop(self.loaded);
        let report = self.study.check(self.options.study.data.as_deref())?;
        Ok(Some(report.json(walkfolio::finding_hint)))
    }
}

/// Whether the figures of the report are asked for, as a report or as JSON.
fn wants_findings(options: &RunOptions) -> bool {
    options.json || !options.bulk
}

/// What `--json` says of a backtest: its measures, every figure of its report, and its classifier
/// and its targets, where it has them.
fn figures(run: &Run, found: Option<&Findings>) -> Map<String, Value> {
    let mut json = Map::from_iter([
        ("measures".to_owned(), json!(run.measures)),
        ("findings".to_owned(), json!(found)),
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

fn finish(options: &RunOptions, folder: &RunFolder, mut done: Done) -> ExitCode {
    let path = folder.working().display();
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
    not_replaced(folder);
    match done.status {
        Status::Interrupted => {
            eprintln!("interrupted: the folder holds what was done until then; --resume goes on");
            ExitCode::from(130)
        }
        Status::Failed => {
            eprintln!("every backtest of the grid failed");
            ExitCode::from(2)
        }
        Status::Complete | Status::Running => ExitCode::SUCCESS,
    }
}
