//! Mandates with costs of trading, absolute values or limits of risk, and ratios of gain and risk, as the
//! kernel takes them.
//!
//! Linear costs, an l1 penalty, turnover and gross leverage are kinks. A limit has a price, and its portfolio
//! is where the path in the price meets it; the largest ratio of gain and risk and a limit of a risk are on the
//! path in risk aversion. Whatever the kernel says is bounded from the data by weak duality.

use std::borrow::Cow;

use walkfolio_core::linear::{dot, max_abs};
use walkfolio_core::{Covariance, Matrix};

use super::dense::{LOOSE, undetermined_by};
use super::found::Found;
use super::settings::LARGEST;
use super::{per_risk, price};
use crate::bound::{Charged, Region, Tangent};
use crate::constraint::rule::{Absolute, Deviation};
use crate::kernel::{ActiveSet, Answer, Kinks, Parametric, Program, Stop, Until};
use crate::mandate::Mandate;
use crate::objective::form::{Kernel, PerRisk};
use crate::quadratic::Quadratic;

/// A limit that is exceeded by more is not kept.
const KEPT: f64 = 1e-10;

/// What of a mandate decides how the kernel solves it; a limit of a sum of absolute values may be on top.
pub(super) enum Form<'a> {
    /// A quadratic objective with costs, under such a limit or none.
    Quadratic(Option<Absolute<'a>>),
    /// A quadratic objective under a limit of the same risk.
    Risk(Quadratic<'a>, Deviation<'a>),
    /// A robust utility with costs, under a limit of its volatility or none.
    Utility(Utility<'a>, Option<Deviation<'a>>),
    /// The largest ratio, under a limit of its volatility or none.
    PerRisk(PerRisk<'a>, Option<Deviation<'a>>),
}

/// `max rho'w - lambda sigma(w) - aversion / 2 sigma(w)^2`.
#[derive(Clone, Copy)]
pub(super) struct Utility<'a> {
    rho: &'a [f64],
    covariance: &'a Covariance,
    lambda: f64,
    aversion: f64,
}

impl Utility<'_> {
    /// Where its path stops, and the largest parameter there.
    fn until(&self) -> (Until, f64) {
        let Self { lambda, aversion, .. } = *self;
        if aversion == 0.0 {
            (Until::Utility { lambda }, f64::INFINITY)
        } else {
            (Until::Robust { lambda, aversion }, 1.0 / aversion)
        }
    }
}

/// A form with the limit on top.
pub(super) struct Limited<'a>(Form<'a>, Option<Absolute<'a>>);

impl<'a> Limited<'a> {
    /// None where a mandate has nothing of the kind, or more than the kernel takes.
    pub fn of(mandate: &'a Mandate) -> Option<Self> {
        let constraints = mandate.constraints();
        let n = constraints.assets();
        let crossed = constraints.bounds().any(|(min, max)| min > max);
        let curved = mandate.costs().is_some_and(crate::cost::Costs::has_impact);
        if n > LARGEST || crossed || curved || constraints.holdings().any() {
            return None;
        }
        let mut limits = constraints.absolutes();
        let mut risks = constraints.deviations();
        let (risk, another) = (risks.next(), risks.next());
        if limits.len() > 2 || another.is_some() {
            return None;
        }
        let (second, first) = (limits.pop(), limits.pop());
        if first.is_some() {
            let fits = risk.is_none() && mandate.objective().is_quadratic();
            return fits
                .then_some(Self(Form::Quadratic(first), second))
                .filter(|_| is_determined(mandate));
        }
        let l2 = mandate.penalties().l2;
        let charged = mandate.costs().is_some() || mandate.l1_acts() || second.is_some();
        if let Some(ratio) = mandate.objective().as_dyn().per_risk() {
            let one_sum = !constraints.has_open_sum() && constraints.budget() > 0.0;
            let fits = one_sum && risk.is_none_or(|risk| is_volatility(&risk, ratio.covariance));
            return fits.then_some(Self(Form::PerRisk(ratio, risk), second));
        }
        match mandate.objective().kernel()? {
            Kernel::Quadratic if risk.is_some() => {
                let (quadratic, risk) = (mandate.quadratic().filter(|_| l2 == 0.0)?, risk?);
                let same = risk.from.len() == n && risk.covariance == quadratic.covariance;
                same.then_some(Self(Form::Risk(quadratic, risk), second))
            }
            Kernel::Quadratic if second.is_some() => {
                is_determined(mandate).then_some(Self(Form::Quadratic(second), None))
            }
            Kernel::Quadratic if charged => Some(Self(Form::Quadratic(None), None)),
            Kernel::Utility { expected_returns: rho, covariance, lambda, aversion }
                if (charged || risk.is_some() || aversion > 0.0) && l2 == 0.0 =>
            {
                let fits = risk.is_none_or(|risk| is_volatility(&risk, covariance));
                let utility = Utility { rho, covariance, lambda, aversion };
                fits.then_some(Self(Form::Utility(utility, risk), second))
            }
            _ => None,
        }
    }

    /// Its portfolio with a bound from the data, from the last active set.
    pub fn solve(&self, mandate: &Mandate, set: &mut ActiveSet) -> Result<Found, Stop> {
        let Self(form, top) = self;
        let priced = Priced { mandate, region: Region::of(mandate.constraints()), top: *top };
        let found = match form {
            Form::Quadratic(limit) => priced.quadratic(*limit, set),
            Form::Risk(objective, limit) => priced.risk(objective, limit, set),
            Form::Utility(utility, limit) => priced.utility(utility, limit.as_ref(), set),
            Form::PerRisk(ratio, limit) => priced.per_risk(ratio, limit.as_ref(), set),
        }?;
        let beyond = mandate.constraints().violation(&found.weights);
        if beyond > KEPT { Err(Stop::Limit) } else { Ok(found) }
    }
}

/// Whether it is the volatility by a covariance.
fn is_volatility(limit: &Deviation<'_>, covariance: &Covariance) -> bool {
    limit.from.iter().all(|from| *from == 0.0)
        && limit.from.len() == covariance.assets()
        && limit.covariance == covariance
}

/// Whether there are as many returns as weights, or a ridge.
fn is_determined(mandate: &Mandate) -> bool {
    undetermined_by(mandate).is_none()
}

/// Costs of a mandate, each the same on both sides of its kink.
struct Costs<'a> {
    at: Cow<'a, [f64]>,
    prices: Vec<f64>,
}

impl Costs<'_> {
    fn view(&self) -> Kinks<'_> {
        Kinks { at: &self.at, up: &self.prices, down: &self.prices }
    }
}

struct Priced<'a> {
    mandate: &'a Mandate,
    region: Region,
    /// The limit that has a price of its own.
    top: Option<Absolute<'a>>,
}

impl<'m> Priced<'m> {
    fn program<'a>(&'a self, h: &'a Matrix, g: &'a [f64]) -> Program<'a> {
        Program { h, a: &self.region.rows, g, lo: &self.region.lo, hi: &self.region.hi }
    }

    /// The costs of the objective and of the limit on top at a price, each times a factor.
    fn costs(&self, factor: f64, price: f64) -> Vec<Costs<'_>> {
        let n = self.mandate.constraints().assets();
        let mut all = Vec::new();
        if let Some(limit) = self.top.filter(|_| price > 0.0) {
            let at = limit.from.map_or_else(|| vec![0.0; n].into(), Cow::from);
            all.push(Costs { at, prices: vec![factor * price; n] });
        }
        if self.mandate.l1_acts() {
            let l1 = factor * self.mandate.penalties().l1;
            all.push(Costs { at: vec![0.0; n].into(), prices: vec![l1; n] });
        }
        if let Some(costs) = self.mandate.costs() {
            let prices = costs.prices().iter().map(|price| factor * price).collect();
            all.push(Costs { at: costs.current().into(), prices });
        }
        all
    }

    /// The answer at the least price of the limit on top, with what is left of it and the price.
    fn at_least_price<T>(
        &self,
        slopes: &[f64],
        mut solve: impl FnMut(f64) -> Result<(Answer, T), Stop>,
    ) -> Result<(Answer, T, f64), Stop> {
        match &self.top {
            // A small part of what an objective gains by a trade.
            Some(limit) => price::least(limit, 0.1 * max_abs(slopes), solve),
            None => solve(0.0).map(|(answer, rest)| (answer, rest, 0.0)),
        }
    }

    fn quadratic(&self, limit: Option<Absolute<'m>>, set: &mut ActiveSet) -> Result<Found, Stop> {
        let quadratic = self.mandate.quadratic().ok_or(Stop::Limit)?;
        let (matrix, g) = (quadratic.matrix(), quadratic.half_linear().collect::<Vec<f64>>());
        let program = self.program(&matrix, &g);
        // The kernel minimizes half of the objective.
        let Some(limit) = limit else {
            let costs = self.costs(0.5, 0.0);
            let kinks: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
            let answer = self.charged(&program, &kinks, set)?;
            let note = self.open_note(&kinks, &g, &answer);
            let found = self.bounded(answer, 2.0, |_| ())?;
            return Ok(Found { note, ..found });
        };
        let n = g.len();
        let (zeros, ones) = (vec![0.0; n], vec![1.0; n]);
        let at = limit.from.unwrap_or(&zeros);
        let slopes = matrix.times(&self.mandate.nearest_to());
        let slopes: Vec<f64> = slopes.iter().zip(&g).map(|(s, g)| s - g).collect();
        let (answer, own, top) = self.at_least_price(&slopes, |top| {
            let costs = self.costs(0.5, top);
            let kinks: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
            let prices = &[Kinks { at, up: &ones, down: &ones }];
            let most = f64::INFINITY;
            let path = Parametric { program, costs: &kinks, reward: &zeros, prices, most };
            set.solve_until(&path, Until::Reward(-limit.max))
        })?;
        self.bounded(answer, 2.0, |charged| {
            charged.absolute(limit, 2.0 * own);
            self.charge_top(charged, top);
        })
    }

    fn charge_top(&self, charged: &mut Charged<'m>, price: f64) {
        if let Some(limit) = self.top {
            charged.absolute(limit, price);
        }
    }

    /// A program with costs; where the returns do not determine the weights, the nearest of its solutions.
    fn charged(
        &self,
        program: &Program<'_>,
        kinks: &[Kinks<'_>],
        set: &mut ActiveSet,
    ) -> Result<Answer, Stop> {
        let near = self.mandate.nearest_to();
        if undetermined_by(self.mandate).is_some() {
            return set.solve_nearest_kinked(program, kinks, &near);
        }
        match set.solve_kinked(program, kinks) {
            Err(Stop::Singular | Stop::Limit) => set.solve_nearest_kinked(program, kinks, &near),
            answer => answer,
        }
    }

    /// What must be known where more weights can move without cost than the returns and rows hold.
    fn open_note(&self, kinks: &[Kinks<'_>], g: &[f64], answer: &Answer) -> Option<String> {
        let rows = undetermined_by(self.mandate)?;
        let (own, of_rows) = answer.dual.split_at(g.len());
        let most = |values: &[f64]| values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let nothing = 1e-9 * most(g).max(most(of_rows));
        let movable = |&i: &usize| {
            let slope = |above: fn(f64, f64) -> bool| {
                let side = |k: &Kinks<'_>| {
                    if above(answer.x[i], k.at[i]) { k.up[i] } else { -k.down[i] }
                };
                kinks.iter().map(side).sum::<f64>()
            };
            let ends = [slope(|x, at| x >= at), slope(|x, at| x > at)];
            ends.iter().any(|end| (own[i] + end).abs() <= nothing)
        };
        let count = (0..g.len()).filter(movable).count();
        if count > rows + of_rows.len() { super::dense::open_note(self.mandate) } else { None }
    }

    /// `1/2 w'Sigma w - t (mean'w - aversion / 2 w'Sigma w)` with the distance of the risk in place of
    /// `w'Sigma w`: for `t` up to `1 / aversion` all that a limit of the risk may ask for.
    fn risk(
        &self,
        objective: &Quadratic<'_>,
        limit: &Deviation<'m>,
        set: &mut ActiveSet,
    ) -> Result<Found, Stop> {
        let matrix = objective.covariance.to_dense();
        let aversion = 2.0 * objective.factor;
        let g = matrix.times(limit.from);
        let constant = dot(&g, limit.from);
        let means = objective.half_linear().zip(&g);
        let reward: Vec<f64> = means.map(|(half, g)| 2.0 * half - aversion * g).collect();
        let until = Until::Risk { constant, limit: limit.max * limit.max };
        let program = self.program(&matrix, &g);
        let risks = matrix.times(&self.mandate.nearest_to());
        let slopes = objective.half_linear().zip(risks);
        let slopes: Vec<f64> = slopes.map(|(half, risk)| 2.0 * half - aversion * risk).collect();
        let (answer, t, top) = self.at_least_price(&slopes, |top| {
            let costs = self.costs(1.0, top);
            let prices: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
            let most = 1.0 / aversion;
            let path = Parametric { program, costs: &[], reward: &reward, prices: &prices, most };
            set.solve_until(&path, until)
        })?;
        let price = (1.0 / t - aversion).max(0.0) * limit.of(&answer.x);
        let x = answer.x.clone();
        self.bounded(answer, 1.0 / t, |charged| {
            charged.deviation(limit, price, &x);
            self.charge_top(charged, top);
        })
    }

    /// An answer of a quadratic objective with the bound that its duals, each times a factor, prove.
    fn bounded(
        &self,
        answer: Answer,
        factor: f64,
        limits: impl FnOnce(&mut Charged<'m>),
    ) -> Result<Found, Stop> {
        let x = answer.x;
        let Tangent { at_zero, gradient, size } =
            Tangent::at(self.mandate, &x).ok_or(Stop::Limit)?;
        let duals: Vec<f64> = answer.dual[x.len()..].iter().map(|dual| factor * dual).collect();
        let mut charged = Charged::new(self.mandate, (at_zero, gradient), &x);
        limits(&mut charged);
        let bound = charged.least(&self.region, &duals);
        let gap = self.mandate.value(&x) - self.mandate.with_constant(bound);
        if gap.is_nan() || gap > LOOSE * size {
            return Err(Stop::Singular);
        }
        Ok(found(x, bound, answer.pivots))
    }

    fn utility(
        &self,
        utility: &Utility<'_>,
        limit: Option<&Deviation<'m>>,
        set: &mut ActiveSet,
    ) -> Result<Found, Stop> {
        let Utility { rho, covariance, lambda, aversion } = *utility;
        let (matrix, zeros) = (covariance.to_dense(), vec![0.0; rho.len()]);
        let (until, most) = utility.until();
        let program = self.program(&matrix, &zeros);
        let (answer, t, top) = self.at_least_price(rho, |top| {
            let costs = self.costs(1.0, top);
            let prices: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
            let path = Parametric { program, costs: &[], reward: rho, prices: &prices, most };
            below(limit, set, &path, until)
        })?;
        let x = answer.x;
        let sx = matrix.times(&x);
        let sigma = dot(&sx, &x).max(0.0).sqrt();
        // sigma(w) >= (Sigma x)'w / sigma(x) for every w, and its square is at least what its tangent is.
        let slope = aversion + if sigma > 0.0 { lambda / sigma } else { 0.0 };
        let constant = -0.5 * aversion * sigma * sigma;
        let cost: Vec<f64> = rho.iter().zip(&sx).map(|(rho, sx)| slope * sx - rho).collect();
        let duals: Vec<f64> = answer.dual[x.len()..].iter().map(|dual| dual / t).collect();
        let mut charged = Charged::new(self.mandate, (constant, cost), &x);
        self.charge_top(&mut charged, top);
        if let Some(limit) = limit {
            let price = sigma / t - lambda - aversion * sigma;
            charged.deviation(limit, price.max(0.0), &x);
        }
        let bound = -charged.least(&self.region, &duals);
        let value = self.mandate.value(&x);
        let gap = self.mandate.with_constant(bound) - value;
        if gap.is_nan() || gap > LOOSE * (1.0 + value.abs()) {
            return Err(Stop::Singular);
        }
        Ok(found(x, bound, answer.pivots))
    }

    fn per_risk(
        &self,
        ratio: &PerRisk<'_>,
        volatility: Option<&Deviation<'m>>,
        set: &mut ActiveSet,
    ) -> Result<Found, Stop> {
        let (matrix, zeros) = (ratio.covariance.to_dense(), vec![0.0; ratio.gain.len()]);
        let program = self.program(&matrix, &zeros);
        let limit = self.top.map_or(0.0, |limit| limit.max);
        let (answer, t, top) = self.at_least_price(ratio.gain, |top| {
            let costs = self.costs(1.0, top);
            let prices: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
            let (reward, most) = (ratio.gain, f64::INFINITY);
            let path = Parametric { program, costs: &[], reward, prices: &prices, most };
            // The gain less what exceeds the limit at its price.
            below(volatility, set, &path, Until::Ratio { constant: 0.0, less: -top * limit })
        })?;
        let x = answer.x;
        let sx = matrix.times(&x);
        let variance = dot(&sx, &x);
        // variance / (2 t) - gain'w is at least what its tangent at x is.
        let tangent: Vec<f64> = sx.iter().zip(ratio.gain).map(|(sx, gain)| sx / t - gain).collect();
        let duals: Vec<f64> = answer.dual[x.len()..].iter().map(|dual| dual / t).collect();
        let mut charged = Charged::new(self.mandate, (-0.5 * variance / t, tangent), &x);
        self.charge_top(&mut charged, top);
        let least = charged.least(&self.region, &duals);
        // No gain is above variance(x)^1/2 sigma(w) / t + excess.
        let (excess, sigma) = (-0.5 * variance / t - least, variance.sqrt());
        let value = ratio.of(&x);
        let bound = match volatility {
            Some(limit) if excess < 0.0 => sigma / t + excess / limit.max,
            _ => sigma / t + excess.max(0.0) / self.least_risk(ratio, &sx, variance)?,
        };
        if bound.is_nan() || bound - value > LOOSE * (1.0 + value.abs()) {
            return Err(Stop::Singular);
        }
        Ok(found(x, bound, answer.pivots))
    }

    /// A bound of the risk of every portfolio: `sigma(w) >= w' Sigma x / sigma(x)`, or the least risk itself.
    fn least_risk(&self, ratio: &PerRisk<'_>, sx: &[f64], variance: f64) -> Result<f64, Stop> {
        let least = sx.iter().fold(f64::INFINITY, |a, b| a.min(*b));
        let mut budget = vec![0.0; self.region.rows.rows()];
        budget[0] = least;
        let crude = Charged::new(self.mandate, (0.0, sx.to_vec()), sx).least(&self.region, &budget);
        if crude > 0.0 {
            return Ok(crude / variance.sqrt());
        }
        per_risk::least_risk(self.mandate, ratio.covariance).ok_or(Stop::Singular)
    }
}

/// The solution of a rule, or where the volatility meets its limit before.
fn below(
    limit: Option<&Deviation<'_>>,
    set: &mut ActiveSet,
    path: &Parametric<'_>,
    until: Until,
) -> Result<(Answer, f64), Stop> {
    let found = set.solve_until(path, until)?;
    match limit {
        Some(limit) if limit.of(&found.0.x) > limit.max => {
            set.solve_until(path, Until::Risk { constant: 0.0, limit: limit.max * limit.max })
        }
        _ => Ok(found),
    }
}

fn found(weights: Vec<f64>, bound: f64, pivots: u32) -> Found {
    Found { weights, bound, pivots, nodes: 0, proven: true, note: None }
}
