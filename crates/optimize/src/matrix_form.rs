//! Programs that are given as matrices.
//!
//! A study goes through an [`Optimizer`](crate::Optimizer). What is here is for those who already have
//! matrices or who judge the solver: `verify`, benchmarks and fuzz targets. [`Dense`] is the form of a
//! mandate. [`ActiveSet`] solves convex programs, [`RatioSolver`] information ratios with a
//! [`Certificate`] that [`verify_certificate`] checks, [`solve_sparse`] programs with rules about
//! holdings.

pub use crate::certificate::{
    Certificate, CertificateError, End, Inequality, Interval, verify_certificate,
};
pub use crate::kernel::subset::{
    Limit, NoSubset, RootBound, SMALLEST_HOLDING, SearchState, Sparse, SparseAnswer, Trading,
    solve_sparse,
};
pub use crate::kernel::{
    ActiveSet, Answer, Frontier, Kinks, Parametric, Program, Ratio, RatioAnswer, RatioSolver, Ray,
    Stop, Until, Utility,
};
pub use crate::optimizer::Dense;
