//! Runs that have not ended, in words.

use serde_json::{Value, json};
use walkfolio::analysis::format::{decimals, seconds};
use walkfolio::{AtWork, Progress, UnderWay};

use crate::layout::{Side, lines};

/// What a run is that has not ended: running, or killed.
pub fn state(run: &UnderWay) -> &'static str {
    match run.at_work {
        AtWork::No => "killed",
        AtWork::Yes | AtWork::Unknown => "running",
    }
}

/// How far it has come, how fast, and how long the rest takes, as far as its folder tells.
pub fn how_far(run: &UnderWay) -> Option<String> {
    let progress = run.progress.as_ref()?;
    let Progress { unit, done, total, .. } = progress;
    let mut text = format!("{done} of {total} {unit}");
    if run.at_work == AtWork::No {
        return Some(text);
    }
    if let Some(rate) = progress.rate() {
        text = format!("{text} · {}/s", decimals(rate, usize::from(rate < 10.0)));
    }
    if let Some(left) = progress.seconds_left() {
        text = format!("{text} · {} left", seconds(left));
    }
    Some(text)
}

/// A line for each.
pub fn text(runs: &[UnderWay]) -> String {
    let row = |run: &UnderWay| {
        let far = how_far(run).unwrap_or_default();
        vec![run.folder.clone(), state(run).to_owned(), far]
    };
    let rows: Vec<Vec<String>> = runs.iter().map(row).collect();
    lines(&rows, &[Side::Left]).join("\n")
}

/// The same for other programs.
pub fn json(run: &UnderWay) -> Value {
    json!({
        "folder": run.folder,
        "study": run.study,
        "state": state(run),
        "started": run.started.to_string(),
        "progress": run.progress,
        "rate": run.progress.as_ref().and_then(Progress::rate),
        "seconds_left": run.progress.as_ref().and_then(Progress::seconds_left),
    })
}
