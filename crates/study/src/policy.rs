//! The policy of a study: which assets, with which settings, in which weights.
//!
//! - `allocation`: moments of the assets to weights; `fallback`, where a program has no answer;
//! - `months`: what was known and what tracked, month by month;
//! - `selector`: which assets a decision may hold;
//! - `tuner`: which settings would have done best so far.

mod allocation;
mod fallback;
mod fitted;
mod frontier;
mod learned;
mod months;
mod problem;
mod selector;
mod small;
mod tuner;

use std::path::Path;

use walkfolio_core::{
    Chain, Decision, Interrupt, Memory, Need, Note, Past, Policy, Result, Selection, View,
};
use walkfolio_optimize::Interruption;

pub use allocation::Allocation;
pub use fitted::Fitted;
pub use frontier::DecisionFrontier;
pub use learned::Learned;
pub use months::{LabelSet, Month, Months};
pub use selector::{Selector, describe};
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
        let (allocation, mut notes) = match &self.tuner {
            None => (&self.allocation, Vec::new()),
            Some(tuner) => tuner.allocation(past, self.selector.as_ref())?,
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
        self.allocations().iter().find_map(|allocation| allocation.obstacle(past))
    }

    /// Whether portfolios are chosen on their efficient frontiers.
    pub fn is_on_frontier(&self) -> bool {
        self.allocations().iter().any(|allocation| allocation.is_on_frontier())
    }

    /// Whether every decision is the allocation's alone.
    fn is_plain(&self) -> bool {
        self.selector.is_none() && self.tuner.is_none()
    }

    /// Whether the weights of every decision sum to 1.
    pub fn is_fully_invested(&self) -> bool {
        self.allocations().iter().all(|allocation| allocation.is_fully_invested())
    }

    fn allocations(&self) -> Vec<&Allocation> {
        match &self.tuner {
            None => vec![&self.allocation],
            Some(tuner) => tuner.allocations().collect(),
        }
    }
}

impl Policy for StudyPolicy {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        let Choice { allocation, assets, selection, mut notes } = self.choose(past)?;
        let mut optimizer = allocation.optimizer();
        let mut decision =
            allocation.decide_among(&mut optimizer, past, view, (&assets, selection))?;
        notes.append(&mut decision.notes);
        Ok(Decision { notes, ..decision })
    }

    /// Decisions that learn are made one after the other, each in parallel within itself.
    fn memory(&self) -> Memory {
        let parts = self.allocations().into_iter().map(Policy::memory).max();
        if self.is_plain() { parts.unwrap_or_default() } else { Memory::Holdings }
    }

    fn chain(&self) -> Option<Box<dyn Chain + '_>> {
        if self.is_plain() { self.allocation.chain() } else { None }
    }

    /// What every setting that may be chosen needs.
    fn need(&self) -> Need {
        self.allocations().into_iter().map(Policy::need).fold(Need::default(), Need::and)
    }

    fn due(&self, past: &Past<'_>) -> bool {
        self.allocations().iter().any(|allocation| allocation.due(past))
    }

    fn windows_full(&self, past: &Past<'_>) -> bool {
        self.allocations().iter().all(|allocation| allocation.windows_full(past))
    }
}
