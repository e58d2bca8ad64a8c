//! What a classifier is told of each asset at a month-end.
//!
//! A [`Feature`] is one number of one asset at the close of a month: momentum, volatility,
//! correlation with the benchmark, or what a user's file says. It sees a [`MonthEnd`], which reaches
//! no later row. A [`History`] finds the month-ends of a past and its log returns once, so that the
//! features of all its month-ends cost little more than those of one:
//!
//! - `history`: month-ends and log returns of a past;
//! - `momentum`, `volatility`, `correlation`, `signal`: the features, one a file, each with its key;
//! - `standardize`: comparison across the assets of one month-end;
//! - `set`: which of them a study asks for.
//!
//! To add one: its file, with its key, rules and test, and a line in the list of `set`.
//!
//! ```
//! use walkfolio_core::{Date, Market, Prices, Universe};
//! use walkfolio_estimate::features::{Feature, History, Momentum};
//!
//! let dates = vec![
//!     Date::constant(2024, 1, 31),
//!     Date::constant(2024, 2, 29),
//!     Date::constant(2024, 3, 28),
//!     Date::constant(2024, 4, 1),
//! ];
//! let prices = [100.0, 110.0, 99.0, 120.0].map(Some).to_vec();
//! let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, vec![prices])?)?;
//! let past = market.before(3)?;
//! let history = History::new(&past);
//! // At the end of March the last month is skipped: ln(110 / 100).
//! let march = history.last()?;
//! let momentum = Momentum { months: 1 }.value(&march, 0)?.unwrap_or_default();
//! assert!((momentum - 0.095_310_179_804).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod correlation;
mod cross_section;
mod feature;
mod history;
mod momentum;
mod regime;
mod set;
mod signal;
mod standardize;
mod volatility;

pub use correlation::{Correlation, CorrelationDays};
pub use cross_section::{cross_section, need};
pub use feature::{Feature, FeatureKey};
pub use history::{History, MonthEnd};
pub use momentum::{Momentum, MomentumMonths};
pub use regime::RegimeFeatures;
pub use set::FeatureSet;
pub use signal::{ExtraFeature, ExtraFeatures, Signal, Transform};
pub use standardize::Standardize;
pub(crate) use standardize::z_scores;
pub use volatility::{Volatility, VolatilityDays};
