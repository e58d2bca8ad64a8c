//! What a file claims, held against its bytes: memory is taken by what is claimed.

use parquet::column::page::Page;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{ChunkReader, FileReader};
use parquet::file::serialized_reader::SerializedFileReader;

use crate::{Error, Result};

/// A row of a run that repeats takes next to nothing; a thousand rows a byte is more than any table
/// has, and few enough to be read in a moment.
const ROWS_A_BYTE: u64 = 1_000;

/// Beyond this a file is its own bound, and looking at each dictionary first costs too much.
const LOOKED_AT: u64 = 64 << 20;

/// Refuses a file that claims more than its bytes can tell.
pub(crate) fn check<R: ChunkReader + 'static>(
    reader: &SerializedFileReader<R>,
    bytes: u64,
) -> Result<()> {
    check_rows(reader.metadata(), bytes)?;
    if bytes > LOOKED_AT {
        return Ok(());
    }
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        for column in 0..group.num_columns() {
            check_dictionary(group.get_column_page_reader(column)?.get_next_page()?.as_ref())?;
        }
    }
    Ok(())
}

fn check_rows(metadata: &ParquetMetaData, bytes: u64) -> Result<()> {
    let groups = metadata.row_groups().iter();
    let rows = groups.fold(0_u64, |sum, group| sum.saturating_add(group.num_rows().unsigned_abs()));
    if rows <= ROWS_A_BYTE.saturating_mul(bytes) {
        Ok(())
    } else {
        Err(Error::Rows { rows, bytes })
    }
}

/// Each value of a dictionary takes one byte at least.
fn check_dictionary(first: Option<&Page>) -> Result<()> {
    match first {
        Some(Page::DictionaryPage { buf, num_values, .. }) if *num_values as usize > buf.len() => {
            Err(Error::Dictionary { values: *num_values, bytes: buf.len() })
        }
        _ => Ok(()),
    }
}
