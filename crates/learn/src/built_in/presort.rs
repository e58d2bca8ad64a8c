//! Features in the order of their values.

use crate::Table;

/// A row with its value of one feature.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Entry {
    pub(super) row: u32,
    pub(super) value: f32,
}

/// Features of a training table, each sorted once for all trees and fits.
#[derive(Debug)]
pub(super) struct Presorted {
    pub(super) columns: Vec<Column>,
    /// The table row after row, to send rows that were not sampled through a tree.
    pub(super) cells: Vec<f32>,
    pub(super) rows: usize,
}

/// One feature: the rows that have it, from its smallest value up, ties in row order.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) entries: Vec<Entry>,
    /// Whether splits are sought from both ends: values are missing and the others differ.
    pub(super) both_ways: bool,
}

impl Presorted {
    pub(super) fn new(table: &Table) -> Self {
        let columns = (0..table.columns()).map(|j| Column::new(table.column(j))).collect();
        Self { columns, cells: table.row_major(), rows: table.rows() }
    }

    /// A row's values.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        let width = self.columns.len();
        &self.cells[row * width..(row + 1) * width]
    }
}

impl Column {
    fn new(values: &[f32]) -> Self {
        let mut entries: Vec<Entry> =
            (0u32..).zip(values).map(|(row, &value)| Entry { row, value }).collect();
        entries.retain(|entry| !entry.value.is_nan());
        entries.sort_by(|a, b| a.value.partial_cmp(&b.value).unwrap_or(std::cmp::Ordering::Equal));
        let constant = entries.first().map(|e| e.value) == entries.last().map(|e| e.value);
        Self { both_ways: entries.len() < values.len() && !constant, entries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_rise_and_missing_rows_are_left_out() {
        let column = Column::new(&[3.0, f32::NAN, 1.0, 3.0, -0.0]);
        let rows: Vec<u32> = column.entries.iter().map(|entry| entry.row).collect();
        assert_eq!(rows, [4, 2, 0, 3]);
        assert!(column.both_ways);
        assert!(!Column::new(&[f32::NAN, 2.0, 2.0]).both_ways);
        assert!(!Column::new(&[f32::NAN]).both_ways);
        assert!(!Column::new(&[1.0, 2.0]).both_ways);
    }
}
