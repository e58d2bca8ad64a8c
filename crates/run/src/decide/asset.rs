//! The asset of a broker's ticker.

use super::live::Live;

impl Live<'_> {
    /// The asset of a broker's ticker.
    pub(super) fn asset(&self, ticker: &str) -> Option<usize> {
        let universe = self.market().universe();
        let letters = |text: &str| {
            text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase()
        };
        universe.position(ticker).or_else(|| {
            let wanted = letters(ticker);
            let mut alike = (0..universe.len())
                .filter(|&asset| letters(universe.tickers()[asset].as_str()) == wanted);
            alike.next().filter(|_| alike.next().is_none())
        })
    }
}
