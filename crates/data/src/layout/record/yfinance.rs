//! What yfinance writes of one ticker with `auto_adjust`.

use super::vendor::{Field, Vendor, has};
use crate::series::Basis;

/// The adjusted close is left out when the close is adjusted itself.
pub(super) const YFINANCE: Vendor = Vendor {
    format: None,
    wrote: |names| has(names, "stock splits"),
    basis: Some(Basis::TotalReturn),
    epoch: false,
    names: &[(Field::Split, &["stock splits"])],
    unused: &["repaired?"],
};
