//! The nouns that every Walkfolio crate shares.
//!
//! A [`Market`] holds prices, returns, a benchmark, factors and cash by session. A [`Past`] is the
//! part of it that is known before a decision; a [`Policy`] turns a past into a [`Decision`]. All
//! values are checked when they are built: owning one proves that it is sound.
//!
//! ```
//! use walkfolio_core::{Date, Market, Prices, Universe};
//!
//! let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
//! let prices = Prices::new(
//!     dates,
//!     Universe::new(["XLE", "XLF"])?,
//!     vec![vec![Some(50.0), Some(52.0)], vec![Some(20.0), Some(25.0)]],
//! )?;
//! let market = Market::new(prices)?;
//! assert_eq!(market.returns().value(1, 1), Some(0.25));
//! // Deciding at row 1 sees row 0 only.
//! assert_eq!(market.before(1)?.dates().len(), 1);
//! # Ok::<(), walkfolio_core::Error>(())
//! ```

pub mod calendar;
mod choices;
mod covariance;
mod dated;
mod decision;
pub mod dense;
mod eigen;
mod error;
mod factors;
mod faults;
mod frequency;
mod hex;
mod infeasibility;
mod interrupt;
pub mod io;
pub mod linear;
mod market;
mod market_impact;
mod matrix;
mod membership;
pub mod number;
mod past;
mod poison;
mod policy;
mod prices;
mod quotes;
pub mod random;
mod returns;
mod scalar;
mod schedule;
mod series;
mod shared;
mod signal;
mod sums;
mod ticker;
mod trading_cost;
mod universe;
mod weights;
mod with_session;

pub use covariance::{Covariance, Root};
pub use dated::{BenchmarkHoldings, Dated, StatedView};
pub use decision::{Decision, Note, NoteKind, Selection, SolveReport, SolveStatus};
pub use eigen::Eigen;
pub use error::{Error, Result};
pub use factors::{FactorWindow, Factors};
pub use faults::{Faults, SettingFault};
pub use frequency::periods_per_year;
pub use hex::hex;
pub use infeasibility::{Change, Infeasibility};
pub use interrupt::Interrupt;
pub use jiff::civil::Date;
pub use market::Market;
pub use market_impact::MarketImpact;
pub use matrix::Matrix;
pub use membership::{Membership, Spell};
pub use past::{Need, Past};
pub use poison::Poison;
pub use policy::{Chain, Memory, Policy, View};
pub use prices::{Listing, Prices};
pub use quotes::{Quotes, ShareEvent};
pub use returns::{MAX_PLAUSIBLE_RETURN, Returns};
pub use schedule::{Every, Schedule, month_end_rows};
pub use series::{Benchmark, Series};
pub use signal::{Signal, SignalKind};
pub use sums::window::{BenchmarkSums, FactorSums, MarketSums, WindowSums};
pub use ticker::Ticker;
pub use trading_cost::TradingCost;
pub use universe::Universe;
pub use weights::Weights;

/// A row of a market: the index of an exchange session.
pub type Row = usize;
