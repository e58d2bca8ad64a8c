//! Where moments come from.

use walkfolio_estimate::Alpha;
use walkfolio_estimate::expected_returns::{
    ExpectedReturns as Model, MeanReversion, MeanWindow, Momentum, MultiFactor,
};

use super::Faults;
use crate::config::{Covariances, Estimators, ExpectedReturns};
use crate::spec::{AlphaSpec, CovarianceSpec, EstimateSpec, ExpectedReturnsSpec, Spec, UnitsSpec};

impl Faults<'_> {
    pub(super) fn estimators(&mut self, spec: &Spec, estimate: &EstimateSpec) -> Estimators {
        let periods_per_year = match estimate.units {
            UnitsSpec::Annual => spec.periods_per_year,
            UnitsSpec::Daily => 1.0,
        };
        let (covariance, covariance_window) = self.covariance(estimate);
        let (expected_returns, expected_returns_window) =
            self.expected_returns(estimate, spec.periods_per_year, periods_per_year);
        let regressions = covariance == Covariances::FactorModel
            || matches!(expected_returns, ExpectedReturns::FactorModel(_));
        if regressions && spec.market.factors.is_none() {
            let hint = "add factors = \"french3\" to [market]";
            self.push("estimate", "uses the factor model, and there are no factors", hint);
        }
        Estimators {
            covariance,
            covariance_window,
            expected_returns,
            expected_returns_window,
            periods_per_year,
        }
    }

    fn covariance(&mut self, estimate: &EstimateSpec) -> (Covariances, usize) {
        let (kind, days, least) = match estimate.covariance {
            CovarianceSpec::FactorModel { window_days } => {
                (Covariances::FactorModel, window_days, 5)
            }
            CovarianceSpec::Sample { window_days } => (Covariances::Sample, window_days, 2),
        };
        self.window("estimate.covariance.window_days", days, least, "the covariance");
        (kind, days as usize)
    }

    /// The estimator of expected returns and the returns that it needs.
    ///
    /// Models are annual: in other units their values are scaled.
    fn expected_returns(
        &mut self,
        estimate: &EstimateSpec,
        sessions: f64,
        periods: f64,
    ) -> (ExpectedReturns, usize) {
        let path = "estimate.expected_returns.window_days";
        let window = |days: u32| MeanWindow { rows: days as usize, periods_per_year: sessions };
        let model = match estimate.expected_returns {
            ExpectedReturnsSpec::FactorModel { window_days, alpha } => {
                self.window(path, window_days, 5, "the mean");
                let alpha = match alpha {
                    AlphaSpec::Include => Alpha::Include,
                    AlphaSpec::Exclude => Alpha::Exclude,
                };
                return (ExpectedReturns::FactorModel(alpha), window_days as usize);
            }
            ExpectedReturnsSpec::SampleMean { window_days }
            | ExpectedReturnsSpec::Historical { window_days } => {
                self.window(path, window_days, 1, "the mean");
                return (ExpectedReturns::SampleMean, window_days as usize);
            }
            ExpectedReturnsSpec::Shrinkage { window_days } => {
                self.window(path, window_days, 2, "shrinkage");
                Model::Shrinkage(window(window_days))
            }
            ExpectedReturnsSpec::Momentum { window_days } => {
                self.window(path, window_days, 1, "the mean");
                Model::Momentum(Momentum { window: window(window_days), ..Momentum::default() })
            }
            ExpectedReturnsSpec::MeanReversion { window_days } => {
                self.window(path, window_days, 1, "the mean");
                let window = window(window_days);
                Model::MeanReversion(MeanReversion { window, ..MeanReversion::default() })
            }
            ExpectedReturnsSpec::MultiFactor { months } => {
                self.at_least("estimate.expected_returns.months", months, 12);
                Model::MultiFactor(MultiFactor {
                    months: months as usize,
                    ..MultiFactor::default()
                })
            }
        };
        let rows = model.rows();
        (ExpectedReturns::Model(model, periods / sessions), rows)
    }
}
