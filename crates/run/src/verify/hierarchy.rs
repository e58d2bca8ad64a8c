//! Hierarchical risk parity by its definition: the tree that is stated is checked merge by merge, from distances
//! of all members of all clusters, and the budget is split along it again.

use walkfolio_core::Matrix;
use walkfolio_optimize::{HierarchicalRiskParity, Linkage};

/// Distances that differ by less are the same.
const SAME: f64 = 1e-9;
/// The most assets whose clusters are compared pair by pair.
const ASSETS: usize = 200;

/// The weights; none where there are too many assets.
///
/// # Errors
/// If the tree is not one of nearest clusters.
pub(super) fn weights(stated: &HierarchicalRiskParity) -> Result<Option<Vec<f64>>, String> {
    let sigma = stated.covariance().to_dense();
    let n = sigma.rows();
    if n > ASSETS {
        return Ok(None);
    }
    let mut distances = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let correlation = sigma[(i, j)] / (sigma[(i, i)] * sigma[(j, j)]).sqrt();
            distances[(i, j)] = ((1.0 - correlation) / 2.0).clamp(0.0, 1.0).sqrt();
        }
        distances[(i, i)] = 0.0;
    }
    if stated.has_distances_of_distances() {
        distances = between(&distances);
    }
    let order = checked(stated, &distances)?;
    let mut weights = vec![0.0; n];
    split(&sigma, &order, 1.0, &mut weights);
    Ok(Some(weights))
}

/// The leaves from left to right, if every merge is of the nearest two clusters.
fn checked(stated: &HierarchicalRiskParity, distances: &Matrix) -> Result<Vec<usize>, String> {
    let n = distances.rows();
    let mut clusters: Vec<Option<Vec<usize>>> = (0..n).map(|i| Some(vec![i])).collect();
    let mut order = vec![0];
    for merge in stated.merges() {
        let [a, b] = merge.children;
        let open: Vec<&Vec<usize>> = clusters.iter().flatten().collect();
        let pairs = (0..open.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let far = pairs.map(|(i, j)| apart(stated.linkage(), distances, open[i], open[j]));
        let least = far.fold(f64::INFINITY, f64::min);
        let taken = [a, b].map(|child| clusters.get_mut(child).and_then(Option::take));
        let [Some(left), Some(right)] = taken else {
            return Err(format!("clusters {a} and {b} cannot be merged: one is not there"));
        };
        let own = apart(stated.linkage(), distances, &left, &right);
        if own > least + SAME || (own - merge.height).abs() > SAME || a >= b {
            return Err(format!(
                "clusters {a} and {b} are merged at {own}, the nearest are {least} apart"
            ));
        }
        order = [left, right].concat();
        clusters.push(Some(order.clone()));
    }
    if order.len() == n { Ok(order) } else { Err("the clusters are not one tree".to_owned()) }
}

/// How far two clusters are from each other, from all their members.
fn apart(linkage: Linkage, distances: &Matrix, left: &[usize], right: &[usize]) -> f64 {
    let between = || left.iter().flat_map(|&i| right.iter().map(move |&j| distances[(i, j)]));
    let (a, b) = (left.len() as f64, right.len() as f64);
    match linkage {
        Linkage::Single => between().fold(f64::INFINITY, f64::min),
        Linkage::Complete => between().fold(0.0, f64::max),
        Linkage::Average => between().sum::<f64>() / (a * b),
        Linkage::Ward => {
            let mean = between().map(|d| d * d).sum::<f64>() / (a * b);
            let inner = |own: &[usize]| {
                let all = own.iter().flat_map(|&i| own.iter().map(move |&j| distances[(i, j)]));
                all.map(|d| d * d).sum::<f64>() / (own.len() * own.len()) as f64
            };
            let squares = mean - 0.5 * inner(left) - 0.5 * inner(right);
            (2.0 * a * b / (a + b) * squares).max(0.0).sqrt()
        }
    }
}

/// Euclidean distances of rows.
fn between(matrix: &Matrix) -> Matrix {
    let n = matrix.rows();
    let far = |i: usize, j: usize| {
        let squares = (0..n).map(|k| (matrix[(i, k)] - matrix[(j, k)]).powi(2));
        squares.sum::<f64>().sqrt()
    };
    Matrix::from_rows(n, n, (0..n * n).map(|at| far(at / n, at % n)).collect())
}

/// Splits a budget over assets in an order.
fn split(sigma: &Matrix, order: &[usize], budget: f64, weights: &mut [f64]) {
    if let [asset] = order {
        weights[*asset] = budget;
    }
    if order.len() < 2 {
        return;
    }
    let (left, right) = order.split_at(order.len() / 2);
    let risk = |part: &[usize]| {
        let sum: f64 = part.iter().map(|&i| 1.0 / sigma[(i, i)]).sum();
        let w = |i: usize| 1.0 / sigma[(i, i)] / sum;
        let terms =
            part.iter().flat_map(|&i| part.iter().map(move |&j| w(i) * w(j) * sigma[(i, j)]));
        terms.sum::<f64>()
    };
    let (of_left, of_right) = (risk(left), risk(right));
    let share = of_right / (of_left + of_right);
    split(sigma, left, budget * share, weights);
    split(sigma, right, budget * (1.0 - share), weights);
}
