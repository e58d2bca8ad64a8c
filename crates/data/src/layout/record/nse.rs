//! The historical data of the National Stock Exchange of India.

use super::vendor::{Vendor, has};

/// Closes as traded; it ships no events.
pub(super) const NSE: Vendor = Vendor {
    format: Some("NSE CSV"),
    wrote: |names| has(names, "prev. close") && has(names, "ltp"),
    basis: None,
    epoch: false,
    names: &[],
    unused: &[
        "series",
        "prev. close",
        "ltp",
        "vwap",
        "52w h",
        "52w l",
        "value",
        "no of trades",
        "no. of trades",
    ],
};
