//! The kernel and Clarabel on mean-variance and tracking mandates with penalties.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use walkfolio_core::{Covariance, Matrix};
use walkfolio_optimize::{
    Choice, Mandate, Optimizer, Penalties, Precision, Settings, Solution, solve,
};

use super::draft::{Aim, Draft};
use super::random::{Random, gradient, improvement, mean_variance, tracking};

#[derive(Debug, Clone, Copy)]
enum Form {
    Dense,
    Window,
    Factor,
}

#[derive(Debug, Clone, Copy)]
struct Shape {
    seed: u64,
    n: usize,
    risk_aversion: f64,
    penalties: Penalties,
    short: bool,
    beta: bool,
    tracking: bool,
    form: Form,
}

fn shapes() -> impl Strategy<Value = Shape> {
    let aversion = prop_oneof![1 => Just(0.0), 6 => 0.01f64..20.0];
    let l1 = prop_oneof![Just(0.0), 0.0f64..0.1];
    let l2 = prop_oneof![Just(0.0), 0.0f64..1.0];
    let form = prop_oneof![Just(Form::Dense), Just(Form::Window), Just(Form::Factor)];
    let sizes = prop_oneof![9 => 2usize..16, 1 => 16usize..45];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (any::<u64>(), sizes, aversion, l1, l2, flags, form).prop_map(
        |(seed, n, risk_aversion, l1, l2, (short, beta, tracking), form)| Shape {
            seed,
            n,
            risk_aversion,
            penalties: Penalties { l1, l2 },
            short,
            beta,
            tracking,
            form,
        },
    )
}

/// The same matrix in another form, or another matrix of that form.
fn formed(random: &mut Random, n: usize, form: Form) -> Covariance {
    match form {
        Form::Dense => Covariance::dense(random.window(3 * n + 5, n).gram()).unwrap(),
        // Shorter than wide: singular.
        Form::Window => Covariance::window(random.window(n.div_ceil(2), n)).unwrap(),
        Form::Factor => {
            let values = (0..2 * n).map(|_| random.between(-1.0, 1.0)).collect();
            let specific = (0..n).map(|_| random.between(0.0, 0.05)).collect();
            let factors = Matrix::from_rows(2, 2, vec![0.04, 0.01, 0.01, 0.02]);
            Covariance::factor(Matrix::from_rows(n, 2, values), factors, specific).unwrap()
        }
    }
}

fn mandate(shape: &Shape) -> Draft {
    let random = &mut Random(shape.seed);
    let n = shape.n;
    let mut mandate = if shape.tracking {
        tracking(random, n)
    } else {
        mean_variance(random, n, shape.risk_aversion)
    };
    if let Aim::MeanVariance { covariance, .. } = &mut mandate.objective {
        *covariance = formed(random, n, shape.form);
    }
    mandate.penalties = shape.penalties;
    let cap = (2.5 / n as f64).clamp(0.1, 1.0);
    mandate = Draft { penalties: mandate.penalties, ..Draft::long_only(mandate.objective, n, cap) };
    if shape.short {
        mandate.min.fill(-0.5);
        mandate.max.fill(1.0);
    }
    if shape.beta {
        let coefficients: Vec<f64> = (0..n).map(|_| random.between(0.5, 1.5)).collect();
        let middle = coefficients.iter().sum::<f64>() / n as f64;
        let (min, max) = (middle - 0.05, middle + 0.05);
        mandate.beta = Some((coefficients, min, max));
    }
    mandate
}

fn by(choice: Choice, mandate: &Mandate) -> Solution {
    let settings = Settings { choice, ..Settings::default() };
    Optimizer::new(settings).solve(mandate, Precision::Full).unwrap()
}

fn objective(solution: &Solution) -> f64 {
    solution.report.objective.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn kernel_and_clarabel_agree_with_penalties(shape in shapes()) {
        let mandate = mandate(&shape).mandate();
        let (found, cone) = (by(Choice::Auto, &mandate), solve(&mandate, Precision::Full).unwrap());
        prop_assert!((objective(&found) - objective(&cone)).abs() < 1e-8, "{found:?} {cone:?}");
        for solution in [&found, &cone] {
            let value = mandate.value(&solution.weights);
            prop_assert!((objective(solution) - value).abs() < 1e-14);
            let bound = solution.report.bound.unwrap();
            prop_assert!(value - bound > -1e-8 && value - bound < 1e-7, "{value} {bound}");
        }
        prop_assert!(found.report.solver == "kernel" || found.note.is_some(), "{found:?}");
    }

    /// No exchange of two weights improves the portfolio: optimality under a budget and bounds.
    #[test]
    fn the_optimality_conditions_hold(shape in shapes()) {
        let mandate = mandate(&Shape { beta: false, ..shape });
        let found = by(Choice::Auto, &mandate.mandate());
        let left = improvement(&mandate, &found.weights);
        // Where Clarabel took over, weights are at their bounds to the bit and the others near theirs.
        let most = if found.report.solver == "kernel" { 1e-9 } else { 1e-8 };
        prop_assert!(left < most, "{left:e} {found:?}");
        let sum: f64 = found.weights.iter().sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
    }

    /// The bound is one for any portfolio, its own or not.
    #[test]
    fn no_portfolio_is_below_the_bound(
        shape in shapes(),
        raw in prop::collection::vec(0.01f64..1.0, 45),
    ) {
        let mut mandate = mandate(&Shape { beta: false, ..shape });
        mandate.max.fill(1.0);
        let mandate = mandate.mandate();
        let total: f64 = raw[..shape.n].iter().sum();
        let w: Vec<f64> = raw[..shape.n].iter().map(|value| value / total).collect();
        for choice in [Choice::Auto, Choice::Clarabel] {
            let bound = by(choice, &mandate).report.bound.unwrap();
            prop_assert!(mandate.value(&w) > bound - 1e-9);
        }
    }

    #[test]
    fn the_order_of_assets_does_not_matter(shape in shapes()) {
        let one = mandate(&Shape { form: Form::Dense, risk_aversion: shape.risk_aversion.max(0.5), ..shape });
        let other = mirrored(&one);
        let (a, b) = (by(Choice::Auto, &one.mandate()), by(Choice::Auto, &other.mandate()));
        prop_assert!((objective(&a) - objective(&b)).abs() < 1e-9);
        for (x, y) in a.weights.iter().zip(b.weights.iter().rev()) {
            prop_assert!((x - y).abs() < 1e-5, "{a:?} {b:?}");
        }
    }
}

/// With the assets in the opposite order.
fn mirrored(mandate: &Draft) -> Draft {
    let turned = |values: &[f64]| values.iter().rev().copied().collect::<Vec<_>>();
    let mut out = mandate.clone();
    match &mut out.objective {
        Aim::TrackingError { second_moment, cross, .. } => {
            *second_moment = turned_matrix(second_moment);
            *cross = turned(cross);
        }
        Aim::MeanVariance { expected_returns, covariance, .. } => {
            *covariance = Covariance::dense(turned_matrix(&covariance.to_dense())).unwrap();
            *expected_returns = turned(expected_returns);
        }
        other => panic!("{other:?}"),
    }
    if let Some((coefficients, ..)) = &mut out.beta {
        *coefficients = turned(coefficients);
    }
    out
}

fn turned_matrix(matrix: &Matrix) -> Matrix {
    let n = matrix.rows();
    Matrix::from_rows(n, n, matrix.values().iter().rev().copied().collect())
}

/// The kernel keeps its active set from one mean-variance to the next, whatever came before.
#[test]
fn the_answer_does_not_depend_on_the_last_one() {
    let random = &mut Random(7);
    let mut kept = Optimizer::default();
    for _ in 0..60 {
        let mut mandate = mean_variance(random, 9, 2.0);
        mandate.penalties = Penalties { l1: 0.01, l2: random.next() };
        let again = kept.solve(&mandate.mandate(), Precision::Full).unwrap();
        assert_eq!(again.weights, by(Choice::Kernel, &mandate.mandate()).weights);
        assert!(gradient(&mandate, &again.weights).iter().all(|g| g.is_finite()));
    }
}
