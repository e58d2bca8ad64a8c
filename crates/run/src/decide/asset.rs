//! The assets of brokers' tickers.

use std::collections::BTreeMap;

use walkfolio_core::Universe;

/// Assets by their names, and by the letters and digits of these.
#[derive(Debug)]
pub(super) struct Names {
    exact: BTreeMap<String, usize>,
    /// None where two assets have the same.
    alike: BTreeMap<String, Option<usize>>,
}

impl Names {
    pub fn of(universe: &Universe) -> Self {
        let names = universe.tickers().iter().map(walkfolio_core::Ticker::as_str);
        let exact = names.clone().enumerate().map(|(asset, name)| (name.to_owned(), asset));
        let mut alike: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (asset, name) in names.enumerate() {
            alike.entry(letters(name)).and_modify(|known| *known = None).or_insert(Some(asset));
        }
        Self { exact: exact.collect(), alike }
    }

    /// The asset of a broker's ticker.
    pub fn asset(&self, ticker: &str) -> Option<usize> {
        let exact = self.exact.get(ticker).copied();
        exact.or_else(|| self.alike.get(&letters(ticker)).copied().flatten())
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_however_a_broker_writes_them() {
        let names = Names::of(&Universe::new(["BRK-B", "XLE", "X.LF", "XL-F"]).unwrap());
        assert_eq!(
            (names.asset("BRK B"), names.asset("brk.b"), names.asset("XLE")),
            (Some(0), Some(0), Some(1))
        );
        // Two are alike: only the exact name tells them apart.
        assert_eq!(
            (names.asset("XLF"), names.asset("X.LF"), names.asset("SPY")),
            (None, Some(2), None)
        );
    }
}
