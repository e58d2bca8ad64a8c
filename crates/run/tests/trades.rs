//! The second opinion on limits of trading and of risk, costs and ratios: what keeps them is confirmed, and what does
//! not, or is not the best, is accused.

#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

use walkfolio_core::{Covariance, Matrix, TradingCost};
use walkfolio_optimize::{
    Constraint, Constraints, Costs, Mandate, MaximumDiversification, MaximumSharpe, MeanCvar,
    MeanVariance, MinimumCdar, MinimumCvar, Objective, RiskCap, Turnover,
};
use walkfolio_run::{Verdict, confirm};

const MEAN: [f64; 3] = [0.10, 0.04, 0.07];
const HELD: [f64; 3] = [0.2, 0.6, 0.2];

fn covariance() -> Covariance {
    let values = vec![0.04, 0.006, 0.002, 0.006, 0.01, 0.001, 0.002, 0.001, 0.0225];
    Covariance::dense(Matrix::from_rows(3, 3, values)).unwrap()
}

fn utility() -> Objective {
    MeanVariance::new(MEAN.to_vec(), covariance(), 2.0).unwrap().into()
}

/// Forty rows, in which the first asset moves most.
fn scenarios() -> Matrix {
    let wave = |t: usize, i: usize| {
        let (t, i) = (t as f64, i as f64);
        0.01 * (3.0 - i) * (t * (1.3 + 0.7 * i) + i).sin() + 0.001
    };
    Matrix::from_rows(40, 3, (0..120).map(|at| wave(at / 3, at % 3)).collect())
}

fn mandate(objective: impl Into<Objective>, limit: impl Into<Constraint>) -> Mandate {
    let constraints = Constraints::long_only(3, 1.0).unwrap().with(limit).unwrap();
    Mandate::new(objective, constraints).unwrap()
}

fn mandates() -> Vec<Mandate> {
    let turnover = || Turnover::new(HELD.to_vec(), 0.1).unwrap();
    let cap = RiskCap::volatility(covariance(), 0.11).unwrap();
    let tracking = RiskCap::tracking_error(covariance(), HELD.to_vec(), 0.04).unwrap();
    let sharpe = MaximumSharpe::new(MEAN.to_vec(), covariance()).unwrap();
    let diversified = MaximumDiversification::new(covariance()).unwrap();
    let rates = vec![TradingCost { linear: 0.001, impact: 0.01 }; 3];
    let costs = Costs::new(HELD.to_vec(), rates, 12.0).unwrap();
    let linear = Costs::new(HELD.to_vec(), vec![TradingCost::linear(1e-4); 3], 1.0).unwrap();
    let cvar = MinimumCvar::new(scenarios(), 0.9).unwrap();
    let cdar = MinimumCdar::new(scenarios(), 0.9).unwrap();
    let mean_cvar = MeanCvar::new(vec![0.001, 0.0, 0.0005], scenarios(), 0.85, 0.2).unwrap();
    vec![
        mandate(utility(), turnover()),
        mandate(utility(), cap.clone()),
        mandate(utility(), tracking),
        mandate(sharpe.clone(), turnover()),
        mandate(sharpe, cap),
        mandate(diversified, turnover()),
        mandate(utility(), turnover()).with_costs(costs).unwrap(),
        mandate(cvar, turnover()),
        mandate(cdar, turnover()),
        mandate(mean_cvar, turnover()).with_costs(linear).unwrap(),
    ]
}

#[test]
fn what_is_right_is_confirmed_to_the_last_digits() {
    for (at, mandate) in mandates().iter().enumerate() {
        let solved = mandate.solve().unwrap();
        assert!(solved.report.gap.unwrap() < 1e-12, "{at}: {:?}", solved.report);
        let verdict = confirm(mandate, &solved.weights, &solved.report);
        assert!(matches!(verdict, Ok(Verdict::Confirmed(_))), "{at}: {verdict:?}");
    }
}

#[test]
fn what_breaks_a_limit_or_is_not_the_best_is_accused() {
    for (at, mandate) in mandates().iter().enumerate() {
        let solved = mandate.solve().unwrap();
        // The largest step from what is held to all in the first asset that keeps the limits, and a larger one.
        let toward = |step: f64| {
            let all = [1.0, 0.0, 0.0];
            (0..3).map(|i| HELD[i] + step * (all[i] - HELD[i])).collect::<Vec<f64>>()
        };
        let outside = confirm(mandate, &toward(0.9), &solved.report).unwrap_err();
        assert!(outside.contains("outside of"), "{at}: {outside}");
        let other = toward(0.01);
        let mut report = solved.report.clone();
        report.objective = Some(mandate.value(&other));
        let worse = confirm(mandate, &other, &report).unwrap_err();
        assert!(worse.contains("another method finds"), "{at}: {worse}");
    }
}
