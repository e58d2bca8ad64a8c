//! The trainer that needs nothing: exact greedy boosted trees.

mod exp;
mod grow;
mod loss;
mod model;
mod partition;
mod presort;
mod prune;
mod rules;
mod sample;
mod scan;

use std::sync::Arc;

use grow::{Grower, Grown};
use loss::Pair;
use model::Boosted;
use presort::Presorted;
use rules::Rules;
use sample::Sampler;

pub(crate) use exp::exp;

use crate::forest::{self, Forest, MOST_COLUMNS, MOST_NODES, Node, NodeRecord, Walk};
use crate::trainer::check_training;
use crate::{Error, Model, Parameters, Prepared, Result, Stop, Table, Trainer};

/// Exact greedy trees on the second-order logistic loss, grown level by level and then pruned.
///
/// Every value of every feature is a candidate; missing values learn a default side per split. The
/// same table, labels and parameters give the same bits on every machine. The arithmetic, the order
/// of the search and the sampling are those of XGBoost 3.2 with `tree_method = "exact"`.
///
/// # Source
/// Chen & Guestrin (2016), XGBoost: A Scalable Tree Boosting System, algorithms 1 and 3.
/// # Examples
/// ```
/// use walkfolio_learn::{BuiltIn, Model, Parameters, Table, Trainer};
/// let mut table = Table::new(vec!["momentum".into()]);
/// for i in 0..40 {
///     table.push(&[Some(f64::from(i))])?;
/// }
/// let labels: Vec<bool> = (0..40).map(|i| i >= 20).collect();
/// let model = BuiltIn.fit(&table, &labels, &Parameters::default())?;
/// let p = model.predict(&table)?;
/// assert!(p[0] < 0.1 && p[39] > 0.9);
/// # Ok::<(), walkfolio_learn::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

impl Trainer for BuiltIn {
    fn name(&self) -> &'static str {
        "built_in"
    }

    fn fit(
        &self,
        table: &Table,
        labels: &[bool],
        parameters: &Parameters,
    ) -> Result<Box<dyn Model>> {
        Training::new(table, labels, Stop::default())?.fit(parameters)
    }

    fn prepare(&self, table: &Table, labels: &[bool]) -> Result<Option<Box<dyn Prepared>>> {
        Ok(Some(Box::new(Training::new(table, labels, Stop::default())?)))
    }
}

impl BuiltIn {
    /// The same trainer, whose fits end between two trees once `stop` says so.
    pub fn until(self, stop: Stop) -> impl Trainer {
        Until(stop)
    }
}

/// [`BuiltIn`] that can be stopped.
#[derive(Debug)]
struct Until(Stop);

impl Trainer for Until {
    fn name(&self) -> &'static str {
        BuiltIn.name()
    }

    fn fit(
        &self,
        table: &Table,
        labels: &[bool],
        parameters: &Parameters,
    ) -> Result<Box<dyn Model>> {
        Training::new(table, labels, self.0.clone())?.fit(parameters)
    }

    fn prepare(&self, table: &Table, labels: &[bool]) -> Result<Option<Box<dyn Prepared>>> {
        Ok(Some(Box::new(Training::new(table, labels, self.0.clone())?)))
    }
}

/// A training table, sorted once for all fits.
#[derive(Debug)]
struct Training {
    names: Vec<String>,
    presorted: Presorted,
    labels: Vec<f32>,
    stop: Stop,
}

impl Training {
    fn new(table: &Table, labels: &[bool], stop: Stop) -> Result<Self> {
        check_training(table, labels)?;
        check_size("columns", table.columns(), MOST_COLUMNS)?;
        check_size("rows", table.rows(), MOST_NODES / 2)?;
        Ok(Self {
            names: table.names().to_vec(),
            presorted: Presorted::new(table),
            labels: labels.iter().map(|&label| f32::from(u8::from(label))).collect(),
            stop,
        })
    }
}

fn check_size(what: &'static str, found: usize, most: usize) -> Result<()> {
    if found <= most { Ok(()) } else { Err(Error::TooLarge { what, found, most }) }
}

impl Prepared for Training {
    fn fit(&self, parameters: &Parameters) -> Result<Box<dyn Model>> {
        parameters.check()?;
        let mut boosting = Boosting::new(self, parameters);
        for _ in 0..parameters.n_estimators {
            self.stop.check()?;
            boosting.add_tree();
        }
        let names = self.names.clone();
        let (forest, records) = (Arc::new(boosting.forest), boosting.records);
        Ok(Box::new(Boosted::new(names, parameters.clone(), forest, records)))
    }
}

/// The state between one tree and the next.
struct Boosting<'a> {
    training: &'a Training,
    grower: Grower<'a>,
    sampler: Sampler,
    subsample: f32,
    colsample: f32,
    margins: Vec<f32>,
    pairs: Vec<Pair>,
    sampled: Vec<bool>,
    walk: Walk,
    forest: Forest,
    records: Vec<NodeRecord>,
}

impl<'a> Boosting<'a> {
    #[allow(clippy::cast_possible_truncation)] // XGBoost's parameters are `f32`
    fn new(training: &'a Training, parameters: &Parameters) -> Self {
        let rows = training.presorted.rows;
        let base_score = loss::base_score(&training.labels);
        Self {
            training,
            grower: Grower::new(&training.presorted, Rules::new(parameters)),
            sampler: Sampler::new(parameters.seed),
            subsample: parameters.subsample as f32,
            colsample: parameters.colsample_bytree as f32,
            margins: vec![forest::margin(base_score); rows],
            pairs: vec![[0.0; 2]; rows],
            sampled: vec![true; rows],
            walk: Walk::default(),
            forest: Forest::new(training.names.len(), base_score),
            records: Vec::new(),
        }
    }

    fn add_tree(&mut self) {
        loss::derive(&self.margins, &self.training.labels, &mut self.pairs);
        self.sampler.rows(self.subsample, &mut self.sampled);
        let columns = self.sampler.columns(self.colsample, self.training.names.len());
        self.grower.grow(&self.pairs, &self.sampled, columns);
        self.grower.prune();
        let tree = self.grower.reached();
        let nodes: Vec<Node> = tree.iter().map(|grown| self.node(grown)).collect();
        self.update_margins(&tree, &nodes);
        self.records.extend(tree.iter().map(record));
        self.forest.push(nodes.into_iter());
    }

    fn node(&self, grown: &Grown) -> Node {
        match grown.split {
            Some((split, left)) => Node::split(split.column, split.threshold, split.default, left),
            None => Node::leaf(grown.weight * self.grower.rules.learning_rate),
        }
    }

    /// Adds the tree to the margins: sampled rows stand with their leaf, others go down the tree.
    fn update_margins(&mut self, tree: &[Grown], nodes: &[Node]) {
        for grown in tree.iter().filter(|grown| grown.split.is_none()) {
            let leaf = grown.weight * self.grower.rules.learning_rate;
            for &row in &self.grower.partition.rows[grown.rows()] {
                self.margins[row as usize] += leaf;
            }
        }
        if self.subsample < 1.0 {
            self.walk.enter(nodes);
            for (row, _) in self.sampled.iter().enumerate().filter(|(_, sampled)| !**sampled) {
                self.margins[row] += self.walk.leaf(self.training.presorted.row(row));
            }
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // XGBoost keeps a node's statistics as `f32`
fn record(grown: &Grown) -> NodeRecord {
    NodeRecord {
        gain: grown.split.map_or(0.0, |(split, _)| split.gain),
        hess: grown.sums.hess as f32,
        weight: grown.weight,
    }
}
