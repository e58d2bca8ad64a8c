//! The page of a series of returns from elsewhere.

use walkfolio_analysis::Findings;
use walkfolio_analysis::format::{count, counted};
use walkfolio_record::Run;

use crate::Result;
use crate::charts::SERIES;
use crate::head::{Top, head};
use crate::run::page_of;
use crate::summary::Summary;

/// Writes the tear sheet of a series as one HTML page that needs nothing else: the page of a backtest without
/// what only a backtest has.
///
/// # Errors
/// As [`html`](crate::html).
/// # Examples
/// ```no_run
/// # fn run() -> walkfolio_record::Run { unimplemented!() }
/// let run = run(); // walkfolio_run::foreign::run_of
/// let findings = walkfolio_analysis::Findings::of(&run);
/// std::fs::write("tearsheet.html", walkfolio_report::tearsheet_html(&run, &findings)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn tearsheet_html(run: &Run, findings: &Findings) -> Result<String> {
    let summary = Summary::of(run, findings);
    let year = findings.periods_per_year;
    let size = format!("{}, {} a year", counted(run.returns.len(), "return"), count(year));
    let top = Top { kind: "Tear sheet", size, alerts: None };
    page_of(&summary, SERIES, head(&run.manifest, top)?)
}
