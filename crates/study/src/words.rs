//! What an optimization says of a failure, in the words of a study.

use walkfolio_core::{Error, Interrupt, Result};
use walkfolio_optimize::{Error as SolveError, Part};

/// Whether all of what was made just now counts: what a raised flag has cut short must not be kept.
///
/// # Errors
/// [`Error::Interrupted`] if the flag is raised.
pub(crate) fn heard(interrupt: &Interrupt) -> Result<()> {
    if interrupt.is_raised() { Err(Error::Interrupted) } else { Ok(()) }
}

/// A failure of a policy, its hint with the keys of the study.
pub(crate) fn policy(error: SolveError) -> Error {
    let hint = match &error {
        SolveError::Replicable => Some(
            "set allocate.objective.tev_floor = 0.02, or lengthen the covariance's window"
                .to_owned(),
        ),
        SolveError::Infeasible(conflict)
            if conflict.relaxations.iter().any(|change| change.part == Part::Max) =>
        {
            let raise = ", or set when_too_tight = \"raise\" in allocate.bounds";
            // Only a maximum weight alone, too low for the assets there are, is raised.
            let alone = conflict
                .members
                .iter()
                .all(|member| member.sum.is_some() || member.part == Part::Budget);
            conflict.hint().map(|hint| if alone { hint + raise } else { hint })
        }
        SolveError::Excluded { .. } => Some(
            "widen the constraint, or take the nearest portfolio that satisfies all with \
             allocate.fallbacks = [\"relax\"]"
                .to_owned(),
        ),
        SolveError::OffFrontier { .. } => {
            let relax = ", which the fallback \"relax\" of allocate.fallbacks takes";
            error.hint().map(|hint| hint + relax)
        }
        other => other.hint(),
    };
    match error {
        SolveError::Core(error) => error,
        SolveError::Interrupted => Error::Interrupted,
        SolveError::Infeasible(conflict) => {
            let message = conflict.to_string();
            Error::Infeasible { message, hint, conflict: Box::new(conflict.as_ref().into()) }
        }
        error => Error::Policy { message: error.to_string(), hint },
    }
}
