//! `walkfolio audit`.

use std::process::ExitCode;

use serde_json::json;
use walkfolio::{Audit, FileAudit, Leak, Study};

use crate::args::AuditOptions;
use crate::failure::Failure;
use crate::progress::Progress;

pub fn audit(options: &AuditOptions) -> Result<ExitCode, Failure> {
    let AuditOptions { study: from, json } = options;
    crate::use_threads(from.threads)?;
    let study = Study::load(&from.study, &from.set)?;
    let loaded = study.market(from.data.as_deref())?;
    let progress = Progress::new("decisions");
    let audit = study.audit(&loaded, &progress);
    progress.finish();
    let audit = audit?;
    let files = if audit.leak.is_none() && audit.complete {
        Some(study.audit_files(&loaded, from.data.as_deref(), &Progress::new("files"))?)
    } else {
        None
    };
    let leak = audit.leak.as_ref().or(files.as_ref().and_then(|files| files.leak.as_ref()));
    let complete = audit.complete && files.as_ref().is_some_and(|files| files.complete);
    if *json {
        let leak = leak.map(|leak| json!({ "date": leak.date, "what": leak.what }));
        say!(
            "{}",
            json!({
                "study": study.config().name(),
                "decisions": audit.decisions,
                "complete": complete,
                "file_decisions": files.as_ref().map_or(0, |files| files.attacked),
                "leak": leak,
                // A grid is many studies; the one without its [grid] was audited.
                "cells_audited": study.config().grid().is_empty(),
            })
        );
    } else {
        print(&study, &audit, leak, files.as_ref());
    }
    Ok(match (leak, complete) {
        (Some(_), _) => ExitCode::from(1),
        (None, false) => ExitCode::from(130),
        (None, true) => ExitCode::SUCCESS,
    })
}

fn print(study: &Study, audit: &Audit, leak: Option<&Leak>, files: Option<&FileAudit>) {
    if let Some(leak) = leak {
        say!("LEAK: the decision of {} depends on the future: {}", leak.date, leak.what);
        return;
    }
    let Some(files) = files.filter(|files| files.complete) else {
        say!("stopped before all decisions were checked; no leak so far");
        return;
    };
    say!(
        "no look-ahead: {} decisions of {} are identical to the bit on perturbed future data",
        audit.decisions,
        study.config().name()
    );
    if files.attacked > 0 {
        say!(
            "files: {} of them are identical without the rows after them, and with other ones",
            files.attacked
        );
    }
    if let Some(why) = &files.skipped {
        say!("files: not every decision could be made from changed files: {why}");
    }
    if !study.config().grid().is_empty() {
        say!("the audit ignored [grid]; set the swept keys to audit a cell");
    }
}
