//! All that is written of a run for people: a page, an executive report and a workbook.

use walkfolio::{GridRun, Run};

use crate::Result;
use crate::grid::grid_html;
use crate::markdown;
use crate::run::page;
use crate::summary::Summary;
use crate::workbook;

/// A file's name in the run's folder, and its bytes.
pub type File = (&'static str, Vec<u8>);

/// Writes `report.html`, `report.md` and `report.xlsx` of a backtest.
///
/// Equal runs give equal bytes; the page alone shows what may differ from run to run, the time that
/// its stages and solves took.
///
/// # Errors
/// As [`html`](crate::html), and [`Error::Workbook`](crate::Error::Workbook) if the workbook cannot
/// be put together.
pub fn files(run: &Run) -> Result<Vec<File>> {
    let summary = Summary::of(run);
    let (html, book) = both(|| page(&summary), || workbook::of_run(&summary));
    Ok(vec![
        ("report.html", html?.into_bytes()),
        ("report.md", markdown::of_run(&summary)?.into_bytes()),
        ("report.xlsx", book?),
    ])
}

/// Writes `report.html`, `report.md` and `report.xlsx` of a grid.
///
/// # Errors
/// As [`files`].
pub fn grid_files(grid: &GridRun) -> Result<Vec<File>> {
    let (html, book) = both(|| grid_html(grid), || workbook::of_grid(grid));
    Ok(vec![
        ("report.html", html?.into_bytes()),
        ("report.md", markdown::of_grid(grid)?.into_bytes()),
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
