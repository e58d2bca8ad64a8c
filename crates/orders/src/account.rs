//! What an account holds.

use crate::error::{Error, Result};

/// Shares and cash.
///
/// # Shape and units
/// One number of shares for each asset, negative for short positions; cash in the account's currency.
/// # Examples
/// ```
/// use walkfolio_orders::Account;
///
/// let account = Account { shares: vec![10.0, 5.0], cash: 100.0 };
/// assert_eq!(account.equity(&[50.0, 80.0]), 1_000.0);
/// assert_eq!(account.weights(&[50.0, 80.0])?, [0.5, 0.4]);
/// # Ok::<(), walkfolio_orders::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Shares of each asset.
    pub shares: Vec<f64>,
    /// Cash.
    pub cash: f64,
}

impl Account {
    /// What it is worth at some prices.
    pub fn equity(&self, prices: &[f64]) -> f64 {
        self.shares.iter().zip(prices).map(|(shares, price)| shares * price).sum::<f64>()
            + self.cash
    }

    /// The positions as fractions of what it is worth.
    ///
    /// # Errors
    /// [`Error::NoEquity`] unless it is worth something, [`Error::Value`] for a price that is not positive.
    pub fn weights(&self, prices: &[f64]) -> Result<Vec<f64>> {
        self.check(prices)?;
        let equity = self.equity(prices);
        if equity <= 0.0 {
            return Err(Error::NoEquity { equity });
        }
        Ok(self.shares.iter().zip(prices).map(|(shares, price)| shares * price / equity).collect())
    }

    pub(crate) fn check(&self, prices: &[f64]) -> Result<()> {
        let (expected, found) = (self.shares.len(), prices.len());
        if expected != found {
            return Err(Error::Shape { what: "prices", expected, found });
        }
        for (asset, &value) in prices.iter().enumerate() {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::Value { what: "the price", asset, rule: "above 0", value });
            }
        }
        for (asset, &value) in self.shares.iter().enumerate() {
            if !value.is_finite() {
                return Err(Error::Value {
                    what: "the number of shares",
                    asset,
                    rule: "finite",
                    value,
                });
            }
        }
        Ok(())
    }
}
