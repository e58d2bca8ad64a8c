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
mod random;
mod regimes;
mod stock_market;
mod stocks;
mod truth;

use std::cell::OnceCell;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use walkfolio_core::{
    Date, Error as CoreError, Factors, Market, Matrix, Note, Prices, Series, Ticker, Universe,
};

use self::common::Common;
use self::funds::{Holds, STOCK_FUNDS, StockFund};
use self::global::GLOBAL_FUNDS;
use self::stock_market::StockMarket;
use crate::{Loaded, Result, SourceRecord};

pub use self::momentum::{Holding, Review};
pub use self::regimes::{Mood, Regime};
pub use self::stocks::Stock;
pub use self::truth::{FundLoadings, Members, Truth, truth};

/// The seed of the reference studies.
pub const DEFAULT_SEED: u64 = 20_240_328;

/// The simulation and its version, which changes whenever a seed's prices do.
const FORMAT: &str = "simulation 1";

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

/// All names of the sample market: the funds, then the stocks.
pub fn names() -> Vec<String> {
    let funds = STOCK_FUNDS.iter().map(|fund| fund.ticker.to_owned());
    let global = GLOBAL_FUNDS.iter().map(|fund| fund.ticker.to_owned());
    funds.chain(global).chain(stocks::names()).collect()
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
    Ok(Loaded { market, sources, notes: vec![Note::warning(message)], synthetic: true })
}

/// How every output names the data.
fn name_of(seed: u64) -> String {
    format!("synthetic sample market, seed {seed}")
}

/// One history; the stocks are simulated when the first series needs them.
struct Simulation {
    seed: u64,
    common: Common,
    stocks: OnceCell<StockMarket>,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        Self { seed, common: Common::simulate(seed), stocks: OnceCell::new() }
    }

    fn stock_market(&self) -> &StockMarket {
        self.stocks.get_or_init(|| StockMarket::simulate(self.seed, &self.common))
    }

    /// Adjusted closes of some names.
    fn prices(&self, universe: &Universe) -> Result<Prices> {
        let known = names();
        let unknown = |ticker: &&Ticker| !known.iter().any(|name| name == ticker.as_str());
        if let Some(asset) = universe.tickers().iter().find(unknown) {
            let known = known.iter().map(|name| Ticker::new(name)).collect::<Result<_, _>>()?;
            let place = "the sample market".to_owned();
            return Err(CoreError::UnknownAsset { asset: asset.clone(), place, known }.into());
        }
        let columns = universe.tickers().iter().map(|ticker| self.column(ticker.as_str()));
        Ok(Prices::new(self.common.dates.clone(), universe.clone(), columns.collect())?)
    }

    /// The prices of a name.
    fn column(&self, name: &str) -> Vec<Option<f64>> {
        if let Some(index) = GLOBAL_FUNDS.iter().position(|fund| fund.ticker == name) {
            let fund = &GLOBAL_FUNDS[index];
            let values = fund.values(self.seed, index, &self.common);
            return self.quote(&values, fund.listed, fund.price);
        }
        if let Some(fund) = STOCK_FUNDS.iter().find(|fund| fund.ticker == name) {
            return self.quote(&self.stock_fund(fund), fund.listed, fund.price);
        }
        let market = self.stock_market();
        let stock = market.stocks.iter().position(|stock| stock.name == name).unwrap_or_default();
        self.quote(&market.sum(&[stock]), self.common.dates[0], stocks::FIRST_PRICE)
    }

    /// The value of a fund of stocks, in any unit.
    fn stock_fund(&self, fund: &StockFund) -> Vec<f64> {
        let market = self.stock_market();
        match fund.holds {
            Holds::Sector | Holds::Theme(_) => market.sum(&fund.members(&market.stocks)),
            Holds::Momentum => momentum::values(market, &momentum::reviews(market, &self.common)),
        }
    }

    /// Values as prices to six decimals, from the listing on.
    fn quote(&self, values: &[f64], listed: Date, price: f64) -> Vec<Option<f64>> {
        const DECIMALS: f64 = 1e6;
        let first = self.common.row_on_or_after(listed);
        let scale = price / values[first];
        let quote = |value: f64| (value * scale * DECIMALS).round() / DECIMALS;
        let rows = values.iter().enumerate();
        rows.map(|(row, &value)| (row >= first).then(|| quote(value))).collect()
    }

    fn factors(&self) -> Result<(Factors, SourceRecord)> {
        let common = &self.common;
        let rows = common.rows();
        let row = |t: usize| [common.market[t], common.smb[t], common.hml[t]];
        let values: Vec<f64> = (0..rows).flat_map(row).collect();
        let bits = values.iter().chain(&common.risk_free).copied();
        let record = self.source("factors", (common.dates[0], common.dates[rows - 1], rows), bits);
        let names = ["Mkt-RF", "SMB", "HML"].map(str::to_owned).to_vec();
        let values = Matrix::from_rows(rows, 3, values);
        let cash = common.risk_free.clone();
        Ok((Factors::new(&common.dates, names, values, cash, 0..rows)?, record))
    }

    /// The record of prices; its dates are those on which at least one name has a price.
    fn record(&self, role: &'static str, prices: &Prices) -> SourceRecord {
        let assets = 0..prices.universe().len();
        let listings: Vec<_> = assets.clone().map(|asset| prices.listing(asset)).collect();
        let start = listings.iter().map(|listing| listing.start).min().unwrap_or_default();
        let dates = &prices.dates()[start..];
        let bits = assets.flat_map(|asset| {
            prices.listing(asset).filter_map(move |row| prices.value(row, asset))
        });
        self.source(role, (dates[0], dates[dates.len() - 1], dates.len()), bits)
    }

    fn source(
        &self,
        role: &'static str,
        (first, last, rows): (Date, Date, usize),
        values: impl Iterator<Item = f64>,
    ) -> SourceRecord {
        let (name, sha256) = (name_of(self.seed), digest(values));
        SourceRecord { role, name, format: FORMAT, sha256, rows, first, last, vintage: None }
    }
}

/// The SHA-256 of the bits of values, little-endian, in hexadecimal digits.
fn digest(values: impl Iterator<Item = f64>) -> String {
    let mut hasher = Sha256::new();
    values.for_each(|value| hasher.update(value.to_bits().to_le_bytes()));
    hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
