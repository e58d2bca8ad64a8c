//! The names of the stock market: sectors, sizes, loadings.

use super::common::Latent;
use super::random::{Purpose, Stream};

/// A sector as it is simulated; its fund holds all its names.
pub(super) struct Sector {
    pub(super) ticker: &'static str,
    pub(super) names: usize,
    /// Share of the whole market's capitalization at the start.
    share: f64,
    /// Mean loadings of its names on `Mkt-RF`, `SMB` and `HML`.
    loadings: [f64; 3],
    /// Volatility a year of its own factor, in calm years.
    pub(super) volatility_annual: f64,
    /// A latent factor that moves it too, and by how much.
    pub(super) latent: (Latent, f64),
}

const fn sector(ticker: &'static str, names: usize, share: f64) -> Sector {
    let latent = (Latent::Dollar, 0.0);
    Sector { ticker, names, share, loadings: [0.0; 3], volatility_annual: 0.0, latent }
}

/// The nine sectors, 300 names.
pub(super) const SECTORS: [Sector; 9] = [
    Sector {
        loadings: [1.00, 0.00, 0.45],
        volatility_annual: 0.11,
        latent: (Latent::Oil, 0.30),
        ..sector("XLE", 28, 0.095)
    },
    Sector { loadings: [1.10, 0.00, 0.65], volatility_annual: 0.065, ..sector("XLF", 42, 0.190) },
    Sector { loadings: [0.60, -0.15, 0.10], volatility_annual: 0.100, ..sector("XLU", 24, 0.035) },
    Sector { loadings: [1.05, 0.05, 0.20], volatility_annual: 0.045, ..sector("XLI", 42, 0.115) },
    Sector {
        loadings: [1.10, 0.00, -0.40],
        volatility_annual: 0.035,
        latent: (Latent::Tech, 1.00),
        ..sector("XLK", 48, 0.175)
    },
    Sector { loadings: [0.80, -0.10, -0.20], volatility_annual: 0.075, ..sector("XLV", 38, 0.130) },
    Sector { loadings: [1.05, 0.10, -0.05], volatility_annual: 0.055, ..sector("XLY", 34, 0.110) },
    Sector { loadings: [0.60, -0.20, 0.00], volatility_annual: 0.075, ..sector("XLP", 24, 0.105) },
    Sector {
        loadings: [1.10, 0.10, 0.30],
        volatility_annual: 0.065,
        latent: (Latent::Dollar, -0.25),
        ..sector("XLB", 20, 0.045)
    },
];

/// A group of names across sectors that move together, with a fund of its own.
pub(super) struct Theme {
    /// Volatility a year of its own factor, in calm years.
    pub(super) volatility_annual: f64,
    /// Sector, first and last name within it.
    ranges: &'static [(&'static str, usize, usize)],
}

/// Semiconductors (`SMH`), all of them technology, and artificial intelligence (`AIQ`).
pub(super) const THEMES: [Theme; 2] = [
    Theme { volatility_annual: 0.125, ranges: &[("XLK", 3, 18)] },
    Theme {
        volatility_annual: 0.070,
        ranges: &[("XLK", 1, 2), ("XLK", 12, 36), ("XLY", 1, 5), ("XLI", 8, 10)],
    },
];

/// A stock of the sample market.
///
/// # Units
/// Volatility as a fraction a year in calm years; the share is a fraction of the whole market.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    /// Its name, the fund of its sector and a number.
    pub name: String,
    /// The fund of its sector.
    pub sector: &'static str,
    /// Which of the theme funds hold it, `SMH` and `AIQ`.
    pub themes: [bool; 2],
    /// Loading on `Mkt-RF`.
    pub market: f64,
    /// Loading on `SMB`.
    pub smb: f64,
    /// Loading on `HML`.
    pub hml: f64,
    /// Standard deviation of what no factor explains.
    pub specific_volatility_annual: f64,
    /// Share of the whole market's capitalization on the first session.
    pub first_share: f64,
}

/// Price of every stock on the first session.
pub(super) const FIRST_PRICE: f64 = 50.0;

/// The names of all stocks, sector by sector.
pub(super) fn names() -> impl Iterator<Item = String> {
    SECTORS.iter().flat_map(|sector| (1..=sector.names).map(|number| name(sector, number)))
}

fn name(sector: &Sector, number: usize) -> String {
    format!("{}-{number:02}", sector.ticker)
}

/// Draws all names; weighted by capitalization their loadings are those of the market itself.
pub(super) fn draw(seed: u64) -> Vec<Stock> {
    let mut stocks: Vec<Stock> = Vec::new();
    for sector in &SECTORS {
        let first = stocks.len();
        for number in 1..=sector.names {
            stocks.push(draw_one(seed, stocks.len(), sector, number));
        }
        let names = &mut stocks[first..];
        let sum: f64 = names.iter().map(|stock| stock.first_share).sum();
        for stock in names {
            stock.first_share *= sector.share / sum;
        }
    }
    normalize(&mut stocks);
    stocks
}

/// One name; its share is still a multiple of its sector's typical one.
fn draw_one(seed: u64, index: usize, sector: &Sector, number: usize) -> Stock {
    let mut stream = Stream::new(seed, Purpose::StockTraits, index);
    let size = stream.normal();
    let [market, smb, hml] = sector.loadings;
    let within = |theme: &Theme| {
        let inside =
            |&(name, from, to): &(_, _, _)| name == sector.ticker && (from..=to).contains(&number);
        theme.ranges.iter().any(inside)
    };
    Stock {
        name: name(sector, number),
        sector: sector.ticker,
        themes: [within(&THEMES[0]), within(&THEMES[1])],
        market: market + 0.20 * stream.normal(),
        smb: smb - 0.25 * size + 0.15 * stream.normal(),
        hml: hml + 0.20 * stream.normal(),
        // Large companies are steadier.
        specific_volatility_annual: 0.23 * libm::exp(0.22 * stream.normal() - 0.10 * size),
        first_share: libm::exp(0.90 * size),
    }
}

/// Makes the shares sum to one and the loadings to those of the market: one, zero and zero.
fn normalize(stocks: &mut [Stock]) {
    let total: f64 = stocks.iter().map(|stock| stock.first_share).sum();
    let mut mean = [0.0; 3];
    for stock in stocks.iter_mut() {
        stock.first_share /= total;
        mean[0] += stock.first_share * stock.market;
        mean[1] += stock.first_share * stock.smb;
        mean[2] += stock.first_share * stock.hml;
    }
    for stock in stocks {
        stock.market += 1.0 - mean[0];
        stock.smb -= mean[1];
        stock.hml -= mean[2];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_make_up_the_market() {
        let stocks = draw(1);
        assert_eq!(stocks.len(), 300);
        let sum = |value: fn(&Stock) -> f64| stocks.iter().map(value).sum::<f64>();
        assert!((sum(|stock| stock.first_share) - 1.0).abs() < 1e-12);
        assert!((sum(|stock| stock.first_share * stock.market) - 1.0).abs() < 1e-12);
        assert!(sum(|stock| stock.first_share * stock.smb).abs() < 1e-12);
        assert!(sum(|stock| stock.first_share * stock.hml).abs() < 1e-12);
        let semiconductors = stocks.iter().filter(|stock| stock.themes[0]);
        assert!(semiconductors.clone().all(|stock| stock.sector == "XLK"));
        assert_eq!(semiconductors.count(), 16);
        assert_eq!(stocks.iter().filter(|stock| stock.themes[1]).count(), 35);
    }
}
