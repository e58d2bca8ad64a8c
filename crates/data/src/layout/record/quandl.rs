//! The WIKI prices of Quandl, a file a ticker or one table of all.

use super::vendor::{Field, Vendor, has};
use crate::series::Basis;

/// Closes as traded, next to adjusted ones; events are there, too.
pub(super) const QUANDL: Vendor = Vendor {
    format: Some("Quandl WIKI CSV"),
    wrote: |names| has(names, "ex-dividend"),
    basis: Some(Basis::Raw),
    epoch: false,
    names: &[(Field::Dividend, &["ex-dividend"]), (Field::Split, &["split ratio", "split_ratio"])],
    unused: &[
        "adj. open",
        "adj. high",
        "adj. low",
        "adj. volume",
        "adj_open",
        "adj_high",
        "adj_low",
        "adj_volume",
    ],
};
