//! Which rows and features take part in a tree.

/// The generator with XGBoost's sampling on top of it.
///
/// # Source
/// Matsumoto & Nishimura (1998), ACM Transactions on Modeling and Computer Simulation 8: MT19937;
/// draws as XGBoost 3.2 takes them from the GNU C++ library.
#[derive(Debug)]
pub(super) struct Sampler {
    stream: Twister,
}

impl Sampler {
    pub(super) fn new(seed: u64) -> Self {
        Self { stream: Twister::new(seed) }
    }

    /// Marks each row with probability `fraction`; all of them, without a draw, if it is 1.
    pub(super) fn rows(&mut self, fraction: f32, marks: &mut [bool]) {
        if fraction >= 1.0 {
            marks.fill(true);
            return;
        }
        for mark in marks {
            *mark = self.stream.uniform() < f64::from(fraction);
        }
    }

    /// A fraction of the features, rounded down, at least one, in their order; drawn after the
    /// tree's rows, by a generator of its own that the stream seeds for each tree.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 <= fraction * count < 2^24
    pub(super) fn columns(&mut self, fraction: f32, count: usize) -> Vec<u32> {
        let mut columns: Vec<u32> = (0..count as u32).collect();
        let seed = self.stream.next();
        if fraction < 1.0 {
            Twister::new(u64::from(seed)).shuffle(&mut columns);
            columns.truncate(((fraction * count as f32) as usize).max(1));
            columns.sort_unstable();
        }
        columns
    }
}

const LENGTH: usize = 624;
const SHIFT: usize = 397;

/// The Mersenne twister MT19937.
#[derive(Debug)]
struct Twister {
    state: [u32; LENGTH],
    next: usize,
}

impl Twister {
    #[allow(clippy::cast_possible_truncation)] // the seed is taken modulo 2^32, as in C++
    fn new(seed: u64) -> Self {
        let mut state = [seed as u32; LENGTH];
        for i in 1..LENGTH {
            let before = state[i - 1];
            state[i] = (before ^ before >> 30).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { state, next: 0 }
    }

    fn next(&mut self) -> u32 {
        let i = self.next;
        let after = if i + 1 == LENGTH { 0 } else { i + 1 };
        let far = if i < LENGTH - SHIFT { i + SHIFT } else { i + SHIFT - LENGTH };
        // Each word of the state is renewed when its turn comes, not all at once.
        let y = self.state[i] & 0x8000_0000 | self.state[after] & 0x7fff_ffff;
        self.state[i] = self.state[far] ^ y >> 1 ^ (y & 1).wrapping_neg() & 0x9908_b0df;
        self.next = after;
        let mut y = self.state[i];
        y ^= y >> 11;
        y ^= y << 7 & 0x9d2c_5680;
        y ^= y << 15 & 0xefc6_0000;
        y ^ y >> 18
    }

    /// A number in `0.0..1.0` from two draws, as `std::generate_canonical<double, 53>`.
    fn uniform(&mut self) -> f64 {
        let low = f64::from(self.next());
        let high = f64::from(self.next());
        let whole = (low + high * 4_294_967_296.0) / 18_446_744_073_709_551_616.0;
        whole.min(1.0 - f64::EPSILON / 2.0)
    }

    /// An integer in `0..bound`: Lemire's multiplication with rejection.
    ///
    /// # Source
    /// Lemire (2019), ACM Transactions on Modeling and Computer Simulation 29.
    #[allow(clippy::cast_possible_truncation)] // the low half of the product
    fn below(&mut self, bound: u32) -> u32 {
        let mut product = u64::from(self.next()) * u64::from(bound);
        if (product as u32) < bound {
            let least = bound.wrapping_neg() % bound;
            while (product as u32) < least {
                product = u64::from(self.next()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// Fisher and Yates, two positions to a draw, as `std::shuffle` of the GNU C++ library.
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^16 columns
    fn shuffle(&mut self, items: &mut [u32]) {
        let count = items.len();
        let mut i = 1;
        if count > 1 && count.is_multiple_of(2) {
            items.swap(i, self.below(2) as usize);
            i += 1;
        }
        while i + 1 < count {
            let range = (i + 1) as u32;
            let both = self.below(range * (range + 1));
            items.swap(i, (both / (range + 1)) as usize);
            items.swap(i + 1, (both % (range + 1)) as usize);
            i += 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_thousandth_draw_is_the_standard_one() {
        // ISO C++, [rand.predef]: the 10000th draw of a default mt19937 (seed 5489).
        let mut twister = Twister::new(5489);
        let last = (0..10_000).map(|_| twister.next()).last();
        assert_eq!(last, Some(4_123_659_995));
    }

    #[test]
    fn fractions_are_kept() {
        let mut sampler = Sampler::new(7);
        let mut marks = vec![false; 20_000];
        sampler.rows(0.8, &mut marks);
        let share = marks.iter().filter(|&&mark| mark).count() as f64 / 20_000.0;
        assert!((share - 0.8).abs() < 0.01, "{share}");
        assert_eq!(sampler.columns(0.8, 7).len(), 5);
        assert_eq!(sampler.columns(0.01, 7).len(), 1);
        assert_eq!(sampler.columns(1.0, 3), [0, 1, 2]);
        sampler.rows(1.0, &mut marks);
        assert!(marks.iter().all(|&mark| mark));
    }
}
