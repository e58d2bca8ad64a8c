//! Constraints that exclude each other: the facts, and their words.

pub(crate) mod search;

use std::fmt;

use walkfolio_core::{Change, Infeasibility};

use crate::constraint::part::{Limits, Part};

/// One of the constraints in a conflict.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Error, Mandate, MinimumVariance, Part};
///
/// // Two assets of 40 % at most cannot sum to 100 %.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 0.4)?;
/// let Err(Error::Infeasible(conflict)) = mandate.solve() else { panic!("80 % is not 100 %") };
/// let member = &conflict.members[1];
/// assert_eq!((member.part, member.name.as_str()), (Part::Max, "maximum weight"));
/// assert_eq!(member.sum, Some(0.8));
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Which.
    pub part: Part,
    /// What it is called.
    pub name: String,
    /// It with its limits, in words.
    pub words: String,
    /// The sum of its limits over all assets, for the bounds.
    pub sum: Option<f64>,
}

/// A change of one constraint that would make the others possible.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Error, Mandate, MinimumVariance, Part};
///
/// // Two assets of 40 % at most cannot sum to 100 %: 50 % is the smallest limit that can.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 0.4)?;
/// let Err(Error::Infeasible(conflict)) = mandate.solve() else { panic!("80 % is not 100 %") };
/// let change = conflict.first_relaxation().unwrap();
/// assert_eq!(change.part, Part::Max);
/// assert!((change.limits.max.unwrap() - 0.5).abs() < 1e-6);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// The constraint.
    pub part: Part,
    /// Its new ends.
    pub limits: Limits,
    /// What to do, in words.
    pub advice: String,
}

/// A smallest set of constraints that no portfolio satisfies together.
///
/// Leaving out any one of them makes the rest possible.
///
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::{Error, Mandate, Objective, Part};
///
/// let returns = Matrix::from_rows(3, 2, vec![0.01, 0.02, -0.01, 0.0, 0.03, 0.01]);
/// let objective = Objective::tracking_error(&returns, &[0.01, -0.01, 0.02])?;
/// // Two assets of 40 % at most cannot sum to 100 %.
/// let Err(Error::Infeasible(conflict)) = Mandate::long_only(objective, 0.4)?.solve() else {
///     panic!("there is no such portfolio")
/// };
/// let parts: Vec<Part> = conflict.members.iter().map(|member| member.part).collect();
/// assert_eq!(parts, [Part::Budget, Part::Max]);
/// assert_eq!(conflict.hint().unwrap(), "raise maximum weight to at least 0.5");
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Number of assets.
    pub assets: usize,
    /// What the weights must sum to, if that is one number.
    pub budget: Option<f64>,
    /// The constraints in conflict.
    pub members: Vec<Member>,
    /// The closest change of each that resolves it, the others kept.
    pub relaxations: Vec<Relaxation>,
}

impl Conflict {
    /// The change to make first: of the constraints of the list, then of the largest weights, then
    /// of the smallest. `None` if no single change helps.
    pub fn first_relaxation(&self) -> Option<&Relaxation> {
        let rank = |change: &&Relaxation| match change.part {
            Part::Listed(at) => (0, at),
            Part::Max => (1, 0),
            Part::Min => (2, 0),
            Part::Budget => (3, 0),
        };
        self.relaxations.iter().min_by_key(rank)
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let changes: Vec<&str> =
            self.relaxations.iter().map(|change| change.advice.as_str()).collect();
        (!changes.is_empty()).then(|| changes.join(", or "))
    }
}

impl From<&Conflict> for Infeasibility {
    fn from(conflict: &Conflict) -> Self {
        let name = |part: Part| {
            let member = conflict.members.iter().find(|member| member.part == part);
            member.map_or_else(String::new, |member| member.name.clone())
        };
        let finite = |end: Option<f64>| end.filter(|end| end.is_finite());
        let change = |change: &Relaxation| Change {
            constraint: name(change.part),
            min: finite(change.limits.min),
            max: finite(change.limits.max),
            advice: change.advice.clone(),
        };
        Self {
            constraints: conflict.members.iter().map(|member| member.words.clone()).collect(),
            changes: conflict.relaxations.iter().map(change).collect(),
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.assets;
        if let (
            [Member { part: Part::Budget, .. }, Member { words, sum: Some(sum), .. }],
            Some(budget),
        ) = (&self.members[..], self.budget)
        {
            return write!(
                f,
                "no portfolio satisfies the constraints: {words} over {n} assets sums to {sum}, the weights must sum to {budget}"
            );
        }
        if let [Member { words, .. }] = &self.members[..] {
            return write!(f, "no portfolio of {n} assets satisfies {words}");
        }
        let words: Vec<&str> = self.members.iter().map(|member| member.words.as_str()).collect();
        let words = words.join(", ");
        write!(f, "no portfolio of {n} assets satisfies these together: {words}")
    }
}
