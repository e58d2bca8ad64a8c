//! Several covariances at once.

use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Covariance, Faults, Matrix, Past};

use super::estimator::{CovarianceEstimator, validate_inside};
use crate::blended::check_weights;
use crate::{Needs, Result, Scale};

/// A weighted mean of several covariances.
///
/// It is positive semidefinite as they are. Of factor models and of windows shorter than there are assets it is a factor
/// model with the factors of all, unless these are as many as the assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Blend")]
pub struct BlendOf<C> {
    /// The covariances with their weights, which sum to 1.
    ///
    /// Example: `blend = [{ of = { kind = "sample", window = 252 }, weight = 0.5 }, { of = { kind = "ewma", window = 252, half_life = 60.0 }, weight = 0.5 }]`
    pub blend: Vec<PartOf<C>>,
}

/// A covariance of a blend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CovariancePart")]
pub struct PartOf<C> {
    /// The covariance, with the keys of `[estimate.covariance]`.
    #[schemars(schema_with = "any_kind")]
    pub of: Box<C>,
    /// Its weight.
    ///
    /// Unit: share.
    ///
    /// Example: `weight = 0.5`
    pub weight: f64,
}

/// A covariance inside a covariance: the schema of a study has its keys once.
fn any_kind(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    crate::blended::documented_at("covariance")
}

impl<C: Deref<Target = dyn CovarianceEstimator>> CovarianceEstimator for BlendOf<C> {
    fn validate(&self, faults: &mut Faults) {
        check_weights(&self.blend.iter().map(|part| part.weight).collect::<Vec<_>>(), faults);
        for (k, part) in self.blend.iter().enumerate() {
            faults.part(&format!("blend[{k}].of"), |faults| validate_inside(&**part.of, faults));
        }
    }

    fn warning(&self, assets: usize) -> Option<String> {
        self.blend.iter().find_map(|part| part.of.warning(assets))
    }

    fn needs(&self) -> Needs {
        self.blend.iter().map(|part| part.of.needs()).fold(Needs::default(), Needs::and)
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Covariance> {
        let parts: Vec<(f64, Covariance)> = self
            .blend
            .iter()
            .map(|part| Ok((part.weight, part.of.estimate(past, assets, scale)?)))
            .collect::<Result<_>>()?;
        mixed(&parts, assets.len())
    }
}

/// `sum w_k Sigma_k`, by the roots of the parts where these have fewer rows than there are assets.
fn mixed(parts: &[(f64, Covariance)], n: usize) -> Result<Covariance> {
    let rows: Option<usize> = parts.iter().map(|(_, part)| part.root_rows()).sum();
    match rows {
        Some(rows) if rows < n => of_roots(parts, rows, n),
        _ => dense(parts, n),
    }
}

fn dense(parts: &[(f64, Covariance)], n: usize) -> Result<Covariance> {
    let mut sum = Matrix::zeros(n, n);
    for (weight, part) in parts {
        let own = part.to_dense();
        for i in 0..n {
            let to = sum.row_mut(i).iter_mut().zip(own.row(i));
            to.for_each(|(to, value)| *to += weight * value);
        }
    }
    Ok(Covariance::dense(sum)?)
}

fn of_roots(parts: &[(f64, Covariance)], rows: usize, n: usize) -> Result<Covariance> {
    let mut values = Vec::with_capacity(rows * n);
    let mut specific: Option<Vec<f64>> = None;
    for (weight, part) in parts {
        let root = part.root()?;
        values.extend(root.rows.values().iter().map(|value| weight.sqrt() * value));
        if let Some(diagonal) = root.diagonal {
            let own = specific.get_or_insert_with(|| vec![0.0; n]);
            own.iter_mut().zip(diagonal).for_each(|(sum, d)| *sum += weight * d * d);
        }
    }
    let root = Matrix::from_rows(rows, n, values);
    let Some(specific) = specific else { return Ok(Covariance::window(root)?) };
    let mut unit = Matrix::zeros(rows, rows);
    (0..rows).for_each(|k| unit[(k, k)] = 1.0);
    Ok(Covariance::factor(root.transposed(), unit, specific)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(sigma: &Covariance, i: usize, j: usize) -> f64 {
        sigma.to_dense()[(i, j)]
    }

    /// Weights 1/4 and 3/4 by hand, in each form.
    #[test]
    fn roots_stay_roots_while_they_are_short() {
        let loadings = |values| Matrix::from_rows(3, 1, values);
        let factor = |values, d| {
            Covariance::factor(loadings(values), Matrix::from_rows(1, 1, vec![0.04]), vec![d; 3])
        };
        let (one, other) = (factor(vec![1.0, 2.0, 3.0], 0.01), factor(vec![1.0, 0.0, -1.0], 0.02));
        let (one, other) = (one.unwrap(), other.unwrap());
        let window = Covariance::window(Matrix::from_rows(1, 3, vec![0.1, 0.2, 0.0])).unwrap();
        let dense = Covariance::dense(one.to_dense()).unwrap();
        let mix = |a: &Covariance, b: &Covariance| {
            mixed(&[(0.25, a.clone()), (0.75, b.clone())], 3).unwrap()
        };
        let both = mix(&one, &other);
        assert_eq!(both.root_rows(), Some(2));
        // 0.25 (0.04 * 1 * 3) + 0.75 (0.04 * 1 * -1); on the diagonal 0.25 (0.36 + 0.01) + 0.75 (0.04 + 0.02).
        assert!(entry(&both, 0, 2).abs() < 1e-16);
        assert!((entry(&both, 2, 2) - 0.1375).abs() < 1e-15);
        assert_eq!(mix(&one, &window).root_rows(), Some(2));
        assert_eq!(mix(&window, &window).window_rows(), Some(2));
        assert!((entry(&mix(&window, &window), 0, 1) - 0.02).abs() < 1e-16);
        for (part, rows) in [(&dense, None), (&one, Some(2))] {
            let found = mix(part, &other);
            assert_eq!(found.root_rows(), rows);
            assert!((entry(&found, 1, 2) - 0.25 * 0.24).abs() < 1e-15);
        }
        // As many factors as assets: no root is shorter than the matrix.
        assert!(mixed(&[(0.5, both.clone()), (0.5, both)], 3).unwrap().as_dense().is_some());
    }
}
