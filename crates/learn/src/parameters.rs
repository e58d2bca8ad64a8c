//! The parameters of boosted trees.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::{Error, Result};

/// How trees are grown; names and meanings are XGBoost's.
///
/// # Source
/// XGBoost 3.2, "XGBoost Parameters" (parameters for tree booster).
/// # Examples
/// ```
/// use walkfolio_learn::Parameters;
/// let wrong = Parameters { subsample: 1.5, ..Parameters::default() };
/// let fault = wrong.check().unwrap_err().to_string();
/// assert_eq!(fault, "`subsample` is 1.5, it must be above 0 and at most 1");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(description = "How trees are grown; names and meanings are XGBoost's.")]
pub struct Parameters {
    /// Number of trees.
    ///
    /// Unit: trees.
    pub n_estimators: u32,
    /// Greatest depth of a tree.
    ///
    /// Unit: levels.
    pub max_depth: u32,
    /// What each tree's answer is multiplied by.
    ///
    /// Unit: fraction.
    pub learning_rate: f64,
    /// Share of the rows that a tree is grown on.
    ///
    /// Unit: fraction.
    pub subsample: f64,
    /// Share of the features that a tree may split on.
    ///
    /// Unit: fraction.
    pub colsample_bytree: f64,
    /// L1 penalty on the values of leaves.
    ///
    /// Unit: sum of gradients.
    pub reg_alpha: f64,
    /// L2 penalty on the values of leaves.
    ///
    /// Unit: sum of second derivatives.
    pub reg_lambda: f64,
    /// Least gain of a split.
    ///
    /// Unit: reduction of the loss.
    pub gamma: f64,
    /// Least sum of second derivatives in a leaf.
    ///
    /// Unit: sum of second derivatives.
    pub min_child_weight: f64,
    /// Seed of the sampling.
    ///
    /// Unit: any.
    #[schemars(with = "u32")]
    pub seed: u64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            n_estimators: 200,
            max_depth: 4,
            learning_rate: 0.1,
            subsample: 0.8,
            colsample_bytree: 0.8,
            reg_alpha: 0.0,
            reg_lambda: 1.0,
            gamma: 0.0,
            min_child_weight: 1.0,
            seed: 42,
        }
    }
}

/// What a search may vary.
const KEYS: [&str; 9] = [
    "n_estimators",
    "max_depth",
    "learning_rate",
    "subsample",
    "colsample_bytree",
    "reg_alpha",
    "reg_lambda",
    "gamma",
    "min_child_weight",
];

const FRACTION: &str = "above 0 and at most 1";
const PENALTY: &str = "at least 0 and finite";

impl Parameters {
    /// Whether the parameters obey their rules.
    ///
    /// # Errors
    /// [`Error::Parameters`] with every fault: its key, its rule and the value found.
    pub fn check(&self) -> Result<()> {
        let fraction = |value: f64| value > 0.0 && value <= 1.0;
        let penalty = |value: f64| (0.0..=f64::from(f32::MAX)).contains(&value);
        let rules = [
            ("n_estimators", (1..=100_000).contains(&self.n_estimators), "1 to 100000"),
            ("max_depth", (1..=16).contains(&self.max_depth), "1 to 16"),
            ("learning_rate", fraction(self.learning_rate), FRACTION),
            ("subsample", fraction(self.subsample), FRACTION),
            ("colsample_bytree", fraction(self.colsample_bytree), FRACTION),
            ("reg_alpha", penalty(self.reg_alpha), PENALTY),
            ("reg_lambda", penalty(self.reg_lambda), PENALTY),
            ("gamma", penalty(self.gamma), PENALTY),
            ("min_child_weight", penalty(self.min_child_weight), PENALTY),
            ("seed", i64::try_from(self.seed).is_ok(), "at most 9223372036854775807"),
        ];
        let broken = rules.into_iter().filter(|(_, holds, _)| !holds);
        let faults: Vec<Fault> =
            broken.map(|(key, _, rule)| Fault { key, rule, value: self.text(key) }).collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Parameters { faults }) }
    }

    /// Sets what is varied in a search by its key.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`] for a key that is none of them, [`Error::Parameters`] for a number
    /// that is not whole where a count is needed.
    pub fn set(&mut self, key: &str, value: f64) -> Result<()> {
        let count = |key| {
            // A whole number up to a million.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let count =
                (value.fract() == 0.0 && (0.0..=1e6).contains(&value)).then_some(value as u32);
            let fault = Fault { key, rule: "whole numbers", value: value.to_string() };
            count.ok_or(Error::Parameters { faults: vec![fault] })
        };
        match key {
            "n_estimators" => self.n_estimators = count("n_estimators")?,
            "max_depth" => self.max_depth = count("max_depth")?,
            "learning_rate" => self.learning_rate = value,
            "subsample" => self.subsample = value,
            "colsample_bytree" => self.colsample_bytree = value,
            "reg_alpha" => self.reg_alpha = value,
            "reg_lambda" => self.reg_lambda = value,
            "gamma" => self.gamma = value,
            "min_child_weight" => self.min_child_weight = value,
            _ => return Err(Error::UnknownParameter { key: key.to_owned(), known: &KEYS }),
        }
        Ok(())
    }

    fn text(&self, key: &str) -> String {
        match key {
            "n_estimators" => self.n_estimators.to_string(),
            "max_depth" => self.max_depth.to_string(),
            "learning_rate" => self.learning_rate.to_string(),
            "subsample" => self.subsample.to_string(),
            "colsample_bytree" => self.colsample_bytree.to_string(),
            "reg_alpha" => self.reg_alpha.to_string(),
            "reg_lambda" => self.reg_lambda.to_string(),
            "gamma" => self.gamma.to_string(),
            "min_child_weight" => self.min_child_weight.to_string(),
            _ => self.seed.to_string(),
        }
    }

    /// Everything but the number of trees, as bits: two settings with the same key grow the same
    /// trees, one of them more of these.
    pub(crate) fn key(&self) -> [u64; 9] {
        [
            u64::from(self.max_depth),
            self.learning_rate.to_bits(),
            self.subsample.to_bits(),
            self.colsample_bytree.to_bits(),
            self.reg_alpha.to_bits(),
            self.reg_lambda.to_bits(),
            self.gamma.to_bits(),
            self.min_child_weight.to_bits(),
            self.seed,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_reported_at_once() {
        let wrong = Parameters {
            n_estimators: 0,
            max_depth: 17,
            learning_rate: f64::NAN,
            reg_lambda: -1.0,
            seed: u64::MAX,
            ..Parameters::default()
        };
        assert_eq!(
            wrong.check().unwrap_err().to_string(),
            "`n_estimators` is 0, it must be 1 to 100000; `max_depth` is 17, it must be 1 to 16; \
             `learning_rate` is NaN, it must be above 0 and at most 1; `reg_lambda` is -1, it must \
             be at least 0 and finite; `seed` is 18446744073709551615, it must be at most \
             9223372036854775807"
        );
        Parameters::default().check().unwrap();
    }

    #[test]
    fn the_number_of_trees_is_not_part_of_the_key() {
        let base = Parameters::default();
        let more = Parameters { n_estimators: 300, ..base.clone() };
        let deeper = Parameters { max_depth: 6, ..base.clone() };
        assert_eq!(base.key(), more.key());
        assert_ne!(base.key(), deeper.key());
    }
}
