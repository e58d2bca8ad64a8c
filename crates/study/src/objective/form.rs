//! What a study knows of an objective.

use walkfolio_core::{Covariance, Error, Faults, Memory, Need, Note, Past, Result, View};
use walkfolio_estimate::tracking::Basket;
use walkfolio_estimate::{Estimators, Scale, Units};
use walkfolio_optimize::{Constraint, Error as SolveError, FrontierPoint, Objective};

use crate::words;

/// What kind of function of the weights an objective is: what may be combined with it depends on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Quadratic: rules about holdings are kept exactly.
    Quadratic,
    /// Convex.
    Convex,
    /// A ratio of gain and risk or shares of risk, convex in a multiple of the weights: it does not say how much
    /// to invest.
    PerRisk,
    /// One portfolio, whatever the constraints are: they are checked.
    OnePortfolio,
    /// A portfolio of the efficient frontier, whose corners are those of linear constraints.
    Frontier,
    /// A function whose maximum has a proof of its own: it has neither limits of absolute values nor of risk.
    Certified,
}

/// What an objective needs to know of the rest of its study.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The names of the study's assets, in their order.
    pub assets: Vec<String>,
    /// The name of the benchmark.
    pub benchmark: Option<String>,
    /// How moments are estimated.
    pub estimators: Option<Estimators>,
    /// The unit of moments.
    pub units: Units,
    /// The number of periods in a year, once the study is on its market.
    pub periods_per_year: Option<f64>,
    /// The smallest and largest weight of an asset without bounds of its own.
    pub bounds: (f64, f64),
    /// The names of the assets with bounds of their own.
    pub bounded: Vec<String>,
    /// The smallest and largest weight of each asset when all may be held; none where the assets are
    /// not named.
    pub ranges: Vec<(f64, f64)>,
    /// Whether there are factors.
    pub has_factors: bool,
    /// What kind of function the objective is.
    pub shape: Shape,
    /// The smallest and largest sum of the weights.
    pub net: (f64, f64),
    /// Whether rules about holdings are kept exactly, by a search.
    pub searches: bool,
    /// Rows of returns that the objective itself needs.
    pub objective_rows: usize,
}

impl Setting {
    /// The number of periods in a year.
    ///
    /// # Errors
    /// [`Error::Absent`] before the study is on its market.
    pub(crate) fn periods_per_year(&self) -> Result<f64> {
        let (what, needed_by) = ("the number of periods in a year", "a study before `Study::on`");
        self.periods_per_year.ok_or(Error::Absent { what, needed_by })
    }

    /// In which units moments are.
    pub(crate) fn scale(&self) -> Result<Scale> {
        Ok(Scale { units: self.units, periods_per_year: self.periods_per_year()? })
    }

    /// Whether assets are named, and a name is none of theirs.
    pub(crate) fn lacks(&self, name: &str) -> bool {
        let all = self.assets.iter().any(|asset| asset == "*");
        !all && !self.assets.iter().any(|asset| asset == name)
    }

    /// The sums of the smallest and of the largest weights of the assets that a rule picks by name;
    /// `None` where the assets are not named.
    pub(crate) fn sums(&self, picks: impl Fn(&str) -> bool) -> Option<(f64, f64)> {
        let picked = self.assets.iter().zip(&self.ranges).filter(|(name, _)| picks(name));
        let add =
            |(min, max): (f64, f64), (_, range): (_, &(f64, f64))| (min + range.0, max + range.1);
        (!self.ranges.is_empty()).then(|| picked.fold((0.0, 0.0), add))
    }

    /// A name that is none of the study's assets.
    pub(crate) fn unknown_asset(&self, path: &str, name: &str, faults: &mut Faults) {
        let hint = format!("one of: {}", self.assets.join(", "));
        faults.push(path, format!("{name} is not one of market.assets"), &hint);
    }
}

/// What is held when a decision is made, drifted to its time, as fractions of equity.
pub(crate) struct Current {
    /// Of the assets that may be held.
    pub held: Vec<f64>,
    /// The sum of absolute holdings of other assets: they are sold.
    pub sold: f64,
}

/// What one decision's objective is made of.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The study.
    pub setting: &'a Setting,
    /// What is known.
    pub past: &'a Past<'a>,
    /// The assets that may be held, by universe index.
    pub assets: &'a [usize],
    /// What is held.
    pub view: View<'a>,
    /// What every asset must have.
    pub need: Need,
}

impl<'a> Inputs<'a> {
    /// What is held of the assets, in shares of their sum; none before the first trade or where the study
    /// does not look at it.
    pub(crate) fn held(&self) -> Option<Vec<f64>> {
        let holdings = self.view.holdings().ok()?.values();
        let held = self.assets.iter().map(|&asset| holdings[asset]);
        let sum: f64 = held.clone().sum();
        (sum > 1e-9).then(|| held.map(|w| w / sum).collect())
    }

    /// What is held; none before the first trade.
    ///
    /// # Errors
    /// If the study does not look at it.
    pub(crate) fn current(&self) -> Result<Option<Current>> {
        let holdings = self.view.holdings()?.values();
        if holdings.iter().all(|held| *held == 0.0) {
            return Ok(None);
        }
        let held: Vec<f64> = self.assets.iter().map(|&asset| holdings[asset]).collect();
        let others = (0..holdings.len()).filter(|asset| !self.assets.contains(asset));
        Ok(Some(Current { held, sold: others.map(|asset| holdings[asset].abs()).sum() }))
    }

    fn estimators(&self) -> Result<&'a Estimators> {
        self.setting.estimators.as_ref().ok_or_else(|| Error::Policy {
            message: "the study does not say how moments are estimated".to_owned(),
            hint: Some("add [estimate]".to_owned()),
        })
    }

    /// The covariance of the assets.
    ///
    /// # Errors
    /// If its window is not full, or it cannot be estimated from it.
    pub fn covariance(&self) -> Result<Covariance> {
        Ok(self.estimators()?.covariance(self.past, self.assets, self.setting.scale()?)?)
    }

    /// What a reader must know of the moments.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let estimators = self.setting.estimators.as_ref();
        estimators.map(|own| own.notes(self.past, self.assets)).unwrap_or_default()
    }

    /// The expected returns of the assets.
    ///
    /// # Errors
    /// As [`covariance`](Self::covariance).
    pub fn expected_returns(&self) -> Result<Vec<f64>> {
        let returns = self.estimators()?.expected_returns.as_ref();
        let returns = returns.ok_or_else(|| Error::Policy {
            message: "the study does not say how expected returns are estimated".to_owned(),
            hint: Some("add expected_returns to [estimate]".to_owned()),
        })?;
        Ok(returns.estimate(self.past, self.assets, self.setting.scale()?)?)
    }

    /// The names of the assets.
    pub(crate) fn names(&self) -> Vec<&'a str> {
        let tickers = self.past.universe().tickers();
        self.assets.iter().map(|&asset| tickers[asset].as_str()).collect()
    }

    /// An objective of these assets, its failures with their names.
    pub(crate) fn objective(
        &self,
        made: Result<impl Into<Objective>, SolveError>,
    ) -> Result<Objective> {
        made.map(Into::into).map_err(|error| match error {
            SolveError::NoRisk { asset } => Error::Policy {
                message: format!(
                    "{} has no variance over the window of the covariance, and the objective divides by risk",
                    self.names()[asset]
                ),
                hint: error.hint(),
            },
            error => words::policy(error),
        })
    }

    /// The position of an asset among those that may be held, by its name.
    pub fn position(&self, name: &str) -> Option<usize> {
        let tickers = self.past.universe().tickers();
        self.assets.iter().position(|&asset| tickers[asset].as_str() == name)
    }

    /// The position of the benchmark among the assets.
    ///
    /// # Errors
    /// If it is not one of them.
    pub fn benchmark(&self) -> Result<usize> {
        let benchmark = self.past.benchmark_asset();
        let among = |asset| self.assets.iter().position(|&other| other == asset);
        benchmark.and_then(among).ok_or_else(|| Error::Policy {
            message: "the benchmark is not among the eligible assets".to_owned(),
            hint: Some("start later, or supply earlier prices of the benchmark".to_owned()),
        })
    }
}

/// An objective as a study states it.
///
/// Paths of faults are those of the whole study.
pub trait ObjectiveForm {
    /// Finds what is wrong with it, alone and together with the rest of the study.
    fn validate(&self, setting: &Setting, faults: &mut Faults);

    /// Writes out defaults that depend on the rest of the study.
    fn complete(&mut self, _setting: &Setting) {}

    /// Whether `[estimate]` says where its moments come from.
    fn uses_moments(&self) -> bool {
        true
    }

    /// Whether expected returns are among them.
    fn uses_expected_returns(&self) -> bool {
        true
    }

    /// Whether a covariance that only tells assets apart will do, as where it groups them.
    fn takes_clustering_covariance(&self) -> bool {
        false
    }

    /// Rows of returns that it needs of each asset besides those of its moments.
    fn rows(&self) -> usize {
        0
    }

    /// What it remembers from one decision to the next.
    fn memory(&self) -> Memory {
        Memory::Chain
    }

    /// The objective of a decision.
    ///
    /// # Errors
    /// If a window is not full, or moments cannot be estimated from it.
    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective>;

    /// A constraint that is a part of it.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    fn constraint(&self, _inputs: &Inputs<'_>) -> Result<Option<Constraint>> {
        Ok(None)
    }

    /// What the ledger says of the weights of a decision, which of what it prepares are the best.
    fn note(&self, _objective: &Objective, _weights: &[f64]) -> Option<String> {
        None
    }

    /// Whether it has all that it needs, but for the factors.
    fn is_ready(&self, inputs: &Inputs<'_>) -> bool {
        let estimators = inputs.setting.estimators.as_ref();
        let returns = estimators.and_then(|estimators| estimators.expected_returns.as_ref());
        returns.is_none_or(|returns| returns.is_ready(inputs.past, inputs.assets))
    }

    /// The position of an asset that is among the others for its returns and may not be held.
    ///
    /// # Errors
    /// If it is not among them.
    fn never_held(&self, _inputs: &Inputs<'_>) -> Result<Option<usize>> {
        Ok(None)
    }

    /// What kind of function it is.
    fn shape(&self) -> Shape {
        Shape::Convex
    }

    /// Which portfolio of the efficient frontier of what it prepares, if it is one of these.
    ///
    /// # Errors
    /// Before the study is on its market.
    fn point(&self, _setting: &Setting) -> Result<Option<FrontierPoint>> {
        Ok(None)
    }

    /// Why it accepts no penalties on weights, and no costs of trading, if it does not.
    fn without_penalties(&self) -> Option<&'static str> {
        None
    }

    /// Whether it measures the mean of worst losses.
    fn measures_tail(&self) -> bool {
        false
    }

    /// What a reader must know of its settings, which are allowed.
    fn warning(&self) -> Option<String> {
        None
    }

    /// How far a proven bound may be from the value, where it says so.
    fn tolerance(&self) -> Option<f64> {
        None
    }

    /// Why it cannot be a member of an ensemble, if it cannot.
    fn no_member(&self) -> Option<&'static str> {
        None
    }

    /// Whether it is to track the benchmark.
    fn tracks(&self) -> bool {
        false
    }

    /// What the benchmark is known or believed to hold at the last known row, if it looks at that.
    fn basket(&self, _past: &Past<'_>) -> Option<Basket> {
        None
    }

    /// Whether reviews of the benchmark are described.
    fn has_reviews(&self) -> bool {
        false
    }

    /// Whether a review of the benchmark took effect at the last row.
    fn is_reviewed(&self, _past: &Past<'_>) -> bool {
        false
    }
}

/// The dotted path of a key of the objective.
pub(super) fn path(key: &str) -> String {
    format!("{OBJECTIVE}.{key}")
}

/// Why a ratio of return and risk has no penalties and no costs.
pub(super) const RATIO: &str =
    "has no place in a ratio, which does not depend on the size of a portfolio";

/// Why an objective that is one portfolio has no penalties and no costs.
pub(super) const ONE_PORTFOLIO: &str =
    "has no place next to an objective that is one portfolio, which they do not change";

/// Where a study states its objective.
pub(super) const OBJECTIVE: &str = "allocate.objective";
