//! From a mandate to a cone program.
//!
//! The first `N` variables are the weights. Further ones: `sigma`, a bound on the risk;
//! `y = X w`, where a second moment is kept as its window or factors; `u >= |w|`, for gross leverage
//! and for an l1 penalty.

use walkfolio_core::{Covariance, Matrix};

use crate::bound::Quadratic;
use crate::conflict::Group;
use crate::{Constraints, Error, Mandate, Objective, Result};

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
    pub places: Places,
}

/// Where some rows and variables stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    /// Rows of the budget and of beta, in this order, with the sign of what they say about it.
    pub rows: Vec<(usize, usize, f64)>,
    pub gross: Option<usize>,
    /// The first of `u >= |w|`, one for each asset.
    pub absolute: Option<usize>,
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
            self.places.rows.push((self.rhs.len(), 0, -1.0));
            self.row((0..n).map(|i| (i, 1.0)), constraints.budget);
        }
        if groups.contains(&Group::Min) && groups.contains(&Group::Max) {
            for i in (0..n).filter(|&i| constraints.min[i] == constraints.max[i]) {
                self.row([(i, 1.0)], constraints.min[i]);
            }
        }
        let beta = constraints.beta.as_ref().filter(|_| groups.contains(&Group::Beta));
        if let Some(beta) = beta.filter(|beta| beta.min == beta.max) {
            self.places.rows.push((self.rhs.len(), 1, -1.0));
            self.row(beta.coefficients.iter().copied().enumerate(), beta.min);
        }
        self.close(start, Cone::Zero);
    }

    fn inequalities(&mut self, constraints: &Constraints, groups: &[Group]) {
        let n = constraints.assets();
        let gross = constraints.gross_leverage.filter(|_| groups.contains(&Group::Gross));
        let absolute = gross.map(|_| self.add_variables(n));
        self.places.absolute = absolute;
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
            let row = self.rhs.len();
            self.places.rows.extend([(row, 1, -1.0), (row + 1, 1, 1.0)]);
            self.row(terms(), beta.max);
            self.row(terms().map(|(i, value)| (i, -value)), -beta.min);
        }
        if let (Some(gross), Some(first)) = (gross, absolute) {
            (0..n).for_each(|i| self.exceeds(first + i, i));
            self.places.gross = Some(self.rhs.len());
            self.row((0..n).map(|i| (first + i, 1.0)), gross);
        }
        self.close(start, Cone::NonNegative);
    }

    /// Rows that say `u >= |w|` of two variables.
    fn exceeds(&mut self, u: usize, w: usize) {
        self.row([(w, 1.0), (u, -1.0)], 0.0);
        self.row([(w, -1.0), (u, -1.0)], 0.0);
    }

    /// Adds the objective with its penalties, but for an l1 penalty that does not act.
    pub fn aim(&mut self, mandate: &Mandate) -> Result<()> {
        if let Some(quadratic) = Quadratic::of(mandate) {
            self.quadratic(&quadratic)?;
            self.offset = quadratic.constant;
        } else if let Objective::RobustUtility { expected_returns, covariance, lambda } =
            &mandate.objective
        {
            self.linear.iter_mut().zip(expected_returns).for_each(|(q, rho)| *q = -rho);
            self.scale = -1.0;
            self.squares(&vec![mandate.penalties.l2; expected_returns.len()]);
            if *lambda > 0.0 {
                self.risk(covariance, *lambda)?;
            }
        } else {
            return Err(Error::Invalid(
                "an information ratio is no cone program; it takes the kernel".to_owned(),
            ));
        }
        if mandate.l1_acts() {
            let price = mandate.penalties.l1 / self.scale.abs();
            self.charge_gross(&mandate.constraints, price);
        }
        Ok(())
    }

    /// `price |w_i|` in the objective: `u_i` where an asset may be long and short, shared with
    /// gross leverage, and `w_i` itself elsewhere.
    fn charge_gross(&mut self, constraints: &Constraints, price: f64) {
        let start = self.rhs.len();
        for (i, (&min, &max)) in constraints.min.iter().zip(&constraints.max).enumerate() {
            if min >= 0.0 {
                self.linear[i] += price;
            } else if max <= 0.0 {
                self.linear[i] -= price;
            } else if let Some(first) = self.places.absolute {
                self.linear[first + i] += price;
            } else {
                let u = self.add_variables(1);
                self.linear[u] = price;
                self.exceeds(u, i);
            }
        }
        self.close(start, Cone::NonNegative);
    }

    /// Multipliers of the budget and beta, positive at a lower end, and of gross leverage, in the
    /// objective's unit, from those of the cone program's rows.
    pub fn multipliers(&self, constraints: &Constraints, duals: &[f64]) -> (Vec<f64>, f64) {
        let mut rows = vec![0.0; 1 + usize::from(constraints.beta.is_some())];
        for &(row, of, sign) in &self.places.rows {
            rows[of] += self.scale * sign * duals[row];
        }
        let gross = self.places.gross.map_or(0.0, |row| self.scale * duals[row].max(0.0));
        (rows, gross)
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

    /// `factor w'S w + l2 w'w - 2c'w`, divided by the mean of the matrix's diagonal, or by the
    /// linear term where that is larger, so that tolerances mean the same for every window.
    fn quadratic(&mut self, quadratic: &Quadratic<'_>) -> Result<()> {
        let Quadratic { covariance, factor, l2, .. } = *quadratic;
        let n = covariance.assets();
        let mean = factor * covariance.diagonal().iter().sum::<f64>() / n as f64 + l2;
        let largest = quadratic.half_linear().fold(mean, |a, c| a.max(c.abs()));
        let scale = if largest > 0.0 { largest } else { 1.0 };
        self.scale = scale;
        for (q, c) in self.linear.iter_mut().zip(quadratic.half_linear()) {
            *q = -2.0 * c / scale;
        }
        let factor = factor / scale;
        let mut own = vec![l2 / scale; n];
        match covariance.as_dense() {
            _ if factor == 0.0 => self.squares(&own),
            Some(matrix) => {
                for i in 0..n {
                    let extra = |j: usize| if i == j { own[i] } else { 0.0 };
                    let upper = (i..n).map(|j| (i, j, 2.0 * (factor * matrix[(i, j)] + extra(j))));
                    self.quadratic.extend(upper.filter(|entry| entry.2 != 0.0));
                }
            }
            None => {
                let root = covariance.root()?;
                for (own, value) in own.iter_mut().zip(root.diagonal.iter().flatten()) {
                    *own += factor * value * value;
                }
                self.squares(&own);
                self.squared_rows(&root.rows, factor.sqrt());
            }
        }
        Ok(())
    }

    /// `sum size_i w_i^2` in the objective.
    fn squares(&mut self, sizes: &[f64]) {
        let entries = sizes.iter().enumerate().filter(|(_, size)| **size != 0.0);
        self.quadratic.extend(entries.map(|(i, size)| (i, i, 2.0 * size)));
    }

    /// `y = root X w` and `y'y` in the objective: where `X` has fewer rows than columns, or a
    /// diagonal beside it.
    fn squared_rows(&mut self, rows: &Matrix, root: f64) {
        let first = self.add_variables(rows.rows());
        let start = self.rhs.len();
        for (t, row) in rows.iter_rows().enumerate() {
            let terms = row.iter().enumerate().map(|(i, value)| (i, value * root));
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
