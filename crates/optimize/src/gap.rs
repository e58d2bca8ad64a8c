//! The relative gap.

/// How far a bound is from an objective, as a part of `size`: the objective's own size, or that of
/// the terms it is made of where these nearly cancel.
pub(crate) fn relative(objective: f64, bound: f64, size: f64) -> f64 {
    (objective - bound).abs() / size
}
