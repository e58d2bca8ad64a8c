//! Links of these pages.

use serde::Serialize;

/// A link of a page, relative to the server.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
}

impl Link {
    /// A link; the parts of the address must be encoded ([`encoded`](super::encoded)).
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}
