//! What is refused, and in which words.

use walkfolio_optimize::{Error, Holdings, Optimizer, Penalties, Precision};

use super::draft::{Aim, Draft};
use super::random::{Random, mean_variance};

fn error(mandate: &Draft) -> Error {
    let solved = |made| Optimizer::default().solve(&made, Precision::Full);
    mandate.made().and_then(solved).unwrap_err()
}

fn example() -> Draft {
    mean_variance(&mut Random(1), 5, 1.0)
}

#[test]
fn prices_and_aversion_are_numbers_of_at_least_zero() {
    let mut words = Vec::new();
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let penalties = [Penalties { l1: bad, l2: 0.0 }, Penalties { l1: 0.0, l2: bad }];
        for penalties in penalties {
            words.push(error(&Draft { penalties, ..example() }).to_string());
        }
        let mut mandate = example();
        if let Aim::MeanVariance { risk_aversion, .. } = &mut mandate.objective {
            *risk_aversion = bad;
        }
        words.push(error(&mandate).to_string());
    }
    insta::assert_snapshot!(words.join("\n"), @r"
    the mandate is not valid: the l1 penalty is -1; it must be at least 0
    the mandate is not valid: the l2 penalty is -1; it must be at least 0
    the mandate is not valid: risk_aversion is -1; it must be at least 0
    the mandate is not valid: the l1 penalty is NaN; it must be at least 0
    the mandate is not valid: the l2 penalty is NaN; it must be at least 0
    the mandate is not valid: risk_aversion is NaN; it must be at least 0
    the mandate is not valid: the l1 penalty is inf; it must be at least 0
    the mandate is not valid: the l2 penalty is inf; it must be at least 0
    the mandate is not valid: risk_aversion is inf; it must be at least 0
    ");
}

#[test]
fn an_information_ratio_takes_no_penalty() {
    let mut mandate = example();
    let Aim::MeanVariance { expected_returns, covariance, .. } = mandate.objective else {
        panic!("no mean-variance")
    };
    mandate.objective =
        Aim::InformationRatio { numerator: expected_returns, covariance, benchmark: vec![0.2; 5] };
    mandate.penalties.l1 = 0.01;
    insta::assert_snapshot!(error(&mandate), @"the mandate is not valid: an information ratio takes no l1 or l2 penalty: its global maximum is proven for the ratio alone");
}

fn holdings(holdings: Holdings, cap: f64) -> String {
    let mut mandate = example();
    mandate.holdings = holdings;
    mandate.max.fill(cap);
    match error(&mandate) {
        error @ Error::Holdings { .. } => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rules_that_counting_excludes_are_named() {
    let rules = |max, min, min_position| Holdings { max, min, min_position };
    let words = [
        holdings(rules(Some(3), None, None), 0.3),
        holdings(rules(Some(0), None, None), 0.3),
        holdings(rules(None, Some(6), None), 0.3),
        holdings(rules(Some(4), Some(5), None), 0.3),
        holdings(rules(None, None, Some(0.4)), 0.3),
        holdings(rules(None, Some(5), Some(0.25)), 0.3),
        // Neither alone: 4 * 0.22 < 1 and 5 * 0.21 > 1.
        holdings(rules(None, None, Some(0.21)), 0.22),
    ];
    insta::assert_snapshot!(words.join("\n"), @r"
    max_holdings 3 with bounds.max 0.3 sums to at most 0.9, the weights must sum to 1
    max_holdings 0 with bounds.max 0.3 sums to at most 0, the weights must sum to 1
    min_holdings 6 is more than the 5 assets
    min_holdings 5 is more than max_holdings 4
    a minimum position of 0.4 is more than bounds.max 0.3
    min_holdings 5 with a minimum position of 0.25 sums to at least 1.25, the weights must sum to 1
    no portfolio of 5 assets satisfies a minimum position of 0.21 with bounds.max 0.22
    ");
    let mut mandate = example();
    mandate.holdings.max = Some(2);
    mandate.min[..3].fill(0.1);
    insta::assert_snapshot!(error(&mandate), @"bounds exclude 0 for 3 assets, max_holdings is 2");
}

#[test]
fn more_holdings_than_assets_are_no_rule() {
    let mut mandate = example();
    let free = Optimizer::default().solve(&mandate.mandate(), Precision::Full).unwrap();
    mandate.holdings.max = Some(7);
    let found = Optimizer::default().solve(&mandate.mandate(), Precision::Full).unwrap();
    let distance = free.report.objective.unwrap() - found.report.objective.unwrap();
    assert!(distance.abs() < 1e-14, "{distance:e}");
}

#[test]
fn rules_about_holdings_name_what_they_cannot_join() {
    let mut mandate = example();
    mandate.holdings.max = Some(3);
    mandate.gross_leverage = Some(1.5);
    insta::assert_snapshot!(error(&mandate), @"the mandate is not valid: rules about holdings require the kernel solver, and it has no gross_leverage");
    mandate.gross_leverage = None;
    let Aim::MeanVariance { expected_returns, covariance, .. } = mandate.objective else {
        panic!("no mean-variance")
    };
    mandate.objective = Aim::RobustUtility { expected_returns, covariance, lambda: 0.1 };
    insta::assert_snapshot!(error(&mandate), @"the mandate is not valid: rules about holdings need a quadratic objective");
    mandate.penalties.l2 = 0.1;
    insta::assert_snapshot!(error(&mandate), @"the mandate is not valid: rules about holdings require the kernel solver, and it has no l2 penalty on a robust utility");
}

#[test]
fn conflicts_are_named_whatever_the_objective_costs() {
    let mut mandate = example();
    mandate.penalties = Penalties { l1: 0.01, l2: 0.1 };
    mandate.max.fill(0.15);
    let long = error(&mandate).to_string();
    mandate.holdings.max = Some(3);
    assert_eq!(error(&mandate).to_string(), long);
    mandate.holdings.max = None;
    mandate.min.fill(-0.1);
    insta::assert_snapshot!(format!("{long}\n{}", error(&mandate)), @r"
    no portfolio satisfies the constraints: bounds.max 0.15 over 5 assets sums to 0.75, the weights must sum to 1
    no portfolio satisfies the constraints: bounds.max 0.15 over 5 assets sums to 0.75, the weights must sum to 1
    ");
    insta::assert_snapshot!(error(&mandate).hint().unwrap(), @"raise bounds.max to at least 0.2");
}
