//! Files and vendors to a checked market.
//!
//! [`load`] reads prices in the layouts that [`layout`] knows, or from a [`snapshot`], and the daily
//! factor files of Ken French's library; [`sample`] simulates a market that needs no file. Both
//! return a [`Loaded`]: the market, where it comes from, and what the reader of a run must know about
//! it. [`quality`] says whether a file is what it should be, and cleans it by the rules of a study.

mod account;
pub mod adjust;
mod archive;
mod asked;
mod benchmark;
mod blend;
mod calendar;
mod cells;
mod check;
mod currency;
mod dated_values;
mod dates;
mod dialect;
mod error;
mod factors;
pub mod fetch;
mod flows;
mod forecasts;
mod french;
mod horizon;
pub mod layout;
mod load;
mod loaded;
mod parquet_file;
mod point_in_time;
mod price_file;
pub mod quality;
mod quotes;
mod read;
mod request;
pub mod sample;
pub mod series;
mod sessions;
mod signals;
pub mod snapshot;
mod source;
mod table;
mod unchecked;
mod views;
mod volumes;

pub use account::{
    AccountBook, AccountHoldings, BookEntry, Broker, HeldPosition, Quantity, read_quotes,
};
pub use benchmark::BenchmarkFiles;
pub use blend::{Blend, Rebalanced};
pub use calendar::Calendar;
pub use currency::Currency;
pub use dates::read_dates;
pub use dialect::{CsvForm, DateOrder, Decimal, Delimiter};
pub use error::{Error, FactorError, FormError, QuoteError, Result, StepsError};
pub use factors::{
    FactorFile, FactorModel, FactorRequest, LoadedRate, Per, RiskFree, Unit, read_factors,
    read_risk_free,
};
pub use flows::{LoadedFlows, read_flows};
pub use forecasts::{ForecastRequest, read_forecasts, read_loadings};
pub use horizon::{Horizon, Later, Role};
pub use load::load;
pub use loaded::{AccountData, Loaded, SourceRecord};
pub use point_in_time::{Index, PointInTime, equal_weighted};
pub use quotes::{LoadedQuotes, QuoteBasis, QuoteRequest, Within, load_quotes};
pub use read::tickers;
pub use request::FileRequest;
pub use sessions::Sessions;
pub use signals::{LoadedSignal, SignalRequest, read_signal};
pub use table::Values;
pub use unchecked::{read_from, read_prices, read_request};
pub use views::{LoadedViews, ViewsRequest, read_views};
pub use volumes::VolumeFiles;
