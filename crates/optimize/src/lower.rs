//! From a mandate to a cone program.
//!
//! The first `N` variables are the weights. Further ones: `sigma`, a bound on the risk;
//! `y = X w`, where a second moment is kept as its window; `u >= |w|`, for gross leverage.

use walkfolio_core::{Covariance, Matrix};

use crate::conflict::Group;
use crate::{Constraints, Error, Objective, Result};

/// `min 1/2 x'P x + q'x` subject to `b - A x` in a product of cones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    pub variables: usize,
    /// Upper triangle of `P`, as `(row, column, value)`.
    pub quadratic: Vec<(usize, usize, f64)>,
    pub linear: Vec<f64>,
    /// `A`, as `(row, column, value)`.
    pub matrix: Vec<(usize, usize, f64)>,
    pub rhs: Vec<f64>,
    pub cones: Vec<Cone>,
    /// What the program's value is multiplied by, and what is added to that, to give the
    /// objective's.
    pub scale: f64,
    pub offset: f64,
}

/// A cone and its dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cone {
    Zero(usize),
    NonNegative(usize),
    SecondOrder(usize),
}

impl Program {
    /// The constraints of some groups, with no objective yet.
    pub fn constrained(constraints: &Constraints, groups: &[Group]) -> Self {
        let n = constraints.assets();
        let mut program = Self { scale: 1.0, ..Self::default() };
        program.add_variables(n);
        program.equalities(constraints, groups);
        program.inequalities(constraints, groups);
        program
    }

    /// New variables with zero cost; returns the first.
    pub fn add_variables(&mut self, count: usize) -> usize {
        let first = self.variables;
        self.variables += count;
        self.linear.resize(self.variables, 0.0);
        first
    }

    /// A row `rhs - terms x` of the cone that is being written.
    pub fn row(&mut self, terms: impl IntoIterator<Item = (usize, f64)>, rhs: f64) {
        let row = self.rhs.len();
        let terms = terms.into_iter().filter(|(_, value)| *value != 0.0);
        self.matrix.extend(terms.map(|(column, value)| (row, column, value)));
        self.rhs.push(rhs);
    }

    /// Closes the cone that began at row `start`.
    pub fn close(&mut self, start: usize, cone: fn(usize) -> Cone) {
        let rows = self.rhs.len() - start;
        if rows > 0 {
            self.cones.push(cone(rows));
        }
    }

    fn equalities(&mut self, constraints: &Constraints, groups: &[Group]) {
        let start = self.rhs.len();
        let n = constraints.assets();
        if groups.contains(&Group::Budget) {
            self.row((0..n).map(|i| (i, 1.0)), constraints.budget);
        }
        if groups.contains(&Group::Min) && groups.contains(&Group::Max) {
            for i in (0..n).filter(|&i| constraints.min[i] == constraints.max[i]) {
                self.row([(i, 1.0)], constraints.min[i]);
            }
        }
        let beta = constraints.beta.as_ref().filter(|_| groups.contains(&Group::Beta));
        if let Some(beta) = beta.filter(|beta| beta.min == beta.max) {
            self.row(beta.coefficients.iter().copied().enumerate(), beta.min);
        }
        self.close(start, Cone::Zero);
    }

    fn inequalities(&mut self, constraints: &Constraints, groups: &[Group]) {
        let n = constraints.assets();
        let gross = constraints.gross_leverage.filter(|_| groups.contains(&Group::Gross));
        let absolute = gross.map(|_| self.add_variables(n));
        let start = self.rhs.len();
        let both = groups.contains(&Group::Min) && groups.contains(&Group::Max);
        for i in (0..n).filter(|&i| !(both && constraints.min[i] == constraints.max[i])) {
            if groups.contains(&Group::Max) {
                self.row([(i, 1.0)], constraints.max[i]);
            }
            if groups.contains(&Group::Min) {
                self.row([(i, -1.0)], -constraints.min[i]);
            }
        }
        let beta = constraints.beta.as_ref().filter(|_| groups.contains(&Group::Beta));
        if let Some(beta) = beta.filter(|beta| beta.min != beta.max) {
            let terms = || beta.coefficients.iter().copied().enumerate();
            self.row(terms(), beta.max);
            self.row(terms().map(|(i, value)| (i, -value)), -beta.min);
        }
        if let (Some(gross), Some(first)) = (gross, absolute) {
            for i in 0..n {
                self.row([(i, 1.0), (first + i, -1.0)], 0.0);
                self.row([(i, -1.0), (first + i, -1.0)], 0.0);
            }
            self.row((0..n).map(|i| (first + i, 1.0)), gross);
        }
        self.close(start, Cone::NonNegative);
    }

    /// Adds the objective.
    pub fn aim(&mut self, objective: &Objective) -> Result<()> {
        match objective {
            Objective::TrackingError { second_moment, cross, benchmark_square } => {
                self.least_squares(second_moment, cross);
                self.offset = *benchmark_square;
                Ok(())
            }
            Objective::RobustUtility { expected_returns, covariance, lambda } => {
                self.linear.iter_mut().zip(expected_returns).for_each(|(q, rho)| *q = -rho);
                self.scale = -1.0;
                if *lambda > 0.0 { self.risk(covariance, *lambda) } else { Ok(()) }
            }
            Objective::InformationRatio { .. } => Err(Error::Invalid(
                "an information ratio is no cone program; it takes the kernel".to_owned(),
            )),
        }
    }

    /// Holdings rules are no part of a cone program.
    pub fn refuse_holdings(constraints: &Constraints) -> Result<()> {
        if constraints.holdings.any() {
            let what = "rules about holdings are no cone program; they take the kernel";
            Err(Error::Invalid(what.to_owned()))
        } else {
            Ok(())
        }
    }

    /// `w'H w - 2 c'w`, divided by the mean of `H`'s diagonal so that tolerances mean the same
    /// for every window.
    fn least_squares(&mut self, second_moment: &Covariance, cross: &[f64]) {
        let n = cross.len();
        let unit: Vec<f64> = diagonal(second_moment);
        let mean = unit.iter().sum::<f64>() / n as f64;
        self.scale = if mean > 0.0 { mean } else { 1.0 };
        let scale = self.scale;
        self.linear.iter_mut().zip(cross).for_each(|(q, c)| *q = -2.0 * c / scale);
        match second_moment {
            Covariance::Window(rows) => self.squared_rows(rows, scale),
            other => {
                let dense = other.to_dense();
                for i in 0..n {
                    let upper = (i..n).map(|j| (i, j, 2.0 * dense[(i, j)] / scale));
                    self.quadratic.extend(upper.filter(|entry| entry.2 != 0.0));
                }
            }
        }
    }

    /// `y = X w / sqrt(scale)` and `y'y` in the objective: for windows shorter than wide.
    fn squared_rows(&mut self, rows: &Matrix, scale: f64) {
        let first = self.add_variables(rows.rows());
        let start = self.rhs.len();
        let root = scale.sqrt();
        for (t, row) in rows.iter_rows().enumerate() {
            let terms = row.iter().enumerate().map(|(i, value)| (i, value / root));
            self.row(terms.chain([(first + t, -1.0)]), 0.0);
            self.quadratic.push((first + t, first + t, 2.0));
        }
        self.close(start, Cone::Zero);
    }

    /// `lambda * sigma` in the objective, `(sigma, G w)` in a second-order cone.
    fn risk(&mut self, covariance: &Covariance, lambda: f64) -> Result<()> {
        let root = covariance.root()?;
        let sigma = self.add_variables(1);
        self.linear[sigma] = lambda;
        let start = self.rhs.len();
        self.row([(sigma, -1.0)], 0.0);
        for row in root.rows.iter_rows() {
            self.row(row.iter().enumerate().map(|(i, value)| (i, -value)), 0.0);
        }
        for (i, value) in root.diagonal.iter().flatten().enumerate() {
            self.row([(i, -value)], 0.0);
        }
        self.close(start, Cone::SecondOrder);
        Ok(())
    }
}

fn diagonal(second_moment: &Covariance) -> Vec<f64> {
    match second_moment {
        Covariance::Window(rows) => {
            let mut squares = vec![0.0; rows.cols()];
            for row in rows.iter_rows() {
                squares.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * value);
            }
            squares
        }
        other => {
            let dense = other.to_dense();
            (0..dense.rows()).map(|i| dense[(i, i)]).collect()
        }
    }
}
