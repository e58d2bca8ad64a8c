//! What the sample market is made of, for checks of estimators.

use walkfolio_core::Date;

use super::funds::STOCK_FUNDS;
use super::global::GLOBAL_FUNDS;
use super::momentum::{self, Review};
use super::regimes::{REGIMES, Regime};
use super::simulation::Simulation;
use super::stocks::Stock;

/// Everything about a sample market that an estimator could try to find out.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// The seed it belongs to.
    pub seed: u64,
    /// Its sessions.
    pub dates: Vec<Date>,
    /// The script of volatility and premium, oldest first.
    pub regimes: Vec<Regime>,
    /// The global funds and their loadings.
    pub global_funds: Vec<FundLoadings>,
    /// The stocks.
    pub stocks: Vec<Stock>,
    /// The sector and theme funds and what they hold, in proportion to capitalization.
    pub stock_funds: Vec<Members>,
    /// The reviews of the momentum fund `MTUM`, oldest first.
    pub reviews: Vec<Review>,
}

/// What a global fund's return above cash is made of.
///
/// # Units
/// Fractions a year.
#[derive(Debug, Clone, PartialEq)]
pub struct FundLoadings {
    /// Its name.
    pub ticker: &'static str,
    /// Loading on `Mkt-RF`.
    pub market: f64,
    /// Loading on `SMB`.
    pub smb: f64,
    /// Loading on `HML`.
    pub hml: f64,
    /// Mean return that the factors do not explain.
    pub alpha_annual: f64,
}

/// The stocks of a fund.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    /// Its name.
    pub ticker: &'static str,
    /// Indices among the stocks.
    pub stocks: Vec<usize>,
}

/// The truth behind the sample market of a seed.
///
/// # Examples
/// ```
/// let truth = walkfolio_data::sample::truth(walkfolio_data::sample::DEFAULT_SEED);
/// let spy = truth.global_funds.iter().find(|fund| fund.ticker == "SPY");
/// assert_eq!(spy.map(|fund| fund.market), Some(0.99));
/// ```
pub fn truth(seed: u64) -> Truth {
    let simulation = Simulation::new(seed);
    let market = simulation.stock_market();
    let loadings = |fund: &super::global::GlobalFund| FundLoadings {
        ticker: fund.ticker,
        market: fund.loadings[0],
        smb: fund.loadings[1],
        hml: fund.loadings[2],
        alpha_annual: fund.alpha_annual,
    };
    let members = |fund: &super::funds::StockFund| {
        let stocks = fund.members(&market.stocks);
        (!stocks.is_empty()).then_some(Members { ticker: fund.ticker, stocks })
    };
    let reviews = momentum::reviews(market, &simulation.common);
    Truth {
        seed,
        dates: simulation.common.dates.clone(),
        regimes: REGIMES.to_vec(),
        global_funds: GLOBAL_FUNDS.iter().map(loadings).collect(),
        stocks: market.stocks.clone(),
        stock_funds: STOCK_FUNDS.iter().filter_map(members).collect(),
        reviews: reviews.into_iter().map(|(_, review)| review).collect(),
    }
}
