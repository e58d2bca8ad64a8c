//! Rules that turn the past into a portfolio.

use crate::{Decision, Error, Need, Past, Result, Row, Weights};

/// A rule that turns the past into a portfolio.
///
/// # Timing
/// A decision at row `t` knows rows `< t`, and its weights earn row `t` onwards.
/// # Examples
/// Equal weights in every asset that has a year of returns:
/// ```
/// use walkfolio_core::{
///     Date, Decision, Error, Market, Need, Past, Policy, Prices, Result, Universe, View, Weights,
/// };
///
/// struct EqualWeight;
///
/// impl Policy for EqualWeight {
///     fn decide(&self, past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
///         let assets = past.eligible(self.need());
///         let weight = vec![1.0 / assets.len() as f64; assets.len()];
///         Ok(Decision::of(Weights::scatter(past.universe().len(), &assets, &weight)?))
///     }
///
///     fn need(&self) -> Need {
///         Need { rows: 2, history_months: None }
///     }
/// }
///
/// let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// let universe = Universe::new(["XLE", "XLF"])?;
/// let prices = Prices::new(dates, universe, vec![vec![Some(50.0); 4], vec![Some(20.0); 4]])?;
/// let market = Market::new(prices)?;
/// let decision = EqualWeight.decide(&market.before(3)?, View::without_holdings())?;
/// assert_eq!(decision.target.values(), [0.5, 0.5]);
/// # Ok::<(), Error>(())
/// ```
pub trait Policy: Send + Sync {
    /// Decides the portfolio for the session after the past.
    ///
    /// # Errors
    /// When no portfolio can be found and no fallback is configured.
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision>;

    /// What it carries from one decision to the next: nothing unless it says so.
    fn memory(&self) -> Memory {
        Memory::None
    }

    /// Begins a chain of decisions in which each may start from what the last one left; asked for
    /// unless the memory is [`Memory::None`]. Chains have a fixed length, so that results do not
    /// depend on threads; `None` if decisions depend on holdings alone.
    fn chain(&self) -> Option<Box<dyn Chain + '_>> {
        None
    }

    /// What an asset must have in order to be held.
    fn need(&self) -> Need;

    /// Whether what is known calls for a decision outside the schedule.
    fn due(&self, _past: &Past<'_>) -> bool {
        false
    }

    /// Whether a decision that is due has to wait for a session on which more is traded.
    fn waits(&self, _past: &Past<'_>) -> bool {
        false
    }

    /// Whether benchmark, factors and at least one asset fill every window.
    fn windows_full(&self, past: &Past<'_>) -> bool {
        !past.eligible(self.need()).is_empty()
    }
}

/// Decisions in order of their rows, each with what the ones before left behind.
/// # Examples
/// ```
/// use walkfolio_core::{Chain, Decision, Past, Result, View, Weights};
///
/// /// Half of what it held after the decision before.
/// struct Halving(f64);
///
/// impl Chain for Halving {
///     fn decide(&mut self, _past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
///         self.0 /= 2.0;
///         Ok(Decision::of(Weights::new(vec![self.0])?))
///     }
/// }
/// # use walkfolio_core::{Date, Market, Prices, Universe};
/// # let dates = vec![Date::constant(2024, 7, 1), Date::constant(2024, 7, 2)];
/// # let prices = Prices::new(dates, Universe::new(["XLE"])?, vec![vec![Some(50.0); 2]])?;
/// # let market = Market::new(prices)?;
/// # let past = market.before(1)?;
///
/// let mut chain = Halving(1.0);
/// chain.decide(&past, View::without_holdings())?;
/// let second = chain.decide(&past, View::without_holdings())?;
/// assert_eq!(second.target.values(), [0.25]);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
pub trait Chain {
    /// As [`Policy::decide`].
    ///
    /// # Errors
    /// As [`Policy::decide`].
    fn decide(&mut self, past: &Past<'_>, view: View<'_>) -> Result<Decision>;
}

/// What a policy carries from one decision to the next; a part that needs more counts for the whole.
/// # Examples
/// ```
/// use walkfolio_core::Memory;
///
/// // Of two parts, the one that needs more decides.
/// assert_eq!(Memory::Chain.max(Memory::Holdings), Memory::Holdings);
/// assert_eq!(Memory::default(), Memory::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Memory {
    /// Nothing: each decision is made from its past alone.
    #[default]
    None,
    /// What the decisions before it in a chain left, such as the last active set. Chains are
    /// independent of each other.
    Chain,
    /// What is held: decisions are made one after the other.
    Holdings,
}

/// What a policy is shown of its own portfolio: what it declared by [`Policy::memory`], no more.
///
/// # Examples
/// ```
/// use walkfolio_core::{Memory, View, Weights};
///
/// let held = Weights::new(vec![0.4, 0.6])?;
/// assert_eq!(View::new(Memory::Holdings, &held).holdings()?, &held);
/// assert!(View::new(Memory::Chain, &held).holdings().is_err());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    holdings: Option<&'a Weights>,
    turnovers: &'a [(Row, f64)],
}

impl<'a> View<'a> {
    /// What a policy of some memory is shown.
    pub fn new(memory: Memory, holdings: &'a Weights) -> Self {
        Self { holdings: (memory == Memory::Holdings).then_some(holdings), turnovers: &[] }
    }

    /// For a policy that does not look at what is held.
    pub fn without_holdings() -> Self {
        Self { holdings: None, turnovers: &[] }
    }

    /// With the rebalances that were executed before the decision, but for the initial trade: the row of each, in
    /// order, and its turnover, half the sum of absolute trades as a fraction of equity.
    #[must_use]
    pub fn with_turnovers(self, turnovers: &'a [(Row, f64)]) -> Self {
        Self { turnovers, ..self }
    }

    /// What is held when deciding: the last executed target, drifted to the close before. Fractions
    /// of equity by universe index, zeros before the first trade.
    ///
    /// # Errors
    /// [`Error::UndeclaredHoldings`] unless the policy's memory is [`Memory::Holdings`].
    pub fn holdings(&self) -> Result<&'a Weights> {
        self.holdings.ok_or(Error::UndeclaredHoldings)
    }

    /// The turnover of all rebalances that were executed from a row on, without the initial trade.
    ///
    /// # Shape and units
    /// A fraction of equity: 1 for a portfolio that was exchanged once.
    /// # Errors
    /// [`Error::UndeclaredHoldings`] unless the policy's memory is [`Memory::Holdings`].
    /// # Examples
    /// ```
    /// use walkfolio_core::{Memory, View, Weights};
    ///
    /// let held = Weights::new(vec![0.4, 0.6])?;
    /// let turnovers = [(21, 0.25), (42, 0.125), (63, 0.5)];
    /// let view = View::new(Memory::Holdings, &held).with_turnovers(&turnovers);
    /// assert_eq!(view.turnover_since(42)?, 0.625);
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn turnover_since(&self, row: Row) -> Result<f64> {
        self.holdings()?;
        let first = self.turnovers.partition_point(|(executed, _)| *executed < row);
        Ok(self.turnovers[first..].iter().map(|(_, turnover)| turnover).sum())
    }
}
