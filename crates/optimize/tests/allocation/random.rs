//! Random mandates.

use walkfolio_core::{Covariance, Matrix};

use super::draft::{Aim, Draft};

/// A small generator: tests must not change with a library's.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.next()
    }

    /// Returns with a common factor.
    pub fn window(&mut self, rows: usize, n: usize) -> Matrix {
        let mut window = Matrix::zeros(rows, n);
        for t in 0..rows {
            let common = self.between(-0.2, 0.2);
            for value in window.row_mut(t) {
                *value = common + self.between(-0.2, 0.2);
            }
        }
        window
    }
}

/// Annual moments of `n` assets, long only, without penalties.
pub fn mean_variance(random: &mut Random, n: usize, risk_aversion: f64) -> Draft {
    let window = random.window(3 * n + 5, n);
    let objective = Aim::MeanVariance {
        expected_returns: (0..n).map(|_| random.between(-0.1, 0.25)).collect(),
        covariance: Covariance::dense(window.gram()).unwrap(),
        risk_aversion,
    };
    long_only(objective, n)
}

/// Follows a mix of the assets and something else.
pub fn tracking(random: &mut Random, n: usize) -> Draft {
    let rows = 3 * n + 5;
    let window = random.window(rows, n);
    let mix: Vec<f64> = (0..n).map(|_| random.next().powi(3)).collect();
    let total: f64 = mix.iter().sum();
    let benchmark: Vec<f64> =
        window.times(&mix).iter().map(|r| r / total + random.between(-0.05, 0.05)).collect();
    let objective = Aim::TrackingError {
        second_moment: window.gram(),
        cross: window.transpose_times(&benchmark),
        benchmark_square: benchmark.iter().map(|r| r * r).sum(),
    };
    long_only(objective, n)
}

fn long_only(objective: Aim, n: usize) -> Draft {
    Draft::long_only(objective, n, 1.0)
}

/// `G`, `c` and the constant of `w'Gw - 2c'w + constant`, from the objective's definition and with
/// its l2 penalty.
pub fn quadratic(mandate: &Draft) -> (Matrix, Vec<f64>, f64) {
    let (mut g, c, constant) = match &mandate.objective {
        Aim::TrackingError { second_moment, cross, benchmark_square } => {
            (second_moment.clone(), cross.clone(), *benchmark_square)
        }
        Aim::MeanVariance { expected_returns, covariance, risk_aversion } => {
            let mut g = covariance.to_dense();
            for i in 0..g.rows() {
                g.row_mut(i).iter_mut().for_each(|value| *value *= risk_aversion / 2.0);
            }
            (g, expected_returns.iter().map(|mu| mu / 2.0).collect(), 0.0)
        }
        other => panic!("{other:?} is not quadratic"),
    };
    for i in 0..g.rows() {
        g[(i, i)] += mandate.penalties.l2;
    }
    (g, c, constant)
}

/// `2 (G w - c)`.
pub fn gradient(mandate: &Draft, w: &[f64]) -> Vec<f64> {
    let (g, c, _) = quadratic(mandate);
    g.times(w).iter().zip(&c).map(|(gw, c)| 2.0 * (gw - c)).collect()
}

/// How much an exchange of weight between two assets would still improve a portfolio, per unit:
/// 0 where it is optimal under a budget and bounds.
pub fn improvement(mandate: &Draft, w: &[f64]) -> f64 {
    const AT: f64 = 1e-7;
    let slope = gradient(mandate, w);
    let l1 = mandate.penalties.l1;
    let mut worst = 0.0f64;
    for from in (0..w.len()).filter(|&i| w[i] > mandate.min[i] + AT) {
        for to in (0..w.len()).filter(|&i| i != from && w[i] < mandate.max[i] - AT) {
            let up = slope[to] + if w[to] > -AT { l1 } else { -l1 };
            let down = -slope[from] + if w[from] > AT { -l1 } else { l1 };
            worst = worst.max(-(up + down));
        }
    }
    worst
}
