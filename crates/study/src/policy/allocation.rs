//! From moments of the eligible assets to weights: estimate, optimize, tidy up.

use walkfolio_core::{
    Chain, Covariance, Decision, Error, Memory, Need, Note, Past, Policy, Result, Selection,
    SolveReport, SolveStatus, View, Weights,
};
use walkfolio_estimate::{Estimators, Needs, Scale, TrackingMoments, exponential_weights, windows};
use walkfolio_optimize::{
    Beta, Constraints, GrossLeverage, Holdings, InformationRatio, Mandate, Objective, Optimizer,
    Penalties, Precision, Settings, TrackingError,
};

use super::words;
use crate::{AlsoSpec, Config, Fallback, MinWeight, NumeratorSpec, RatioRule, Target, Tracking};

/// Estimates moments from the past, solves the study's program on the eligible assets and applies
/// its rules for small weights and for failures.
#[derive(Debug, Clone)]
pub struct Allocation {
    target: Target,
    need: Need,
    bounds: (f64, f64),
    raise_cap: bool,
    beta: Option<(f64, f64)>,
    gross_leverage: Option<f64>,
    min_weight: Option<MinWeight>,
    fallbacks: Vec<Fallback>,
    pub(super) solver: Settings,
    holdings: Holdings,
    penalties: Penalties,
    at_reviews: bool,
    scale: Scale,
}

/// What an objective knows of the eligible assets.
struct Moments {
    expected_returns: Vec<f64>,
    covariance: Covariance,
    /// Only where the study limits beta.
    betas: Option<Vec<f64>>,
}

/// Decisions that start from the last active set.
struct FromLast<'a> {
    allocation: &'a Allocation,
    optimizer: Optimizer,
}

impl Chain for FromLast<'_> {
    fn decide(&mut self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        self.allocation.decide_with(&mut self.optimizer, past, view)
    }
}

impl Allocation {
    /// The policy of a study.
    pub fn new(config: &Config) -> Self {
        let spec = config.spec();
        let bounds = &spec.allocate.bounds;
        Self {
            target: config.target().clone(),
            need: Need {
                rows: config.longest_window(),
                history_months: spec.walk_forward.history_months,
            },
            bounds: (bounds.min, bounds.max),
            raise_cap: config.raises_tight_caps(),
            beta: config.beta(),
            gross_leverage: spec.allocate.gross_leverage,
            min_weight: config.min_weight(),
            fallbacks: config.fallbacks().to_vec(),
            solver: config.solver(),
            holdings: config.holdings(),
            penalties: config.penalties(),
            at_reviews: spec.walk_forward.also == Some(AlsoSpec::Reviews),
            scale: config.scale(),
        }
    }

    /// Whether small weights are dropped after the program, so that the weights held are not its
    /// answer.
    pub fn drops_small_weights(&self) -> bool {
        self.min_weight.is_some()
    }

    /// The program of a decision: moments of the assets that may be held and the study's
    /// constraints, near what is held already where the study asks for that.
    ///
    /// # Errors
    /// If a window is not full, or moments cannot be estimated from it.
    pub fn mandate(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        view: View<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<Mandate> {
        let (objective, betas) = self.objective(past, assets, view)?;
        let n = assets.len();
        let (mut min, mut max) = (vec![self.bounds.0; n], vec![self.cap(n, notes); n]);
        if let Target::InformationRatio { rule, .. } = &self.target
            && !rule.benchmark_tradable
        {
            let held = benchmark_position(past, assets)?;
            (min[held], max[held]) = (0.0, 0.0);
        }
        let constraints = Constraints::between(min, max).map_err(words::policy)?;
        let constraints = constraints.with_bounds_named("bounds.min", "bounds.max");
        self.constrained(constraints, betas, notes)
            .and_then(|constraints| {
                Mandate::new(objective, constraints)?.with_penalties(self.penalties)
            })
            .map_err(words::policy)
    }

    /// The objective of a decision, and betas where the study limits beta.
    fn objective(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        view: View<'_>,
    ) -> Result<(Objective, Option<Vec<f64>>)> {
        match &self.target {
            Target::TrackingError(rule) => Ok((self.tracking(past, assets, rule, view)?, None)),
            Target::MeanVariance { risk_aversion, estimators } => {
                let Moments { expected_returns, covariance, betas } =
                    self.moments(past, assets, estimators)?;
                Objective::mean_variance(expected_returns, covariance, *risk_aversion)
                    .map(|objective| (objective, betas))
                    .map_err(words::policy)
            }
            Target::RobustUtility { lambda, estimators } => {
                let Moments { expected_returns, covariance, betas } =
                    self.moments(past, assets, estimators)?;
                Objective::robust_utility(expected_returns, covariance, *lambda)
                    .map(|objective| (objective, betas))
                    .map_err(words::policy)
            }
            Target::InformationRatio { rule, estimators } => {
                let moments = self.moments(past, assets, estimators)?;
                information_ratio(past, assets, *rule, moments)
            }
        }
    }

    /// The study's constraints beside the bounds.
    fn constrained(
        &self,
        mut constraints: Constraints,
        betas: Option<Vec<f64>>,
        notes: &mut Vec<Note>,
    ) -> walkfolio_optimize::Result<Constraints> {
        let n = constraints.assets();
        if let Some(most) = self.holdings.max.filter(|most| *most > n) {
            notes.push(Note::info(format!(
                "max_holdings {most} over {n} assets that may be held: it limits nothing here"
            )));
        }
        if let Some(least) = self.holdings.min.filter(|least| *least > n) {
            notes.push(Note::warning(format!(
                "min_holdings {least} over {n} assets that may be held: all {n} are held"
            )));
        }
        if let Some(((min, max), betas)) = self.beta.zip(betas) {
            constraints = constraints.with(Beta::new(betas, min, max)?)?;
        }
        if let Some(gross) = self.gross_leverage {
            constraints = constraints.with(GrossLeverage::new(gross)?.named("gross_leverage"))?;
        }
        if self.holdings.any() {
            constraints = constraints.with(Holdings {
                max: self.holdings.max.map(|k| k.min(n)),
                min: self.holdings.min.map(|k| k.min(n)),
                ..self.holdings
            })?;
        }
        Ok(constraints)
    }

    fn moments(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        estimators: &Estimators,
    ) -> Result<Moments> {
        let covariance = estimators.covariance.estimate(past, assets, self.scale)?;
        let betas = match self.beta {
            None => None,
            Some(_) => Some(windows::capm_beta(past, assets, estimators.covariance.needs().rows)?),
        };
        let expected_returns = estimators.expected_returns.estimate(past, assets, self.scale)?;
        Ok(Moments { expected_returns, covariance, betas })
    }

    fn tracking(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        rule: &Tracking,
        view: View<'_>,
    ) -> Result<Objective> {
        let mut moments = match (&rule.review, rule.half_life) {
            (Some(review), _) => review.moments(past, assets, self.need)?,
            (None, Some(half_life)) => {
                let weights = exponential_weights(rule.window, half_life);
                let returns = past.returns(assets, rule.window)?;
                TrackingMoments::weighted(&returns, past.benchmark(rule.window)?, &weights)?
            }
            (None, None) => windows::tracking(past, assets, rule.window)?,
        };
        if rule.stay_near > 0.0 {
            let holdings = view.holdings()?.values();
            let held: Vec<f64> = assets.iter().map(|&asset| holdings[asset]).collect();
            let sum: f64 = held.iter().sum();
            // Nothing is held before the first decision.
            if sum > 1e-9 {
                let held: Vec<f64> = held.iter().map(|w| w / sum).collect();
                moments = moments.near(&held, rule.stay_near)?;
            }
        }
        let TrackingMoments { second_moment, cross, benchmark_square, .. } = moments;
        TrackingError::from_moments(second_moment, cross, benchmark_square)
            .map(Objective::from)
            .map_err(words::policy)
    }

    /// The largest weight: `max(cap, 1 / k)` for `k` assets where the study allows it.
    fn cap(&self, assets: usize, notes: &mut Vec<Note>) -> f64 {
        let assets = self.holdings.max.map_or(assets, |k| k.min(assets));
        let least = 1.0 / assets as f64;
        if !self.raise_cap || self.bounds.1 >= least {
            return self.bounds.1;
        }
        notes.push(Note::info(format!(
            "bounds.max {} over {assets} assets cannot sum to 1; it is raised to {least:.4}",
            self.bounds.1
        )));
        least
    }

    /// Solves a mandate, or does what is configured for when that fails.
    fn allocate(
        &self,
        optimizer: &mut Optimizer,
        mandate: &Mandate,
        (all, assets): (usize, &[usize]),
        view: View<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<(Weights, SolveReport)> {
        let failure = match optimizer.solve(mandate, Precision::Full) {
            Ok(solution) => {
                notes.extend(solution.note.map(Note::warning));
                let weights = self.tidy(&solution.weights, mandate.constraints(), notes);
                let weights = Weights::scatter(all, assets, &weights)?;
                return Ok((weights, solution.report));
            }
            Err(error) => error,
        };
        for &fallback in &self.fallbacks {
            match self.fall_back(fallback, &failure, mandate, (all, assets), view)? {
                Some((weights, report, what)) => {
                    notes.push(Note::fallback(format!("{failure}; {what}")));
                    return Ok((weights, report));
                }
                None => notes.push(Note::info(format!("fallback {fallback:?} does not apply"))),
            }
        }
        Err(words::policy(failure))
    }

    /// Weights inside their bounds, small ones dropped and the rest scaled to the budget.
    pub(super) fn tidy(
        &self,
        weights: &[f64],
        constraints: &Constraints,
        notes: &mut Vec<Note>,
    ) -> Vec<f64> {
        // An interior-point answer may miss a bound by its tolerance.
        let inside: Vec<f64> = weights
            .iter()
            .zip(constraints.bounds())
            .map(|(w, (min, max))| w.clamp(min, max))
            .collect();
        let Some(rule) = self.min_weight else { return inside };
        let kept: Vec<f64> =
            inside.iter().map(|&w| if w.abs() < rule.below { 0.0 } else { w }).collect();
        let sum: f64 = kept.iter().sum();
        if kept == inside || sum.abs() < 1e-12 {
            return inside;
        }
        let scaled: Vec<f64> = kept.iter().map(|w| w * constraints.budget() / sum).collect();
        let over = scaled.iter().zip(constraints.max()).filter(|(w, max)| **w > **max + 1e-12);
        if let Some((largest, cap)) = over.max_by(|a, b| a.0.total_cmp(b.0)) {
            notes.push(Note::info(format!(
                "after small weights are dropped the largest is {largest:.4}, above bounds.max {cap}"
            )));
        }
        scaled
    }
}

impl Policy for Allocation {
    fn decide(&self, past: &Past<'_>, view: View<'_>) -> Result<Decision> {
        self.decide_with(&mut self.optimizer(), past, view)
    }

    fn chain(&self) -> Option<Box<dyn Chain + '_>> {
        Some(Box::new(FromLast { allocation: self, optimizer: self.optimizer() }))
    }

    /// A decision may stay near what is held, and a failed one may keep it.
    fn memory(&self) -> Memory {
        let near = matches!(&self.target, Target::TrackingError(rule) if rule.stay_near > 0.0);
        if near || self.fallbacks.contains(&Fallback::Previous) {
            Memory::Holdings
        } else {
            Memory::Chain
        }
    }

    fn need(&self) -> Need {
        self.need
    }

    fn due(&self, past: &Past<'_>) -> bool {
        let Target::TrackingError(Tracking { review: Some(review), .. }) = &self.target else {
            return false;
        };
        let opens_month = past
            .dates()
            .last()
            .is_some_and(|last| last.first_of_month() != past.decision_date().first_of_month());
        self.at_reviews
            && opens_month
            && review.reviews.rows(past).last().is_some_and(|row| row + 1 == past.rows())
    }

    fn windows_full(&self, past: &Past<'_>) -> bool {
        let assets = past.eligible(self.need);
        if assets.is_empty() {
            return false;
        }
        match &self.target {
            Target::TrackingError(Tracking { review: Some(review), shortest, .. }) => {
                past.benchmark_returns_known() >= *shortest
                    && review.moments(past, &assets, self.need).is_ok()
            }
            Target::TrackingError(rule) => past.benchmark(rule.window).is_ok(),
            Target::MeanVariance { estimators, .. }
            | Target::RobustUtility { estimators, .. }
            | Target::InformationRatio { estimators, .. } => {
                self.factors_known(past, estimators)
                    && estimators.expected_returns.is_ready(past, &assets)
            }
        }
    }
}

impl Allocation {
    /// An optimizer with nothing to remember yet.
    pub fn optimizer(&self) -> Optimizer {
        Optimizer::new(self.solver)
    }

    /// Why it cannot decide at a row, in words; `None` if nothing is in the way.
    pub fn obstacle(&self, past: &Past<'_>) -> Option<String> {
        let assets = match self.eligible(past) {
            Ok(assets) => assets,
            Err(error) => return Some(error.to_string()),
        };
        let none = Weights::none(past.universe().len());
        let view = View::new(Memory::Holdings, &none);
        self.mandate(past, &assets, view, &mut Vec::new()).err().map(|error| error.to_string())
    }

    fn factors_known(&self, past: &Past<'_>, estimators: &Estimators) -> bool {
        let beta = self.beta.map(|_| Needs::factors(estimators.covariance.needs().rows));
        let needs = estimators.needs().and(beta.unwrap_or_default());
        needs.factor_rows.is_none_or(|rows| past.factors(rows).is_ok())
    }

    /// One decision among all eligible assets, from what the optimizer remembers.
    fn decide_with(
        &self,
        optimizer: &mut Optimizer,
        past: &Past<'_>,
        view: View<'_>,
    ) -> Result<Decision> {
        let assets = self.eligible(past)?;
        let selected = (0..past.universe().len()).map(|asset| assets.contains(&asset)).collect();
        let selection = Selection { selected, probability: None };
        self.decide_among(optimizer, past, view, (&assets, selection))
    }

    /// The assets that may be held.
    ///
    /// # Errors
    /// [`Error::NoneEligible`] with what is missing.
    pub fn eligible(&self, past: &Past<'_>) -> Result<Vec<usize>> {
        let assets = past.eligible(self.need);
        if assets.is_empty() { Err(self.none_eligible(past)) } else { Ok(assets) }
    }

    /// One decision among some assets.
    pub fn decide_among(
        &self,
        optimizer: &mut Optimizer,
        past: &Past<'_>,
        view: View<'_>,
        (assets, selection): (&[usize], Selection),
    ) -> Result<Decision> {
        let mut notes = Vec::new();
        let mandate = self.mandate(past, assets, view, &mut notes)?;
        let all = past.universe().len();
        let (target, solve) =
            self.allocate(optimizer, &mandate, (all, assets), view, &mut notes)?;
        match solve.status {
            SolveStatus::AlmostOptimal => {
                notes.push(Note::warning("the program was solved to a reduced tolerance only"));
            }
            SolveStatus::Limit if self.holdings.max.is_none() => {
                let gap = solve.gap.unwrap_or(f64::INFINITY);
                notes.push(Note::warning(format!(
                    "not proven to the tolerance that was asked for: the bound is {gap:.1e} away"
                )));
            }
            _ => {}
        }
        Ok(Decision { target, notes, solve, selection: Some(selection) })
    }

    fn none_eligible(&self, past: &Past<'_>) -> Error {
        let history = self.need.history_months.map_or_else(String::new, |months| {
            format!(" and a month-end price {months} months before the last month-end")
        });
        Error::NoneEligible {
            date: past.decision_date(),
            reason: format!("none has {} returns{history}", self.need.rows),
        }
    }
}

fn information_ratio(
    past: &Past<'_>,
    assets: &[usize],
    rule: RatioRule,
    moments: Moments,
) -> Result<(Objective, Option<Vec<f64>>)> {
    let held = benchmark_position(past, assets)?;
    let Moments { expected_returns, covariance, betas } = moments;
    let base = match rule.numerator {
        NumeratorSpec::Total => 0.0,
        NumeratorSpec::Active => expected_returns[held],
    };
    let mut benchmark = vec![0.0; assets.len()];
    benchmark[held] = 1.0;
    let numerator = expected_returns.iter().map(|rho| rho - base).collect();
    InformationRatio::new(numerator, covariance, benchmark)
        .and_then(|ratio| ratio.with_tev_floor(rule.tev_floor)?.with_lambda(rule.lambda))
        .map(|ratio| (ratio.into(), betas))
        .map_err(words::policy)
}

/// The benchmark's place among the eligible assets.
fn benchmark_position(past: &Past<'_>, assets: &[usize]) -> Result<usize> {
    let benchmark = past.benchmark_asset();
    let position = benchmark.and_then(|asset| assets.iter().position(|&other| other == asset));
    position.ok_or_else(|| Error::Policy {
        message: "the benchmark is not among the eligible assets".to_owned(),
        hint: Some("start later, or supply earlier prices of the benchmark".to_owned()),
    })
}
