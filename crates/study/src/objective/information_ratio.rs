//! Return for each unit of tracking error.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::number::shown;
use walkfolio_core::{Faults, Result};
use walkfolio_estimate::Units;
use walkfolio_optimize::{self as optimize, Objective, Settings};

use super::form::{Inputs, OBJECTIVE, ObjectiveForm, Setting, Shape, path};
use crate::words;

/// `max N(w) / max(TEV(w), tev_floor) - lambda sqrt(w' Sigma w)`, the global maximum with a
/// proven bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InformationRatio {
    /// Risk aversion, in the unit of `estimate.units`.
    ///
    /// Unit: ratio per unit of volatility.
    ///
    /// Example: `lambda = 0.10`
    pub lambda: f64,
    /// Minimum tracking error in the denominator, in the unit of `estimate.units`; 2 % per year by
    /// default, none where the benchmark cannot be held.
    ///
    /// Unit: fraction.
    ///
    /// Example: `tev_floor = 0.02`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tev_floor: Option<f64>,
    /// Whether the benchmark itself may be held.
    #[serde(default = "yes")]
    pub benchmark_tradable: bool,
    /// The numerator of the ratio.
    #[serde(default)]
    pub numerator: Numerator,
    /// Maximum gap between the proven bound and the value.
    ///
    /// Unit: fraction of the ratio if that is above 1.
    #[serde(default = "ratio_tolerance")]
    pub tolerance: f64,
}

/// The numerator of an information ratio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Numerator {
    /// The total expected return, `rho'w`.
    #[default]
    Total,
    /// The expected active return, `(rho - rho_b 1)'w`.
    Active,
}

impl InformationRatio {
    /// The floor, or its default: the same tracking error in either unit. `None` while nobody knows how
    /// many periods a year has.
    fn floor(&self, setting: &Setting) -> Option<f64> {
        let usual = || match setting.units {
            Units::Daily => Some(0.02 / setting.periods_per_year?.max(1.0).sqrt()),
            Units::Annual => Some(0.02),
        };
        let default = || if self.benchmark_tradable { usual() } else { Some(0.0) };
        self.tev_floor.or_else(default)
    }
}

impl ObjectiveForm for InformationRatio {
    /// Variants without a maximum are refused with the reason.
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        if self.lambda < 0.0 {
            let message = format!("must be at least 0, found {}", shown(self.lambda));
            faults.push(&path("lambda"), message, "0 ignores risk");
        }
        faults.above_zero(&path("tolerance"), self.tolerance, "use 1e-6");
        let listed = |name: &String| setting.assets.contains(name);
        if !setting.benchmark.as_ref().is_some_and(listed) {
            let hint = "name as benchmark one of market.assets";
            faults.push(OBJECTIVE, "measures tracking error against an asset of the study", hint);
        }
        if !self.benchmark_tradable
            && let Some(name) = &setting.benchmark
            && setting.bounded.contains(name)
        {
            let path = format!("allocate.bounds_by_asset.{name}");
            let hint = "remove it, or set benchmark_tradable = true";
            faults.push(&path, "has no effect: the benchmark may not be held", hint);
        }
        let floor = self.floor(setting);
        faults.at_least_zero(&path("tev_floor"), floor.unwrap_or(0.0));
        if floor == Some(0.0) && self.benchmark_tradable {
            let reason = match self.numerator {
                Numerator::Total => {
                    "has no bound: all in the benchmark is a tracking error of 0, and the ratio grows without end"
                }
                Numerator::Active => {
                    "is in general not attained: its supremum is approached as the portfolio nears the benchmark"
                }
            };
            let hint = "set tev_floor = 0.02, or benchmark_tradable = false";
            faults.push(&path("tev_floor"), reason, hint);
        }
    }

    /// The floor has a default that depends on other keys: the resolved study states it.
    fn complete(&mut self, setting: &Setting) {
        self.tev_floor = self.floor(setting);
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let (covariance, returns) = (inputs.covariance()?, inputs.expected_returns()?);
        let at = inputs.benchmark()?;
        inputs.setting.periods_per_year()?;
        let floor = self.floor(inputs.setting).unwrap_or(0.0);
        let base = match self.numerator {
            Numerator::Total => 0.0,
            Numerator::Active => returns[at],
        };
        let mut benchmark = vec![0.0; inputs.assets.len()];
        benchmark[at] = 1.0;
        let numerator = returns.iter().map(|rho| rho - base).collect();
        optimize::InformationRatio::new(numerator, covariance, benchmark)
            .and_then(|ratio| ratio.with_tev_floor(floor)?.with_lambda(self.lambda))
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn never_held(&self, inputs: &Inputs<'_>) -> Result<Option<usize>> {
        if self.benchmark_tradable { Ok(None) } else { inputs.benchmark().map(Some) }
    }

    fn shape(&self) -> Shape {
        Shape::Certified
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some("a ratio with a penalty has no certified maximum")
    }

    fn tolerance(&self) -> Option<f64> {
        Some(self.tolerance)
    }
}

fn yes() -> bool {
    true
}

fn ratio_tolerance() -> f64 {
    Settings::default().ratio_tolerance
}
