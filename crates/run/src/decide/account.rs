//! An account's holdings in the words of a study: its shares, its prices, and what does not fit.

use walkfolio_core::{Date, Note, Weights};
use walkfolio_data::{AccountHoldings, HeldPosition, Quantity};
use walkfolio_orders::Account;

use super::live::Live;
use super::tax_input::TaxInput;
use crate::{Error, Result};

/// Prices that differ by a larger part are told.
const APART: f64 = 0.02;
/// A ratio of two prices this near to that of a split is a split's.
const SPLIT: f64 = 0.03;
/// How many new shares there are for an old one. Ratios nearer to 1 could as well be those of two currencies, or a
/// large dividend: they are a difference of prices, which changes no shares.
const SPLITS: [f64; 14] =
    [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0, 1.5];

/// What is known of an account.
///
/// # Examples
/// See [`Live::account`].
#[derive(Debug, Clone)]
pub struct AccountInput {
    /// Its positions.
    pub holdings: AccountHoldings,
    /// Its cash, in place of that of the file.
    pub cash: Option<f64>,
    /// What it is worth in all; needed for holdings that are weights.
    pub value: Option<f64>,
    /// Prices of now, unadjusted, in place of the last ones of the data.
    pub quotes: Vec<(String, f64)>,
    /// Its tax lots.
    pub tax: Option<TaxInput>,
}

/// An account on the market of a study.
#[derive(Debug, Clone)]
pub struct LiveAccount {
    /// Shares by universe index, and cash.
    pub account: Account,
    /// The price of a share by universe index; 1 for assets without a price, which are neither held nor bought.
    pub prices: Vec<f64>,
    /// The holdings as weights.
    pub weights: Weights,
    /// What does not fit.
    pub notes: Vec<Note>,
}

impl Live<'_> {
    /// Puts an account on the market of the study.
    ///
    /// Tickers are matched by their letters and digits, so that `BRK B` is `BRK-B`. A ticker that is none of the
    /// study's is left alone and no part of what the account is worth here. Shares of a file that is older than
    /// a split are multiplied by its ratio, which the prices of the file and of the data tell.
    ///
    /// # Errors
    /// [`Error::Account`] for a position without a price, weights without a value, or an account that is worth
    /// nothing.
    pub fn account(&self, input: &AccountInput) -> Result<LiveAccount> {
        let n = self.market().universe().len();
        let mut notes = input.holdings.notes.clone();
        let quotes = self.quotes(input, &mut notes);
        let priced: Vec<Option<f64>> = (0..n)
            .map(|asset| quotes[asset].or_else(|| self.price(asset).map(|(price, _)| price)))
            .collect();
        let value = whole_value(input)?;
        let mut shares = vec![0.0; n];
        let mut unknown = Vec::new();
        for position in &input.holdings.positions {
            if is_cash(position) {
                continue;
            }
            let Some(asset) = self.asset(&position.ticker) else {
                unknown.push(position.ticker.clone());
                continue;
            };
            let price = priced[asset].ok_or_else(|| no_price(position))?;
            shares[asset] += match position.held {
                Quantity::Shares(own) => {
                    own * self.split_since(position, asset, input.holdings.date, &mut notes)
                }
                Quantity::Value(worth) => worth / price,
                Quantity::Weight(weight) => weight * value.ok_or_else(no_value)? / price,
            };
        }
        let cash = cash(input, value, &mut notes)?;
        unknown.sort();
        unknown.dedup();
        if !unknown.is_empty() {
            notes.push(Note::warning(format!(
                "no assets of the study, left alone and not counted: {}",
                unknown.join(", ")
            )));
        }
        let prices: Vec<f64> = priced.iter().map(|price| price.unwrap_or(1.0)).collect();
        let account = Account { shares, cash };
        let weights = Weights::new(account.weights(&prices).map_err(|error| orders(&error))?)?;
        Ok(LiveAccount { account, prices, weights, notes })
    }

    /// Quotes by universe index, with notes on those that differ from the data.
    fn quotes(&self, input: &AccountInput, notes: &mut Vec<Note>) -> Vec<Option<f64>> {
        let mut quotes = vec![None; self.market().universe().len()];
        for (ticker, price) in &input.quotes {
            let Some(asset) = self.asset(ticker) else { continue };
            quotes[asset] = Some(*price);
            if let Some((known, date)) =
                self.price(asset).filter(|(known, _)| differs(*price, *known))
            {
                notes.push(Note::warning(format!(
                    "the quote of {ticker} is {price}, its last price in the data {known} on {date}"
                )));
            }
        }
        quotes
    }

    /// How many shares there are now for each of the file's, by its price and the data's of that day.
    fn split_since(
        &self,
        position: &HeldPosition,
        asset: usize,
        date: Option<Date>,
        notes: &mut Vec<Note>,
    ) -> f64 {
        let (Some(stated), Some((known, on))) = (position.price, self.price_on(asset, date)) else {
            return 1.0;
        };
        let ratio = stated / known;
        let near = |split: f64| (ratio / split - 1.0).abs() <= SPLIT;
        let found =
            SPLITS.into_iter().flat_map(|split| [split, 1.0 / split]).find(|split| near(*split));
        let ticker = &position.ticker;
        if let Some(split) = found.filter(|_| date.is_some_and(|date| date < self.known())) {
            notes.push(Note::warning(format!(
                "{ticker} was split since the holdings of {on}: {stated} there is {known} in the data; its shares count {split} times"
            )));
            return split;
        }
        if differs(stated, known) {
            notes.push(Note::warning(format!(
                "the price of {ticker} is {stated} in the holdings and {known} in the data on {on}"
            )));
        }
        1.0
    }

    /// The last price of the data until a day, which is adjusted for later splits.
    fn price_on(&self, asset: usize, date: Option<Date>) -> Option<(f64, Date)> {
        let Some(date) = date else { return self.price(asset) };
        let market = self.market();
        let known = market.dates().partition_point(|session| *session <= date).min(self.row());
        let row = known.checked_sub(1)?;
        Some((market.prices().value(row, asset)?, market.dates()[row]))
    }
}

/// What the account is worth, where holdings are weights.
fn whole_value(input: &AccountInput) -> Result<Option<f64>> {
    let weights = input.holdings.positions.iter().filter_map(|own| match own.held {
        Quantity::Weight(weight) => Some(weight),
        Quantity::Shares(_) | Quantity::Value(_) => None,
    });
    let (mut sum, mut any) = (0.0, false);
    for weight in weights {
        (sum, any) = (sum + weight, true);
    }
    if any && sum > 1.0 + 1e-6 {
        return Err(Error::Account {
            what: format!("the weights of the holdings sum to {sum}, more than 1"),
            hint: "correct the file; weights are fractions of what the account is worth".to_owned(),
        });
    }
    Ok(input.value)
}

fn cash(input: &AccountInput, value: Option<f64>, notes: &mut Vec<Note>) -> Result<f64> {
    let weighed: Vec<f64> = input
        .holdings
        .positions
        .iter()
        .filter_map(|own| match own.held {
            Quantity::Weight(weight) if !is_cash(own) => Some(weight),
            _ => None,
        })
        .collect();
    let cash = match (input.cash, input.holdings.cash, weighed.is_empty()) {
        (Some(cash), ..) | (None, Some(cash), _) => cash,
        (None, None, false) => value.ok_or_else(no_value)? * (1.0 - weighed.iter().sum::<f64>()),
        (None, None, true) => 0.0,
    };
    if let Some((own, stated)) =
        input.cash.zip(input.holdings.cash).filter(|(a, b)| differs(*a, *b))
    {
        notes.push(Note::warning(format!(
            "the cash is {own}, the file of the holdings has {stated}"
        )));
    }
    if cash < 0.0 {
        notes.push(Note::warning(format!(
            "the account owes {} in cash: assets are sold for it",
            -cash
        )));
    }
    Ok(cash)
}

/// A row of weights that is cash.
fn is_cash(position: &HeldPosition) -> bool {
    let name = position.ticker.to_lowercase();
    matches!(name.as_str(), "cash" | "$cash" | "cash & cash investments")
}

fn differs(a: f64, b: f64) -> bool {
    (a - b).abs() > APART * b.abs().max(f64::MIN_POSITIVE)
}

fn no_price(position: &HeldPosition) -> Error {
    Error::Account {
        what: format!(
            "{} (line {} of the holdings) has no price before the session",
            position.ticker, position.line
        ),
        hint: "give its price in a file of quotes: --prices FILE".to_owned(),
    }
}

fn no_value() -> Error {
    Error::Account {
        what: "the holdings are weights, and nothing says what the account is worth".to_owned(),
        hint: "say it with --value".to_owned(),
    }
}

/// An error of the orders, as one of the account.
pub(crate) fn orders(error: &walkfolio_orders::Error) -> Error {
    let hint = error.hint().unwrap_or_default();
    Error::Account { what: error.to_string(), hint }
}
