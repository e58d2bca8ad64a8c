//! Trees as prediction needs them.

mod json;
mod node;
mod walk;

use crate::{Error, Importance, Result, Table};

pub(crate) use json::{names, write};
pub(crate) use node::{MOST_COLUMNS, MOST_NODES, Node, NodeRecord, Side};
pub(crate) use walk::Walk;

/// Boosted trees of a binary logistic model: all that prediction needs, eight bytes a node.
///
/// # Source
/// The trees and the order of summation of XGBoost 3.2: leaves in `f32`, tree after tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    columns: usize,
    /// The probability that an empty forest predicts.
    base_score: f32,
    /// The first node of each tree, and the end of the last.
    starts: Vec<u32>,
    nodes: Vec<Node>,
}

impl Forest {
    /// A forest without trees.
    pub(crate) fn new(columns: usize, base_score: f32) -> Self {
        Self { columns, base_score, starts: vec![0], nodes: Vec::new() }
    }

    /// Appends a tree whose nodes are in breadth-first order.
    #[allow(clippy::cast_possible_truncation)] // a forest of 2^32 nodes would fill 32 GB
    pub(crate) fn push(&mut self, tree: impl Iterator<Item = Node>) {
        self.nodes.extend(tree);
        self.starts.push(self.nodes.len() as u32);
    }

    /// Number of trees.
    pub fn trees(&self) -> u32 {
        u32::try_from(self.starts.len() - 1).unwrap_or(u32::MAX)
    }

    /// Number of features.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Memory of the trees, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.nodes) + size_of_val(&*self.starts)
    }

    /// The probability that each row's label is true.
    ///
    /// # Errors
    /// [`Error::Columns`] if the table is not as wide as the one trained on.
    pub fn predict(&self, table: &Table) -> Result<Vec<f64>> {
        self.predict_with(table, self.trees())
    }

    /// As [`Forest::predict`], of the first trees only.
    ///
    /// # Errors
    /// [`Error::Columns`]; [`Error::TooManyTrees`] if the forest has fewer.
    pub fn predict_with(&self, table: &Table, trees: u32) -> Result<Vec<f64>> {
        Ok(self.predict_prefixes(table, &[trees])?.pop().unwrap_or_default())
    }

    /// Probabilities of several prefixes of the trees in one pass.
    ///
    /// # Shape and units
    /// One vector per prefix, one probability per row; the prefixes must not decrease.
    /// # Errors
    /// [`Error::Columns`]; [`Error::TooManyTrees`] if the forest has fewer.
    pub fn predict_prefixes(&self, table: &Table, prefixes: &[u32]) -> Result<Vec<Vec<f64>>> {
        if table.columns() != self.columns {
            return Err(Error::Columns { expected: self.columns, found: table.columns() });
        }
        let cells = table.row_major();
        let mut margins = vec![margin(self.base_score); table.rows()];
        let (mut walk, mut done) = (Walk::default(), 0);
        let mut answers = Vec::with_capacity(prefixes.len());
        for &asked in prefixes {
            if asked > self.trees() {
                return Err(Error::TooManyTrees { asked, trained: self.trees() });
            }
            for tree in done..asked {
                walk.enter(self.tree(tree));
                walk.add(&cells, self.columns, &mut margins);
            }
            done = done.max(asked);
            answers.push(margins.iter().map(|&m| f64::from(probability(m))).collect());
        }
        Ok(answers)
    }

    /// How much each feature matters, from what is recorded of all nodes in order.
    pub(crate) fn importance(&self, records: &[NodeRecord]) -> Vec<Importance> {
        let mut importance = vec![Importance::default(); self.columns];
        for (node, record) in self.nodes.iter().zip(records).filter(|(node, _)| node.left() > 0) {
            let feature = &mut importance[node.column()];
            feature.weight += 1;
            feature.gain += f64::from(record.gain);
            feature.cover += f64::from(record.hess);
        }
        for feature in importance.iter_mut().filter(|feature| feature.weight > 0) {
            feature.gain /= f64::from(feature.weight);
            feature.cover /= f64::from(feature.weight);
        }
        importance
    }

    fn tree(&self, tree: u32) -> &[Node] {
        let tree = tree as usize;
        &self.nodes[self.starts[tree] as usize..self.starts[tree + 1] as usize]
    }
}

/// The margin of a probability, `ln(p / (1 - p))`, as XGBoost computes it.
#[allow(clippy::cast_possible_truncation)] // XGBoost's margins are `f32`
pub(crate) fn margin(probability: f32) -> f32 {
    -(libm::log(f64::from(1.0 / probability - 1.0)) as f32)
}

/// The probability of a margin, as XGBoost computes it.
pub(crate) fn probability(margin: f32) -> f32 {
    1.0 / (crate::built_in::exp(f32::min(-margin, 88.7)) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stump() -> Forest {
        let mut forest = Forest::new(2, 0.5);
        let root = Node::split(1, 0.25, Side::Left, 1);
        forest.push([root, Node::leaf(-1.0), Node::leaf(1.0)].into_iter());
        forest.push([Node::leaf(0.5)].into_iter());
        forest
    }

    fn table() -> Table {
        let mut table = Table::new(vec!["a".into(), "b".into()]);
        for b in [Some(0.2), Some(0.25), None] {
            table.push(&[Some(9.0), b]).unwrap();
        }
        table
    }

    #[test]
    fn smaller_goes_left_and_missing_goes_its_way() {
        let p = |margin: f64| 1.0 / (1.0 + (-margin).exp());
        let first = stump().predict_with(&table(), 1).unwrap();
        for (found, expected) in first.iter().zip([p(-1.0), p(1.0), p(-1.0)]) {
            assert!((found - expected).abs() < 1e-7);
        }
        assert!((stump().predict(&table()).unwrap()[1] - p(1.5)).abs() < 1e-7);
        assert!(stump().predict_with(&table(), 0).unwrap().iter().all(|&p| p == 0.5));
    }

    #[test]
    fn a_node_keeps_what_it_is_given() {
        let node = Node::split(2047, 1.5, Side::Right, 1_048_575);
        assert_eq!((node.column(), node.left(), node.default()), (2047, 1_048_575, Side::Right));
        assert_eq!(size_of::<Node>(), 8);
    }

    #[test]
    fn the_wrong_width_and_too_many_trees_are_refused() {
        let wide = Table::new(vec!["a".into()]);
        assert_eq!(
            stump().predict(&wide).unwrap_err().to_string(),
            "the table has 1 columns, the model was trained on 2"
        );
        assert_eq!(
            stump().predict_with(&table(), 3).unwrap_err().to_string(),
            "3 trees are asked for, the model has 2"
        );
    }
}
