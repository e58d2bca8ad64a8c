//! Hierarchical risk parity and equal risk contribution by their definitions: the tree that is stated is checked merge by
//! merge, from distances of all members of all clusters, and the budget is split along it again.

use walkfolio_core::Matrix;
use walkfolio_optimize::{
    HierarchicalEqualRiskContribution, HierarchicalRiskParity, Linkage, Merge,
};

/// Distances that differ by less are the same.
const SAME: f64 = 1e-9;
/// The most assets whose clusters are compared pair by pair.
const ASSETS: usize = 200;

/// A tree as it is stated.
#[derive(Clone, Copy)]
struct Stated<'a> {
    linkage: Linkage,
    merges: &'a [Merge],
}

/// The weights of hierarchical risk parity; none where there are too many assets.
///
/// # Errors
/// If the tree is not one of nearest clusters.
pub(super) fn risk_parity(stated: &HierarchicalRiskParity) -> Result<Option<Vec<f64>>, String> {
    let sigma = stated.covariance().to_dense();
    if sigma.rows() > ASSETS {
        return Ok(None);
    }
    let distances = distances(&sigma);
    let distances =
        if stated.has_distances_of_distances() { between(&distances) } else { distances };
    let tree = Stated { linkage: stated.linkage(), merges: stated.merges() };
    let order = checked(tree, &distances)?.pop().unwrap_or_default();
    let mut weights = vec![0.0; sigma.rows()];
    split(&sigma, &order, 1.0, &mut weights);
    Ok(Some(weights))
}

/// The weights of hierarchical equal risk contribution with the clusters that are stated; none where there are too many
/// assets.
///
/// # Errors
/// If the tree is not one of nearest clusters, or the clusters are none of it.
pub(super) fn equal_risk(
    stated: &HierarchicalEqualRiskContribution,
) -> Result<Option<Vec<f64>>, String> {
    let sigma = stated.covariance().to_dense();
    let n = sigma.rows();
    if n > ASSETS {
        return Ok(None);
    }
    let tree = Stated { linkage: stated.linkage(), merges: stated.merges() };
    let branches = checked(tree, &distances(&sigma))?;
    let clusters = stated.clusters();
    let is_branch = |own: &Vec<usize>| {
        branches.iter().any(|all| all.len() == own.len() && own.iter().all(|i| all.contains(i)))
    };
    if clusters.iter().map(Vec::len).sum::<usize>() != n || !clusters.iter().all(is_branch) {
        return Err("the clusters are not branches of the tree".to_owned());
    }
    let mut weights = vec![0.0; n];
    for own in clusters {
        let sum: f64 = own.iter().map(|&i| 1.0 / sigma[(i, i)]).sum();
        for &i in own {
            weights[i] = 1.0 / sigma[(i, i)] / sum;
        }
    }
    let risk = |branch: &[usize]| -> f64 {
        let inside = clusters.iter().filter(|own| own.iter().all(|i| branch.contains(i)));
        inside.map(|own| inverse_variance(&sigma, own)).sum()
    };
    // The last merges are those that the clusters undo.
    let kept = n - clusters.len();
    for merge in stated.merges().iter().skip(kept) {
        let parts = merge.children.map(|child| branches[child].as_slice());
        let [left, right] = parts.map(risk);
        for (part, share) in parts.iter().zip([right, left]) {
            for &i in *part {
                weights[i] *= share / (left + right);
            }
        }
    }
    Ok(Some(weights))
}

/// `sqrt((1 - correlation) / 2)`.
fn distances(sigma: &Matrix) -> Matrix {
    let n = sigma.rows();
    let mut distances = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let correlation = sigma[(i, j)] / (sigma[(i, i)] * sigma[(j, j)]).sqrt();
            distances[(i, j)] = ((1.0 - correlation) / 2.0).clamp(0.0, 1.0).sqrt();
        }
        distances[(i, i)] = 0.0;
    }
    distances
}

/// The leaves of every branch from left to right, the whole tree last, if every merge is of the nearest two clusters.
fn checked(stated: Stated<'_>, distances: &Matrix) -> Result<Vec<Vec<usize>>, String> {
    let n = distances.rows();
    let mut branches: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
    let mut open: Vec<usize> = (0..n).collect();
    for merge in stated.merges {
        let [a, b] = merge.children;
        let far = |i: usize, j: usize| apart(stated.linkage, distances, &branches[i], &branches[j]);
        let pairs = (0..open.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let least = pairs.map(|(i, j)| far(open[i], open[j])).fold(f64::INFINITY, f64::min);
        if a >= b || !open.contains(&a) || !open.contains(&b) {
            return Err(format!("clusters {a} and {b} cannot be merged: one is not there"));
        }
        let own = far(a, b);
        if own > least + SAME || (own - merge.height).abs() > SAME {
            return Err(format!(
                "clusters {a} and {b} are merged at {own}, the nearest are {least} apart"
            ));
        }
        open.retain(|&other| other != a && other != b);
        open.push(branches.len());
        branches.push([branches[a].as_slice(), &branches[b]].concat());
    }
    if open.len() == 1 { Ok(branches) } else { Err("the clusters are not one tree".to_owned()) }
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
    let (of_left, of_right) = (inverse_variance(sigma, left), inverse_variance(sigma, right));
    let share = of_right / (of_left + of_right);
    split(sigma, left, budget * share, weights);
    split(sigma, right, budget * (1.0 - share), weights);
}

/// The variance of some assets in proportion to one over their variances.
fn inverse_variance(sigma: &Matrix, part: &[usize]) -> f64 {
    let sum: f64 = part.iter().map(|&i| 1.0 / sigma[(i, i)]).sum();
    let w = |i: usize| 1.0 / sigma[(i, i)] / sum;
    let terms = part.iter().flat_map(|&i| part.iter().map(move |&j| w(i) * w(j) * sigma[(i, j)]));
    terms.sum()
}
