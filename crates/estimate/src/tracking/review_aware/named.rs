//! Assets that keys name.

use walkfolio_core::Past;

use crate::{Error, Result};

/// The universe index of a name.
pub(super) fn column(past: &Past<'_>, name: &str) -> Result<usize> {
    let unknown = || Error::UnknownAsset { name: name.to_owned() };
    past.universe().position(name).ok_or_else(unknown)
}
