//! `walkfolio audit`.

use std::process::ExitCode;

use walkfolio::Study;

use crate::args::StudyOptions;
use crate::failure::Failure;
use crate::progress::Progress;

pub fn audit(options: &StudyOptions) -> Result<ExitCode, Failure> {
    crate::use_threads(options.threads)?;
    let study = Study::load(&options.study, &options.set)?;
    let loaded = study.market(options.data.as_deref())?;
    let progress = Progress::new("decisions");
    let audit = study.audit(&loaded, &progress);
    progress.finish();
    let audit = audit?;
    if let Some(leak) = audit.leak {
        say!("LEAK: the decision of {} depends on the future: {}", leak.date, leak.what);
        return Ok(ExitCode::from(1));
    }
    if !audit.complete {
        say!("stopped before all decisions were looked at; no leak until then");
        return Ok(ExitCode::from(130));
    }
    say!(
        "no look-ahead: {} decisions of {} are the same to the bit on markets with a falsified future",
        audit.decisions,
        study.config().name()
    );
    if !study.config().grid().is_empty() {
        say!("only the study without its [grid] was audited; set the swept keys to audit a cell");
    }
    Ok(ExitCode::SUCCESS)
}
