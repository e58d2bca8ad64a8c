//! What is asked of a decision.

use walkfolio_core::Date;

/// For which session a decision is asked, and how fresh the data must be.
///
/// # Examples
/// See [`Live`](crate::Live).
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// The session; by default the next one after the data.
    pub on: Option<Date>,
    /// The day of the clock, to which the age of the data is counted without `on`; none where it does not
    /// matter, as on simulated prices.
    pub today: Option<Date>,
    /// How many sessions may lie between the data and that day.
    pub max_age: usize,
    /// Whether to decide though the schedule does not ask for it.
    pub force: bool,
}

impl Default for Ask {
    /// For the session after the data, however old they are, if the schedule asks for it.
    fn default() -> Self {
        Self { on: None, today: None, max_age: 5, force: false }
    }
}
