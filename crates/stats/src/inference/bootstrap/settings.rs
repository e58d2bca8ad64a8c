//! How to resample.

use rayon::prelude::*;
use walkfolio_core::Interrupt;

use super::resampler::Resampler;

/// How to resample.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, volatility};
///
/// let settings = Bootstrap { resamples: 200, level: 0.9, seed: 7, ..Bootstrap::default() };
/// let returns: Vec<f64> = (0..100).map(|t| f64::from(t * 37 % 11 - 5) * 1e-3).collect();
/// let found = volatility(&returns, 252.0, &settings).unwrap();
/// assert_eq!((found.level, found.resamples), (0.9, 200));
/// // Equal seeds, equal results.
/// assert_eq!(volatility(&returns, 252.0, &settings), Some(found));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// How many resamples: at least 1.
    pub resamples: usize,
    /// The share of cases that an interval should cover, strictly between 0 and 1.
    pub level: f64,
    /// The mean length of a block in rows, at least 1; `None` for [`mean_block_length`](super::mean_block_length).
    pub mean_block: Option<f64>,
    /// What the random numbers are drawn from: equal seeds, equal results.
    pub seed: u64,
    /// What ends it early; it is looked at once a resample. What is found under a raised flag is of the resamples
    /// until then, and no result.
    pub interrupt: Interrupt,
}

impl Default for Bootstrap {
    /// 1,000 resamples, 95 %, automatic blocks.
    fn default() -> Self {
        let interrupt = Interrupt::default();
        Self { resamples: 1000, level: 0.95, mean_block: None, seed: 0, interrupt }
    }
}

impl Bootstrap {
    /// What is found in each resample, in order, on many threads that each have a scratch; nothing of those that a
    /// raised flag leaves out.
    pub(super) fn each<S, T: Send>(
        &self,
        scratch: impl Fn() -> S + Sync + Send,
        found: impl Fn(&mut S, usize) -> T + Sync + Send,
    ) -> Vec<T> {
        let found =
            |scratch: &mut S, index| (!self.interrupt.is_raised()).then(|| found(scratch, index));
        let all = (0..self.resamples).into_par_iter().map_init(scratch, found);
        all.flatten_iter().collect()
    }

    /// The resampler of `rows`, with blocks of the length set or else of the `automatic` one.
    /// `None` if a setting is outside its range.
    pub(super) fn resampler(
        &self,
        rows: usize,
        automatic: impl FnOnce() -> f64,
    ) -> Option<Resampler> {
        let valid = self.resamples >= 1 && self.level > 0.0 && self.level < 1.0;
        let mean_block = self.mean_block.unwrap_or_else(automatic);
        valid.then(|| Resampler::new(rows, mean_block, self.seed)).flatten()
    }
}
