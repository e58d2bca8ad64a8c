//! A synthetic market that ships as code: the studies run on it without data or network.
//!
//! Three hundred stocks in nine sectors load on the market, size and value factors, on sector,
//! theme and momentum factors of their own and drift slowly, so that there is momentum; the market
//! goes through calm, turbulent and crisis regimes of the seasons of 2005 to 2025. Sector and theme
//! funds are capitalization-weighted sums of the stocks, `MTUM` is a momentum portfolio reviewed
//! each May and November, and twelve global funds load on the same three factors. All stocks
//! together earn the market factor exactly.
//!
//! Every series draws its random numbers from a stream of its own, keyed by the seed: it does not
//! depend on which others are asked for. The arithmetic is the same on every platform, to the bit.
//! What it is made of is known: [`truth`].

mod common;
mod funds;
mod global;
mod momentum;
mod month_end;
mod random;
mod regimes;
mod simulation;
mod stock_market;
mod stocks;
mod truth;

use walkfolio_core::{Market, Note, Series, Ticker, Universe};

use self::simulation::{Simulation, name_of};
use crate::Result;
use crate::loaded::Loaded;

pub use self::momentum::{Holding, Review};
pub use self::regimes::{Mood, Regime};
pub use self::simulation::names;
pub use self::stocks::Stock;
pub use self::truth::{FundLoadings, Members, Truth, truth};

/// The seed of the reference studies.
pub const DEFAULT_SEED: u64 = 20_240_328;

/// Which factors to add to the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleFactors {
    /// None, and no cash.
    None,
    /// `Mkt-RF`, `SMB`, `HML`, and the risk-free rate as cash.
    FrenchThree,
}

/// What to simulate.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleRequest {
    /// Which of the possible histories.
    pub seed: u64,
    /// The assets, in this order: funds or stocks of [`names`].
    pub assets: Universe,
    /// The benchmark, one of [`names`].
    pub benchmark: Option<Ticker>,
    /// The factors.
    pub factors: SampleFactors,
}

/// Simulates a market from 2005-08-15 to 2025-08-12.
///
/// # Errors
/// [`walkfolio_core::Error::UnknownAsset`] for a name that is not one of [`names`].
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::sample::{DEFAULT_SEED, SampleFactors, SampleRequest, load};
///
/// let loaded = load(&SampleRequest {
///     seed: DEFAULT_SEED,
///     assets: Universe::new(["SPY", "SHV"])?,
///     benchmark: None,
///     factors: SampleFactors::FrenchThree,
/// })?;
/// assert!(loaded.synthetic);
/// assert_eq!(loaded.market.dates()[0].to_string(), "2005-08-15");
/// # Ok::<(), walkfolio_data::Error>(())
/// ```
pub fn load(request: &SampleRequest) -> Result<Loaded> {
    let simulation = Simulation::new(request.seed);
    let dates = &simulation.common.dates;
    let assets = simulation.prices(&request.assets)?;
    let mut sources = vec![simulation.record("prices", &assets)];
    let mut market = Market::new(assets)?;
    if let Some(benchmark) = &request.benchmark {
        let prices = simulation.prices(&Universe::from_tickers(vec![benchmark.clone()])?)?;
        sources.push(simulation.record("benchmark", &prices));
        market = market.with_benchmark(prices)?;
    }
    if request.factors == SampleFactors::FrenchThree {
        let cash = simulation.common.risk_free.clone();
        let cash = Series::new("the risk-free rate", dates, cash, 0..dates.len())?;
        let (factors, record) = simulation.factors()?;
        sources.push(record);
        market = market.with_factors(factors).with_cash(cash);
    }
    let message = format!(
        "the data are simulated ({}): results show how the program works and say nothing about real assets",
        name_of(request.seed)
    );
    Ok(Loaded {
        market,
        sources,
        notes: vec![Note::warning(message)],
        synthetic: true,
        account: None,
    })
}
