//! Portfolios from past data only, walked forward through history: the library's front door.
//!
//! | to | begin with |
//! |---|---|
//! | run a study | [`Study::load`], [`Study::run`]; of many settings [`Study::run_grid`] |
//! | run it into a folder with its report | [`Study::run_to`], with options [`Study::to_folder`] |
//! | write a policy of your own | [`Policy`](prelude::Policy), [`Backtest`](prelude::Backtest), [`audit_policy`] |
//! | optimize alone | [`Objective`](prelude::Objective), [`Mandate`](prelude::Mandate) |
//! | measure returns | [`measure`](prelude::measure), [`inference`] |
//! | get every figure of a report, or a page | [`Findings`], [`report`] |
//! | read what a run has left | [`read_run`], [`read_grid`], [`catalogue`] |
//! | decide for the next session | [`Study::live`], [`write_decision`] |
//! | prove that a run is right | [`Study::audit`], [`verify_folder`], [`Study::verify`], [`Study::check`] |
//!
//! Returns, weights and measures are fractions (0.01 is 1 %); a decision at row `t` knows the rows
//! before `t` and its weights earn from row `t` on.
//!
//! # A study
//! ```
//! use walkfolio::prelude::*;
//!
//! let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
//! let market = study.market(None)?; // the sample market; `Some(folder)` reads files
//! let run = study.run(&market, &Silent)?;
//! assert!(run.measures.full.get("tracking_error").is_some_and(|te| te < 0.2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A study into a folder, with its report
//! ```
//! use walkfolio::prelude::*;
//! # let place = tempfile::tempdir()?;
//! # let folder = place.path().join("run");
//!
//! let study = Study::load("../../studies/mtum-all-eleven.toml", &[])?;
//! let done = study.run_to(&folder)?; // or `study.to_folder(&folder).data("prices").replace().run()?`
//! println!("{}: {}/report.html", done.status().as_str(), done.path().display());
//! # assert!(folder.join("report.html").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A grid, cell by cell
//! ```
//! use walkfolio::prelude::*;
//!
//! let study = Study::load("../../studies/mtum-frontier.toml", &[])?;
//! let grid = study.run_grid(&study.market(None)?, None, &Silent)?;
//! for cell in &grid.cells {
//!     assert!(cell.measure("tracking_error").is_some(), "{:?}", cell.settings);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A policy on a market of your own
//! ```
//! use walkfolio::prelude::*;
//!
//! /// The same weight in every asset that has a price.
//! struct EqualWeight;
//!
//! impl Policy for EqualWeight {
//!     fn decide(&self, past: &Past<'_>, _: View<'_>) -> Result<Decision> {
//!         let assets = past.eligible(self.need());
//!         let each = vec![1.0 / assets.len() as f64; assets.len()];
//!         Ok(Decision::of(Weights::scatter(past.universe().len(), &assets, &each)?))
//!     }
//!     fn need(&self) -> Need {
//!         Need { rows: 1, history_months: None }
//!     }
//! }
//!
//! let dates = [2, 3, 4, 5].map(|day| Date::constant(2024, 1, day)).to_vec();
//! let prices = [[10.0, 10.0, 11.0, 11.0], [20.0, 20.0, 20.0, 22.0]];
//! let prices = prices.map(|asset| asset.map(Some).to_vec()).to_vec();
//! let market = Market::new(Prices::new(dates, Universe::new(["A", "B"])?, prices)?)?;
//! let daily = Schedule { every: Every::Sessions(1), first: None, last: None };
//! let done = Backtest::new(&market).schedule(daily).run(&EqualWeight)?;
//! assert!((done.simulation.net[0] - 0.05).abs() < 1e-15); // half of it gained 10 %
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The optimizer alone
//! ```
//! use walkfolio::prelude::*;
//!
//! // The benchmark is 60 % of the first asset and 40 % of the second.
//! let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
//! let benchmark = returns.times(&[0.6, 0.4]);
//! let objective = Objective::tracking_error(&returns, &benchmark)?;
//! let solution = Mandate::long_only(objective, 1.0)?.solve()?;
//! assert!((solution.weights[0] - 0.6).abs() < 1e-8);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Measures of returns
//! ```
//! use walkfolio::prelude::*;
//!
//! let dates = [2, 3].map(|day| Date::constant(2024, 1, day));
//! let measures = measure(&Record::new(&dates, &[0.10, -0.20]));
//! assert!((measures.get("max_drawdown").unwrap_or_default() + 0.20).abs() < 1e-15);
//! ```

mod accounts;
mod decide;
pub mod prelude;
pub mod study;
pub mod to_folder;
mod verify;

pub use accounts::{DecidedAccounts, decide_accounts};
pub use decide::{decision_files, write_decision};
pub use study::Study;
pub use verify::{verify_folder, verify_grid_folder};
pub use walkfolio_analysis as analysis;
pub use walkfolio_analysis::classifier::Quality;
pub use walkfolio_analysis::{Findings, GridFindings, TargetResult, caveats, classifier, targets};
pub use walkfolio_backtest::{Observer, Silent};
pub use walkfolio_core::io::{hint as file_hint, write as write_file};
pub use walkfolio_core::{Date, Interrupt, Ticker, Universe, periods_per_year};
pub use walkfolio_data::{
    AccountBook, AccountHoldings, CsvForm, DateOrder, Decimal, Delimiter, Loaded, fetch, quality,
    read_factors, read_prices, read_quotes, sample,
};
pub use walkfolio_learn::score::Scores;
pub use walkfolio_orders as orders;
pub use walkfolio_record as record;
pub use walkfolio_record::{
    Cell, CellStatus, ClassifierRun, DecisionRow, Deflated, FrontierPortfolio, FrontierRow,
    GridRun, Kind, LedgerRow, Manifest, MeasureTable, Overfitting, ReturnRow, Run, SelectionBias,
    Status,
};
pub use walkfolio_report as report;
pub use walkfolio_run::foreign;
pub use walkfolio_run::{
    AccountInput, Ask, BUILD, Decided, Live, LiveAccount, PastCheck, TaxInput, Terms, cell_run,
    data_folder,
};
pub use walkfolio_run::{Audit, Error, Fault, FileAudit, Leak, Result, Verification, audit_policy};
pub use walkfolio_stats::{inference, measures};
pub use walkfolio_store::{
    AtWork, Error as StoreError, Existing, Progress, RunFolder, UnderWay, catalogue, read_grid,
    read_manifest, read_run, sha256,
};
pub use walkfolio_study::{Allocation, StudyError, Swept, finding_hint, policy};

/// The book's Rust, run with the tests of the documentation.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../../docs/src/no-look-ahead.md")]
    mod no_look_ahead {}
    #[doc = include_str!("../../../docs/src/cookbook/rust.md")]
    mod rust {}
}
