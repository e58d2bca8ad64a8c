//! `walkfolio check`.

mod text;

use std::process::ExitCode;

use walkfolio::Study;
use walkfolio::quality::{DataReport, Severity, inspect};
use walkfolio::{finding_hint, read_prices};

use crate::args::CheckOptions;
use crate::failure::Failure;
use crate::file;
use crate::layout::width;

pub fn check(options: &CheckOptions) -> Result<ExitCode, Failure> {
    let report = report(options)?;
    let value = report.json(finding_hint);
    if let Some(folder) = &options.out {
        file::write(&folder.join("data-report.json"), format!("{value:#}\n").as_bytes())?;
    }
    if options.json {
        say!("{value}");
    } else {
        say!("{}", shown(&report, options.all));
    }
    let wrong = report.worst().is_some_and(|worst| worst > Severity::Note);
    Ok(ExitCode::from(u8::from(wrong)))
}

/// The findings as people read them.
pub fn shown(report: &DataReport, all: bool) -> String {
    text::text(report, all, width())
}

/// What is found.
pub fn report(options: &CheckOptions) -> Result<DataReport, Failure> {
    match (&options.prices, &options.study) {
        (Some(prices), _) => Ok(inspect(&read_prices(prices).map_err(walkfolio::Error::from)?)),
        (None, Some(study)) => Ok(Study::load(study, &[])?.check(options.data.as_deref())?),
        // Clap asks for one of the two.
        (None, None) => Err(Failure::plain("there is nothing to check".to_owned(), None)),
    }
}
