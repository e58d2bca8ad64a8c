//! The values of a column in place of what its file stores.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;

use crate::{Kind, Result, Values};

/// The next rows of a column; fewer where it ends.
pub(crate) fn values(reader: &mut ColumnReader, kind: &Kind, rows: usize) -> Result<Values> {
    Ok(match reader {
        ColumnReader::BoolColumnReader(reader) => Values::Flags(next(reader, rows, |flag| flag)?),
        ColumnReader::Int32ColumnReader(reader) if *kind == Kind::UInt32 => {
            Values::Integers(next(reader, rows, |count| i64::from(count.cast_unsigned()))?)
        }
        ColumnReader::Int32ColumnReader(reader) => Values::Integers(next(reader, rows, i64::from)?),
        ColumnReader::Int64ColumnReader(reader) => {
            Values::Integers(next(reader, rows, |count| count)?)
        }
        ColumnReader::Int96ColumnReader(reader) => {
            Values::Integers(next(reader, rows, |time| time.to_nanos())?)
        }
        ColumnReader::FloatColumnReader(reader) => Values::Numbers(next(reader, rows, f64::from)?),
        ColumnReader::DoubleColumnReader(reader) => {
            Values::Numbers(next(reader, rows, |number| number)?)
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            Values::Bytes(next(reader, rows, |bytes| bytes)?)
        }
        // No kind that is read is stored so.
        ColumnReader::FixedLenByteArrayColumnReader(_) => Values::Missing(0),
    })
}

/// The next rows, each where it belongs: a file stores those that are not missing alone.
fn next<T: DataType, V>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    convert: impl Fn(T::T) -> V,
) -> Result<Vec<Option<V>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::with_capacity(rows));
    let (found, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    let mut values = values.into_iter().map(convert);
    if levels.is_empty() {
        return Ok(values.map(Some).collect());
    }
    let value = |level: &i16| if *level > 0 { values.next() } else { None };
    Ok(levels.iter().take(found).map(value).collect())
}
