use fearless_simd::Level;

use super::Cholesky;
use super::products::{add_rows_with, dots_with, gram_with};
use crate::Matrix;
use crate::random::SplitMix64;

/// Every set of instructions that this machine has.
fn levels() -> Vec<Level> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    {
        use fearless_simd::Simd;
        let found = [
            best.as_sse2().map(Simd::level),
            best.as_sse4_2().map(Simd::level),
            best.as_avx2().map(Simd::level),
            best.as_avx512().map(Simd::level),
        ];
        found.into_iter().flatten().collect()
    }
    #[cfg(not(target_arch = "x86_64"))]
    vec![best]
}

fn random(rows: usize, cols: usize) -> Matrix {
    let mut random = SplitMix64::new((rows * 1000 + cols) as u64);
    Matrix::from_rows(rows, cols, (0..rows * cols).map(|_| random.unit() - 0.5).collect())
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The entries of the factor of `a`, row after row from the diagonal, and a solution, by one level.
fn factored(level: Level, a: &Matrix) -> (Vec<f64>, Vec<f64>) {
    let n = a.rows();
    let mut factor = Cholesky::default();
    factor.set_with(level, |i| a.row(i).iter().copied(), &vec![0.0; n]);
    let upper = (0..n).flat_map(|i| (i..n).map(move |j| (i, j)));
    let mut b: Vec<f64> = (0..n).map(|i| (i % 7) as f64 - 3.0).collect();
    factor.solve_with(level, &mut b);
    (upper.map(|(i, j)| factor.entry(i, j)).collect(), b)
}

#[test]
fn every_level_gives_the_same_bits() {
    for n in [1, 2, 7, 8, 9, 31, 64, 77] {
        let x = random(n + 3, n);
        let mut rows: Vec<Vec<u64>> = Vec::new();
        for level in levels() {
            let mut gram = gram_with(level, n, x.iter_rows());
            let mut out: Vec<f64> =
                bits(gram.values()).iter().map(|&b| f64::from_bits(b)).collect();
            (0..n).for_each(|i| gram[(i, i)] += 1.0);
            let (factor, solution) = factored(level, &gram);
            out.extend(factor);
            out.extend(&solution);
            let mut sums = solution.clone();
            let scaled: Vec<(f64, &[f64])> = solution.iter().copied().zip(x.iter_rows()).collect();
            add_rows_with(level, &mut sums, &scaled);
            out.extend(sums);
            let mut dots = vec![0.0; x.rows()];
            dots_with(level, &solution, x.iter_rows(), &mut dots);
            out.extend(dots);
            rows.push(bits(&out));
        }
        assert!(rows.iter().all(|row| *row == rows[0]), "n = {n}, {:?}", levels());
    }
}

#[test]
fn the_gram_matrix_is_that_of_sums_in_order() {
    let x = random(20, 13);
    let gram = gram_with(Level::new(), 13, x.iter_rows());
    for i in 0..13 {
        for j in 0..13 {
            let sum = x.iter_rows().fold(0.0, |sum, row| sum + row[i] * row[j]);
            assert_eq!(sum.to_bits(), gram[(i, j)].to_bits());
        }
    }
}

#[test]
fn a_solution_solves() {
    for n in [1, 8, 50, 131] {
        let x = random(n + 20, n);
        let a = gram_with(Level::new(), n, x.iter_rows());
        let (factor, solution) = factored(Level::new(), &a);
        let mut upper = Matrix::zeros(n, n);
        let mut factor = factor.into_iter();
        (0..n).for_each(|i| upper.row_mut(i)[i..].fill_with(|| factor.next().unwrap()));
        for i in 0..n {
            for j in 0..n {
                let sum: f64 = (0..n).map(|k| upper[(k, i)] * upper[(k, j)]).sum();
                assert!((sum - a[(i, j)]).abs() < 1e-13, "({i}, {j}): {sum}");
            }
        }
        for (i, value) in a.times(&solution).iter().enumerate() {
            assert!((value - ((i % 7) as f64 - 3.0)).abs() < 1e-9, "{i}");
        }
    }
}

#[test]
fn a_dependent_variable_is_left_out() {
    // The fourth column is the sum of the first two.
    let mut x = random(30, 20);
    for t in 0..30 {
        x[(t, 3)] = x[(t, 0)] + x[(t, 1)];
    }
    let a = gram_with(Level::new(), 20, x.iter_rows());
    let factor = Cholesky::of(|i| a.row(i).iter().copied(), &[1e-11; 20]);
    let [(3, pivot)] = factor.left_out() else { panic!("{:?}", factor.left_out()) };
    assert!(pivot.abs() < 1e-14);
    let mut solution: Vec<f64> = (0..20).map(f64::from).collect();
    factor.solve(&mut solution);
    assert_eq!(solution[3], 0.0);
    for (i, value) in a.times(&solution).iter().enumerate().filter(|(i, _)| *i != 3) {
        assert!((value - i as f64).abs() < 1e-9, "{i}: {value}");
    }
}

#[test]
fn a_part_has_the_factor_of_its_matrix() {
    let a = random(60, 40).gram();
    let mut factor = Cholesky::default();
    // Adjacent columns and others; the memory of a larger factor and of a smaller one.
    let parts: [Vec<usize>; 4] =
        [(0..40).collect(), (3..12).collect(), (0..40).step_by(3).collect(), vec![5]];
    for indices in parts {
        let floors = vec![0.0; indices.len()];
        let row = |i: usize| indices.iter().map(move |&j| (i, j));
        let whole = Cholesky::of(|i| row(indices[i]).map(|at| a[at]), &floors);
        factor.set_part(&a, &indices, &floors);
        for i in 0..indices.len() {
            for j in i..indices.len() {
                assert_eq!(factor.entry(i, j).to_bits(), whole.entry(i, j).to_bits());
            }
        }
        let mut x: Vec<f64> = (0..indices.len()).map(|i| i as f64 - 2.0).collect();
        let mut y = x.clone();
        factor.solve(&mut x);
        whole.solve(&mut y);
        assert_eq!(bits(&x), bits(&y));
    }
}
