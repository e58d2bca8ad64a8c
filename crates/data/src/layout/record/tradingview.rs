//! The chart export of `TradingView`.

use super::vendor::{Vendor, has};

/// Days are the seconds since 1970 at which they open; indicators follow the bar.
pub(super) const TRADINGVIEW: Vendor = Vendor {
    format: Some("TradingView CSV"),
    wrote: |names| {
        names.first().is_some_and(|name| name == "time")
            && ["open", "high", "low", "close"].iter().all(|name| has(names, name))
    },
    basis: None,
    epoch: true,
    names: &[],
    unused: &["volume ma", "volume sma"],
};
