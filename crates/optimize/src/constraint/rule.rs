//! What a constraint is to the solvers and to a search for conflicts.

use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Matrix, Root};

use super::part::Limits;
use crate::cone::program::{Cone, Program};
use crate::quadratic::{Linear, Quadratic};
use crate::{Error, Result};

/// How far a relaxed limit is moved beyond what is needed, so that the result has an interior.
const MARGIN: f64 = 1e-7;

/// `min <= a'w <= max`; an end without a limit is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row<'a> {
    pub coefficients: &'a [f64],
    pub min: f64,
    pub max: f64,
}

impl Row<'_> {
    /// The coefficients with their assets.
    pub fn terms(&self) -> impl Iterator<Item = (usize, f64)> {
        self.coefficients.iter().copied().enumerate()
    }

    /// Whether both ends are the same.
    pub fn is_equality(&self) -> bool {
        self.min == self.max
    }

    /// Sizes and values of a row that belongs to some assets; `what` names it.
    pub fn check(&self, what: &str, assets: usize) -> Result<()> {
        let n = self.coefficients.len();
        if n != assets {
            return Err(Error::Invalid(format!("{n} values of {what} for {assets} assets")));
        }
        if self.coefficients.iter().any(|value| !value.is_finite()) {
            return Err(Error::Invalid(format!("a value of {what} is not finite")));
        }
        if self.min.is_nan() || self.max.is_nan() || self.min > self.max {
            let (min, max) = (self.min, self.max);
            return Err(Error::Invalid(format!("{what} has no range from {min} to {max}")));
        }
        Ok(())
    }
}

/// `sum |w - from| <= max`; `from` is 0 where it is absent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Absolute<'a> {
    pub from: Option<&'a [f64]>,
    pub max: f64,
}

impl Absolute<'_> {
    /// The sum.
    pub fn of(&self, w: &[f64]) -> f64 {
        let from = |i: usize| self.from.map_or(0.0, |from| from[i]);
        w.iter().enumerate().map(|(i, w)| (w - from(i)).abs()).sum()
    }
}

/// `sigma(w - from) <= max`, where the weights have zeros beyond their assets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deviation<'a> {
    pub covariance: &'a Covariance,
    pub root: &'a Root,
    pub from: &'a [f64],
    pub max: f64,
}

impl Deviation<'_> {
    fn apart(&self, w: &[f64]) -> Vec<f64> {
        let weights = w.iter().copied().chain(std::iter::repeat(0.0));
        self.from.iter().zip(weights).map(|(from, w)| w - from).collect()
    }

    /// `sigma(w - from)`.
    pub fn of(&self, w: &[f64]) -> f64 {
        self.covariance.variance(&self.apart(w)).sqrt()
    }

    /// The slope `s` and the constant `c` with `sigma(w - from) >= s'w + c` for every `w`, and equality at `x`
    /// (Cauchy-Schwarz).
    pub fn tangent(&self, x: &[f64]) -> (Vec<f64>, f64) {
        let apart = self.apart(x);
        let mut slope = self.covariance.times(&apart);
        let sigma = dot(&slope, &apart).max(0.0).sqrt();
        if sigma == 0.0 {
            return (vec![0.0; x.len()], 0.0);
        }
        for value in &mut slope {
            *value /= sigma;
        }
        let constant = -dot(&slope, self.from);
        slope.truncate(x.len());
        (slope, constant)
    }

    /// The rows and columns of some assets of the covariance.
    pub fn matrix_of(&self, assets: &[usize]) -> Matrix {
        let zeros = vec![0.0; self.from.len()];
        let linear = Linear { values: &zeros, times: 1.0 };
        let covariance = self.covariance;
        Quadratic { covariance, factor: 1.0, l2: 0.0, linear, constant: 0.0 }.matrix_of(assets)
    }

    /// Adds it to a program as a cone: below a variable, or below the limit, of which it is then a part.
    pub fn cone(&self, program: &mut Program, below: Option<usize>) {
        let scale = if below.is_none() { self.scale() } else { 1.0 };
        let n = program.weights;
        let start = program.rhs.len();
        match below {
            Some(sigma) => program.row([(sigma, -1.0)], 0.0),
            None => program.row([], scale * self.max),
        }
        for row in self.root.rows.iter_rows() {
            let terms = row[..n].iter().enumerate().map(|(i, value)| (i, -scale * value));
            program.row(terms, -scale * dot(row, self.from));
        }
        for (i, value) in self.root.diagonal.iter().flatten().enumerate() {
            let own = (i < n).then_some((i, -scale * value));
            program.row(own, -scale * value * self.from[i]);
        }
        program.close(start, Cone::SecondOrder);
    }

    /// What the rows of its cone are multiplied by.
    pub fn scale(&self) -> f64 {
        if self.max > 0.0 { 1.0 / self.max } else { 1.0 }
    }
}

/// What the solvers, bounds, conflicts and checks ask of a constraint.
///
/// One that is a row over the weights (`min <= a'w <= max`) states it and how to widen it; the rest
/// follows.
pub(crate) trait Rule {
    /// What it is called in messages.
    fn name(&self) -> &str;

    /// Sizes and values for a number of assets.
    fn check(&self, assets: usize) -> Result<()> {
        self.row().map_or(Ok(()), |row| row.check(self.name(), assets))
    }

    /// The row that it adds to the cone program and to the kernel's, if it is one.
    fn row(&self) -> Option<Row<'_>> {
        None
    }

    /// Its limit of a sum of absolute values, if it has one: the kernel has none.
    fn absolute(&self) -> Option<Absolute<'_>> {
        None
    }

    /// Its limit of a risk, if it has one: the kernel has no second-order cones.
    fn deviation(&self) -> Option<Deviation<'_>> {
        None
    }

    /// Whether the portfolios that keep it are a convex set: only then is it part of a cone program.
    fn is_convex(&self) -> bool {
        true
    }

    /// How far some weights are outside of it, in its own unit; at most 0 if they keep it.
    fn violation(&self, w: &[f64]) -> f64 {
        self.row().map_or(0.0, |row| {
            let value = dot(row.coefficients, w);
            (row.min - value).max(value - row.max)
        })
    }

    /// It with its limits, in words.
    fn words(&self) -> String {
        let (name, row) = (self.name(), self.row());
        match row {
            Some(row) if row.is_equality() => format!("{name} {}", row.min),
            Some(row) if row.max == f64::INFINITY => format!("{name} at least {}", row.min),
            Some(row) if row.min == f64::NEG_INFINITY => format!("{name} at most {}", row.max),
            Some(row) => format!("{name} in [{}, {}]", row.min, row.max),
            None => name.to_owned(),
        }
    }

    /// Adds its smallest violation to a program of the other constraints, as the cost; `false` if
    /// nothing can be changed.
    fn stretch(&self, program: &mut Program) -> bool {
        let Some(row) = self.row() else { return false };
        stretched(program, |program, slack| {
            if row.max.is_finite() {
                program.row(row.terms().chain([(slack, -1.0)]), row.max);
            }
            if row.min.is_finite() {
                let negative = row.terms().map(|(i, value)| (i, -value));
                program.row(negative.chain([(slack, -1.0)]), -row.min);
            }
        });
        true
    }

    /// The limits that it would need at the solution of that program; `added` is the first of the
    /// variables that stretching it added.
    fn needed(&self, x: &[f64], _added: usize) -> Limits {
        self.row().map_or_else(Limits::default, |row| {
            let value = dot(row.coefficients, &x[..row.coefficients.len()]);
            Limits { min: Some(row.min.min(value)), max: Some(row.max.max(value)) }
        })
    }

    /// Widens it to some limits.
    fn widen(&mut self, limits: Limits);

    /// What to change in order to widen it, in words.
    fn advice(&self, limits: Limits) -> String {
        let (name, row) = (self.name(), self.row());
        match (row, limits.min, limits.max) {
            (Some(row), Some(min), _) if min < row.min => {
                format!("lower {name} to at most {}", down(min))
            }
            (_, _, Some(max)) => format!("raise {name} to at least {}", up(max)),
            _ => String::new(),
        }
    }
}

/// Whether all values are finite; `what` names one of them.
pub(super) fn finite(what: &str, values: &[f64]) -> Result<()> {
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::Invalid(format!("a {what} is {value}"))),
        None => Ok(()),
    }
}

/// `sum |w - from|` as the cost of a program, in one new variable for each weight.
pub(super) fn least_absolute(program: &mut Program, from: Option<&[f64]>) {
    let n = program.weights;
    let first = program.add_variables(n);
    program.linear[first..].fill(1.0);
    let start = program.rhs.len();
    program.exceed(first, from);
    program.close(start, Cone::NonNegative);
}

/// A slack variable as the cost of a program, with rows that it loosens.
pub(super) fn stretched(program: &mut Program, rows: impl FnOnce(&mut Program, usize)) {
    let slack = program.add_variables(1);
    program.linear[slack] = 1.0;
    let start = program.rhs.len();
    program.row([(slack, -1.0)], 0.0);
    rows(program, slack);
    program.close(start, Cone::NonNegative);
}

/// Widens the ends of a row where they have to move.
pub(super) fn widen_row(min: &mut f64, max: &mut f64, limits: Limits) {
    if let Some(wanted) = limits.min.filter(|wanted| wanted < min) {
        *min = wanted - MARGIN;
    }
    if let Some(wanted) = limits.max.filter(|wanted| wanted > max) {
        *max = wanted + MARGIN;
    }
}

/// An upper limit with its margin.
pub(super) fn above(limit: f64) -> f64 {
    limit + MARGIN
}

/// A lower limit with its margin.
pub(super) fn below(limit: f64) -> f64 {
    limit - MARGIN
}

/// Rounded up in the fourth decimal, so that the advice itself works.
pub(super) fn up(value: f64) -> f64 {
    (value * 1e4 - 1e-3).ceil() / 1e4
}

/// Rounded down in the fourth decimal.
pub(super) fn down(value: f64) -> f64 {
    -up(-value)
}

/// Without the noise of a floating-point sum.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 1e10).round() / 1e10
}
