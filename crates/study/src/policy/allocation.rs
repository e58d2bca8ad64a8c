//! From moments of the eligible assets to weights: estimate, optimize, tidy up.

use walkfolio_core::{
    Chain, Decision, Error, Memory, Need, Note, Past, Policy, Result, Selection, SolveReport,
    SolveStatus, View, Weights,
};
use walkfolio_estimate::Needs;
use walkfolio_optimize::{
    Constraints, Error as SolveError, Interruption, Mandate, Optimizer, Penalties, Settings,
};

use super::account_limits::AccountLimits;
use super::known::Known;
use super::problem::Problem;
use super::trading::Trading;
use crate::constraint::{Scaling, raised};
use crate::objective::{Inputs, Setting};
use crate::spec::{AllocateSpec, ExtraRebalance};
use crate::words;
use crate::{Config, Fallback};

/// Estimates moments from the past, solves the study's program on the eligible assets and applies
/// its rules for small weights and for failures.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// use walkfolio_study::{Allocation, Study};
///
/// let study = Study::parse("x.toml", r#"
/// name = "x"
/// market = { assets = ["XLK", "XLF"], benchmark = "SPY" }
/// walk_forward = { every = "month" }
///
/// [allocate]
/// objective = { kind = "tracking_error", window = 2 }
/// bounds = { min = 0.0, max = 0.4, when_too_tight = "raise" }
/// "#, &[])?;
/// # let dates: Vec<Date> = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let table = |names: &[&str], columns: &[[f64; 4]]| {
/// #     let columns = columns.iter().map(|column| column.map(Some).to_vec()).collect();
/// #     Prices::new(dates.clone(), Universe::new(names.iter().copied())?, columns)
/// # };
/// # let (up, down) = ([100.0, 110.0, 99.0, 99.0], [100.0, 100.0, 102.0, 102.0]);
/// # let market = Market::new(table(&["XLK", "XLF"], &[up, down])?)?
/// #     .with_benchmark(table(&["SPY"], &[up])?)?;
/// let allocation = Allocation::new(study.config());
/// let (past, mut notes) = (market.before(3)?, Vec::new());
/// let mandate = allocation.mandate(&past, &[0, 1], View::without_holdings(), &mut notes)?;
/// // Two assets of 40 % at most cannot sum to 1: the limit is raised, with a note.
/// assert_eq!(mandate.constraints().max(), [0.5, 0.5]);
/// assert_eq!(notes.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Allocation {
    pub(super) allocate: AllocateSpec,
    pub(super) setting: Setting,
    needs: Needs,
    pub(super) need: Need,
    pub(super) raise_cap: bool,
    pub(super) dropped_below: Option<f64>,
    fallbacks: Vec<Fallback>,
    pub(super) solver: Settings,
    penalties: Penalties,
    trading: Trading,
    at_reviews: bool,
}

/// Decisions that start from the last active set.
struct FromLast<'a> {
    allocation: &'a Allocation,
    optimizer: Optimizer,
}

impl Chain for FromLast<'_> {
    fn decide(&mut self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        self.allocation.decide_with(&mut self.optimizer, past, view)
    }
}

/// Weights that sum to less than this are none.
const EMPTY: f64 = 1e-9;

/// An empty portfolio is exactly that, and a warning.
fn without_noise(weights: Vec<f64>, notes: &mut Vec<Note>) -> Vec<f64> {
    if weights.iter().map(|w| w.abs()).sum::<f64>() >= EMPTY {
        return weights;
    }
    notes.push(Note::warning(
        "the portfolio is empty: its objective and constraints are best kept by holding nothing"
            .to_owned(),
    ));
    vec![0.0; weights.len()]
}

impl Allocation {
    /// The policy of a study.
    pub fn new(config: &Config) -> Self {
        let spec = config.spec();
        Self {
            allocate: spec.allocate.clone(),
            setting: config.setting().clone(),
            needs: config.needs(),
            need: Need {
                rows: config.longest_window(),
                history_months: spec.walk_forward.history_months,
            },
            raise_cap: config.raises_tight_caps(),
            dropped_below: config.dropped_below(),
            fallbacks: config.fallbacks().to_vec(),
            solver: config.solver(),
            penalties: config.penalties(),
            trading: Trading::of(config),
            at_reviews: spec.walk_forward.also == Some(ExtraRebalance::Reviews),
        }
    }

    /// With what ends its solves in the middle, and takes up what an earlier run has left.
    #[must_use]
    pub fn interrupted_by(mut self, interruption: &Interruption) -> Self {
        self.solver.interruption.clone_from(interruption);
        self
    }

    /// Assets must meet this need, too: that of the settings it is switched with.
    pub(super) fn require(&mut self, need: Need) {
        self.need = self.need.and(need);
    }

    /// Whether small weights are dropped after the program, so that the weights held are not its
    /// answer.
    pub fn drops_small_weights(&self) -> bool {
        self.dropped_below.is_some()
    }

    /// Whether the portfolio is scaled to a volatility after the program, so that the weights held are not its
    /// answer.
    pub fn scales_to_volatility(&self) -> bool {
        self.allocate.volatility_target.is_some()
    }

    /// Whether the weights sum to 1.
    pub(super) fn is_fully_invested(&self) -> bool {
        self.setting.net == (1.0, 1.0) && self.allocate.volatility_target.is_none()
    }

    /// The program of a decision: moments of the assets that may be held and the study's
    /// constraints, near what is held already where the study asks for that.
    ///
    /// # Errors
    /// If a window is not full, or moments cannot be estimated from it.
    pub fn mandate(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        view: View<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<Mandate> {
        self.problem(past, assets, view, notes).map(|problem| problem.mandate)
    }

    /// As [`Allocation::mandate`], with the frontier that its portfolio is on.
    pub(super) fn problem(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        view: View<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<Problem> {
        let inputs = self.inputs(past, assets, view);
        self.problem_of(&inputs, &Known::default(), &AccountLimits::default(), notes)
    }

    /// As [`Allocation::problem`], with what is known of it already, and an account's own limits.
    pub(super) fn problem_of(
        &self,
        inputs: &Inputs<'_>,
        known: &Known,
        limits: &AccountLimits,
        notes: &mut Vec<Note>,
    ) -> Result<Problem> {
        let objective = known.objective(&self.allocate.objective, inputs)?;
        notes.extend(known.notes(inputs));
        let constraints = self.constraints(inputs, known, notes)?;
        let constraints = limits.narrowed(inputs, constraints)?;
        let mandate = Mandate::new(objective, constraints)
            .and_then(|mandate| mandate.with_penalties(self.penalties));
        // What fewer returns than assets leave open stays near what is held.
        let mandate = match inputs.held() {
            Some(held) => mandate.and_then(|mandate| mandate.near_to(held)),
            None => mandate,
        };
        let mandate = match self.trading.costs(inputs)? {
            Some(costs) => mandate.and_then(|mandate| mandate.with_costs(costs)),
            None => mandate,
        };
        let scaling = known.scaling(|| self.scaling_by(inputs))?;
        let mandate = mandate.map_err(words::policy)?;
        Problem::of(&self.allocate.objective, &self.setting, mandate, scaling)
    }

    pub(super) fn scaling_by(&self, inputs: &Inputs<'_>) -> Result<Option<Scaling>> {
        let target = self.allocate.volatility_target.as_ref();
        target.map(|target| target.scaling(inputs)).transpose()
    }

    /// How the portfolio of a decision is scaled to `allocate.volatility_target`, if it is.
    ///
    /// # Errors
    /// As [`Allocation::mandate`].
    /// # Examples
    /// ```
    /// # use walkfolio_core::*;
    /// use walkfolio_study::{Allocation, Study};
    ///
    /// let study = Study::parse("x.toml", r#"
    /// name = "x"
    /// market = { assets = ["XLF"] }
    /// walk_forward = { every = "month" }
    /// periods_per_year = 252
    /// estimate = { covariance = { kind = "sample", window = 3 } }
    ///
    /// [allocate]
    /// objective = { kind = "equal_weight" }
    /// bounds = { min = 0.0, max = 1.0 }
    /// volatility_target = { volatility = 0.1 }
    /// "#, &[])?;
    /// # let dates: Vec<Date> = (1..=5).map(|day| Date::constant(2024, 7, day)).collect();
    /// # let prices = [100.0, 110.0, 99.0, 120.0, 120.0].map(Some).to_vec();
    /// # let market = Market::new(Prices::new(dates, Universe::new(["XLF"])?, vec![prices])?)?;
    /// let allocation = Allocation::new(study.on(&market)?.config());
    /// let past = market.before(4)?;
    /// let scaling = allocation.scaling(&past, &[0], View::without_holdings())?.unwrap();
    /// // 10 % of a volatility of some 250 %.
    /// let scale = scaling.scale(&[1.0]);
    /// assert!((scale * scaling.volatility(&[1.0]) - 0.1).abs() < 1e-15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scaling(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        view: View<'_>,
    ) -> Result<Option<Scaling>> {
        self.scaling_by(&self.inputs(past, assets, view))
    }

    pub(super) fn inputs<'a>(
        &'a self,
        past: &'a Past<'a>,
        assets: &'a [usize],
        view: View<'a>,
    ) -> Inputs<'a> {
        Inputs { setting: &self.setting, past, assets, view, need: self.need }
    }

    /// The bounds of a decision, and the study's other constraints.
    fn constraints(
        &self,
        inputs: &Inputs<'_>,
        known: &Known,
        notes: &mut Vec<Note>,
    ) -> Result<Constraints> {
        let n = inputs.assets.len();
        let stated = self.allocate.constraints();
        let mut bounds = vec![(self.allocate.bounds.min, self.cap(n, notes)); n];
        for constraint in &stated {
            constraint.narrow(inputs, &mut bounds);
        }
        if let Some(at) = self.allocate.objective.never_held(inputs)? {
            bounds[at] = (0.0, 0.0);
        }
        let (min, max) = bounds.into_iter().unzip();
        let least = if self.allocate.keep.is_empty() { "bounds.min" } else { "bounds.min or keep" };
        let mut constraints = Constraints::between(min, max)
            .map_err(words::policy)?
            .with_bounds_named(least, "bounds.max");
        if self.allocate.net_leverage.is_some() {
            let (least, most) = self.setting.net;
            constraints = constraints
                .with_net_leverage(least, most)
                .map_err(words::policy)?
                .with_net_leverage_named("net_leverage");
        }
        for (at, stated) in stated.into_iter().enumerate() {
            for constraint in known.listed((at, stated.as_ref()), inputs, notes)? {
                constraints = constraints.with(constraint).map_err(words::policy)?;
            }
        }
        if let Some(own) = known.of_objective(&self.allocate.objective, inputs)? {
            constraints = constraints.with(own).map_err(words::policy)?;
        }
        Ok(constraints)
    }

    /// The largest weight: `max(cap, 1 / k)` for `k` assets where the study allows it.
    fn cap(&self, assets: usize, notes: &mut Vec<Note>) -> f64 {
        let (most, cap) = (self.allocate.max_holdings, self.allocate.bounds.max);
        let assets = most.map_or(assets, |k| assets.min(k as usize));
        let raised = raised(cap, assets);
        if !self.raise_cap || raised == cap {
            return cap;
        }
        notes.push(Note::info(format!(
            "bounds.max {cap} over {assets} assets cannot sum to 1; it is raised to {raised:.4}"
        )));
        raised
    }

    /// Solves a mandate, or does what is configured for when that fails.
    pub(super) fn allocate(
        &self,
        optimizer: &mut Optimizer,
        problem: &Problem,
        (all, assets): (usize, &[usize]),
        view: View<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<(Weights, SolveReport)> {
        let failure = match problem.solve(optimizer) {
            Ok((solution, place)) => {
                notes.extend(place);
                notes.extend(solution.note.map(Note::warning));
                let weights = self.without_small(&problem.mandate, solution.weights, notes);
                let weights = problem.scaled(without_noise(weights, notes), notes);
                let objective = problem.mandate.objective();
                notes.extend(self.allocate.objective.note(objective, &weights).map(Note::info));
                let weights = Weights::scatter(all, assets, &weights)?;
                return Ok((weights, solution.report));
            }
            Err(SolveError::Interrupted) => return Err(Error::Interrupted),
            Err(error) => error,
        };
        for &fallback in &self.fallbacks {
            match self.fall_back(fallback, &failure, problem, (all, assets), view)? {
                Some((weights, report, what)) => {
                    notes.extend(what);
                    return Ok((weights, report));
                }
                None => notes.push(Note::info(format!("fallback {fallback:?} does not apply"))),
            }
        }
        Err(words::policy(failure))
    }
}

impl Policy for Allocation {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        self.decide_with(&mut self.optimizer(), past, view)
    }

    fn chain(&self) -> Option<Box<dyn Chain + '_>> {
        Some(Box::new(FromLast { allocation: self, optimizer: self.optimizer() }))
    }

    /// A decision may stay near what is held, and a failed one may keep it.
    fn memory(&self) -> Memory {
        let keeps = self.fallbacks.contains(&Fallback::Previous);
        let own = if keeps { Memory::Holdings } else { Memory::Chain };
        let costs = if self.trading.any() { Memory::Holdings } else { Memory::Chain };
        let constraints = self.allocate.constraints();
        let parts = constraints.iter().map(|constraint| constraint.memory());
        parts.fold(own.max(costs).max(self.allocate.objective.memory()), Memory::max)
    }

    fn need(&self) -> Need {
        self.need
    }

    fn due(&self, past: &Past<'_>) -> bool {
        let opens_month = past
            .dates()
            .last()
            .is_some_and(|last| last.first_of_month() != past.decision_date().first_of_month());
        self.at_reviews && opens_month && self.allocate.objective.is_reviewed(past)
    }

    fn waits(&self, past: &Past<'_>) -> bool {
        self.lacks_trades(past)
    }

    fn windows_full(&self, past: &Past<'_>) -> bool {
        let assets = past.eligible(self.need);
        let none = Weights::none(past.universe().len());
        let inputs = self.inputs(past, &assets, View::new(Memory::None, &none));
        let factors = self.needs.factor_rows;
        !assets.is_empty()
            && factors.is_none_or(|rows| past.factors(rows).is_ok())
            && self.allocate.objective.is_ready(&inputs)
            && self.allocate.constraints().iter().all(|constraint| constraint.is_ready(&inputs))
    }
}

impl Allocation {
    /// An optimizer with nothing to remember yet.
    pub fn optimizer(&self) -> Optimizer {
        Optimizer::new(self.solver.clone())
    }

    /// Why it cannot decide at a row, in words; `None` if nothing is in the way.
    pub fn obstacle(&self, past: &Past<'_>) -> Option<String> {
        let assets = match self.eligible(past) {
            Ok(assets) => assets,
            Err(error) => return Some(error.to_string()),
        };
        let none = Weights::none(past.universe().len());
        let view = View::new(Memory::Holdings, &none);
        self.mandate(past, &assets, view, &mut Vec::new()).err().map(|error| error.to_string())
    }

    /// One decision among all eligible assets, from what the optimizer remembers.
    fn decide_with(
        &self,
        optimizer: &mut Optimizer,
        past: &Past<'_>,
        view: View<'_>,
    ) -> Result<Decision> {
        let assets = self.eligible(past)?;
        let selected = (0..past.universe().len()).map(|asset| assets.contains(&asset)).collect();
        let selection = Selection { selected, probability: None };
        self.decide_among(optimizer, past, view, (&assets, selection))
    }

    /// The assets that may be held.
    ///
    /// # Errors
    /// [`Error::NoneEligible`] with what is missing.
    pub fn eligible(&self, past: &Past<'_>) -> Result<Vec<usize>> {
        let assets = past.eligible(self.need);
        if assets.is_empty() { Err(self.none_eligible(past)) } else { Ok(assets) }
    }

    /// One decision among some assets.
    ///
    /// # Errors
    /// If moments cannot be estimated, or a mandate has no solution and no fallback applies.
    pub fn decide_among(
        &self,
        optimizer: &mut Optimizer,
        past: &Past<'_>,
        view: View<'_>,
        (assets, selection): (&[usize], Selection),
    ) -> Result<Decision> {
        let mut notes = Vec::new();
        let problem = self.problem(past, assets, view, &mut notes)?;
        let all = past.universe().len();
        let (target, solve) =
            self.allocate(optimizer, &problem, (all, assets), view, &mut notes)?;
        self.warn(&solve, &mut notes);
        Ok(Decision { target, notes, solve, selection: Some(selection) })
    }

    /// What the reader must know of how a problem was solved.
    pub(super) fn warn(&self, solve: &SolveReport, notes: &mut Vec<Note>) {
        match solve.status {
            SolveStatus::AlmostOptimal => {
                notes.push(Note::warning("the program was solved to a reduced tolerance only"));
            }
            SolveStatus::Limit if self.allocate.max_holdings.is_none() => {
                let gap = solve.gap.unwrap_or(f64::INFINITY);
                notes.push(Note::warning(format!(
                    "not proven to the tolerance that was asked for: the bound is {gap:.1e} away"
                )));
            }
            _ => {}
        }
    }

    fn none_eligible(&self, past: &Past<'_>) -> Error {
        let history = self.need.history_months.map_or_else(String::new, |months| {
            format!(" and a month-end price {months} months before the last month-end")
        });
        Error::NoneEligible {
            date: past.decision_date(),
            reason: format!("none has {} returns{history}", self.need.rows),
        }
    }
}
