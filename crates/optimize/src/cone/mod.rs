//! Cone programs: their form, mandates in that form, and the solver.

pub(crate) mod clarabel;
pub(crate) mod lower;
pub(crate) mod program;
