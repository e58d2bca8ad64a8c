//! The same weight of every asset.

use super::given::Given;
use super::one_portfolio::OnePortfolio;
use crate::{Error, Result};

/// `w_i = 1 / N`, whatever the moments are.
///
/// One portfolio: the constraints do not change it, and where they exclude it there is no solution
/// ([`Error::Excluded`]; [`Mandate::nearest`](crate::Mandate::nearest) is the nearest).
///
/// # Shape and units
/// `N` assets. The value of a portfolio is the sum of squared differences from `budget / N`.
/// # Source
/// `DeMiguel`, Garlappi & Uppal (2009), Optimal versus naive diversification.
/// # Examples
/// ```
/// use walkfolio_optimize::{EqualWeight, Error, Mandate};
///
/// assert_eq!(Mandate::long_only(EqualWeight::new(4)?, 1.0)?.solve()?.weights, [0.25; 4]);
/// // No portfolio of 20 % at most in each of four assets is fully invested.
/// let error = Mandate::long_only(EqualWeight::new(4)?, 0.2)?.solve().unwrap_err();
/// assert!(matches!(error, Error::Excluded { .. }));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EqualWeight(Given);

impl EqualWeight {
    /// Of some assets.
    ///
    /// # Errors
    /// [`Error::Invalid`] without assets.
    pub fn new(assets: usize) -> Result<Self> {
        if assets == 0 {
            return Err(Error::Invalid("equal weights of no assets".to_owned()));
        }
        Ok(Self(Given { called: "equal weights", weights: vec![1.0 / assets as f64; assets] }))
    }
}

impl OnePortfolio for EqualWeight {
    fn portfolio(&self) -> &Given {
        &self.0
    }
}
