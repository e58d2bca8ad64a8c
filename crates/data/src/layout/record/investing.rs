//! The exports of investing.com.

use super::vendor::{Field, Vendor, has};

/// Newest first, volumes abbreviated; it does not say what its closes contain.
pub(super) const INVESTING: Vendor = Vendor {
    format: Some("investing.com CSV"),
    wrote: |names| has(names, "vol.") && has(names, "change %"),
    basis: None,
    epoch: false,
    names: &[(Field::Volume, &["vol."])],
    unused: &["change %"],
};
