//! What the built-in trainer hands out.

use std::sync::Arc;

use crate::forest::{self, Forest, NodeRecord};
use crate::{Importance, Model, Parameters, Result, Table};

/// Trees with the statistics of their nodes.
#[derive(Debug)]
pub(super) struct Boosted {
    names: Vec<String>,
    parameters: Parameters,
    forest: Arc<Forest>,
    records: Vec<NodeRecord>,
    importance: Vec<Importance>,
}

impl Boosted {
    pub(super) fn new(
        names: Vec<String>,
        parameters: Parameters,
        forest: Arc<Forest>,
        records: Vec<NodeRecord>,
    ) -> Self {
        let importance = forest.importance(&records);
        Self { names, parameters, forest, records, importance }
    }
}

impl Model for Boosted {
    fn predict(&self, table: &Table) -> Result<Vec<f64>> {
        self.forest.predict(table)
    }

    fn predict_with(&self, table: &Table, trees: u32) -> Result<Vec<f64>> {
        self.forest.predict_with(table, trees)
    }

    fn importance(&self) -> &[Importance] {
        &self.importance
    }

    fn to_json(&self) -> Result<Vec<u8>> {
        forest::write(&self.forest, &self.records, &self.names, &self.parameters)
    }

    fn forest(&self) -> Result<Arc<Forest>> {
        Ok(Arc::clone(&self.forest))
    }
}
