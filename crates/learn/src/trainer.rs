//! What a trainer and its model can do.

use std::fmt::Debug;
use std::sync::Arc;

use crate::{Error, Forest, Importance, Parameters, Result, Table};

/// A way to fit boosted trees.
pub trait Trainer: Send + Sync + Debug {
    /// The trainer's name in a study.
    fn name(&self) -> &'static str;

    /// Fits trees to labels.
    ///
    /// # Shape and units
    /// One label per row of the table.
    /// # Errors
    /// [`Error::Parameters`], [`Error::Empty`], [`Error::Length`], [`Error::OneClass`], and what the
    /// trainer itself may meet.
    fn fit(
        &self,
        table: &Table,
        labels: &[bool],
        parameters: &Parameters,
    ) -> Result<Box<dyn Model>>;

    /// What all fits to the same rows share, if the trainer has such a thing: a search asks for it
    /// once per training range.
    ///
    /// # Errors
    /// As [`Trainer::fit`], except for the parameters.
    fn prepare(&self, _table: &Table, _labels: &[bool]) -> Result<Option<Box<dyn Prepared>>> {
        Ok(None)
    }
}

/// A training table that has been made ready for many fits.
pub trait Prepared: Send + Sync + Debug {
    /// As [`Trainer::fit`] to the rows prepared, with the same bits.
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    fn fit(&self, parameters: &Parameters) -> Result<Box<dyn Model>>;
}

/// A fitted classifier.
pub trait Model: Send + Sync + Debug {
    /// The probability that each row's label is true.
    ///
    /// # Errors
    /// [`Error::Columns`] if the table is not as wide as the one trained on.
    fn predict(&self, table: &Table) -> Result<Vec<f64>>;

    /// As [`Model::predict`], of the first trees only: the same as a fit of that many trees.
    ///
    /// # Errors
    /// [`Error::Columns`]; [`Error::TooManyTrees`] if the model has fewer.
    fn predict_with(&self, table: &Table, trees: u32) -> Result<Vec<f64>>;

    /// How much each feature matters, in column order.
    fn importance(&self) -> &[Importance];

    /// The model in XGBoost's JSON format, which `xgb.Booster().load_model` reads.
    ///
    /// # Errors
    /// What the trainer's library may meet.
    fn to_json(&self) -> Result<Vec<u8>>;

    /// The trees alone: all that prediction needs, and light to keep.
    ///
    /// # Errors
    /// As [`Model::to_json`].
    fn forest(&self) -> Result<Arc<Forest>> {
        Forest::from_json(&self.to_json()?).map(Arc::new)
    }
}

/// Checks what every fit needs: rows, columns, and labels of both classes.
pub(crate) fn check_training(table: &Table, labels: &[bool]) -> Result<()> {
    let (rows, columns) = (table.rows(), table.columns());
    if labels.len() != rows {
        return Err(Error::Length {
            what: "the label column",
            expected: rows,
            found: labels.len(),
        });
    }
    let Some(&label) = labels.first().filter(|_| columns > 0) else {
        return Err(Error::Empty { rows, columns });
    };
    if labels.iter().all(|&other| other == label) {
        return Err(Error::OneClass { label, rows });
    }
    Ok(())
}
