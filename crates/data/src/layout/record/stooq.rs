//! Stooq's CSV with Polish names, and its bulk files.

use super::vendor::{Field, Vendor, has};
use crate::series::Basis;

/// Its closes contain splits and dividends.
pub(super) const STOOQ: Vendor = Vendor {
    format: Some("Stooq CSV"),
    wrote: |names| has(names, "<per>") || has(names, "zamkniecie"),
    basis: Some(Basis::TotalReturn),
    epoch: false,
    names: &[(Field::Close, &["zamkniecie", "zamknięcie"]), (Field::Volume, &["wolumen"])],
    unused: &["otwarcie", "najwyzszy", "najwyższy", "najnizszy", "najniższy", "openint", "per"],
};
