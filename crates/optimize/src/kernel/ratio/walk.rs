//! The way to a stationary point: from segment to segment, always upwards.
//!
//! The maximum of a segment's affine hull lies in an upward direction of the fraction, so the
//! point moves towards it until the active set changes. Where a hull has no such point, or where
//! two segments send the point back and forth, it moves towards the maximum of a quadratic
//! minorant instead, which cannot lead down either.

use walkfolio_core::linear::dot;

use super::super::basis::Basis;
use super::super::homotopy::Homotopy;
use super::super::program::Program;
use super::super::program::Ratio;
use super::super::program::{Change, Event, Start, State, Stop};
use super::data::{Data, Goal, Regime};
use super::segment::{Kind, Point, Response, Segment, Target};

/// The portfolio nearest to the benchmark.
pub(super) const NEAREST: [f64; 2] = [0.0, 1.0];
/// The portfolio of least variance.
pub(super) const STEADIEST: [f64; 2] = [0.0, 0.0];

/// Stands at `w(theta)` of the program.
#[derive(Debug, Clone)]
pub(super) struct Walk<B> {
    pub homotopy: Homotopy<B>,
    pub data: Data,
    pub theta: [f64; 2],
    pub regime: Regime,
    /// `S w`, then `A w`.
    pub sw: Vec<f64>,
    rates: [Vec<f64>; 4],
    /// Whether the rates are those of the active set.
    pub directed: bool,
    g: Vec<f64>,
    still: Vec<f64>,
}

/// The end of a walk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Summit {
    Positive(Point, Response),
    /// The numerator is nowhere positive; this is where it is largest.
    NowherePositive,
}

impl<B: Basis> Walk<B> {
    pub fn new(variables: usize, rows: usize) -> Self {
        let zeros = || vec![0.0; variables + rows];
        Self {
            homotopy: Homotopy::new(variables, rows),
            data: Data::new(variables, rows),
            theta: NEAREST,
            regime: Regime::Above,
            sw: zeros(),
            rates: [zeros(), zeros(), zeros(), zeros()],
            directed: false,
            g: zeros(),
            still: zeros(),
        }
    }

    /// Takes the matrices of a program.
    pub fn load(&mut self, program: &Ratio<'_>) {
        self.homotopy.kkt.set(program.covariance, program.a);
        self.homotopy.pivots = 0;
        self.directed = false;
        self.data.set(program, &self.homotopy.kkt);
    }

    /// From last week's active set to the same `theta` of this week's program.
    pub fn start_warm(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        self.homotopy.adopt(program)?;
        self.go(self.theta, program)
    }

    /// From nothing to the portfolio nearest to the benchmark.
    pub fn start_cold(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        let mut outcome = Err(Stop::Limit);
        for start in [Start::Inside, Start::Vertex] {
            if outcome.is_err() {
                self.homotopy.start_anew(program, start);
                outcome = self.homotopy.adopt(program).and_then(|()| self.go(NEAREST, program));
            }
        }
        self.regime = if self.data.floor > 0.0 { Regime::At } else { Regime::Above };
        match outcome {
            Err(Stop::Infeasible(ray)) if !ray.proves(program) => Err(Stop::Limit),
            outcome => outcome,
        }
    }

    /// To the solution of another `theta`, through all changes of the active set between.
    pub fn go(&mut self, theta: [f64; 2], program: &Program<'_>) -> Result<(), Stop> {
        for i in 0..self.g.len() {
            self.g[i] = theta[0] * self.data.a[i] + theta[1] * self.data.se[i];
        }
        self.directed = false;
        self.homotopy.run(&Change { g: &self.g, lo: program.lo, hi: program.hi })?;
        self.homotopy.lo.copy_from_slice(program.lo);
        self.homotopy.hi.copy_from_slice(program.hi);
        self.theta = theta;
        Ok(())
    }

    /// Climbs to the maximum of the goal: the global one for a tangent, a local one for `J`.
    pub fn climb(&mut self, goal: Goal) -> Result<Summit, Stop> {
        let mut stalled = false;
        for _ in 0..20 * self.homotopy.kkt.size + 100 {
            if self.homotopy.interrupt.is_raised() {
                break;
            }
            let segment = self.segment();
            let mut target =
                if stalled { segment.surrogate(goal) } else { segment.target(goal, self.regime) };
            let start = segment.at(goal, self.theta);
            let mut event = self.aim(target.theta);
            let mut end = segment.at(goal, self.along(&target, event.step));
            if below(&end, &start) {
                target = segment.surrogate(goal);
                event = self.aim(target.theta);
                end = segment.at(goal, self.along(&target, event.step));
                while below(&end, &start) && event.step > 1e-6 {
                    event = Event {
                        step: 0.5 * event.step,
                        index: None,
                        side: State::Free,
                        crosses: false,
                    };
                    target.kind = Kind::Step;
                    end = segment.at(goal, self.along(&target, event.step));
                }
            }
            self.regime = target.regime;
            stalled = self.take(&target, event)?;
            match target.kind {
                Kind::Maximum if event.index.is_none() => {
                    let response = segment.response(goal, self.regime, self.theta);
                    return Ok(Summit::Positive(end, response));
                }
                Kind::Crest if event.index.is_none() && end.above <= 0.0 => {
                    return Ok(Summit::NowherePositive);
                }
                _ => {}
            }
        }
        Err(Stop::Limit)
    }

    fn along(&self, target: &Target, step: f64) -> [f64; 2] {
        if step >= 1.0 {
            return target.theta;
        }
        let move_by = |i: usize| self.theta[i] + step * (target.theta[i] - self.theta[i]);
        [move_by(0), move_by(1)]
    }

    /// Sets the rates towards a `theta`; the first event on the way.
    fn aim(&mut self, theta: [f64; 2]) -> Event {
        let d = [theta[0] - self.theta[0], theta[1] - self.theta[1]];
        let [p1, d1, p2, d2] = &self.rates;
        let h = &mut self.homotopy;
        for i in 0..self.g.len() {
            h.primal_rate[i] = d[0] * p1[i] + d[1] * p2[i];
            h.dual_rate[i] = d[0] * d1[i] + d[1] * d2[i];
            self.g[i] = d[0] * self.data.a[i] + d[1] * self.data.se[i];
        }
        let change = Change { g: &self.g, lo: &self.still, hi: &self.still };
        self.homotopy.first_event(&change, 1.0)
    }

    /// Takes the step; whether it led nowhere.
    fn take(&mut self, target: &Target, event: Event) -> Result<bool, Stop> {
        let change = Change { g: &self.g, lo: &self.still, hi: &self.still };
        self.homotopy.advance(event.step, &change);
        let before = self.theta;
        self.theta = self.along(target, event.step);
        if let Some(index) = event.index {
            self.directed = false;
            self.homotopy.turn(index, event.side)?;
        }
        let moved = (self.theta[0] - before[0]).abs() / (before[0] + 1e-12)
            + (self.theta[1] - before[1]).abs();
        Ok(event.index.is_some() && moved < 1e-12)
    }

    /// The moments of the segment the point is on.
    pub fn segment(&mut self) -> Segment {
        self.directions();
        self.product();
        let n = self.data.variables;
        let (w, sw) = (&self.homotopy.primal[..n], &self.sw[..n]);
        let (a, se, e) = (&self.data.a[..n], &self.data.se[..n], &self.data.e[..n]);
        let (d1, d2) = (&self.rates[0][..n], &self.rates[2][..n]);
        let mut distance2 = 0.0;
        for i in 0..n {
            distance2 += (w[i] - e[i]) * (sw[i] - se[i]);
        }
        let variance_rate = [dot(sw, d1), dot(sw, d2)];
        let (r1, r2, e2) = (dot(a, d1), dot(a, d2), dot(se, d2));
        Segment {
            theta: self.theta,
            numerator: dot(a, w),
            variance: dot(sw, w),
            distance2,
            numerator_rate: [r1, r2],
            variance_rate,
            // d_1'S d_1 = a'd_1 and so on, since S d_k + A'y_k - z_k is a or S e.
            distance_rate: [variance_rate[0] - r2, variance_rate[1] - e2],
            curvature: [r1, r2, e2],
            floor: self.data.floor,
            lambda: self.data.lambda,
        }
    }

    /// `S w` and `A w`.
    pub fn product(&mut self) {
        let n = self.data.variables;
        let h = &mut self.homotopy;
        h.knowns[..n].copy_from_slice(&h.primal[..n]);
        h.knowns[n..].fill(0.0);
        h.kkt.times(&h.knowns, &mut self.sw);
    }

    /// How the solution answers to both coordinates of `theta`.
    fn directions(&mut self) {
        if std::mem::replace(&mut self.directed, true) {
            return;
        }
        let vertex = self.homotopy.at_vertex();
        for (k, g) in [&self.data.a, &self.data.se].into_iter().enumerate() {
            self.homotopy.rates(&Change { g, lo: &self.still, hi: &self.still });
            if vertex {
                // Nothing moves there; rounding must not grow with theta.
                self.homotopy.primal_rate.fill(0.0);
            }
            self.rates[2 * k].copy_from_slice(&self.homotopy.primal_rate);
            self.rates[2 * k + 1].copy_from_slice(&self.homotopy.dual_rate);
        }
    }

    /// Recomputes a maximum of `J` from a fresh factorization, so that the bits of the answer
    /// depend on the data and the active set alone: Newton's method starts from a rounded `theta`.
    pub fn settle(&mut self, program: &Program<'_>) -> Result<bool, Stop> {
        self.homotopy.lo.copy_from_slice(program.lo);
        self.homotopy.hi.copy_from_slice(program.hi);
        self.directed = false;
        if !self.homotopy.factor() {
            return Err(Stop::Singular);
        }
        self.place([rounded(self.theta[0]), rounded(self.theta[1])]);
        let target = self.segment().target(Goal::Objective, self.regime);
        let solved = target.kind == Kind::Maximum && target.regime == self.regime;
        if solved {
            let miss = self.place(target.theta);
            return Ok(miss.max(self.homotopy.residual()) < 1e-9);
        }
        Ok(false)
    }

    /// Recomputes the point from a fresh factorization; whether it is sound.
    pub fn refresh(&mut self) -> bool {
        self.directed = false;
        self.homotopy.factor() && self.homotopy.polish().max(self.homotopy.residual()) < 1e-9
    }

    fn place(&mut self, theta: [f64; 2]) -> f64 {
        self.theta = theta;
        for i in 0..self.g.len() {
            self.homotopy.g[i] = theta[0] * self.data.a[i] + theta[1] * self.data.se[i];
        }
        self.homotopy.polish()
    }
}

/// Whether a step led down. While the numerator is not positive it is what has to grow.
fn below(end: &Point, start: &Point) -> bool {
    if start.above <= 0.0 {
        end.above < start.above - 1e-12 * start.above.abs()
    } else {
        end.above <= 0.0 || end.value < start.value - 1e-12 * (1.0 + start.value.abs())
    }
}

/// With the last 30 bits of the mantissa cleared.
fn rounded(x: f64) -> f64 {
    f64::from_bits((x.to_bits() + (1 << 29)) & !((1 << 30) - 1))
}
