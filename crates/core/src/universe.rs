//! Names of assets.

use std::sync::Arc;

use crate::{Error, Result, Ticker};

impl Ticker {
    /// Checks a name.
    ///
    /// # Errors
    /// [`Error::BadTicker`] with the rule that the text breaks.
    pub fn new(text: &str) -> Result<Self> {
        let bad = |rule| Err(Error::BadTicker { text: text.to_owned(), rule });
        if text.is_empty() {
            return bad("it is empty");
        }
        if text.len() > 32 {
            return bad("it is longer than 32 characters");
        }
        if text.starts_with('.') {
            return bad("it starts with a dot");
        }
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || ".-^=_".contains(c)) {
            return bad("it holds a character other than ASCII letters, digits and . - ^ = _");
        }
        Ok(Self(text.into()))
    }

    /// The name of a blend of tickers, its weights in percent: `60 % SPY, 40 % AGG`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::Ticker;
    ///
    /// let parts = [(Ticker::new("SPY")?, 0.6), (Ticker::new("AGG")?, 0.4)];
    /// assert_eq!(Ticker::of_blend(&parts).as_str(), "60 % SPY, 40 % AGG");
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn of_blend(parts: &[(Self, f64)]) -> Self {
        let part = |(ticker, weight): &(Self, f64)| {
            // Without the digits that a product with 100 leaves.
            let percent = (1e8 * weight).round() / 1e6;
            format!("{percent} % {ticker}")
        };
        Self(parts.iter().map(part).collect::<Vec<_>>().join(", ").into())
    }
}

/// The assets a study may hold, in a fixed order, no name twice.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
///
/// let universe = Universe::new(["XLE", "XLF"])?;
/// assert_eq!((universe.len(), universe.position("XLF")), (2, Some(1)));
/// assert!(Universe::new(["XLE", "XLE"]).is_err());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Universe(Arc<[Ticker]>);

impl Universe {
    /// Checks the names and their uniqueness.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::BadTicker`] or [`Error::DuplicateTicker`].
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let tickers =
            names.into_iter().map(|name| Ticker::new(name.as_ref())).collect::<Result<Vec<_>>>()?;
        Self::from_tickers(tickers)
    }

    /// As [`Universe::new`], from checked names.
    ///
    /// # Errors
    /// [`Error::Empty`] or [`Error::DuplicateTicker`].
    pub fn from_tickers(tickers: Vec<Ticker>) -> Result<Self> {
        if tickers.is_empty() {
            return Err(Error::Empty { what: "the list of assets" });
        }
        let mut seen = std::collections::HashMap::new();
        for (index, ticker) in tickers.iter().enumerate() {
            if let Some(first) = seen.insert(ticker.clone(), index) {
                return Err(Error::DuplicateTicker {
                    ticker: ticker.clone(),
                    first: first + 1,
                    second: index + 1,
                });
            }
        }
        Ok(Self(tickers.into()))
    }

    /// How many assets there are.
    #[allow(clippy::len_without_is_empty)] // a universe is never empty
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The names in order.
    pub fn tickers(&self) -> &[Ticker] {
        &self.0
    }

    /// The position of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|ticker| ticker.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticker_cannot_leave_its_folder() {
        for text in ["../../x", "a/b", "", ".hidden", "a\\b", "a b", "ÄÖÜ"] {
            assert!(Ticker::new(text).is_err(), "{text}");
        }
        for text in ["SPY", "BRK-B", "0P000071W8.TO", "EURUSD=X", "^GSPC", "MOWI.OL"] {
            assert!(Ticker::new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn two_assets_of_one_name_are_refused_with_their_places() {
        let error = Universe::new(["SPY", "QQQ", "SPY"]).unwrap_err();
        assert_eq!(error.to_string(), "SPY is listed twice among the assets, at positions 1 and 3");
    }
}
