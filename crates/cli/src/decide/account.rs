//! The account of the options.

use walkfolio::orders::{Lot, LotMethod, TaxRates, TradeRules};
use walkfolio::{AccountHoldings, AccountInput, Error, TaxInput, Terms, read_quotes};

use crate::args::{AccountOptions, LotChoice};
use crate::failure::Failure;

/// The account that is to be traded, if one is given.
pub fn input(options: &AccountOptions) -> Result<Option<AccountInput>, Failure> {
    let Some(path) = &options.holdings else { return Ok(None) };
    let holdings = AccountHoldings::read(path).map_err(Error::from)?;
    let quotes = quotes(options)?;
    let (cash, value) = (options.cash, options.value);
    Ok(Some(AccountInput { holdings, cash, value, quotes, tax: tax(options)? }))
}

fn tax(options: &AccountOptions) -> Result<Option<TaxInput>, Failure> {
    let Some(path) = &options.lots else { return Ok(None) };
    let (method, rates) = method(options)?;
    let lots = AccountHoldings::read(path).map_err(Error::from)?;
    Ok(Some(TaxInput { lots, method, rates, max_gains: options.max_gains }))
}

/// How many accounts are traded, each with lots of its own.
pub fn terms(options: &AccountOptions) -> Result<Terms, Failure> {
    let (method, rates) = method(options)?;
    let quotes = quotes(options)?;
    let rules = TradeRules { nodes: TradeRules::MANY, ..rules(options) };
    Ok(Terms { rules, band_risk: options.band_risk, method, rates, quotes })
}

fn quotes(options: &AccountOptions) -> Result<Vec<(String, f64)>, Failure> {
    match &options.prices {
        Some(path) => Ok(read_quotes(path).map_err(Error::from)?),
        None => Ok(Vec::new()),
    }
}

/// Which lots sales take, and the rates of the tax.
fn method(options: &AccountOptions) -> Result<(LotMethod, Option<TaxRates>), Failure> {
    let rates = options.tax_rates.map(|(short_term, long_term)| TaxRates { short_term, long_term });
    let method = match (options.lot_method, rates) {
        (None | Some(LotChoice::HighestCost), _) => LotMethod::HighestCost,
        (Some(LotChoice::Fifo), _) => LotMethod::Fifo,
        (Some(LotChoice::MinimumTax), Some(rates)) => LotMethod::MinimumTax(rates),
        (Some(LotChoice::MinimumTax), None) => {
            let what = "--lot-method minimum-tax needs the rates of the tax".to_owned();
            return Err(Failure::plain(what, Some("add --tax-rates 0.37,0.20".to_owned())));
        }
    };
    Ok((method, rates))
}

/// How it is traded; the costs are the study's.
pub fn rules(options: &AccountOptions) -> TradeRules {
    let lot = match (options.fractional, options.lot) {
        (true, _) => Lot::FRACTIONAL,
        (false, Some(shares)) => Lot::of(shares),
        (false, None) => Lot::WHOLE,
    };
    TradeRules {
        lot,
        min_value: options.min_trade.unwrap_or(0.0),
        band: options.band.unwrap_or(0.0),
        ..TradeRules::whole(0.0)
    }
}
