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

mod active_risk;
mod allocation;
mod attribution;
mod calendar;
mod cards;
mod compare;
mod data_report;
mod distribution;
mod effects;
mod error;
mod files;
mod foot;
mod frontier;
mod grid;
mod head;
mod inclusion;
mod indicators;
mod ledger;
mod luck;
mod markdown;
mod measures;
mod model;
mod page;
mod pareto;
mod period;
mod rolling;
mod run;
mod series;
mod solves;
mod summary;
mod surface;
mod survivors;
mod targets;
mod verdict;
mod weights;
mod winners;
mod workbook;

pub use compare::{Side, compare_html};
pub use error::{Error, Result};
pub use files::{File, files, grid_files};
pub use grid::grid_html;
pub use run::html;
