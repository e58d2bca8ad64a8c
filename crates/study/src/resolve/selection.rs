//! Which assets a decision may hold: labels, features, folds and the search over parameters.

use std::collections::BTreeMap;

use walkfolio_learn::{Error, Parameters};

use super::Faults;
use crate::check::nearest;
use crate::selection::{Classifier, Labels, ParameterSearch, Selection};
use crate::spec::{LabelsSpec, ParameterSearchSpec, SelectSpec, Spec};

/// At least so many are selected where the study does not say.
const DEFAULT_LEAST: u32 = 4;
/// A search over more settings than this would take days.
const MOST_SETTINGS: usize = 10_000;

impl Faults<'_> {
    pub fn selection(&mut self, spec: &Spec) -> Option<Selection> {
        if !matches!(spec.select, SelectSpec::None) && spec.market.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market], or remove [select]";
            self.push("select", "foresees what tracks a benchmark, and there is none", hint);
        }
        match &spec.select {
            SelectSpec::None => Some(Selection::All),
            SelectSpec::Persistence { min_selected, labels } => {
                self.least_selected(*min_selected, spec);
                let labels = self.labels(labels);
                Some(Selection::Persistence { least: *min_selected as usize, labels })
            }
            SelectSpec::BoostedTrees { min_selected, .. } => {
                self.least_selected(*min_selected, spec);
                self.classifier(&spec.select)
            }
        }
    }

    fn least_selected(&mut self, least: u32, spec: &Spec) {
        self.at_least("select.min_selected", least, 1);
        let n = spec.market.assets.len();
        // The default is no demand.
        if least as usize > n && least != DEFAULT_LEAST {
            let message = format!("{least} is more than the {n} assets: nothing is selected");
            self.push("select.min_selected", message, "use select.kind = \"none\" for all assets");
        }
    }

    fn classifier(&mut self, select: &SelectSpec) -> Option<Selection> {
        let SelectSpec::BoostedTrees {
            min_selected,
            threshold,
            trainer,
            features,
            labels,
            since,
            parameters,
            validation,
            search,
            save_models,
        } = select
        else {
            return None;
        };
        if !(0.0..=1.0).contains(threshold) {
            let message = format!("must be between 0 and 1, found {threshold}");
            self.push("select.threshold", message, "0.5 is more likely than not");
        }
        self.part("select.features", |faults| features.validate(faults));
        let labels = self.labels(labels);
        self.check("select.parameters", parameters);
        if validation.folds == 1 {
            let hint = "use 3, or 0 for no cross-validation";
            self.push("select.validation.folds", "must be 0 or at least 2, found 1", hint);
        }
        let search = match search {
            None => None,
            Some(search) => Some(self.search(search, parameters, validation.folds)?),
        };
        Some(Selection::Classifier(Box::new(Classifier {
            least: *min_selected as usize,
            threshold: *threshold,
            trainer: trainer.clone(),
            features: features.clone(),
            labels,
            since: *since,
            parameters: parameters.clone(),
            folds: validation.folds as usize,
            purge: validation.purge_months as usize,
            search,
            save_models: *save_models,
        })))
    }

    fn labels(&mut self, labels: &LabelsSpec) -> Labels {
        let base = "select.labels";
        self.window(&format!("{base}.window"), labels.window, 2, "a label");
        if !(0.0..1.0).contains(&labels.threshold) {
            let message = format!("must be between 0 and 1, found {}", labels.threshold);
            self.push(&format!("{base}.threshold"), message, "0.005 is half a percent");
        }
        if !(labels.max_weight > 0.0 && labels.max_weight <= 1.0) {
            let message = format!("must be above 0 and at most 1, found {}", labels.max_weight);
            self.push(&format!("{base}.max_weight"), message, "0.3 is 30 %");
        }
        self.at_least_zero(&format!("{base}.l1_penalty"), labels.l1_penalty);
        Labels {
            window: labels.window as usize,
            threshold: labels.threshold,
            cap: labels.max_weight,
            l1: labels.l1_penalty,
        }
    }

    fn check(&mut self, path: &str, parameters: &Parameters) {
        match parameters.check() {
            Ok(()) => {}
            Err(Error::Parameters { faults }) => {
                for fault in faults {
                    let message = format!("must be {}, found {}", fault.rule, fault.value);
                    self.push(&format!("{path}.{}", fault.key), message, "");
                }
            }
            Err(error) => self.push(path, error.to_string(), &error.hint().unwrap_or_default()),
        }
    }

    fn search(
        &mut self,
        spec: &ParameterSearchSpec,
        base: &Parameters,
        folds: u32,
    ) -> Option<ParameterSearch> {
        self.at_least("select.search.every_months", spec.every_months, 1);
        if folds == 0 {
            let hint = "set select.validation.folds = 3";
            self.push("select.search", "needs a cross-validation, and there is none", hint);
        }
        let sizes = spec.grid.values().map(Vec::len);
        if sizes.clone().any(|size| size == 0) || spec.grid.is_empty() {
            self.push("select.search.grid", "has a key without values", "list at least one");
            return None;
        }
        let count: usize = sizes.product();
        if count > MOST_SETTINGS {
            let message = format!("has {count} combinations, more than {MOST_SETTINGS}");
            self.push("select.search.grid", message, "list fewer values");
            return None;
        }
        let before = self.found.len();
        let settings = self.settings(&spec.grid, base);
        // One fault of the grid is enough: the others are its echo.
        for setting in &settings {
            if self.found.len() == before {
                self.check("select.search.grid", setting);
            }
        }
        Some(ParameterSearch { every_months: spec.every_months, settings })
    }

    /// Every combination, the last parameter varying fastest.
    fn settings(
        &mut self,
        grid: &BTreeMap<String, Vec<f64>>,
        base: &Parameters,
    ) -> Vec<Parameters> {
        let mut all = vec![base.clone()];
        for (key, values) in grid {
            let mut next = Vec::with_capacity(all.len() * values.len());
            for setting in &all {
                for &value in values {
                    let mut setting = setting.clone();
                    if let Err((message, hint)) = assign(&mut setting, key, value) {
                        self.push(&format!("select.search.grid.{key}"), message, &hint);
                        return all;
                    }
                    next.push(setting);
                }
            }
            all = next;
        }
        all
    }
}

/// Sets a parameter by its name.
fn assign(parameters: &mut Parameters, key: &str, value: f64) -> Result<(), (String, String)> {
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
    let whole = || {
        let whole = value.fract() == 0.0 && (0.0..=1e6).contains(&value);
        // A whole number up to a million.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        whole
            .then_some(value as u32)
            .ok_or_else(|| (format!("must be whole numbers, found {value}"), String::new()))
    };
    match key {
        "n_estimators" => parameters.n_estimators = whole()?,
        "max_depth" => parameters.max_depth = whole()?,
        "learning_rate" => parameters.learning_rate = value,
        "subsample" => parameters.subsample = value,
        "colsample_bytree" => parameters.colsample_bytree = value,
        "reg_alpha" => parameters.reg_alpha = value,
        "reg_lambda" => parameters.reg_lambda = value,
        "gamma" => parameters.gamma = value,
        "min_child_weight" => parameters.min_child_weight = value,
        _ => {
            let keys: Vec<String> = KEYS.map(str::to_owned).to_vec();
            let hint =
                nearest(key, &keys).unwrap_or_else(|| format!("one of: {}", KEYS.join(", ")));
            return Err((format!("unknown parameter `{key}`"), hint));
        }
    }
    Ok(())
}
