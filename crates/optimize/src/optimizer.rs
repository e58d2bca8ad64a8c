//! Which solver answers a mandate, and what it remembers from one to the next.

mod by_cone;
mod curves;
mod dense;
mod ensemble;
mod explained;
mod found;
mod given;
mod holdings;
mod low_rank;
mod only;
mod parity;
mod peaks;
mod per_risk;
mod price;
mod priced;
mod settings;
mod signed;
mod snap;
mod solved;
mod tails;
mod trades;

use std::time::Instant;

use walkfolio_core::{Interrupt, SolveStatus};

use crate::conflict::search;
use crate::constraint::Constraints;
use crate::constraint::rule::{Absolute, Rule};
use crate::kernel::low_rank::Kept;
use crate::kernel::{ActiveSet, RatioSolver, Stop};
use crate::mandate::Mandate;
use crate::objective::form::{Kernel, Tailed};
use crate::solution::{Precision, Solution};
use crate::{Error, Result};
pub use dense::Dense;
pub use explained::solve;
use explained::solved;
use found::Found;
use holdings::sparse;
use low_rank::Structure;
use priced::Limited;
pub(crate) use settings::LARGEST;
pub use settings::{Choice, Settings};
use solved::Solved;

impl Mandate {
    /// Finds its portfolio with the solver that fits: an [`Optimizer`] with nothing to remember.
    ///
    /// # Errors
    /// As [`Optimizer::solve`].
    pub fn solve(&self) -> Result<Solution> {
        Optimizer::default().solve(self, Precision::Full)
    }
}

/// Solves mandates one after the other, each from the last answer.
///
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{Mandate, MinimumVariance, Optimizer, Precision};
///
/// // Volatilities of 20 % and 10 %: weights 1/5 and 4/5.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
/// let mut optimizer = Optimizer::default();
/// let first = optimizer.solve(&mandate, Precision::Full)?;
/// assert!((first.weights[0] - 0.2).abs() < 1e-12);
/// // The second begins where the first ended: nothing is left to change.
/// let second = optimizer.solve(&mandate, Precision::Full)?;
/// assert_eq!((second.report.solver, second.report.pivots), ("kernel", 0));
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Optimizer {
    settings: Settings,
    active_set: Option<((usize, usize), ActiveSet)>,
    ratio: Option<((usize, usize), RatioSolver)>,
    low_rank: Option<Kept>,
    /// Those of an ensemble's members.
    members: Vec<Optimizer>,
}

impl Optimizer {
    /// With nothing to remember yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Another one that starts where this one stands: its answers do not depend on what others that were made
    /// so have solved in between. What it knows of ratios it learns anew.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, MinimumVariance, Optimizer, Precision};
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
    /// let mut optimizer = Optimizer::default();
    /// optimizer.solve(&mandate, Precision::Full)?;
    /// assert_eq!(optimizer.fork().solve(&mandate, Precision::Full)?.report.pivots, 0);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            settings: self.settings.clone(),
            active_set: self.active_set.clone(),
            ratio: None,
            low_rank: self.low_rank.clone(),
            members: self.members.iter().map(Self::fork).collect(),
        }
    }

    /// Keeps the matrix of a quadratic objective for all mandates with the same one.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Constraints, Mandate, MinimumVariance, Optimizer, Precision};
    ///
    /// let window = Covariance::window(Matrix::from_rows(1, 2, vec![0.1, 0.2]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(window)?, 1.0)?;
    /// let mut optimizer = Optimizer::default();
    /// optimizer.keep_matrix(&mandate);
    /// // It is not made again for another limit.
    /// let capped = mandate.with_constraints(Constraints::long_only(2, 0.6)?)?;
    /// let solution = optimizer.solve(&capped, Precision::Full)?;
    /// assert!((solution.weights[0] - 0.6).abs() < 1e-9);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn keep_matrix(&self, mandate: &Mandate) {
        // More assets are solved without it.
        let fits = mandate.constraints().assets() <= LARGEST;
        if let Some(quadratic) = mandate.quadratic().filter(|_| fits) {
            quadratic.covariance.keep_dense();
        }
    }

    /// Finds the portfolio that a mandate asks for.
    ///
    /// Weights within the solver's tolerance of 0, of a bound or of the minimum position are set to
    /// it, and the budget is closed again; where that would leave a constraint they stay as they are.
    /// The objective of the report is that of the weights returned.
    ///
    /// # Errors
    /// As [`solve`]; [`Error::Invalid`] if the solver that is asked for does not fit;
    /// [`Error::Holdings`] if no portfolio keeps the rules about holdings; [`Error::Interrupted`] if the
    /// interrupt is raised by its end, whatever was found.
    pub fn solve(&mut self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        mandate.check_combination()?;
        let solution = self.unsnapped(mandate, precision);
        // Whatever a raised flag has cut short, nothing of it counts.
        if self.settings.interruption.interrupt().is_raised() {
            return Err(Error::Interrupted);
        }
        let is_snapped = mandate.objective().as_dyn().is_snapped();
        let snapped =
            |solution| if is_snapped { snap::snapped(mandate, solution) } else { solution };
        solution.map(snapped)
    }

    fn unsnapped(&mut self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        if let Some(given) = mandate.objective().as_dyn().given() {
            return given::solve(mandate, given);
        }
        let members = mandate.members()?;
        if !members.is_empty() {
            return self.ensemble(mandate, &members, precision);
        }
        if self.settings.choice != Choice::Clarabel
            && let Some(solution) = only::portfolio(mandate)
        {
            return Ok(solution);
        }
        match (self.settings.choice, obstacle(mandate)) {
            (Choice::Auto, Some(obstacle)) if mandate.constraints().holdings().any() => {
                let interrupt = self.settings.interruption.interrupt();
                Err(without_search(mandate.constraints(), &obstacle, interrupt))
            }
            (Choice::Clarabel, _) => Ok(self.by_cone(mandate, precision)?.solution),
            (Choice::Auto, Some(_)) => self.finished(mandate, precision),
            (Choice::Kernel, Some(obstacle)) => Err(unfit(&obstacle)),
            (_, None) => match (mandate.objective().as_dyn().tail(), Limited::of(mandate)) {
                (Some(tailed), _) => self.tail(mandate, &tailed, precision),
                (None, Some(form)) => self.priced(mandate, &form, precision),
                (None, None) => self.by_kernel(mandate, precision),
            },
        }
    }

    fn by_cone(&self, mandate: &Mandate, precision: Precision) -> Result<Solved> {
        let interrupt = self.settings.interruption.interrupt();
        // A kernel that a raised flag has stopped is not helped out by another solver.
        if interrupt.is_raised() {
            Err(Error::Interrupted)
        } else {
            solved(mandate, precision, interrupt)
        }
    }

    /// The solution of an interior point with its last digits.
    fn finished(&self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        let solved = self.by_cone(mandate, precision)?;
        Ok(if mandate.quadratic().is_some() {
            signed::finish(mandate, solved)
        } else if mandate.objective().as_dyn().per_risk().is_some() || mandate.is_limited() {
            per_risk::finish(mandate, solved.solution)
        } else {
            solved.solution
        })
    }

    fn by_kernel(&mut self, mandate: &Mandate, precision: Precision) -> Result<Solution> {
        let started = Instant::now();
        if let Some(Kernel::RiskParity { covariance, budgets }) = mandate.objective().kernel() {
            return match self.parity(mandate, (covariance, budgets))? {
                Err(Stop::Infeasible(ray)) => Err(infeasible(
                    mandate.constraints(),
                    &ray.multipliers,
                    self.settings.interruption.interrupt(),
                )?),
                Err(stop) => {
                    let solution = self.by_cone(mandate, precision)?.solution;
                    let is_finite = solution.report.objective.is_some_and(f64::is_finite);
                    if is_finite { Ok(instead(&stop, solution)) } else { Err(Error::Riskless) }
                }
                Ok(solution) => Ok(solution),
            };
        }
        let searches = mandate.constraints().holdings().any();
        if let Some(found) = (!searches).then(|| self.low_rank(mandate)).flatten() {
            return Ok(found.solution(mandate, started));
        }
        if !searches && self.settings.choice == Choice::Auto && is_large(mandate) {
            return self.finished(mandate, precision);
        }
        let dense = Dense::of(mandate).ok_or_else(|| unfit(NO_FORM))?;
        if searches {
            return sparse(mandate, &dense, &self.settings, started);
        }
        let ratio = match mandate.objective().kernel() {
            Some(Kernel::Ratio { floor, .. }) => Some(floor),
            _ => None,
        };
        let found = match ratio {
            Some(_) => self.ratio(mandate, &dense),
            None => self.convex(mandate, &dense),
        };
        match (found, ratio) {
            (Ok(found), _) => Ok(found.solution(mandate, started)),
            (Err(Stop::Infeasible(ray)), _) => Err(infeasible(
                mandate.constraints(),
                &ray.multipliers,
                self.settings.interruption.interrupt(),
            )?),
            (Err(Stop::Unbounded), Some(0.0)) => Err(Error::Replicable),
            (Err(stop), Some(_)) => {
                Err(Error::Stopped { solver: "kernel", status: status(&stop), iterations: 0 })
            }
            (Err(stop), None) => Ok(instead(&stop, self.by_cone(mandate, precision)?.solution)),
        }
    }

    /// A mandate with kinks, a limit that has a price, or a ratio of gain and risk.
    fn priced(
        &mut self,
        mandate: &Mandate,
        form: &Limited<'_>,
        precision: Precision,
    ) -> Result<Solution> {
        let started = Instant::now();
        match self.with_last(mandate, |set| form.solve(mandate, set)) {
            Ok(found) => Ok(found.solution(mandate, started)),
            Err(Stop::Infeasible(ray)) => Err(infeasible(
                mandate.constraints(),
                &ray.multipliers,
                self.settings.interruption.interrupt(),
            )?),
            Err(stop) => Ok(instead(&stop, self.finished(mandate, precision)?)),
        }
    }

    /// A tail of losses.
    fn tail(
        &self,
        mandate: &Mandate,
        tailed: &Tailed<'_>,
        precision: Precision,
    ) -> Result<Solution> {
        let started = Instant::now();
        match tails::solve(mandate, tailed, self.settings.interruption.interrupt()) {
            Ok(found) => Ok(found.solution(mandate, started)),
            Err(stop) => Ok(instead(&stop, self.by_cone(mandate, precision)?.solution)),
        }
    }

    /// With the last active set of as many variables and rows.
    fn with_last(
        &mut self,
        mandate: &Mandate,
        solve: impl FnOnce(&mut ActiveSet) -> Result<Found, Stop>,
    ) -> Result<Found, Stop> {
        let constraints = mandate.constraints();
        let shape = (constraints.assets(), 1 + constraints.rows().count());
        let kept = self.active_set.take().filter(|(last, _)| *last == shape);
        let interrupt = self.settings.interruption.interrupt();
        let new = || ActiveSet::new(shape.0, shape.1).interrupted_by(interrupt);
        let mut set = kept.map_or_else(new, |(_, set)| set);
        let found = solve(&mut set)?;
        self.active_set = Some((shape, set));
        Ok(found)
    }

    /// A quadratic objective with the structure of a factor model or of a window with a ridge.
    fn low_rank(&mut self, mandate: &Mandate) -> Option<Found> {
        let kept = self.low_rank.take();
        let (found, kept) = Structure::of(mandate)?.solve(
            mandate,
            kept.as_ref(),
            self.settings.interruption.interrupt(),
        )?;
        self.low_rank = Some(kept);
        Some(found)
    }

    /// Every convex objective, from the last active set.
    fn convex(&mut self, mandate: &Mandate, dense: &Dense) -> Result<Found, Stop> {
        self.with_last(mandate, |set| dense.solve(mandate, set))
    }

    fn ratio(&mut self, mandate: &Mandate, dense: &Dense) -> Result<Found, Stop> {
        let shape = dense.shape();
        let kept = self.ratio.take().filter(|(last, _)| *last == shape);
        let interrupt = self.settings.interruption.interrupt();
        let new = || RatioSolver::new(shape.0, shape.1).interrupted_by(interrupt);
        let mut solver = kept.map_or_else(new, |(_, solver)| solver);
        let Some(program) = dense.ratio(mandate) else { return Err(Stop::Limit) };
        let answer = solver.solve(&program, self.settings.ratio_tolerance)?;
        self.ratio = Some((shape, solver));
        let proven = answer.bound - answer.value <= self.settings.ratio_tolerance;
        Ok(Found {
            weights: answer.x,
            bound: answer.bound,
            pivots: answer.pivots,
            nodes: u64::from(answer.intervals),
            proven,
            note: None,
        })
    }
}

/// A solution of Clarabel where the kernel stopped.
fn instead(stop: &Stop, solution: Solution) -> Solution {
    let note =
        format!("the kernel stopped ({}), Clarabel solved the program in its place", reason(stop));
    Solution { note: Some(note), ..solution }
}

/// What the kernel lacks where an objective has no form that it solves.
const NO_FORM: &str = "it has no form of the objective";

/// Why the kernel does not fit a mandate.
fn obstacle(mandate: &Mandate) -> Option<String> {
    if Limited::of(mandate).is_some() {
        return None;
    }
    if mandate.objective().as_dyn().tail().is_some() {
        return tails::obstacle(mandate);
    }
    let constraints = mandate.constraints();
    // A search over holdings knows linear costs and turnover.
    let searches = constraints.holdings().any();
    let lacks = |rule: &&dyn Rule| {
        let trades = |limit: Absolute<'_>| searches && limit.from.is_some();
        rule.deviation().is_some() || rule.absolute().is_some_and(|limit| !trades(limit))
    };
    if let Some(rule) = constraints.rules().find(lacks) {
        return Some(format!("it has no {}", rule.name()));
    }
    if mandate.costs().is_some_and(|costs| !searches || costs.has_impact()) {
        return Some(
            if searches { tails::NO_IMPACT } else { "it has no costs of trading" }.to_owned(),
        );
    }
    if searches && !trades::from_one(mandate) {
        return Some("its costs and its turnover are from different holdings".to_owned());
    }
    if constraints.bounds().any(|(min, max)| min > max) {
        return Some("a lower bound exceeds its upper one".to_owned());
    }
    if mandate.l1_acts() {
        return Some("it has no l1 penalty where positions may be short".to_owned());
    }
    let Some(kernel) = mandate.objective().kernel() else { return Some(NO_FORM.to_owned()) };
    if searches && matches!(kernel, Kernel::RiskParity { .. }) {
        return Some("its search over holdings has no shares of risk".to_owned());
    }
    if mandate.penalties().l2 > 0.0 && matches!(kernel, Kernel::Utility { .. }) {
        return Some("it has no l2 penalty on a robust utility".to_owned());
    }
    None
}

/// Whether the matrix of a convex mandate costs more than a sparse factorization.
fn is_large(mandate: &Mandate) -> bool {
    let convex = !matches!(mandate.objective().kernel(), Some(Kernel::Ratio { .. }));
    convex && mandate.constraints().assets() > LARGEST
}

fn unfit(obstacle: &str) -> Error {
    Error::Invalid(format!("solver \"kernel\" does not fit: {obstacle}"))
}

/// Rules about holdings require the kernel: why a mandate that it does not fit has no solution.
fn without_search(constraints: &Constraints, obstacle: &str, interrupt: &Interrupt) -> Error {
    if let Ok(conflict) = search::find(constraints, interrupt) {
        Error::Infeasible(Box::new(conflict))
    } else {
        let what = format!("rules about holdings require the kernel solver, and {obstacle}");
        Error::Invalid(what)
    }
}

fn infeasible(constraints: &Constraints, ray: &[f64], interrupt: &Interrupt) -> Result<Error> {
    Ok(Error::Infeasible(Box::new(search::of_ray(constraints, ray, interrupt)?)))
}

fn status(stop: &Stop) -> SolveStatus {
    match stop {
        Stop::Infeasible(_) => SolveStatus::Infeasible,
        Stop::Unbounded => SolveStatus::Unbounded,
        Stop::Limit => SolveStatus::Limit,
        Stop::Singular => SolveStatus::Failed,
    }
}

fn reason(stop: &Stop) -> &'static str {
    match stop {
        Stop::Infeasible(_) => "no portfolio",
        Stop::Unbounded => "no bound",
        Stop::Limit => "too many steps",
        Stop::Singular => "a singular matrix, or a portfolio without risk",
    }
}
