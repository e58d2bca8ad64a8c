//! Excel workbooks: the one sheet that holds a table, as a text of cells between commas.

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use zip::ZipArchive;

use crate::{Error, Result};

/// A sheet of 16,384 columns by 10,000 rows unpacks to less.
const LIMIT_MIB: u64 = 1024;

/// Whether an archive is a workbook, by the names of its parts.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes))
        .is_ok_and(|archive| archive.index_for_name("xl/workbook.xml").is_some())
}

/// The table of a workbook: numbers with all their digits, days as 2024-03-28.
///
/// # Errors
/// [`Error::Sheets`] if several sheets have cells or none has.
pub(super) fn table(path: &Path, bytes: &[u8]) -> Result<Vec<u8>> {
    let file = || path.display().to_string();
    let damaged = |reason: &dyn std::fmt::Display| Error::Damaged {
        file: file(),
        reason: reason.to_string(),
    };
    check_size(path, bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut tables = Vec::new();
    for name in book.sheet_names() {
        let cells = book.worksheet_range(&name).map_err(|error| damaged(&error))?;
        // A title or a remark is no table.
        if cells.height() > 1 && cells.width() > 1 {
            tables.push((name, cells));
        }
    }
    let [(_, cells)] = tables.as_slice() else {
        let found = tables.into_iter().map(|(name, _)| name).collect();
        return Err(Error::Sheets { file: file(), found });
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in cells.rows() {
        writer.write_record(row.iter().map(text)).map_err(|error| damaged(&error))?;
    }
    writer.into_inner().map_err(|error| damaged(&error))
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => date,
                _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::DateTime(time) => time.as_f64().to_string(),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// Refuses what unpacks to more than a table of prices has; the sizes that an archive states are claims.
fn check_size(path: &Path, bytes: &[u8]) -> Result<()> {
    let damaged = |reason: String| Error::Damaged { file: path.display().to_string(), reason };
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    let mut left = LIMIT_MIB << 20;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let size = size.map_err(|error| damaged(error.to_string()))?;
        left = left.checked_sub(size).ok_or_else(|| Error::TooLarge {
            file: path.display().to_string(),
            limit_mib: LIMIT_MIB,
        })?;
    }
    Ok(())
}
