//! Strips against the best portfolios of their holdings, from nothing.

#![allow(clippy::unwrap_used)] // tests may stop at a fault

use fearless_simd::{Simd, dispatch};
use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Interrupt, Matrix};

use super::super::part::best_of;
use super::super::rules::{Clock, SearchLimits, Sparse};
use super::foresight::foresee;
use super::*;

const ASSETS: usize = 40;
const HELD: usize = 12;

/// A tracking problem with a budget, a range that is met by some portfolios, and weights of 15 % at most.
struct Data {
    g: Matrix,
    c: Vec<f64>,
    a: Matrix,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

fn data(random: &mut SplitMix64) -> Data {
    let rows = 60;
    let mut x = Matrix::zeros(rows, ASSETS);
    for row in 0..rows {
        let common = random.unit() - 0.5;
        for value in x.row_mut(row) {
            *value = 0.01 * (common + 2.0 * (random.unit() - 0.5));
        }
    }
    let target: Vec<f64> = x.iter_rows().map(|row| row.iter().sum::<f64>() / 40.0).collect();
    let mut a = vec![1.0; ASSETS];
    a.extend((0..ASSETS).map(|_| random.unit()));
    let (mut lo, mut hi) = (vec![0.0; ASSETS + 2], vec![0.15; ASSETS + 2]);
    (lo[ASSETS], hi[ASSETS]) = (1.0, 1.0);
    (lo[ASSETS + 1], hi[ASSETS + 1]) = (0.48, 0.52);
    let c = x.transpose_times(&target);
    Data { g: x.gram(), c, a: Matrix::from_rows(2, ASSETS, a), lo, hi }
}

impl Data {
    fn view(&self) -> Sparse<'_> {
        Sparse {
            g: &self.g,
            c: &self.c,
            constant: 1.0,
            a: &self.a,
            lo: &self.lo,
            hi: &self.hi,
            max_holdings: Some(HELD),
            min_holdings: None,
            min_position: None,
            trading: None,
        }
    }
}

/// After hundreds of exchanges at random a strip has the value and weights that its holdings have from nothing, and
/// what it foresees is what happens where no other weight meets a bound.
#[test]
fn exchanges_keep_the_best_portfolio() {
    let mut random = SplitMix64::new(7);
    let (mut right, mut all) = (0, 0);
    for _ in 0..10 {
        let data = data(&mut random);
        let view = data.view();
        let clock = Clock::new(SearchLimits::default(), Interrupt::default());
        let problem = Problem::new(&view, &clock).unwrap();
        let mut strip = Strip::of(&problem, &(0..HELD).collect::<Vec<_>>()).unwrap();
        for _ in 0..60 {
            let holdings = strip.holdings.clone();
            let leaving = holdings[random.below(holdings.len())];
            let Some(entry) = strip.entry_for(leaving, f64::INFINITY) else { continue };
            let before = strip.half;
            if strip.exchange(leaving, entry.asset).is_none() {
                strip = Strip::of(&problem, &holdings).unwrap();
                continue;
            }
            let zeros = vec![0.0; ASSETS];
            let exact = best_of(&problem, &strip.holdings, &zeros).ok().unwrap();
            assert!((2.0 * strip.half - exact.value).abs() < 1e-12);
            for (own, exact) in strip.values.iter().zip(&exact.x) {
                assert!((own - exact).abs() < 1e-9, "{own} {exact}");
            }
            all += 1;
            right += usize::from((strip.half - before - entry.change).abs() < 1e-12);
        }
    }
    assert!(all > 500 && 5 * right > all, "{right} of {all}");
}

#[test]
fn every_level_foresees_the_same_bits() {
    let mut random = SplitMix64::new(3);
    let mut numbers = |n: usize| -> Vec<f64> { (0..n).map(|_| random.unit() - 0.3).collect() };
    let n = 48;
    let of = [numbers(n), numbers(n), numbers(n)];
    let room = [vec![0.0; n], numbers(n)];
    let foreseen = |level: Level| {
        let mut changes = vec![0.0; n];
        let of = [&of[0][..], &of[1][..], &of[2][..]];
        let (out, room) = (&mut changes[..], [&room[0][..], &room[1][..]]);
        let least = dispatch!(level, simd => foresee(simd, out, of, room, [0.7, 0.3]));
        let bits: Vec<u64> = changes.iter().map(|change| change.to_bits()).collect();
        (least.to_bits(), bits)
    };
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    for level in [best.as_sse2().map(Simd::level), best.as_avx2().map(Simd::level)] {
        assert!(level.is_none_or(|level| foreseen(level) == foreseen(best)));
    }
    assert!(f64::from_bits(foreseen(best).0) < 0.0);
}
