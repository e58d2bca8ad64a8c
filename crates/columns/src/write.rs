//! A table as the bytes of a Parquet file.

use std::sync::Arc;

use parquet::basic::{Compression, Repetition, ZstdLevel};
use parquet::data_type::{BoolType, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::{Column, Error, Kind, Result, Values};

/// Rows of a group; readers hold one in memory.
const GROUP: usize = 1 << 20;

/// The bytes of a table, by zstd and without a clock or a machine in them: the same table gives the
/// same bytes. `created_by` names the program in the file.
///
/// # Errors
/// [`Error::Uneven`] if columns have different lengths, [`Error::Unsupported`] if one is of a kind
/// that is read only, [`Error::Parquet`].
pub fn write(columns: &[Column], created_by: &str) -> Result<Vec<u8>> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    if let Some(column) = columns.iter().find(|column| column.values.len() != rows) {
        let found = column.values.len();
        return Err(Error::Uneven { column: column.name.clone(), found, rows });
    }
    let fields: Vec<Arc<Type>> =
        columns.iter().map(|column| stored(column).map(Arc::new)).collect::<Result<_>>()?;
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(created_by.to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    for first in (0..rows).step_by(GROUP) {
        let mut group = file.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else { break };
            append(&mut writer, column, first..(first + GROUP).min(rows))?;
            writer.close()?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(bytes)
}

fn stored(column: &Column) -> Result<Type> {
    let repetition = if column.required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    column.kind.stored(&column.name, repetition)?.ok_or_else(|| Error::Unsupported {
        column: column.name.clone(),
        kind: column.kind.to_string(),
    })
}

/// Writes some rows of a column, in the form that its kind has in a file.
fn append(
    writer: &mut SerializedColumnWriter<'_>,
    column: &Column,
    rows: std::ops::Range<usize>,
) -> Result<()> {
    // A file tells which rows have a value, unless it says that all have.
    let levels = |levels: Vec<i16>| (!column.required).then_some(levels);
    match (&column.values, &column.kind) {
        (Values::Flags(values), _) => {
            let (own, known) = split(&values[rows], |flag| *flag);
            writer.typed::<BoolType>().write_batch(&own, levels(known).as_deref(), None)?;
        }
        (Values::Integers(values), Kind::Int32 | Kind::UInt32 | Kind::Date) => {
            // By their bits: the upper half of a count without a sign is negative here.
            #[expect(clippy::cast_possible_truncation, reason = "made of 32 bits")]
            let (own, known) = split(&values[rows], |value| *value as i32);
            writer.typed::<Int32Type>().write_batch(&own, levels(known).as_deref(), None)?;
        }
        (Values::Integers(values), _) => {
            let (own, known) = split(&values[rows], |value| *value);
            writer.typed::<Int64Type>().write_batch(&own, levels(known).as_deref(), None)?;
        }
        (Values::Numbers(values), _) => {
            let (own, known) = split(&values[rows], |value| *value);
            writer.typed::<DoubleType>().write_batch(&own, levels(known).as_deref(), None)?;
        }
        (Values::Bytes(values), _) => {
            let (own, known) = split(&values[rows], Clone::clone);
            writer.typed::<ByteArrayType>().write_batch(&own, levels(known).as_deref(), None)?;
        }
        (Values::Missing(_), _) => {}
    }
    Ok(())
}

/// What is not missing, and for each row whether it is there.
fn split<T, V>(values: &[Option<T>], convert: impl Fn(&T) -> V) -> (Vec<V>, Vec<i16>) {
    let known = values.iter().map(|value| i16::from(value.is_some())).collect();
    (values.iter().flatten().map(convert).collect(), known)
}
