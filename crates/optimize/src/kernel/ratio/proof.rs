//! What has been proven so far: cuts, and the intervals that they close.

use super::cut::Cut;
use super::prices::{Curve, Prices};
use super::segment::Response;
use crate::certificate::End;

/// A cut as the bound of one end of an interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub cut: usize,
    pub at: f64,
    pub price: f64,
    /// `L(price, at)` at most.
    pub fraction: f64,
    /// Its maximizer.
    pub sigma: f64,
    pub bottom: f64,
    pub response: Response,
}

impl Bound {
    /// The bound of the objective as a function of the price.
    pub fn curve(&self, lambda: f64) -> Curve {
        let slack = self.at - self.sigma;
        let Response { by_price, bottom_by_price, .. } = self.response;
        let slope = slack / self.bottom;
        let curvature = -(by_price + slope * bottom_by_price) / self.bottom;
        Curve { value: self.fraction - lambda * self.at, slope, curvature: curvature.max(0.0) }
    }

    /// About the price whose maximizer has a deviation.
    pub fn price_at(&self, deviation: f64) -> f64 {
        let Response { by_price, by_deviation, .. } = self.response;
        let miss = deviation - self.sigma - by_deviation * (deviation - self.at);
        let price = self.price + miss / by_price;
        if price.is_finite() { price.clamp(0.5 * self.price, 2.0 * self.price) } else { self.price }
    }
}

/// What has been proven so far, in scaled units.
#[derive(Debug, Default)]
pub(super) struct Proof {
    pub cuts: Vec<Cut>,
    pub closed: Vec<[Bound; 2]>,
    pub least_distance: f64,
    pub nearest: Option<Cut>,
    pub steadiest: Option<Cut>,
    pub nonpositive: Option<Cut>,
    pub prices: Prices,
    pub subproblems: u32,
}

impl Proof {
    pub fn least_deviation(&self) -> f64 {
        self.steadiest.as_ref().map_or(0.0, |cut| (-cut.supremum).max(0.0))
    }

    /// The bound on an interval from those of its ends.
    pub fn joint(&self, [left, right]: &[Bound; 2], lambda: f64) -> f64 {
        let straight = (left.fraction - lambda * left.at).max(right.fraction - lambda * right.at);
        if left.fraction <= 0.0 && right.fraction <= 0.0 {
            straight.min(self.nonpositive_bound(lambda))
        } else {
            straight
        }
    }

    /// The bound where no numerator is positive.
    pub fn nonpositive_bound(&self, lambda: f64) -> f64 {
        let plain = -lambda * self.least_deviation();
        self.nonpositive.as_ref().map_or(plain, |cut| plain.min(cut.supremum))
    }

    /// Keeps a cut; as a bound, as if its maximizer were where it touches.
    pub fn bound(&mut self, cut: Cut, [price, at, fraction]: [f64; 3]) -> Bound {
        self.cuts.push(cut);
        Bound {
            cut: self.cuts.len() - 1,
            at,
            price,
            fraction,
            sigma: at,
            bottom: 1.0,
            response: Response::default(),
        }
    }

    pub fn end(&self, bound: &Bound, root: f64) -> End {
        End { deviation: bound.at * root, tangent: self.cuts[bound.cut].inequality.clone() }
    }
}
