//! The mean of several objectives' portfolios.

use super::form::{AsForm, Form};
use super::given::Given;
use super::nearest::Nearest;
use crate::constraint::Constraint;
use crate::{Error, Result};

/// The mean of the portfolios of several objectives, each the best under all constraints.
///
/// The constraints are convex, so the mean satisfies them, too. The value that is reported is the mean of the
/// members' values at it, with a minus sign where larger is better: no portfolio is the best of that, and there
/// is no bound. Rules about holdings do not combine with it.
///
/// # Shape and units
/// All members are of the same `N` assets; shares are in proportion to each other.
/// # Source
/// Tu & Zhou (2011), Markowitz meets Talmud: a combination of sophisticated and naive diversification
/// strategies.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Ensemble, EqualWeight, Mandate, MinimumVariance};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// // 1/5 of the first has the least variance, 1/2 is equal: the mean is 0.35.
/// let (least, equal) = (MinimumVariance::new(covariance)?, EqualWeight::new(2)?);
/// let ensemble = Ensemble::new(vec![(least.into(), 1.0), (equal.into(), 1.0)])?;
/// let solution = Mandate::long_only(ensemble, 1.0)?.solve()?;
/// assert!((solution.weights[0] - 0.35).abs() < 1e-12);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EnsembleOf<O> {
    members: Vec<(O, f64)>,
    /// A constraint of a member's own.
    own: Vec<(usize, Constraint)>,
}

impl<O> EnsembleOf<O> {
    pub(super) fn of(mut members: Vec<(O, f64)>) -> Result<Self>
    where
        O: AsForm,
    {
        let assets = members.first().map_or(0, |(objective, _)| objective.as_form().assets());
        if assets == 0
            || members.iter().any(|(objective, _)| objective.as_form().assets() != assets)
        {
            let what = "the members of an ensemble are not of the same assets";
            return Err(Error::Invalid(what.to_owned()));
        }
        if members.iter().any(|(_, share)| !(share.is_finite() && *share > 0.0)) {
            let what = "a share of an ensemble is not a number above 0";
            return Err(Error::Invalid(what.to_owned()));
        }
        let sum: f64 = members.iter().map(|(_, share)| share).sum();
        for (_, share) in &mut members {
            *share /= sum;
        }
        Ok(Self { members, own: Vec::new() })
    }

    /// With a constraint that one of its members, by position, has alone.
    #[must_use]
    pub fn with_constraint(mut self, member: usize, own: Constraint) -> Self {
        self.own.push((member, own));
        self
    }

    /// Each member with its share of the mean and its own constraints.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&O, f64, Vec<&Constraint>)> {
        self.members.iter().enumerate().map(|(at, (objective, share))| {
            let own = self.own.iter().filter(|(of, _)| *of == at).map(|(_, own)| own);
            (objective, *share, own.collect())
        })
    }

    /// With the nearest portfolio in the place of each member that is one portfolio.
    pub(crate) fn with_nearest(mut self, near: impl Fn(&Given) -> Result<Nearest>) -> Result<Self>
    where
        O: AsForm + From<Nearest>,
    {
        for (objective, _) in &mut self.members {
            if let Some(given) = objective.as_form().given() {
                *objective = near(given)?.into();
            }
        }
        Ok(self)
    }
}

impl<O: AsForm> Form for EnsembleOf<O> {
    fn assets(&self) -> usize {
        self.members[0].0.as_form().assets()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        let member = |(objective, share): &(O, f64)| {
            let sign = if objective.as_form().is_minimized() { 1.0 } else { -1.0 };
            sign * share * objective.as_form().value(w)
        };
        self.members.iter().map(member).sum()
    }

    fn is_cone(&self) -> bool {
        false
    }

    fn is_snapped(&self) -> bool {
        false
    }
}
