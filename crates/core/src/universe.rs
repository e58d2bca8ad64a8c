//! Names of assets.

use std::sync::Arc;

use crate::{Error, Result, Ticker};

impl Ticker {
    /// The longest name, in characters.
    pub const LONGEST: usize = 64;

    /// Checks a name, without the blanks around it.
    ///
    /// # Errors
    /// [`Error::BadTicker`] with the rule that the text breaks.
    pub fn new(text: &str) -> Result<Self> {
        let bad = |rule| Err(Error::BadTicker { text: text.to_owned(), rule });
        let name = text.trim();
        if name.is_empty() {
            return bad("it is empty");
        }
        if name.chars().count() > Self::LONGEST {
            return bad("it is longer than 64 characters");
        }
        if name.chars().any(is_invisible) {
            return bad("it holds a character that is not printed");
        }
        Ok(Self(name.into()))
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

    /// The name as part of a file's name: what is neither a letter, a digit nor one of `. - ^ = _`
    /// becomes `%` and two hexadecimal digits a byte.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::Ticker;
    ///
    /// assert_eq!(Ticker::new("BTC/USD")?.file_name(), "BTC%2FUSD");
    /// assert_eq!(Ticker::new("..")?.file_name(), "%2E.");
    /// assert_eq!(Ticker::of_file_name("BTC%2FUSD"), Ticker::new("BTC/USD").ok());
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn file_name(&self) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-^=_".contains(&byte);
        let part = |(at, byte): (usize, u8)| {
            // A leading dot hides a file.
            let kept = plain(byte) && (at > 0 || byte != b'.');
            if kept { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        };
        self.as_str().bytes().enumerate().map(part).collect()
    }

    /// The ticker that a file is named after.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let digit =
            |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut bytes = Vec::with_capacity(name.len());
        let mut rest = name.as_bytes();
        while let [byte, after @ ..] = rest {
            let code = match after {
                [high, low, ..] if *byte == b'%' => digit(*high).zip(digit(*low)),
                _ => None,
            };
            bytes.push(code.map_or(*byte, |(high, low)| 16 * high + low));
            rest = if code.is_some() { &after[2..] } else { after };
        }
        Self::new(&String::from_utf8(bytes).ok()?).ok()
    }
}

/// Whether a character leaves no mark, or changes the direction of others.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
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
    fn any_printable_name_is_a_ticker() {
        let long = "x".repeat(65);
        for text in ["", " ", "A\tB", "A\nB", "A\0", "A\u{202e}B", &long] {
            assert!(Ticker::new(text).is_err(), "{text:?}");
        }
        for text in [
            "SPY",
            "BRK-B",
            "0P000071W8.TO",
            "EURUSD=X",
            "^GSPC",
            "M&M.NS",
            "BTC/USD",
            "BF B",
            "SPY US Equity",
            "TRUE",
            "NaN",
            ".SPX",
            "Société Générale",
        ] {
            assert_eq!(Ticker::new(text).unwrap().as_str(), text);
        }
        assert_eq!(Ticker::new(" SPY ").unwrap().as_str(), "SPY");
    }

    #[test]
    fn a_ticker_cannot_leave_its_folder() {
        for text in ["../../x", "a/b", ".hidden", "a\\b", "a b", "ÄÖ", "C:x", "50%", "%2F"] {
            let ticker = Ticker::new(text).unwrap();
            let name = ticker.file_name();
            let sound = |c: char| c.is_ascii_alphanumeric() || ".-^=_%".contains(c);
            assert!(name.chars().all(sound) && !name.starts_with('.'), "{name}");
            assert_eq!(Ticker::of_file_name(&name), Some(ticker));
        }
        assert_eq!(Ticker::new("BRK-B").unwrap().file_name(), "BRK-B");
        assert_eq!(Ticker::of_file_name("50%").unwrap().as_str(), "50%");
    }

    #[test]
    fn two_assets_of_one_name_are_refused_with_their_places() {
        let error = Universe::new(["SPY", "QQQ", "SPY"]).unwrap_err();
        assert_eq!(error.to_string(), "SPY is listed twice among the assets, at positions 1 and 3");
    }
}
