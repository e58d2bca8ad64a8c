//! A mandate as the kernel takes it.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use super::found::Found;
use super::trades::Trades;
use crate::bound::{Region, Tangent, least_linear};
use crate::kernel::subset::{Sparse, Trading};
use crate::kernel::{ActiveSet, Answer, Program, Ratio, Stop, Utility};
use crate::mandate::Mandate;
use crate::objective::form::Kernel;

/// A bound further from its value than this, relative, proves nothing.
pub(super) const LOOSE: f64 = 1e-8;

/// The dense matrices and vectors of a mandate: variables first, then the budget, then the
/// rows of the list.
///
/// A tracking error or mean-variance with its l2 penalty is `w'Gw - 2c'w + constant`: the kernel
/// minimizes half of it.
///
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::matrix_form::{ActiveSet, Dense};
/// use walkfolio_optimize::{Mandate, MinimumVariance};
///
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
/// let dense = Dense::of(&mandate).unwrap();
/// // Two variables, and the budget.
/// assert_eq!((dense.shape(), dense.lo[2], dense.hi[2]), ((2, 1), 1.0, 1.0));
/// let answer = ActiveSet::new(2, 1).solve(&dense.program()).unwrap();
/// assert!((answer.x[0] - 0.2).abs() < 1e-12);
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Dense {
    /// The covariance, or `G`: the second moment, or `risk_aversion / 2 Sigma`, and `l2` on the
    /// diagonal.
    pub matrix: Matrix,
    /// The linear term: expected returns or a numerator, or `c`: cross moments, or half of the
    /// expected returns.
    pub linear: Vec<f64>,
    /// The objective's own constant: `r_M'r_M` when tracking.
    pub constant: f64,
    /// The budget's coefficients, then those of the list's rows.
    pub rows: Matrix,
    /// Lower bounds of variables and rows.
    pub lo: Vec<f64>,
    /// Upper bounds of variables and rows.
    pub hi: Vec<f64>,
    /// What the search over holdings knows of trading.
    pub(super) trading: Option<Trades>,
}

impl Dense {
    /// The dense form of a mandate; none if the kernel has no form of its objective.
    pub fn of(mandate: &Mandate) -> Option<Self> {
        let (matrix, linear, constant) = match mandate.objective().kernel()? {
            Kernel::Quadratic => {
                let quadratic = mandate.quadratic()?;
                (quadratic.matrix(), quadratic.half_linear().collect(), quadratic.constant)
            }
            Kernel::Utility { expected_returns: linear, covariance, .. }
            | Kernel::Ratio { numerator: linear, covariance, .. } => {
                (covariance.to_dense(), linear.to_vec(), 0.0)
            }
            Kernel::RiskParity { .. } => return None,
        };
        let Region { rows, lo, hi } = Region::of(mandate.constraints());
        let trading = Trades::of(mandate);
        Some(Self { matrix, linear, constant, rows, lo, hi, trading })
    }

    /// Number of variables and of rows.
    pub fn shape(&self) -> (usize, usize) {
        (self.linear.len(), self.rows.rows())
    }

    /// The quadratic program of a tracking error or mean-variance, or of the path of a robust
    /// utility.
    pub fn program(&self) -> Program<'_> {
        Program { h: &self.matrix, a: &self.rows, g: &self.linear, lo: &self.lo, hi: &self.hi }
    }

    /// The robust utility with an aversion to risk.
    pub fn utility(&self, lambda: f64) -> Utility<'_> {
        Utility {
            expected_returns: &self.linear,
            covariance: &self.matrix,
            lambda,
            a: &self.rows,
            lo: &self.lo,
            hi: &self.hi,
        }
    }

    /// The ratio of a mandate whose objective is one.
    pub fn ratio<'a>(&'a self, mandate: &'a Mandate) -> Option<Ratio<'a>> {
        let Some(Kernel::Ratio { benchmark, floor, lambda, .. }) = mandate.objective().kernel()
        else {
            return None;
        };
        Some(Ratio {
            numerator: &self.linear,
            covariance: &self.matrix,
            benchmark,
            floor,
            lambda,
            a: &self.rows,
            lo: &self.lo,
            hi: &self.hi,
        })
    }

    /// The search over holdings of a quadratic objective.
    pub fn sparse(&self, mandate: &Mandate) -> Option<Sparse<'_>> {
        mandate.quadratic()?;
        let rules = mandate.constraints().holdings();
        Some(Sparse {
            g: &self.matrix,
            c: &self.linear,
            constant: self.constant,
            a: &self.rows,
            lo: &self.lo,
            hi: &self.hi,
            max_holdings: rules.max,
            min_holdings: rules.min,
            min_position: rules.min_position,
            trading: self.trading.as_ref().map(|trades| Trading {
                from: &trades.from,
                costs: &trades.costs,
                max_turnover: trades.max_turnover,
            }),
        })
    }

    /// Solves a convex objective and bounds it from the data alone.
    pub(super) fn solve(&self, mandate: &Mandate, set: &mut ActiveSet) -> Result<Found, Stop> {
        match mandate.objective().kernel() {
            Some(Kernel::Quadratic) => self.minimize(mandate, set),
            Some(Kernel::Utility { lambda, aversion: 0.0, .. }) => self.maximize(lambda, set),
            Some(Kernel::Utility { .. } | Kernel::Ratio { .. } | Kernel::RiskParity { .. })
            | None => Err(Stop::Limit),
        }
    }

    fn minimize(&self, mandate: &Mandate, set: &mut ActiveSet) -> Result<Found, Stop> {
        let program = self.program();
        let near = mandate.nearest_to();
        let (answer, note) = match undetermined_by(mandate) {
            Some(_) => self.nearest(mandate, set, &near)?,
            None => match set.solve(&program) {
                // A matrix that leaves directions open.
                Err(Stop::Singular | Stop::Limit) => (set.solve_nearest(&program, &near)?, None),
                answer => (answer?, None),
            },
        };
        // A singular matrix can leave multipliers that prove little.
        let region = (&self.rows, &self.lo[..], &self.hi[..]);
        let bound = bound_of(mandate, region, &answer).ok_or(Stop::Singular)?;
        let Answer { x: weights, pivots, .. } = answer;
        Ok(Found { weights, bound, pivots, nodes: 0, proven: true, note })
    }

    /// The solution of fewer returns than assets: where these do not determine it the nearest one, with a
    /// note, and else the one that nothing but they determine.
    fn nearest(
        &self,
        mandate: &Mandate,
        set: &mut ActiveSet,
        near: &[f64],
    ) -> Result<(Answer, Option<String>), Stop> {
        let program = self.program();
        let nearest = set.solve_nearest(&program, near)?;
        if is_open(mandate, &self.linear, &nearest) {
            return Ok((nearest, open_note(mandate)));
        }
        let Ok(plain) = set.solve(&program) else { return Ok((nearest, None)) };
        let away =
            plain.x.iter().zip(&nearest.x).fold(0.0f64, |far, (a, b)| far.max((a - b).abs()));
        let size = Tangent::at(mandate, &plain.x).map_or(0.0, |tangent| tangent.size);
        let as_good = mandate.value(&nearest.x) <= mandate.value(&plain.x) + 1e-14 * size;
        let other = as_good && away > 1e-6 * near.iter().fold(0.0f64, |most, w| most.max(w.abs()));
        Ok(if other { (nearest, open_note(mandate)) } else { (plain, None) })
    }

    fn maximize(&self, lambda: f64, set: &mut ActiveSet) -> Result<Found, Stop> {
        let (found, theta) = set.maximize_utility(&self.utility(lambda))?;
        let sx = self.matrix.times(&found.x);
        let sigma = dot(&sx, &found.x).max(0.0).sqrt();
        // sigma(w) >= (Sigma x)'w / sigma(x) for every w.
        let slope = if sigma > 0.0 { lambda / sigma } else { 0.0 };
        let cost: Vec<f64> =
            self.linear.iter().zip(&sx).map(|(rho, sx)| slope * sx - rho).collect();
        let rows = &found.dual[found.x.len()..];
        let duals: Vec<f64> = rows.iter().map(|dual| dual / theta).collect();
        let bound = -self.least_linear(&cost, &duals);
        // Where the answer carries next to no risk theta vanishes, and dividing the duals by it
        // leaves rounding: the value may be right, but this does not prove it.
        let value = dot(&self.linear, &found.x) - lambda * sigma;
        let gap = bound - value;
        if gap.is_nan() || gap > LOOSE * (1.0 + value.abs()) {
            return Err(Stop::Singular);
        }
        let pivots = found.pivots;
        Ok(Found { weights: found.x, bound, pivots, nodes: 0, proven: true, note: None })
    }

    /// A lower bound of `c'w` over all portfolios of the mandate.
    fn least_linear(&self, c: &[f64], duals: &[f64]) -> f64 {
        least_linear((&self.rows, &self.lo, &self.hi), c, duals, &[])
    }
}

/// The bound that the multipliers of an answer prove, if it is as good as the answer.
pub(super) fn bound_of(
    mandate: &Mandate,
    region: (&Matrix, &[f64], &[f64]),
    answer: &Answer,
) -> Option<f64> {
    let tangent = Tangent::at(mandate, &answer.x)?;
    let duals: Vec<f64> = answer.dual[answer.x.len()..].iter().map(|dual| 2.0 * dual).collect();
    let bound = tangent.at_zero + least_linear(region, &tangent.gradient, &duals, &[]);
    let gap = mandate.value(&answer.x) - mandate.with_constant(bound);
    (gap <= LOOSE * tangent.size).then_some(bound)
}

/// The rows of a window that are fewer than its assets, without a ridge.
pub(super) fn undetermined_by(mandate: &Mandate) -> Option<usize> {
    let quadratic = mandate.quadratic()?;
    let rows = quadratic.covariance.window_rows()?;
    (quadratic.l2 == 0.0 && rows < mandate.constraints().assets()).then_some(rows)
}

/// Whether an answer of fewer returns than assets is one of many: more weights can move without cost than
/// the returns and the rows hold.
pub(super) fn is_open(mandate: &Mandate, linear: &[f64], answer: &Answer) -> bool {
    let (own, of_rows) = answer.dual.split_at(linear.len());
    let most = |values: &[f64]| values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
    let nothing = 1e-9 * most(linear).max(most(of_rows));
    let movable = own.iter().filter(|dual| dual.abs() <= nothing).count();
    undetermined_by(mandate).is_some_and(|rows| movable > rows + of_rows.len())
}

/// What must be known of an answer that is one of many.
pub(super) fn open_note(mandate: &Mandate) -> Option<String> {
    let (rows, n) = (undetermined_by(mandate)?, mandate.constraints().assets());
    let near = mandate.near().map_or("equal weights", |_| "the current holdings");
    Some(format!(
        "{rows} returns cannot determine {n} weights: many portfolios are best in sample, and the one \
         nearest to {near} was taken; add an l2 penalty, a largest number of holdings or a turnover cost"
    ))
}
