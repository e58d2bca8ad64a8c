//! Feature rows.

use std::ops::Range;
use std::sync::Arc;

use crate::{Error, Result};

/// A table of features, one row per asset and month; a value may be missing.
///
/// # Shape and units
/// Columns of `f32`, the precision of XGBoost; each feature in its own unit, which trees ignore.
/// # Examples
/// ```
/// use walkfolio_learn::Table;
/// let mut table = Table::new(vec!["momentum".into(), "volatility".into()]);
/// table.push(&[Some(0.12), None])?;
/// assert_eq!((table.rows(), table.columns()), (1, 2));
/// assert_eq!(table.value(0, 0), Some(0.12));
/// assert_eq!(table.value(0, 1), None);
/// # Ok::<(), walkfolio_learn::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    names: Arc<[String]>,
    rows: usize,
    /// One vector per column; a missing value is NaN in here, and nowhere else.
    values: Vec<Vec<f32>>,
}

impl Table {
    /// A table without rows.
    pub fn new(names: Vec<String>) -> Self {
        let values = vec![Vec::new(); names.len()];
        Self { names: names.into(), rows: 0, values }
    }

    /// Appends a row.
    ///
    /// # Errors
    /// [`Error::RowLength`] if the row is not as wide as the table; [`Error::NotFinite`] if a value
    /// is not finite as an `f32`.
    #[allow(clippy::cast_possible_truncation)] // features have the precision of XGBoost's
    pub fn push(&mut self, row: &[Option<f64>]) -> Result<()> {
        if row.len() != self.columns() {
            let (expected, found) = (self.columns(), row.len());
            return Err(Error::RowLength { row: self.rows, expected, found });
        }
        if let Some(column) = row.iter().position(|v| v.is_some_and(|v| !(v as f32).is_finite())) {
            let value = row[column].unwrap_or_default();
            let column = self.names[column].clone();
            return Err(Error::NotFinite { column, row: self.rows, value });
        }
        for (column, value) in self.values.iter_mut().zip(row) {
            column.push(value.map_or(f32::NAN, |value| value as f32));
        }
        self.rows += 1;
        Ok(())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// The features' names, in column order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// One value; `None` where it is missing, or where the table has no such cell.
    pub fn value(&self, row: usize, column: usize) -> Option<f32> {
        let value = *self.values.get(column)?.get(row)?;
        (!value.is_nan()).then_some(value)
    }

    /// The first rows; all of them if there are fewer.
    #[must_use]
    pub fn head(&self, rows: usize) -> Self {
        self.range(0..rows)
    }

    /// The rows named, in that order; rows that the table does not have are left out.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| row < self.rows).collect();
        let pick = |column: &Vec<f32>| rows.iter().map(|&row| column[row]).collect();
        self.with(rows.len(), self.values.iter().map(pick).collect())
    }

    /// A range of rows, cut to those there are.
    pub(crate) fn range(&self, rows: Range<usize>) -> Self {
        let (from, to) = (rows.start.min(self.rows), rows.end.min(self.rows));
        let to = to.max(from);
        self.with(to - from, self.values.iter().map(|column| column[from..to].to_vec()).collect())
    }

    fn with(&self, rows: usize, values: Vec<Vec<f32>>) -> Self {
        Self { names: Arc::clone(&self.names), rows, values }
    }

    /// A column, with NaN where a value is missing.
    pub(crate) fn column(&self, column: usize) -> &[f32] {
        &self.values[column]
    }

    /// The values row after row, with NaN where one is missing.
    pub(crate) fn row_major(&self) -> Vec<f32> {
        let mut cells = vec![0.0; self.rows * self.columns()];
        for (j, column) in self.values.iter().enumerate() {
            for (i, &value) in column.iter().enumerate() {
                cells[i * self.names.len() + j] = value;
            }
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec!["a".into(), "b".into()]);
        for row in [[Some(1.0), None], [Some(2.0), Some(5.0)], [None, Some(6.0)]] {
            table.push(&row).unwrap();
        }
        table
    }

    #[test]
    fn rows_are_picked_in_the_order_asked() {
        let picked = table().select(&[2, 0, 9]);
        assert_eq!(picked.rows(), 2);
        assert_eq!((picked.value(0, 0), picked.value(0, 1)), (None, Some(6.0)));
        assert_eq!((picked.value(1, 0), picked.value(1, 1)), (Some(1.0), None));
        assert_eq!(table().head(7).rows(), 3);
        assert_eq!(table().head(1).value(1, 0), None);
    }

    #[test]
    fn faults_name_the_place_and_the_value() {
        let mut table = table();
        let error = table.push(&[Some(1.0)]).unwrap_err();
        assert_eq!(error.to_string(), "row 3 has 1 values, the table has 2 columns");
        let error = table.push(&[Some(1.0), Some(1e300)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "feature `b` of row 3 is 1e300, which is no finite 32-bit number"
        );
        assert!(error.hint().is_some());
        assert_eq!(table.rows(), 3);
    }
}
