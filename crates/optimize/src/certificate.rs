//! The proof that no portfolio beats an answer of Strategy II by more than stated, and its check.
//!
//! The objective is `J(w) = N(w) / D(w) - lambda sigma(w)` with `D = max(T, f)`. A proof consists
//! of [`Inequality`]s, each valid for every feasible portfolio, and of intervals of `sigma`. Where
//! `N + mu (s - sigma) <= v D` everywhere, `J(w) <= v - lambda s` for every `w` with
//! `sigma(w) = s`; the smallest such `v` is convex in `s`, so an interval is bounded by its ends.
//!
//! The check shares no code with the method that found the proof.

use walkfolio_core::Matrix;

use crate::kernel::program::Ratio;

/// `numerator N(w) - deviation sigma(w) - distance D(w)` is bounded over the feasible portfolios,
/// and by how much follows from a witness and multipliers.
///
/// With `u` the witness, `sigma(w) >= u'Sigma w / sigma(u)` and
/// `T(w) >= (u - e)'Sigma (w - e) / T(u)` (Cauchy-Schwarz), and
/// `D >= share T + (1 - share) f`. What remains is linear in `w`, and its maximum over the box and
/// the rows is at most that of the Lagrangian with the multipliers `rows`.
/// # Examples
/// See [`verify_certificate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Inequality {
    /// Weight of `N`, at least 0.
    pub numerator: f64,
    /// Weight of `-sigma`, at least 0.
    pub deviation: f64,
    /// Weight of `-D`, at least 0.
    pub distance: f64,
    /// Share of `T` in the bound of `D`, between 0 and 1.
    pub share: f64,
    /// The portfolio whose gradients are used.
    pub witness: Vec<f64>,
    /// Multipliers of the rows of `A`.
    pub rows: Vec<f64>,
}

/// One end of an interval of `sigma`.
/// # Examples
/// See [`verify_certificate`].
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// `s`.
    pub deviation: f64,
    /// Bounds `N - mu sigma - v D`: `mu` and `v` are its weights.
    pub tangent: Inequality,
}

/// An interval of `sigma`; the prices `mu` of its ends agree.
/// # Examples
/// See [`verify_certificate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// The smaller end.
    pub left: End,
    /// The larger end.
    pub right: End,
}

/// What proves that `bound` is an upper bound of `J`.
/// # Examples
/// See [`verify_certificate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The answer.
    pub x: Vec<f64>,
    /// `J(x)`.
    pub value: f64,
    /// No portfolio has a larger `J`.
    pub bound: f64,
    /// `-D <= -D_min`; where it is absent `D_min` is the floor.
    pub nearest: Option<Inequality>,
    /// `-sigma <= -sigma_min`; where it is absent `sigma_min` is taken as 0.
    pub steadiest: Option<Inequality>,
    /// `N - v D <= 0`: bounds `J` beyond the last interval.
    pub cap: Inequality,
    /// Cover `sigma` from `sigma_min` to where the cap suffices.
    pub intervals: Vec<Interval>,
    /// `N / D_max - lambda sigma`: bounds `J` where no numerator is positive.
    pub nonpositive: Option<Inequality>,
}

/// Why a certificate proves nothing, or less than it says.
/// # Examples
/// See [`verify_certificate`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// Vectors of another length than the program's.
    #[error("the certificate belongs to a program of another shape")]
    Shape,
    /// The answer violates a constraint.
    #[error("the portfolio violates a constraint by {by:e}")]
    Infeasible {
        /// The violation.
        by: f64,
    },
    /// The answer has another value.
    #[error("the portfolio's objective is {found}, not {stated}")]
    Value {
        /// What the certificate says.
        stated: f64,
        /// What the data says.
        found: f64,
    },
    /// A weight or share outside its range, or ends of an interval that do not belong together.
    #[error("an inequality has weights that prove nothing")]
    Weights,
    /// No positive lower bound of the denominator.
    #[error("the denominator is not bounded away from zero")]
    Denominator,
    /// The intervals leave a hole.
    #[error("no interval covers deviations from {from} to {to}")]
    Hole {
        /// Where the hole begins.
        from: f64,
        /// Where it ends.
        to: f64,
    },
    /// The inequalities prove less than is stated.
    #[error("the inequalities prove the bound {proven}, not {stated}")]
    Bound {
        /// What the certificate says.
        stated: f64,
        /// What follows from its inequalities.
        proven: f64,
    },
}

/// Relative tolerance for the answer's own value and feasibility.
const TOLERANCE: f64 = 1e-9;

/// The bound that a certificate proves, from the program's data alone.
///
/// # Errors
/// [`CertificateError`] if it proves nothing or less than it states.
/// # Examples
/// ```
/// use walkfolio_core::Matrix;
/// use walkfolio_optimize::matrix_form::{CertificateError, Ratio, RatioSolver, verify_certificate};
///
/// // As in the example of `RatioSolver`.
/// let program = Ratio {
///     numerator: &[0.10, 0.05],
///     covariance: &Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]),
///     benchmark: &[0.0, 0.0],
///     floor: 0.0,
///     lambda: 0.0,
///     a: &Matrix::from_rows(1, 2, vec![1.0; 2]),
///     lo: &[0.0, 0.0, 1.0],
///     hi: &[1.0; 3],
/// };
/// let mut certificate = RatioSolver::new(2, 1).solve(&program, 1e-6).unwrap().certificate;
/// assert!(verify_certificate(&program, &certificate).is_ok());
/// // A proof that claims more than it shows is refused.
/// certificate.bound = 0.5;
/// let error = verify_certificate(&program, &certificate).unwrap_err();
/// assert!(matches!(error, CertificateError::Bound { stated: 0.5, .. }));
/// ```
pub fn verify_certificate(
    program: &Ratio<'_>,
    certificate: &Certificate,
) -> Result<f64, CertificateError> {
    let facts = Facts::new(program);
    facts.check_answer(certificate)?;
    let least = match &certificate.nearest {
        Some(inequality) => -facts.supremum(with_weights(inequality, [0.0, 0.0, 1.0])?)?,
        None => program.floor,
    };
    if least.is_nan() || least <= 0.0 {
        return Err(CertificateError::Denominator);
    }
    let steadiest = match &certificate.steadiest {
        Some(inequality) => -facts.supremum(with_weights(inequality, [0.0, 1.0, 0.0])?)?,
        None => 0.0,
    };
    let proven = facts.cover(certificate, least, steadiest.max(0.0))?;
    let proven = proven.max(certificate.value);
    let slack = 1e-12 * (1.0 + proven.abs());
    if proven <= certificate.bound + slack {
        Ok(proven)
    } else {
        Err(CertificateError::Bound { stated: certificate.bound, proven })
    }
}

/// The program with what the checks share.
struct Facts<'a> {
    program: &'a Ratio<'a>,
    sigma: &'a Matrix,
    /// Square roots of the diagonal.
    deviations: Vec<f64>,
}

impl<'a> Facts<'a> {
    fn new(program: &'a Ratio<'a>) -> Self {
        let sigma = program.covariance;
        let deviations = (0..sigma.rows()).map(|i| sigma[(i, i)].max(0.0).sqrt()).collect();
        Self { program, sigma, deviations }
    }

    fn check_answer(&self, certificate: &Certificate) -> Result<(), CertificateError> {
        let p = self.program;
        let x = &certificate.x;
        let shapes = [p.numerator.len(), p.benchmark.len(), p.covariance.rows(), p.a.cols()];
        if shapes.iter().any(|&n| n != x.len()) || p.lo.len() != x.len() + p.a.rows() {
            return Err(CertificateError::Shape);
        }
        let values = x.iter().copied().chain(p.a.times(x));
        let outside = values.zip(p.lo.iter().zip(p.hi)).map(|(v, (lo, hi))| (lo - v).max(v - hi));
        let by = outside.fold(0.0f64, |a, b| if b.is_nan() { b } else { a.max(b) });
        let size = x.iter().fold(1.0f64, |a, b| a.max(b.abs()));
        if by.is_nan() || by > TOLERANCE * size {
            return Err(CertificateError::Infeasible { by });
        }
        let found = self.objective(x);
        if (found - certificate.value).abs() <= TOLERANCE * (1.0 + found.abs()) {
            Ok(())
        } else {
            Err(CertificateError::Value { stated: certificate.value, found })
        }
    }

    fn objective(&self, x: &[f64]) -> f64 {
        let p = self.program;
        let apart: Vec<f64> = x.iter().zip(p.benchmark).map(|(x, e)| x - e).collect();
        let norm = |v: &[f64]| inner(v, &self.sigma.times(v)).max(0.0).sqrt();
        inner(p.numerator, x) / norm(&apart).max(p.floor) - p.lambda * norm(x)
    }

    /// An upper bound of the inequality's left side over the feasible portfolios, rounding
    /// included.
    fn supremum(&self, q: &Inequality) -> Result<f64, CertificateError> {
        let p = self.program;
        let n = p.numerator.len();
        if q.witness.len() != n || q.rows.len() != p.a.rows() {
            return Err(CertificateError::Shape);
        }
        let weights = [q.numerator, q.deviation, q.distance, q.share, 1.0 - q.share];
        if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
            return Err(CertificateError::Weights);
        }
        let apart: Vec<f64> = q.witness.iter().zip(p.benchmark).map(|(u, e)| u - e).collect();
        let (from_zero, blur_zero) = self.minorant(&q.witness, q.deviation);
        let (from_benchmark, blur_benchmark) = self.minorant(&apart, q.distance * q.share);
        let rows = p.a.transpose_times(&q.rows);
        let mut terms = Sum::default();
        terms.add(-q.distance * (1.0 - q.share) * p.floor);
        for i in 0..n {
            terms.add(from_benchmark[i] * p.benchmark[i]);
            let slope = q.numerator * p.numerator[i] - from_zero[i] - from_benchmark[i] - rows[i];
            terms.add(largest(slope, p.lo[i], p.hi[i]));
            let reach = p.lo[i].abs().max(p.hi[i].abs());
            let blur = (blur_zero + blur_benchmark) * self.deviations[i];
            terms.size += reach * (q.numerator * p.numerator[i].abs() + rows[i].abs() + blur);
            terms.size += p.benchmark[i].abs() * blur;
        }
        for (k, &y) in q.rows.iter().enumerate() {
            terms.add(largest(y, p.lo[n + k], p.hi[n + k]));
        }
        let bound = terms.value + 2.0 * (n as f64 + 4.0) * f64::EPSILON * terms.size;
        if bound.is_finite() { Ok(bound) } else { Err(CertificateError::Weights) }
    }

    /// `weight Sigma u / sqrt(u'Sigma u)`, and how much rounding may blur it, per unit of the
    /// asset's deviation.
    fn minorant(&self, u: &[f64], weight: f64) -> (Vec<f64>, f64) {
        let mut image = self.sigma.times(u);
        let norm = inner(u, &image).max(0.0).sqrt();
        let factor = if norm > 0.0 { weight / norm } else { 0.0 };
        for value in &mut image {
            *value *= factor;
        }
        let gross: f64 = u.iter().zip(&self.deviations).map(|(u, d)| u.abs() * d).sum();
        let cancels = if norm > 0.0 { gross / norm } else { 0.0 };
        (image, weight * cancels * (1.0 + cancels))
    }

    /// The bound over all `sigma >= steadiest`.
    fn cover(
        &self,
        certificate: &Certificate,
        least: f64,
        steadiest: f64,
    ) -> Result<f64, CertificateError> {
        let lambda = self.program.lambda;
        let nonpositive = self.where_nonpositive(certificate, steadiest)?;
        let mut order: Vec<&Interval> = certificate.intervals.iter().collect();
        order.sort_by(|a, b| a.left.deviation.total_cmp(&b.left.deviation));
        let (mut reach, mut bound) = (steadiest, f64::NEG_INFINITY);
        for interval in order {
            let (a, b) = (interval.left.deviation, interval.right.deviation);
            if interval.left.tangent.deviation != interval.right.tangent.deviation || a > b {
                return Err(CertificateError::Weights);
            }
            if a > reach {
                return Err(CertificateError::Hole { from: reach, to: a });
            }
            let left = self.fraction(&interval.left.tangent, a, least)?;
            let right = self.fraction(&interval.right.tangent, b, least)?;
            let straight = (left - lambda * a).max(right - lambda * b);
            // Without a positive numerator the other argument holds as well.
            let none = left <= 0.0 && right <= 0.0;
            bound = bound.max(if none { straight.min(nonpositive) } else { straight });
            reach = reach.max(b);
        }
        let cap = self.fraction(&certificate.cap, 0.0, least)?;
        if certificate.cap.deviation != 0.0 {
            return Err(CertificateError::Weights);
        }
        let rest = cap - lambda * reach;
        Ok(bound.max(if cap <= 0.0 { rest.min(nonpositive) } else { rest }))
    }

    /// An upper bound of `L(mu, s)`, at least 0.
    fn fraction(
        &self,
        tangent: &Inequality,
        deviation: f64,
        least: f64,
    ) -> Result<f64, CertificateError> {
        if tangent.numerator != 1.0 || !deviation.is_finite() {
            return Err(CertificateError::Weights);
        }
        let excess = self.supremum(tangent)? + tangent.deviation * deviation;
        Ok(tangent.distance + excess.max(0.0) / least)
    }

    /// An upper bound of `J` over portfolios without a positive numerator.
    fn where_nonpositive(
        &self,
        certificate: &Certificate,
        steadiest: f64,
    ) -> Result<f64, CertificateError> {
        let p = self.program;
        let plain = -p.lambda * steadiest;
        let Some(inequality) = &certificate.nonpositive else { return Ok(plain) };
        let farthest: f64 = (0..p.numerator.len())
            .map(|i| {
                let e = p.benchmark[i];
                self.deviations[i] * (p.lo[i] - e).abs().max((p.hi[i] - e).abs())
            })
            .sum();
        let most = farthest.max(p.floor) * (1.0 + 1e-12);
        let sound = inequality.numerator * most <= 1.0
            && inequality.deviation <= p.lambda
            && inequality.distance == 0.0;
        if !sound {
            return Err(CertificateError::Weights);
        }
        Ok(plain.min(self.supremum(inequality)?))
    }
}

/// An inequality, if it has these weights.
fn with_weights(
    inequality: &Inequality,
    weights: [f64; 3],
) -> Result<&Inequality, CertificateError> {
    let found = [inequality.numerator, inequality.deviation, inequality.distance];
    if found == weights { Ok(inequality) } else { Err(CertificateError::Weights) }
}

/// A sum with the size of its terms.
#[derive(Default)]
struct Sum {
    value: f64,
    size: f64,
}

impl Sum {
    fn add(&mut self, term: f64) {
        self.value += term;
        self.size += term.abs();
    }
}

fn inner(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The largest `slope x` on `[lo, hi]`; a zero slope meets no infinite bound.
fn largest(slope: f64, lo: f64, hi: f64) -> f64 {
    if slope == 0.0 { 0.0 } else { (slope * lo).max(slope * hi) }
}
