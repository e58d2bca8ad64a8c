//! What is summed: the products of each row, in a fixed order.
//!
//! A row starts with a head of products without an asset, then holds one record an asset. A row
//! outside the listing of an asset, of the factors or of the benchmark contributes zeros.

use super::prefix::Sums;
use crate::{Benchmark, Factors, Returns, Row};

/// Length of the head of [`of_factors`]: `r_f`, `f`, and the upper triangle of `f f'`.
pub(crate) fn factor_head(k: usize) -> usize {
    1 + k + k * (k + 1) / 2
}

/// Length of a record of [`of_factors`]: with the excess return `y`, it is `y`, `y^2`, `y f`.
pub(crate) fn factor_record(k: usize) -> usize {
    2 + k
}

/// The place of `(i, j)`, `i <= j`, in the upper triangle of an `n x n` matrix.
pub(crate) fn triangle(n: usize, i: usize, j: usize) -> usize {
    i * (2 * n - i + 1) / 2 + (j - i)
}

/// Sums for regressions on factors.
pub(crate) fn of_factors(returns: &Returns, factors: &Factors) -> Option<Sums> {
    let (n, k) = (returns.universe().len(), factors.names().len());
    Sums::new(returns.sessions(), factor_head(k) + n * factor_record(k), |row, out| {
        let (Some(f), Some(risk_free)) = (factors.row(row), factors.risk_free(row)) else {
            return out.fill(0.0);
        };
        let (head, records) = out.split_at_mut(factor_head(k));
        head[0] = risk_free;
        head[1..=k].copy_from_slice(f);
        outer_product(f, &mut head[k + 1..]);
        for (asset, record) in records.chunks_exact_mut(factor_record(k)).enumerate() {
            let excess = returns.value(row, asset).map_or(0.0, |value| value - risk_free);
            record[0] = excess;
            record[1] = excess * excess;
            record[2..].iter_mut().zip(f).for_each(|(product, f)| *product = excess * f);
        }
    })
}

/// Sums for betas: the head is `r_M`, `r_M^2`, a record `r`, `r r_M`.
pub(crate) fn of_market(returns: &Returns, factors: &Factors) -> Option<Sums> {
    let (n, column) = (returns.universe().len(), factors.market_column()?);
    Sums::new(returns.sessions(), 2 + 2 * n, |row, out| {
        let (Some(f), Some(risk_free)) = (factors.row(row), factors.risk_free(row)) else {
            return out.fill(0.0);
        };
        let market = f[column] + risk_free;
        let (head, records) = out.split_at_mut(2);
        head.copy_from_slice(&[market, market * market]);
        for (asset, record) in records.chunks_exact_mut(2).enumerate() {
            let value = returns.value(row, asset).unwrap_or_default();
            record.copy_from_slice(&[value, value * market]);
        }
    })
}

/// Sums for means: no head, a record is `r`.
pub(crate) fn of_returns(returns: &Returns) -> Option<Sums> {
    Sums::new(returns.sessions(), returns.universe().len(), |row, out| listed(returns, row, out))
}

/// Sums for second moments: the upper triangle of `r r'`.
pub(crate) fn of_pairs(returns: &Returns) -> Option<Sums> {
    let n = returns.universe().len();
    let mut values = vec![0.0; n];
    Sums::new(returns.sessions(), n * (n + 1) / 2, |row, out| {
        listed(returns, row, &mut values);
        outer_product(&values, out);
    })
}

/// Sums for tracking: the head is `r_b^2`, a record `r r_b`.
pub(crate) fn of_benchmark(returns: &Returns, benchmark: &Benchmark) -> Option<Sums> {
    Sums::new(returns.sessions(), 1 + returns.universe().len(), |row, out| {
        let value = benchmark.value(row).unwrap_or_default();
        let (head, records) = out.split_at_mut(1);
        head[0] = value * value;
        listed(returns, row, records);
        for product in records {
            *product *= value;
        }
    })
}

/// The returns of a row, 0 where there is none.
fn listed(returns: &Returns, row: Row, out: &mut [f64]) {
    for (asset, value) in out.iter_mut().enumerate() {
        *value = returns.value(row, asset).unwrap_or_default();
    }
}

/// The upper triangle of `x x'`.
fn outer_product(x: &[f64], out: &mut [f64]) {
    let mut rest = out;
    for (i, value) in x.iter().enumerate() {
        let (row, below) = rest.split_at_mut(x.len() - i);
        row.iter_mut().zip(&x[i..]).for_each(|(product, other)| *product = value * other);
        rest = below;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_lies_by_rows() {
        let mut out = [0.0; 6];
        outer_product(&[1.0, 2.0, 3.0], &mut out);
        assert_eq!(out.map(f64::to_bits), [1.0, 2.0, 3.0, 4.0, 6.0, 9.0].map(f64::to_bits));
        let places = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];
        assert_eq!(places.map(|(i, j)| triangle(3, i, j)), [0, 1, 2, 3, 4, 5]);
    }
}
