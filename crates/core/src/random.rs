//! Random numbers that are the same on every machine.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// `SplitMix64`: 64 bits of state, one addition and a finalizer a number.
///
/// # Source
/// Steele, Lea & Flood (2014), Fast Splittable Pseudorandom Number Generators, OOPSLA.
/// # Examples
/// ```
/// use walkfolio_core::random::SplitMix64;
///
/// let mut numbers = SplitMix64::new(0);
/// assert_eq!(numbers.bits(), 0xE220_A839_7B1D_CDAF);
/// assert!((0.0..1.0).contains(&numbers.unit()));
/// ```
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// The numbers that follow a state.
    pub fn new(state: u64) -> Self {
        Self(state)
    }

    /// An independent stream of a seed: it depends on nothing but the seed and the index, so that
    /// streams can be drawn in any order and on any thread.
    pub fn stream(seed: u64, index: usize) -> Self {
        Self(finalize(seed ^ finalize((index as u64).wrapping_add(GOLDEN))))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        finalize(self.0)
    }

    /// Uniform in [0, 1), with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `0..bound`; the bias of the multiplication is below `bound / 2^64`.
    #[allow(clippy::cast_possible_truncation)] // the product's high half is below `bound`
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }
}

/// Bits that look random and depend on an input alone: the `n`-th number after state 0 is that of
/// `n`.
///
/// # Examples
/// ```
/// use walkfolio_core::random::{SplitMix64, mixed};
///
/// assert_eq!(mixed(1), SplitMix64::new(0).bits());
/// ```
pub fn mixed(input: u64) -> u64 {
    finalize(input.wrapping_mul(GOLDEN))
}

fn finalize(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_numbers_of_seed_0() {
        // The first numbers of the reference `splitmix64.c` (Vigna 2015) from state 0.
        let mut numbers = SplitMix64::new(0);
        for (n, published) in [(1, 0xE220_A839_7B1D_CDAF), (2, 0x6E78_9E6A_A1B9_65F4)] {
            assert_eq!((numbers.bits(), mixed(n)), (published, published));
        }
    }

    #[test]
    fn uniform_numbers_stay_in_range_and_average_a_half() {
        let mut numbers = SplitMix64::stream(1, 0);
        let drawn: Vec<f64> = (0..10_000).map(|_| numbers.unit()).collect();
        assert!(drawn.iter().all(|u| (0.0..1.0).contains(u)));
        // The standard error is 1 / sqrt(12 * 10,000) = 0.0029.
        assert!((drawn.iter().sum::<f64>() / 10_000.0 - 0.5).abs() < 0.01);
        assert!((0..10_000).all(|_| numbers.below(7) < 7));
    }
}
