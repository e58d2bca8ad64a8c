//! One history of the sample market, series by series.

use std::cell::OnceCell;

use sha2::{Digest, Sha256};
use walkfolio_core::{Date, Error as CoreError, Factors, Matrix, Prices, Ticker, Universe, hex};

use super::common::Common;
use super::funds::{Holds, STOCK_FUNDS, StockFund};
use super::global::GLOBAL_FUNDS;
use super::stock_market::StockMarket;
use super::{momentum, stocks};
use crate::Result;
use crate::loaded::SourceRecord;

/// The simulation and its version, which changes whenever a seed's prices do.
const FORMAT: &str = "simulation 1";

/// All names of the sample market: the funds, then the stocks.
pub fn names() -> Vec<String> {
    let funds = STOCK_FUNDS.iter().map(|fund| fund.ticker.to_owned());
    let global = GLOBAL_FUNDS.iter().map(|fund| fund.ticker.to_owned());
    funds.chain(global).chain(stocks::names()).collect()
}

/// How every output names the data.
pub(super) fn name_of(seed: u64) -> String {
    format!("synthetic sample market, seed {seed}")
}

/// One history; the stocks are simulated when the first series needs them.
pub(super) struct Simulation {
    pub(super) seed: u64,
    pub(super) common: Common,
    stocks: OnceCell<StockMarket>,
}

impl Simulation {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, common: Common::simulate(seed), stocks: OnceCell::new() }
    }

    pub(super) fn stock_market(&self) -> &StockMarket {
        self.stocks.get_or_init(|| StockMarket::simulate(self.seed, &self.common))
    }

    /// Adjusted closes of some names.
    pub(super) fn prices(&self, universe: &Universe) -> Result<Prices> {
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

    pub(super) fn factors(&self) -> Result<(Factors, SourceRecord)> {
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
    pub(super) fn record(&self, role: &'static str, prices: &Prices) -> SourceRecord {
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
        let (first, last) = (Some(first), Some(last));
        SourceRecord { role, name, format: FORMAT, sha256, rows, first, last, vintage: None }
    }
}

/// The SHA-256 of the bits of values, little-endian, in hexadecimal digits.
fn digest(values: impl Iterator<Item = f64>) -> String {
    let mut hasher = Sha256::new();
    values.for_each(|value| hasher.update(value.to_bits().to_le_bytes()));
    hex(&hasher.finalize())
}
