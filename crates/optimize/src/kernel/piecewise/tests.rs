use walkfolio_core::{Interrupt, Matrix};

use super::*;

const MUST: f64 = f64::INFINITY;

fn free() -> Column {
    Column { asset: Some(0), cost: 0.0, lo: f64::NEG_INFINITY, hi: f64::INFINITY }
}

fn term(row: usize, offset: f64, slopes: [f64; 2]) -> Term {
    Term { row: Some(row), extra: Vec::new(), offset, slopes }
}

#[test]
fn the_median_is_the_least_sum_of_distances() {
    let values = [5.0, -2.0, 9.0, 1.0, 3.0];
    let matrix = Matrix::from_rows(5, 1, vec![1.0; 5]);
    let terms = values.iter().enumerate().map(|(row, &at)| term(row, at, [-1.0, 1.0])).collect();
    let program = Piecewise { matrix, columns: vec![free()], terms };
    let from = Vertex { x: vec![-2.0], free: vec![0], kinks: vec![1] };
    let best = program.solve(from, &Interrupt::default()).unwrap();
    assert_eq!(best.vertex.x, [3.0]);
    assert_eq!(best.slopes, [-1.0, 1.0, -1.0, 1.0, 0.0]);
    // All kinks on the way are passed at once.
    assert_eq!(best.pivots, 1);
}

#[test]
fn a_linear_program_with_bounds_and_rows() {
    // max x + 2 y with x + y <= 4, x + 3 y <= 6 and 0 <= x, y <= 3: x = 3, y = 1.
    let matrix = Matrix::from_rows(2, 2, vec![1.0, 1.0, 1.0, 3.0]);
    let column = |asset: usize, cost: f64| Column { asset: Some(asset), cost, lo: 0.0, hi: 3.0 };
    let columns = vec![column(0, -1.0), column(1, -2.0)];
    let terms = vec![term(0, 4.0, [0.0, MUST]), term(1, 6.0, [0.0, MUST])];
    let program = Piecewise { matrix, columns, terms };
    let from = Vertex { x: vec![0.0; 2], free: Vec::new(), kinks: Vec::new() };
    let best = program.solve(from, &Interrupt::default()).unwrap();
    let [x, y] = best.vertex.x[..] else { panic!("two variables") };
    assert!((x - 3.0).abs() < 1e-14 && (y - 1.0).abs() < 1e-14, "{x} {y}");
    // Both rows and the bound of x meet there.
    let [a, b] = best.slopes[..] else { panic!("two terms") };
    assert!((a + 3.0 * b - 2.0).abs() < 1e-12 && a + b >= 1.0 - 1e-12, "{a} {b}");
}

#[test]
fn what_cannot_hold_has_no_answer() {
    let matrix = Matrix::from_rows(1, 1, vec![1.0]);
    let columns = vec![Column { asset: Some(0), cost: 1.0, lo: 0.0, hi: 1.0 }];
    let terms = vec![term(0, 2.0, [-MUST, MUST])];
    let program = Piecewise { matrix, columns, terms };
    let from = Vertex { x: vec![0.0], free: Vec::new(), kinks: Vec::new() };
    assert_eq!(program.solve(from, &Interrupt::default()).unwrap_err(), Stop::Limit);
}

#[test]
fn what_falls_without_end_is_unbounded() {
    let program = Piecewise {
        matrix: Matrix::from_rows(1, 1, vec![1.0]),
        columns: vec![Column { cost: 2.0, ..free() }],
        terms: vec![term(0, 0.0, [-1.0, 1.0])],
    };
    let from = Vertex { x: vec![0.0], free: vec![0], kinks: vec![0] };
    assert_eq!(program.solve(from, &Interrupt::default()).unwrap_err(), Stop::Unbounded);
}

#[test]
fn the_inverse_follows_every_exchange() {
    let matrix = |rows: &[&[f64]]| rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    let close = |basis: &super::basis::Basis, of: &[&[f64]]| {
        let fresh = super::basis::Basis::of(matrix(of)).unwrap();
        for at in 0..of.len() {
            for (a, b) in basis.column(at).iter().zip(fresh.column(at)) {
                assert!((a - b).abs() < 1e-12, "{a} {b}");
            }
        }
    };
    let mut basis = super::basis::Basis::of(matrix(&[&[2.0, 1.0], &[1.0, 3.0]])).unwrap();
    basis.replace_term(0, &[4.0, -1.0]);
    close(&basis, &[&[4.0, -1.0], &[1.0, 3.0]]);
    let by = basis.times(&[2.0, 5.0]);
    basis.replace_variable(1, &by);
    close(&basis, &[&[4.0, 2.0], &[1.0, 5.0]]);
    let by = basis.times(&[1.0, -2.0]);
    let row = [3.0, 1.0];
    let corner = 7.0 - (3.0 * by[0] + by[1]);
    basis.grow(&by, &row, corner);
    close(&basis, &[&[4.0, 2.0, 1.0], &[1.0, 5.0, -2.0], &[3.0, 1.0, 7.0]]);
    basis.shrink(0, 1);
    // The last variable and the last term took the places of those that left.
    close(&basis, &[&[1.0, 2.0], &[7.0, 1.0]]);
}
