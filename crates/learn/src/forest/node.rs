//! One node of a tree.

/// A split or a leaf. Children lie side by side, the left one first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Node {
    /// The threshold of a split (smaller values go left), or a leaf's contribution to the margin.
    pub(super) value: f32,
    /// The left child within the tree (0 at a leaf), the feature, and where a missing value goes.
    link: u32,
}

const CHILD_BITS: u32 = 20;
const COLUMN_BITS: u32 = 11;
const DEFAULT_LEFT: u32 = 1 << 31;

/// Columns that a node can name.
pub(crate) const MOST_COLUMNS: usize = 1 << COLUMN_BITS;
/// Nodes that a tree can have.
pub(crate) const MOST_NODES: usize = 1 << CHILD_BITS;

impl Node {
    pub(crate) fn leaf(value: f32) -> Self {
        Self { value, link: 0 }
    }

    pub(crate) fn split(column: u32, threshold: f32, default: Side, left: u32) -> Self {
        let default = if default == Side::Left { DEFAULT_LEFT } else { 0 };
        Self { value: threshold, link: default | column << CHILD_BITS | left }
    }

    pub(super) fn left(self) -> usize {
        self.link as usize & (MOST_NODES - 1)
    }

    pub(super) fn column(self) -> usize {
        (self.link >> CHILD_BITS) as usize & (MOST_COLUMNS - 1)
    }

    pub(super) fn default(self) -> Side {
        if self.link & DEFAULT_LEFT == 0 { Side::Right } else { Side::Left }
    }
}

/// A child of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// What a model file says of a node beyond what prediction needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct NodeRecord {
    /// What the split takes off the loss; 0 at a leaf.
    pub(crate) gain: f32,
    /// Sum of the second derivatives of its rows.
    pub(crate) hess: f32,
    /// Its weight as a leaf, before the learning rate.
    pub(crate) weight: f32,
}
