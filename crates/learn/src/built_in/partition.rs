//! Stable partitions of a node's rows, and of its features' sorted entries.

use std::ops::Range;

use super::presort::Entry;
use super::scan::Split;
use crate::forest::Side;

/// A range of a feature's entries.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Something that belongs to a row.
trait OfRow: Copy {
    fn row(self) -> usize;
}

impl OfRow for u32 {
    fn row(self) -> usize {
        self as usize
    }
}

impl OfRow for Entry {
    fn row(self) -> usize {
        self.row as usize
    }
}

/// Moves what goes left to the front, both sides in their order; returns how many go left.
#[inline]
fn part<T: OfRow>(items: &mut [T], scratch: &mut [T], goes_left: &[bool]) -> usize {
    let scratch = &mut scratch[..items.len()];
    let (mut left, mut right) = (0, 0);
    for k in 0..items.len() {
        let item = items[k];
        let is_left = usize::from(goes_left[item.row()]);
        // Written to both sides, kept on one: no branch to mispredict.
        items[left] = item;
        scratch[right] = item;
        left += is_left;
        right += 1 - is_left;
    }
    items[left..].copy_from_slice(&scratch[..right]);
    left
}

/// Replaces what is kept by the items whose row is marked.
#[inline]
fn take<T: OfRow + Default>(
    items: impl ExactSizeIterator<Item = T>,
    sampled: &[bool],
    kept: &mut Vec<T>,
) {
    kept.clear();
    kept.resize(items.len(), T::default());
    let mut count = 0;
    for item in items {
        kept[count] = item;
        count += usize::from(sampled[item.row()]);
    }
    kept.truncate(count);
}

/// The rows of a tree and their entries of each sampled feature, node after node.
#[derive(Debug)]
pub(super) struct Partition {
    /// Rows of the tree; a node's rows are a range of them, in row order.
    pub(super) rows: Vec<u32>,
    /// Entries of each sampled feature; a node's entries are a range of them, in value order.
    pub(super) entries: Vec<Vec<Entry>>,
    goes_left: Vec<bool>,
    row_scratch: Vec<u32>,
    entry_scratch: Vec<Entry>,
}

impl Partition {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            entries: (0..columns).map(|_| Vec::with_capacity(rows)).collect(),
            goes_left: vec![false; rows],
            row_scratch: vec![0; rows],
            entry_scratch: vec![Entry { row: 0, value: 0.0 }; rows],
        }
    }

    /// Takes the rows marked.
    #[allow(clippy::cast_possible_truncation)] // rows are at most 2^19
    pub(super) fn take_rows(&mut self, sampled: &[bool]) {
        take(0u32..sampled.len() as u32, sampled, &mut self.rows);
    }

    /// Takes the entries of the rows marked; returns their span.
    #[allow(clippy::cast_possible_truncation)] // rows are at most 2^19
    pub(super) fn take_entries(&mut self, column: usize, all: &[Entry], sampled: &[bool]) -> Span {
        take(all.iter().copied(), sampled, &mut self.entries[column]);
        Span { start: 0, end: self.entries[column].len() as u32 }
    }

    /// Parts a node's rows; returns where the right side begins.
    pub(super) fn part_rows(
        &mut self,
        rows: Range<usize>,
        split: &Split,
        column: usize,
        span: Span,
    ) -> usize {
        self.mark(rows.clone(), split, column, span);
        let start = rows.start;
        start + part(&mut self.rows[rows], &mut self.row_scratch, &self.goes_left)
    }

    /// Notes of each of a node's rows where it goes.
    fn mark(&mut self, rows: Range<usize>, split: &Split, column: usize, span: Span) {
        let entries = &self.entries[column][span.range()];
        if entries.len() < rows.len() {
            for &row in &self.rows[rows] {
                self.goes_left[row as usize] = split.default == Side::Left;
            }
        }
        for entry in entries {
            self.goes_left[entry.row as usize] = entry.value < split.threshold;
        }
    }

    /// Where the right side of the feature that a node is split on begins: it is in order already.
    #[allow(clippy::cast_possible_truncation)] // rows are at most 2^19
    pub(super) fn middle(&self, column: usize, span: Span, threshold: f32) -> u32 {
        let entries = &self.entries[column][span.range()];
        span.start + entries.partition_point(|entry| entry.value < threshold) as u32
    }

    /// Parts a node's entries of another feature, as its rows were parted; returns where the right
    /// side begins.
    #[allow(clippy::cast_possible_truncation)] // rows are at most 2^19
    pub(super) fn part_entries(&mut self, column: usize, span: Span) -> u32 {
        let entries = &mut self.entries[column][span.range()];
        span.start + part(entries, &mut self.entry_scratch, &self.goes_left) as u32
    }
}
