//! A study on its market: backtests, grids, audits and verification.
//!
//! Functions take a [`walkfolio_study::Study`] and a loaded market and give records. The facade
//! `walkfolio` makes methods of them.

mod account;
mod account_audit;
mod account_files;
mod alike;
mod attribution;
mod audit;
mod audit_files;
mod backtest;
mod baselines;
mod benchmark_holdings;
mod cell;
mod check;
mod checkpoint;
mod classifier;
mod decide;
mod error;
mod factors;
pub mod foreign;
mod frontier;
mod grid;
mod load;
mod manifest;
mod measured;
mod outcome;
mod own_policy;
mod regimes;
mod risk;
mod robustness;
mod run;
mod session;
mod spread;
mod stale_signals;
mod survivors;
mod verify;

pub use audit::{Audit, Build, Leak, audit, audit_policy};
pub use audit_files::{FileAudit, audit_files};
pub use cell::cell_run;
pub use check::check;
pub use decide::{
    AccountInput, Ask, Decided, Live, LiveAccount, PastCheck, TaxInput, Terms, check_past,
};
pub use error::{Error, Result};
pub use grid::{run_cells, run_grid, run_grid_session};
pub use load::{data_folder, market};
pub use manifest::{BUILD, manifest};
pub use own_policy::{PolicyRun, audit_own, run_policy};
pub use robustness::{run_variants, variants};
pub use run::{run, run_session};
pub use session::Session;
pub use spread::some_cells;
pub use verify::{
    Fault, StatedGrid, StatedRun, Verdict, Verification, confirm, of_manifest, verify, verify_grid,
    verify_stated,
};
