//! `walkfolio verify`.

use std::process::ExitCode;

use serde_json::json;
use walkfolio::analysis::format::{count, counted};
use walkfolio::to_folder::Reason;
use walkfolio::{Fault, Kind, Verification, verify_folder, verify_grid_folder};

use crate::args::VerifyOptions;
use crate::daily;
use crate::failure::Failure;
use crate::folder;
use crate::progress::Progress;

pub fn verify(options: &VerifyOptions) -> Result<ExitCode, Failure> {
    let VerifyOptions { run, data, cells, .. } = options;
    if run.join(daily::MANIFEST).is_file() {
        return daily::verify(run, options.json);
    }
    let is_grid = folder::run(run)?.kind == Kind::Grid;
    if !is_grid {
        folder::one_backtest(run)?;
        if cells.is_some() {
            let what = format!("--cells is for grids; {} is one backtest", run.display());
            return Err(Failure::plain(what, Some("leave it out".to_owned())));
        }
    }
    let progress = Progress::new(if is_grid { "backtests" } else { "decisions" });
    let found = match cells {
        Some(cells) => verify_grid_folder(run, data.as_deref(), *cells, &progress),
        None => verify_folder(run, data.as_deref(), &progress),
    };
    progress.finish();
    let found = found.map_err(|reason| match reason {
        Reason::Run(error) => Failure::from(error),
        other => Failure::plain(other.to_string(), None),
    })?;
    if options.json {
        print_json(options, &found);
    } else {
        print(&found);
    }
    Ok(ExitCode::from(u8::from(!found.faults.is_empty())))
}

fn print_json(options: &VerifyOptions, found: &Verification) {
    let fault = |fault: &Fault| {
        let Fault { file, row, column, what } = fault;
        json!({ "file": file, "row": row, "column": column, "what": what })
    };
    say!(
        "{}",
        json!({
            "run": options.run.display().to_string(),
            "cells": found.cells,
            "all_cells": found.all_cells,
            "decisions": found.decisions,
            "confirmed": found.confirmed,
            "fallbacks": found.fallbacks,
            "unconfirmed": found.unconfirmed,
            "worst_gap": found.worst_gap,
            "files": found.files,
            "unchecked": found.unchecked,
            "faults": found.faults.iter().map(fault).collect::<Vec<_>>(),
        })
    );
}

fn print(found: &Verification) {
    if found.all_cells > 0 {
        let numbers: Vec<String> = found.cells.iter().map(ToString::to_string).collect();
        say!(
            "{} of {} cells made again: {}",
            found.cells.len(),
            found.all_cells,
            if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") }
        );
    }
    say!(
        "{}: {} confirmed by another method (objectives within {:.1e}), {} by fallback, {} feasible but not confirmed",
        counted(found.decisions, "decision"),
        count(found.confirmed as f64),
        found.worst_gap,
        count(found.fallbacks as f64),
        count(found.unconfirmed as f64)
    );
    if !found.files.is_empty() {
        say!("made again and compared: {}", found.files.join(", "));
    }
    for what in &found.unchecked {
        say!("not checked: {what}");
    }
    for fault in found.faults.iter().take(20) {
        say!("ERROR {fault}");
    }
    if !found.faults.is_empty() {
        say!("{} differences: this is not what the study and the data give", found.faults.len());
    }
}
