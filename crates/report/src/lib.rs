//! A run to what people read: one HTML page that needs nothing beside it.
//!
//! ```no_run
//! use std::path::Path;
//!
//! let run = walkfolio::Run::read(Path::new("runs/mtum-replica"))?;
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
mod axes;
mod calendar;
mod cards;
mod certainty;
mod distribution;
mod effects;
mod error;
mod evidence;
mod foot;
mod format;
mod frontier;
mod grid;
mod head;
mod inclusion;
mod indicators;
mod ledger;
mod luck;
mod measures;
mod model;
mod page;
mod period;
mod regression;
mod rolling;
mod run;
mod series;
mod solves;
mod surface;
mod targets;
mod verdict;
mod weights;
mod winners;

pub use error::{Error, Result};
pub use grid::grid_html;
pub use run::html;
