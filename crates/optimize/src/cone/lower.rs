//! From a mandate to a cone program.

use super::program::{Cone, Program};
use crate::Result;
use crate::constraint::rule::Absolute;
use crate::constraint::{Constraints, Part};
use crate::cost::Costs;
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
    /// Rows that limit a sum of absolute values or a risk, which constraint of the list, and what the row is
    /// multiplied by.
    limits: Vec<(usize, usize, f64)>,
    /// The first of `u >= |w - from|`, one for each asset, and `from`; 0 where it is absent.
    magnitudes: Vec<(Option<Vec<f64>>, usize)>,
    /// What all constants of the constraints are multiplied by, where that is a variable.
    times: Option<usize>,
}

/// Multipliers of a mandate's constraints, in the objective's unit.
pub(crate) struct Multipliers {
    /// Of the budget and the rows of the list, positive at a lower end.
    pub rows: Vec<f64>,
    /// The price of each limit of a sum of absolute values or of a risk, by its position in the list.
    pub prices: Vec<(usize, f64)>,
}

impl Lowered {
    /// Some parts of the constraints, with no objective yet.
    pub fn constrained(constraints: &Constraints, parts: &[Part]) -> Self {
        let program = Program::over(constraints.assets());
        let mut lowered = Self { program, places: Places::default() };
        lowered.equalities(constraints, parts);
        lowered.inequalities(constraints, parts);
        lowered.deviations(constraints, parts);
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
        let unit = lowered.program.scale.abs();
        if mandate.l1_acts() {
            lowered.charge_absolute(constraints, penalties.l1 / unit);
        }
        if let Some(costs) = mandate.costs() {
            lowered.charge_trades(costs, unit);
        }
        // What depends on proportions alone has the best positive multiple of weights.
        let objective = mandate.objective().as_dyn();
        if objective.is_scale_free() {
            lowered.places.times = Some(lowered.program.homogenize());
            objective.fix_scale(&mut lowered.program);
        }
        Ok(lowered)
    }

    /// The weights at a solution of the program.
    pub fn weights(&self, x: &[f64]) -> Vec<f64> {
        let times = self.places.times.map_or(1.0, |times| x[times]);
        let weights = &x[..self.program.weights];
        if times == 1.0 { weights.to_vec() } else { weights.iter().map(|y| y / times).collect() }
    }

    fn equalities(&mut self, constraints: &Constraints, parts: &[Part]) {
        let Self { program, places } = self;
        let start = program.rhs.len();
        let n = constraints.assets();
        if parts.contains(&Part::Budget) && !constraints.has_open_sum() {
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
        let limits: Vec<(usize, Absolute<'_>)> = listed
            .filter(|(at, _)| parts.contains(&Part::Listed(*at)))
            .filter_map(|(at, rule)| Some((at, rule.absolute()?)))
            .collect();
        let mut magnitudes: Vec<(Option<&[f64]>, usize)> = Vec::new();
        for (_, Absolute { from, .. }) in &limits {
            if magnitudes.iter().all(|(other, _)| other != from) {
                magnitudes.push((*from, self.program.add_variables(n)));
            }
        }
        let start = self.program.rhs.len();
        self.bounds(constraints, parts);
        self.ranges(constraints, parts);
        let Self { program, places } = self;
        for (from, first) in magnitudes {
            program.exceed(first, from);
            for (at, limit) in limits.iter().filter(|(_, limit)| limit.from == from) {
                places.limits.push((program.rhs.len(), *at, 1.0));
                program.row((0..n).map(|i| (first + i, 1.0)), limit.max);
            }
            places.magnitudes.push((from.map(<[f64]>::to_vec), first));
        }
        program.close(start, Cone::NonNegative);
    }

    /// The limits of risks.
    fn deviations(&mut self, constraints: &Constraints, parts: &[Part]) {
        let Self { program, places } = self;
        for (at, rule) in constraints.rules().enumerate() {
            if let Some(deviation) = rule.deviation().filter(|_| parts.contains(&Part::Listed(at)))
            {
                places.limits.push((program.rhs.len(), at, deviation.scale()));
                deviation.cone(program, None);
            }
        }
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
        let budget = constraints.rule(Part::Budget).row().filter(|_| parts.contains(&Part::Budget));
        let listed = constraints
            .rows()
            .enumerate()
            .filter(|(_, (at, row))| parts.contains(&Part::Listed(*at)) && !row.is_equality());
        let listed = listed.map(|(of, (_, row))| (1 + of, row));
        let Self { program, places } = self;
        for (of, row) in budget.map(|row| (0, row)).into_iter().chain(listed) {
            if row.max.is_finite() {
                places.rows.push((program.rhs.len(), of, -1.0));
                program.row(row.terms(), row.max);
            }
            if row.min.is_finite() {
                places.rows.push((program.rhs.len(), of, 1.0));
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
            } else if let Some((_, first)) =
                places.magnitudes.iter().find(|(from, _)| from.is_none())
            {
                program.linear[first + i] += price;
            } else {
                let u = program.add_variables(1);
                program.linear[u] = price;
                program.exceeds(u, i, 0.0);
            }
        }
        program.close(start, Cone::NonNegative);
    }

    /// The costs of trading in the objective, in its unit: `t >= |w - w0|` shared with a limit of turnover, and
    /// `s >= t^1.5` where trading moves the price.
    fn charge_trades(&mut self, costs: &Costs, unit: f64) {
        let Self { program, places } = self;
        let shared =
            places.magnitudes.iter().find(|(from, _)| from.as_deref() == Some(costs.current()));
        let first = shared.map_or_else(
            || {
                let first = program.add_variables(program.weights);
                let start = program.rhs.len();
                program.exceed(first, Some(costs.current()));
                program.close(start, Cone::NonNegative);
                first
            },
            |(_, first)| *first,
        );
        for (i, (price, impact)) in costs.prices().iter().zip(costs.impacts()).enumerate() {
            program.linear[first + i] += price / unit;
            if impact > 0.0 {
                let s = program.add_variables(1);
                program.linear[s] = impact / unit;
                program.power(s, first + i);
            }
        }
    }

    /// Multipliers of the constraints from those of the program's rows.
    pub fn multipliers(&self, constraints: &Constraints, duals: &[f64]) -> Multipliers {
        let (scale, places) = (self.program.scale, &self.places);
        let mut rows = vec![0.0; 1 + constraints.rows().count()];
        for &(row, of, sign) in &places.rows {
            rows[of] += scale * sign * duals[row];
        }
        let price =
            |&(row, at, times): &(usize, usize, f64)| (at, scale * times * duals[row].max(0.0));
        Multipliers { rows, prices: places.limits.iter().map(price).collect() }
    }
}
