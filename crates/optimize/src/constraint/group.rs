//! The sum of the weights of some assets, such as a sector's.

use super::part::Limits;
use super::rule::{Row, Rule, down, up, widen_row};
use crate::{Error, Result};

/// `min <= sum of w_i over a group <= max`, either end or both.
///
/// # Shape and units
/// Fractions of equity; the group's assets by their positions in the mandate.
/// # Source
/// Grinold & Kahn (2000), Active Portfolio Management, ch. 14.
/// # Examples
/// ```
/// use walkfolio_optimize::{Constraints, Group};
///
/// let tech = Group::new("tech", 3, &[0, 2])?.at_most(0.4)?;
/// let constraints = Constraints::long_only(3, 1.0)?.with(tech)?;
/// // 0.3 + 0.2 is 0.1 above 0.4.
/// assert!((constraints.violation(&[0.3, 0.5, 0.2]) - 0.1).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    name: String,
    /// 1 for its assets, 0 for the others.
    members: Vec<f64>,
    min: f64,
    max: f64,
}

impl Group {
    /// Some of `assets` assets under a name, without limits yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a group without assets, or an asset that is not there or there twice.
    pub fn new(name: &str, assets: usize, group: &[usize]) -> Result<Self> {
        let mut members = vec![0.0; assets];
        for &asset in group {
            match members.get_mut(asset) {
                Some(member) if *member == 0.0 => *member = 1.0,
                Some(_) => return invalid(format!("group {name} has an asset twice")),
                None => return invalid(format!("group {name} has an asset that is not there")),
            }
        }
        if group.is_empty() {
            return invalid(format!("group {name} has no assets"));
        }
        let (min, max) = (f64::NEG_INFINITY, f64::INFINITY);
        Ok(Self { name: format!("group {name}"), members, min, max })
    }

    /// With a smallest sum of weights.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is above the largest sum, or no number.
    pub fn at_least(self, min: f64) -> Result<Self> {
        Self { min, ..self }.checked()
    }

    /// With a largest sum of weights.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is below the smallest sum, or no number.
    pub fn at_most(self, max: f64) -> Result<Self> {
        Self { max, ..self }.checked()
    }

    fn checked(self) -> Result<Self> {
        self.check(self.members.len())?;
        Ok(self)
    }
}

impl Rule for Group {
    fn name(&self) -> &str {
        &self.name
    }

    fn row(&self) -> Option<Row<'_>> {
        Some(Row { coefficients: &self.members, min: self.min, max: self.max })
    }

    fn widen(&mut self, limits: Limits) {
        widen_row(&mut self.min, &mut self.max, limits);
    }

    fn advice(&self, limits: Limits) -> String {
        let name = &self.name;
        match (limits.min, limits.max) {
            (Some(min), _) if min < self.min => {
                format!("lower the minimum of {name} to at most {}", down(min))
            }
            (_, Some(max)) => format!("raise the maximum of {name} to at least {}", up(max)),
            _ => String::new(),
        }
    }
}

fn invalid(what: String) -> Result<Group> {
    Err(Error::Invalid(what))
}
