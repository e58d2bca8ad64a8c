//! `walkfolio audit`.

use std::process::ExitCode;

use serde_json::json;
use walkfolio::Audit;
use walkfolio::Study;

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
    if *json {
        let leak = audit.leak.as_ref().map(|leak| json!({ "date": leak.date, "what": leak.what }));
        say!(
            "{}",
            json!({
                "study": study.config().name(),
                "decisions": audit.decisions,
                "complete": audit.complete,
                "leak": leak,
                // A grid is many studies; the one without its [grid] was audited.
                "cells_audited": study.config().grid().is_empty(),
            })
        );
    } else {
        print(&study, &audit);
    }
    Ok(match (&audit.leak, audit.complete) {
        (Some(_), _) => ExitCode::from(1),
        (None, false) => ExitCode::from(130),
        (None, true) => ExitCode::SUCCESS,
    })
}

fn print(study: &Study, audit: &Audit) {
    if let Some(leak) = &audit.leak {
        say!("LEAK: the decision of {} depends on the future: {}", leak.date, leak.what);
        return;
    }
    if !audit.complete {
        say!("stopped before all decisions were checked; no leak so far");
        return;
    }
    say!(
        "no look-ahead: {} decisions of {} are identical to the bit on perturbed future data",
        audit.decisions,
        study.config().name()
    );
    if !study.config().grid().is_empty() {
        say!("the audit ignored [grid]; set the swept keys to audit a cell");
    }
}
