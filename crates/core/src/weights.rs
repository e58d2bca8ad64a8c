//! A portfolio.

use crate::{Error, Result};

/// Portfolio weights by universe index, fractions of equity; negative is short.
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
    /// # Errors
    /// [`Error::BadWeight`].
    pub fn scatter(assets: usize, held: &[usize], values: &[f64]) -> Result<Self> {
        let mut all = vec![0.0; assets];
        for (&asset, &value) in held.iter().zip(values) {
            all[asset] = value;
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
