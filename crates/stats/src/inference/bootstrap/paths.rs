//! Fast intervals for figures of whole paths: what becomes of 1, and the worst fall on the way.
//!
//! The rows of a resample are copied once and walked once, all figures and both series together.

use super::block_length::mean_block_length;
use super::figures::Sample;
use super::interval::Interval;
use super::prefix::plus;
use super::resampler::{Block, Resampler, Twice};
use super::settings::Bootstrap;
use crate::inference::complete::are_complete;
use crate::measures::{drawdown, performance};

/// Intervals of the annual return, see [`performance::annual_return`], and of the maximum drawdown, see
/// [`max_drawdown`], of the same resamples.
///
/// # Shape and units
/// `T` simple returns as fractions; fractions per year, and in [-1, 0]. `None` as for
/// [`interval`](super::interval).
/// # Source
/// Politis & Romano (1994); Efron & Tibshirani (1993), ch. 13, for the percentile interval.
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, max_drawdown, path_intervals};
///
/// let returns: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let [annual, worst] = path_intervals(&returns, 252.0, &Bootstrap::default());
/// assert!(annual.unwrap().low < annual.unwrap().high);
/// assert_eq!(worst, max_drawdown(&returns, &Bootstrap::default()));
/// ```
pub fn path_intervals(
    returns: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> [Option<Interval>; 2] {
    let estimates =
        [performance::annual_return(returns, periods_per_year), drawdown::max_drawdown(returns)];
    let Some(resampler) = resampler([returns], settings) else { return [None; 2] };
    let paths = Twice::new(&growth([returns]));
    let resampled = settings.each(Vec::new, |rows, index| {
        let [path] = walked(&resampler, resampler.blocks(index), &paths, rows);
        [annual(path.wealth, returns.len(), periods_per_year), path.worst]
    });
    percentiles(estimates, &resampled, settings, &resampler)
}

/// Range of the maximum drawdown of paths of the same length, see [`drawdown::max_drawdown`].
///
/// The drawdown belongs to one path, in which the order of the returns matters. A resample is
/// another path that the same returns could have taken, in their order within a block but not
/// across blocks. So this is where the drawdown of another history of `T` rows would lie, not an
/// interval for a constant; the estimate may lie outside of it. A decline much longer than the mean
/// block is broken up, which makes resampled drawdowns too shallow: set a longer block where
/// declines are trends.
///
/// # Shape and units
/// `T` simple returns as fractions; fractions in [-1, 0]. `None` as for [`mean_return_annual`](super::mean_return_annual).
/// # Source
/// Politis & Romano (1994).
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, max_drawdown};
///
/// let returns: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let range = max_drawdown(&returns, &Bootstrap::default()).unwrap();
/// assert!(-1.0 <= range.low && range.low < range.high && range.high <= 0.0);
/// ```
pub fn max_drawdown(returns: &[f64], settings: &Bootstrap) -> Option<Interval> {
    let [_, worst] = path_intervals(returns, 1.0, settings);
    worst
}

/// Intervals of the differences of two series' annual returns, volatilities and maximum drawdowns, the first's less
/// the second's, both resampled by the same blocks.
///
/// # Shape and units
/// Two series of `T` simple returns as fractions, same dates; fractions, the first two per year. `None` as for
/// [`interval`](super::interval).
/// # Source
/// As of [`path_intervals`].
/// # Examples
/// ```
/// use walkfolio_stats::inference::bootstrap::{Bootstrap, path_differences};
///
/// let own: Vec<f64> = (0..500).map(|t| f64::from(t * 7919 % 101 - 48) * 2e-4).collect();
/// let twice: Vec<f64> = own.iter().map(|r| 2.0 * r).collect();
/// let [_, volatility, worst] = path_differences(&own, &twice, 252.0, &Bootstrap::default());
/// // Half as volatile and fallen less in every resample.
/// assert!(volatility.unwrap().high < 0.0 && worst.unwrap().low > 0.0);
/// ```
pub fn path_differences(
    own: &[f64],
    other: &[f64],
    periods_per_year: f64,
    settings: &Bootstrap,
) -> [Option<Interval>; 3] {
    let figures = |returns: &[f64]| {
        Some([
            performance::annual_return(returns, periods_per_year)?,
            performance::volatility(returns, periods_per_year)?,
            drawdown::max_drawdown(returns)?,
        ])
    };
    let series = [own, other];
    let (Some(resampler), [Some(one), Some(two)], [Some(a), Some(b)]) =
        (resampler(series, settings), series.map(figures), series.map(Sample::new))
    else {
        return [None; 3];
    };
    let (paths, samples, root) = (Twice::new(&growth(series)), [a, b], periods_per_year.sqrt());
    let resampled = settings.each(Vec::new, |rows, index| {
        let mut sums = [[0.0; 2]; 2];
        let blocks = resampler.blocks(index).inspect(|block| {
            for (sums, sample) in sums.iter_mut().zip(&samples) {
                *sums = plus(*sums, sample.over(*block));
            }
        });
        let [one, two] = walked(&resampler, blocks, &paths, rows);
        let annual = |path: Path| annual(path.wealth, own.len(), periods_per_year);
        let [a, b] = [0, 1].map(|at| samples[at].moments_of(sums[at]).deviation * root);
        [annual(one) - annual(two), a - b, one.worst - two.worst]
    });
    let estimates = std::array::from_fn(|at| Some(one[at] - two[at]));
    percentiles(estimates, &resampled, settings, &resampler)
}

/// Of series of one length that are complete, with the longest of their automatic blocks.
fn resampler<const K: usize>(series: [&[f64]; K], settings: &Bootstrap) -> Option<Resampler> {
    let longest = || series.iter().map(|one| mean_block_length(one)).fold(1.0, f64::max);
    let rows = series.first()?.len();
    are_complete(&series, 2).then(|| settings.resampler(rows, longest)).flatten()
}

/// Wealth after `rows` periods as a return a year.
fn annual(wealth: f64, rows: usize, periods_per_year: f64) -> f64 {
    libm::pow(wealth, 1.0 / (rows as f64 / periods_per_year)) - 1.0
}

/// The interval of each figure, of the resamples in which it is finite.
fn percentiles<const N: usize>(
    estimates: [Option<f64>; N],
    resampled: &[[f64; N]],
    settings: &Bootstrap,
    resampler: &Resampler,
) -> [Option<Interval>; N] {
    std::array::from_fn(|at| {
        let estimate = estimates[at].filter(|value| value.is_finite())?;
        let figures = resampled.iter().map(|figures| figures[at]);
        let finite: Vec<f64> = figures.filter(|value| value.is_finite()).collect();
        Interval::percentile(estimate, &finite, settings, resampler.mean_block())
    })
}

/// Where a path ends, and the deepest that it fell.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Path {
    /// What 1 became.
    wealth: f64,
    /// The maximum drawdown.
    worst: f64,
}

/// `1 + r` of each series by row, and 0 where that is below: wealth that is lost stays so.
fn growth<const K: usize>(series: [&[f64]; K]) -> Vec<Growth<K>> {
    let rows = series.first().map_or(0, |series| series.len());
    (0..rows).map(|row| Growth(series.map(|one| (1.0 + one[row]).max(0.0)))).collect()
}

/// The growth of some series in one period.
#[derive(Debug, Clone, Copy)]
struct Growth<const K: usize>([f64; K]);

impl<const K: usize> Default for Growth<K> {
    fn default() -> Self {
        Self([1.0; K])
    }
}

/// The path of each series along some blocks, whose `rows` are copied first: a walk from block to block would wait
/// for each.
fn walked<const K: usize>(
    resampler: &Resampler,
    blocks: impl Iterator<Item = Block>,
    series: &Twice<Growth<K>>,
    rows: &mut Vec<Growth<K>>,
) -> [Path; K] {
    resampler.resample(blocks, std::slice::from_ref(series), std::slice::from_mut(rows));
    let (mut wealth, mut peak, mut worst) = ([1.0_f64; K], [1.0_f64; K], [0.0_f64; K]);
    for Growth(growth) in &rows[..resampler.rows()] {
        for k in 0..K {
            wealth[k] *= growth[k];
            peak[k] = if wealth[k] > peak[k] { wealth[k] } else { peak[k] };
            let depth = wealth[k] / peak[k] - 1.0;
            worst[k] = if depth < worst[k] { depth } else { worst[k] };
        }
    }
    std::array::from_fn(|k| Path { wealth: wealth[k], worst: worst[k] })
}

#[cfg(test)]
mod tests {
    use walkfolio_core::random::SplitMix64;

    use super::*;
    use crate::inference::bootstrap::{Statistic, intervals};

    fn noise(seed: u64, scale: f64) -> Vec<f64> {
        let mut numbers = SplitMix64::stream(seed, 0);
        (0..300).map(|_| scale * (numbers.unit() - 0.48)).collect()
    }

    /// The intervals of copied rows, by the measures themselves.
    fn copied<const N: usize>(
        series: &[&[f64]],
        figures: [Statistic<'_>; N],
        settings: &Bootstrap,
    ) -> [Option<Interval>; N] {
        intervals(series, &figures, settings).try_into().unwrap()
    }

    #[test]
    fn a_walk_along_blocks_is_the_walk_along_copies() {
        let settings = Bootstrap { resamples: 200, seed: 3, ..Bootstrap::default() };
        let annual = |s: &[&[f64]]| performance::annual_return(s[0], 252.0);
        let worst = |s: &[&[f64]]| drawdown::max_drawdown(s[0]);
        // The last loses everything in some resamples, and more than everything in some rows.
        for returns in [noise(1, 0.02), noise(2, 0.5), noise(3, 2.4)] {
            let wanted = copied(&[&returns], [&annual, &worst], &settings);
            assert_eq!(path_intervals(&returns, 252.0, &settings), wanted);
        }
    }

    #[test]
    fn differences_are_those_of_the_measures() {
        let settings = Bootstrap { resamples: 200, seed: 3, ..Bootstrap::default() };
        let annual = |s: &[f64]| performance::annual_return(s, 252.0);
        let deviation = |s: &[f64]| performance::volatility(s, 252.0);
        let worst = |s: &[f64]| drawdown::max_drawdown(s);
        let apart = |figure: fn(&[f64]) -> Option<f64>| {
            move |s: &[&[f64]]| Some(figure(s[0])? - figure(s[1])?)
        };
        let (own, other) = (noise(1, 0.02), noise(2, 0.03));
        let [a, b, c] = [annual as fn(&[f64]) -> Option<f64>, deviation, worst].map(apart);
        let wanted = copied(&[&own, &other], [&a, &b, &c], &settings);
        let found = path_differences(&own, &other, 252.0, &settings);
        assert_eq!((found[0], found[2]), (wanted[0], wanted[2]));
        let (found, wanted) = (found[1].unwrap(), wanted[1].unwrap());
        assert_eq!(found.estimate.to_bits(), wanted.estimate.to_bits());
        assert!((found.low - wanted.low).abs() < 1e-14 && (found.high - wanted.high).abs() < 1e-14);
    }

    #[test]
    fn nothing_of_what_is_not_complete() {
        let settings = Bootstrap::default();
        assert_eq!(max_drawdown(&[], &settings), None);
        assert_eq!(path_intervals(&[0.1], 252.0, &settings), [None; 2]);
        assert_eq!(path_intervals(&[0.1, f64::NAN], 252.0, &settings), [None; 2]);
        assert_eq!(path_differences(&noise(1, 0.1), &[0.1; 3], 252.0, &settings), [None; 3]);
        let wrong = Bootstrap { level: 1.0, ..Bootstrap::default() };
        assert_eq!(path_intervals(&noise(1, 0.1), 252.0, &wrong), [None; 2]);
    }
}
