//! The efficient frontier of a mandate, and the portfolio that a rule chooses on it.

use walkfolio_core::{Interrupt, Matrix};

use crate::bound::Region;
use crate::conflict::search;
use crate::constraint::{Constraints, Exposure, RiskCap};
use crate::kernel::{Corner, Frontier, Parametric, Program, Stop};
use crate::mandate::Mandate;
use crate::objective::{MaximumSharpe, MeanVariance, MinimumVariance, Objective};
use crate::optimizer::{LARGEST, Optimizer};
use crate::pieces::{Piece, pieces, row, weights};
use crate::solution::{Precision, Solution};
use crate::{Error, Result};

/// The last corner misses the largest expected return by at most this part of the largest of an asset.
const REACHED: f64 = 1e-8;
/// An end of the frontier is met within this part of it.
const END: f64 = 1e-12;

/// Which portfolio of the efficient frontier.
///
/// # Shape and units
/// Volatilities, expected returns and the risk-free rate are in the unit of time of the moments.
/// # Examples
/// See [`EfficientFrontier`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FrontierPoint {
    /// The one of the least risk.
    MinimumVariance,
    /// The one of the largest expected return.
    MaximumReturn,
    /// The one with a volatility.
    Volatility(f64),
    /// The one with an expected return.
    Return(f64),
    /// The one with the largest expected return above a risk-free rate for each unit of volatility.
    Sharpe {
        /// The rate.
        risk_free: f64,
    },
}

impl FrontierPoint {
    /// The problem whose solution is this portfolio of a mean-variance mandate's frontier: the least risk,
    /// the largest return, the largest return up to a volatility, the least risk from a return on, or the
    /// largest Sharpe ratio.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the objective is not mean-variance, or a number is unusable.
    /// # Examples
    /// See [`EfficientFrontier`].
    pub fn problem(self, mandate: &Mandate) -> Result<Mandate> {
        let moments = moments(mandate)?;
        let (means, covariance) =
            (moments.expected_returns().to_vec(), moments.covariance().clone());
        let constraints = mandate.constraints().clone();
        let objective: Objective = match self {
            Self::MinimumVariance | Self::Return(_) => {
                MinimumVariance::new(covariance.clone())?.into()
            }
            Self::MaximumReturn | Self::Volatility(_) => {
                MeanVariance::new(means.clone(), covariance.clone(), 0.0)?.into()
            }
            Self::Sharpe { risk_free } => {
                let excess = means.iter().map(|mean| mean - risk_free).collect();
                MaximumSharpe::new(excess, covariance.clone())?.into()
            }
        };
        let constraints = match self {
            Self::Volatility(most) => {
                let cap = RiskCap::volatility(covariance, most)?;
                constraints.with(cap.named("objective.at.volatility"))?
            }
            Self::Return(least) => constraints.with(Exposure::new(
                "objective.at.return",
                means,
                least,
                f64::INFINITY,
            )?)?,
            _ => constraints,
        };
        Mandate::new(objective, constraints)
    }
}

/// A portfolio of the frontier and where on it it is.
/// # Examples
/// See [`EfficientFrontier`].
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its weights.
    pub weights: Vec<f64>,
    /// The corner at or before it, counted from 0.
    pub corner: usize,
    /// How far it is from there to the next corner, from 0 to below 1.
    pub share: f64,
    /// The risk aversion at which it is the best portfolio; infinite at the least risk.
    pub risk_aversion: f64,
    /// Its expected return.
    pub mean: f64,
    /// Its volatility.
    pub volatility: f64,
}

/// All portfolios with the largest `mu'w - risk_aversion / 2 w' Sigma w` under a mandate's constraints, for
/// any risk aversion, by their corners.
///
/// Between two corners the weights are linear in `1 / risk_aversion`, with slope `q` of the expected return the
/// variance is `v + (t^2 - t_0^2) q`: a volatility, an expected return and the largest Sharpe ratio are found
/// in closed form.
///
/// # Shape and units
/// As the moments of the mandate.
/// # Source
/// Markowitz (1956), The optimization of a quadratic function subject to linear constraints; Tobin (1958),
/// Liquidity preference as behavior towards risk (the tangency portfolio).
/// # Examples
/// ```
/// use walkfolio_core::{Covariance, Matrix};
/// use walkfolio_optimize::{EfficientFrontier, FrontierPoint, Mandate, Objective};
///
/// // Two uncorrelated assets, volatilities of 20 % and 10 %, returns of 10 % and 5 %.
/// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
/// let objective = Objective::mean_variance(vec![0.10, 0.05], covariance, 1.0)?;
/// let mandate = Mandate::long_only(objective, 1.0)?;
/// let frontier = EfficientFrontier::of(&mandate)?;
/// // From 20 % and 80 % to the first asset alone.
/// assert_eq!(frontier.corners().len(), 2);
/// let chosen = frontier.at(FrontierPoint::Return(0.08))?;
/// assert!((chosen.weights[0] - 0.6).abs() < 1e-12);
/// // The tangency portfolio: in proportion to (mean - 2 %) / variance, 2 and 3.
/// let sharpe = FrontierPoint::Sharpe { risk_free: 0.02 };
/// assert!((frontier.at(sharpe)?.weights[0] - 0.4).abs() < 1e-12);
/// // It is also what the largest Sharpe ratio alone gives.
/// assert!((sharpe.problem(&mandate)?.solve()?.weights[0] - 0.4).abs() < 1e-9);
/// // No portfolio has a return of 12 %.
/// assert!(frontier.at(FrontierPoint::Return(0.12)).is_err());
/// # Ok::<(), walkfolio_optimize::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EfficientFrontier {
    mandate: Mandate,
    moments: MeanVariance,
    frontier: Frontier,
}

impl EfficientFrontier {
    /// The frontier of a mean-variance mandate, whatever its risk aversion.
    ///
    /// # Errors
    /// [`Error::Infeasible`] if no portfolio satisfies the constraints; [`Error::NoFrontier`] if the covariance
    /// leaves many portfolios of the least risk; [`Error::Invalid`] for another objective, and for what is no
    /// part of the path: penalties, costs, and limits of risks.
    pub fn of(mandate: &Mandate) -> Result<Self> {
        Self::until(mandate, &Interrupt::default())
    }

    /// As [`of`](Self::of), with a flag that is looked at once a corner.
    ///
    /// # Errors
    /// As [`of`](Self::of); [`Error::Interrupted`] if the flag is raised by its end.
    pub fn until(mandate: &Mandate, interrupt: &Interrupt) -> Result<Self> {
        let moments = moments(mandate)?;
        let constraints = mandate.constraints();
        straight(mandate)?;
        if constraints.bounds().any(|(min, max)| min > max) {
            return Err(Error::Infeasible(Box::new(search::find(constraints, interrupt)?)));
        }
        let (matrix, means) = (moments.covariance().to_dense(), moments.expected_returns());
        let region = Region::of(constraints);
        let traced = if constraints.absolutes().is_empty() {
            traced(&matrix, &region, means, interrupt)
        } else {
            traced_in_pieces(mandate, (&matrix, &region, means), interrupt)
        };
        if interrupt.is_raised() {
            return Err(Error::Interrupted);
        }
        match traced {
            Ok(frontier) if reaches_its_end(mandate, &frontier)? => {
                Ok(Self { mandate: mandate.clone(), moments: moments.clone(), frontier })
            }
            Err(Stop::Infeasible(_)) if !constraints.absolutes().is_empty() => {
                Err(Error::Infeasible(Box::new(search::of(constraints, interrupt)?)))
            }
            Err(Stop::Infeasible(ray)) => Err(Error::Infeasible(Box::new(search::of_ray(
                constraints,
                &ray.multipliers,
                interrupt,
            )?))),
            Err(Stop::Unbounded) => Err(Error::Unbounded),
            _ => Err(Error::NoFrontier),
        }
    }

    /// The corners, from the least risk to the largest expected return.
    pub fn corners(&self) -> &[Corner] {
        self.frontier.corners()
    }

    /// The moments whose frontier it is.
    pub fn moments(&self) -> &MeanVariance {
        &self.moments
    }

    /// The portfolio that a rule chooses.
    ///
    /// # Errors
    /// [`Error::OffFrontier`] for a volatility or an expected return that no portfolio of the frontier has,
    /// [`Error::NoGain`] where none has an expected return above the risk-free rate.
    pub fn at(&self, point: FrontierPoint) -> Result<Chosen> {
        let corners = self.corners();
        let last = corners.len() - 1;
        Ok(match point {
            FrontierPoint::MinimumVariance => self.between(0, 0.0),
            FrontierPoint::MaximumReturn => self.between(last, 0.0),
            FrontierPoint::Return(mean) => {
                self.within("an expected return", mean, |corner| corner.mean)?;
                self.first(
                    |corner| corner.mean >= mean,
                    |[from, to]| (mean - from.mean) / (to.mean - from.mean),
                )
            }
            FrontierPoint::Volatility(volatility) => {
                self.within("a volatility", volatility, |corner| corner.volatility)?;
                let reaches = |corner: &Corner| corner.volatility >= volatility;
                self.first(reaches, |segment| share_at_variance(segment, volatility.powi(2)))
            }
            FrontierPoint::Sharpe { risk_free } => {
                if corners[last].mean <= risk_free {
                    let gain = "expected return above the risk-free rate";
                    return Err(Error::NoGain { gain, largest: corners[last].mean - risk_free });
                }
                let past = |corner: &Corner| {
                    corner.volatility.powi(2) <= time(corner) * (corner.mean - risk_free)
                };
                self.first(past, |segment| share_at_tangent(segment, risk_free))
            }
        })
    }

    /// The portfolio that a rule chooses, with the bound of the problem that it solves.
    ///
    /// # Errors
    /// As [`EfficientFrontier::at`] and [`Optimizer::solve`].
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{EfficientFrontier, FrontierPoint, Mandate, Objective, Optimizer};
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let objective = Objective::mean_variance(vec![0.10, 0.05], covariance, 1.0)?;
    /// let frontier = EfficientFrontier::of(&Mandate::long_only(objective, 1.0)?)?;
    /// // The least variance with a mean of 8 %: 0.6^2 * 0.04 + 0.4^2 * 0.01.
    /// let (_, solution) = frontier.solve(FrontierPoint::Return(0.08), &mut Optimizer::default())?;
    /// assert!((solution.report.objective.unwrap() - 0.016).abs() < 1e-12);
    /// assert!(solution.report.gap.unwrap() < 1e-12);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn solve(
        &self,
        point: FrontierPoint,
        optimizer: &mut Optimizer,
    ) -> Result<(Chosen, Solution)> {
        let chosen = self.at(point)?;
        let problem = point.problem(&self.mandate)?;
        let proof = optimizer.solve(&problem, Precision::Full)?;
        let solution = Solution { weights: chosen.weights.clone(), ..proof }.valued(&problem);
        Ok((chosen, solution))
    }

    /// Whether a value is between those of the ends.
    fn within(&self, what: &'static str, value: f64, of: impl Fn(&Corner) -> f64) -> Result<()> {
        let corners = self.corners();
        let (from, to) = (of(&corners[0]), of(&corners[corners.len() - 1]));
        let slack = END * from.abs().max(to.abs());
        if value < from - slack || value > to + slack {
            return Err(Error::OffFrontier { what, value, from, to });
        }
        Ok(())
    }

    /// In the segment that ends with the first corner that is far enough, or at the last corner.
    fn first(
        &self,
        reaches: impl Fn(&Corner) -> bool,
        share: impl Fn([&Corner; 2]) -> f64,
    ) -> Chosen {
        let corners = self.corners();
        match corners.iter().position(reaches) {
            None => self.between(corners.len() - 1, 0.0),
            Some(0) => self.between(0, 0.0),
            Some(at) => {
                let share = share([&corners[at - 1], &corners[at]]);
                if share < 1.0 {
                    self.between(at - 1, share.max(0.0))
                } else {
                    self.between(at, 0.0)
                }
            }
        }
    }

    fn between(&self, corner: usize, share: f64) -> Chosen {
        let from = &self.corners()[corner];
        let to = self.corners().get(corner + 1).filter(|_| share > 0.0).unwrap_or(from);
        let along = |a: f64, b: f64| a + share * (b - a);
        let pairs = from.weights.iter().zip(&to.weights);
        let weights: Vec<f64> = pairs.map(|(a, b)| along(*a, *b)).collect();
        let volatility = if share > 0.0 {
            self.moments.covariance().variance(&weights).sqrt()
        } else {
            from.volatility
        };
        let risk_aversion = 1.0 / along(time(from), time(to));
        Chosen {
            mean: along(from.mean, to.mean),
            weights,
            corner,
            share,
            risk_aversion,
            volatility,
        }
    }
}

/// The parameter of the path, `1 / risk_aversion`.
fn time(corner: &Corner) -> f64 {
    1.0 / corner.risk_aversion
}

/// The share of a segment at which the variance is a value: it is linear in the square of the parameter.
fn share_at_variance([from, to]: [&Corner; 2], variance: f64) -> f64 {
    let [t, u] = [time(from), time(to)];
    let [v, w] = [from, to].map(|corner| corner.volatility.powi(2));
    let square = t * t + (variance - v) / (w - v) * (u * u - t * t);
    (square.max(0.0).sqrt() - t) / (u - t)
}

/// The share of a segment at which the ratio is largest: `t = variance / (mean - risk_free)`, with
/// `q = d mean / dt` where `t = (v - t_0^2 q) / (mean_0 - risk_free - t_0 q)`.
fn share_at_tangent([from, to]: [&Corner; 2], risk_free: f64) -> f64 {
    let [t, u] = [time(from), time(to)];
    let q = (to.mean - from.mean) / (u - t);
    let at = (from.volatility.powi(2) - t * t * q) / (from.mean - risk_free - t * q);
    (at - t) / (u - t)
}

fn traced(
    matrix: &Matrix,
    region: &Region,
    reward: &[f64],
    interrupt: &Interrupt,
) -> Result<Frontier, Stop> {
    let Region { rows, lo, hi } = region;
    let program = Program { h: matrix, a: rows, g: &vec![0.0; reward.len()], lo, hi };
    let most = f64::INFINITY;
    let path = Parametric { program, costs: &[], reward, prices: &[], most };
    Frontier::trace_until(&path, interrupt)
}

/// With limits of absolute values, which are linear in the pieces of the weights.
fn traced_in_pieces(
    mandate: &Mandate,
    (matrix, region, means): (&Matrix, &Region, &[f64]),
    interrupt: &Interrupt,
) -> Result<Frontier, Stop> {
    let (pieces, n) = (pieces(mandate), means.len());
    let count = pieces.len();
    let spread = |of: &[f64]| pieces.iter().map(|piece| of[piece.asset]).collect::<Vec<f64>>();
    let square = pieces.iter().flat_map(|piece| spread(matrix.row(piece.asset))).collect();
    let mut rows: Vec<f64> = region.rows.iter_rows().flat_map(spread).collect();
    let bound = |end: fn(&Piece) -> f64| pieces.iter().map(end);
    let mut lo: Vec<f64> = bound(|piece| piece.lo).chain(region.lo[n..].iter().copied()).collect();
    let mut hi: Vec<f64> = bound(|piece| piece.hi).chain(region.hi[n..].iter().copied()).collect();
    for limit in mandate.constraints().absolutes() {
        let (signs, most) = row(&limit, &pieces);
        rows.extend(signs);
        lo.push(f64::NEG_INFINITY);
        hi.push(most);
    }
    let region = Region { rows: Matrix::from_rows(lo.len() - count, count, rows), lo, hi };
    let matrix = Matrix::from_rows(count, count, square);
    let frontier = traced(&matrix, &region, &spread(means), interrupt)?;
    Ok(frontier.joined(|x| weights(&pieces, x, n)))
}

/// Whether the last corner has the largest expected return that there is.
fn reaches_its_end(mandate: &Mandate, frontier: &Frontier) -> Result<bool> {
    let Some(last) = frontier.corners().last() else { return Ok(false) };
    let most = FrontierPoint::MaximumReturn.problem(mandate)?.solve()?;
    let bound = most.report.bound.map_or(f64::NAN, |least| -least);
    let size = moments(mandate)?.expected_returns().iter().fold(0.0f64, |a, b| a.max(b.abs()));
    Ok(last.mean >= bound - REACHED * size)
}

fn moments(mandate: &Mandate) -> Result<&MeanVariance> {
    match mandate.objective() {
        Objective::MeanVariance(moments) => Ok(moments),
        _ => Err(Error::Invalid("the frontier is that of a mean-variance objective".to_owned())),
    }
}

/// Whether the path of a mandate is one of linear constraints alone.
fn straight(mandate: &Mandate) -> Result<()> {
    let constraints: &Constraints = mandate.constraints();
    let bent = constraints.deviations().next().is_some();
    let what = if constraints.holdings().any() {
        "rules about holdings"
    } else if bent {
        "limits of risks"
    } else if mandate.penalties().any() || mandate.costs().is_some() {
        "penalties or costs"
    } else if constraints.assets() > LARGEST {
        "more than 1000 assets"
    } else {
        return Ok(());
    };
    Err(Error::Invalid(format!("the path of the efficient frontier has no {what}")))
}
