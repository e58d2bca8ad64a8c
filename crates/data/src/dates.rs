//! A list of dates in a user's file.

use std::path::Path;

use walkfolio_core::Date;

use crate::dialect::{self, CsvForm, Sheet, Uses};
use crate::source::{Accepts, Content, Source};
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
    let form = CsvForm::default();
    let sheet = Sheet::open(&source.file, &text, &form)?;
    let uses = Uses { dates: vec![0], ..Uses::default() };
    let (mut dates, _) = dialect::read(&sheet, &uses, |forms| {
        let (mut rows, mut dates) = (sheet.rows(forms)?, Vec::new());
        while rows.next()? {
            dates.push(rows.date(forms, 0)?);
        }
        Ok(dates)
    })?;
    if dates.is_empty() {
        return Err(Error::NoRows { file: source.file });
    }
    dates.sort_unstable();
    dates.dedup();
    Ok(dates)
}
