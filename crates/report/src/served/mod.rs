//! Pages that a server makes of a folder of runs: tables of runs and of a grid's backtests, a run without a report,
//! the files of a run, an error. They have no script of their own in them: `style.css` and `served.js` come from the
//! same server, so that a policy may forbid every other.

mod address;
mod bar;
mod link;
mod notice;
mod shell;
mod table;

pub use address::encoded;
pub use bar::{Bar, with_bar};
pub use link::Link;
pub use notice::{Fact, Notice, Said};
pub use table::{Column, Filter, Page, Progress, Row, Table, Turn};

/// The style of all these pages: that of the report, and what only they have.
pub fn style() -> String {
    [crate::page::style(), include_str!("served.css")].concat()
}

/// The script of all these pages.
pub const SCRIPT: &str = include_str!("served.js");
