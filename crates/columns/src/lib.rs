//! Tables as Parquet files, column by column and without Arrow.
//!
//! [`Table`] reads the files of pandas, polars, `DuckDB` and pyarrow, and our own; [`write()`] makes
//! those of a run and of a snapshot. Both speak of a [`Column`]: a name, a [`Kind`] and [`Values`].
//! Prices and run folders share it, so it stands below both.
//!
//! # Examples
//! ```
//! use walkfolio_columns::{Column, Table, write};
//!
//! let bytes = write(&[Column::numbers("weight", [Some(0.25), None])], "an example")?;
//! let table = Table::open(bytes::Bytes::from(bytes))?;
//! assert_eq!(table.names().collect::<Vec<_>>(), ["weight"]);
//! for piece in table.pieces(&[0]) {
//!     assert_eq!(piece?[0].number(0), Some(0.25));
//! }
//! # Ok::<(), walkfolio_columns::Error>(())
//! ```

mod claims;
mod column;
mod decode;
mod error;
mod kind;
mod read;
mod write;

pub use column::{Column, Values, date_of, days_of};
pub use error::{Error, Result};
pub use kind::{Kind, Unit};
pub use parquet::data_type::ByteArray;
pub use parquet::file::reader::{ChunkReader, Length};
pub use read::{Pieces, Table};
pub use write::{Writer, write};

/// What reading and writing through this crate's [`ChunkReader`] may answer.
pub use parquet::errors::Result as ChunkResult;
