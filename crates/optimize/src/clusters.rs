//! Hierarchical clusters of assets.
//!
//! Of all pairs of clusters the nearest is merged, until one is left. Each keeps its nearest other one; after a
//! merge those whose nearest is gone are searched anew only when they come first, since no linkage here brings
//! a new cluster nearer than its parts were (Müllner 2011, Modern hierarchical, agglomerative clustering
//! algorithms).

use walkfolio_core::Matrix;

/// How far two clusters are from each other.
///
/// # Source
/// Lance & Williams (1967), A general theory of classificatory sorting strategies.
/// # Examples
/// See [`HierarchicalRiskParity`](crate::HierarchicalRiskParity).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Linkage {
    /// As far as their nearest members.
    #[default]
    Single,
    /// As far as their farthest members.
    Complete,
    /// The mean distance of their members.
    Average,
    /// By how much merging them raises the sum of squares within clusters (Ward 1963).
    Ward,
}

/// Two clusters that become one.
///
/// # Examples
/// See [`HierarchicalRiskParity`](crate::HierarchicalRiskParity).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The two, the smaller number first: assets are `0..n`, and merge `m` makes cluster `n + m`.
    pub children: [usize; 2],
    /// How far they are from each other.
    pub height: f64,
}

/// The merges of a symmetric matrix of distances, by height; of the same height the one of the smallest numbers.
pub(crate) fn merges(distances: Matrix, linkage: Linkage) -> Vec<Merge> {
    let n = distances.rows();
    let mut forest = Forest::new(distances, linkage);
    (0..n.saturating_sub(1)).map(|at| forest.merge(n + at)).collect()
}

/// The assets of a tree from left to right, where the smaller number of two children is left.
pub(crate) fn order(assets: usize, merges: &[Merge]) -> Vec<usize> {
    let mut order = Vec::with_capacity(assets);
    let mut open = vec![assets + merges.len() - 1];
    while let Some(cluster) = open.pop() {
        match cluster.checked_sub(assets) {
            None => order.push(cluster),
            Some(at) => {
                let [left, right] = merges[at].children;
                open.extend([right, left]);
            }
        }
    }
    order
}

/// `sqrt((1 - C_ij) / 2)` of the correlations.
pub(crate) fn correlation_distances(covariance: &Matrix) -> Matrix {
    let n = covariance.rows();
    let deviations: Vec<f64> = (0..n).map(|i| covariance[(i, i)].sqrt()).collect();
    let mut distances = Matrix::zeros(n, n);
    for i in 0..n {
        for j in i + 1..n {
            let correlation = covariance[(i, j)] / (deviations[i] * deviations[j]);
            distances[(i, j)] = (0.5 * (1.0 - correlation)).clamp(0.0, 1.0).sqrt();
        }
    }
    distances.mirror();
    distances
}

/// Euclidean distances between the columns of a symmetric matrix.
pub(crate) fn between_columns(matrix: &Matrix) -> Matrix {
    let n = matrix.rows();
    let mut distances = Matrix::zeros(n, n);
    for i in 0..n {
        for j in i + 1..n {
            let squares = matrix.row(i).iter().zip(matrix.row(j)).map(|(a, b)| (a - b).powi(2));
            distances[(i, j)] = squares.sum::<f64>().sqrt();
        }
    }
    distances.mirror();
    distances
}

/// The clusters that are left, each in the row of one of its assets.
struct Forest {
    linkage: Linkage,
    distances: Matrix,
    /// The rows in use.
    rows: Vec<usize>,
    numbers: Vec<usize>,
    sizes: Vec<f64>,
    /// By row: the row of the nearest other cluster and how far it is, or no row and at least so far.
    nearest: Vec<(Option<usize>, f64)>,
}

impl Forest {
    fn new(distances: Matrix, linkage: Linkage) -> Self {
        let n = distances.rows();
        let (rows, sizes) = ((0..n).collect(), vec![1.0; n]);
        let mut forest = Self {
            linkage,
            distances,
            rows,
            numbers: (0..n).collect(),
            sizes,
            nearest: vec![(None, 0.0); n],
        };
        (0..n).for_each(|row| forest.search(row));
        forest
    }

    /// Finds the nearest other cluster of a row, of the same distance the one of the smallest number.
    fn search(&mut self, row: usize) {
        let mut best = (None, f64::INFINITY, usize::MAX);
        let own = self.distances.row(row);
        for &other in self.rows.iter().filter(|&&other| other != row) {
            let (far, number) = (own[other], self.numbers[other]);
            if far < best.1 || (far == best.1 && number < best.2) {
                best = (Some(other), far, number);
            }
        }
        self.nearest[row] = (best.0, best.1);
    }

    /// The two rows of the nearest pair, that of the smaller number first.
    fn pair(&mut self) -> ([usize; 2], f64) {
        loop {
            let far = |&row: &usize| self.nearest[row].1;
            let least = self.rows.iter().map(far).fold(f64::INFINITY, f64::min);
            let at_least: Vec<usize> =
                self.rows.iter().copied().filter(|row| far(row) == least).collect();
            let stale: Vec<usize> =
                at_least.iter().copied().filter(|&row| self.nearest[row].0.is_none()).collect();
            if stale.is_empty() {
                let pairs = at_least.iter().filter_map(|&row| {
                    let other = self.nearest[row].0?;
                    let (a, b) = (self.numbers[row], self.numbers[other]);
                    Some(if a < b { (a, b, [row, other]) } else { (b, a, [other, row]) })
                });
                if let Some((_, _, rows)) = pairs.min() {
                    return (rows, least);
                }
            }
            for row in stale {
                self.search(row);
            }
        }
    }

    /// Merges the nearest pair into the row of its first.
    fn merge(&mut self, number: usize) -> Merge {
        let ([left, right], height) = self.pair();
        let children = [self.numbers[left], self.numbers[right]];
        self.rows.retain(|&row| row != right);
        for &row in self.rows.iter().filter(|&&row| row != left) {
            let to = [self.distances[(left, row)], self.distances[(right, row)]];
            let sizes = [self.sizes[left], self.sizes[right], self.sizes[row]];
            let far = joined(self.linkage, to, sizes, height);
            self.distances[(left, row)] = far;
            self.distances[(row, left)] = far;
            let (nearest, known) = self.nearest[row];
            if far < known {
                self.nearest[row] = (Some(left), far);
            } else if nearest == Some(left) || nearest == Some(right) {
                self.nearest[row].0 = None;
            }
        }
        self.sizes[left] += self.sizes[right];
        self.numbers[left] = number;
        self.search(left);
        Merge { children, height }
    }
}

/// How far a cluster is from two that become one, of which it is `a` and `b` away.
fn joined(linkage: Linkage, [a, b]: [f64; 2], [of_a, of_b, own]: [f64; 3], apart: f64) -> f64 {
    match linkage {
        Linkage::Single => a.min(b),
        Linkage::Complete => a.max(b),
        Linkage::Average => (of_a * a + of_b * b) / (of_a + of_b),
        Linkage::Ward => {
            let squares = (of_a + own) * a * a + (of_b + own) * b * b - own * apart * apart;
            (squares / (of_a + of_b + own)).max(0.0).sqrt()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of points on a line.
    fn on_line(points: &[f64], linkage: Linkage) -> Vec<Merge> {
        let n = points.len();
        let far = (0..n * n).map(|at| (points[at / n] - points[at % n]).abs()).collect();
        merges(Matrix::from_rows(n, n, far), linkage)
    }

    #[test]
    fn heights_of_points_on_a_line() {
        let heights = |linkage| -> Vec<f64> {
            on_line(&[0.0, 1.0, 3.0, 7.0], linkage).iter().map(|merge| merge.height).collect()
        };
        assert_eq!(heights(Linkage::Single), [1.0, 2.0, 4.0]);
        assert_eq!(heights(Linkage::Complete), [1.0, 3.0, 7.0]);
        assert_eq!(heights(Linkage::Average), [1.0, 2.5, (7.0 + 6.0 + 4.0) / 3.0]);
        // Twice the raise of the sum of squares: 2/3 * 2.5^2 * 2 and 3/4 * (7 - 4/3)^2 * 2.
        let ward = heights(Linkage::Ward);
        assert!((ward[1] - (25.0f64 / 3.0).sqrt()).abs() < 1e-14);
        assert!((ward[2] - (1.5f64 * (17.0 / 3.0) * (17.0 / 3.0)).sqrt()).abs() < 1e-13);
    }

    #[test]
    fn ties_go_to_the_smallest_numbers() {
        // All distances are 1.
        let n = 4;
        let far = (0..n * n).map(|at| if at / n == at % n { 0.0 } else { 1.0 }).collect();
        let found = merges(Matrix::from_rows(n, n, far), Linkage::Single);
        let children: Vec<[usize; 2]> = found.iter().map(|merge| merge.children).collect();
        assert_eq!(children, [[0, 1], [2, 3], [4, 5]]);
        assert_eq!(order(n, &found), [0, 1, 2, 3]);
    }
}
