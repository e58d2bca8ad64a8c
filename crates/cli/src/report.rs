//! `walkfolio report` and `walkfolio schema`.

use std::process::ExitCode;

use walkfolio::{Findings, GridFindings, RunFolder};

use crate::args::ReportOptions;
use crate::failure::Failure;
use crate::{folder, pdf};

pub fn report(options: &ReportOptions) -> Result<ExitCode, Failure> {
    let files = if let Some(grid) = folder::grid(&options.run)? {
        walkfolio::report::grid_files(&grid, &GridFindings::of(&grid))
    } else {
        let run = folder::backtest(&options.run)?;
        walkfolio::report::files(&run, &Findings::of(&run))
    };
    let files = files.map_err(|error| Failure::plain(error.to_string(), None))?;
    let folder = RunFolder::open(&options.run)?;
    let printed = options.pdf.as_deref().map(|paper| pdf::printed(&files, paper)).transpose()?;
    for (name, bytes) in files {
        folder.write(name, &bytes)?;
    }
    folder.reseal()?;
    if let Some(bytes) = printed {
        // No file of the run: another Chromium prints other bytes.
        let path = options.run.join("report.pdf");
        walkfolio::write_file(&path, &bytes).map_err(|error| {
            Failure::plain(format!("{} cannot be written: {error}", path.display()), None)
        })?;
        say!("print   {}", path.display());
    }
    say!("report  {}/report.html", options.run.display());
    Ok(ExitCode::SUCCESS)
}

pub fn schema() -> Result<ExitCode, Failure> {
    let schema = serde_json::to_string_pretty(walkfolio::study::schema())
        .map_err(|error| Failure::plain(error.to_string(), None))?;
    say!("{schema}");
    Ok(ExitCode::SUCCESS)
}
