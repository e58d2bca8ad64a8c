//! The funds of stocks: sectors, themes and momentum.

use walkfolio_core::Date;

use super::stocks::Stock;

/// A fund that holds stocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct StockFund {
    pub(super) ticker: &'static str,
    pub(super) listed: Date,
    /// Price on its first session.
    pub(super) price: f64,
    pub(super) holds: Holds,
}

/// Which stocks a fund holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// All names of the sector of the fund's name.
    Sector,
    /// All names of the theme of this number.
    Theme(usize),
    /// The momentum portfolio.
    Momentum,
}

const fn fund(ticker: &'static str, listed: (i16, i8, i8), price: f64, holds: Holds) -> StockFund {
    let (year, month, day) = listed;
    StockFund { ticker, listed: Date::constant(year, month, day), price, holds }
}

/// When the nine sector funds listed.
const SPDR: (i16, i8, i8) = (1998, 12, 22);

/// The table, with the listing dates of the funds of these names.
pub(super) const STOCK_FUNDS: [StockFund; 12] = [
    fund("XLE", SPDR, 31.5, Holds::Sector),
    fund("XLF", SPDR, 13.8, Holds::Sector),
    fund("XLU", SPDR, 17.2, Holds::Sector),
    fund("XLI", SPDR, 21.3, Holds::Sector),
    fund("XLK", SPDR, 15.9, Holds::Sector),
    fund("XLV", SPDR, 22.7, Holds::Sector),
    fund("XLY", SPDR, 26.4, Holds::Sector),
    fund("XLP", SPDR, 14.6, Holds::Sector),
    fund("XLB", SPDR, 19.0, Holds::Sector),
    fund("SMH", (2000, 5, 5), 14.9, Holds::Theme(0)),
    fund("AIQ", (2018, 5, 16), 14.8, Holds::Theme(1)),
    fund("MTUM", (2013, 4, 18), 44.6, Holds::Momentum),
];

impl StockFund {
    /// The stocks it always holds, by index; the momentum fund's change with its reviews.
    pub(super) fn members(&self, stocks: &[Stock]) -> Vec<usize> {
        let held = |stock: &Stock| match self.holds {
            Holds::Sector => stock.sector == self.ticker,
            Holds::Theme(theme) => stock.themes[theme],
            Holds::Momentum => false,
        };
        (0..stocks.len()).filter(|&i| held(&stocks[i])).collect()
    }
}
