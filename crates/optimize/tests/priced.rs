//! Costs, turnover, gross leverage, limits of risk and ratios: the kernel against Clarabel, which knows
//! nothing of kinks or paths.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small numbers

use walkfolio_core::random::SplitMix64;
use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Constraints, Costs, Error, GrossLeverage, Mandate, MaximumDiversification, MaximumSharpe,
    MinimumVariance, Objective, Optimizer, Penalties, Precision, RiskCap, Solution, TrackingError,
    Turnover, solve,
};

struct Case {
    covariance: Matrix,
    means: Vec<f64>,
    held: Vec<f64>,
    min: Vec<f64>,
    max: Vec<f64>,
    /// Which objective, which limit, and whether trading costs.
    kind: [usize; 2],
    cost: f64,
    l1: f64,
    limit: f64,
    scale: f64,
}

const OBJECTIVES: usize = 6;
const LIMITS: usize = 8;

fn case(round: u64) -> Case {
    let mut random = SplitMix64::new(round);
    let mut between = |lo: f64, hi: f64| lo + (hi - lo) * random.unit();
    let n = 2 + between(0.0, if round.is_multiple_of(8) { 45.0 } else { 12.0 }) as usize;
    let twins = between(0.0, 1.0) < 0.2;
    let rows: Vec<f64> = (0..3 * n + 3)
        .flat_map(|_| {
            let common = between(-0.1, 0.1);
            let mut row: Vec<f64> = (0..n).map(|_| common + between(-0.1, 0.1)).collect();
            if twins {
                row[1] = row[0];
            }
            row
        })
        .collect();
    let window = Matrix::from_rows(3 * n + 3, n, rows);
    let means = (0..n).map(|_| between(-0.05, 0.2)).collect();
    let short = between(0.0, 1.0) < 0.5;
    let raw: Vec<f64> = (0..n).map(|_| (between(-0.5, 1.0)).max(0.0)).collect();
    let sum: f64 = raw.iter().sum::<f64>() + 1e-9;
    Case {
        covariance: window.gram(),
        means,
        held: raw.iter().map(|w| w / sum).collect(),
        min: vec![if short { -0.4 } else { 0.0 }; n],
        max: (0..n).map(|_| between(1.2 / n as f64, 1.0)).collect(),
        kind: [round as usize % OBJECTIVES, (round as usize / OBJECTIVES) % LIMITS],
        cost: if between(0.0, 1.0) < 0.5 { between(0.0, 0.05) } else { 0.0 },
        l1: if short && between(0.0, 1.0) < 0.3 { between(0.0, 0.05) } else { 0.0 },
        limit: between(0.1, 1.0),
        scale: 1.0,
    }
}

impl Case {
    fn mandate(&self) -> Mandate {
        let n = self.means.len();
        let mut matrix = self.covariance.clone();
        (0..n).for_each(|i| matrix.row_mut(i).iter_mut().for_each(|value| *value *= self.scale));
        let covariance = Covariance::dense(matrix).unwrap();
        let means: Vec<f64> = self.means.iter().map(|mean| mean * self.scale).collect();
        let objective: Objective = match self.kind[0] {
            0 => MinimumVariance::new(covariance.clone()).unwrap().into(),
            1 => Objective::mean_variance(means, covariance.clone(), 3.0).unwrap(),
            2 => {
                let cross = covariance.times(&vec![1.0 / n as f64; n]);
                let cross = cross.iter().zip(&means).map(|(c, m)| c + 0.02 * m).collect();
                TrackingError::from_moments(covariance.clone(), cross, self.scale).unwrap().into()
            }
            3 => Objective::robust_utility(means, covariance.clone(), 0.4 * self.scale.sqrt())
                .unwrap(),
            4 => MaximumSharpe::new(means, covariance.clone()).unwrap().into(),
            _ => MaximumDiversification::new(covariance.clone()).unwrap().into(),
        };
        let ratio = self.kind[0] > 3;
        let all = Constraints::between(self.min.clone(), self.max.clone()).unwrap();
        let risk = covariance.variance(&vec![1.0 / n as f64; n]).sqrt();
        let turnover = || Turnover::new(self.held.clone(), 0.5 * self.limit).unwrap();
        let all =
            if matches!(self.kind[1], 1 | 5 | 6 | 7) { all.with(turnover()).unwrap() } else { all };
        let all = match self.kind[1] {
            2 | 5 => all.with(GrossLeverage::new(1.0 + self.limit).unwrap()),
            3 | 6 => {
                all.with(RiskCap::volatility(covariance, risk * (0.6 + 0.5 * self.limit)).unwrap())
            }
            4 | 7 => {
                let benchmark = vec![1.0 / n as f64; n];
                all.with(
                    RiskCap::tracking_error(covariance, benchmark, 0.5 * risk * self.limit)
                        .unwrap(),
                )
            }
            _ => Ok(all),
        };
        let mandate = Mandate::new(objective, all.unwrap()).unwrap();
        if ratio {
            return mandate;
        }
        let l1 = self.l1 * self.scale;
        let mandate = mandate.with_penalties(Penalties { l1, l2: 0.0 }).unwrap();
        let costs = vec![TradingCost::linear(self.cost * self.scale); n];
        mandate.with_costs(Costs::new(self.held.clone(), costs, 1.0).unwrap()).unwrap()
    }
}

fn by_kernel(mandate: &Mandate) -> Result<Solution, Error> {
    Optimizer::default().solve(mandate, Precision::Full)
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |far, (a, b)| far.max((a - b).abs()))
}

#[test]
fn kernel_and_clarabel_agree() {
    let mut by = [[(0, 0, 0); LIMITS]; OBJECTIVES];
    for round in 0..4800 {
        let case = case(round);
        let mandate = case.mandate();
        let (found, cone) = (by_kernel(&mandate), solve(&mandate, Precision::Full));
        let tally = &mut by[case.kind[0]][case.kind[1]];
        let (found, cone) = match (found, cone) {
            (Ok(found), Ok(cone)) => (found, cone),
            (Err(_), Err(_)) => {
                tally.2 += 1;
                continue;
            }
            (Err(found), Ok(_)) => panic!("{round}: {found}"),
            // Where the kernel has a bound from the data, it needs no second opinion.
            (Ok(found), Err(_)) => (found.clone(), found),
        };
        let (a, b) = (found.report.objective.unwrap(), cone.report.objective.unwrap());
        let better = if mandate.objective().is_minimized() { a - b } else { b - a };
        assert!(better < 1e-8 * (1.0 + a.abs()), "{round} {:?}: {a} against {b}", case.kind);
        let violation = mandate.constraints().violation(&found.weights);
        assert!(violation < 1e-9, "{round} {:?}: {violation:e}", case.kind);
        let gap = found.report.gap.unwrap();
        let is_kernel = found.report.solver == "kernel";
        assert!(!is_kernel || gap < 1e-10, "{round} {:?}: gap {gap:e}", case.kind);
        if is_kernel { tally.0 += 1 } else { tally.1 += 1 }
    }
    for (objective, row) in by.iter().enumerate() {
        println!("objective {objective}: (kernel, Clarabel, neither) {row:?}");
    }
    // What the kernel takes it solves, but for assets that are the same twice.
    let taken = |&(o, l): &(usize, usize)| o < 3 || matches!(l, 0..=3 | 6);
    for (o, l) in (0..OBJECTIVES).flat_map(|o| (0..LIMITS).map(move |l| (o, l))).filter(taken) {
        let (kernel, cone, _) = by[o][l];
        assert!(kernel > 9 * cone, "objective {o}, limit {l}: {kernel} by the kernel, {cone} not");
    }
}

#[test]
fn the_order_of_assets_and_the_unit_of_time_do_not_matter() {
    for round in 0..400 {
        let one = case(round);
        let Ok(found) = by_kernel(&one.mandate()) else { continue };
        let n = one.means.len();
        let twins = one.covariance.row(0)[0] == one.covariance.row(0)[1];
        if twins || found.report.solver != "kernel" {
            continue;
        }
        let order: Vec<usize> = (0..n).rev().collect();
        let turned = |values: &[f64]| order.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        let matrix = order.iter().flat_map(|&i| turned(one.covariance.row(i))).collect();
        let other = Case {
            covariance: Matrix::from_rows(n, n, matrix),
            means: turned(&one.means),
            held: turned(&one.held),
            min: turned(&one.min),
            max: turned(&one.max),
            ..case(round)
        };
        let weights = by_kernel(&other.mandate()).unwrap().weights;
        assert!(apart(&turned(&found.weights), &weights) < 1e-8, "{round} {:?}", one.kind);
        let daily = Case { scale: 1.0 / 252.0, ..one };
        let weights = by_kernel(&daily.mandate()).unwrap().weights;
        let far = apart(&found.weights, &weights);
        assert!(far < 1e-7, "{round} {:?}: {far:e}", daily.kind);
    }
}

#[test]
fn a_chain_gives_the_bits_of_single_solves() {
    for objective in 0..OBJECTIVES {
        for limit in 0..LIMITS {
            let mut chain = Optimizer::default();
            let mut one = case(1009);
            one.kind = [objective, limit];
            for month in 0..12 {
                let mandate = one.mandate();
                let (Ok(warm), Ok(cold)) =
                    (chain.solve(&mandate, Precision::Full), by_kernel(&mandate))
                else {
                    continue;
                };
                if warm.report.solver == "kernel" {
                    assert_eq!(warm.weights, cold.weights, "{objective} {limit} {month}");
                }
                let scale = 1.0 + 0.05 * f64::from(month % 5) - 0.1;
                one.means
                    .iter_mut()
                    .enumerate()
                    .for_each(|(i, mean)| *mean *= if i % 2 == 0 { scale } else { 2.0 - scale });
                one.held.clone_from(&warm.weights);
            }
        }
    }
}

/// Returns of fewer days than assets leave many portfolios as good; costs decide among most of them.
#[test]
fn fewer_returns_than_assets_with_costs() {
    let mut open = 0;
    for round in 0..60 {
        let mut random = SplitMix64::new(900 + round);
        let (n, rows) = (8 + round as usize % 40, 5 + round as usize % 20);
        let rows = rows.min(n - 2);
        let values = (0..n * rows).map(|_| 0.02 * (random.unit() - 0.5)).collect();
        let window = Matrix::from_rows(rows, n, values);
        let target: Vec<f64> = window.times(&vec![1.0 / n as f64; n]);
        let (cross, square) =
            (window.transpose_times(&target), target.iter().map(|r| r * r).sum::<f64>());
        let covariance = Covariance::window(window).unwrap();
        let tracking = TrackingError::from_moments(covariance, cross, square).unwrap();
        let raw: Vec<f64> = (0..n).map(|_| random.unit()).collect();
        let held: Vec<f64> = raw.iter().map(|w| w / raw.iter().sum::<f64>()).collect();
        let cost = if round % 3 == 0 { 0.0 } else { 1e-5 * random.unit() };
        let costs = Costs::new(held.clone(), vec![TradingCost::linear(cost); n], 1.0).unwrap();
        let mandate = Mandate::long_only(tracking, 1.0)
            .and_then(|mandate| mandate.with_costs(costs)?.near_to(held))
            .unwrap();
        let (found, cone) =
            (by_kernel(&mandate).unwrap(), solve(&mandate, Precision::Full).unwrap());
        let (a, b) = (found.report.objective.unwrap(), cone.report.objective.unwrap());
        assert!(a <= b + 1e-9 * square, "{round}: {a} against {b}");
        assert_eq!(found.report.solver, "kernel", "{round}: {:?}", found.note);
        // Without costs the portfolio is one of many, which the ledger tells.
        assert!(cost > 0.0 || found.note.is_some(), "{round}");
        open += usize::from(found.note.is_some());
    }
    assert!(open >= 20, "{open}");
}
