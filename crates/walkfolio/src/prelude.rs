//! What most programs need: `use walkfolio::prelude::*`.

pub use std::path::Path;

pub use walkfolio_analysis::{Findings, GridFindings};
pub use walkfolio_backtest::{
    Backtest, Backtested, Drift, Execution, InitialTrade, LinearCost, Observer, Silent,
};
pub use walkfolio_core::{
    Date, Decision, Every, Market, Matrix, Memory, Need, Note, Past, Policy, Prices, Result, Row,
    Schedule, Ticker, Universe, View, Weights,
};
pub use walkfolio_data::Loaded;
pub use walkfolio_optimize::{Mandate, Objective};
pub use walkfolio_record::{GridRun, Run, Status};
pub use walkfolio_run::audit_policy;
pub use walkfolio_stats::Covered;
pub use walkfolio_stats::measures::{RebalanceRecord, Record, Trade, measure};
pub use walkfolio_store::{read_grid, read_run};

pub use crate::Study;
pub use crate::to_folder::{Done, Outcome};
