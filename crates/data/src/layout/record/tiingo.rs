//! Tiingo's end-of-day CSV.

use super::vendor::{Field, Vendor, has};
use crate::series::Basis;

/// Closes as traded, next to adjusted ones; events are there, too.
pub(super) const TIINGO: Vendor = Vendor {
    format: Some("Tiingo CSV"),
    wrote: |names| has(names, "divcash") && has(names, "splitfactor"),
    basis: Some(Basis::Raw),
    epoch: false,
    names: &[(Field::Dividend, &["divcash"]), (Field::Split, &["splitfactor"])],
    unused: &["adjhigh", "adjlow", "adjopen", "adjvolume"],
};
