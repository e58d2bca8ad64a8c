//! Grids of parameters.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, Parameters, Result};

/// A search over more settings than this would take days.
const MOST_SETTINGS: usize = 10_000;

/// A search over parameters by cross-validated AUC, before a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterSearch {
    /// How often, in months; what was found holds until the next search.
    ///
    /// Example: `every_months = 12`
    pub every_months: u32,
    /// Values to try by parameter; all combinations are tried.
    #[serde(default = "Grid::original")]
    pub grid: Grid,
}

/// Values to try of each parameter, by its key.
///
/// # Examples
/// ```
/// use walkfolio_learn::{Grid, Parameters};
/// let grid = Grid::from([("max_depth", &[4.0, 6.0][..]), ("reg_alpha", &[0.0, 0.1])]);
/// let tried = grid.settings(&Parameters::default())?;
/// let pairs: Vec<_> = tried.iter().map(|p| (p.max_depth, p.reg_alpha)).collect();
/// assert_eq!(pairs, [(4, 0.0), (4, 0.1), (6, 0.0), (6, 0.1)]);
/// assert_eq!(Grid::original().settings(&Parameters::default())?.len(), 432);
/// # Ok::<(), walkfolio_learn::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Grid(BTreeMap<String, Vec<f64>>);

impl<const N: usize> From<[(&str, &[f64]); N]> for Grid {
    fn from(values: [(&str, &[f64]); N]) -> Self {
        Self(values.into_iter().map(|(key, values)| (key.to_owned(), values.to_vec())).collect())
    }
}

impl Grid {
    /// The 432 combinations of the original study.
    pub fn original() -> Self {
        Self::from([
            ("n_estimators", &[100.0, 200.0, 300.0][..]),
            ("max_depth", &[4.0, 6.0, 8.0]),
            ("learning_rate", &[0.05, 0.1, 0.15]),
            ("subsample", &[0.8, 0.9]),
            ("colsample_bytree", &[0.8, 0.9]),
            ("reg_alpha", &[0.0, 0.1]),
            ("reg_lambda", &[1.0, 1.5]),
        ])
    }

    /// All combinations in the order of the keys, the last varying fastest; `base` has the values of
    /// what the grid leaves open.
    ///
    /// # Shape and units
    /// As many settings as the product of the lengths.
    /// # Errors
    /// [`Error::NoSettings`] without a key or for a key without values, [`Error::TooManySettings`]
    /// above 10,000 of them, and those of [`Parameters::set`] and [`Parameters::check`] for the first
    /// that breaks a rule.
    pub fn settings(&self, base: &Parameters) -> Result<Vec<Parameters>> {
        let sizes = || self.0.values().map(Vec::len);
        if self.0.is_empty() || sizes().any(|size| size == 0) {
            return Err(Error::NoSettings);
        }
        let found = sizes().fold(1, usize::saturating_mul);
        if found > MOST_SETTINGS {
            return Err(Error::TooManySettings { found, most: MOST_SETTINGS });
        }
        let mut all = vec![base.clone()];
        for (key, values) in &self.0 {
            let with = |setting: &Parameters, value: f64| {
                let mut setting = setting.clone();
                setting.set(key, value)?;
                Ok(setting)
            };
            let each = |setting| values.iter().map(move |&value| with(setting, value));
            all = all.iter().flat_map(each).collect::<Result<_>>()?;
        }
        all.iter().try_for_each(Parameters::check)?;
        Ok(all)
    }
}
