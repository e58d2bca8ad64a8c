//! Mandates by way of their cone program, with what the failure of a ratio means.

use walkfolio_core::Interrupt;
use walkfolio_core::linear::max_abs;

use super::by_cone;
use super::solved::Solved;
use crate::constraint::tidy;
use crate::mandate::Mandate;
use crate::objective::form::PerRisk;
use crate::solution::{Precision, Solution};
use crate::{Error, Result};

/// A gain of this part of the largest of an asset is rounding.
const NO_GAIN: f64 = 1e-9;

/// Finds the portfolio that a mandate asks for with Clarabel.
///
/// # Errors
/// [`Error::Infeasible`] with the conflict, [`Error::Unbounded`], [`Error::Stopped`] if the solver
/// gave up, [`Error::Invalid`] for a mandate that is no cone program.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Mandate, Objective, Precision, solve};
///
/// let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
/// let objective = Objective::tracking_error(&returns, &returns.times(&[0.6, 0.4]))?;
/// let solution = solve(&Mandate::long_only(objective, 1.0)?, Precision::Full)?;
/// assert!((solution.weights[0] - 0.6).abs() < 1e-6);
/// assert_eq!(solution.report.solver, "clarabel");
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
pub fn solve(mandate: &Mandate, precision: Precision) -> Result<Solution> {
    solved(mandate, precision, &Interrupt::default()).map(|solved| solved.solution)
}

/// As [`solve`], with a flag that is looked at once an iteration.
///
/// # Errors
/// As [`solve`], and [`Error::Interrupted`].
pub(super) fn solved(
    mandate: &Mandate,
    precision: Precision,
    interrupt: &Interrupt,
) -> Result<Solved> {
    by_cone::solved(mandate, precision, interrupt).map_err(|error| match error {
        Error::Infeasible(_) | Error::Stopped { .. } => {
            without_gain(mandate, interrupt).unwrap_or(error)
        }
        error => error,
    })
}

/// Why a ratio has no largest value where its program is infeasible: no portfolio has a gain, or there is none
/// at all.
fn without_gain(mandate: &Mandate, interrupt: &Interrupt) -> Option<Error> {
    let PerRisk { gain, called, .. } = mandate.objective().as_dyn().per_risk()?;
    let most = mandate.at_ratio(0.0)?;
    let largest = match solved(&most, Precision::Full, interrupt) {
        Ok(solved) => tidy(most.value(&solved.solution.weights)),
        Err(error) => return Some(error),
    };
    let is_none = largest <= NO_GAIN * max_abs(gain);
    is_none.then_some(Error::NoGain { gain: called, largest })
}
