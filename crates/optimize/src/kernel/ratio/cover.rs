//! The proof: intervals of `sigma` that together leave no room above the incumbent.
//!
//! `L(mu, s)` is convex in `s`, so on `[a, b]` the objective is at most
//! `max(L(mu, a) - lambda a, L(mu, b) - lambda b)` for any price `mu >= 0`. At the incumbent with
//! `mu = lambda max(T, f)` this touches the objective; elsewhere the price is chosen to make the
//! larger end as small as possible (both are convex in `mu`), and where no price suffices the
//! interval is split.

use super::super::basis::Basis;
use super::super::program::Program;
use super::cut::{Cut, Multipliers, Weights};
use super::data::Goal;
use super::proof::{Bound, Proof};
use super::search::{Search, Value};
use super::segment::{Point, Response};
use super::walk::{NEAREST, STEADIEST, Summit};
use crate::certificate::{Certificate, Interval};

/// Subproblems after which the bound that stands is reported.
const LIMIT: u32 = 500;
/// Prices tried on an interval before it is narrowed.
const PRICES: usize = 8;
/// A bound that is foreseen to exceed the goal by more tolerances is not tried.
const HOPELESS: f64 = 2.0;
/// A fraction below this is taken as not positive.
const NOTHING: f64 = 1e-10;

/// One side of the incumbent, from it outwards.
struct Side {
    from: f64,
    to: f64,
    tolerance: f64,
    cap: Bound,
}

impl<B: Basis + Clone> Search<B> {
    /// Bounds the objective from above, to within the tolerance of the incumbent where possible.
    pub fn prove(&mut self, program: &Program<'_>, tolerance: f64) -> Option<Certificate> {
        let mut proof = std::mem::take(&mut self.proof);
        proof.cuts.clear();
        proof.closed.clear();
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
        if proof.steadiest.is_none() && self.walk.go(STEADIEST, program).is_ok() {
            let variance = self.walk.segment().variance;
            let weights = Weights { numerator: 0.0, deviation: 1.0, distance: 0.0 };
            let rows = if variance > 0.0 { 1.0 / variance.sqrt() } else { 0.0 };
            proof.steadiest = Some(self.walk.cut(weights, Multipliers { share: 0.0, rows }));
        }
        self.back();
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
        let own = self.best.sigma;
        let middle = own.min(last);
        let price = lambda * self.best.bottom;
        if !self.below_all(proof, program, [middle, price, tolerance]) {
            self.bound_deviation(proof, program);
            let least = proof.least_deviation();
            if self.best.value < -lambda * least {
                proof.nonpositive = self.nonpositive_cut(program);
                if self.scatter(program).is_err() {
                    self.back();
                }
            }
            if least < middle {
                self.march(proof, program, &Side { from: middle, to: least, tolerance, cap });
            }
        }
        if middle < last {
            self.back();
            self.march(proof, program, &Side { from: middle, to: last, tolerance, cap });
        }
        Some(())
    }

    /// Whether the incumbent's price alone bounds everything of a smaller deviation.
    fn below_all(
        &mut self,
        proof: &mut Proof,
        program: &Program<'_>,
        [middle, price, tolerance]: [f64; 3],
    ) -> bool {
        // About how much too large the bound is at no deviation.
        let Response { bottom_by_deviation, .. } = self.best.response;
        let bend = -price * bottom_by_deviation / self.best.bottom.powi(2);
        if 0.5 * bend * middle * middle > HOPELESS * tolerance {
            return false;
        }
        let Some(left) = self.tangent(proof, program, price, 0.0) else { return false };
        let lambda = self.walk.data.lambda;
        if left.fraction > self.best.value + tolerance {
            return false;
        }
        let Some(right) = self.tangent(proof, program, price, middle) else { return false };
        let closed = proof.joint(&[left, right], lambda) <= self.best.value + tolerance;
        if closed {
            proof.closed.push([left, right]);
        }
        closed
    }

    /// Bounds intervals one after another, as wide as the tolerance allows: on an interval of
    /// width `d` the bound exceeds the objective by about `d^2`.
    fn march(&mut self, proof: &mut Proof, program: &Program<'_>, side: &Side) {
        let lambda = self.walk.data.lambda;
        let Side { mut from, to, tolerance, cap } = *side;
        let own = lambda * self.best.bottom;
        let (mut width, mut last) = (to - from, None);
        let mut whole = [Bound { at: from.min(to), ..cap }, Bound { at: from.max(to), ..cap }];
        while from != to {
            let reaches = width.abs() >= 0.999 * (to - from).abs();
            let next = if reaches { to } else { from + width };
            // Next to the incumbent only its own price will do.
            let price = last.map_or(own, |bound: Bound| bound.price_at(0.5 * (from + next)));
            let interval = [from.min(next), from.max(next), price];
            // What remains is tried at once, unless that is foreseen to fail.
            let hopeless = if last.is_none() && reaches { HOPELESS } else { f64::INFINITY };
            let goals = [tolerance, hopeless * tolerance];
            let ends = self.bound_interval(proof, program, interval, goals);
            let Some((ends, foreseen)) = ends else {
                proof.closed.push(whole);
                return;
            };
            let joint = proof.joint(&ends, lambda);
            if reaches && joint < proof.joint(&whole, lambda) {
                whole = ends;
            }
            let excess = joint - self.best.value;
            // Where no numerator is positive a smaller interval is no better.
            let empty = ends.iter().all(|end| end.fraction <= NOTHING);
            if excess <= tolerance || empty || width.abs() <= 1e-9 * from {
                proof.closed.push(ends);
                last = Some(if to > from { ends[1] } else { ends[0] });
                from = next;
                width *= 2.0;
            } else {
                let excess = (foreseen - self.best.value).min(excess);
                width *= (0.9 * (tolerance / excess).sqrt()).clamp(0.125, 0.5);
            }
        }
    }

    /// Looks for a price that bounds an interval, and how small its bound may be at best, about; `None` at the
    /// limit of subproblems.
    fn bound_interval(
        &mut self,
        proof: &mut Proof,
        program: &Program<'_>,
        [a, b, mut price]: [f64; 3],
        [tolerance, hopeless]: [f64; 2],
    ) -> Option<([Bound; 2], f64)> {
        let lambda = self.walk.data.lambda;
        let (mut least, mut best, mut foreseen) = (f64::INFINITY, None, f64::INFINITY);
        let mut prices = std::mem::take(&mut proof.prices);
        prices.clear();
        for round in 0..PRICES {
            if proof.subproblems >= LIMIT {
                break;
            }
            // It begins at the end where it stands.
            let ends = if round % 2 == 0 { [a, b] } else { [b, a] };
            let Some(one) = self.tangent(proof, program, price, ends[0]) else { break };
            let Some(other) = self.tangent(proof, program, price, ends[1]) else { break };
            let [left, right] = if round % 2 == 0 { [one, other] } else { [other, one] };
            let joint = proof.joint(&[left, right], lambda);
            if joint < least {
                (least, best) = (joint, Some([left, right]));
            }
            let goal = self.best.value + tolerance;
            if least <= goal {
                break;
            }
            prices.add(price, [left.curve(lambda), right.curve(lambda)]);
            foreseen = prices.foreseen();
            if foreseen - self.best.value > hopeless {
                break;
            }
            let Some(next) = prices.next(goal) else { break };
            price = next;
        }
        proof.prices = prices;
        best.map(|ends| (ends, foreseen))
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
        let summit = match summit {
            Ok(summit) => summit,
            Err(_) => self.halfway(goal)?,
        };
        let cut = match &summit {
            Summit::Positive(point, _) => self.walk.tangent_cut(price, point),
            Summit::NowherePositive => self.walk.crest_cut(price),
        };
        let fraction = cut.value(at, proof.least_distance);
        let mut bound = proof.bound(cut, [price, at, fraction]);
        if let Summit::Positive(point, response) = summit {
            bound.sigma = point.sigma;
            bound.bottom = point.distance.max(self.walk.data.floor);
            bound.response = response;
            self.consider(&point, program);
        }
        Some(bound)
    }

    /// The incumbent in place of a maximizer that was not found: its bound holds as well, but is
    /// not as tight.
    fn halfway(&mut self, goal: Goal) -> Option<Summit> {
        self.back();
        let point = self.walk.segment().at(goal, self.walk.theta);
        let usable = self.walk.theta[0] > 0.0 && point.value.is_finite();
        usable.then(|| Summit::Positive(point, Response::default()))
    }

    /// Where the bound touches the incumbent, it is its own maximizer.
    fn touching(&self, proof: &mut Proof, price: f64, at: f64) -> Option<Bound> {
        let cut = self.best.cut.as_ref()?;
        if at != self.best.sigma || price != cut.inequality.deviation {
            return None;
        }
        let fraction = cut.value(at, proof.least_distance);
        let mut bound = proof.bound(cut.clone(), [price, at, fraction]);
        bound.bottom = self.best.bottom;
        bound.response = self.best.response;
        Some(bound)
    }

    /// Climbs from a point whose objective beats the incumbent's.
    fn consider(&mut self, point: &Point, program: &Program<'_>) {
        let data = &self.walk.data;
        let value = point.numerator / point.distance.max(data.floor) - data.lambda * point.sigma;
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
