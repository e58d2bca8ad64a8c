//! How far two estimates of the same window are apart, in units of the assets' own spread.

use walkfolio_core::{Covariance, Matrix, Past};
use walkfolio_estimate::tracking::TrackingMoments;
use walkfolio_estimate::{FactorRegression, capm_beta, sample_covariance, sample_mean, windows};

/// The worst differences found, by estimator.
#[derive(Debug, Clone, Copy, Default)]
pub struct Worst {
    pub loadings: f64,
    pub alpha: f64,
    pub specific: f64,
    pub sigma: f64,
    pub factors: f64,
    pub beta: f64,
    pub mean: f64,
    pub covariance: f64,
    pub tracking: f64,
}

impl Worst {
    /// The largest of all; `NaN` counts as infinite.
    pub fn largest(&self) -> f64 {
        let all = [self.loadings, self.alpha, self.specific, self.sigma, self.factors];
        let rest = [self.beta, self.mean, self.covariance, self.tracking];
        all.into_iter().chain(rest).fold(0.0, worse)
    }

    /// Compares every moment of one window; the market has factors and a benchmark.
    pub fn add(&mut self, past: &Past<'_>, assets: &[usize], rows: usize) {
        let returns = past.returns(assets, rows).unwrap();
        let factors = past.factors(rows).unwrap();
        let sample = sample_covariance(&returns, 252.0).unwrap();
        let deviation = deviations(&sample.to_dense());

        let beta = windows::capm_beta(past, assets, rows).unwrap();
        let market = Matrix::from_rows(rows, 1, factors.market().unwrap());
        let market = deviations(&sample_covariance(&market, 252.0).unwrap().to_dense())[0];
        let scale: Vec<f64> = deviation.iter().map(|deviation| deviation / market).collect();
        grow(&mut self.beta, &beta, &capm_beta(&returns, &factors).unwrap(), &scale);

        let mean = windows::sample_mean(past, assets, rows, 252.0).unwrap();
        grow(&mut self.mean, &mean, &sample_mean(&returns, 252.0).unwrap(), &deviation);

        let covariance = windows::sample_covariance(past, assets, rows, 252.0).unwrap();
        assert_eq!(form(&covariance), form(&sample));
        grow_matrix(&mut self.covariance, &covariance.to_dense(), &sample.to_dense(), &deviation);

        let model = windows::factor_model(past, assets, rows).unwrap();
        self.add_model(&model, &FactorRegression::fit(&returns, &factors).unwrap());

        let tracking = windows::tracking(past, assets, rows).unwrap();
        let benchmark = past.benchmark(rows).unwrap();
        self.add_tracking(&tracking, &TrackingMoments::of_window(&returns, benchmark).unwrap());
    }

    fn add_model(&mut self, model: &FactorRegression, fitted: &FactorRegression) {
        let sigma = fitted.covariance(1.0).unwrap().to_dense();
        let deviation = deviations(&sigma);
        let factor = deviations(&fitted.factor_covariance);
        grow(&mut self.alpha, &model.alpha, &fitted.alpha, &deviation);
        let variance: Vec<f64> = deviation.iter().map(|deviation| deviation.powi(2)).collect();
        grow(&mut self.specific, &model.specific_variance, &fitted.specific_variance, &variance);
        assert!(model.specific_variance.iter().all(|d| *d >= 0.0));
        for (i, deviation) in deviation.iter().enumerate() {
            let scale: Vec<f64> = factor.iter().map(|factor| deviation / factor).collect();
            grow(&mut self.loadings, model.loadings.row(i), fitted.loadings.row(i), &scale);
        }
        grow_matrix(
            &mut self.sigma,
            &model.covariance(1.0).unwrap().to_dense(),
            &sigma,
            &deviation,
        );
        let (covariance, expected) = (&model.factor_covariance, &fitted.factor_covariance);
        grow_matrix(&mut self.factors, covariance, expected, &factor);
        grow(&mut self.factors, &model.factor_mean, &fitted.factor_mean, &factor);
        let (risk_free, expected) = (model.risk_free_mean, fitted.risk_free_mean);
        grow(&mut self.factors, &[risk_free], &[expected], &[expected.abs().max(1e-6)]);
    }

    fn add_tracking(&mut self, moments: &TrackingMoments, expected: &TrackingMoments) {
        assert_eq!(form(&moments.second_moment), form(&expected.second_moment));
        let (gram, wanted) = (moments.second_moment.to_dense(), expected.second_moment.to_dense());
        let root = deviations(&wanted);
        grow_matrix(&mut self.tracking, &gram, &wanted, &root);
        let benchmark = expected.benchmark_square;
        let scale: Vec<f64> = root.iter().map(|root| root * benchmark.sqrt()).collect();
        grow(&mut self.tracking, &moments.cross, &expected.cross, &scale);
        grow(&mut self.tracking, &[moments.benchmark_square], &[benchmark], &[benchmark]);
    }
}

/// Whether it is kept as a full matrix.
fn form(covariance: &Covariance) -> bool {
    covariance.as_dense().is_some()
}

/// Square roots of a diagonal.
fn deviations(matrix: &Matrix) -> Vec<f64> {
    (0..matrix.rows()).map(|i| matrix[(i, i)].sqrt()).collect()
}

fn grow(worst: &mut f64, found: &[f64], expected: &[f64], scale: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for ((found, expected), scale) in found.iter().zip(expected).zip(scale) {
        let difference = (found - expected).abs();
        if difference != 0.0 {
            *worst = worse(*worst, difference / scale);
        }
    }
}

fn grow_matrix(worst: &mut f64, found: &Matrix, expected: &Matrix, deviation: &[f64]) {
    for (i, first) in deviation.iter().enumerate() {
        let scale: Vec<f64> = deviation.iter().map(|second| first * second).collect();
        grow(worst, found.row(i), expected.row(i), &scale);
    }
}

fn worse(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::INFINITY } else { a.max(b) }
}
