//! What a table may lack.

/// The result of reading or writing a table.
pub type Result<T> = std::result::Result<T, Error>;

/// A table that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It breaks a rule of the format.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The library that reads it stopped in a contradiction.
    #[error("its structure contradicts itself")]
    Contradiction,
    /// It claims more rows than its bytes can tell.
    #[error("it claims {rows} rows in {bytes} bytes")]
    Rows {
        /// What it claims.
        rows: u64,
        /// What it holds.
        bytes: u64,
    },
    /// A dictionary claims more values than bytes.
    #[error("a dictionary claims {values} values in {bytes} bytes")]
    Dictionary {
        /// What it claims.
        values: u32,
        /// What it holds.
        bytes: usize,
    },
    /// A column is shorter than the table.
    #[error("column {column} has {found} of {rows} rows")]
    Short {
        /// Its name.
        column: String,
        /// The rows that were found.
        found: usize,
        /// The rows of the table.
        rows: usize,
    },
    /// Columns of one table have different lengths.
    #[error("column {column} has {found} rows, the table {rows}")]
    Uneven {
        /// The name of the column.
        column: String,
        /// Its rows.
        found: usize,
        /// Those of the first column.
        rows: usize,
    },
    /// Values of a kind that is not written.
    #[error("column {column} has type {kind}")]
    Unsupported {
        /// The name of the column.
        column: String,
        /// The kind.
        kind: String,
    },
}
