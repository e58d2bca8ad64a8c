//! A list of dates in a user's file.

use std::path::Path;

use walkfolio_core::Date;

use crate::csv_file::{damaged, line_of};
use crate::source::{Accepts, Content, Source};
use crate::table::{DATE_RULE, parse_date};
use crate::{Error, Result};

/// Reads the dates of a CSV's first column, sorted and each once; a header line is passed over.
///
/// # Errors
/// Those of a text file; a cell below the first line that is no date, with its line; no date at all.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_data::read_dates;
///
/// let path = std::env::temp_dir().join("walkfolio-doc-dates.csv");
/// std::fs::write(&path, "review\n2024-03-18\n2024-06-24\n")?;
/// assert_eq!(read_dates(&path)?, [Date::constant(2024, 3, 18), Date::constant(2024, 6, 24)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_dates(path: &Path) -> Result<Vec<Date>> {
    let accepts = Accepts { role: "dates", kinds: &[Content::Text], described: "CSV" };
    let source = Source::read(path, accepts)?;
    let text = source.text()?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut dates = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| damaged(&source.file, &error))?;
        let cell = record.get(0).unwrap_or_default();
        match parse_date(cell) {
            Some(date) => dates.push(date),
            None if at == 0 || cell.is_empty() => {}
            None => {
                let (file, line) = (source.file.clone(), line_of(&text, &record));
                return Err(Error::BadDate { file, line, value: cell.to_owned(), rule: DATE_RULE });
            }
        }
    }
    if dates.is_empty() {
        return Err(Error::NoRows { file: source.file });
    }
    dates.sort_unstable();
    dates.dedup();
    Ok(dates)
}
