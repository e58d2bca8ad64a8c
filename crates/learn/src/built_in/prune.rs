//! Taking back splits that gain too little.

use super::grow::{Grower, Grown};

impl Grower<'_> {
    /// Turns a split into a leaf where both its children are leaves and it gains less than gamma,
    /// from the leaves up.
    ///
    /// A split that gains too little stays if one below it gains enough.
    ///
    /// # Source
    /// XGBoost 3.2, updater `prune`.
    pub(super) fn prune(&mut self) {
        let gamma = self.rules.gamma;
        for node in (0..self.nodes.len()).rev() {
            if let Some((split, left)) = self.nodes[node].split
                && split.gain < gamma
                && self.is_leaf(left)
                && self.is_leaf(left + 1)
            {
                self.nodes[node].split = None;
            }
        }
    }

    fn is_leaf(&self, node: u32) -> bool {
        self.nodes[node as usize].split.is_none()
    }

    /// The nodes that can be reached from the root, breadth first.
    #[allow(clippy::cast_possible_truncation)] // nodes are at most 2^20
    pub(super) fn reached(&self) -> Vec<Grown> {
        let mut kept = vec![self.nodes[0]];
        let mut node = 0;
        while node < kept.len() {
            if let Some((split, left)) = kept[node].split {
                let place = kept.len() as u32;
                kept[node].split = Some((split, place));
                kept.extend_from_slice(&self.nodes[left as usize..left as usize + 2]);
            }
            node += 1;
        }
        kept
    }
}
