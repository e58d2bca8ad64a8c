//! A quadratic mandate whose covariance is a factor model, or a window with a ridge or with more assets
//! than a matrix may have: no matrix of all assets is formed.

use walkfolio_core::{Interrupt, Matrix};

use super::dense::{bound_of, is_open, open_note, undetermined_by};
use super::found::Found;
use super::settings::LARGEST;
use crate::bound::Region;
use crate::kernel::low_rank::{Kept, LowRank};
use crate::kernel::nearest::RIDGE;
use crate::mandate::Mandate;

/// Fewer assets than this are quicker with their matrix.
const FEWEST: usize = 33;
/// Rows of the root, as a part of the assets, up to which the structure pays; any number of them where
/// there may be no matrix.
const PART: usize = 3;
/// A diagonal below this part of the mean variance loses too many digits.
const LEAST: f64 = 1e-6;

/// The structure of a mandate: `w'(D + V V')w - 2 linear'w`.
pub(super) struct Structure {
    diagonal: Vec<f64>,
    v: Matrix,
    /// What the diagonal pulls to where it is a ridge that vanishes.
    near: Option<Vec<f64>>,
    linear: Vec<f64>,
    region: Region,
}

impl Structure {
    /// None where a mandate has no such structure, or its matrix is as good.
    pub fn of(mandate: &Mandate) -> Option<Self> {
        let quadratic = mandate.quadratic()?;
        let n = mandate.constraints().assets();
        let rows = quadratic.covariance.root_rows()?;
        if n < FEWEST || rows >= n || (n <= LARGEST && rows * PART > n) {
            return None;
        }
        let root = quadratic.covariance.root().ok()?;
        let own = root.diagonal.unwrap_or_else(|| vec![0.0; n]);
        let mut diagonal: Vec<f64> =
            own.iter().map(|d| quadratic.factor * d * d + quadratic.l2).collect();
        let mut v = root.rows.transposed();
        let scale = quadratic.factor.sqrt();
        (0..n).for_each(|i| v.row_mut(i).iter_mut().for_each(|value| *value *= scale));
        let common: f64 = v.values().iter().map(|value| value * value).sum();
        let mean = (common + diagonal.iter().sum::<f64>()) / n as f64;
        let is_open = n > LARGEST && undetermined_by(mandate).is_some();
        if is_open {
            diagonal.fill(RIDGE * mean);
        }
        if diagonal.iter().any(|d| d.is_nan() || *d <= 0.0 || *d < LEAST * mean) {
            return None;
        }
        let near = is_open.then(|| mandate.nearest_to());
        let linear = quadratic.half_linear().collect();
        let region = Region::of(mandate.constraints());
        Some(Self { diagonal, v, near, linear, region })
    }

    /// Its portfolio with a bound, from the last active set; none where it is not found this way.
    pub fn solve(
        &self,
        mandate: &Mandate,
        kept: Option<&Kept>,
        interrupt: &Interrupt,
    ) -> Option<(Found, Kept)> {
        let Region { rows, lo, hi } = &self.region;
        let program = LowRank {
            diagonal: &self.diagonal,
            near: self.near.as_deref(),
            v: &self.v,
            a: rows,
            g: &self.linear,
            lo,
            hi,
        };
        let (answer, kept) = program.solve(kept, interrupt)?;
        let bound = bound_of(mandate, (rows, lo, hi), &answer)?;
        let is_open = is_open(mandate, &self.linear, &answer);
        let note = is_open.then(|| open_note(mandate)).flatten();
        let pivots = answer.pivots;
        let found = Found { weights: answer.x, bound, pivots, nodes: 0, proven: true, note };
        Some((found, kept))
    }
}
