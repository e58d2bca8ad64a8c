//! Markets that lie about the future, to prove that a decision does not look at it.

use std::sync::Arc;

use crate::random::SplitMix64;
use crate::{Market, Quotes, Row};

/// How the future is falsified.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let universe = Universe::new(["XLE", "XLF"])?;
/// # let columns = vec![
/// #     [50.0, 55.0, 44.0, 44.0].map(Some).to_vec(),
/// #     vec![None, Some(20.0), Some(25.0), Some(25.0)],
/// # ];
/// # let prices = Prices::new(dates, universe, columns)?;
/// let market = Market::new(prices)?;
/// let poisoned = market.poisoned(2, Poison::Values);
/// assert_eq!(poisoned.returns().value(1, 0), market.returns().value(1, 0));
/// assert_ne!(poisoned.returns().value(2, 0), market.returns().value(2, 0));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poison {
    /// Every value from the decision's row on is replaced by a wild one.
    Values,
    /// Every asset that is listed at the decision is delisted there.
    Delist,
}

impl Market {
    /// The same market with a falsified future: rows before `t` are untouched.
    ///
    /// A decision at row `t` that reads rows before `t` only cannot differ between the two.
    #[must_use]
    pub fn poisoned(&self, t: Row, poison: Poison) -> Self {
        let mut market = self.clone();
        market.sums = Arc::default();
        market.constituents =
            self.constituents.as_ref().map(|own| Arc::new(own.poisoned(t, poison)));
        match poison {
            Poison::Values => market.falsify(t),
            Poison::Delist => market.delist(t),
        }
        market
    }

    fn falsify(&mut self, t: Row) {
        let rows = self.rows();
        let mut wild = Wild(SplitMix64::new(0x9E37_79B9_7F4A_7C15 ^ t as u64));
        // What is published after the last known session is the future too.
        let known = t.checked_sub(1).map(|row| self.dates()[row]);
        for (date, value) in self.signals.iter_mut().flat_map(crate::Signal::records_mut).flatten()
        {
            if known.is_none_or(|known| *date > known) {
                *value += (1.0 + value.abs()) * wild.next();
            }
        }
        for views in &mut self.views {
            views.falsify_after(known, |view| {
                view.expected = view.expected.map(|expected| expected + wild.next());
                view.confidence = 0.5 + 0.5 * wild.next();
                for weight in view.assets.values_mut() {
                    *weight *= 1.0 + wild.next();
                }
            });
        }
        if let Some(holdings) = &mut self.benchmark_holdings {
            holdings.falsify_after(known, |own| {
                own.weights.values_mut().for_each(|weight| *weight *= 1.0 + wild.next());
            });
        }
        if let Some(members) = &mut self.members {
            Arc::make_mut(members).falsify_after(known);
        }
        for row in t..rows {
            for value in self.prices.values.row_mut(row) {
                *value *= 1.0 + wild.next();
            }
            for value in self.returns.row_mut(row) {
                *value = wild.next();
            }
            if let Some(benchmark) = &mut self.benchmark {
                benchmark.prices.values.row_mut(row)[0] *= 1.0 + wild.next();
                benchmark.returns.row_mut(row)[0] = wild.next();
            }
            if let Some(factors) = &mut self.factors {
                factors.values.row_mut(row).iter_mut().for_each(|value| *value = wild.next());
                factors.risk_free.make_mut()[row] = wild.next();
            }
            if let Some(cash) = &mut self.cash {
                cash.values.make_mut()[row] = wild.next();
            }
        }
    }

    fn delist(&mut self, t: Row) {
        let listings = self.prices.listings.iter_mut().chain(&mut self.returns.listings);
        for listing in listings {
            listing.end = listing.end.min(t);
            listing.start = listing.start.min(listing.end);
        }
    }
}

impl Quotes {
    /// The same quotes with a falsified future: wild prices from row `t` on, and no events.
    ///
    /// # Examples
    /// ```
    /// # use walkfolio_core::*;
    /// # let dates = (1..=3).map(|day| Date::constant(2024, 7, day)).collect();
    /// # let prices = vec![[50.0, 55.0, 44.0].map(Some).to_vec()];
    /// # let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?;
    /// let poisoned = Quotes::adjusted(&market).poisoned(2);
    /// assert_eq!(poisoned.close(1, 0), Some(55.0));
    /// assert_ne!(poisoned.close(2, 0), Some(44.0));
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    #[must_use]
    pub fn poisoned(&self, t: Row) -> Self {
        let mut quotes = self.clone();
        let mut wild = Wild(SplitMix64::new(0x51AB_1E5D ^ t as u64));
        let from = self.closes.dates.get(t).copied();
        for events in Arc::make_mut(&mut quotes.events) {
            events.retain(|event| from.is_none_or(|from| event.date < from));
        }
        for prices in std::iter::once(&mut quotes.closes).chain(&mut quotes.traded) {
            for row in t..prices.dates.len() {
                for value in prices.values.row_mut(row) {
                    *value *= 1.0 + wild.next();
                }
            }
        }
        quotes
    }
}

/// Numbers between -0.5 and 0.5.
struct Wild(SplitMix64);

impl Wild {
    fn next(&mut self) -> f64 {
        self.0.unit() - 0.5
    }
}
