//! The incumbent, and the way back to it.

use walkfolio_core::linear::dot;

use super::super::basis::Basis;
use super::super::program::Program;
use super::super::program::{State, Stop};
use super::cut::Cut;
use super::data::{Goal, Regime};
use super::proof::Proof;
use super::segment::Response;
use super::walk::{Summit, Walk};

/// Where a walk stood.
#[derive(Debug, Clone)]
struct Place<B> {
    basis: B,
    state: Vec<State>,
    primal: Vec<f64>,
    dual: Vec<f64>,
    g: Vec<f64>,
    fresh: usize,
    theta: [f64; 2],
    regime: Regime,
}

/// The best portfolio found, in scaled units.
#[derive(Debug, Clone)]
pub(super) struct Incumbent {
    pub x: Vec<f64>,
    pub value: f64,
    pub sigma: f64,
    /// `max(T, f)`.
    pub bottom: f64,
    /// The tangent that touches it; none if its numerator is not positive.
    pub cut: Option<Cut>,
    pub response: Response,
}

/// Whether a search found a better portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Better,
    NoBetter,
    /// No portfolio has a positive numerator.
    NowherePositive,
}

#[derive(Debug)]
pub(super) struct Search<B> {
    pub walk: Walk<B>,
    pub best: Incumbent,
    pub proof: Proof,
    place: Place<B>,
}

impl<B: Basis + Clone> Search<B> {
    pub fn new(variables: usize, rows: usize) -> Self {
        let walk = Walk::<B>::new(variables, rows);
        let h = &walk.homotopy;
        let place = Place {
            basis: h.basis.clone(),
            state: h.state.clone(),
            primal: h.primal.clone(),
            dual: h.dual.clone(),
            g: h.g.clone(),
            fresh: 0,
            theta: walk.theta,
            regime: walk.regime,
        };
        let best = Incumbent {
            x: vec![0.0; variables],
            value: f64::NEG_INFINITY,
            sigma: 0.0,
            bottom: 0.0,
            cut: None,
            response: Response::default(),
        };
        Self { walk, best, proof: Proof::default(), place }
    }

    /// Climbs to a maximum of `J` from where the walk stands and keeps it if it is the best.
    pub fn local(&mut self, program: &Program<'_>) -> Result<Value, Stop> {
        for _ in 0..3 {
            match self.walk.climb(Goal::Objective)? {
                Summit::NowherePositive => return Ok(Value::NowherePositive),
                Summit::Positive(..) => {}
            }
            if self.walk.settle(program)? {
                return Ok(self.keep());
            }
            // The active set does not hold to working precision: once more from there.
            let theta = self.walk.theta;
            self.walk.homotopy.adopt(program)?;
            self.walk.go(theta, program)?;
        }
        Err(Stop::Limit)
    }

    /// The numerator of the best portfolio found.
    pub fn best_numerator(&self) -> f64 {
        dot(&self.walk.data.a[..self.best.x.len()], &self.best.x)
    }

    fn keep(&mut self) -> Value {
        let segment = self.walk.segment();
        let point = segment.at(Goal::Objective, self.walk.theta);
        if point.value.is_nan() || point.value <= self.best.value {
            return Value::NoBetter;
        }
        let bottom = point.distance.max(segment.floor);
        let price = segment.lambda * bottom;
        let touching = Goal::Tangent { price, at: point.sigma };
        let cut = self.walk.tangent_cut(price, &segment.at(touching, self.walk.theta));
        self.best.response = segment.response(touching, self.walk.regime, self.walk.theta);
        self.stand(point.value, point.sigma, bottom, Some(cut));
        self.remember();
        Value::Better
    }

    fn stand(&mut self, value: f64, sigma: f64, bottom: f64, cut: Option<Cut>) {
        let n = self.walk.data.variables;
        self.best.x.copy_from_slice(&self.walk.homotopy.primal[..n]);
        (self.best.value, self.best.sigma, self.best.bottom) = (value, sigma, bottom);
        self.best.cut = cut;
    }

    /// Keeps the point the walk stands at, whatever brought it there.
    pub fn keep_point(&mut self) {
        if !self.walk.refresh() {
            return;
        }
        self.walk.product();
        let data = &self.walk.data;
        let n = data.variables;
        let (w, sw) = (&self.walk.homotopy.primal[..n], &self.walk.sw[..n]);
        let apart = (0..n).map(|i| (w[i] - data.e[i]) * (sw[i] - data.se[i])).sum::<f64>();
        let bottom = apart.max(0.0).sqrt().max(data.floor);
        let sigma = dot(w, sw).max(0.0).sqrt();
        let value = dot(&data.a[..n], w) / bottom - data.lambda * sigma;
        if value > self.best.value {
            self.stand(value, sigma, bottom, None);
        }
    }

    /// Keeps where the walk stands.
    pub fn remember(&mut self) {
        let (to, h) = (&mut self.place, &self.walk.homotopy);
        to.basis.copy_from(&h.basis);
        to.state.copy_from_slice(&h.state);
        to.primal.copy_from_slice(&h.primal);
        to.dual.copy_from_slice(&h.dual);
        to.g.copy_from_slice(&h.g);
        (to.fresh, to.theta, to.regime) = (h.fresh, self.walk.theta, self.walk.regime);
    }

    /// Returns to the incumbent.
    pub fn back(&mut self) {
        let (from, h) = (&self.place, &mut self.walk.homotopy);
        h.basis.copy_from(&from.basis);
        h.state.copy_from_slice(&from.state);
        h.primal.copy_from_slice(&from.primal);
        h.dual.copy_from_slice(&from.dual);
        h.g.copy_from_slice(&from.g);
        (h.fresh, self.walk.theta, self.walk.regime) = (from.fresh, from.theta, from.regime);
        self.walk.directed = false;
    }
}
