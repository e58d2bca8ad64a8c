//! What can keep a classifier from being trained, applied or judged.

use std::fmt;
use std::path::PathBuf;

/// The result of a step of learning.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One parameter that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The parameter's key in a study.
    pub key: &'static str,
    /// The rule, as "must be ...".
    pub rule: &'static str,
    /// The value found.
    pub value: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}, it must be {}", self.key, self.value, self.rule)
    }
}

/// A table, a setting or a library with which nothing can be learned.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The fit was stopped between two of its trees.
    #[error("the fit was stopped")]
    Stopped,
    /// A row has another number of values than the table has columns.
    #[error("row {row} has {found} values, the table has {expected} columns")]
    RowLength {
        /// The row, counted from 0.
        row: usize,
        /// Columns of the table.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// A feature is infinite, not a number, or beyond the range of an `f32`.
    #[error("feature `{column}` of row {row} is {value:e}, which is no finite 32-bit number")]
    NotFinite {
        /// The feature's name.
        column: String,
        /// The row, counted from 0.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// Parameters break their rules; every fault is named.
    #[error("{}", join(.faults))]
    Parameters {
        /// All faults, in the order of the parameters.
        faults: Vec<Fault>,
    },
    /// A grid names what no search can vary.
    #[error("unknown parameter `{key}`")]
    UnknownParameter {
        /// The name.
        key: String,
        /// The names there are.
        known: &'static [&'static str],
    },
    /// Two columns that belong together differ in length.
    #[error("{what} has {found} rows, the table has {expected}")]
    Length {
        /// The other column.
        what: &'static str,
        /// Rows of the table.
        expected: usize,
        /// Rows of the other column.
        found: usize,
    },
    /// There is nothing to learn from.
    #[error("the training table is empty: {rows} rows, {columns} columns")]
    Empty {
        /// Rows of the table.
        rows: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// All labels are of one class.
    #[error("all {rows} training labels are {label}: two classes are needed")]
    OneClass {
        /// The label that all rows have.
        label: bool,
        /// Rows of the training table.
        rows: usize,
    },
    /// A table is larger than a tree can address.
    #[error("the table has {found} {what}, a tree can address {most}")]
    TooLarge {
        /// Rows, columns or nodes.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A model is asked about a table of another width.
    #[error("the table has {found} columns, the model was trained on {expected}")]
    Columns {
        /// Columns of the training table.
        expected: usize,
        /// Columns of the table given.
        found: usize,
    },
    /// A model is asked for more trees than it has.
    #[error("{asked} trees are asked for, the model has {trained}")]
    TooManyTrees {
        /// Trees asked for.
        asked: u32,
        /// Trees of the model.
        trained: u32,
    },
    /// There are fewer groups than blocks.
    #[error("{groups} groups cannot be cut into {splits} folds: {splits} tests and the training before them need at least {} groups", .splits + 1)]
    TooFewGroups {
        /// Groups (months) there are.
        groups: usize,
        /// Folds asked for.
        splits: usize,
    },
    /// No fold was asked for.
    #[error("0 folds validate nothing: at least 1 is needed")]
    NoSplits,
    /// The groups of the rows go back.
    #[error(
        "row {row} belongs to group {found}, the row before it to group {before}: groups must not decrease"
    )]
    GroupOrder {
        /// The row, counted from 0.
        row: usize,
        /// Group of the row before.
        before: usize,
        /// Group of this row.
        found: usize,
    },
    /// The search has nothing to try.
    #[error("the grid has no settings")]
    NoSettings,
    /// The search would not end.
    #[error("the grid has {found} combinations, more than {most}")]
    TooManySettings {
        /// Combinations of the grid.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A model file cannot be read.
    #[error("the model is no XGBoost model of binary logistic trees: {message}")]
    Model {
        /// What is wrong with it.
        message: String,
    },
    /// The XGBoost library is nowhere.
    #[error("the XGBoost library was not found; looked for {}", paths(.looked))]
    LibraryMissing {
        /// The files looked for.
        looked: Vec<PathBuf>,
    },
    /// The XGBoost library is there and does not load.
    #[error("{} does not load: {message}", .path.display())]
    LibraryBroken {
        /// The file.
        path: PathBuf,
        /// The loader's words.
        message: String,
    },
    /// The XGBoost library is of another version.
    #[error("{} is XGBoost {}.{}.{}, 3.2 is needed", .path.display(), .found.0, .found.1, .found.2)]
    LibraryVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: (i32, i32, i32),
    },
    /// A call into XGBoost failed.
    #[error("XGBoost's {function} failed: {message}")]
    LibraryCall {
        /// The function of its C interface.
        function: &'static str,
        /// The library's words.
        message: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFinite { .. } => "leave a value that is not known out; it counts as missing",
            Self::OneClass { .. } | Self::Empty { .. } => {
                "start later, so that past months hold both labels, or change the label's threshold"
            }
            Self::UnknownParameter { known, .. } => {
                return Some(format!("one of: {}", known.join(", ")));
            }
            Self::TooManySettings { .. } => "list fewer values",
            Self::TooFewGroups { .. } => "start later, or ask for fewer folds",
            Self::NoSplits => "ask for at least one fold",
            Self::NoSettings => "give every parameter of the grid at least one value",
            Self::LibraryMissing { .. } | Self::LibraryVersion { .. } => {
                "run `make xgboost` (it needs pip), or name libxgboost.so of version 3.2 in \
                 WALKFOLIO_XGBOOST or in the study's `library`"
            }
            Self::LibraryBroken { .. } => {
                "run `make xgboost` (it needs pip); a library that was moved has lost its sibling \
                 folder `xgboost_cpu.libs`, which belongs two folders above it"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn join(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn paths(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
