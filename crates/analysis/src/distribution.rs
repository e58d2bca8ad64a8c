//! The distribution of a portfolio's returns versus the normal distribution fitted to it.

use serde::Serialize;
use walkfolio_record::ReturnRow;
use walkfolio_stats::inference::normal_fit::{Bins, NormalFit, normal_fit};

use crate::sample::MINIMUM_SESSIONS;

/// The 5 % critical value of the Jarque-Bera statistic: the quantile of a chi-squared variable with
/// two degrees of freedom, `-2 ln 0.05`.
pub const CRITICAL: f64 = 5.991;
/// Deviations from the mean beyond which a normal return is rare, and how rare: `2 Phi(-3)`.
const FAR: f64 = 3.0;
const FAR_SHARE: f64 = 0.002_699_796;
/// Deviations from the mean that a histogram shows; the quantiles show all.
pub const SHOWN: f64 = 6.0;

/// A period's returns a session, as fractions, and the normal distribution of the same moments.
///
/// # Source
/// Jarque & Bera (1987); Freedman & Diaconis (1981) for the bins; Hazen (1914) for the ranks.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::distribution::Distribution;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// let found = Distribution::of(&run.returns).unwrap();
/// // +1 % and -0.5 % in turn: the mean is 0.25 %, and nothing is far from it.
/// assert_eq!((found.observations, found.far, found.outside), (128, 0, 0));
/// assert!((found.mean - 0.0025).abs() < 1e-15 && found.skewness.abs() < 1e-9);
/// assert_eq!(found.histogram.counts.iter().sum::<usize>(), 128);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution {
    /// Number of returns.
    pub observations: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, `n - 1`.
    pub standard_deviation: f64,
    /// Their skewness.
    pub skewness: f64,
    /// Their excess kurtosis.
    pub excess_kurtosis: f64,
    /// `T / 6 (S^2 + K^2 / 4)`.
    pub jarque_bera: f64,
    /// Whether the statistic exceeds its 5 % critical value.
    pub normality_rejected: bool,
    /// Returns more than three deviations from the mean.
    pub far: usize,
    /// How many of these a normal distribution expects.
    pub far_expected: f64,
    /// The worst return, in deviations from the mean; negative.
    pub worst: f64,
    /// The best return, in deviations from the mean.
    pub best: f64,
    /// Returns more than six deviations from the mean.
    pub outside: usize,
    /// The histogram.
    pub histogram: Histogram,
    /// By rank, what the normal distribution has there and what was observed.
    pub quantiles: Vec<Quantile>,
}

/// Bins of one width.
///
/// # Examples
/// See [`Distribution`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// Where the first bin begins.
    pub low: f64,
    /// The width of a bin.
    pub width: f64,
    /// Returns in each.
    pub counts: Vec<usize>,
}

/// A return versus the normal quantile at its rank `(i - 1/2) / T`.
///
/// # Examples
/// See [`Distribution`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantile {
    /// What the fitted normal distribution has.
    pub normal: f64,
    /// What was observed.
    pub observed: f64,
}

impl Distribution {
    /// Of the returns of some sessions; `None` where there are too few or they do not vary.
    pub fn of(rows: &[ReturnRow]) -> Option<Self> {
        let returns: Vec<f64> = rows.iter().map(|row| row.portfolio).collect();
        if returns.len() < MINIMUM_SESSIONS {
            return None;
        }
        let fit = normal_fit(&returns, Bins::Automatic)?;
        Some(Self::fitted(&returns, fit))
    }

    fn fitted(returns: &[f64], fit: NormalFit) -> Self {
        let distance = |r: &f64| (r - fit.mean) / fit.standard_deviation;
        let beyond = |far: f64| returns.iter().filter(|r| distance(r).abs() > far).count();
        let quantiles = fit.quantiles.iter();
        Self {
            observations: fit.observations,
            mean: fit.mean,
            standard_deviation: fit.standard_deviation,
            skewness: fit.skewness,
            excess_kurtosis: fit.excess_kurtosis,
            jarque_bera: fit.jarque_bera,
            normality_rejected: fit.jarque_bera > CRITICAL,
            far: beyond(FAR),
            far_expected: FAR_SHARE * fit.observations as f64,
            worst: returns.iter().map(distance).fold(0.0, f64::min),
            best: returns.iter().map(distance).fold(0.0, f64::max),
            outside: beyond(SHOWN),
            quantiles: quantiles
                .map(|pair| Quantile { normal: pair.normal, observed: pair.observed })
                .collect(),
            histogram: Histogram {
                low: fit.histogram.low,
                width: fit.histogram.width,
                counts: fit.histogram.counts,
            },
        }
    }
}
