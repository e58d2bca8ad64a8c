//! A study that stands before a session.

use walkfolio_core::{Date, Market, Row};
use walkfolio_data::Loaded;
use walkfolio_optimize::Optimizer;
use walkfolio_study::{Study, StudyPolicy};

use super::ask::Ask;
use super::asset::Names;
use super::when::When;
use crate::{Error, Result};

/// A study that stands before a session.
///
/// # Timing
/// Everything is made from the sessions before it; those after it, if the data have them, are not looked at.
/// # Examples
/// ```no_run
/// use walkfolio_run::{Ask, Live, market};
/// # fn study() -> walkfolio_study::Study { unimplemented!() }
///
/// let study = study();
/// let loaded = market(&study, None)?;
/// let live = Live::open(&study, &loaded, Ask { force: true, ..Ask::default() })?;
/// let decided = live.decide(None, &walkfolio_backtest::Silent)?;
/// println!("{}: {:?}", decided.record.date, decided.target.values());
/// # Ok::<(), walkfolio_run::Error>(())
/// ```
pub struct Live<'a> {
    pub(super) study: Study,
    pub(super) loaded: &'a Loaded,
    pub(super) market: Market,
    pub(super) policy: StudyPolicy,
    pub(super) when: When,
    pub(super) names: Names,
}

impl<'a> Live<'a> {
    /// Puts a study before a session.
    ///
    /// # Errors
    /// [`Error::IsGrid`] for a grid, [`Error::NoSession`] for a date that is none, [`Error::Stale`] for data that
    /// are too old, [`Error::Backtest`] if the windows are never full before it; as [`run`](crate::run()).
    pub fn open(study: &Study, loaded: &'a Loaded, ask: Ask) -> Result<Self> {
        if !study.config().grid().is_empty() {
            return Err(Error::IsGrid);
        }
        let study = study.on(&loaded.market)?;
        let policy = StudyPolicy::new(&study)?;
        let (market, when) = When::of(&study, loaded, &policy, ask)?;
        let names = Names::of(market.universe());
        Ok(Self { study, loaded, market, policy, when, names })
    }

    /// The session that is decided for.
    pub fn date(&self) -> Date {
        self.market.dates()[self.when.row]
    }

    /// The last session whose prices are known.
    pub fn known(&self) -> Date {
        self.market.dates()[self.when.row - 1]
    }

    /// Whether the schedule of the study asks for a decision.
    pub fn is_due(&self) -> bool {
        self.when.due
    }

    /// When the schedule asks for one next; none after its last date.
    pub fn next_due(&self) -> Option<Date> {
        self.when.next_due
    }

    /// The market, up to the session and, of a past session, beyond.
    pub fn market(&self) -> &Market {
        &self.market
    }

    /// The row of the session: those before it are known.
    pub fn row(&self) -> Row {
        self.when.row
    }

    /// The study on its market.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// An optimizer with the study's settings, and nothing to remember.
    pub(super) fn optimizer(&self) -> Optimizer {
        Optimizer::new(self.study.config().solver())
    }

    /// What the impact of each asset's trades costs in currency, as [`TradeRules`](walkfolio_orders::TradeRules) have it; empty
    /// without [`costs.impact`](walkfolio_study::CostsSpec).
    pub(super) fn impacts(&self, traded: impl Fn(usize) -> bool) -> Result<Vec<f64>> {
        let execution = self.study.config().execution();
        if execution.impact.is_none() {
            return Ok(Vec::new());
        }
        let of = |asset: usize| -> Result<f64> {
            if !traded(asset) {
                return Ok(0.0);
            }
            Ok(execution.impact_in_currency((&self.market, self.row()), asset)?)
        };
        (0..self.market.universe().len()).map(of).collect()
    }

    /// The asset of a broker's ticker.
    pub(super) fn asset(&self, ticker: &str) -> Option<usize> {
        self.names.asset(ticker)
    }

    /// The last known price of an asset, and its session; none before its first one.
    pub fn price(&self, asset: usize) -> Option<(f64, Date)> {
        let listing = self.market.prices().listing(asset);
        let row =
            listing.end.min(self.when.row).checked_sub(1).filter(|row| *row >= listing.start)?;
        Some((self.market.prices().value(row, asset)?, self.market.dates()[row]))
    }
}
