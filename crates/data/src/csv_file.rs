//! Tables of text: lines and cells as every layout of CSV has them.

use csv::{Reader, ReaderBuilder, StringRecord, Trim};

use crate::{Error, Result};

/// A reader of a text with a header, whose lines may have any number of cells.
pub(crate) fn reader(text: &str) -> Reader<&[u8]> {
    ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes())
}

/// A record's line; the reader counts from the end of the record before, blank lines or not.
pub(crate) fn line_of(text: &str, record: &StringRecord) -> usize {
    let (line, byte) = record.position().map_or((1, 0), |start| (start.line(), start.byte()));
    let start = usize::try_from(byte).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let blank = start.chars().take_while(char::is_ascii_whitespace);
    usize::try_from(line).unwrap_or(usize::MAX) + blank.filter(|&c| c == '\n').count()
}

pub(crate) fn damaged(file: &str, error: &csv::Error) -> Error {
    Error::Damaged { file: file.to_owned(), reason: error.to_string() }
}

/// How the tools of the field write a missing value.
pub(crate) fn is_missing(text: &str) -> bool {
    text.is_empty() || ["NA", "NaN", "null", "N/A"].iter().any(|na| na.eq_ignore_ascii_case(text))
}

/// The names of a text's columns.
pub(crate) fn names(file: &str, text: &str) -> Result<Vec<String>> {
    let mut reader = reader(text);
    let header = reader.headers().map_err(|error| damaged(file, &error))?;
    Ok(header.iter().map(str::to_owned).collect())
}
