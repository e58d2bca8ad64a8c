//! `walkfolio run --on`: the parts of a run on a Ray or Dask cluster, by the Python package.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use walkfolio::to_folder::ElsewhereFailed;
use walkfolio::{BUILD, Observer, Study};

use crate::args::RunOptions;
use crate::failure::Failure;
use crate::progress::Progress;

/// The variable that names another interpreter than `python3`.
const VARIABLE: &str = "WALKFOLIO_PYTHON";

/// Refuses a study that has nothing to spread.
pub fn check(study: &Study) -> Result<(), Failure> {
    if study.cells() > 0 || study.config().spec().robustness.is_some() {
        return Ok(());
    }
    let hint = "add a [grid] or [robustness], or run it without --on".to_owned();
    let message = "the study is one backtest: there is nothing to spread over a cluster";
    Err(Failure::plain(message.to_owned(), Some(hint)))
}

/// Makes the parts of a run on a cluster, into a folder.
pub fn parts(options: &RunOptions, on: &str, into: &Path) -> Result<(), ElsewhereFailed> {
    let python = std::env::var_os(VARIABLE).unwrap_or_else(|| OsString::from("python3"));
    let mut child = start(&python, options, on, into).map_err(|error| {
        let hint = format!("{}; {VARIABLE} names another interpreter", install(on));
        let python = Path::new(&python).display();
        ElsewhereFailed { message: format!("cannot start {python}: {error}"), hint: Some(hint) }
    })?;
    let said = child.stderr.take().map(|errors| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            // What cannot be read is not told.
            let _ = BufReader::new(errors).read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        })
    });
    watch(&mut child);
    let ended = child.wait().is_ok_and(|status| status.success());
    let said = said.and_then(|thread| thread.join().ok()).unwrap_or_default();
    // What Ctrl-C left out is made by a run that resumes this one.
    if ended || Progress::stopped() { Ok(()) } else { Err(failed(&said, on, &python)) }
}

fn start(python: &OsString, options: &RunOptions, on: &str, into: &Path) -> std::io::Result<Child> {
    let mut command = Command::new(python);
    command.args(["-m", "walkfolio", "parts"]).arg(&options.study.study);
    command.args(["--on", on, "--build", BUILD, "--into"]).arg(into);
    if let Some(data) = &options.study.data {
        command.arg("--data").arg(data);
    }
    for set in &options.study.set {
        command.arg("--set").arg(set);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// Shows how far the cluster is: lines of `done all`.
fn watch(child: &mut Child) {
    let Some(output) = child.stdout.take() else { return };
    let progress = Progress::new("parts");
    let mut shown = 0;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let mut counts = line.split(' ').map(str::parse::<usize>);
        if let (Some(Ok(done)), Some(Ok(all))) = (counts.next(), counts.next()) {
            if shown == 0 {
                progress.begin(all);
            }
            (shown..done).for_each(|_| progress.decided());
            shown = shown.max(done);
        }
    }
    progress.finish();
}

/// What Python said: the last lines are a message and a hint.
fn failed(said: &str, on: &str, python: &OsString) -> ElsewhereFailed {
    let python = Path::new(python).display();
    if said.contains("No module named walkfolio") {
        let message = format!("{python} has no package walkfolio");
        return ElsewhereFailed { message, hint: Some(install(on)) };
    }
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let told = lines.iter().position(|line| line.starts_with("error: "));
    match told {
        Some(at) => ElsewhereFailed {
            message: lines[at].trim_start_matches("error: ").to_owned(),
            hint: lines.get(at + 1).and_then(|line| line.strip_prefix("hint: ")).map(str::to_owned),
        },
        None => ElsewhereFailed {
            message: format!(
                "the cluster {on} could not make its part: {}",
                lines.last().map_or(format!("{python} said nothing"), ToString::to_string)
            ),
            hint: None,
        },
    }
}

fn install(on: &str) -> String {
    let engine = if on.starts_with("ray") { "ray" } else { "dask" };
    format!(
        "install Python 3.10 or newer and the package of this version: pip install 'walkfolio[{engine}]'"
    )
}
