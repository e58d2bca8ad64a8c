//! The second opinion against brute force, for every combination of rules: each choice of assets and
//! signs is a quadratic program, or a utility, whose rows are written down here and which the kernel
//! solves. Neither Clarabel nor the search over holdings has a part in it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use rayon::prelude::*;
use walkfolio_core::{Covariance, Matrix, SolveReport, SolveStatus};
use walkfolio_optimize::matrix_form::{ActiveSet, Program, SMALLEST_HOLDING, Stop, Utility};
use walkfolio_optimize::{
    Beta, Constraints, Error, GrossLeverage, Group, Holdings, Mandate, MinimumVariance, Objective,
    Optimizer, Penalties, Precision,
};
use walkfolio_run::{Verdict, confirm};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Aim {
    Tracking,
    MeanVariance,
    MinimumVariance,
    Utility,
}

/// A problem by its parts.
#[derive(Debug, Clone)]
struct Case {
    aim: Aim,
    /// `w'Gw - 2c'w + constant`; of a utility covariance and expected returns.
    g: Matrix,
    c: Vec<f64>,
    constant: f64,
    min: f64,
    max: f64,
    holdings: Holdings,
    beta: Option<(Vec<f64>, f64, f64)>,
    /// The first two assets together.
    group: Option<(f64, f64)>,
    gross: Option<f64>,
    penalties: Penalties,
    mandate: Mandate,
}

const AVERSION: f64 = 3.0;
const LAMBDA: f64 = 0.4;

struct Random(u64);

impl Random {
    fn between(&mut self, lo: f64, hi: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        lo + (hi - lo) * (((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64)
    }

    fn some(&mut self, n: usize, lo: f64, hi: f64) -> Vec<f64> {
        (0..n).map(|_| self.between(lo, hi)).collect()
    }
}

/// The problem of a number: each rule is on or off by one of its digits.
fn case(number: usize) -> Case {
    let random = &mut Random(number as u64);
    let mut rest = number;
    let mut digit = |base: usize| {
        let digit = rest % base;
        rest /= base;
        digit
    };
    let aim = [Aim::Tracking, Aim::MeanVariance, Aim::MinimumVariance, Aim::Utility][digit(4)];
    let max_holdings = [None, Some(2), Some(3)][digit(3)];
    let (min_holdings, position) = ([None, Some(2)][digit(2)], [None, Some(0.12)][digit(2)]);
    let holdings = Holdings { max: max_holdings, min: min_holdings, min_position: position };
    let (short, with_beta) = (digit(2) == 1, digit(2) == 1);
    let (group, gross) = ([None, Some((0.2, 0.6))][digit(2)], [None, Some(1.3)][digit(2)]);
    // The kernel has no l2 penalty on a utility: brute force could not follow.
    let l2 = if aim == Aim::Utility { 0.0 } else { 0.02 };
    let penalties = [Penalties::default(), Penalties { l1: 0.01, l2 }][digit(2)];
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0, 1, 2 or 3
    let n = [3, 4, 5, 6][random.between(0.0, 4.0) as usize].min(if short { 5 } else { 6 });
    let Moments { objective, g, c, constant } = moments(aim, n, random);
    let (min, max) = (if short { -0.4 } else { 0.0 }, 0.75);
    let beta = with_beta.then(|| (random.some(n, 0.5, 1.5), 0.8, 1.1));
    let rules = Constraints::between(vec![min; n], vec![max; n]).unwrap();
    let mandate = Mandate::new(objective, rules).unwrap().with_penalties(penalties).unwrap();
    Case { aim, g, c, constant, min, max, holdings, beta, group, gross, penalties, mandate }.ruled()
}

/// An objective, and its numbers as they are in [`Case`].
struct Moments {
    objective: Objective,
    g: Matrix,
    c: Vec<f64>,
    constant: f64,
}

fn moments(aim: Aim, n: usize, random: &mut Random) -> Moments {
    let rows = 30;
    let returns = Matrix::from_rows(rows, n, random.some(rows * n, -0.06, 0.065));
    let benchmark = random.some(rows, -0.05, 0.055);
    let covariance = scaled(returns.gram(), 0.5);
    let mu = random.some(n, -0.05, 0.15);
    let checked = Covariance::dense(covariance.clone()).unwrap();
    let (objective, factor, c, constant) = match aim {
        Aim::Tracking => {
            let constant = benchmark.iter().map(|b| b * b).sum();
            let cross = returns.transpose_times(&benchmark);
            (Objective::tracking_error(&returns, &benchmark).unwrap(), 2.0, cross, constant)
        }
        Aim::MeanVariance => {
            let half = mu.iter().map(|mu| mu / 2.0).collect();
            let made = Objective::mean_variance(mu, checked, AVERSION).unwrap();
            (made, AVERSION / 2.0, half, 0.0)
        }
        Aim::MinimumVariance => {
            (MinimumVariance::new(checked).unwrap().into(), 1.0, vec![0.0; n], 0.0)
        }
        Aim::Utility => {
            (Objective::robust_utility(mu.clone(), checked, LAMBDA).unwrap(), 1.0, mu, 0.0)
        }
    };
    Moments { objective, g: scaled(covariance, factor), c, constant }
}

fn scaled(mut matrix: Matrix, factor: f64) -> Matrix {
    for i in 0..matrix.rows() {
        matrix.row_mut(i).iter_mut().for_each(|value| *value *= factor);
    }
    matrix
}

/// All combinations.
const COMBINATIONS: usize = 4 * 3 * 2 * 2 * 2 * 2 * 2 * 2 * 2;

impl Case {
    /// With its mandate under all of its rules.
    fn ruled(self) -> Self {
        let mut rules = self.mandate.constraints().clone();
        if let Some((betas, lo, hi)) = &self.beta {
            rules = rules.with(Beta::new(betas.clone(), *lo, *hi).unwrap()).unwrap();
        }
        if let Some((lo, hi)) = self.group {
            let group = Group::new("two", self.assets(), &[0, 1]).unwrap().at_least(lo).unwrap();
            rules = rules.with(group.at_most(hi).unwrap()).unwrap();
        }
        if let Some(most) = self.gross {
            rules = rules.with(GrossLeverage::new(most).unwrap()).unwrap();
        }
        let rules = rules.with(self.holdings).unwrap();
        Self { mandate: self.mandate.clone().with_constraints(rules).unwrap(), ..self }
    }

    fn assets(&self) -> usize {
        self.c.len()
    }

    fn value(&self, w: &[f64]) -> f64 {
        let quadratic: f64 = self.g.times(w).iter().zip(w).map(|(gw, w)| gw * w).sum();
        let linear: f64 = self.c.iter().zip(w).map(|(c, w)| c * w).sum();
        let penalty: f64 =
            w.iter().map(|w| self.penalties.l1 * w.abs() + self.penalties.l2 * w * w).sum();
        match self.aim {
            Aim::Utility => linear - LAMBDA * quadratic.sqrt() - penalty,
            _ => quadratic - 2.0 * linear + self.constant + penalty,
        }
    }

    /// 1 where less is better.
    fn sense(&self) -> f64 {
        if self.aim == Aim::Utility { -1.0 } else { 1.0 }
    }

    /// The smallest size of what is held, where it has one.
    fn size(&self) -> Option<f64> {
        self.holdings.min_position.or(self.holdings.min.map(|_| SMALLEST_HOLDING))
    }

    fn keeps(&self, w: &[f64]) -> bool {
        let near = 1e-9;
        let within = |value: f64, lo: f64, hi: f64| value > lo - near && value < hi + near;
        let held: Vec<f64> = w.iter().map(|w| w.abs()).filter(|w| *w > near).collect();
        let beta = |(betas, lo, hi): &(Vec<f64>, f64, f64)| {
            within(betas.iter().zip(w).map(|(b, w)| b * w).sum(), *lo, *hi)
        };
        within(w.iter().sum(), 1.0, 1.0)
            && w.iter().all(|w| within(*w, self.min, self.max))
            && self.holdings.max.is_none_or(|most| held.len() <= most)
            && self.holdings.min.is_none_or(|least| held.len() >= least)
            && self.size().is_none_or(|size| held.iter().all(|w| *w > size - near))
            && self.beta.as_ref().is_none_or(beta)
            && self.group.is_none_or(|(lo, hi)| within(w[0] + w[1], lo, hi))
            && self.gross.is_none_or(|most| w.iter().map(|w| w.abs()).sum::<f64>() < most + near)
    }

    /// The best value of all choices of assets and signs.
    fn brute_force(&self) -> Option<f64> {
        let assets = u32::try_from(self.assets()).unwrap();
        let all = (0..3_usize.pow(assets)).map(|at| {
            let sign = |i: u32| [0.0, 1.0, -1.0][at / 3_usize.pow(i) % 3];
            (0..assets).map(sign).collect::<Vec<f64>>()
        });
        let values = all.filter_map(|signs| self.best_of(&signs));
        values.map(|value| self.sense() * value).reduce(f64::min).map(|best| self.sense() * best)
    }

    /// The best where each asset is out, long or short.
    fn best_of(&self, signs: &[f64]) -> Option<f64> {
        let held = signs.iter().filter(|sign| **sign != 0.0).count();
        let count = self.holdings.max.is_none_or(|most| held <= most)
            && self.holdings.min.is_none_or(|least| held >= least);
        if !count || (self.min == 0.0 && signs.contains(&-1.0)) {
            return None;
        }
        let size = self.size().unwrap_or(0.0);
        let bounds = signs.iter().map(|sign| match sign {
            1.0 => (size, self.max),
            -1.0 => (self.min, -size),
            _ => (0.0, 0.0),
        });
        let (mut lo, mut hi): (Vec<f64>, Vec<f64>) = bounds.unzip();
        let mut rows = vec![1.0; self.assets()];
        let mut row = |coefficients: &[f64], least: f64, most: f64| {
            rows.extend(coefficients);
            lo.push(least);
            hi.push(most);
        };
        if let Some((betas, least, most)) = &self.beta {
            row(betas, *least, *most);
        }
        if let Some((least, most)) = self.group {
            let members: Vec<f64> = (0..signs.len()).map(|i| f64::from(i < 2)).collect();
            row(&members, least, most);
        }
        if let Some(most) = self.gross {
            row(signs, f64::NEG_INFINITY, most);
        }
        lo.insert(self.assets(), 1.0);
        hi.insert(self.assets(), 1.0);
        self.solve(
            signs,
            &Matrix::from_rows(rows.len() / self.assets(), self.assets(), rows),
            (&lo, &hi),
        )
    }

    fn solve(&self, signs: &[f64], a: &Matrix, (lo, hi): (&[f64], &[f64])) -> Option<f64> {
        let l1 = self.penalties.l1;
        let mut kernel = ActiveSet::new(self.assets(), a.rows());
        let found = if self.aim == Aim::Utility {
            let rho: Vec<f64> = self.c.iter().zip(signs).map(|(c, sign)| c - l1 * sign).collect();
            let (covariance, lambda) = (&self.g, LAMBDA);
            let utility = Utility { expected_returns: &rho, covariance, lambda, a, lo, hi };
            kernel.maximize_utility(&utility).map(|(answer, _)| answer)
        } else {
            let mut h = self.g.clone();
            (0..self.assets()).for_each(|i| h[(i, i)] += self.penalties.l2);
            let g: Vec<f64> = self.c.iter().zip(signs).map(|(c, s)| c - l1 * s / 2.0).collect();
            kernel.solve(&Program { h: &h, a, g: &g, lo, hi })
        };
        match found {
            Ok(answer) => Some(self.value(&answer.x)),
            Err(Stop::Infeasible(_)) => None,
            Err(stop) => panic!("{stop:?} {self:?}"),
        }
    }

    /// The portfolio at a distance of 1e-3 that is worst, and keeps every rule.
    fn perturbed(&self, w: &[f64]) -> Option<Vec<f64>> {
        let n = self.assets();
        let pairs = (0..n * n).filter(|at| at / n != at % n).map(|at| {
            let mut moved = w.to_vec();
            moved[at / n] += 1e-3;
            moved[at % n] -= 1e-3;
            moved
        });
        let kept = pairs.filter(|moved| self.keeps(moved));
        kept.max_by(|a, b| {
            (self.sense() * self.value(a)).total_cmp(&(self.sense() * self.value(b)))
        })
    }

    /// Whether the second opinion is right of a decision, and of a worse one.
    fn check(&self) -> Outcome {
        let solved = Optimizer::default().solve(&self.mandate, Precision::Full);
        let (found, best) = match (solved, self.brute_force()) {
            (Err(Error::Invalid(_)), _) => return Outcome::NoSolver,
            (Err(error), None) => {
                assert!(matches!(error, Error::Infeasible(_) | Error::Holdings { .. }), "{error}");
                return Outcome::Infeasible;
            }
            (Err(error), Some(best)) => panic!("{error}, but {best} can be reached: {self:?}"),
            (Ok(found), None) => panic!("{found:?} keeps no choice of {self:?}"),
            (Ok(found), Some(best)) => (found, best),
        };
        let (w, solve) = (&found.weights, &found.report);
        assert!((self.mandate.value(w) - self.value(w)).abs() < 1e-12, "{self:?}");
        assert!((self.value(w) - best).abs() < 1e-8, "{} {best} {self:?}", self.value(w));
        match confirm(&self.mandate, w, solve) {
            Ok(Verdict::Confirmed(_)) => {}
            Ok(_) => panic!("not confirmed: {solve:?} {self:?}"),
            Err(what) => panic!("accused: {what}: {solve:?} {self:?}"),
        }
        self.accused(w, solve);
        let Some(moved) = self.perturbed(w) else { return Outcome::Checked(false) };
        let slack = 3e-6 * best.abs().max(1e-3);
        if self.sense() * (self.value(&moved) - best) < slack {
            return Outcome::Checked(false);
        }
        // As it was stated, and as one who changed the ledger as well would state it.
        assert!(confirm(&self.mandate, &moved, solve).is_err(), "{moved:?} {self:?}");
        let stated = Some(self.value(&moved));
        for bound in [stated, solve.bound] {
            let status = SolveStatus::Optimal;
            let restated = SolveReport { status, objective: stated, bound, ..solve.clone() };
            assert!(confirm(&self.mandate, &moved, &restated).is_err(), "{moved:?} {self:?}");
        }
        // A search that was stopped there is not accused while its bound holds, and is if it does not.
        let stopped =
            SolveReport { status: SolveStatus::Limit, objective: stated, ..solve.clone() };
        let verdict = confirm(&self.mandate, &moved, &stopped);
        assert!(matches!(verdict, Ok(Verdict::Unconfirmed)), "{moved:?} {self:?}");
        let cut = SolveReport { bound: Some(f64::midpoint(best, self.value(&moved))), ..stopped };
        assert!(confirm(&self.mandate, &moved, &cut).is_err(), "{moved:?} {self:?}");
        Outcome::Checked(true)
    }

    /// Weights that keep no budget, a value that no weights have, and none at all.
    fn accused(&self, w: &[f64], solve: &SolveReport) {
        let mut over = w.to_vec();
        over[0] += 1e-3;
        assert!(confirm(&self.mandate, &over, solve).is_err(), "{self:?}");
        for objective in [solve.objective.map(|value| value * 1.01 + 1e-4), None] {
            let stated = SolveReport { objective, ..solve.clone() };
            assert!(confirm(&self.mandate, w, &stated).is_err(), "{self:?}");
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Whether a worse portfolio was tried, too.
    Checked(bool),
    Infeasible,
    /// Rules that no solver has together.
    NoSolver,
}

#[test]
fn the_second_opinion_is_that_of_brute_force() {
    let outcomes: Vec<Outcome> =
        (0..COMBINATIONS).into_par_iter().map(|number| case(number).check()).collect();
    let count = |outcome| outcomes.iter().filter(|other| **other == outcome).count();
    let (both, alone) = (count(Outcome::Checked(true)), count(Outcome::Checked(false)));
    println!("{both} with a worse one, {alone} without, {} infeasible", count(Outcome::Infeasible));
    assert!(both >= 300 && both + alone >= 500, "{both} {alone}");
    assert!(count(Outcome::Infeasible) < COMBINATIONS / 10);
}
