//! How the cells of a CSV file are written: one grammar for every reader.
//!
//! A file is read as a plain one first (commas, decimal points, days as 2024-03-28). What that cannot
//! read is inferred from the whole file: each cell excludes the forms that it does not have. If forms
//! that give different values remain, the file is refused with both readings and the key that
//! decides; if none remains, with the two cells that exclude each other.

mod counters;
mod day;
mod evidence;
mod forms;
mod infer;
mod keys;
mod names;
mod number;
mod shape;
mod sheet;
mod utc;

pub(crate) use counters::{Count, candidates};
pub(crate) use forms::{Forms, is_date, is_value, written_day, written_number};
pub(crate) use infer::read;
pub use keys::{CsvForm, DateOrder, Decimal, Delimiter};
pub(crate) use names::{is_date_name, is_unnamed};
pub(crate) use number::is_missing;
pub(crate) use sheet::{PRICE_RULE, Rows, Sheet, Uses};
pub(crate) use utc::Weekends;
