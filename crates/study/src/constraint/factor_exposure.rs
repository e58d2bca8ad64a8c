//! Ranges of the portfolio's exposures to factors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Error, Faults, Matrix, Note, Result};
use walkfolio_estimate::{Needs, windows};
use walkfolio_optimize::{Constraint, Exposure};

use super::form::ConstraintForm;
use crate::objective::{Inputs, Setting};
use crate::words;

/// The range of the exposure to a factor: `min <= sum of the weights times the assets' loadings <= max`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorExposureSpec {
    /// The factor, by its name in the factor file: `Mkt-RF`, `SMB`, `HML`, `RMW`, `CMA`, `Mom`; any name with
    /// `loadings` of your own.
    ///
    /// Example: `factor = "SMB"`
    pub factor: String,
    /// Loadings of your own in place of regressed ones, CSV or Parquet below the folder of the prices: `date, asset,
    /// loading`, or a column of dates and one for each asset. A loading is known from its date on and holds until a
    /// later one. Decisions begin once every eligible asset has one.
    ///
    /// Example: `loadings = "duration.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loadings: Option<String>,
    /// Minimum exposure.
    ///
    /// Unit: of loadings, 1 for the factor itself.
    ///
    /// Example: `min = -0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Maximum exposure.
    ///
    /// Unit: of loadings, 1 for the factor itself.
    ///
    /// Example: `max = 0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// All ranges of a study.
#[derive(Debug, Clone)]
pub(crate) struct FactorExposures(pub Vec<FactorExposureSpec>);

/// The name under which a market has the loadings of a file.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_study::loadings_name("value.csv"), "loadings of value.csv");
/// ```
pub fn loadings_name(file: &str) -> String {
    format!("loadings of {file}")
}

impl FactorExposureSpec {
    /// As a constraint on assets with these loadings.
    fn range(&self, loadings: Vec<f64>) -> Result<Constraint> {
        let name = format!("factor_exposure to {}", self.factor);
        let min = self.min.unwrap_or(f64::NEG_INFINITY);
        let max = self.max.unwrap_or(f64::INFINITY);
        Exposure::new(&name, loadings, min, max).map(Constraint::from).map_err(words::policy)
    }
}

/// The newest known loadings of a file.
fn stated(file: &str, inputs: &Inputs<'_>) -> Result<Vec<f64>> {
    let name = loadings_name(file);
    let of = |&asset: &usize| {
        inputs.past.signal(&name, asset)?.ok_or_else(|| {
            let asset = &inputs.past.universe().tickers()[asset];
            let last = inputs.past.dates().last().map_or_else(String::new, ToString::to_string);
            Error::Policy {
                message: format!("{file} has no loading of {asset} on {last} or before"),
                hint: Some("add one, 0 for none; or leave the asset out".to_owned()),
            }
        })
    };
    inputs.assets.iter().map(of).collect()
}

impl FactorExposures {
    /// Loadings come from the window of the covariance, or of an objective without one.
    fn rows(setting: &Setting) -> usize {
        setting.risk_rows()
    }

    /// Whether loadings are regressed on factors.
    fn regresses(&self) -> bool {
        self.0.iter().any(|spec| spec.loadings.is_none())
    }

    /// The names of the factors and the loadings of the assets on them.
    fn regressed(&self, inputs: &Inputs<'_>) -> Result<Option<(Vec<String>, Matrix)>> {
        let Some(names) = inputs.past.factor_names().filter(|_| self.regresses()) else {
            return Ok(None);
        };
        let rows = Self::rows(inputs.setting);
        let model = windows::factor_model(inputs.past, inputs.assets, rows)?;
        Ok(Some((names.to_vec(), model.loadings)))
    }
}

/// The loadings on a factor.
fn column((names, loadings): &(Vec<String>, Matrix), factor: &str) -> Result<Vec<f64>> {
    let at = names.iter().position(|name| name == factor).ok_or_else(|| Error::Policy {
        message: format!("there is no factor {factor}"),
        hint: Some(format!("the factors are {}", names.join(", "))),
    })?;
    Ok(loadings.iter_rows().map(|row| row[at]).collect())
}

impl ConstraintForm for FactorExposures {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        for (index, spec) in self.0.iter().enumerate() {
            let path = format!("allocate.factor_exposure[{index}]");
            if !setting.has_factors && spec.loadings.is_none() {
                let hint = "add factors = \"french3\" to [market], or loadings = \"FILE\" here";
                faults.push(&path, "needs factors, and there are none", hint);
            }
            match (spec.min, spec.max) {
                (None, None) => faults.push(&path, "has neither min nor max", "add one of them"),
                (Some(min), Some(max)) if min > max => {
                    let message = format!("min {min} is larger than max {max}");
                    faults.push(&path, message, "swap the two");
                }
                _ => {}
            }
            if self.0[..index].iter().any(|other| other.factor == spec.factor) {
                let message = format!("{} is listed twice", spec.factor);
                faults.push(&format!("{path}.factor"), message, "give each factor one range");
            }
        }
    }

    fn needs(&self, setting: &Setting) -> Needs {
        if self.regresses() { Needs::factors(Self::rows(setting)) } else { Needs::default() }
    }

    fn is_ready(&self, inputs: &Inputs<'_>) -> bool {
        let mut files = self.0.iter().filter_map(|spec| spec.loadings.as_ref());
        files.all(|file| stated(file, inputs).is_ok())
    }

    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let regressed = self.regressed(inputs)?;
        let mut ranges = Vec::new();
        for spec in &self.0 {
            let loadings = match (&spec.loadings, &regressed) {
                (Some(file), _) => stated(file, inputs)?,
                (None, Some(regressed)) => column(regressed, &spec.factor)?,
                (None, None) => continue,
            };
            ranges.push(spec.range(loadings)?);
        }
        Ok(ranges)
    }
}
