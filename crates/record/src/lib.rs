//! What a run leaves, as plain data: its manifest, its tables and its measures.
//!
//! A [`Run`] is one backtest, a [`GridRun`] one for each combination of swept keys. Nothing is
//! computed here. Every type reads and writes itself with serde, so that other languages and files can
//! carry it; returns, weights and costs are fractions, dates are those of the session on which a row
//! earns.
//!
//! ```
//! use walkfolio_record::ReturnRow;
//!
//! let text = r#"{ "date": "2024-01-02", "portfolio": 0.01, "gross": 0.0105, "benchmark": null,
//!                 "cash": null, "turnover": 1.0, "cost": 0.0005 }"#;
//! let row: ReturnRow = serde_json::from_str(text)?;
//! assert_eq!((row.portfolio, row.benchmark), (0.01, None));
//! assert_eq!(serde_json::to_value(&row)?["date"], "2024-01-02");
//! # Ok::<(), serde_json::Error>(())
//! ```

mod account;
mod account_run;
mod accounts;
mod attribution;
mod baseline;
mod benchmark_holdings;
mod classifier;
mod drift;
mod factors;
mod frontier;
mod gains;
mod grid;
mod live;
mod manifest;
mod measures;
mod pairs;
mod regimes;
mod risk;
mod robustness;
mod run;
mod selection_bias;
mod survivors;
mod tables;

pub use account::{AccountTrade, OrderRow, PositionRow, RoundingRow};
pub use account_run::{AccountDayRow, AccountOrderRow, AccountRun};
pub use accounts::{AccountDone, AccountFigures, AccountRow, AccountStatus, AccountsDecision};
pub use attribution::{AttributionTables, ContributionRow, Effect, EffectRow, Part, StyleRow};
pub use baseline::{Baseline, BaselineRow};
pub use benchmark_holdings::HoldingsRow;
pub use classifier::{ClassifierRow, ClassifierRun, FeatureRow, ImportanceRow, PredictionRow};
pub use drift::{DriftRecord, DriftRow, Payback};
pub use factors::{FactorRow, FactorTable};
pub use frontier::{FrontierPortfolio, FrontierRow};
pub use gains::{GainsRow, SoldLotRow};
pub use grid::{ACCOUNT, Cell, CellStatus, GridRun, WITHOUT_COSTS};
pub use live::{ExpectedRisk, Holder, LimitRow, LiveDecision, RiskChange, TargetRow};
pub use manifest::{Kind, Manifest, SIMULATED, Seconds, Source, Status, WIPED_OUT};
pub use measures::{AllMeasures, MeasureSample, MeasureSet, MeasureTable};
pub use regimes::RegimeRow;
pub use risk::RiskRow;
pub use robustness::{RobustnessTables, StressRow, VariantKind, VariantRow};
pub use run::Run;
pub use selection_bias::{
    Comparison, CrossValidation, Deflated, Estimate, Overfitting, SelectionBias, ValidationPath,
    Winner,
};
pub use survivors::{Count, Survivors};
pub use tables::{DecisionRow, LedgerRow, ReturnRow, TimingRow};
