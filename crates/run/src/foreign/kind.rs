//! What the numbers of a series are.

/// What the numbers of a series are.
///
/// # Examples
/// ```
/// use walkfolio_run::foreign::Kind;
///
/// assert_eq!(Kind::from_word("equity"), Some(Kind::Prices));
/// assert_eq!(Kind::Percent.as_str(), "returns in percent");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Simple returns as fractions: 0.01 is 1 %.
    Returns,
    /// Simple returns in percent.
    Percent,
    /// Prices, or the values of an equity curve.
    Prices,
}

impl Kind {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Returns => "returns as fractions",
            Self::Percent => "returns in percent",
            Self::Prices => "prices",
        }
    }

    /// The kind that a word names: `returns`, `percent`, `prices` or `equity`.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "returns" => Self::Returns,
            "percent" => Self::Percent,
            "prices" | "equity" => Self::Prices,
            _ => return None,
        })
    }

    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Returns => "lose at most everything: they are -1 or more",
            Self::Percent => "lose at most everything: they are -100 or more",
            Self::Prices => "are above zero",
        }
    }
}
