//! What is wrong with a run.

use std::fmt;

/// Something in a run that is not as it was made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The row of the table, from 0 on; none in a file that is not a table.
    pub row: Option<usize>,
    /// The column of the table, or the key of the file; empty for the file as a whole.
    pub column: String,
    /// What is stated, and what was found.
    pub what: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(file: &str, row: Option<usize>, column: &str, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), row, column: column.to_owned(), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": {}", self.what)
    }
}
