//! Which rows a resample is made of.

use crate::inference::random::Generator;

/// Draws the blocks of resamples of `T` rows.
///
/// A block starts at any row with equal chance and has the length `k` with probability
/// `(1 - p)^(k - 1) p`, `p = 1 / mean_block`; after the last row comes the first. The last block is
/// cut so that a resample has `T` rows. Series that are resampled by the same resampler keep their
/// rows together.
///
/// # Source
/// Politis & Romano (1994), The Stationary Bootstrap, Journal of the American Statistical
/// Association 89(428), section 2.
/// # Examples
/// ```
/// use walkfolio_backtest::inference::bootstrap::Resampler;
///
/// let resampler = Resampler::new(100, 10.0, 7).unwrap();
/// let rows: Vec<usize> = resampler.blocks(0).flat_map(|block| block.rows(100)).collect();
/// assert_eq!(rows.len(), 100);
/// assert_eq!(Resampler::new(100, 0.5, 7), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampler {
    rows: usize,
    mean_block: f64,
    /// `1 / ln(1 - p)`: a logarithm of a uniform number times this has the geometric length.
    scale: f64,
    seed: u64,
}

impl Resampler {
    /// A resampler of `rows`; `None` if there are none or `mean_block` is not a number of at
    /// least 1.
    pub fn new(rows: usize, mean_block: f64, seed: u64) -> Option<Self> {
        let valid = rows > 0 && mean_block >= 1.0 && mean_block.is_finite();
        // At a mean of 1 the logarithm is infinite, the scale 0 and every length 1.
        let scale = 1.0 / libm::log1p(-1.0 / mean_block);
        valid.then_some(Self { rows, mean_block, scale, seed })
    }

    /// The mean length of a block in rows.
    pub fn mean_block(&self) -> f64 {
        self.mean_block
    }

    /// The blocks of a resample: always the same ones for the same index.
    pub fn blocks(&self, resample: usize) -> Blocks<'_> {
        let generator = Generator::stream(self.seed, resample);
        Blocks { resampler: self, generator, left: self.rows }
    }

    /// Copies the rows of a resample of each series over the contents of `copies`.
    pub(super) fn resample(&self, index: usize, series: &[&[f64]], copies: &mut [Vec<f64>]) {
        copies.iter_mut().for_each(Vec::clear);
        for block in self.blocks(index) {
            let (ahead, wrapped) = block.split(self.rows);
            for (values, copy) in series.iter().zip(copies.iter_mut()) {
                copy.extend_from_slice(&values[block.start..block.start + ahead]);
                copy.extend_from_slice(&values[..wrapped]);
            }
        }
    }
}

/// Consecutive rows; after the last row comes the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The first row.
    pub start: usize,
    /// How many rows, at most all of them.
    pub length: usize,
}

impl Block {
    /// Its rows in order, of a series of `T` rows.
    pub fn rows(self, rows: usize) -> impl Iterator<Item = usize> {
        let (ahead, wrapped) = self.split(rows);
        (self.start..self.start + ahead).chain(0..wrapped)
    }

    /// How many rows lie before the end of the series and how many after it, at its start.
    pub(super) fn split(self, rows: usize) -> (usize, usize) {
        let ahead = self.length.min(rows - self.start);
        (ahead, self.length - ahead)
    }
}

/// The blocks of one resample, in order.
#[derive(Debug, Clone)]
pub struct Blocks<'a> {
    resampler: &'a Resampler,
    generator: Generator,
    left: usize,
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    // A length is not negative, and one beyond `usize` saturates.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn next(&mut self) -> Option<Block> {
        if self.left == 0 {
            return None;
        }
        let start = self.generator.below(self.resampler.rows);
        let trials = libm::log(1.0 - self.generator.unit()) * self.resampler.scale;
        let length = (trials as usize).saturating_add(1).min(self.left);
        self.left -= length;
        Some(Block { start, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_geometric() {
        let resampler = Resampler::new(1_000_000, 5.0, 3).unwrap();
        let lengths: Vec<usize> = resampler.blocks(0).map(|block| block.length).collect();
        let count = lengths.len() as f64;
        // The mean of 200,000 lengths with deviation sqrt(20) has a standard error of 0.01.
        assert!((1_000_000.0 / count - 5.0).abs() < 0.05);
        let ones = lengths.iter().filter(|length| **length == 1).count() as f64;
        assert!((ones / count - 0.2).abs() < 0.005);
        let twos = lengths.iter().filter(|length| **length == 2).count() as f64;
        assert!((twos / count - 0.16).abs() < 0.005);
    }

    #[test]
    fn starts_are_uniform() {
        let resampler = Resampler::new(10, 1.0, 3).unwrap();
        let mut counts = [0_u32; 10];
        for resample in 0..10_000 {
            resampler.blocks(resample).for_each(|block| counts[block.start] += 1);
        }
        // 10,000 expected of each, with a deviation of 95.
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_mean_of_one_is_the_ordinary_bootstrap() {
        let resampler = Resampler::new(50, 1.0, 9).unwrap();
        assert!(resampler.blocks(0).all(|block| block.length == 1));
        assert_eq!(resampler.blocks(0).count(), 50);
    }

    #[test]
    fn a_block_goes_round() {
        let block = Block { start: 3, length: 4 };
        assert_eq!(block.rows(5).collect::<Vec<_>>(), [3, 4, 0, 1]);
    }

    #[test]
    fn copies_are_the_rows_of_the_blocks() {
        let values: Vec<f64> = (0..40).map(f64::from).collect();
        let resampler = Resampler::new(40, 6.0, 2).unwrap();
        let mut copies = vec![vec![9.0; 3]; 2];
        resampler.resample(5, &[&values, &values], &mut copies);
        let rows: Vec<f64> =
            resampler.blocks(5).flat_map(|block| block.rows(40)).map(|row| values[row]).collect();
        assert_eq!(copies, [rows.clone(), rows]);
    }
}
