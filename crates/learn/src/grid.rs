//! Grids of parameters.

use serde::{Deserialize, Serialize};

use crate::Parameters;

/// Values to try of each parameter; an empty list keeps the base's value.
///
/// # Examples
/// ```
/// use walkfolio_learn::{Grid, Parameters};
/// let grid = Grid { max_depth: vec![4, 6], reg_alpha: vec![0.0, 0.1], ..Grid::default() };
/// let tried = grid.settings(&Parameters::default());
/// let pairs: Vec<_> = tried.iter().map(|p| (p.max_depth, p.reg_alpha)).collect();
/// assert_eq!(pairs, [(4, 0.0), (4, 0.1), (6, 0.0), (6, 0.1)]);
/// assert_eq!(Grid::original().settings(&Parameters::default()).len(), 432);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grid {
    /// Values of [`Parameters::n_estimators`].
    pub n_estimators: Vec<u32>,
    /// Values of [`Parameters::max_depth`].
    pub max_depth: Vec<u32>,
    /// Values of [`Parameters::learning_rate`].
    pub learning_rate: Vec<f64>,
    /// Values of [`Parameters::subsample`].
    pub subsample: Vec<f64>,
    /// Values of [`Parameters::colsample_bytree`].
    pub colsample_bytree: Vec<f64>,
    /// Values of [`Parameters::reg_alpha`].
    pub reg_alpha: Vec<f64>,
    /// Values of [`Parameters::reg_lambda`].
    pub reg_lambda: Vec<f64>,
    /// Values of [`Parameters::gamma`].
    pub gamma: Vec<f64>,
    /// Values of [`Parameters::min_child_weight`].
    pub min_child_weight: Vec<f64>,
}

impl Grid {
    /// The grid of the original study, 432 settings.
    pub fn original() -> Self {
        Self {
            n_estimators: vec![100, 200, 300],
            max_depth: vec![4, 6, 8],
            learning_rate: vec![0.05, 0.1, 0.15],
            subsample: vec![0.8, 0.9],
            colsample_bytree: vec![0.8, 0.9],
            reg_alpha: vec![0.0, 0.1],
            reg_lambda: vec![1.0, 1.5],
            ..Self::default()
        }
    }

    /// All combinations, the last parameter varying fastest.
    ///
    /// # Shape and units
    /// As many settings as the product of the lengths, an empty list counted as 1.
    pub fn settings(&self, base: &Parameters) -> Vec<Parameters> {
        let mut settings = vec![base.clone()];
        vary(&mut settings, &self.n_estimators, |p| &mut p.n_estimators);
        vary(&mut settings, &self.max_depth, |p| &mut p.max_depth);
        vary(&mut settings, &self.learning_rate, |p| &mut p.learning_rate);
        vary(&mut settings, &self.subsample, |p| &mut p.subsample);
        vary(&mut settings, &self.colsample_bytree, |p| &mut p.colsample_bytree);
        vary(&mut settings, &self.reg_alpha, |p| &mut p.reg_alpha);
        vary(&mut settings, &self.reg_lambda, |p| &mut p.reg_lambda);
        vary(&mut settings, &self.gamma, |p| &mut p.gamma);
        vary(&mut settings, &self.min_child_weight, |p| &mut p.min_child_weight);
        settings
    }
}

/// Replaces each setting by one per value.
fn vary<T: Copy>(settings: &mut Vec<Parameters>, values: &[T], key: fn(&mut Parameters) -> &mut T) {
    if values.is_empty() {
        return;
    }
    let with = |setting: &Parameters, value: T| {
        let mut setting = setting.clone();
        *key(&mut setting) = value;
        setting
    };
    *settings = settings
        .iter()
        .flat_map(|setting| values.iter().map(move |&value| with(setting, value)))
        .collect();
}
