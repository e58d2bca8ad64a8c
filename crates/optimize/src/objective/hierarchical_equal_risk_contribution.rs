//! Risk split between clusters along their tree, and evenly within each.

use walkfolio_core::{Covariance, Matrix};

use super::form::{same_assets, with_risk};
use super::given::Given;
use super::hierarchical_risk_parity::variance;
use super::one_portfolio::OnePortfolio;
use crate::clusters::{Linkage, Merge, correlation_distances, merges, order};
use crate::{Error, Result};

/// Hierarchical equal risk contribution (HERC): a tree of the assets' correlations is cut into clusters; from the root on the
/// budget of a branch is split in proportion to one over the risk of its two parts, which is the sum of the variances of
/// their clusters, and within a cluster in proportion to one over variances.
///
/// Distances and ties are those of [`HierarchicalRiskParity`](crate::HierarchicalRiskParity). Without a number of clusters it
/// is the sharpest bend of the dispersion within clusters, `W_k = sum_c (sum_ij d_ij) / (2 |c|)`: the largest
/// `W_(k-1) - 2 W_k + W_(k+1)` from 2 up to the larger of 8 and the root of the number of assets. One portfolio, as
/// [`EqualWeight`](crate::EqualWeight) is.
///
/// # Shape and units
/// `Sigma` is `N x N` in any unit of time.
/// # Source
/// Raffinot (2018), The Hierarchical Equal Risk Contribution Portfolio; Yue, Wang & Wei (2009) for the number of clusters.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{HierarchicalEqualRiskContribution, Linkage, Mandate};
///
/// // The first and the last go together; variances of 4, 1 and 4 %.
/// let rows = vec![0.04, 0.0, 0.03, 0.0, 0.01, 0.0, 0.03, 0.0, 0.04];
/// let covariance = Covariance::dense(Matrix::from_rows(3, 3, rows))?;
/// let objective = HierarchicalEqualRiskContribution::new(&covariance, Linkage::Ward, Some(2))?;
/// assert_eq!(objective.clusters(), [vec![0, 2], vec![1]]);
/// // 3.5 % of the pair against 1 % of the single asset, which has 7/9; the pair shares the rest.
/// let weights = Mandate::long_only(objective, 1.0)?.solve()?.weights;
/// assert!((weights[1] - 7.0 / 9.0).abs() < 1e-15 && (weights[0] - 1.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HierarchicalEqualRiskContribution {
    portfolio: Given,
    covariance: Covariance,
    linkage: Linkage,
    merges: Vec<Merge>,
    clusters: Vec<Vec<usize>>,
}

impl HierarchicalEqualRiskContribution {
    /// With a number of clusters, or that of the sharpest bend.
    ///
    /// # Errors
    /// [`Error::NoRisk`] if an asset has no variance, [`Error::Invalid`] for no cluster or more clusters than assets.
    pub fn new(covariance: &Covariance, linkage: Linkage, clusters: Option<usize>) -> Result<Self> {
        let variances = covariance.diagonal();
        same_assets(covariance, &variances)?;
        let n = variances.len();
        with_risk(&variances)?;
        if let Some(wanted) = clusters.filter(|wanted| !(1..=n).contains(wanted)) {
            return Err(Error::Invalid(format!("{wanted} clusters of {n} assets")));
        }
        let dense = covariance.to_dense();
        let distances = correlation_distances(&dense);
        let merges = merges(distances.clone(), linkage);
        let tree = Tree::new(n, &merges);
        let clusters = clusters.unwrap_or_else(|| tree.bend(&distances));
        let (clusters, weights) = tree.split(&dense, clusters);
        let portfolio =
            Given { called: "weights of hierarchical equal risk contribution", weights };
        Ok(Self { portfolio, covariance: covariance.clone(), linkage, merges, clusters })
    }

    /// The covariance.
    pub fn covariance(&self) -> &Covariance {
        &self.covariance
    }

    /// How far clusters are from each other.
    pub fn linkage(&self) -> Linkage {
        self.linkage
    }

    /// The merges of clusters, the nearest first.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The assets of each cluster, in the order of their first ones.
    pub fn clusters(&self) -> &[Vec<usize>] {
        &self.clusters
    }
}

impl OnePortfolio for HierarchicalEqualRiskContribution {
    fn portfolio(&self) -> &Given {
        &self.portfolio
    }
}

/// The most clusters that a bend is looked for among, unless there are many assets.
const MOST: usize = 8;

/// A tree by its nodes: the assets, and what each merge makes of two of them.
struct Tree<'a> {
    merges: &'a [Merge],
    /// The assets of each node.
    members: Vec<Vec<usize>>,
}

impl<'a> Tree<'a> {
    fn new(assets: usize, merges: &'a [Merge]) -> Self {
        let node = |at: usize| {
            let mut own =
                if at < assets { vec![at] } else { order(assets, &merges[..=at - assets]) };
            own.sort_unstable();
            own
        };
        Self { merges, members: (0..assets + merges.len()).map(node).collect() }
    }

    fn assets(&self) -> usize {
        self.merges.len() + 1
    }

    /// The number of clusters at which the dispersion within them bends most.
    fn bend(&self, distances: &Matrix) -> usize {
        let n = self.assets();
        let root = n.isqrt();
        let most = n.min(MOST.max(if n - root * root > root { root + 1 } else { root }));
        let within = self.dispersions(distances);
        // With all assets apart it is 0; each split takes a node's and adds those of its parts.
        let mut by_number = vec![within[within.len() - 1]];
        for at in (0..self.merges.len()).rev().take(most - 1) {
            let [left, right] = self.merges[at].children;
            let last = by_number[by_number.len() - 1];
            by_number.push(last - within[n + at] + within[left] + within[right]);
        }
        let mut best = (most.min(2), f64::NEG_INFINITY);
        for (at, three) in by_number.windows(3).enumerate() {
            let bend = three[0] - 2.0 * three[1] + three[2];
            if bend > best.1 {
                best = (at + 2, bend);
            }
        }
        best.0
    }

    /// Of each node, the distances of its pairs divided by its size.
    fn dispersions(&self, distances: &Matrix) -> Vec<f64> {
        let n = self.assets();
        let mut sums = vec![0.0; n];
        for Merge { children: [left, right], .. } in self.merges {
            let rows = self.members[*left].iter().map(|&i| distances.row(i));
            let apart: f64 =
                rows.map(|row| self.members[*right].iter().map(|&j| row[j]).sum::<f64>()).sum();
            sums.push(sums[*left] + sums[*right] + apart);
        }
        sums.iter().zip(&self.members).map(|(sum, own)| sum / own.len() as f64).collect()
    }

    /// So many clusters, and the weights.
    fn split(&self, covariance: &Matrix, clusters: usize) -> (Vec<Vec<usize>>, Vec<f64>) {
        let n = self.assets();
        // What later merges make is split.
        let first = n + self.merges.len() + 1 - clusters;
        let mut risks = vec![0.0; self.members.len()];
        for (node, own) in self.members.iter().enumerate() {
            risks[node] = match self.merges.get(node.wrapping_sub(n)).filter(|_| node >= first) {
                Some(merge) => merge.children.iter().map(|&child| risks[child]).sum(),
                None => spread(covariance, own).0,
            };
        }
        let (mut found, mut weights) = (Vec::with_capacity(clusters), vec![0.0; n]);
        let mut open = vec![(self.members.len() - 1, 1.0)];
        while let Some((node, share)) = open.pop() {
            if node >= first {
                let [left, right] = self.merges[node - n].children;
                let to_left = 1.0 - risks[left] / (risks[left] + risks[right]);
                open.extend([(left, share * to_left), (right, share * (1.0 - to_left))]);
                continue;
            }
            let own = &self.members[node];
            for (&asset, weight) in own.iter().zip(spread(covariance, own).1) {
                weights[asset] = share * weight;
            }
            found.push(own.clone());
        }
        found.sort_unstable();
        (found, weights)
    }
}

/// The variance of some assets in proportion to one over their variances, and these weights.
fn spread(covariance: &Matrix, assets: &[usize]) -> (f64, Vec<f64>) {
    let k = assets.len();
    let values = assets.iter().flat_map(|&i| assets.iter().map(move |&j| covariance[(i, j)]));
    let own = Matrix::from_rows(k, k, values.collect());
    let inverse = |at: usize| 1.0 / own[(at, at)];
    let sum: f64 = (0..k).map(inverse).sum();
    (variance(&own, 0, k), (0..k).map(|at| inverse(at) / sum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree_of(points: &[f64]) -> (Matrix, Vec<Merge>) {
        let n = points.len();
        let far = (0..n * n).map(|at| (points[at / n] - points[at % n]).abs()).collect();
        let distances = Matrix::from_rows(n, n, far);
        let merges = merges(distances.clone(), Linkage::Ward);
        (distances, merges)
    }

    #[test]
    fn the_bend_is_where_the_clusters_are() {
        for (points, clusters) in [
            (&[0.0, 0.1, 0.2, 5.0, 5.1, 5.2][..], 2),
            (&[0.0, 0.1, 0.2, 0.3, 5.0, 5.1, 5.2, 5.3, 10.5, 10.6, 10.7, 10.8], 3),
            (&[0.0, 1.0], 2),
            (&[0.0], 1),
        ] {
            let (distances, merges) = tree_of(points);
            assert_eq!(Tree::new(points.len(), &merges).bend(&distances), clusters, "{points:?}");
        }
    }

    #[test]
    fn dispersions_are_sums_of_pairs() {
        let (distances, merges) = tree_of(&[0.0, 1.0, 3.0]);
        // Pairs of 1, then of 1, 2 and 3.
        assert_eq!(Tree::new(3, &merges).dispersions(&distances), [0.0, 0.0, 0.0, 0.5, 2.0]);
    }

    #[test]
    fn one_cluster_is_inverse_variance_and_as_many_as_assets_a_tree_of_single_ones() {
        let rows = vec![0.04, 0.01, 0.0, 0.01, 0.02, 0.0, 0.0, 0.0, 0.01];
        let covariance = Covariance::dense(Matrix::from_rows(3, 3, rows)).unwrap();
        let weights = |clusters| {
            HierarchicalEqualRiskContribution::new(&covariance, Linkage::Single, Some(clusters))
                .unwrap()
                .portfolio
                .weights
        };
        let near = |found: &[f64], expected: [f64; 3]| {
            found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15)
        };
        assert!(near(&weights(1), [1.0 / 7.0, 2.0 / 7.0, 4.0 / 7.0]));
        // 6 % of the first two against 1 % of the last: 6/7 for it, then 2/3 of the rest to the second.
        assert!(near(&weights(3), [1.0 / 21.0, 2.0 / 21.0, 6.0 / 7.0]));
        for clusters in [0, 4] {
            let made = HierarchicalEqualRiskContribution::new(
                &covariance,
                Linkage::Single,
                Some(clusters),
            );
            assert!(matches!(made, Err(Error::Invalid(_))));
        }
    }
}
