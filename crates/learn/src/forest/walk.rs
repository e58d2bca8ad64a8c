//! From the root of a tree to a leaf.

use super::node::{Node, Side};

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
            place = self.steps[place].next(row);
        }
        self.values[place]
    }

    /// Adds each row's leaf to its margin, four rows side by side.
    pub(crate) fn add(&self, cells: &[f32], columns: usize, margins: &mut [f32]) {
        let mut rows = cells.chunks_exact(4 * columns);
        let mut quads = margins.chunks_exact_mut(4);
        for (quad, four) in quads.by_ref().zip(rows.by_ref()) {
            let mut places = [0; 4];
            for _ in 0..self.depth {
                for (place, row) in places.iter_mut().zip(four.chunks_exact(columns)) {
                    *place = self.steps[*place].next(row);
                }
            }
            for (margin, place) in quad.iter_mut().zip(places) {
                *margin += self.values[place];
            }
        }
        let rest = rows.remainder().chunks_exact(columns);
        for (margin, row) in quads.into_remainder().iter_mut().zip(rest) {
            *margin += self.leaf(row);
        }
    }
}

impl Step {
    /// Where a row goes from here.
    #[inline]
    fn next(self, row: &[f32]) -> usize {
        let value = row[self.column as usize];
        let right = u32::from(value >= self.threshold) | u32::from(value.is_nan()) & self.missing;
        (self.left + right) as usize
    }

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
