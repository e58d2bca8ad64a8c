//! Brokers whose exports are recognized.

/// Whose layout a file of holdings has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broker {
    /// Interactive Brokers, an activity statement or a flex query.
    InteractiveBrokers,
    /// Charles Schwab.
    Schwab,
    /// Fidelity.
    Fidelity,
    /// Columns of plain names.
    Plain,
}

impl Broker {
    /// The name in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InteractiveBrokers => "Interactive Brokers",
            Self::Schwab => "Schwab",
            Self::Fidelity => "Fidelity",
            Self::Plain => "plain",
        }
    }
}
