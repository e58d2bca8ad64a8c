//! A run to what people read: one HTML page that needs nothing beside it, an executive report and a
//! workbook.
//!
//! ```no_run
//! use std::path::Path;
//!
//! let run = walkfolio::read_run(Path::new("runs/mtum-replica"))?;
//! std::fs::write("report.html", walkfolio_report::html(&run)?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The page holds its script, its style and its data; it asks nothing of any server, and its content
//! security policy forbids it to. Tables and figures are written here, so that they can be read
//! without a script; the charts are drawn by the page from one block of JSON.

mod bands;
mod base64;
mod cards;
mod chart;
mod charts;
mod columns;
mod compare;
mod decision;
mod error;
mod files;
mod first_allocation;
mod foot;
mod grid;
mod head;
mod markdown;
mod model_words;
mod page;
mod period;
mod run;
pub mod served;
mod summary;
mod tearsheet;
mod template;
mod wealth;
mod workbook;

pub use compare::{Side, compare_html};
pub use decision::decision_html;
pub use error::{Error, Result};
pub use files::{File, files, grid_files};
pub use grid::grid_html;
pub use run::html;
pub use tearsheet::tearsheet_html;
