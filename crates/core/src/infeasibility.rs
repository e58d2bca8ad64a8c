//! What conflicts where a decision has no portfolio, as plain data.

/// A smallest set of constraints that no portfolio satisfies, and the smallest change of each that helps.
///
/// # Shape and units
/// Limits are in the unit of their constraint, as fractions.
/// # Examples
/// ```
/// use walkfolio_core::{Change, Error, Infeasibility};
///
/// let change = Change {
///     constraint: "bounds.max".to_owned(),
///     min: None,
///     max: Some(0.5),
///     advice: "raise bounds.max to at least 0.5".to_owned(),
/// };
/// let conflict = Infeasibility { constraints: vec!["bounds.max at most 0.4".to_owned()], changes: vec![change] };
/// let (message, hint) = ("two assets of 40 % are not 100 %".to_owned(), None);
/// let error = Error::Infeasible { message, hint, conflict: Box::new(conflict) };
/// assert_eq!(error.to_string(), "two assets of 40 % are not 100 %");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Infeasibility {
    /// The constraints with their limits, in words.
    pub constraints: Vec<String>,
    /// The changes, each of which makes the others possible.
    pub changes: Vec<Change>,
}

/// The smallest change of one constraint that makes the others possible.
/// # Examples
/// See [`Infeasibility`].
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What the constraint is called.
    pub constraint: String,
    /// Its new lower end, where that has to move.
    pub min: Option<f64>,
    /// Its new upper end, where that has to move.
    pub max: Option<f64>,
    /// What to do, in words.
    pub advice: String,
}
