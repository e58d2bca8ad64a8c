//! The trainer that is the real XGBoost library.

mod ffi;
mod locate;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::trainer::check_training;
use crate::{Error, Forest, Importance, Model, Parameters, Result, Stop, Table, Trainer};

use ffi::{Booster, Library, Matrix};

/// XGBoost 3.2 with `objective = "binary:logistic"` and `tree_method = "exact"`, one thread a fit.
///
/// # Examples
/// ```no_run
/// use walkfolio_learn::XgBoost;
/// let trainer = XgBoost::load(None)?; // what `make xgboost` has fetched
/// assert_eq!(trainer.version(), (3, 2, 0));
/// # Ok::<(), walkfolio_learn::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct XgBoost {
    library: Arc<Library>,
    stop: Stop,
}

impl XgBoost {
    /// Loads the library: the path given, else `WALKFOLIO_XGBOOST`, else what `make xgboost` has put
    /// into the cache folder.
    ///
    /// # Errors
    /// [`Error::LibraryMissing`], [`Error::LibraryBroken`], [`Error::LibraryVersion`].
    pub fn load(library: Option<&Path>) -> Result<Self> {
        let path = locate::locate(library)?;
        Ok(Self { library: Library::open(&path)?, stop: Stop::default() })
    }

    /// Whose fits end between two trees once `stop` says so.
    #[must_use]
    pub fn until(self, stop: Stop) -> Self {
        Self { stop, ..self }
    }

    /// The library's version.
    pub fn version(&self) -> (i32, i32, i32) {
        self.library.version()
    }

    /// A model that was saved in JSON, in the hands of the library.
    ///
    /// # Errors
    /// [`Error::Model`] if it is no model of binary logistic trees; [`Error::LibraryCall`] with the
    /// library's words if it refuses the file.
    pub fn read(&self, json: &[u8]) -> Result<Box<dyn Model>> {
        let forest = Forest::from_json(json)?;
        let names = crate::forest::names(json)?;
        let mut booster = Booster::new(&self.library, None)?;
        booster.read(json)?;
        booster.set("nthread", "1")?;
        self.model(booster, forest.columns(), forest.trees(), &names)
    }

    fn model(
        &self,
        mut booster: Booster,
        columns: usize,
        trees: u32,
        names: &[String],
    ) -> Result<Box<dyn Model>> {
        booster.name_features(&[])?;
        let importance = importance(&mut booster, columns)?;
        booster.name_features(names)?;
        let booster = Mutex::new(booster);
        Ok(Box::new(Boosted { trainer: self.clone(), booster, columns, trees, importance }))
    }

    fn matrix(&self, table: &Table) -> Result<Matrix> {
        Matrix::new(&self.library, &table.row_major(), table.rows(), table.columns())
    }
}

impl Trainer for XgBoost {
    fn name(&self) -> &'static str {
        "xgboost"
    }

    fn fit(
        &self,
        table: &Table,
        labels: &[bool],
        parameters: &Parameters,
    ) -> Result<Box<dyn Model>> {
        parameters.check()?;
        check_training(table, labels)?;
        let mut matrix = self.matrix(table)?;
        matrix.set_labels(&labels.iter().map(|&y| f32::from(u8::from(y))).collect::<Vec<f32>>())?;
        let mut booster = Booster::new(&self.library, Some(&matrix))?;
        for (key, value) in settings(parameters) {
            booster.set(key, &value)?;
        }
        for iteration in 0..parameters.n_estimators {
            self.stop.check()?;
            booster.update(iteration, &matrix)?;
        }
        self.model(booster, table.columns(), parameters.n_estimators, table.names())
    }
}

/// Parameters as the library is told them: in the precision it keeps.
#[allow(clippy::cast_possible_truncation)] // XGBoost's parameters are `f32`
fn settings(p: &Parameters) -> Vec<(&'static str, String)> {
    let float = |value: f64| (value as f32).to_string();
    vec![
        ("objective", "binary:logistic".to_owned()),
        ("tree_method", "exact".to_owned()),
        ("nthread", "1".to_owned()),
        ("verbosity", "0".to_owned()),
        ("max_depth", p.max_depth.to_string()),
        ("learning_rate", float(p.learning_rate)),
        ("subsample", float(p.subsample)),
        ("colsample_bytree", float(p.colsample_bytree)),
        ("reg_alpha", float(p.reg_alpha)),
        ("reg_lambda", float(p.reg_lambda)),
        ("gamma", float(p.gamma)),
        ("min_child_weight", float(p.min_child_weight)),
        ("seed", p.seed.to_string()),
    ]
}

/// The three scores of each feature; the library leaves out features without a split.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a number of splits
fn importance(booster: &mut Booster, columns: usize) -> Result<Vec<Importance>> {
    let mut importance = vec![Importance::default(); columns];
    for kind in ["gain", "weight", "cover"] {
        for (feature, score) in booster.feature_scores(kind)? {
            let Some(of) = feature_number(&feature).and_then(|k| importance.get_mut(k)) else {
                continue;
            };
            match kind {
                "gain" => of.gain = f64::from(score),
                "weight" => of.weight = score as u32,
                _ => of.cover = f64::from(score),
            }
        }
    }
    Ok(importance)
}

/// The number in `f12`, as the library calls a feature without a name.
fn feature_number(name: &str) -> Option<usize> {
    name.strip_prefix('f')?.parse().ok()
}

/// A booster, which answers one caller at a time.
#[derive(Debug)]
struct Boosted {
    trainer: XgBoost,
    booster: Mutex<Booster>,
    columns: usize,
    trees: u32,
    importance: Vec<Importance>,
}

impl Boosted {
    /// Runs a call on the booster; one that panicked before has left it whole.
    fn with<T>(&self, call: impl FnOnce(&mut Booster) -> T) -> T {
        call(&mut self.booster.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Model for Boosted {
    fn predict(&self, table: &Table) -> Result<Vec<f64>> {
        self.predict_with(table, self.trees)
    }

    fn predict_with(&self, table: &Table, trees: u32) -> Result<Vec<f64>> {
        if table.columns() != self.columns {
            return Err(Error::Columns { expected: self.columns, found: table.columns() });
        }
        if trees > self.trees {
            return Err(Error::TooManyTrees { asked: trees, trained: self.trees });
        }
        if table.rows() == 0 {
            return Ok(Vec::new());
        }
        if trees == 0 {
            // The library takes 0 for all.
            return self.forest()?.predict_with(table, 0);
        }
        let matrix = self.trainer.matrix(table)?;
        let answers = self.with(|booster| booster.predict(&matrix, trees))?;
        Ok(answers.into_iter().map(f64::from).collect())
    }

    fn importance(&self) -> &[Importance] {
        &self.importance
    }

    fn to_json(&self) -> Result<Vec<u8>> {
        self.with(Booster::json)
    }
}
