//! The long tables of `FinRL`.

use super::vendor::{Field, Vendor, has};

/// It writes the adjusted close of Yahoo as close.
pub(super) const FINRL: Vendor = Vendor {
    format: Some("FinRL CSV"),
    wrote: |names| has(names, "tic") && has(names, "day"),
    basis: None,
    epoch: false,
    names: &[(Field::Ticker, &["tic"])],
    unused: &["day"],
};
