//! Studies, policies, grids and run folders: the library's front door.
//!
//! ```no_run
//! use std::path::Path;
//! use walkfolio::{Silent, Study};
//!
//! let study = Study::load(Path::new("studies/mtum-replica.toml"), &[])?;
//! let market = study.market(None)?;
//! let run = study.run(&market, &Silent)?;
//! println!("{:?}", run.measures.full.get("tracking_error"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod audit;
pub mod catalogue;
mod check;
mod checkpoint;
mod classifier;
mod error;
mod factors;
mod folder;
mod grid;
mod load;
mod luck;
mod manifest;
mod measured;
mod policy;
mod risk;
mod run;
pub mod study;
mod survivors;
mod tables;
mod target;
pub mod verify;

pub use checkpoint::Checkpoints;
pub use classifier::{
    ClassifierRow, ClassifierRun, FeatureRow, ImportanceRow, PredictionRow, Quality,
};
pub use error::{Error, Result};
pub use factors::{FactorRow, FactorTable};
pub use folder::{Resumed, RunFolder, read_manifest};
pub use grid::{Cell, CellStatus, GridRun, Swept};
pub use luck::{Comparison, Deflated, Estimate, Luck, Overfitting, Winner};
pub use manifest::{Kind, Manifest, Seconds, Source, Status};
pub use policy::{Allocation, Fitted, LabelSet, Month, Months, Selector, StudyPolicy, Tuner};
pub use risk::RiskRow;
pub use run::Run;
pub use study::{Config, Fault, Study, StudyError};
pub use survivors::{Count, Survivors};
pub use tables::{DecisionRow, LedgerRow, MeasureSet, MeasureTable, ReturnRow, TimingRow};
pub use target::{TargetResult, targets};
pub use walkfolio_backtest::{Observer, Silent};
pub use walkfolio_core::{Date, Ticker, Universe};
pub use walkfolio_data::{Loaded, fetch, quality};
pub use walkfolio_learn::score::{CalibrationBin, Scores};
pub use walkfolio_stats::{inference, measures};

/// The book's Rust, run with the tests of the documentation.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../../docs/src/no-look-ahead.md")]
    mod no_look_ahead {}
    #[doc = include_str!("../../../docs/src/cookbook/rust.md")]
    mod rust {}
}
