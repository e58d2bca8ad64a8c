//! The daily aggregates of Polygon and the bars of Alpaca.

use super::vendor::{Vendor, has};

/// Whether closes contain splits depends on how they were asked for.
pub(super) const POLYGON: Vendor = Vendor {
    format: None,
    wrote: |names| has(names, "window_start") || (has(names, "trade_count") && has(names, "vwap")),
    basis: None,
    epoch: true,
    names: &[],
    unused: &["vwap", "trade_count", "transactions", "otc"],
};
