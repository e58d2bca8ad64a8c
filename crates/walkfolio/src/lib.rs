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

pub mod study;

pub use study::Study;
pub use walkfolio_analysis as analysis;
pub use walkfolio_analysis::classifier::Quality;
pub use walkfolio_analysis::{Findings, GridFindings, TargetResult, classifier, targets};
pub use walkfolio_backtest::{Observer, Silent};
pub use walkfolio_core::io::write as write_file;
pub use walkfolio_core::{Date, Ticker, Universe};
pub use walkfolio_data::{Loaded, fetch, quality, read_prices};
pub use walkfolio_learn::score::{CalibrationBin, Scores};
pub use walkfolio_record::{
    Cell, CellStatus, ClassifierRow, ClassifierRun, Comparison, Count, DecisionRow, Deflated,
    Estimate, FactorRow, FactorTable, FeatureRow, GridRun, ImportanceRow, Kind, LedgerRow,
    Manifest, MeasureSet, MeasureTable, Overfitting, PredictionRow, ReturnRow, RiskRow, Run,
    Seconds, SelectionBias, Source, Status, Survivors, TimingRow, Winner,
};
pub use walkfolio_run::{
    Audit, Error, Leak, Result, Session, Verification, audit_policy, manifest,
};
pub use walkfolio_stats::{inference, measures};
pub use walkfolio_store::{
    Checkpoints, Error as StoreError, Existing, Resumed, RunFolder, catalogue, read_grid,
    read_manifest, read_run,
};
pub use walkfolio_study::{
    Allocation, Config, Fault, Fitted, LabelSet, Month, Months, Selector, StudyError, StudyPolicy,
    Swept, Tuner, policy,
};

/// The book's Rust, run with the tests of the documentation.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../../docs/src/no-look-ahead.md")]
    mod no_look_ahead {}
    #[doc = include_str!("../../../docs/src/cookbook/rust.md")]
    mod rust {}
}
