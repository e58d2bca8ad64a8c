//! Bounds by weak duality, from the data alone: whoever found the portfolio and its multipliers,
//! and whatever these are, no portfolio of the mandate is better than the bound, up to the
//! rounding of its sum.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use crate::constraint::Constraints;
use crate::constraint::rule::{Absolute, Deviation, Rule};
use crate::gap::relative;
use crate::mandate::Mandate;

/// The bounds of variables, then of rows: the budget, then the list's.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub rows: Matrix,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
}

impl Region {
    /// Where the bounds, the budget and the rows of the list leave the weights.
    pub fn of(constraints: &Constraints) -> Self {
        let n = constraints.assets();
        let mut rows = vec![1.0; n];
        let (mut lo, mut hi) = (constraints.min().to_vec(), constraints.max().to_vec());
        let (least, most) = constraints.net_leverage();
        lo.push(least);
        hi.push(most);
        for (_, row) in constraints.rows() {
            rows.extend(row.coefficients);
            lo.push(row.min);
            hi.push(row.max);
        }
        Self { rows: Matrix::from_rows(lo.len() - n, n, rows), lo, hi }
    }
}

/// `sum_i price_i |w_i - from_i|`; `from` is 0 where it is absent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kink<'a> {
    pub from: Option<&'a [f64]>,
    pub prices: Vec<f64>,
}

impl Kink<'_> {
    fn at(&self, i: usize) -> f64 {
        self.from.map_or(0.0, |from| from[i])
    }
}

/// A lower bound of `c'w` and the kinks over the box and rows `lo <= (w, Aw) <= hi`, with any multipliers of
/// the rows.
pub(crate) fn least_linear(
    (a, lo, hi): (&Matrix, &[f64], &[f64]),
    c: &[f64],
    multipliers: &[f64],
    kinks: &[Kink<'_>],
) -> f64 {
    let n = c.len();
    // Against an end without a bound no multiplier says anything.
    let sound = |(k, &y): (usize, &f64)| {
        let end = if y > 0.0 { lo[n + k] } else { hi[n + k] };
        if end.is_finite() { y } else { 0.0 }
    };
    let multipliers: Vec<f64> = multipliers.iter().enumerate().map(sound).collect();
    let carried = a.transpose_times(&multipliers);
    let own: f64 = (0..n)
        .map(|i| {
            let rest = c[i] - carried[i];
            let priced = |w: f64| kinks.iter().map(move |k| k.prices[i] * (w - k.at(i)).abs());
            let at = |w: f64| rest * w + priced(w).sum::<f64>();
            // Between its ends it is least at a kink, if anywhere.
            let inside = kinks.iter().map(|k| k.at(i)).filter(|at| lo[i] < *at && hi[i] > *at);
            inside.map(at).fold(at(lo[i]).min(at(hi[i])), f64::min)
        })
        .sum();
    let rows = multipliers.iter().enumerate().map(|(k, &y)| match y {
        // Zero times infinity is no number.
        0.0 => 0.0,
        y if y > 0.0 => y * lo[n + k],
        y => y * hi[n + k],
    });
    own + rows.sum::<f64>()
}

/// A linear objective with all that its mandate charges: penalties and costs, and limits at a price.
///
/// A lower bound of what a portfolio of the mandate is charged, whatever the prices are.
#[derive(Debug)]
pub(crate) struct Charged<'a> {
    gradient: Vec<f64>,
    constant: f64,
    /// What the prices of the limits take back.
    limits: f64,
    kinks: Vec<Kink<'a>>,
}

impl<'a> Charged<'a> {
    /// `at_zero + gradient'w` and what large weights and trades cost: of the impact of trades its tangent at
    /// `x`.
    pub fn new(mandate: &'a Mandate, (at_zero, gradient): (f64, Vec<f64>), x: &[f64]) -> Self {
        let mut charged = Self { gradient, constant: at_zero, limits: 0.0, kinks: Vec::new() };
        if mandate.l1_acts() {
            charged.kink(None, vec![mandate.penalties().l1; x.len()]);
        }
        if let Some(costs) = mandate.costs() {
            charged.kink(Some(costs.current()), costs.prices());
            if costs.has_impact() {
                let (slope, constant) = costs.impact_tangent(x);
                charged.add(1.0, &slope);
                charged.constant += constant;
            }
        }
        charged
    }

    /// With a limit at a price of at least 0; of a risk its tangent at `x`.
    pub fn limit(&mut self, rule: &'a dyn Rule, price: f64, x: &[f64]) {
        if let Some(absolute) = rule.absolute() {
            self.absolute(absolute, price);
        }
        if let Some(deviation) = rule.deviation() {
            self.deviation(&deviation, price, x);
        }
    }

    /// With the limit of a risk at a price of at least 0: its tangent at `x`.
    pub fn deviation(&mut self, limit: &Deviation<'_>, price: f64, x: &[f64]) {
        let (slope, constant) = limit.tangent(x);
        self.add(price, &slope);
        self.constant += price * constant;
        self.limits += price * limit.max;
    }

    /// With the limit of a sum of absolute values at a price of at least 0.
    pub fn absolute(&mut self, limit: Absolute<'a>, price: f64) {
        self.kink(limit.from, vec![price; self.gradient.len()]);
        self.limits += price * limit.max;
    }

    fn add(&mut self, times: f64, slope: &[f64]) {
        self.gradient.iter_mut().zip(slope).for_each(|(g, s)| *g += times * s);
    }

    fn kink(&mut self, from: Option<&'a [f64]>, prices: Vec<f64>) {
        match self.kinks.iter_mut().find(|kink| kink.from == from) {
            Some(kink) => kink.prices.iter_mut().zip(prices).for_each(|(sum, price)| *sum += price),
            None => self.kinks.push(Kink { from, prices }),
        }
    }

    /// A lower bound of it over a region, with any multipliers of the rows.
    pub fn least(&self, region: &Region, multipliers: &[f64]) -> f64 {
        let Region { rows, lo, hi } = region;
        let linear = least_linear((rows, lo, hi), &self.gradient, multipliers, &self.kinks);
        self.constant + linear - self.limits
    }
}

/// How far a bound is from an objective, relative to the objective's size where that exceeds 1.
pub(crate) fn gap(objective: f64, bound: f64) -> f64 {
    relative(objective, bound, objective.abs().max(1.0))
}

/// The tangent of a quadratic objective with its l2 penalty.
pub(crate) struct Tangent {
    /// Its value at no holdings.
    pub at_zero: f64,
    pub gradient: Vec<f64>,
    /// The sum of the sizes of the terms that the objective is made of: what rounding is
    /// relative to.
    pub size: f64,
}

impl Tangent {
    /// Convex: `q(w) >= at_zero + gradient'w` for every `w`. None for other objectives.
    pub fn at(mandate: &Mandate, x: &[f64]) -> Option<Self> {
        let quadratic = mandate.quadratic()?;
        let mut gx = quadratic.covariance.times(x);
        for (gx, x) in gx.iter_mut().zip(x) {
            *gx = quadratic.factor * *gx + quadratic.l2 * x;
        }
        let twice = |(gx, c): (&f64, f64)| 2.0 * (gx - c);
        let gradient = gx.iter().zip(quadratic.half_linear()).map(twice).collect();
        let linear: f64 = quadratic.half_linear().zip(x).map(|(c, x)| (c * x).abs()).sum();
        let square = dot(&gx, x);
        let constant = quadratic.constant;
        let size = constant.abs() + square.abs() + 2.0 * linear;
        Some(Self { at_zero: constant - square, gradient, size })
    }
}
