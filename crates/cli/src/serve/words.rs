//! Words and addresses that the pages share.

use walkfolio::report::served::{self, Link, encoded};
use walkfolio::{AtWork, Progress, UnderWay};

use crate::under_way::{how_far, state as word};

/// The way back to the table of runs.
pub fn trail() -> Vec<Link> {
    vec![Link::new("/", "Runs")]
}

/// The address of a run, with something behind it.
pub fn address(name: &str, rest: &str) -> String {
    format!("/run/{}/{rest}", encoded(name))
}

/// How far a run has come; nothing of one that was killed.
pub fn progress(run: &UnderWay) -> Option<served::Progress> {
    let Progress { done, total, .. } = run.progress.as_ref()?;
    let (done, total) = (*done, *total);
    (run.at_work != AtWork::No).then(|| served::Progress {
        done,
        total,
        text: how_far(run).unwrap_or_default(),
    })
}

/// The state of a run that has not ended, and what it means where it is none that a run can have.
pub fn state(run: &UnderWay) -> (&'static str, String) {
    let far = how_far(run).map_or_else(String::new, |far| format!("after {far}; "));
    let note = match run.at_work {
        AtWork::No => format!("{far}run --resume goes on"),
        AtWork::Yes | AtWork::Unknown => String::new(),
    };
    (word(run), note)
}
