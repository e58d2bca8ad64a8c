//! The loop that everything else is made of: eight rows by eight columns of `L' R`.

use fearless_simd::prelude::*;

use super::WIDTH;

/// Eight rows of eight values.
pub(super) type Tile = [[f64; WIDTH]; WIDTH];

/// `left' right` of two panels of the same rows, each entry summed row after row from zero.
#[inline(always)]
pub(super) fn product<S: Simd>(
    simd: S,
    left: &[[f64; WIDTH]],
    right: &[[f64; WIDTH]],
    out: &mut Tile,
) {
    let lanes = S::f64s::LEN;
    for part in 0..WIDTH / lanes {
        let from = part * lanes;
        let mut sums = [S::f64s::splat(simd, 0.0); WIDTH];
        for (l, r) in left.iter().zip(right) {
            let r = S::f64s::from_slice(simd, &r[from..from + lanes]);
            for (sum, &l) in sums.iter_mut().zip(l) {
                *sum += r * S::f64s::splat(simd, l);
            }
        }
        for (row, sum) in out.iter_mut().zip(&sums) {
            sum.store_slice(&mut row[from..from + lanes]);
        }
    }
}
