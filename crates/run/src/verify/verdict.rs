//! How the check of one decision ends.

/// Relative difference up to which two objectives count as the same.
pub(super) const SAME: f64 = 1e-6;

/// What is said of a decision in which nothing is wrong.
///
/// # Examples
/// See [`confirm`](crate::confirm).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Another method finds the same objective; the relative distance of the two.
    Confirmed(f64),
    /// A fallback of the study made it.
    Fallback,
    /// It is feasible, and no other method can say more, or one finds better within its stated gap.
    Unconfirmed,
}
