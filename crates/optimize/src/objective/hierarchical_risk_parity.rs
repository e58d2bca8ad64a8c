//! Risk split between the branches of a tree of clusters.

use walkfolio_core::linear::dot_in_lanes;
use walkfolio_core::{Covariance, Matrix};

use super::form::{same_assets, with_risk};
use super::given::Given;
use super::one_portfolio::OnePortfolio;
use crate::Result;
use crate::clusters::{Linkage, Merge, between_columns, correlation_distances, merges, order};

/// Hierarchical risk parity (HRP): assets in the order of a tree of their correlations, and the budget split
/// in two halves of that order again and again, each time in proportion to one over the variance of a half.
///
/// Distances are `d_ij = sqrt((1 - C_ij) / 2)` of correlations `C`, or the Euclidean distances of the columns
/// of `d`. The nearest clusters are merged first, of the same distance those of the smallest numbers; the
/// child with the smaller number is left. The first `floor(k / 2)` of `k` assets in the order of the leaves are
/// one half; the variance of a half is that of its weights in proportion to one over variances. No matrix is
/// inverted. One portfolio, as [`EqualWeight`](crate::EqualWeight) is.
///
/// # Shape and units
/// `Sigma` is `N x N` in any unit of time.
/// # Source
/// López de Prado (2016), Building diversified portfolios that outperform out of sample.
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{HierarchicalRiskParity, Linkage, Mandate};
///
/// // The first and the last go together; variances of 4, 1 and 4 %.
/// let rows = vec![0.04, 0.0, 0.03, 0.0, 0.01, 0.0, 0.03, 0.0, 0.04];
/// let covariance = Covariance::dense(Matrix::from_rows(3, 3, rows))?;
/// let objective = HierarchicalRiskParity::new(&covariance, Linkage::Single)?;
/// assert_eq!((objective.order(), objective.merges()[0].children), (&[1, 0, 2][..], [0, 2]));
/// // 1 % against 3.5 % of the two halves: the second is 7/9, the others share 2/9.
/// let weights = Mandate::long_only(objective, 1.0)?.solve()?.weights;
/// assert!((weights[1] - 7.0 / 9.0).abs() < 1e-15 && (weights[0] - 1.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HierarchicalRiskParity {
    portfolio: Given,
    covariance: Covariance,
    linkage: Linkage,
    of_distances: bool,
    merges: Vec<Merge>,
    order: Vec<usize>,
}

impl HierarchicalRiskParity {
    /// With distances of correlations.
    ///
    /// # Errors
    /// [`Error::NoRisk`](crate::Error::NoRisk) if an asset has no variance.
    pub fn new(covariance: &Covariance, linkage: Linkage) -> Result<Self> {
        Self::of(covariance, linkage, None)
    }

    /// With distances between the assets' distances to all assets: the paper's own program gives these to
    /// its linkage.
    ///
    /// # Errors
    /// As [`HierarchicalRiskParity::new`].
    pub fn of_distances(covariance: &Covariance, linkage: Linkage) -> Result<Self> {
        Self::of(covariance, linkage, Some(between_columns))
    }

    fn of(
        covariance: &Covariance,
        linkage: Linkage,
        further: Option<fn(&Matrix) -> Matrix>,
    ) -> Result<Self> {
        let variances = covariance.diagonal();
        same_assets(covariance, &variances)?;
        with_risk(&variances)?;
        let dense = covariance.to_dense();
        let distances = correlation_distances(&dense);
        let distances = further.map_or_else(|| distances.clone(), |between| between(&distances));
        let merges = merges(distances, linkage);
        let order = order(variances.len(), &merges);
        let weights = bisected(&dense, &order);
        let portfolio = Given { called: "weights of hierarchical risk parity", weights };
        Ok(Self {
            portfolio,
            covariance: covariance.clone(),
            linkage,
            of_distances: further.is_some(),
            merges,
            order,
        })
    }

    /// The covariance.
    pub fn covariance(&self) -> &Covariance {
        &self.covariance
    }

    /// How far clusters are from each other.
    pub fn linkage(&self) -> Linkage {
        self.linkage
    }

    /// Whether clusters are of distances between the assets' distances.
    pub fn has_distances_of_distances(&self) -> bool {
        self.of_distances
    }

    /// The merges of clusters, the nearest first.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The assets in the order of the leaves of the tree.
    pub fn order(&self) -> &[usize] {
        &self.order
    }
}

impl OnePortfolio for HierarchicalRiskParity {
    fn portfolio(&self) -> &Given {
        &self.portfolio
    }
}

/// Weights by halving the assets in an order.
fn bisected(covariance: &Matrix, order: &[usize]) -> Vec<f64> {
    let n = order.len();
    let values = order.iter().flat_map(|&i| order.iter().map(move |&j| covariance[(i, j)]));
    let ordered = Matrix::from_rows(n, n, values.collect());
    let mut of_place = vec![1.0; n];
    let mut open = vec![(0, n)];
    while let Some((start, end)) = open.pop() {
        if end - start < 2 {
            continue;
        }
        let middle = start + (end - start) / 2;
        let (left, right) = (variance(&ordered, start, middle), variance(&ordered, middle, end));
        let share = 1.0 - left / (left + right);
        of_place[start..middle].iter_mut().for_each(|w| *w *= share);
        of_place[middle..end].iter_mut().for_each(|w| *w *= 1.0 - share);
        open.extend([(start, middle), (middle, end)]);
    }
    let mut weights = vec![0.0; n];
    order.iter().zip(of_place).for_each(|(&asset, w)| weights[asset] = w);
    weights
}

/// The variance of some places in proportion to one over their variances.
pub(super) fn variance(ordered: &Matrix, start: usize, end: usize) -> f64 {
    let inverse: Vec<f64> = (start..end).map(|i| 1.0 / ordered[(i, i)]).collect();
    let sum: f64 = inverse.iter().sum();
    let w: Vec<f64> = inverse.iter().map(|v| v / sum).collect();
    let own = |(i, w_i): (usize, &f64)| w_i * dot_in_lanes(&ordered.row(start + i)[start..end], &w);
    w.iter().enumerate().map(own).sum()
}
