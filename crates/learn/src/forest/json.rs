//! XGBoost's JSON model format, version 3.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Forest;
use super::node::{MOST_COLUMNS, MOST_NODES, Node, NodeRecord, Side};
use crate::{Error, Parameters, Result};

/// The parent of a root.
const NONE: i32 = i32::MAX;

/// One tree of a model file: one entry per node in every column.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Tree {
    base_weights: Vec<f32>,
    #[serde(default)]
    categories: Vec<i32>,
    #[serde(default)]
    categories_nodes: Vec<i32>,
    #[serde(default)]
    categories_segments: Vec<i64>,
    #[serde(default)]
    categories_sizes: Vec<i64>,
    default_left: Vec<u8>,
    id: i32,
    left_children: Vec<i32>,
    loss_changes: Vec<f32>,
    parents: Vec<i32>,
    right_children: Vec<i32>,
    split_conditions: Vec<f32>,
    split_indices: Vec<i32>,
    #[serde(default)]
    split_type: Vec<u8>,
    sum_hessian: Vec<f32>,
    #[serde(rename = "tree_param")]
    header: Value,
}

/// A model file, as it is written.
#[derive(Serialize)]
struct Written<'a> {
    learner: WrittenLearner<'a>,
    version: [i32; 3],
}

#[derive(Serialize)]
struct WrittenLearner<'a> {
    attributes: Value,
    feature_names: &'a [String],
    feature_types: Vec<&'static str>,
    gradient_booster: WrittenBooster,
    learner_model_param: Value,
    objective: Value,
}

#[derive(Serialize)]
struct WrittenBooster {
    model: WrittenModel,
    name: &'static str,
}

#[derive(Serialize)]
struct WrittenModel {
    cats: Value,
    gbtree_model_param: Value,
    iteration_indptr: Vec<u32>,
    tree_info: Vec<i32>,
    trees: Vec<Tree>,
}

/// Writes a forest as XGBoost would save it.
pub(crate) fn write(
    forest: &Forest,
    records: &[NodeRecord],
    names: &[String],
    parameters: &Parameters,
) -> Result<Vec<u8>> {
    let parameters = serde_json::to_string(parameters).map_err(fault)?;
    let learner = WrittenLearner {
        attributes: json!({ "walkfolio_trainer": "built_in", "walkfolio_parameters": parameters }),
        feature_names: names,
        feature_types: vec!["float"; names.len()],
        gradient_booster: WrittenBooster { model: model(forest, records), name: "gbtree" },
        learner_model_param: json!({
            "base_score": format!("[{:E}]", forest.base_score),
            "boost_from_average": "1",
            "num_class": "0",
            "num_feature": forest.columns.to_string(),
            "num_target": "1",
        }),
        objective: json!({ "name": OBJECTIVE, "reg_loss_param": { "scale_pos_weight": "1" } }),
    };
    serde_json::to_vec(&Written { learner, version: [3, 2, 0] }).map_err(fault)
}

fn model(forest: &Forest, records: &[NodeRecord]) -> WrittenModel {
    let count = forest.trees();
    WrittenModel {
        cats: json!({ "enc": [], "feature_segments": [], "sorted_idx": [] }),
        gbtree_model_param: json!({ "num_parallel_tree": "1", "num_trees": count.to_string() }),
        iteration_indptr: (0..=count).collect(),
        tree_info: vec![0; count as usize],
        trees: (0..count).map(|tree| Tree::of(forest, records, tree)).collect(),
    }
}

const OBJECTIVE: &str = "binary:logistic";

#[allow(clippy::needless_pass_by_value)] // the shape that `map_err` hands over
fn fault(error: serde_json::Error) -> Error {
    Error::Model { message: error.to_string() }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::Model { message: message.into() }
}

impl Tree {
    #[allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation)] // nodes are at most 2^20
    fn of(forest: &Forest, records: &[NodeRecord], tree: u32) -> Self {
        let nodes = forest.tree(tree);
        let records = &records[forest.starts[tree as usize] as usize..][..nodes.len()];
        let column = |of: fn(&NodeRecord) -> f32| records.iter().map(of).collect::<Vec<f32>>();
        let children = |step: i32| {
            let child = |node: &Node| match node.left() {
                0 => -1,
                left => left as i32 + step,
            };
            nodes.iter().map(child).collect::<Vec<i32>>()
        };
        let default_left = |node: &Node| u8::from(node.left() > 0 && node.default() == Side::Left);
        Self {
            base_weights: column(|record| record.weight),
            default_left: nodes.iter().map(default_left).collect(),
            id: tree as i32,
            left_children: children(0),
            loss_changes: column(|record| record.gain),
            parents: parents(nodes),
            right_children: children(1),
            split_conditions: nodes.iter().map(|node| node.value).collect(),
            split_indices: nodes.iter().map(|node| node.column() as i32).collect(),
            split_type: vec![0; nodes.len()],
            sum_hessian: column(|record| record.hess),
            header: json!({ "num_deleted": "0", "num_feature": forest.columns.to_string(),
                "num_nodes": nodes.len().to_string(), "size_leaf_vector": "1" }),
            ..Self::default()
        }
    }

    /// The nodes in breadth-first order, children side by side, without those pruned.
    fn nodes(&self, columns: usize) -> Result<Vec<Node>> {
        let mut order = vec![0usize];
        let mut nodes = Vec::new();
        while let Some(&place) = order.get(nodes.len()) {
            let value = *self.split_conditions.get(place).ok_or_else(|| cut(place))?;
            let left = *self.left_children.get(place).ok_or_else(|| cut(place))?;
            if left < 0 {
                nodes.push(Node::leaf(value));
                continue;
            }
            let (left, right) = (left, *self.right_children.get(place).ok_or_else(|| cut(place))?);
            nodes.push(self.split(place, value, order.len(), columns)?);
            for child in [left, right] {
                order.push(usize::try_from(child).map_err(|_| cut(place))?);
            }
            if order.len() > MOST_NODES {
                return Err(Error::TooLarge {
                    what: "nodes in a tree",
                    found: order.len(),
                    most: MOST_NODES,
                });
            }
        }
        Ok(nodes)
    }

    #[allow(clippy::cast_possible_truncation)] // `left` is at most 2^20
    fn split(&self, place: usize, value: f32, left: usize, columns: usize) -> Result<Node> {
        if self.split_type.get(place).is_some_and(|&kind| kind != 0) {
            return Err(wrong("it splits on categories"));
        }
        let column = self.split_indices.get(place).and_then(|&column| u32::try_from(column).ok());
        let column = column.filter(|&c| (c as usize) < columns).ok_or_else(|| cut(place))?;
        let default = match self.default_left.get(place) {
            Some(0) => Side::Right,
            _ => Side::Left,
        };
        Ok(Node::split(column, value, default, left as u32))
    }
}

fn cut(node: usize) -> Error {
    wrong(format!("node {node} of a tree is incomplete"))
}

#[allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation)] // nodes are at most 2^20
fn parents(nodes: &[Node]) -> Vec<i32> {
    let mut parents = vec![NONE; nodes.len()];
    for (place, node) in nodes.iter().enumerate().filter(|(_, node)| node.left() > 0) {
        parents[node.left()..node.left() + 2].fill(place as i32);
    }
    parents
}

/// The part of a model file that prediction needs.
#[derive(Deserialize)]
struct File {
    learner: Learner,
}

#[derive(Deserialize)]
struct Learner {
    #[serde(default)]
    feature_names: Vec<String>,
    gradient_booster: Booster,
    #[serde(rename = "learner_model_param")]
    param: ModelParam,
    objective: Objective,
}

#[derive(Deserialize)]
struct Booster {
    model: Trees,
}

#[derive(Deserialize)]
struct Trees {
    trees: Vec<Tree>,
}

#[derive(Deserialize)]
struct ModelParam {
    base_score: String,
    num_feature: String,
}

#[derive(Deserialize)]
struct Objective {
    name: String,
}

impl Forest {
    /// Reads the trees of a model in XGBoost's JSON format.
    ///
    /// # Errors
    /// [`Error::Model`] if the file is another kind of model; [`Error::TooLarge`] if a tree is
    /// larger than a node can address.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        read(bytes)
    }
}

/// Reads a forest from what XGBoost has saved.
fn read(bytes: &[u8]) -> Result<Forest> {
    let learner = serde_json::from_slice::<File>(bytes).map_err(fault)?.learner;
    if learner.objective.name != OBJECTIVE {
        return Err(wrong(format!("its objective is `{}`", learner.objective.name)));
    }
    let param = learner.param;
    let base_score = param.base_score.trim_matches(['[', ']']).parse();
    let base_score: f32 = base_score.map_err(|_| wrong("its base score is no number"))?;
    let columns = param.num_feature.parse();
    let columns: usize = columns.map_err(|_| wrong("its number of features is no number"))?;
    if columns == 0 {
        return Err(wrong("it has no features"));
    }
    if columns > MOST_COLUMNS {
        return Err(Error::TooLarge { what: "columns", found: columns, most: MOST_COLUMNS });
    }
    let mut forest = Forest::new(columns, base_score);
    for tree in learner.gradient_booster.model.trees {
        forest.push(tree.nodes(columns)?.into_iter());
    }
    Ok(forest)
}

/// The features' names in a model file; none if it has none.
pub(crate) fn names(bytes: &[u8]) -> Result<Vec<String>> {
    Ok(serde_json::from_slice::<File>(bytes).map_err(fault)?.learner.feature_names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forest() -> (Forest, Vec<NodeRecord>) {
        let mut forest = Forest::new(3, 0.3);
        let nodes = [
            Node::split(1, 0.1, Side::Left, 1),
            Node::split(2, f32::MIN_POSITIVE, Side::Right, 3),
            Node::leaf(1.0 / 3.0),
            Node::leaf(-0.5),
            Node::leaf(0.25),
        ];
        forest.push(nodes.into_iter());
        forest.push([Node::leaf(0.5)].into_iter());
        (forest, vec![NodeRecord { gain: 1.0, hess: 2.0, weight: 3.0 }; 6])
    }

    #[test]
    fn a_forest_comes_back_as_it_was_written() {
        let (forest, records) = forest();
        let names: Vec<String> = ["a", "b", "c"].map(Into::into).to_vec();
        let bytes = write(&forest, &records, &names, &Parameters::default()).unwrap();
        assert_eq!(Forest::from_json(&bytes).unwrap(), forest);
    }

    #[test]
    fn other_models_are_refused_with_the_reason() {
        let (forest, records) = forest();
        let names: Vec<String> = ["a", "b", "c"].map(Into::into).to_vec();
        let bytes = write(&forest, &records, &names, &Parameters::default()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let refuse = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Forest::from_json(text.replace(from, to).as_bytes()).unwrap_err().to_string()
        };
        let head = "the model is no XGBoost model of binary logistic trees: ";
        assert_eq!(refuse(OBJECTIVE, "reg:x"), format!("{head}its objective is `reg:x`"));
        assert_eq!(refuse("[3E-1]", "x"), format!("{head}its base score is no number"));
        let gone = refuse("\"left_children\":[1,", "\"left_children\":[77,");
        assert_eq!(gone, format!("{head}node 77 of a tree is incomplete"));
        let none = refuse("\"num_feature\":\"3\",\"num_t", "\"num_feature\":\"0\",\"num_t");
        assert_eq!(none, format!("{head}it has no features"));
        assert!(Forest::from_json(b"{}").is_err());
        // A circle ends at the limit instead of running for ever.
        assert!(refuse("\"left_children\":[1,", "\"left_children\":[0,").contains("can address"));
    }
}
