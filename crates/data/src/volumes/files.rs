//! Where traded values come from.

use std::path::PathBuf;

/// Files of shares traded and of closes; what is not named is a column of the price files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VolumeFiles {
    /// Shares traded, by session.
    pub volumes: Option<PathBuf>,
    /// Closes in the shares of the volumes, without an adjustment for dividends.
    pub closes: Option<PathBuf>,
}
