//! Which rows a resample is made of.

use walkfolio_core::random::SplitMix64;

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
/// use walkfolio_stats::inference::bootstrap::Resampler;
///
/// let resampler = Resampler::new(100, 10.0, 7).unwrap();
/// let rows: Vec<usize> = resampler.blocks(0).flat_map(|block| block.rows(100)).collect();
/// assert_eq!(rows.len(), 100);
/// assert_eq!(Resampler::new(100, 0.5, 7), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Resampler {
    rows: usize,
    mean_block: f64,
    lengths: Lengths,
    seed: u64,
}

impl Resampler {
    /// A resampler of `rows`; `None` if there are none or `mean_block` is not a number of at
    /// least 1.
    pub fn new(rows: usize, mean_block: f64, seed: u64) -> Option<Self> {
        let valid = rows > 0 && mean_block >= 1.0 && mean_block.is_finite();
        valid.then(|| Self { rows, mean_block, lengths: Lengths::new(mean_block, rows), seed })
    }

    /// The mean length of a block in rows.
    pub fn mean_block(&self) -> f64 {
        self.mean_block
    }

    /// Rows of a resample.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The blocks of a resample: always the same ones for the same index.
    /// # Examples
    /// ```
    /// use walkfolio_stats::inference::bootstrap::Resampler;
    ///
    /// let resampler = Resampler::new(50, 5.0, 1).unwrap();
    /// assert_eq!(resampler.blocks(3).map(|block| block.length).sum::<usize>(), 50);
    /// assert!(resampler.blocks(3).eq(resampler.blocks(3)));
    /// ```
    pub fn blocks(&self, resample: usize) -> Blocks<'_> {
        let generator = SplitMix64::stream(self.seed, resample);
        Blocks { resampler: self, generator, left: self.rows }
    }

    /// Copies the rows of a resample's blocks of each series over the contents of `copies`, which get a few values
    /// more.
    pub(super) fn resample<T: Copy + Default>(
        &self,
        blocks: impl Iterator<Item = Block>,
        series: &[Twice<T>],
        copies: &mut [Vec<T>],
    ) {
        for copy in copies.iter_mut() {
            copy.resize(self.rows + AT_ONCE, T::default());
        }
        let mut at = 0;
        for block in blocks {
            for (values, copy) in series.iter().zip(copies.iter_mut()) {
                values.copy(block, &mut copy[at..]);
            }
            at += block.length;
        }
    }
}

/// As many values are copied at once; blocks are often shorter.
const AT_ONCE: usize = 4;

/// A series that goes round once: no block of it has an end inside.
pub(super) struct Twice<T>(Vec<T>);

impl<T: Copy + Default> Twice<T> {
    pub(super) fn new(series: &[T]) -> Self {
        Self([series, series, &[T::default(); AT_ONCE]].concat())
    }

    /// Copies a block, and what comes after it up to a multiple of the values that are copied at once.
    #[inline]
    fn copy(&self, block: Block, to: &mut [T]) {
        let from = &self.0[block.start..];
        let mut done = 0;
        while done < block.length {
            to[done..done + AT_ONCE].copy_from_slice(&from[done..done + AT_ONCE]);
            done += AT_ONCE;
        }
    }
}

/// The geometric distribution of lengths, as a table: a logarithm for each block took as long as
/// the rest of a resample.
#[derive(Debug, Clone, PartialEq)]
struct Lengths {
    /// The probability `q^k` of a length above `k` in parts of 2^53, rounded up: above a whole number of parts if and
    /// only if the probability is. 0 at the last, which is as long as any.
    survival: Vec<u64>,
    /// For each of equal parts of [0, 1) the shortest length that its numbers can have.
    guide: [usize; PARTS],
}

/// How many parts the guide has: those of the first eight bits.
const PARTS: usize = 256;

impl Lengths {
    /// Lengths up to `longest`, which stands for all above it.
    fn new(mean: f64, longest: usize) -> Self {
        let q = 1.0 - 1.0 / mean;
        let powers = std::iter::successors(Some(1.0), |power| Some(power * q));
        // No uniform number but 0 is below 2^-53.
        let mut survival: Vec<f64> =
            powers.take(longest).take_while(|power| *power > f64::EPSILON / 2.0).collect();
        survival.push(0.0);
        let shortest = |part: usize| {
            let highest = (part + 1) as f64 / PARTS as f64;
            survival.partition_point(|power| *power > highest).max(1)
        };
        let guide = std::array::from_fn(shortest);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in 0..=2^53
        let parts = |power: &f64| (power * (1_u64 << 53) as f64).ceil() as u64;
        Self { survival: survival.iter().map(parts).collect(), guide }
    }

    /// The length of 64 random bits, of which the first 53 are the uniform number `u`: the smallest `k` of at least 1
    /// with `q^k <= u`.
    #[inline]
    fn at(&self, bits: u64) -> usize {
        let mut length = self.guide[(bits >> 56) as usize];
        while self.survival[length] > bits >> 11 {
            length += 1;
        }
        length
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
    /// # Examples
    /// ```
    /// use walkfolio_stats::inference::bootstrap::Block;
    ///
    /// // After the last of five rows comes the first.
    /// let rows: Vec<usize> = Block { start: 3, length: 4 }.rows(5).collect();
    /// assert_eq!(rows, [3, 4, 0, 1]);
    /// ```
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
    generator: SplitMix64,
    left: usize,
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    #[inline]
    fn next(&mut self) -> Option<Block> {
        if self.left == 0 {
            return None;
        }
        let start = self.generator.below(self.resampler.rows);
        let length = self.resampler.lengths.at(self.generator.bits()).min(self.left);
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
    fn lengths_invert_the_distribution_function() {
        let lengths = Lengths::new(2.0, 100);
        // q^k = 1/2, 1/4, 1/8.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in 0..2^53
        let bits = |u: f64| ((u * (1_u64 << 53) as f64) as u64) << 11;
        let found = [0.99, 0.5, 0.49, 0.25, 0.2, 0.125, 0.12].map(|u| lengths.at(bits(u)));
        assert_eq!(found, [1, 1, 2, 2, 3, 3, 4]);
        assert_eq!(lengths.at(0), 53);
        // The bits after the 53 do not count.
        assert_eq!((lengths.at(bits(0.5) - 1), lengths.at(bits(0.5) + 2047)), (2, 1));
        assert_eq!(Lengths::new(2.0, 5).at(0), 5);
        assert_eq!(Lengths::new(1.0, 5).at(0), 1);
        let long = Lengths::new(190.0, 4100);
        for u in (1..1000).map(|i| f64::from(i) / 1000.0) {
            let exact = (u.ln() / (1.0_f64 - 1.0 / 190.0).ln()).ceil();
            assert_eq!(long.at(bits(u)) as f64, exact.max(1.0), "{u}");
        }
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
        for index in 0..50 {
            let twice = [Twice::new(&values), Twice::new(&values)];
            resampler.resample(resampler.blocks(index), &twice, &mut copies);
            let blocks = resampler.blocks(index).flat_map(|block| block.rows(40));
            let rows: Vec<f64> = blocks.map(|row| values[row]).collect();
            assert!(copies.iter().all(|copy| copy[..40] == rows), "{index}");
        }
    }
}
