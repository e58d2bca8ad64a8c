//! A piece of the solution map `theta -> w` on which the active set does not change.
//!
//! `w(theta)` minimizes `1/2 w'Sw - (theta_1 a + theta_2 S e)'w`. On a segment it is affine, so `N`
//! is affine and `sigma^2`, `T^2` are quadratics in `theta`, and every stationary point is a root
//! of two scalar equations. With `m = lambda max(T, f)` for `J` and `m = mu` for `L(mu, s)`:
//!
//! - `theta_2 - 1 + theta_1 m / sigma = 0`, and
//! - above the floor `theta_2 - theta_1 N / T^2 = 0`, on it `T = f`, below it `theta_2 = 0`
//!
//! (for `L` with the numerator `N + mu (s - sigma)` in place of `N`). For a concave numerator over
//! a convex denominator such a point is the global maximum on the segment's affine hull.
//!
//! Dinkelbach (1967), On nonlinear fractional programming.

use super::data::{Goal, Regime};

const NEWTON: usize = 15;
/// So many steps that leave more than this part of the residual end the search of a tangent's root: where the
/// hull has none, all of them are slow.
const PATIENCE: usize = 3;
const SLOW: f64 = 0.3;
/// `theta_1` beyond which only the linear numerator counts.
const FAR: f64 = 1e7;

/// First and second moments along a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    /// Where the moments are taken.
    pub theta: [f64; 2],
    pub numerator: f64,
    pub variance: f64,
    pub distance2: f64,
    /// Derivatives of the numerator; of `sigma^2 / 2`; of `T^2 / 2`.
    pub numerator_rate: [f64; 2],
    pub variance_rate: [f64; 2],
    pub distance_rate: [f64; 2],
    /// The second derivatives of both.
    pub curvature: [f64; 3],
    pub floor: f64,
    pub lambda: f64,
}

/// The moments of one point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub numerator: f64,
    pub sigma: f64,
    pub distance: f64,
    /// The fraction's numerator, which for a tangent is not `N`.
    pub above: f64,
    pub value: f64,
}

/// Where to go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub theta: [f64; 2],
    pub kind: Kind,
    pub regime: Regime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The maximum on the segment.
    Maximum,
    /// The largest numerator on the segment.
    Crest,
    /// A step upwards.
    Step,
}

/// How a tangent's maximizer answers to its price and to where it touches.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Response {
    /// Derivatives of `sigma`.
    pub by_price: f64,
    pub by_deviation: f64,
    /// The derivatives of `max(T, f)`.
    pub bottom_by_price: f64,
    pub bottom_by_deviation: f64,
}

/// What a side of the floor has to offer.
enum Trend {
    Found([f64; 2], Kind),
    /// The maximum is above the floor.
    Up([f64; 2]),
    /// The maximum is below the floor.
    Down,
    Lost,
}

/// A trial point of Newton's method: moments with their gradients.
struct Trial {
    point: Point,
    above_rate: [f64; 2],
    distance2_rate: [f64; 2],
    sigma_rate: [f64; 2],
}

fn tiny(x: f64) -> f64 {
    x.max(1e-28)
}

impl Segment {
    fn trial(&self, goal: Goal, theta: [f64; 2]) -> Trial {
        let d = [theta[0] - self.theta[0], theta[1] - self.theta[1]];
        let [q11, q12, q22] = self.curvature;
        let bend = [d[0] * q11 + d[1] * q12, d[0] * q12 + d[1] * q22];
        let along = |rate: [f64; 2]| d[0] * rate[0] + d[1] * rate[1];
        let second = along(bend);
        let sigma = tiny(self.variance + 2.0 * along(self.variance_rate) + second).sqrt();
        let distance2 = tiny(self.distance2 + 2.0 * along(self.distance_rate) + second);
        let rate = |i: usize| (self.variance_rate[i] + bend[i]) / sigma;
        let sigma_rate = [rate(0), rate(1)];
        let numerator = self.numerator + along(self.numerator_rate);
        let distance = distance2.sqrt();
        let bottom = distance.max(self.floor);
        let distance2_rate =
            [2.0 * (self.distance_rate[0] + bend[0]), 2.0 * (self.distance_rate[1] + bend[1])];
        let (above, above_rate, value) = match goal {
            Goal::Objective => {
                (numerator, self.numerator_rate, numerator / bottom - self.lambda * sigma)
            }
            Goal::Tangent { price, at } => {
                let above = numerator + price * (at - sigma);
                let rate = |i: usize| self.numerator_rate[i] - price * sigma_rate[i];
                (above, [rate(0), rate(1)], above / bottom)
            }
        };
        let point = Point { numerator, sigma, distance, above, value };
        Trial { point, above_rate, distance2_rate, sigma_rate }
    }

    pub fn at(&self, goal: Goal, theta: [f64; 2]) -> Point {
        self.trial(goal, theta).point
    }

    /// `m` and its derivative by `T^2`.
    fn weight(&self, goal: Goal, regime: Regime, distance: f64) -> (f64, f64) {
        match (goal, regime) {
            (Goal::Tangent { price, .. }, _) => (price, 0.0),
            (Goal::Objective, Regime::Above) => {
                (self.lambda * distance, 0.5 * self.lambda / distance)
            }
            (Goal::Objective, _) => (self.lambda * self.floor, 0.0),
        }
    }

    /// The two equations and their Jacobian.
    fn equations(&self, goal: Goal, regime: Regime, x: [f64; 2]) -> ([f64; 2], [f64; 4], Trial) {
        let trial = self.trial(goal, x);
        let Point { sigma, distance, above, .. } = trial.point;
        let (dt, ds) = (trial.distance2_rate, trial.sigma_rate);
        let (t2, f2) = (distance * distance, self.floor * self.floor);
        let (m, m_rate) = self.weight(goal, regime, distance);
        let (first, j11, j12) = match regime {
            Regime::Above => {
                let k = above / t2;
                let rate = |i: usize| (trial.above_rate[i] - k * dt[i]) / t2;
                (x[1] - x[0] * k, -k - x[0] * rate(0), 1.0 - x[0] * rate(1))
            }
            Regime::At => ((t2 - f2) / f2, dt[0] / f2, dt[1] / f2),
            Regime::Below => (x[1], 0.0, 1.0),
        };
        let k = m / sigma;
        let rate = |i: usize| (m_rate * dt[i] - k * ds[i]) / sigma;
        let second = x[1] - 1.0 + x[0] * k;
        let jacobian = [j11, j12, k + x[0] * rate(0), 1.0 + x[0] * rate(1)];
        ([first, second], jacobian, trial)
    }

    /// By implicit differentiation of the two equations at a tangent's maximum.
    pub fn response(&self, goal: Goal, regime: Regime, theta: [f64; 2]) -> Response {
        let Goal::Tangent { price, at } = goal else { return Response::default() };
        let (_, [j11, j12, j21, j22], trial) = self.equations(goal, regime, theta);
        let Point { sigma, distance, .. } = trial.point;
        let inverse = -1.0 / (j11 * j22 - j12 * j21);
        let solve =
            |f1: f64, f2: f64| [(f1 * j22 - f2 * j12) * inverse, (j11 * f2 - j21 * f1) * inverse];
        let above = if regime == Regime::Above { -theta[0] / (distance * distance) } else { 0.0 };
        let by_price = solve(above * (at - sigma), theta[0] / sigma);
        let by_deviation = solve(above * price, 0.0);
        let along = |rate: [f64; 2], step: [f64; 2]| rate[0] * step[0] + rate[1] * step[1];
        let bottom = |step: [f64; 2]| match regime {
            Regime::Above => 0.5 * along(trial.distance2_rate, step) / distance,
            Regime::At | Regime::Below => 0.0,
        };
        Response {
            by_price: along(trial.sigma_rate, by_price),
            by_deviation: along(trial.sigma_rate, by_deviation),
            bottom_by_price: bottom(by_price),
            bottom_by_deviation: bottom(by_deviation),
        }
    }

    /// A root of the two equations near `x`.
    fn newton(&self, goal: Goal, regime: Regime, mut x: [f64; 2]) -> Option<([f64; 2], Point)> {
        let (mut best, mut slow) = (f64::INFINITY, 0);
        for _ in 0..NEWTON {
            let ([f1, f2], [j11, j12, j21, j22], trial) = self.equations(goal, regime, x);
            let residual = f1.abs().max(f2.abs());
            // A bound holds wherever it touches: a tangent's root need not be exact.
            let bounds = matches!(goal, Goal::Tangent { .. });
            let settled =
                residual < 1e-15 || (residual < 1e-11 && (bounds || residual >= 0.5 * best));
            if settled {
                let sound = x[0] > 0.0 && (regime != Regime::Above || trial.point.above > 0.0);
                return sound.then_some((x, trial.point));
            }
            slow += usize::from(residual > SLOW * best);
            if bounds && slow > PATIENCE {
                return None;
            }
            best = best.min(residual);
            let inverse = 1.0 / (j11 * j22 - j12 * j21);
            let dx = [(f1 * j22 - f2 * j12) * inverse, (j11 * f2 - j21 * f1) * inverse];
            if !(dx[0].is_finite() && dx[1].is_finite()) {
                return None;
            }
            x[0] = (x[0] - dx[0]).clamp(x[0] * 0.3, x[0] * 3.0);
            x[1] = (x[1] - dx[1]).clamp(-0.5, 1.2);
        }
        None
    }

    /// The maximum on the segment's affine hull, looked for first where `hint` says; a step
    /// upwards where it is not found.
    pub fn target(&self, goal: Goal, hint: Regime) -> Target {
        let mut start = self.theta;
        if start[0] <= 0.0 {
            start = self.surrogate(goal).theta;
        }
        let mut regime = if self.floor > 0.0 { hint } else { Regime::Above };
        let mut untried = [Some(Regime::At), Some(Regime::Above), Some(Regime::Below)];
        loop {
            for other in &mut untried {
                *other = other.filter(|other| *other != regime);
            }
            let next = match regime {
                Regime::Above => self.try_above(goal, start),
                Regime::At => self.try_at(goal, start),
                Regime::Below => self.try_below(goal),
            };
            match next {
                Trend::Found(theta, kind) => return Target { theta, kind, regime },
                Trend::Up(from) if untried.contains(&Some(Regime::Above)) => {
                    (regime, start) = (Regime::Above, from);
                }
                Trend::Down if untried.contains(&Some(Regime::Below)) => regime = Regime::Below,
                _ => match untried.into_iter().flatten().next() {
                    Some(other) if self.floor > 0.0 => regime = other,
                    _ => return self.leap(goal),
                },
            }
        }
    }

    fn try_above(&self, goal: Goal, start: [f64; 2]) -> Trend {
        match self.above(goal, start) {
            Some((x, point)) if point.distance >= self.floor * (1.0 - 1e-13) => {
                Trend::Found(x, Kind::Maximum)
            }
            _ => Trend::Lost,
        }
    }

    fn try_at(&self, goal: Goal, start: [f64; 2]) -> Trend {
        let f2 = self.floor * self.floor;
        match self.newton(goal, Regime::At, self.near_floor(goal, start)) {
            Some((x, _)) if x[1] < 0.0 => Trend::Down,
            Some((x, point)) if x[1] * f2 > x[0] * point.above * (1.0 + 1e-12) => Trend::Up(x),
            Some((x, _)) => Trend::Found(x, Kind::Maximum),
            None => Trend::Lost,
        }
    }

    fn try_below(&self, goal: Goal) -> Trend {
        let m = self.weight(goal, Regime::Below, self.floor).0;
        let (theta, kind) = self.crest(m);
        if self.at(goal, theta).distance > self.floor * (1.0 + 1e-13) {
            return Trend::Lost;
        }
        Trend::Found(theta, if kind == Kind::Crest { Kind::Maximum } else { kind })
    }

    /// The root above the floor, from the start or else from further in either direction.
    fn above(&self, goal: Goal, start: [f64; 2]) -> Option<([f64; 2], Point)> {
        let newton = |start| self.newton(goal, Regime::Above, start);
        newton(start)
            .or_else(|| newton(self.surrogate(goal).theta))
            .or_else(|| newton(self.leap(goal).theta))
    }

    /// Far in the direction of the surrogate: where the hull has no maximum the way is long.
    fn leap(&self, goal: Goal) -> Target {
        let mut target = self.surrogate(goal);
        let [x, y] = target.theta;
        let positive = self.at(goal, self.theta).above > 0.0;
        if positive && target.kind == Kind::Step && x > 0.0 {
            let slope = (1.0 - y) / x;
            let far = if x < self.theta[0] {
                0.125 * x
            } else if slope > 0.0 {
                (8.0 * x).min(0.5 * (x + 1.0 / slope))
            } else {
                8.0 * x
            };
            let x = far.min(FAR);
            target.theta = [x, 1.0 - slope * x];
        }
        target
    }

    /// The start for a root on the floor.
    fn near_floor(&self, goal: Goal, start: [f64; 2]) -> [f64; 2] {
        let t = self.at(goal, start).distance;
        if (t - self.floor).abs() < 0.2 * self.floor { start } else { self.onto_floor(goal) }
    }

    fn onto_floor(&self, goal: Goal) -> [f64; 2] {
        let here = self.at(goal, self.theta);
        let slope = self.weight(goal, Regime::At, self.floor).0 / here.sigma;
        let x = self.floor_crossing(slope).unwrap_or(self.theta[0].max(1e-6));
        [x, 1.0 - slope * x]
    }

    /// The larger `x` with `T = f` at `theta = (x, 1 - slope x)`.
    fn floor_crossing(&self, slope: f64) -> Option<f64> {
        let line = [1.0, -slope];
        let from = [-self.theta[0], 1.0 - self.theta[1]];
        let [q11, q12, q22] = self.curvature;
        let form = |u: [f64; 2], v: [f64; 2]| {
            u[0] * (q11 * v[0] + q12 * v[1]) + u[1] * (q12 * v[0] + q22 * v[1])
        };
        let rate = |u: [f64; 2]| u[0] * self.distance_rate[0] + u[1] * self.distance_rate[1];
        let constant =
            self.distance2 + 2.0 * rate(from) + form(from, from) - self.floor * self.floor;
        let (half, square) = (rate(line) + form(from, line), form(line, line));
        let root = (-half + (half * half - square * constant).sqrt()) / square;
        (root.is_finite() && root > 0.0).then_some(root)
    }

    /// The maximum of `N - m sigma` on the segment, in closed form (`theta_2 = 0`), or a step
    /// towards where it grows without end.
    fn crest(&self, m: f64) -> ([f64; 2], Kind) {
        let from = [-self.theta[0], -self.theta[1]];
        let [q11, q12, q22] = self.curvature;
        let bend = [from[0] * q11 + from[1] * q12, from[0] * q12 + from[1] * q22];
        let rate = self.variance_rate;
        let constant = self.variance
            + from[0] * (2.0 * rate[0] + bend[0])
            + from[1] * (2.0 * rate[1] + bend[1]);
        let (half, square) = (rate[0] + bend[0], m * m - q11);
        if square > 0.0 && m > 0.0 {
            let x = (half + tiny(half * half + square * constant).sqrt()) / square;
            if x > 0.0 && x < FAR {
                return ([x, 0.0], Kind::Crest);
            }
        }
        let sigma = tiny(self.variance).sqrt();
        if m > 0.0 && sigma < m * FAR {
            return ([sigma / m, 0.0], Kind::Step);
        }
        // A larger theta_1 alone raises the numerator, if anything can.
        let flat = q11 <= 0.0;
        let next = if flat { FAR } else { (8.0 * self.theta[0]).max(1e-2) };
        if next < FAR {
            ([next, self.theta[1]], Kind::Step)
        } else {
            ([FAR, self.theta[1].min(1.0)], Kind::Crest)
        }
    }

    /// A direction that cannot lead down: the maximum of the quadratic minorant that touches here
    /// (`sigma <= sigma^2 / 2 sigma_0 + sigma_0 / 2`, and `T` likewise).
    pub fn surrogate(&self, goal: Goal) -> Target {
        let here = self.at(goal, self.theta);
        let (t2, f2) = (here.distance * here.distance, self.floor * self.floor);
        let regime = if t2 > f2 { Regime::Above } else { Regime::At };
        if here.above <= 0.0 {
            let m = if let Goal::Tangent { price, .. } = goal { price } else { 0.0 };
            let (theta, kind) = self.crest(m);
            return Target { theta, kind, regime };
        }
        let slope = self.weight(goal, regime, here.distance).0 / here.sigma;
        let near = 1.0 / (slope + here.above / t2.max(f2));
        let mut x = near;
        if t2 <= f2 {
            let far = (1.0 / slope).min(1e3 * (1.0 + self.theta[0].max(near)));
            x = self.floor_crossing(slope).map_or(far, |x| x.clamp(near, far));
        }
        let theta = [x, 1.0 - slope * x];
        // A minorant's maximum that stays where it touches is stationary.
        let settled =
            (x - self.theta[0]).abs() <= 1e-13 * x && (theta[1] - self.theta[1]).abs() <= 1e-13;
        Target { theta, kind: if settled { Kind::Maximum } else { Kind::Step }, regime }
    }
}
