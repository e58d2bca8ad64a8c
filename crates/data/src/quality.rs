//! Is this file what it should be? Detectors of problems, and what may be done about them.
//!
//! [`inspect()`] looks at a [`Panel`], the unchecked table of a file, and returns a [`DataReport`].
//! Detectors know nothing of vendors: each has a definition, its thresholds with it, and a
//! [`Kind`]. A [`Cleaning`] says what is done about each kind; [`clean()`] does it.

mod alignment;
mod alike;
mod clean;
mod cleaning;
mod content;
mod dividends;
mod finding;
mod inspect;
mod json;
mod jumps;
pub(crate) mod known;
mod levels;
mod moves;
mod panel;
mod report;
mod rounding;
mod sessions;
mod stats;

pub use alike::{Alike, alike};
pub use clean::{Cleaned, clean};
pub use cleaning::{Cleaning, InvalidPolicy, Policy};
pub use finding::{Finding, Kind, Severity};
pub use inspect::inspect;
pub use levels::Coverage;
pub(crate) use panel::spread;
pub use panel::{Column, Panel};
pub use report::DataReport;
pub(crate) use rounding::{rounded, rounding};
