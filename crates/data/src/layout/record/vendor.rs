//! What a vendor calls the columns of a price record, and what its closes contain.

use crate::series::Basis;

/// A field of a price record that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Date,
    Time,
    Ticker,
    Close,
    Adjusted,
    Volume,
    Dividend,
    Split,
    Delisting,
}

impl Field {
    /// Every field, in the order in which they are checked.
    pub(super) const ALL: [Self; 9] = [
        Self::Date,
        Self::Time,
        Self::Ticker,
        Self::Close,
        Self::Adjusted,
        Self::Volume,
        Self::Dividend,
        Self::Split,
        Self::Delisting,
    ];

    /// What it is called in messages.
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::Ticker => "ticker",
            Self::Close => "close",
            Self::Adjusted => "adjusted close",
            Self::Volume => "volume",
            Self::Dividend => "dividend",
            Self::Split => "split",
            Self::Delisting => "delisting return",
        }
    }
}

/// A vendor whose files are recognized by their columns.
#[derive(Debug)]
pub(super) struct Vendor {
    /// How its files are called in a run's record, if they have a name of their own.
    pub(super) format: Option<&'static str>,
    /// Whether it wrote a file with columns of these names.
    pub(super) wrote: fn(&[String]) -> bool,
    /// What its closes contain, if that is known.
    pub(super) basis: Option<Basis>,
    /// Whether its dates are seconds or milliseconds since 1970.
    pub(super) epoch: bool,
    /// Names of fields that no other vendor uses, in lower case.
    pub(super) names: &'static [(Field, &'static [&'static str])],
    /// Columns that are not read, in lower case.
    pub(super) unused: &'static [&'static str],
}

/// Whether a file has a column, whatever the case of its name.
pub(super) fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|own| own.trim().to_lowercase() == name)
}
