//! Made-up returns.

use walkfolio_core::Matrix;
use walkfolio_core::random::SplitMix64;

/// Returns of `n` assets on three factors, `t` rows.
pub fn returns(n: usize, t: usize) -> Matrix {
    let mut random = SplitMix64::new(n as u64);
    let mut normal = move || (0..6).map(|_| random.unit() - 0.5).sum::<f64>() * 1.414;
    let betas: Vec<[f64; 3]> =
        (0..n).map(|_| [1.0 + 0.3 * normal(), 0.5 * normal(), 0.5 * normal()]).collect();
    let own: Vec<f64> = (0..n).map(|_| 0.014 * (0.4 * normal()).exp()).collect();
    let mut values = Vec::with_capacity(n * t);
    for _ in 0..t {
        let f = [0.01 * normal() + 3e-4, 0.006 * normal(), 0.005 * normal()];
        for (beta, own) in betas.iter().zip(&own) {
            values.push(beta.iter().zip(f).map(|(b, f)| b * f).sum::<f64>() + own * normal());
        }
    }
    Matrix::from_rows(t, n, values)
}
