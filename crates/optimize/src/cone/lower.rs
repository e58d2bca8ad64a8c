//! From a mandate to a cone program.

use super::program::{Cone, Program};
use crate::Result;
use crate::constraint::{Constraints, Part};
use crate::mandate::Mandate;

/// A mandate's cone program, and where some of its rows and variables are.
#[derive(Debug, Clone)]
pub(crate) struct Lowered {
    pub program: Program,
    places: Places,
}

#[derive(Debug, Clone, Default)]
struct Places {
    /// Rows of the program that are the budget or a row of the list, which of these, in that order,
    /// and the sign of what they say about it.
    rows: Vec<(usize, usize, f64)>,
    /// Rows that limit `sum |w|`, with the limit.
    absolute: Vec<(usize, f64)>,
    /// The first of `u >= |w|`, one for each asset.
    magnitudes: Option<usize>,
}

/// Multipliers of a mandate's constraints, in the objective's unit.
pub(crate) struct Multipliers {
    /// Of the budget and the rows of the list, positive at a lower end.
    pub rows: Vec<f64>,
    /// The price of `sum |w|`, and what all of its limits cost.
    pub absolute: f64,
    pub absolute_cost: f64,
}

impl Lowered {
    /// Some parts of the constraints, with no objective yet.
    pub fn constrained(constraints: &Constraints, parts: &[Part]) -> Self {
        let program = Program::over(constraints.assets());
        let mut lowered = Self { program, places: Places::default() };
        lowered.equalities(constraints, parts);
        lowered.inequalities(constraints, parts);
        lowered
    }

    /// A mandate, but for an l1 penalty that does not act.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if its objective is no cone program.
    pub fn of(mandate: &Mandate) -> Result<Self> {
        let constraints = mandate.constraints();
        let mut lowered = Self::constrained(constraints, &constraints.parts());
        let penalties = mandate.penalties();
        mandate.objective().as_dyn().cone(&mut lowered.program, penalties.l2)?;
        if mandate.l1_acts() {
            let price = penalties.l1 / lowered.program.scale.abs();
            lowered.charge_absolute(constraints, price);
        }
        Ok(lowered)
    }

    fn equalities(&mut self, constraints: &Constraints, parts: &[Part]) {
        let Self { program, places } = self;
        let start = program.rhs.len();
        let n = constraints.assets();
        if parts.contains(&Part::Budget) {
            places.rows.push((program.rhs.len(), 0, -1.0));
            program.row((0..n).map(|i| (i, 1.0)), constraints.budget());
        }
        if parts.contains(&Part::Min) && parts.contains(&Part::Max) {
            for (i, (min, _)) in constraints.bounds().enumerate().filter(|(_, (a, b))| a == b) {
                program.row([(i, 1.0)], min);
            }
        }
        for (of, (at, row)) in constraints.rows().enumerate() {
            if parts.contains(&Part::Listed(at)) && row.is_equality() {
                places.rows.push((program.rhs.len(), 1 + of, -1.0));
                program.row(row.terms(), row.min);
            }
        }
        program.close(start, Cone::Zero);
    }

    fn inequalities(&mut self, constraints: &Constraints, parts: &[Part]) {
        let n = constraints.assets();
        let listed = constraints.rules().enumerate();
        let limits: Vec<f64> = listed
            .filter(|(at, _)| parts.contains(&Part::Listed(*at)))
            .filter_map(|(_, rule)| rule.absolute())
            .collect();
        let magnitudes = (!limits.is_empty()).then(|| self.program.add_variables(n));
        self.places.magnitudes = magnitudes;
        let start = self.program.rhs.len();
        self.bounds(constraints, parts);
        self.ranges(constraints, parts);
        if let Some(first) = magnitudes {
            let Self { program, places } = self;
            (0..n).for_each(|i| program.exceeds(first + i, i));
            for limit in limits {
                places.absolute.push((program.rhs.len(), limit));
                program.row((0..n).map(|i| (first + i, 1.0)), limit);
            }
        }
        self.program.close(start, Cone::NonNegative);
    }

    /// The bounds of each asset; those that are the same are equalities.
    fn bounds(&mut self, constraints: &Constraints, parts: &[Part]) {
        let (min, max) = (parts.contains(&Part::Min), parts.contains(&Part::Max));
        let apart = |(_, (lower, upper)): &(usize, (f64, f64))| !(min && max && lower == upper);
        for (i, (lower, upper)) in constraints.bounds().enumerate().filter(apart) {
            if max {
                self.program.row([(i, 1.0)], upper);
            }
            if min {
                self.program.row([(i, -1.0)], -lower);
            }
        }
    }

    /// The rows of the list that are no equalities.
    fn ranges(&mut self, constraints: &Constraints, parts: &[Part]) {
        let Self { program, places } = self;
        for (of, (at, row)) in constraints.rows().enumerate() {
            if !parts.contains(&Part::Listed(at)) || row.is_equality() {
                continue;
            }
            if row.max.is_finite() {
                places.rows.push((program.rhs.len(), 1 + of, -1.0));
                program.row(row.terms(), row.max);
            }
            if row.min.is_finite() {
                places.rows.push((program.rhs.len(), 1 + of, 1.0));
                program.row(row.terms().map(|(i, value)| (i, -value)), -row.min);
            }
        }
    }

    /// `price |w_i|` in the objective: `u_i` where an asset may be long and short, shared with limits
    /// of `sum |w|`, and `w_i` itself elsewhere.
    fn charge_absolute(&mut self, constraints: &Constraints, price: f64) {
        let Self { program, places } = self;
        let start = program.rhs.len();
        for (i, (min, max)) in constraints.bounds().enumerate() {
            if min >= 0.0 {
                program.linear[i] += price;
            } else if max <= 0.0 {
                program.linear[i] -= price;
            } else if let Some(first) = places.magnitudes {
                program.linear[first + i] += price;
            } else {
                let u = program.add_variables(1);
                program.linear[u] = price;
                program.exceeds(u, i);
            }
        }
        program.close(start, Cone::NonNegative);
    }

    /// Multipliers of the constraints from those of the program's rows.
    pub fn multipliers(&self, constraints: &Constraints, duals: &[f64]) -> Multipliers {
        let (scale, places) = (self.program.scale, &self.places);
        let mut rows = vec![0.0; 1 + constraints.rows().count()];
        for &(row, of, sign) in &places.rows {
            rows[of] += scale * sign * duals[row];
        }
        let (mut absolute, mut absolute_cost) = (0.0, 0.0);
        for &(row, limit) in &places.absolute {
            let price = scale * duals[row].max(0.0);
            absolute += price;
            absolute_cost += price * limit;
        }
        Multipliers { rows, absolute, absolute_cost }
    }
}
