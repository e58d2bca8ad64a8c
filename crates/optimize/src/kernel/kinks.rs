//! Convex piecewise linear costs: transaction costs, absolute weights, distances from current holdings.
//!
//! A cost has no variables of its own. It cuts the range of a variable into pieces, on each of which it is
//! linear: the slope of the piece belongs to the linear term and the ends of the piece are the bounds. A
//! variable rests at a joint of two pieces as it does at a bound, until its dual has grown from 0 to the
//! jump of the slope: then it goes on into the next piece. So the homotopy has one more event, and each
//! solution of an active set is found as without costs.
//!
//! A joint is the lower end of one piece and the upper end of another; what rests at one is counted to the
//! upper piece where the bits of an answer are made.

/// `sum_i up_i (x_i - at_i)^+ + down_i (at_i - x_i)^+`.
///
/// # Shape and units
/// One value for each variable, `up_i + down_i >= 0`, in units of the program's objective.
/// # Examples
/// See [`ActiveSet::solve_kinked`](crate::matrix_form::ActiveSet::solve_kinked).
#[derive(Debug, Clone, Copy)]
pub struct Kinks<'a> {
    /// Where the slope changes.
    pub at: &'a [f64],
    /// What a unit above costs.
    pub up: &'a [f64],
    /// What a unit below costs.
    pub down: &'a [f64],
}

impl Kinks<'_> {
    /// The cost of some variables.
    pub fn value(&self, x: &[f64]) -> f64 {
        let slopes = self.up.iter().zip(self.down);
        let cost = |((x, at), (up, down)): ((&f64, &f64), (&f64, &f64))| {
            up * (x - at).max(0.0) + down * (at - x).max(0.0)
        };
        x.iter().zip(self.at).zip(slopes).map(cost).sum()
    }
}

/// A part of a variable's range: the cost there is `fixed x`, and `(unit x + offset)` times a parameter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub lo: f64,
    pub hi: f64,
    pub fixed: f64,
    pub unit: f64,
    pub offset: f64,
}

/// The pieces of all variables, and in which each of them is.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    pub list: Vec<Piece>,
    /// The first of each variable, and the number of all; empty without costs.
    pub first: Vec<usize>,
    pub now: Vec<usize>,
    /// The largest duals of variables that rest at a joint, and the rates of these.
    pub width: Vec<f64>,
    pub width_rate: Vec<f64>,
    /// The parameter.
    pub t: f64,
}

impl Pieces {
    pub fn any(&self) -> bool {
        !self.first.is_empty()
    }

    pub fn slope(&self, at: usize) -> f64 {
        self.list[at].fixed + self.t * self.list[at].unit
    }

    /// Adds the pieces of a variable, from its costs and whether the parameter multiplies these.
    pub fn cut(
        &mut self,
        i: usize,
        [lo, hi]: [f64; 2],
        (all, factor): (&[(&Kinks<'_>, bool)], f64),
    ) {
        let (mut rest, mut joints) = ([0.0; 3], Vec::new());
        for &(kinks, is_priced) in all {
            let [up, down] = sides(kinks, i, factor, is_priced);
            let at = kinks.at[i];
            let constant = if at <= lo { up } else { down };
            rest.iter_mut().zip(constant).for_each(|(rest, add)| *rest += add);
            let jump = std::array::from_fn(|k| up[k] - down[k]);
            if at > lo && at < hi && (jump[0] > 0.0 || jump[1] > 0.0) {
                joints.push((at, jump));
            }
        }
        self.push([lo, hi], rest, joints);
    }

    /// Adds the pieces of a variable: constants and joints `(at, [fixed, unit, offset])` of the costs.
    fn push(&mut self, [lo, hi]: [f64; 2], mut rest: [f64; 3], mut joints: Vec<(f64, [f64; 3])>) {
        self.first.push(self.list.len());
        joints.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut from = lo;
        let piece = |lo, hi, [fixed, unit, offset]: [f64; 3]| Piece { lo, hi, fixed, unit, offset };
        for (at, jump) in joints {
            if at > from {
                self.list.push(piece(from, at, rest));
                from = at;
            }
            rest.iter_mut().zip(jump).for_each(|(rest, jump)| *rest += jump);
        }
        self.list.push(piece(from, hi, rest));
    }
}

/// The slopes of a cost above and below a place, and their offsets.
fn sides(kinks: &Kinks<'_>, i: usize, factor: f64, priced: bool) -> [[f64; 3]; 2] {
    let side = |slope: f64| {
        if priced {
            [0.0, slope * factor, -slope * kinks.at[i]]
        } else {
            [slope * factor, 0.0, 0.0]
        }
    };
    [side(kinks.up[i]), side(-kinks.down[i])]
}
