//! The proof: intervals of `sigma` that together leave no room above the incumbent.
//!
//! `L(mu, s)` is convex in `s`, so on `[a, b]` the objective is at most
//! `max(L(mu, a) - lambda a, L(mu, b) - lambda b)` for any price `mu >= 0`. At the incumbent with
//! `mu = lambda max(T, f)` this touches the objective; elsewhere the price is chosen to make the
//! larger end as small as possible (both are convex in `mu`), and where no price suffices the
//! interval is split.

use super::super::basis::Basis;
use super::super::kkt::Program;
use super::cut::{Cut, Multipliers, Weights};
use super::data::Goal;
use super::search::{Search, Value};
use super::segment::Point;
use super::walk::{NEAREST, STEADIEST, Summit};
use crate::certificate::{Certificate, End, Interval};

/// Subproblems after which the bound that stands is reported.
const LIMIT: u32 = 500;
/// Prices tried on an interval before it is split.
const PRICES: usize = 8;
/// A fraction below this is taken as not positive.
const NOTHING: f64 = 1e-10;

/// A cut as the bound of one end of an interval.
#[derive(Debug, Clone, Copy)]
struct Bound {
    cut: usize,
    at: f64,
    /// `L(mu, at)` at most, and its derivative by `mu`.
    fraction: f64,
    slope: f64,
}

/// An interval that is yet to be bounded, and how its parent was.
#[derive(Debug, Clone, Copy)]
struct Piece {
    a: f64,
    b: f64,
    price: f64,
    /// How many prices are tried.
    prices: usize,
    inherited: [Bound; 2],
}

/// What has been proven so far, in scaled units.
#[derive(Debug, Default)]
pub(super) struct Proof {
    cuts: Vec<Cut>,
    closed: Vec<[Bound; 2]>,
    least_distance: f64,
    nearest: Option<Cut>,
    steadiest: Option<Cut>,
    nonpositive: Option<Cut>,
    stack: Vec<Piece>,
    subproblems: u32,
}

impl Proof {
    fn least_deviation(&self) -> f64 {
        self.steadiest.as_ref().map_or(0.0, |cut| (-cut.supremum).max(0.0))
    }

    /// The bound on an interval from those of its ends.
    fn joint(&self, [left, right]: &[Bound; 2], lambda: f64) -> f64 {
        let straight =
            (left.fraction - lambda * left.at).max(right.fraction - lambda * right.at);
        if left.fraction <= 0.0 && right.fraction <= 0.0 {
            straight.min(self.nonpositive_bound(lambda))
        } else {
            straight
        }
    }

    /// The bound where no numerator is positive.
    fn nonpositive_bound(&self, lambda: f64) -> f64 {
        let plain = -lambda * self.least_deviation();
        self.nonpositive.as_ref().map_or(plain, |cut| plain.min(cut.supremum))
    }

    fn end(&self, bound: &Bound, root: f64) -> End {
        End { deviation: bound.at * root, tangent: self.cuts[bound.cut].inequality.clone() }
    }
}

impl<B: Basis + Clone> Search<B> {
    /// Bounds the objective from above, to within the tolerance of the incumbent where possible.
    pub fn prove(&mut self, program: &Program<'_>, tolerance: f64) -> Option<Certificate> {
        let mut proof = std::mem::take(&mut self.proof);
        proof.cuts.clear();
        proof.closed.clear();
        proof.stack.clear();
        (proof.nearest, proof.steadiest, proof.nonpositive) = (None, None, None);
        proof.subproblems = 0;
        let done = self.bound_distance(&mut proof, program)
            && self.bound_all(&mut proof, program, tolerance).is_some();
        let certificate = done.then(|| self.certify(&proof));
        self.proof = proof;
        certificate
    }

    fn bound_distance(&mut self, proof: &mut Proof, program: &Program<'_>) -> bool {
        proof.least_distance = self.walk.data.floor;
        if proof.least_distance > 0.0 {
            return true;
        }
        if self.walk.go(NEAREST, program).is_err() {
            return false;
        }
        let distance = self.walk.segment().distance2.max(0.0).sqrt();
        let weights = Weights { numerator: 0.0, deviation: 0.0, distance: 1.0 };
        let rows = if distance > 0.0 { 1.0 / distance } else { 0.0 };
        let cut = self.walk.cut(weights, Multipliers { share: 1.0, rows });
        proof.least_distance = -cut.supremum;
        proof.nearest = Some(cut);
        self.back();
        proof.least_distance > 0.0
    }

    fn bound_deviation(&mut self, proof: &mut Proof, program: &Program<'_>) {
        let price = self.walk.theta;
        if proof.steadiest.is_none() && self.walk.go(STEADIEST, program).is_ok() {
            let variance = self.walk.segment().variance;
            let weights = Weights { numerator: 0.0, deviation: 1.0, distance: 0.0 };
            let rows = if variance > 0.0 { 1.0 / variance.sqrt() } else { 0.0 };
            proof.steadiest = Some(self.walk.cut(weights, Multipliers { share: 0.0, rows }));
        }
        if self.walk.go(price, program).is_err() {
            self.back();
        }
    }

    /// `None` if not even the cap could be computed.
    fn bound_all(
        &mut self,
        proof: &mut Proof,
        program: &Program<'_>,
        tolerance: f64,
    ) -> Option<()> {
        let lambda = self.walk.data.lambda;
        let cap = self.tangent(proof, program, 0.0, 0.0)?;
        let goal = self.best.value + tolerance;
        if cap.fraction <= NOTHING && cap.fraction > goal {
            self.bound_deviation(proof, program);
            proof.nonpositive = self.nonpositive_cut(program);
            return Some(());
        }
        if cap.fraction <= goal || lambda == 0.0 {
            return Some(());
        }
        let last = (cap.fraction - goal) / lambda;
        let (own, price) = (self.best.sigma, lambda * self.best.bottom);
        let inherited = |a: f64, b: f64| [Bound { at: a, ..cap }, Bound { at: b, ..cap }];
        let piece = |a: f64, b: f64, prices: usize| {
            Piece { a, b, price, prices, inherited: inherited(a, b) }
        };
        let middle = own.min(last);
        if middle < last {
            proof.stack.push(piece(middle, last, PRICES));
        }
        let left = piece(0.0, middle, 1);
        if !self.close(proof, program, left, tolerance) {
            self.bound_deviation(proof, program);
            let least = proof.least_deviation();
            if self.best.value < -lambda * least {
                proof.nonpositive = self.nonpositive_cut(program);
                if self.scatter(program).is_err() {
                    self.back();
                }
            }
            proof.stack.retain(|piece| piece.a != 0.0 && piece.b > middle);
            if least < middle {
                proof.stack.push(piece(least, middle, PRICES));
            }
        }
        while let Some(piece) = proof.stack.pop() {
            self.close(proof, program, piece, tolerance);
        }
        Some(())
    }

    /// Bounds an interval, or splits it. `false` if it was split.
    fn close(
        &mut self,
        proof: &mut Proof,
        program: &Program<'_>,
        piece: Piece,
        tolerance: f64,
    ) -> bool {
        let lambda = self.walk.data.lambda;
        let (mut least, mut ends, mut price) = (f64::INFINITY, piece.inherited, piece.price);
        let mut prices = Prices::default();
        let mut trial = piece.price;
        for _ in 0..piece.prices {
            if proof.subproblems >= LIMIT {
                break;
            }
            let Some(left) = self.tangent(proof, program, trial, piece.a) else { break };
            let Some(right) = self.tangent(proof, program, trial, piece.b) else { break };
            let joint = proof.joint(&[left, right], lambda);
            if joint < least {
                (least, ends, price) = (joint, [left, right], trial);
            }
            let goal = self.best.value + tolerance;
            if least <= goal {
                break;
            }
            prices.add(trial, left.fraction - lambda * piece.a, left.slope);
            prices.add(trial, right.fraction - lambda * piece.b, right.slope);
            match prices.next(trial) {
                Some((next, floor)) if floor <= goal => trial = next,
                _ => break,
            }
        }
        let inherited = proof.joint(&piece.inherited, lambda);
        if inherited < least {
            (least, ends) = (inherited, piece.inherited);
        }
        let middle = 0.5 * (piece.a + piece.b);
        // Where no numerator is positive a smaller interval is no better.
        let empty = ends.iter().all(|end| end.fraction <= NOTHING);
        let small = empty || piece.b - piece.a <= 1e-9 * piece.b;
        if least <= self.best.value + tolerance || small || proof.subproblems >= LIMIT {
            proof.closed.push(ends);
            return true;
        }
        let half = |a: f64, b: f64| Piece { a, b, price, prices: PRICES, inherited: ends };
        proof.stack.push(half(piece.a, middle));
        proof.stack.push(half(middle, piece.b));
        false
    }

    /// Bounds `L(price, at)`; a maximizer that beats the incumbent replaces it.
    fn tangent(
        &mut self,
        proof: &mut Proof,
        program: &Program<'_>,
        price: f64,
        at: f64,
    ) -> Option<Bound> {
        if let Some(bound) = self.touching(proof, price, at) {
            return Some(bound);
        }
        proof.subproblems += 1;
        let goal = Goal::Tangent { price, at };
        let summit = self.walk.climb(goal).or_else(|_| {
            self.back();
            self.walk.climb(goal)
        });
        let Ok(summit) = summit else {
            self.back();
            return None;
        };
        let (cut, slope, point) = match summit {
            Summit::Positive(point) => {
                let slope = (at - point.sigma) / point.distance.max(self.walk.data.floor);
                (self.walk.tangent_cut(price, &point), slope, Some(point))
            }
            Summit::NowherePositive => {
                let weights = Weights { numerator: 1.0, deviation: price, distance: 0.0 };
                let rows = 1.0 / self.walk.theta[0];
                (self.walk.cut(weights, Multipliers { share: 0.0, rows }), 0.0, None)
            }
        };
        let fraction = cut.value(at, proof.least_distance);
        proof.cuts.push(cut);
        if let Some(point) = point {
            self.consider(&point, program);
        }
        Some(Bound { cut: proof.cuts.len() - 1, at, fraction, slope })
    }

    /// Where the bound touches the incumbent, it is its own maximizer.
    fn touching(&self, proof: &mut Proof, price: f64, at: f64) -> Option<Bound> {
        let cut = self.best.cut.as_ref()?;
        if at != self.best.sigma || price != cut.inequality.deviation {
            return None;
        }
        proof.cuts.push(cut.clone());
        let fraction = cut.value(at, proof.least_distance);
        Some(Bound { cut: proof.cuts.len() - 1, at, fraction, slope: 0.0 })
    }

    /// Climbs from a point whose objective beats the incumbent's.
    fn consider(&mut self, point: &Point, program: &Program<'_>) {
        let data = &self.walk.data;
        let value =
            point.numerator / point.distance.max(data.floor) - data.lambda * point.sigma;
        if value > self.best.value + 1e-9 * (1.0 + value.abs()) {
            let found = self.local(program);
            if !matches!(found, Ok(Value::Better)) {
                self.back();
            }
        }
    }

    fn certify(&self, proof: &Proof) -> Certificate {
        let data = &self.walk.data;
        let (lambda, root) = (data.lambda, data.root);
        let ends = proof.closed.iter();
        let reach = ends.clone().map(|ends| ends[1].at).fold(proof.least_deviation(), f64::max);
        let cap = proof.cuts[0].value(0.0, proof.least_distance);
        let rest = cap - lambda * reach;
        let none = cap <= 0.0;
        let rest = if none { rest.min(proof.nonpositive_bound(lambda)) } else { rest };
        let bound = ends.fold(rest, |bound, ends| bound.max(proof.joint(ends, lambda)));
        let interval = |ends: &[Bound; 2]| Interval {
            left: proof.end(&ends[0], root),
            right: proof.end(&ends[1], root),
        };
        let inequality = |cut: &Option<Cut>| cut.as_ref().map(|cut| cut.inequality.clone());
        Certificate {
            x: self.best.x.clone(),
            value: self.best.value,
            bound: bound.max(self.best.value),
            nearest: inequality(&proof.nearest),
            steadiest: inequality(&proof.steadiest),
            cap: proof.cuts[0].inequality.clone(),
            intervals: proof.closed.iter().map(interval).collect(),
            nonpositive: proof.nonpositive.as_ref().map(|cut| cut.divided(root)),
        }
    }
}

/// Lines below the convex function of the price that is minimized.
#[derive(Debug, Default)]
struct Prices {
    lines: [(f64, f64); 2 * PRICES],
    count: usize,
}

impl Prices {
    fn add(&mut self, price: f64, value: f64, slope: f64) {
        self.lines[self.count] = (value - slope * price, slope);
        self.count += 1;
    }

    /// The minimum over `price >= 0` of the largest line: where, and how low. Without a rising
    /// line a larger price than the last.
    fn next(&self, last: f64) -> Option<(f64, f64)> {
        let lines = &self.lines[..self.count];
        let at = |price: f64| {
            lines.iter().map(|(c, slope)| c + slope * price).fold(f64::NEG_INFINITY, f64::max)
        };
        let rising = lines.iter().filter(|line| line.1 > 0.0);
        let falling = lines.iter().filter(|line| line.1 <= 0.0);
        if rising.clone().next().is_none() {
            return Some((4.0 * last.max(1e-6), f64::NEG_INFINITY));
        }
        let mut lowest = (0.0, at(0.0));
        for (c1, s1) in rising {
            for (c2, s2) in falling.clone() {
                let price = (c2 - c1) / (s1 - s2);
                if price > 0.0 && at(price) < lowest.1 {
                    lowest = (price, at(price));
                }
            }
        }
        ((lowest.0 - last).abs() > 1e-12 * last).then_some(lowest)
    }
}
