//! How the check of one decision ends.

/// Relative difference up to which two objectives count as the same.
pub(super) const SAME: f64 = 1e-6;

/// What is said of a decision that is as the ledger says.
pub(super) enum Verdict {
    /// Another method finds the same objective; the relative distance of the two.
    Confirmed(f64),
    /// A fallback made it: only the budget is checked.
    Fallback,
    /// It is feasible, and no other method can say more.
    Unconfirmed,
}
