//! What an optimization says of a failure, in the words of a study.

use walkfolio_core::Error;
use walkfolio_optimize::Error as SolveError;

/// A failure of a policy, its hint with the keys of the study.
pub(crate) fn policy(error: SolveError) -> Error {
    let hint = match &error {
        SolveError::Replicable => Some(
            "set allocate.objective.tev_floor = 0.02, or lengthen the covariance's window"
                .to_owned(),
        ),
        other => other.hint(),
    };
    match error {
        SolveError::Core(error) => error,
        error => Error::Policy { message: error.to_string(), hint },
    }
}
