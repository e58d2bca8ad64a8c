//! The states, and what returns so far say of them.

use std::f64::consts::PI;

use libm::{exp, log};

/// States with Gaussian returns, in the order of their variance.
///
/// # Shape and units
/// `K` states; means and variances of a session's log return.
/// # Examples
/// A return of 3 % speaks for the state with the larger variance, the small ones after it do not yet speak
/// against it:
/// ```
/// use walkfolio_estimate::regime::GaussianStates;
///
/// let model = GaussianStates {
///     start: vec![0.5, 0.5],
///     transition: vec![vec![0.99, 0.01], vec![0.05, 0.95]],
///     mean: vec![0.0, 0.0],
///     variance: vec![0.01 * 0.01, 0.03 * 0.03],
/// };
/// let filtered = model.filter(&[0.001, 0.03, 0.001]).probabilities;
/// assert!(filtered[1] < 0.3 && filtered[3] > 0.8 && filtered[5] > 0.5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianStates {
    /// The probability of each state at the first return.
    pub start: Vec<f64>,
    /// Row `i` holds the probabilities of the next state after state `i`.
    pub transition: Vec<Vec<f64>>,
    /// The mean return of each state.
    pub mean: Vec<f64>,
    /// The variance of each state's returns.
    pub variance: Vec<f64>,
}

/// What a filter says of a sequence of returns.
///
/// # Examples
/// See [`GaussianStates`].
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// The probability of each state after each return, from the returns up to it: `T x K` by rows.
    pub probabilities: Vec<f64>,
    /// The logarithm of the likelihood of all returns.
    pub log_likelihood: f64,
}

impl GaussianStates {
    /// How many there are.
    pub fn states(&self) -> usize {
        self.mean.len()
    }

    /// `a_1 = pi o f(x_1)`, `a_t = (a_{t-1} A) o f(x_t)`, each scaled to sum to 1; the log-likelihood is the
    /// sum of the logarithms of the scales.
    ///
    /// Densities are held relative to the largest of their row, so that no return is too far out for them.
    ///
    /// # Source
    /// Hamilton (1994), Time Series Analysis, section 22.4.
    pub fn filter(&self, returns: &[f64]) -> Filtered {
        let k = self.states();
        let constant: Vec<f64> =
            self.variance.iter().map(|variance| -0.5 * log(2.0 * PI * variance)).collect();
        let mut probabilities = Vec::with_capacity(returns.len() * k);
        let (mut log_likelihood, mut next) = (0.0, self.start.clone());
        for &x in returns {
            let log_density = |state: usize| {
                let away = x - self.mean[state];
                constant[state] - 0.5 * away * away / self.variance[state]
            };
            let largest = (0..k).map(log_density).fold(f64::NEG_INFINITY, f64::max);
            for (state, weight) in next.iter_mut().enumerate() {
                *weight *= exp(log_density(state) - largest);
            }
            let sum: f64 = next.iter().sum();
            for weight in &mut next {
                *weight /= sum;
            }
            log_likelihood += log(sum) + largest;
            probabilities.extend_from_slice(&next);
            next = self.predict(&next);
        }
        Filtered { probabilities, log_likelihood }
    }

    /// The probabilities of the next state: `F A`.
    pub fn predict(&self, filtered: &[f64]) -> Vec<f64> {
        let into =
            |to: usize| filtered.iter().zip(&self.transition).map(|(p, row)| p * row[to]).sum();
        (0..self.states()).map(into).collect()
    }

    /// Sessions that a state lasts on average, by the transition matrix: `1 / (1 - A_kk)`.
    pub fn expected_dwell(&self) -> Vec<f64> {
        (0..self.states()).map(|state| 1.0 / (1.0 - self.transition[state][state])).collect()
    }
}
