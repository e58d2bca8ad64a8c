//! A portfolio.

use crate::{Error, Result};

/// Portfolio weights by universe index, fractions of equity; negative is short.
/// # Examples
/// ```
/// use walkfolio_core::Weights;
///
/// let weights = Weights::new(vec![1.25, 0.0, -0.25])?;
/// assert_eq!((weights.sum(), weights.gross(), weights.holdings()), (1.0, 1.5, 2));
/// assert!(Weights::new(vec![f64::NAN]).is_err());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<f64>);

impl Weights {
    /// Checks that all weights are finite.
    ///
    /// # Errors
    /// [`Error::BadWeight`] with the index.
    pub fn new(values: Vec<f64>) -> Result<Self> {
        match values.iter().position(|value| !value.is_finite()) {
            None => Ok(Self(values)),
            Some(index) => Err(Error::BadWeight { index, value: values[index] }),
        }
    }

    /// Nothing held: all cash.
    pub fn none(assets: usize) -> Self {
        Self(vec![0.0; assets])
    }

    /// Weights given for some assets, 0 for all others.
    ///
    /// # Shape and units
    /// `held` holds universe indices below `assets`, `values` the weight of each.
    /// # Errors
    /// [`Error::Shape`] if there is not one value for each, or an index is not below `assets`;
    /// [`Error::BadWeight`].
    /// # Examples
    /// ```
    /// use walkfolio_core::Weights;
    ///
    /// let weights = Weights::scatter(3, &[0, 2], &[0.25, 0.75])?;
    /// assert_eq!(weights.values(), [0.25, 0.0, 0.75]);
    /// assert!(Weights::scatter(3, &[0, 2], &[1.0]).is_err());
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn scatter(assets: usize, held: &[usize], values: &[f64]) -> Result<Self> {
        if held.len() != values.len() {
            return Err(shape("weights", held.len(), values.len()));
        }
        let mut all = vec![0.0; assets];
        for (&asset, &value) in held.iter().zip(values) {
            *all.get_mut(asset).ok_or_else(|| shape("assets", asset + 1, assets))? = value;
        }
        Self::new(all)
    }

    /// The weights in universe order.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// Sum of the weights.
    pub fn sum(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Sum of the absolute weights.
    pub fn gross(&self) -> f64 {
        self.0.iter().map(|value| value.abs()).sum()
    }

    /// How many weights are not zero.
    pub fn holdings(&self) -> usize {
        self.0.iter().filter(|&&value| value != 0.0).count()
    }
}

fn shape(unit: &'static str, expected: usize, found: usize) -> Error {
    Error::Shape { what: "a portfolio".to_owned(), unit, expected, found }
}
