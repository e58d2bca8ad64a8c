//! The policy of a study: which assets, with which settings, in which weights.
//!
//! - `allocation`: moments of the assets to weights; `fallback`, where a program has no answer;
//! - `months`: what was known and what tracked, month by month;
//! - `selector`: which assets a decision may hold;
//! - `shared`: moments of one decision for many accounts;
//! - `switch`: which settings hold in the regimes that were known;
//! - `tail`: the worst losses that a decision expects;
//! - `trading`: what trading costs in the objective;
//! - `tuner`: which settings would have done best so far.

mod account_limits;
mod allocation;
mod fallback;
mod fitted;
mod frontier;
mod known;
mod learned;
mod months;
mod problem;
mod selector;
mod shared;
mod small;
mod switch;
mod tail;
mod trading;
mod training;
mod tuner;
mod untraded;

use std::path::Path;

use walkfolio_core::{
    Chain, Decision, Interrupt, Memory, Need, Note, Past, Policy, Result, Selection, View,
};
use walkfolio_estimate::regime::Regime;
use walkfolio_optimize::{Interruption, Optimizer};

pub use account_limits::AccountLimits;
pub use allocation::Allocation;
pub use fitted::Fitted;
pub use frontier::DecisionFrontier;
pub use learned::Learned;
pub use months::{LabelSet, Month, Months};
pub use selector::{Selector, describe};
pub use shared::SharedMoments;
use switch::Switch;
use tuner::Tuner;

use crate::Study;

/// Selects assets, tunes settings where the study asks for it, and allocates.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// use walkfolio_study::{Study, StudyPolicy};
///
/// let study = Study::parse("x.toml", r#"
/// name = "x"
/// market = { assets = ["XLK", "XLF"], benchmark = "SPY" }
/// walk_forward = { every = "month" }
///
/// [allocate]
/// objective = { kind = "tracking_error", window = 2 }
/// bounds = { min = 0.0, max = 1.0 }
/// "#, &[])?;
/// # let days = [(1, 29), (1, 30), (1, 31), (2, 1)];
/// # let dates: Vec<Date> = days.map(|(month, day)| Date::constant(2024, month, day)).to_vec();
/// # let table = |names: &[&str], columns: &[[f64; 4]]| {
/// #     let columns = columns.iter().map(|column| column.map(Some).to_vec()).collect();
/// #     Prices::new(dates.clone(), Universe::new(names.iter().copied())?, columns)
/// # };
/// # let (up, down) = ([100.0, 110.0, 99.0, 99.0], [100.0, 100.0, 102.0, 102.0]);
/// # let market = Market::new(table(&["XLK", "XLF"], &[up, down])?)?
/// #     .with_benchmark(table(&["SPY"], &[up])?)?;
/// // On a market in which XLK and SPY are the same, all is held in XLK.
/// let policy = StudyPolicy::new(&study.on(&market)?)?;
/// let decision = policy.decide(&market.before(3)?, View::without_holdings())?;
/// assert!((decision.target.values()[0] - 1.0).abs() < 1e-9);
/// // Assets come in the order of their names.
/// assert_eq!(policy.choose(&market.before(3)?)?.assets, [1, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct StudyPolicy {
    allocation: Allocation,
    selector: Option<Selector>,
    tuner: Option<Tuner>,
    switch: Option<Switch>,
    interruption: Interruption,
}

/// What one decision is made among: its allocation, assets and selection, and why.
///
/// # Examples
/// See [`StudyPolicy`].
pub struct Choice<'a> {
    /// With which settings.
    pub allocation: &'a Allocation,
    /// The assets, by universe index.
    pub assets: Vec<usize>,
    /// Which assets were selected, and how probable each was.
    pub selection: Selection,
    /// Why.
    pub notes: Vec<Note>,
}

impl StudyPolicy {
    /// The policy of a study that is on its market ([`Study::on`]).
    ///
    /// # Errors
    /// If the study is not on its market, a library that it names cannot be loaded, or a setting to
    /// choose from is not valid.
    pub fn new(study: &Study) -> Result<Self> {
        Self::interruptible(study, Interrupt::default())
    }

    /// As [`StudyPolicy::new`], with a flag: once raised, decisions that are being made are given up with
    /// [`Error::Interrupted`](walkfolio_core::Error::Interrupted), and nothing of them is kept but where
    /// searches over holdings stand.
    ///
    /// # Errors
    /// As [`StudyPolicy::new`].
    pub fn interruptible(study: &Study, interrupt: Interrupt) -> Result<Self> {
        let interruption = Interruption::by(interrupt);
        let config = study.config();
        config.periods_per_year()?;
        let folder = study.folder();
        Ok(Self {
            allocation: Allocation::new(config).interrupted_by(&interruption),
            selector: Selector::new(config, Path::new(&folder), &interruption)?,
            tuner: Tuner::new(study, &interruption).map_err(tuner::policy)?,
            switch: Switch::new(study, &interruption).map_err(tuner::policy)?,
            interruption,
        })
    }

    /// What ends its decisions in the middle.
    pub fn interrupt(&self) -> &Interrupt {
        self.interruption.interrupt()
    }

    /// What chooses the assets, if anything does.
    pub fn selector(&self) -> Option<&Selector> {
        self.selector.as_ref()
    }

    /// Settings and assets of a decision.
    ///
    /// # Errors
    /// If no asset is eligible, or a selection cannot be made from the past.
    pub fn choose(&self, past: &Past<'_>) -> Result<Choice<'_>> {
        let branch = self.branch(past)?;
        self.choose_in(past, branch)
    }

    /// The branch of a decision with the notes on it, where the study has regimes.
    fn branch(&self, past: &Past<'_>) -> Result<Option<(usize, Vec<Note>)>> {
        self.switch.as_ref().map(|switch| switch.at(past)).transpose()
    }

    fn choose_in(&self, past: &Past<'_>, branch: Option<(usize, Vec<Note>)>) -> Result<Choice<'_>> {
        let (allocation, mut notes) = match (&self.tuner, &self.switch, branch) {
            (Some(tuner), _, branch) => {
                let (allocation, mut notes) = tuner.allocation(past, self.selector.as_ref())?;
                notes.extend(branch.into_iter().flat_map(|(_, notes)| notes));
                (allocation, notes)
            }
            (None, Some(switch), Some((branch, notes))) => (switch.allocation(branch), notes),
            (None, _, _) => (&self.allocation, Vec::new()),
        };
        let eligible = allocation.eligible(past)?;
        let Some(selector) = &self.selector else {
            let selected =
                (0..past.universe().len()).map(|asset| eligible.contains(&asset)).collect();
            let selection = Selection { selected, probability: None };
            return Ok(Choice { allocation, assets: eligible, selection, notes });
        };
        let chosen = selector.choose(past, &eligible)?;
        notes.extend(chosen.notes);
        Ok(Choice { allocation, assets: chosen.assets, selection: chosen.selection, notes })
    }

    /// Why no decision can be made at a row, in words; `None` if nothing is in the way.
    pub fn obstacle(&self, past: &Past<'_>) -> Option<String> {
        let allocations = self.allocations();
        let own = || allocations.iter().find_map(|allocation| allocation.obstacle(past));
        own().or_else(|| self.switch.as_ref()?.obstacle(past))
    }

    /// Whether portfolios are chosen on their efficient frontiers.
    pub fn is_on_frontier(&self) -> bool {
        self.allocations().iter().any(|allocation| allocation.is_on_frontier())
    }

    /// Whether a decision may be made by the mean of worst losses.
    pub fn measures_tail(&self) -> bool {
        self.allocations().iter().any(|allocation| allocation.measures_tail())
    }

    /// Whether every decision is the allocation's alone.
    fn is_plain(&self) -> bool {
        self.selector.is_none() && self.tuner.is_none()
    }

    /// Whether the weights of every decision sum to 1.
    pub fn is_fully_invested(&self) -> bool {
        self.allocations().iter().all(|allocation| allocation.is_fully_invested())
    }

    /// The regimes of the study on this market, in its order.
    pub fn regimes(&self) -> &[Regime] {
        self.switch.as_ref().map_or(&[], |switch| &switch.regimes()[..])
    }

    fn allocations(&self) -> Vec<&Allocation> {
        match (&self.tuner, &self.switch) {
            (Some(tuner), _) => tuner.allocations().collect(),
            (None, Some(switch)) => switch.allocations().collect(),
            (None, None) => vec![&self.allocation],
        }
    }
}

impl Policy for StudyPolicy {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        let choice = self.choose(past)?;
        let mut optimizer = choice.allocation.optimizer();
        choice.decide(&mut optimizer, past, view)
    }

    /// Decisions that learn are made one after the other, each in parallel within itself.
    fn memory(&self) -> Memory {
        let parts = self.allocations().into_iter().map(Policy::memory).max();
        if self.is_plain() { parts.unwrap_or_default() } else { Memory::Holdings }
    }

    fn chain(&self) -> Option<Box<dyn Chain + '_>> {
        match &self.switch {
            _ if !self.is_plain() => None,
            None => self.allocation.chain(),
            Some(switch) => {
                let optimizers = switch.allocations().map(Allocation::optimizer).collect();
                Some(Box::new(Switched { policy: self, optimizers }))
            }
        }
    }

    /// What every setting that may be chosen needs.
    fn need(&self) -> Need {
        self.allocations().into_iter().map(Policy::need).fold(Need::default(), Need::and)
    }

    fn due(&self, past: &Past<'_>) -> bool {
        self.allocations().iter().any(|allocation| allocation.due(past))
    }

    fn waits(&self, past: &Past<'_>) -> bool {
        self.allocations().iter().any(|allocation| allocation.waits(past))
    }

    fn windows_full(&self, past: &Past<'_>) -> bool {
        self.allocations().iter().all(|allocation| allocation.windows_full(past))
            && self.switch.as_ref().is_none_or(|switch| switch.is_ready(past))
    }
}

impl Choice<'_> {
    fn decide(
        mut self,
        optimizer: &mut Optimizer,
        past: &Past<'_>,
        view: View<'_>,
    ) -> Result<Decision> {
        let among = (&self.assets[..], self.selection);
        let mut decision = self.allocation.decide_among(optimizer, past, view, among)?;
        self.notes.append(&mut decision.notes);
        Ok(Decision { notes: self.notes, ..decision })
    }
}

/// Decisions of switched settings, each from the last active set of its own settings.
struct Switched<'a> {
    policy: &'a StudyPolicy,
    /// By branch.
    optimizers: Vec<Optimizer>,
}

impl Chain for Switched<'_> {
    fn decide(&mut self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        let branch = self.policy.branch(past)?;
        let place = branch.as_ref().map_or(0, |(place, _)| *place);
        let choice = self.policy.choose_in(past, branch)?;
        choice.decide(&mut self.optimizers[place], past, view)
    }
}
