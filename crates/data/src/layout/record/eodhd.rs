//! The end-of-day CSV of EODHD.

use super::vendor::{Field, Vendor, has};
use crate::series::Basis;

/// Closes as traded, next to adjusted ones.
pub(super) const EODHD: Vendor = Vendor {
    format: Some("EODHD CSV"),
    wrote: |names| has(names, "adjusted_close") && !has(names, "split_coefficient"),
    basis: Some(Basis::Raw),
    epoch: false,
    names: &[(Field::Ticker, &["code"])],
    unused: &["ex", "prev_close", "change", "change_p"],
};
