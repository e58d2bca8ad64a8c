//! What shares are worth and traded at, and what happens to them.

use std::sync::Arc;

use crate::{Date, Error, Listing, Market, Prices, Result, Row, Universe};

/// What the holder of an asset gets on an ex-date.
///
/// # Examples
/// See [`Quotes`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareEvent {
    /// The ex-date: the first session that trades without the dividend, and in the new shares.
    pub date: Date,
    /// New shares per old one: 4 for four-for-one, 1 without a split.
    pub split: f64,
    /// Cash per old share.
    pub dividend: f64,
}

/// Closes that shares are valued at, prices that they are traded at, and dividends and splits.
///
/// Adjusted closes are closes without events: the dividends are in them, as if each was reinvested in its own asset
/// at no cost. A policy never sees quotes: they are for the simulation of an account after the decisions.
///
/// # Shape and units
/// The sessions and assets of a market; a close has a value on the same rows as the market's prices.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Market, Prices, Quotes, ShareEvent, Universe};
///
/// let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let of = |first, last| {
///     Prices::new(dates.clone(), Universe::new(["X"])?, vec![vec![Some(first), Some(last)]])
/// };
/// // Two for one on the second session: 100 a share becomes 51, adjusted 50 becomes 51.
/// let market = Market::new(of(50.0, 51.0)?)?;
/// let split = ShareEvent { date: dates[1], split: 2.0, dividend: 0.0 };
/// let quotes = Quotes::new(of(100.0, 51.0)?, vec![vec![split]])?;
/// assert_eq!((quotes.close(0, 0), quotes.event(1, 0)), (Some(100.0), Some(&split)));
/// assert_eq!(quotes.on(&market)?, quotes);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Quotes {
    pub(crate) closes: Prices,
    pub(crate) traded: Option<Prices>,
    pub(crate) events: Arc<Vec<Vec<ShareEvent>>>,
}

impl Quotes {
    /// Closes with the events of each asset, which are put in the order of their dates.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is a list for each asset; [`Error::BadShareEvent`] for a ratio that is not
    /// positive or a dividend that is negative.
    pub fn new(closes: Prices, mut events: Vec<Vec<ShareEvent>>) -> Result<Self> {
        let (expected, found) = (closes.universe.len(), events.len());
        if expected != found {
            let what = "the table of dividends and splits".to_owned();
            return Err(Error::Shape { what, unit: "assets", expected, found });
        }
        for (own, asset) in events.iter_mut().zip(closes.universe.tickers()) {
            own.sort_by_key(|event| event.date);
            let bad = |what, date, value| {
                Err(Error::BadShareEvent { asset: asset.clone(), date, what, value })
            };
            for event in &*own {
                if !(event.split.is_finite() && event.split > 0.0) {
                    return bad("split ratio", event.date, event.split);
                }
                if !(event.dividend.is_finite() && event.dividend >= 0.0) {
                    return bad("dividend", event.date, event.dividend);
                }
            }
        }
        Ok(Self { closes, traded: None, events: Arc::new(events) })
    }

    /// The adjusted closes of a market, without events.
    pub fn adjusted(market: &Market) -> Self {
        let events = Arc::new(vec![Vec::new(); market.universe().len()]);
        Self { closes: market.prices.clone(), traded: None, events }
    }

    /// With other prices to trade at, such as opens.
    ///
    /// # Errors
    /// [`Error::Shape`] unless they are of the same sessions and assets.
    pub fn with_traded(self, traded: Prices) -> Result<Self> {
        let what = || "the prices of trades".to_owned();
        if traded.dates != self.closes.dates {
            let (expected, found) = (self.closes.dates.len(), traded.dates.len());
            return Err(Error::Shape { what: what(), unit: "common sessions", expected, found });
        }
        let (expected, found) = (self.closes.universe.len(), traded.universe.len());
        if expected != found {
            return Err(Error::Shape { what: what(), unit: "assets", expected, found });
        }
        Ok(Self { traded: Some(traded), ..self })
    }

    /// The same on the sessions of a market, which are a part of these.
    ///
    /// # Errors
    /// [`Error::Shape`] if they are not.
    pub fn on(&self, market: &Market) -> Result<Self> {
        let dates = &self.closes.dates;
        let first = dates.partition_point(|date| *date < market.dates()[0]);
        let rows = first..first + market.rows();
        if dates.get(rows.clone()) != Some(market.dates()) {
            let what = "the unadjusted closes".to_owned();
            let (expected, found) = (market.rows(), dates.len());
            return Err(Error::Shape { what, unit: "common sessions", expected, found });
        }
        Ok(Self {
            closes: self.closes.slice(&rows),
            traded: self.traded.as_ref().map(|traded| traded.slice(&rows)),
            events: Arc::clone(&self.events),
        })
    }

    /// The assets.
    pub fn universe(&self) -> &Universe {
        &self.closes.universe
    }

    /// The rows on which an asset has a close.
    pub fn listing(&self, asset: usize) -> Listing {
        self.closes.listing(asset)
    }

    /// What a share is worth at the close of a session, if it is listed.
    pub fn close(&self, row: Row, asset: usize) -> Option<f64> {
        self.closes.value(row, asset)
    }

    /// What a share is traded at within a session: the close where there is no other price.
    pub fn traded(&self, row: Row, asset: usize) -> Option<f64> {
        let own = self.traded.as_ref().and_then(|traded| traded.value(row, asset));
        own.or_else(|| self.close(row, asset))
    }

    /// The dividends and splits of an asset by date.
    pub fn events(&self, asset: usize) -> &[ShareEvent] {
        &self.events[asset]
    }

    /// What happens to an asset's shares on a session.
    pub fn event(&self, row: Row, asset: usize) -> Option<&ShareEvent> {
        let (own, date) = (&self.events[asset], self.closes.dates[row]);
        own.binary_search_by_key(&date, |event| event.date).ok().map(|at| &own[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(days: &[i8]) -> Prices {
        let dates = days.iter().map(|&day| Date::constant(2024, 1, day)).collect();
        let column = days.iter().map(|&day| Some(f64::from(day))).collect();
        Prices::new(dates, Universe::new(["X"]).unwrap(), vec![column]).unwrap()
    }

    #[test]
    fn a_period_has_the_quotes_of_its_sessions() {
        let event = ShareEvent { date: Date::constant(2024, 1, 4), split: 1.0, dividend: 0.5 };
        let quotes = Quotes::new(prices(&[2, 3, 4, 5]), vec![vec![event]]).unwrap();
        let market = Market::new(prices(&[3, 4])).unwrap();
        let part = quotes.on(&market).unwrap();
        assert_eq!((part.close(0, 0), part.traded(1, 0)), (Some(3.0), Some(4.0)));
        assert_eq!((part.event(0, 0), part.event(1, 0)), (None, Some(&event)));
        let other = Market::new(prices(&[3, 6])).unwrap();
        assert!(quotes.on(&other).is_err());
    }

    #[test]
    fn events_that_cannot_be_are_named() {
        let date = Date::constant(2024, 1, 3);
        let of = |split, dividend| {
            let event = ShareEvent { date, split, dividend };
            Quotes::new(prices(&[2, 3]), vec![vec![event]]).unwrap_err().to_string()
        };
        assert_eq!(of(0.0, 0.0), "X has a split ratio of 0 on 2024-01-03; it must be above 0");
        assert_eq!(of(1.0, -0.5), "X has a dividend of -0.5 on 2024-01-03; it must be at least 0");
    }
}
