//! Exports of Bloomberg and of Refinitiv.

use super::vendor::{Field, Vendor, has};

/// What closes contain depends on the terminal's settings.
pub(super) const BLOOMBERG: Vendor = Vendor {
    format: None,
    wrote: |names| has(names, "px_last") || has(names, "exchange date"),
    basis: None,
    epoch: false,
    names: &[
        (Field::Ticker, &["instrument", "ric", "security"]),
        (Field::Close, &["px_last", "last price", "price close", "close price"]),
        (Field::Volume, &["px_volume", "volume traded"]),
    ],
    unused: &[
        "px_open",
        "px_high",
        "px_low",
        "price open",
        "price high",
        "price low",
        "net",
        "%chg",
    ],
};
