//! Which of a mandate's constraints is meant.

/// A part of a mandate's constraints that can be left out of them or changed.
/// # Examples
/// ```
/// use walkfolio_optimize::Part;
///
/// // The third constraint of the list.
/// assert!(Part::Listed(2) > Part::Budget);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The weights sum to the budget.
    Budget,
    /// The smallest weight of each asset.
    Min,
    /// The largest weight of each asset.
    Max,
    /// A constraint of the list, by its position.
    Listed(usize),
}

/// New ends of a constraint: those that have to move for the others to be possible.
///
/// # Shape and units
/// Sums of weights, fractions of equity.
/// # Examples
/// See [`Relaxation`](crate::Relaxation).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// Its lower end.
    pub min: Option<f64>,
    /// Its upper end.
    pub max: Option<f64>,
}
