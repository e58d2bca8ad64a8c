//! Mandates with costs of trading, absolute values or limits of risk, and ratios of gain and risk, as the
//! kernel takes them.
//!
//! Linear costs, an l1 penalty, turnover and gross leverage are kinks. A limit has a price, and its portfolio
//! is where the path in the price meets it; the largest ratio of gain and risk and a limit of a risk are on the
//! path in risk aversion. Whatever the kernel says is bounded from the data by weak duality.

use walkfolio_core::linear::dot;
use walkfolio_core::{Covariance, Matrix};

use super::LARGEST;
use super::dense::{LOOSE, undetermined_by};
use super::found::Found;
use super::per_risk;
use crate::bound::{Charged, Region, Tangent};
use crate::constraint::rule::{Absolute, Deviation};
use crate::kernel::{ActiveSet, Answer, Kinks, Parametric, Program, Stop, Until};
use crate::mandate::Mandate;
use crate::objective::form::{Kernel, PerRisk};
use crate::objective::{MeanVariance, Objective};

/// A limit that is exceeded by more is not kept.
const KEPT: f64 = 1e-10;

/// What of a mandate decides how the kernel solves it.
pub(super) enum Form<'a> {
    /// A quadratic objective with costs, under at most one limit of a sum of absolute values.
    Quadratic(Option<Absolute<'a>>),
    /// Risk less return under a limit of the same risk.
    Risk(&'a MeanVariance, Deviation<'a>),
    /// A robust utility with costs.
    Utility(&'a [f64], &'a Covariance, f64),
    /// The largest ratio.
    PerRisk(PerRisk<'a>),
}

impl<'a> Form<'a> {
    /// None where a mandate has nothing of the kind, or more than the kernel takes.
    pub fn of(mandate: &'a Mandate) -> Option<Self> {
        let constraints = mandate.constraints();
        let (absolutes, mut deviations) = (constraints.absolutes(), constraints.deviations());
        let n = constraints.assets();
        let crossed = constraints.bounds().any(|(min, max)| min > max);
        let curved = mandate.costs().is_some_and(|costs| costs.has_impact());
        if n > LARGEST || crossed || curved || constraints.holdings().any() {
            return None;
        }
        let (risk, more) = (deviations.next(), deviations.next());
        let charged = mandate.costs().is_some() || mandate.l1_acts();
        let l2 = mandate.penalties().l2;
        match (mandate.objective(), risk, &absolutes[..]) {
            (Objective::MeanVariance(objective), Some(risk), []) if more.is_none() && l2 == 0.0 => {
                let same = risk.from.len() == n && risk.covariance == objective.covariance();
                return same.then_some(Self::Risk(objective, risk));
            }
            (_, Some(_), _) => return None,
            (objective, None, []) => {
                if let Some(ratio) = objective.as_dyn().per_risk() {
                    return Some(Self::PerRisk(ratio));
                }
            }
            _ => {}
        }
        match (mandate.objective().kernel()?, &absolutes[..]) {
            (Kernel::Quadratic, [limit]) => {
                undetermined_by(mandate).is_none().then_some(Self::Quadratic(Some(*limit)))
            }
            (Kernel::Quadratic, []) if charged => Some(Self::Quadratic(None)),
            (Kernel::Utility { expected_returns, covariance, lambda }, [])
                if charged && l2 == 0.0 =>
            {
                Some(Self::Utility(expected_returns, covariance, lambda))
            }
            _ => None,
        }
    }

    /// Its portfolio with a bound from the data, from the last active set.
    pub fn solve(&self, mandate: &Mandate, set: &mut ActiveSet) -> Result<Found, Stop> {
        let priced = Priced { mandate, region: Region::of(mandate.constraints()) };
        let found = match *self {
            Self::Quadratic(limit) => priced.quadratic(limit, set),
            Self::Risk(objective, limit) => priced.risk(objective, &limit, set),
            Self::Utility(rho, covariance, lambda) => {
                priced.utility(rho, (covariance, lambda), set)
            }
            Self::PerRisk(ratio) => priced.per_risk(&ratio, set),
        }?;
        let beyond = mandate.constraints().violation(&found.weights);
        if beyond > KEPT { Err(Stop::Limit) } else { Ok(found) }
    }
}

/// Costs of a mandate, each the same on both sides of its kink.
struct Costs<'a> {
    at: std::borrow::Cow<'a, [f64]>,
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
}

impl Priced<'_> {
    fn program<'a>(&'a self, h: &'a Matrix, g: &'a [f64]) -> Program<'a> {
        Program { h, a: &self.region.rows, g, lo: &self.region.lo, hi: &self.region.hi }
    }

    /// The costs of the objective, each times a factor.
    fn costs(&self, factor: f64) -> Vec<Costs<'_>> {
        let n = self.mandate.constraints().assets();
        let mut all = Vec::new();
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

    fn quadratic(&self, limit: Option<Absolute<'_>>, set: &mut ActiveSet) -> Result<Found, Stop> {
        let quadratic = self.mandate.quadratic().ok_or(Stop::Limit)?;
        let (matrix, g) = (quadratic.matrix(), quadratic.half_linear().collect::<Vec<f64>>());
        let program = self.program(&matrix, &g);
        // The kernel minimizes half of the objective.
        let costs = self.costs(0.5);
        let kinks: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
        let Some(limit) = limit else {
            let answer = self.charged(&program, &kinks, set)?;
            let note = self.open_note(&kinks, &g, &answer);
            let found = self.bounded(answer, 2.0, |_| ())?;
            return Ok(Found { note, ..found });
        };
        let n = g.len();
        let (zeros, ones) = (vec![0.0; n], vec![1.0; n]);
        let at = limit.from.unwrap_or(&zeros);
        let path = Parametric {
            program,
            costs: &kinks,
            reward: &zeros,
            prices: &[Kinks { at, up: &ones, down: &ones }],
            most: f64::INFINITY,
        };
        let (answer, price) = set.solve_until(&path, Until::Reward(-limit.max))?;
        self.bounded(answer, 2.0, |charged| charged.absolute(limit, 2.0 * price))
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

    fn risk(
        &self,
        objective: &MeanVariance,
        limit: &Deviation<'_>,
        set: &mut ActiveSet,
    ) -> Result<Found, Stop> {
        let matrix = objective.covariance().to_dense();
        let aversion = objective.risk_aversion();
        let g = matrix.times(limit.from);
        let constant = dot(&g, limit.from);
        let means = objective.expected_returns().iter();
        let reward: Vec<f64> = means.zip(&g).map(|(mean, g)| mean - aversion * g).collect();
        let costs = self.costs(1.0);
        let kinks: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
        let path = Parametric {
            program: self.program(&matrix, &g),
            costs: &[],
            reward: &reward,
            prices: &kinks,
            most: 1.0 / aversion,
        };
        let until = Until::Risk { constant, limit: limit.max * limit.max };
        let (answer, t) = set.solve_until(&path, until)?;
        let price = (1.0 / t - aversion).max(0.0) * limit.of(&answer.x);
        let x = answer.x.clone();
        self.bounded(answer, 1.0 / t, |charged| charged.deviation(limit, price, &x))
    }

    /// An answer of a quadratic objective with the bound that its duals, each times a factor, prove.
    fn bounded<'a>(
        &'a self,
        answer: Answer,
        factor: f64,
        limits: impl FnOnce(&mut Charged<'a>),
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
        rho: &[f64],
        (covariance, lambda): (&Covariance, f64),
        set: &mut ActiveSet,
    ) -> Result<Found, Stop> {
        let (matrix, zeros) = (covariance.to_dense(), vec![0.0; rho.len()]);
        let costs = self.costs(1.0);
        let kinks: Vec<Kinks<'_>> = costs.iter().map(Costs::view).collect();
        let path = Parametric {
            program: self.program(&matrix, &zeros),
            costs: &[],
            reward: rho,
            prices: &kinks,
            most: f64::INFINITY,
        };
        let (answer, t) = set.solve_until(&path, Until::Utility { lambda })?;
        let x = answer.x;
        let sx = matrix.times(&x);
        let sigma = dot(&sx, &x).max(0.0).sqrt();
        // sigma(w) >= (Sigma x)'w / sigma(x) for every w.
        let slope = if sigma > 0.0 { lambda / sigma } else { 0.0 };
        let cost: Vec<f64> = rho.iter().zip(&sx).map(|(rho, sx)| slope * sx - rho).collect();
        let duals: Vec<f64> = answer.dual[x.len()..].iter().map(|dual| dual / t).collect();
        let bound = -Charged::new(self.mandate, (0.0, cost), &x).least(&self.region, &duals);
        let value = self.mandate.value(&x);
        let gap = self.mandate.with_constant(bound) - value;
        if gap.is_nan() || gap > LOOSE * (1.0 + value.abs()) {
            return Err(Stop::Singular);
        }
        Ok(found(x, bound, answer.pivots))
    }

    fn per_risk(&self, ratio: &PerRisk<'_>, set: &mut ActiveSet) -> Result<Found, Stop> {
        let (matrix, zeros) = (ratio.covariance.to_dense(), vec![0.0; ratio.gain.len()]);
        let path = Parametric {
            program: self.program(&matrix, &zeros),
            costs: &[],
            reward: ratio.gain,
            prices: &[],
            most: f64::INFINITY,
        };
        let until = Until::Ratio { constant: 0.0, less: 0.0 };
        let (answer, t) = set.solve_until(&path, until)?;
        let x = answer.x;
        let sx = matrix.times(&x);
        let variance = dot(&sx, &x);
        // variance / (2 t) - gain'w is at least what its tangent at x is.
        let tangent: Vec<f64> = sx.iter().zip(ratio.gain).map(|(sx, gain)| sx / t - gain).collect();
        let duals: Vec<f64> = answer.dual[x.len()..].iter().map(|dual| dual / t).collect();
        let charged = Charged::new(self.mandate, (-0.5 * variance / t, tangent), &x);
        let least = charged.least(&self.region, &duals);
        let excess = (-0.5 * variance / t - least).max(0.0);
        let value = ratio.of(&x);
        let bound = value + excess / self.least_risk(ratio, &sx, variance)?;
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
        per_risk::least_risk(self.mandate, ratio).ok_or(Stop::Singular)
    }
}

fn found(weights: Vec<f64>, bound: f64, pivots: u32) -> Found {
    Found { weights, bound, pivots, nodes: 0, proven: true, note: None }
}
