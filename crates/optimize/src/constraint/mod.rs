//! What a portfolio must satisfy: one constraint a file.
//!
//! The budget and the bounds of each asset belong to every mandate; the others are a list. To add
//! one: its file and a line in the list below.

mod beta;
pub(crate) mod bounds;
mod budget;
mod exposure;
mod gross_leverage;
mod group;
mod holdings;
pub(crate) mod part;
mod risk_cap;
pub(crate) mod rule;
mod turnover;

use crate::choices::choices;
use crate::{Error, Result};
pub use beta::Beta;
use bounds::{Lower, Upper};
use budget::Budget;
pub use exposure::Exposure;
pub use gross_leverage::GrossLeverage;
pub use group::Group;
pub use holdings::Holdings;
pub use part::{Limits, Part};
pub use risk_cap::RiskCap;
pub(crate) use rule::tidy;
use rule::{Absolute, Deviation, Row, Rule};
pub use turnover::Turnover;

choices! {
    /// A constraint beside the budget and the bounds.
    Constraint: Rule {
        /// The range of the portfolio's beta.
        Beta,
        /// The range of the exposure to a factor.
        Exposure,
        /// The sum of the weights of some assets.
        Group,
        /// The largest sum of absolute weights.
        GrossLeverage,
        /// How much may be traded.
        Turnover,
        /// The largest volatility, or tracking error.
        RiskCap,
        /// How many assets are held, and how much of each at least.
        Holdings,
    }
}

impl Constraint {
    /// The rules about holdings, which a search of their own keeps, if these are it.
    fn as_holdings(&self) -> Option<Holdings> {
        if let Self::Holdings(holdings) = self { Some(*holdings) } else { None }
    }
}

/// What a portfolio must satisfy: a budget, bounds of each asset, and further constraints.
///
/// # Shape and units
/// Weights are fractions of equity, one bound below and one above for each of `N` assets. Owning one
/// proves that sizes agree and numbers are finite, not that a portfolio satisfies it.
/// # Examples
/// ```
/// use walkfolio_optimize::Constraints;
///
/// let constraints = Constraints::long_only(3, 0.5)?;
/// assert_eq!(constraints.violation(&[0.5, 0.5, 0.0]), 0.0);
/// assert!((constraints.violation(&[0.6, 0.4, 0.0]) - 0.1).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Constraints {
    budget: Budget,
    lower: Lower,
    upper: Upper,
    list: Vec<Constraint>,
}

impl Constraints {
    /// Fully invested, no short positions, at most `cap` in one asset.
    ///
    /// # Errors
    /// [`Error::Invalid`] without assets, or for a cap that is not finite.
    pub fn long_only(assets: usize, cap: f64) -> Result<Self> {
        Self::between(vec![0.0; assets], vec![cap; assets])
    }

    /// Fully invested, each weight between its bounds.
    ///
    /// # Errors
    /// [`Error::Invalid`] without assets, for another number of lower than of upper bounds, or for
    /// one that is not finite. A lower bound above its upper one is a conflict of the solve.
    pub fn between(min: Vec<f64>, max: Vec<f64>) -> Result<Self> {
        if min.is_empty() || min.len() != max.len() {
            let what = format!("{} lower and {} upper bounds", min.len(), max.len());
            return Err(Error::Invalid(what));
        }
        let n = min.len();
        let lower = Lower { name: "minimum weight".to_owned(), values: min };
        let upper = Upper { name: "maximum weight".to_owned(), values: max };
        lower.check(n)?;
        upper.check(n)?;
        Ok(Self { budget: Budget::fixed(1.0), lower, upper, list: Vec::new() })
    }

    /// With weights that sum to `budget`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is not finite.
    pub fn with_budget(mut self, budget: f64) -> Result<Self> {
        self.budget = Budget::fixed(budget);
        self.budget.check(self.assets())?;
        Ok(self)
    }

    /// With weights whose sum, the net leverage, is in a range: what is not invested is cash, what exceeds 1 is
    /// borrowed.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that is not finite, or an empty range.
    /// # Examples
    /// ```
    /// use walkfolio_optimize::Constraints;
    ///
    /// let constraints = Constraints::long_only(2, 1.0)?.with_net_leverage(0.5, 1.0)?;
    /// assert!(constraints.violation(&[0.4, 0.3]) <= 0.0);
    /// assert!((constraints.violation(&[0.2, 0.1]) - 0.2).abs() < 1e-15);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn with_net_leverage(mut self, min: f64, max: f64) -> Result<Self> {
        self.budget =
            if min == max { Budget::fixed(min) } else { Budget::range(min, max, self.assets()) };
        self.budget.check(self.assets())?;
        Ok(self)
    }

    /// With a sum of weights that is called so in messages.
    #[must_use]
    pub fn with_net_leverage_named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.budget.name);
        self
    }

    /// With one more constraint.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it belongs to another number of assets, or for a second set of rules
    /// about holdings.
    pub fn with(mut self, constraint: impl Into<Constraint>) -> Result<Self> {
        let constraint = constraint.into();
        let rule = constraint.as_dyn();
        rule.check(self.assets())?;
        if !rule.is_convex() && self.holdings().any() {
            return Err(Error::Invalid("two sets of rules about holdings".to_owned()));
        }
        self.list.push(constraint);
        Ok(self)
    }

    /// With other bounds of each asset, all else the same.
    ///
    /// # Errors
    /// As [`between`](Self::between).
    pub fn with_bounds(self, min: Vec<f64>, max: Vec<f64>) -> Result<Self> {
        let Self { lower, upper, .. } = Self::between(min, max)?;
        let (lower, upper) = (lower.values, upper.values);
        if lower.len() != self.assets() {
            let what = format!("{} bounds for {} assets", lower.len(), self.assets());
            return Err(Error::Invalid(what));
        }
        let lower = Lower { values: lower, ..self.lower };
        let upper = Upper { values: upper, ..self.upper };
        Ok(Self { lower, upper, ..self })
    }

    /// With bounds that are called so in messages.
    #[must_use]
    pub fn with_bounds_named(mut self, min: &str, max: &str) -> Self {
        min.clone_into(&mut self.lower.name);
        max.clone_into(&mut self.upper.name);
        self
    }

    /// Without rules about holdings.
    #[must_use]
    pub fn without_holdings(mut self) -> Self {
        self.list.retain(|constraint| constraint.as_dyn().is_convex());
        self
    }

    /// Number of assets.
    pub fn assets(&self) -> usize {
        self.lower.values.len()
    }

    /// `sum w`; of a range of sums the one nearest to 1.
    pub fn budget(&self) -> f64 {
        self.budget.total().unwrap_or_else(|| 1.0_f64.clamp(self.budget.min, self.budget.max))
    }

    /// The smallest and largest `sum w`.
    pub fn net_leverage(&self) -> (f64, f64) {
        (self.budget.min, self.budget.max)
    }

    /// Whether a range of sums leaves open how much is invested.
    pub(crate) fn has_open_sum(&self) -> bool {
        self.budget.total().is_none()
    }

    /// The smallest weight of each asset.
    pub fn min(&self) -> &[f64] {
        &self.lower.values
    }

    /// The largest weight of each asset.
    pub fn max(&self) -> &[f64] {
        &self.upper.values
    }

    /// The smallest and largest weight of each asset.
    pub fn bounds(&self) -> impl Iterator<Item = (f64, f64)> {
        self.min().iter().copied().zip(self.max().iter().copied())
    }

    /// The constraints beside the budget and the bounds.
    pub fn list(&self) -> &[Constraint] {
        &self.list
    }

    /// The rules about holdings; none by default.
    pub fn holdings(&self) -> Holdings {
        self.list.iter().find_map(Constraint::as_holdings).unwrap_or_default()
    }

    /// The limits of sums of absolute values: of those from the same point the smallest.
    pub(crate) fn absolutes(&self) -> Vec<Absolute<'_>> {
        let mut all: Vec<Absolute<'_>> = Vec::new();
        for limit in self.rules().filter_map(Rule::absolute) {
            match all.iter_mut().find(|other| other.from == limit.from) {
                Some(other) => other.max = other.max.min(limit.max),
                None => all.push(limit),
            }
        }
        all
    }

    /// The limits of risks.
    pub(crate) fn deviations(&self) -> impl Iterator<Item = Deviation<'_>> {
        self.rules().filter_map(Rule::deviation)
    }

    /// How far some weights are outside of the constraint that they violate most, each in its own
    /// unit; at most 0 if they satisfy all.
    ///
    /// # Panics
    /// If there is not one weight for each asset.
    pub fn violation(&self, w: &[f64]) -> f64 {
        assert_eq!(w.len(), self.assets(), "one weight for each asset");
        let parts: [&dyn Rule; 3] = [&self.budget, &self.lower, &self.upper];
        let all = parts.into_iter().chain(self.rules());
        all.map(|rule| rule.violation(w)).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The constraint of the list that some weights violate by more than `tolerance`, in words with
    /// by how much.
    pub fn violated(&self, w: &[f64], tolerance: f64) -> Option<(String, f64)> {
        let mut found = self.rules().map(|rule| (rule, rule.violation(w)));
        found.find(|(_, by)| *by > tolerance).map(|(rule, by)| (rule.words(), by))
    }

    /// The first constraint, bounds included, that some weights violate by more than `tolerance`, in words with by
    /// how much.
    pub(crate) fn first_violated(&self, w: &[f64], tolerance: f64) -> Option<(String, f64)> {
        let bounds: [&dyn Rule; 2] = [&self.lower, &self.upper];
        let mut found = bounds.into_iter().chain(self.rules());
        let (rule, by) = found.find_map(|rule| {
            let by = rule.violation(w);
            (by > tolerance).then_some((rule, by))
        })?;
        Some((rule.words(), by))
    }

    /// The constraints of the list.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &dyn Rule> {
        self.list.iter().map(Constraint::as_dyn)
    }

    /// The rows beside the budget, with their positions in the list.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, Row<'_>)> {
        self.rules().enumerate().filter_map(|(at, rule)| Some((at, rule.row()?)))
    }

    /// A part of it.
    pub(crate) fn rule(&self, part: Part) -> &dyn Rule {
        match part {
            Part::Budget => &self.budget,
            Part::Min => &self.lower,
            Part::Max => &self.upper,
            Part::Listed(at) => self.list[at].as_dyn(),
        }
    }

    /// The parts that a cone program has.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let listed = self.rules().enumerate().filter(|(_, rule)| rule.is_convex());
        let fixed = [Part::Budget, Part::Min, Part::Max];
        fixed.into_iter().chain(listed.map(|(at, _)| Part::Listed(at))).collect()
    }

    /// With one part widened to some limits and slightly beyond, as a
    /// [`Relaxation`](crate::Relaxation) states them.
    #[must_use]
    pub fn widened(&self, part: Part, limits: Limits) -> Self {
        let mut wider = self.clone();
        match part {
            Part::Budget => wider.budget.widen(limits),
            Part::Min => wider.lower.widen(limits),
            Part::Max => wider.upper.widen(limits),
            Part::Listed(at) => wider.list[at].as_dyn_mut().widen(limits),
        }
        wider
    }
}
