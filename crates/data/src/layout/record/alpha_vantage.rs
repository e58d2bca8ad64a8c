//! Alpha Vantage's daily adjusted CSV.

use super::vendor::{Field, Vendor, has};
use crate::series::Basis;

/// Split coefficients are next to raw closes.
pub(super) const ALPHA_VANTAGE: Vendor = Vendor {
    format: Some("Alpha Vantage CSV"),
    wrote: |names| has(names, "split_coefficient"),
    basis: Some(Basis::Raw),
    epoch: false,
    names: &[(Field::Dividend, &["dividend_amount"]), (Field::Split, &["split_coefficient"])],
    unused: &[],
};
