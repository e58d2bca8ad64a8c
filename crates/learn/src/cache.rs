//! Fits that need not be done again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::{Forest, Parameters, Table, Trainer};

/// Forests by what they were trained on, shared by the searches of all months.
///
/// `TimeSeriesSplit` trains on the same first months again and again: the original's grid at 73 months
/// asks for 31,536 fits, of which 12,384 differ (0.6 GB). A forest is kept under the SHA-256 of its trainer, its rows and its labels,
/// together with all parameters but the number of trees, whose prefixes are the smaller fits. Rows
/// that are not the same are never taken for the same; a full cache forgets its oldest forests. Both
/// cost time, never a number.
#[derive(Debug)]
pub struct FitCache {
    most_bytes: usize,
    kept: Mutex<Kept>,
}

/// The identity of training rows under a trainer.
pub(crate) type Fingerprint = [u8; 32];

type Key = (Fingerprint, [u64; 9]);

#[derive(Debug, Default)]
struct Kept {
    forests: HashMap<Key, Arc<Forest>>,
    /// Oldest first.
    order: VecDeque<Key>,
    bytes: usize,
    hits: usize,
    misses: usize,
}

impl Default for FitCache {
    fn default() -> Self {
        Self::new()
    }
}

impl FitCache {
    /// A cache of at most two gigabytes of trees.
    pub fn new() -> Self {
        Self::with_limit(2 << 30)
    }

    /// A cache of at most that many bytes of trees.
    pub fn with_limit(most_bytes: usize) -> Self {
        Self { most_bytes, kept: Mutex::default() }
    }

    /// Forests that were found here instead of being fitted.
    pub fn hits(&self) -> usize {
        self.lock().hits
    }

    /// Forests that had to be fitted.
    pub fn misses(&self) -> usize {
        self.lock().misses
    }

    /// Memory of the trees kept, in bytes.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }

    /// A forest of these rows and parameters, with at least as many trees.
    pub(crate) fn get(&self, rows: &Fingerprint, parameters: &Parameters) -> Option<Arc<Forest>> {
        let mut kept = self.lock();
        let found = kept.forests.get(&(*rows, parameters.key())).cloned();
        let found = found.filter(|forest| forest.trees() >= parameters.n_estimators);
        if found.is_some() {
            kept.hits += 1;
        } else {
            kept.misses += 1;
        }
        found
    }

    /// Keeps a forest, in the place of a smaller one of the same key.
    pub(crate) fn put(&self, rows: &Fingerprint, parameters: &Parameters, forest: &Arc<Forest>) {
        let key = (*rows, parameters.key());
        let mut kept = self.lock();
        kept.remove(&key);
        kept.bytes += forest.bytes();
        kept.forests.insert(key, Arc::clone(forest));
        kept.order.push_back(key);
        while kept.bytes > self.most_bytes
            && let Some(oldest) = kept.order.front().copied()
        {
            kept.remove(&oldest);
        }
    }

    /// A fit that panicked elsewhere has left nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn remove(&mut self, key: &Key) {
        if let Some(forest) = self.forests.remove(key) {
            self.bytes -= forest.bytes();
            self.order.retain(|other| other != key);
        }
    }
}

/// What a fit depends on, but for its parameters.
pub(crate) fn fingerprint(trainer: &dyn Trainer, table: &Table, labels: &[bool]) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(trainer.name());
    hash.update([0]);
    hash.update((table.rows() as u64).to_le_bytes());
    hash.update((table.columns() as u64).to_le_bytes());
    for column in 0..table.columns() {
        let bytes: Vec<u8> = table.column(column).iter().flat_map(|v| v.to_le_bytes()).collect();
        hash.update(bytes);
    }
    hash.update(labels.iter().map(|&label| u8::from(label)).collect::<Vec<u8>>());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BuiltIn;

    fn forest(trees: u32) -> Arc<Forest> {
        let mut forest = Forest::new(1, 0.5);
        for _ in 0..trees {
            forest.push([crate::forest::Node::leaf(0.0)].into_iter());
        }
        Arc::new(forest)
    }

    fn parameters(n_estimators: u32) -> Parameters {
        Parameters { n_estimators, ..Parameters::default() }
    }

    #[test]
    fn more_trees_serve_fewer_and_not_the_other_way_round() {
        let cache = FitCache::new();
        cache.put(&[1; 32], &parameters(2), &forest(2));
        assert!(cache.get(&[1; 32], &parameters(1)).is_some());
        assert!(cache.get(&[1; 32], &parameters(3)).is_none());
        assert!(cache.get(&[2; 32], &parameters(1)).is_none());
        assert_eq!((cache.hits(), cache.misses()), (1, 2));
        cache.put(&[1; 32], &parameters(3), &forest(3));
        assert_eq!(cache.bytes(), forest(3).bytes());
    }

    #[test]
    fn a_full_cache_forgets_the_oldest() {
        let cache = FitCache::with_limit(2 * forest(1).bytes());
        for rows in 1..=3 {
            cache.put(&[rows; 32], &parameters(1), &forest(1));
        }
        assert!(cache.get(&[1; 32], &parameters(1)).is_none());
        assert!(cache.get(&[3; 32], &parameters(1)).is_some());
        assert_eq!(cache.bytes(), 2 * forest(1).bytes());
    }

    #[test]
    fn a_changed_cell_label_or_shape_is_another_table() {
        let mut table = Table::new(vec!["a".into()]);
        table.push(&[Some(1.0)]).unwrap();
        let mut other = Table::new(vec!["a".into()]);
        other.push(&[None]).unwrap();
        let print = |table: &Table, label: bool| fingerprint(&BuiltIn, table, &[label]);
        assert_eq!(print(&table, true), print(&table.clone(), true));
        assert_ne!(print(&table, true), print(&table, false));
        assert_ne!(print(&table, true), print(&other, true));
    }
}
