//! All that is written of a run for people: a page, an executive report and a workbook.

use walkfolio_analysis::{Findings, GridFindings};
use walkfolio_record::{GridRun, Run};

use crate::Result;
use crate::grid;
use crate::markdown;
use crate::run::page;
use crate::summary::Summary;
use crate::workbook;

/// A file's name in the run's folder, and its bytes.
pub type File = (&'static str, Vec<u8>);

/// Writes `report.html`, `report.md` and `report.xlsx` of a backtest from its findings.
///
/// Equal runs give equal bytes; the page alone shows what may differ from run to run, the time that
/// its stages and solves took.
///
/// # Errors
/// As [`html`](crate::html), and [`Error::Workbook`](crate::Error::Workbook) if the workbook cannot
/// be put together.
/// # Examples
/// ```no_run
/// # fn run() -> walkfolio_record::Run { unimplemented!() }
/// let run = run();
/// let findings = walkfolio_analysis::Findings::of(&run);
/// for (name, bytes) in walkfolio_report::files(&run, &findings)? {
///     std::fs::write(name, bytes)?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn files(run: &Run, findings: &Findings) -> Result<Vec<File>> {
    let summary = Summary::of(run, findings);
    let (html, book) = both(|| page(&summary), || workbook::of_run(&summary));
    Ok(vec![
        ("report.html", html?.into_bytes()),
        ("report.md", markdown::of_run(&summary)?.into_bytes()),
        ("report.xlsx", book?),
    ])
}

/// Writes `report.html`, `report.md` and `report.xlsx` of a grid from its findings.
///
/// # Errors
/// As [`files`].
pub fn grid_files(grid: &GridRun, findings: &GridFindings) -> Result<Vec<File>> {
    let (html, book) = both(|| grid::page(grid, findings), || workbook::of_grid(grid, findings));
    Ok(vec![
        ("report.html", html?.into_bytes()),
        ("report.md", markdown::of_grid(grid, findings)?.into_bytes()),
        ("report.xlsx", book?),
    ])
}

/// Does two things at a time.
fn both<A, B: Send>(one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        // A panic there is a panic here, as if it had been done in turn.
        (one, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
