//! From the root of a tree to a leaf.

use super::{Node, Side};

/// A tree made ready to send many rows through.
///
/// Every row takes as many steps as the tree is deep, staying at its leaf once it is there, so that
/// no branch depends on the data and the processor walks several rows at a time.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    steps: Vec<Step>,
    /// The value of each leaf; the threshold of a split.
    values: Vec<f32>,
    depths: Vec<u32>,
    depth: u32,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    /// A smaller value goes left, any other right.
    threshold: f32,
    column: u32,
    left: u32,
    /// 1 if a missing value goes right.
    missing: u32,
}

impl Walk {
    /// Enters a tree.
    pub(crate) fn enter(&mut self, tree: &[Node]) {
        self.steps.clear();
        self.values.clear();
        self.depths.clear();
        self.depths.resize(tree.len(), 0);
        for (place, node) in tree.iter().enumerate() {
            let depth = self.depths[place];
            if node.left() > 0 {
                self.depths[node.left()..node.left() + 2].fill(depth + 1);
            }
            self.steps.push(Step::of(*node, place));
            self.values.push(node.value);
        }
        self.depth = self.depths.iter().copied().max().unwrap_or_default();
    }

    /// The value of the leaf at which a row ends.
    #[inline]
    pub(crate) fn leaf(&self, row: &[f32]) -> f32 {
        let mut place = 0;
        for _ in 0..self.depth {
            let step = self.steps[place];
            let value = row[step.column as usize];
            let right =
                u32::from(value >= step.threshold) | u32::from(value.is_nan()) & step.missing;
            place = (step.left + right) as usize;
        }
        self.values[place]
    }
}

impl Step {
    /// A split, or a leaf that every row stays at.
    #[allow(clippy::cast_possible_truncation)] // nodes are at most 2^20, columns 2^11
    fn of(node: Node, place: usize) -> Self {
        if node.left() == 0 {
            return Self { threshold: f32::INFINITY, column: 0, left: place as u32, missing: 0 };
        }
        Self {
            threshold: node.value,
            column: node.column() as u32,
            left: node.left() as u32,
            missing: u32::from(node.default() == Side::Right),
        }
    }
}
