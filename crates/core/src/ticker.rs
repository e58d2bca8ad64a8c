//! The name of an asset.

use std::fmt;
use std::sync::Arc;

/// The name of an asset, as its exchange writes it.
///
/// At most 64 characters that are printed, without blanks around them; [`Ticker::new`] checks it. As
/// part of a file's name it is escaped, see [`Ticker::file_name`].
///
/// # Examples
/// ```
/// use walkfolio_core::Ticker;
///
/// assert_eq!(Ticker::new("BRK-B")?.as_str(), "BRK-B");
/// assert_eq!(Ticker::new("BTC/USD")?.as_str(), "BTC/USD");
/// assert!(Ticker::new("A\tB").is_err());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticker(pub(crate) Arc<str>);

impl Ticker {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
