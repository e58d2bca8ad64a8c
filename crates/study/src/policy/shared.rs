//! One decision for many accounts: what they have in common is made once.

use walkfolio_core::{Decision, Memory, Note, NoteKind, Past, Result, View, Weights};
use walkfolio_optimize::{Mandate, Optimizer};

use super::account_limits::AccountLimits;
use super::allocation::Allocation;
use super::known::Known;
use super::problem::Problem;
use crate::objective::Inputs;

/// The moments of one decision, for accounts that each hold and limit what they do.
///
/// What does not depend on holdings (moments, exposures, limits of risk) is made once. Every account starts from
/// the portfolio of an account that holds the model and has no limits of its own, so that its result depends on nothing
/// but itself: neither on the other accounts, nor on their order or the number of threads.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// use walkfolio_study::policy::{AccountLimits, SharedMoments};
/// use walkfolio_study::{Allocation, Study};
///
/// let study = Study::parse("x.toml", r#"
/// name = "x"
/// market = { assets = ["XLE", "XLF", "XLK"], benchmark = "SPY" }
/// walk_forward = { every = "month" }
///
/// [allocate]
/// objective = { kind = "tracking_error", window = 3 }
/// bounds = { min = 0.0, max = 1.0 }
/// "#, &[])?;
/// # let dates: Vec<Date> = (1..=5).map(|day| Date::constant(2024, 7, day)).collect();
/// # let table = |names: &[&str], columns: &[[f64; 5]]| {
/// #     let columns = columns.iter().map(|column| column.map(Some).to_vec()).collect();
/// #     Prices::new(dates.clone(), Universe::new(names.iter().copied())?, columns)
/// # };
/// # let (a, b) = ([100.0, 110.0, 99.0, 99.0, 101.0], [100.0, 100.0, 102.0, 101.0, 101.0]);
/// # let c = [100.0, 90.0, 95.0, 97.0, 90.0];
/// # let market = Market::new(table(&["XLE", "XLF", "XLK"], &[a, b, c])?)?
/// #     .with_benchmark(table(&["SPY"], &[a])?)?;
/// let allocation = Allocation::new(study.config());
/// let past = market.before(4)?;
/// let shared = SharedMoments::new(&allocation, &past, &[0, 1, 2])?;
/// let free = shared.decide(View::without_holdings(), &AccountLimits::default())?.0;
/// assert!((free.target.values()[0] - 1.0).abs() < 1e-9);
/// // An account that excludes the first asset.
/// let limits = AccountLimits { bounds: vec![(0, 0.0, 0.0)], turnover: None };
/// let without = shared.decide(View::without_holdings(), &limits)?.0;
/// assert_eq!(without.target.values()[0], 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SharedMoments<'a> {
    allocation: &'a Allocation,
    past: &'a Past<'a>,
    assets: &'a [usize],
    known: Known,
    start: Optimizer,
}

impl<'a> SharedMoments<'a> {
    /// Of the assets that may be held, by universe index and in its order.
    ///
    /// # Errors
    /// If a window is not full, or moments cannot be estimated from it.
    pub fn new(
        allocation: &'a Allocation,
        past: &'a Past<'a>,
        assets: &'a [usize],
    ) -> Result<Self> {
        let none = Weights::none(past.universe().len());
        let view = View::new(Memory::Holdings, &none);
        let inputs = allocation.inputs(past, assets, view);
        let known = allocation.known(&inputs)?;
        let mut shared = Self { allocation, past, assets, known, start: allocation.optimizer() };
        let limits = AccountLimits::default();
        let problem = shared.problem(view, &limits, &mut Vec::new())?;
        let mut start = allocation.optimizer();
        start.keep_matrix(&problem.mandate);
        let Ok((solution, _)) = problem.solve(&mut start) else { return Ok(shared) };
        shared.start = start.fork();
        // Of an account that holds it already most trades do not pay: so it is for most accounts.
        let held = Weights::scatter(past.universe().len(), assets, &solution.weights)?;
        let view = View::new(Memory::Holdings, &held);
        let problem = shared.problem(view, &limits, &mut Vec::new())?;
        if problem.solve(&mut start).is_ok() {
            shared.start = start;
        }
        Ok(shared)
    }

    fn problem(
        &self,
        view: View<'_>,
        limits: &AccountLimits,
        notes: &mut Vec<Note>,
    ) -> Result<Problem> {
        let inputs = self.allocation.inputs(self.past, self.assets, view);
        self.allocation.problem_of(&inputs, &self.known, limits, notes)
    }

    /// The decision of an account that holds what the view shows, with the problem that it is the solution of; none
    /// where a fallback made it or a volatility target scaled it.
    ///
    /// # Errors
    /// If there is no portfolio within all limits and no fallback applies, or one would break the account's own.
    pub fn decide(
        &self,
        view: View<'_>,
        limits: &AccountLimits,
    ) -> Result<(Decision, Option<Mandate>)> {
        let mut notes = Vec::new();
        let problem = self.problem(view, limits, &mut notes)?;
        let mut optimizer = self.start.fork();
        let among = (self.past.universe().len(), self.assets);
        let (target, solve) =
            self.allocation.allocate(&mut optimizer, &problem, among, view, &mut notes)?;
        self.allocation.warn(&solve, &mut notes);
        let fell_back = notes.iter().any(|note| note.kind == NoteKind::Fallback);
        if fell_back {
            limits.check(&target, self.past)?;
        }
        let is_solution = !fell_back && problem.scaling.is_none();
        let mandate = is_solution.then_some(problem.mandate);
        Ok((Decision { target, notes, solve, selection: None }, mandate))
    }

    /// Another optimizer at the start of all accounts.
    pub fn optimizer(&self) -> Optimizer {
        self.start.fork()
    }
}

impl Allocation {
    /// All of a decision that does not depend on what is held.
    fn known(&self, inputs: &Inputs<'_>) -> Result<Known> {
        let choice = &self.allocate.objective;
        let is_fixed = choice.memory() < Memory::Holdings;
        let listed = self.allocate.constraints().into_iter().map(|stated| {
            if stated.memory() == Memory::Holdings {
                return Ok(None);
            }
            let mut notes = Vec::new();
            Ok(Some((stated.prepare(inputs, &mut notes)?, notes)))
        });
        let of_objective = is_fixed.then(|| choice.constraint(inputs)).transpose()?;
        Ok(Known {
            objective: is_fixed.then(|| choice.prepare(inputs)).transpose()?,
            of_objective: of_objective.map(|own| own.into_iter().collect()),
            listed: listed.collect::<Result<_>>()?,
            notes: Some(inputs.notes()),
            scaling: Some(self.scaling_by(inputs)?.into_iter().collect()),
        })
    }
}
