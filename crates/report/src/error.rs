//! What can go wrong while a page is written.

/// The result of an operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A page that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A template could not be filled.
    #[error("cannot fill the report's template: {0}")]
    Template(#[from] minijinja::Error),
    /// The data of the charts could not be written as JSON.
    #[error("cannot write the data of the charts: {0}")]
    Data(#[from] serde_json::Error),
    /// The workbook could not be put together.
    #[error("cannot write the workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The data of a page could not be deflated.
    #[error("cannot deflate the data of the charts: {0}")]
    Packing(#[from] std::io::Error),
}
