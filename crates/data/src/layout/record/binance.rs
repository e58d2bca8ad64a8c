//! The klines of Binance, with a header or without one.

use super::vendor::{Vendor, has};
use crate::series::Basis;

/// Days are the milliseconds or microseconds since 1970 at which they open; a coin pays nothing.
pub(super) const BINANCE: Vendor = Vendor {
    format: Some("Binance CSV"),
    wrote: |names| {
        (has(names, "open_time") || has(names, "open time"))
            && (has(names, "close_time") || has(names, "close time"))
    },
    basis: Some(Basis::TotalReturn),
    epoch: true,
    names: &[],
    unused: &[],
};
