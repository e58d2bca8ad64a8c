//! What a run leaves, as plain data: its manifest, its tables and its measures.
//!
//! A [`Run`] is one backtest, a [`GridRun`] one for each combination of swept keys. Nothing is
//! computed here.

mod classifier;
mod factors;
mod grid;
mod luck;
mod manifest;
mod measures;
mod pairs;
mod risk;
mod run;
mod survivors;
mod tables;

pub use classifier::{ClassifierRow, ClassifierRun, FeatureRow, ImportanceRow, PredictionRow};
pub use factors::{FactorRow, FactorTable};
pub use grid::{Cell, CellStatus, GridRun};
pub use luck::{Comparison, Deflated, Estimate, Luck, Overfitting, Winner};
pub use manifest::{Kind, Manifest, Seconds, Source, Status};
pub use measures::{AllMeasures, MeasureSet, MeasureTable};
pub use risk::RiskRow;
pub use run::Run;
pub use survivors::{Count, Survivors};
pub use tables::{DecisionRow, LedgerRow, ReturnRow, TimingRow};
