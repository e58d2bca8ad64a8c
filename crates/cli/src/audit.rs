//! `walkfolio audit`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use walkfolio::{Audit, FileAudit, Leak, Study};

use crate::args::AuditOptions;
use crate::failure::Failure;
use crate::progress::Progress;

/// Cells of a grid that are audited where nothing else is said.
const CELLS: usize = 3;

/// What was found in a study, or in a cell of its grid.
struct Looked {
    cell: Option<usize>,
    audit: Audit,
    files: Option<FileAudit>,
}

/// What was found in all that was audited.
#[derive(Default)]
struct Found {
    looked: Vec<Looked>,
    /// Cells that are no backtests, with the reason.
    failed: Vec<(usize, String)>,
}

pub fn audit(options: &AuditOptions) -> Result<ExitCode, Failure> {
    let from = &options.study;
    crate::threads::use_threads(from.threads)?;
    let study = Study::load(&from.study, &from.set)?;
    let is_grid = !study.config().grid().is_empty();
    if options.cells.is_some() && !is_grid {
        let hint = "leave out --cells".to_owned();
        return Err(Failure::plain("the study has no [grid]".to_owned(), Some(hint)));
    }
    let numbers = study.some_cells(options.cells.unwrap_or(CELLS));
    let found = if numbers.is_empty() {
        let looked = vec![look(&study, from.data.as_deref(), None)?];
        Found { looked, ..Found::default() }
    } else {
        cells(&study, from.data.as_deref(), &numbers)?
    };
    if options.json {
        say!("{}", found.json(&study));
    } else {
        found.print(&study);
        if is_grid && numbers.is_empty() {
            say!("[grid] was left out");
        }
    }
    Ok(match (found.leak(), found.is_complete()) {
        (Some(_), _) => ExitCode::from(1),
        (None, false) => ExitCode::from(130),
        (None, true) => ExitCode::SUCCESS,
    })
}

/// Audits cells up to the first that looks ahead. One that is no backtest is no error unless all are.
fn cells(study: &Study, data: Option<&Path>, numbers: &[usize]) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut failure = None;
    for &number in numbers {
        let looked = study.cell(number).map_err(walkfolio::Error::from);
        match looked.and_then(|cell| look(&cell, data, Some(number))) {
            Ok(looked) => found.looked.push(looked),
            Err(error) => {
                found.failed.push((number, error.to_string()));
                failure = Some(error);
            }
        }
        if found.leak().is_some() || !found.is_complete() {
            break;
        }
    }
    match failure.filter(|_| found.looked.is_empty()) {
        Some(error) => Err(error.into()),
        None => Ok(found),
    }
}

fn look(study: &Study, data: Option<&Path>, cell: Option<usize>) -> walkfolio::Result<Looked> {
    let loaded = study.market(data)?;
    let progress = Progress::new("decisions");
    let audit = study.audit(&loaded, &progress);
    progress.finish();
    let audit = audit?;
    let files = if audit.leak.is_none() && audit.complete {
        Some(study.audit_files(&loaded, data, &Progress::new("files"))?)
    } else {
        None
    };
    Ok(Looked { cell, audit, files })
}

impl Found {
    fn leak(&self) -> Option<(Option<usize>, &Leak)> {
        self.looked.iter().find_map(|one| {
            let files = one.files.as_ref().and_then(|files| files.leak.as_ref());
            one.audit.leak.as_ref().or(files).map(|leak| (one.cell, leak))
        })
    }

    fn is_complete(&self) -> bool {
        let files = |one: &Looked| one.files.as_ref().is_some_and(|files| files.complete);
        self.looked.iter().all(|one| one.audit.complete && files(one))
    }

    fn decisions(&self) -> usize {
        self.looked.iter().map(|one| one.audit.decisions).sum()
    }

    fn attacked(&self) -> usize {
        self.looked.iter().filter_map(|one| one.files.as_ref()).map(|files| files.attacked).sum()
    }

    fn json(&self, study: &Study) -> Value {
        let leak = self
            .leak()
            .map(|(cell, leak)| json!({ "cell": cell, "date": leak.date, "what": leak.what }));
        let failed = self.failed.iter().map(|(cell, why)| json!({ "cell": cell, "what": why }));
        json!({
            "study": study.config().name(),
            "cells": self.looked.iter().filter_map(|one| one.cell).collect::<Vec<_>>(),
            "failed": failed.collect::<Vec<_>>(),
            "decisions": self.decisions(),
            "complete": self.is_complete(),
            "file_decisions": self.attacked(),
            "leak": leak,
        })
    }

    fn print(&self, study: &Study) {
        for (cell, why) in &self.failed {
            say!("cell {cell} is no backtest: {why}");
        }
        if let Some((cell, leak)) = self.leak() {
            let cell = cell.map_or_else(String::new, |cell| format!(" in cell {cell}"));
            let Leak { date, what } = leak;
            say!("LEAK{cell}: the decision of {date} depends on the future: {what}");
            return;
        }
        if !self.is_complete() {
            say!("stopped before all decisions were checked; no leak so far");
            return;
        }
        say!(
            "no look-ahead: {} decisions of {}{} are identical to the bit on perturbed future data",
            self.decisions(),
            study.config().name(),
            self.cells(study)
        );
        if self.attacked() > 0 {
            say!(
                "files: {} of them are identical without the rows after them, and with other ones",
                self.attacked()
            );
        }
        let skipped = |one: &Looked| one.files.as_ref()?.skipped.clone();
        if let Some(why) = self.looked.iter().find_map(skipped) {
            say!("files: not every decision could be made from changed files: {why}");
        }
    }

    /// Which cells were audited, behind the name of their study.
    fn cells(&self, study: &Study) -> String {
        let numbers: Vec<String> =
            self.looked.iter().filter_map(|one| Some(one.cell?.to_string())).collect();
        if numbers.is_empty() {
            return String::new();
        }
        let all = study.cells();
        format!(" (cells {} of {all})", numbers.join(", "))
    }
}
