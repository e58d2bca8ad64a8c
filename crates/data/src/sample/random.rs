//! Random numbers that are the same on every platform.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of random numbers is for: each series draws from a stream of its own, so that
/// none depends on which others are simulated.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// The shocks of a priced factor.
    Factor = 1,
    /// The shocks of a latent factor.
    Latent = 2,
    /// The specific returns of a global fund.
    GlobalFund = 3,
    /// The shocks of a sector, a theme or momentum.
    Group = 4,
    /// The drift of a sector.
    SectorDrift = 5,
    /// What a stock is: size, loadings, volatility.
    StockTraits = 6,
    /// The specific returns of a stock.
    StockReturns = 7,
    /// The drift of a stock.
    StockDrift = 8,
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    bits: ChaCha8Rng,
    spare: Option<f64>,
}

impl Stream {
    /// The stream of a purpose and an index below it.
    pub(super) fn new(seed: u64, purpose: Purpose, index: usize) -> Self {
        // The whole key is spelled out: `seed_from_u64` may change with the version of the crate.
        let mut key = *b"--------walkfolio sample market.";
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut bits = ChaCha8Rng::from_seed(key);
        bits.set_stream(((purpose as u64) << 32) | index as u64);
        Self { bits, spare: None }
    }

    /// Uniform on `[0, 1)`.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.bits.next_u64() >> 11) as f64 * (0.5 / (1_u64 << 52) as f64)
    }

    /// Standard normal, by the polar method.
    ///
    /// # Source
    /// Marsaglia & Bray (1964), SIAM Review 6.
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let scale = (-2.0 * libm::log(square) / square).sqrt();
                self.spare = Some(y * scale);
                return x * scale;
            }
        }
    }

    /// Variance 1 and fat tails: one draw in fifty is two and a half times as wide.
    pub(super) fn fat_tailed(&mut self) -> f64 {
        const SHARE: f64 = 0.02;
        const WIDTH: f64 = 2.5;
        let variance = 1.0 - SHARE + SHARE * WIDTH * WIDTH;
        let wide = if self.uniform() < SHARE { WIDTH } else { 1.0 };
        self.normal() * wide / variance.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_standard_normal() {
        let mut stream = Stream::new(1, Purpose::Factor, 0);
        let n = 200_000;
        let draws: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let moment = |k: i32| draws.iter().map(|x| x.powi(k)).sum::<f64>() / f64::from(n);
        // Four standard errors: 1, sqrt 2, sqrt 15 and sqrt 96 over sqrt n.
        let close = |found: f64, expected: f64, spread: f64| {
            assert!((found - expected).abs() < 4.0 * spread / f64::from(n).sqrt(), "{found}");
        };
        close(moment(1), 0.0, 1.0);
        close(moment(2), 1.0, 2f64.sqrt());
        close(moment(3), 0.0, 15f64.sqrt());
        close(moment(4), 3.0, 96f64.sqrt());
    }

    #[test]
    fn streams_differ_by_seed_purpose_and_index() {
        let first = |seed, purpose, index| Stream::new(seed, purpose, index).normal().to_bits();
        let draws = [
            first(1, Purpose::Factor, 0),
            first(2, Purpose::Factor, 0),
            first(1, Purpose::Latent, 0),
            first(1, Purpose::Factor, 1),
        ];
        for i in 0..draws.len() {
            assert!(!draws[..i].contains(&draws[i]));
        }
        assert_eq!(first(1, Purpose::Factor, 0), draws[0]);
    }
}
