//! The robust utility along the path of the quadratic program.
//!
//! The maximizer of `rho'w - lambda sigma(w)` solves `min 1/2 w'Sigma w - theta rho'w` with
//! `theta = sigma / lambda`. Along a segment of the path `w = a + theta d` the variance is
//! `a'Sigma a + theta^2 q` with `q = rho'd`, and `sigma / theta` falls strictly, so there is one
//! crossing: `theta^2 = a'Sigma a / (lambda^2 - q)`.
//!
//! Markowitz (1956), The optimization of a quadratic function subject to linear constraints: the
//! critical line, with a rule where to stop.

use walkfolio_core::linear::dot;

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::program::{Answer, Change, Start, Stop, Utility};

/// Where the search along the path stands.
struct Place {
    theta: f64,
    variance: f64,
}

impl<B: Basis> Homotopy<B> {
    /// Maximizes a robust utility; `theta` is where the last one was found.
    ///
    /// Returns the answer with the duals of the program at the new `theta`.
    pub fn maximize_utility(
        &mut self,
        utility: &Utility<'_>,
        theta: Option<f64>,
    ) -> Result<(Answer, f64), Stop> {
        let program = utility.program();
        self.pivots = 0;
        self.kkt.set(program.h, program.a);
        let rho = self.scaled(utility.expected_returns);
        let warm = std::mem::replace(&mut self.warm, false);
        let mut outcome = match theta.filter(|_| warm) {
            Some(theta) => self.cross(utility, &rho, theta),
            None => Err(Stop::Limit),
        };
        for start in [Start::Inside, Start::Vertex] {
            let proven = matches!(&outcome, Err(Stop::Infeasible(ray)) if ray.proves(&program));
            if outcome.is_err() && !proven {
                self.start_anew(&program, start);
                outcome = self.cross(utility, &rho, 1.0);
            }
        }
        let (theta, residual) = match outcome {
            Err(Stop::Infeasible(ray)) if !ray.proves(&program) => return Err(Stop::Limit),
            outcome => outcome?,
        };
        self.warm = true;
        Ok((self.answer(residual), theta))
    }

    /// From a theta to the crossing; the theta there and the violation of optimality.
    fn cross(
        &mut self,
        utility: &Utility<'_>,
        rho: &[f64],
        theta: f64,
    ) -> Result<(f64, f64), Stop> {
        let program = utility.program();
        let g: Vec<f64> = rho.iter().map(|rho| theta * rho).collect();
        let start = Change { g: &g, lo: utility.lo, hi: utility.hi };
        if self.leap(&start, &program, |_, _| Ok(())).is_none() {
            self.adopt(&program)?;
            self.run(&start)?;
        }
        let mut theta = theta;
        for _ in 0..4 {
            let place = self.climb(utility, rho, theta)?;
            theta = self.settle(utility, rho, &place)?;
            let g: Vec<f64> = rho.iter().map(|rho| theta * rho).collect();
            self.g.copy_from_slice(&g);
            self.lo.copy_from_slice(utility.lo);
            self.hi.copy_from_slice(utility.hi);
            let residual = self.polish().max(self.residual());
            if residual <= super::finish::TOLERANCE {
                if utility.lambda == 0.0 {
                    theta = self.price_without_risk(rho);
                }
                return Ok((theta, residual));
            }
            self.repair(&Change { g: &g, lo: utility.lo, hi: utility.hi })?;
        }
        Err(Stop::Limit)
    }

    /// Without aversion to risk the answer is that of a linear program, and its duals are what those
    /// of the path grow by; they belong to `theta = 1`.
    fn price_without_risk(&mut self, rho: &[f64]) -> f64 {
        let zeros = vec![0.0; self.kkt.size];
        self.rates(&Change { g: rho, lo: &zeros, hi: &zeros });
        self.dual.copy_from_slice(&self.dual_rate);
        1.0
    }

    /// Follows the path, breakpoint by breakpoint, to the segment of the crossing.
    fn climb(&mut self, utility: &Utility<'_>, rho: &[f64], theta: f64) -> Result<Place, Stop> {
        let n = self.kkt.variables;
        let zeros = vec![0.0; self.kkt.size];
        let lambda = utility.lambda;
        let mut place = Place { theta, variance: self.variance() };
        let sense = if place.variance > (lambda * theta).powi(2) { 1.0 } else { -1.0 };
        let g: Vec<f64> = rho.iter().map(|rho| sense * rho).collect();
        let change = Change { g: &g, lo: &zeros, hi: &zeros };
        for _ in 0..10 * self.kkt.size + 50 {
            if self.interrupt.is_raised() {
                break;
            }
            self.rates(&change);
            let slope = sense * dot(utility.expected_returns, &self.primal_rate[..n]);
            let still = (place.variance - place.theta.powi(2) * slope).max(0.0);
            let free = lambda * lambda - slope;
            let crossing = if free > 0.0 { (still / free).sqrt() } else { f64::INFINITY };
            let wanted = (sense * (crossing - place.theta)).max(0.0);
            let wanted = if sense < 0.0 { wanted.min(place.theta) } else { wanted };
            let event = self.first_event(&change, wanted);
            // At a vertex without risk to weigh, no theta changes anything.
            let step = if event.step.is_finite() { event.step } else { 0.0 };
            self.advance(step, &change);
            place.theta += sense * step;
            place.variance = still + place.theta.powi(2) * slope;
            match event.index {
                None => return Ok(place),
                Some(index) => self.turn(index, event.side)?,
            }
        }
        Err(Stop::Limit)
    }

    /// The crossing of the segment, from a fresh factorization: its bits depend on data and active
    /// set alone.
    fn settle(&mut self, utility: &Utility<'_>, rho: &[f64], place: &Place) -> Result<f64, Stop> {
        if self.fresh > 0 && !self.factor() {
            return Err(Stop::Singular);
        }
        let n = self.kkt.variables;
        let zeros = vec![0.0; self.kkt.size];
        // `a`: the values that the bounds alone would give.
        self.rates(&Change { g: &zeros, lo: utility.lo, hi: utility.hi });
        let still = self.variance_of(&self.primal_rate[..n]);
        self.rates(&Change { g: rho, lo: &zeros, hi: &zeros });
        let slope = dot(utility.expected_returns, &self.primal_rate[..n]);
        let free = utility.lambda.powi(2) - slope;
        let crossing = (still / free).sqrt();
        Ok(if free > 0.0 && crossing.is_finite() { crossing } else { place.theta })
    }

    /// `w' Sigma w` where it stands.
    fn variance(&self) -> f64 {
        self.variance_of(&self.primal[..self.kkt.variables])
    }

    fn variance_of(&self, w: &[f64]) -> f64 {
        let n = self.kkt.variables;
        let rows = self.kkt.matrix.iter_rows().take(n);
        let scaled: f64 = rows.zip(w).map(|(row, w_i)| w_i * dot(&row[..n], w)).sum();
        (scaled * self.kkt.scale).max(0.0)
    }
}
