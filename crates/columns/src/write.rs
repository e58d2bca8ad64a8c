//! A table as the bytes of a Parquet file.

use std::io::Write;
use std::ops::Range;
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
    let mut file = Writer::new(Vec::new(), columns, created_by)?;
    let rows = rows(columns)?;
    for first in (0..rows).step_by(GROUP) {
        file.part(columns, first..(first + GROUP).min(rows))?;
    }
    file.finish()
}

/// A table that is written a group of rows at a time, by zstd and without a clock or a machine in it.
///
/// # Examples
/// ```
/// use walkfolio_columns::{Column, Table, Writer};
///
/// let rows = |values: [f64; 2]| [Column::numbers("weight", values.map(Some))];
/// let mut file = Writer::new(Vec::new(), &rows([0.0; 2]), "an example")?;
/// file.group(&rows([0.25, 0.5]))?;
/// file.group(&rows([0.75, 1.0]))?;
/// let table = Table::open(bytes::Bytes::from(file.finish()?))?;
/// assert_eq!(table.whole()?[0].number(3), Some(1.0));
/// # Ok::<(), walkfolio_columns::Error>(())
/// ```
pub struct Writer<W: Write + Send>(SerializedFileWriter<W>);

impl<W: Write + Send> Writer<W> {
    /// With columns like these, of which names, kinds and whether values may be missing are taken.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if one is of a kind that is read only, [`Error::Parquet`].
    pub fn new(sink: W, columns: &[Column], created_by: &str) -> Result<Self> {
        let fields: Vec<Arc<Type>> =
            columns.iter().map(|column| stored(column).map(Arc::new)).collect::<Result<_>>()?;
        let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(created_by.to_owned())
            .build();
        Ok(Self(SerializedFileWriter::new(sink, schema, Arc::new(properties))?))
    }

    /// Adds a group of rows; none where there are none.
    ///
    /// # Errors
    /// [`Error::Uneven`] if columns have different lengths, [`Error::Parquet`].
    pub fn group(&mut self, columns: &[Column]) -> Result<()> {
        match rows(columns)? {
            0 => Ok(()),
            rows => self.part(columns, 0..rows),
        }
    }

    fn part(&mut self, columns: &[Column], rows: Range<usize>) -> Result<()> {
        let mut group = self.0.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else { break };
            append(&mut writer, column, rows.clone())?;
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`Error::Parquet`].
    pub fn finish(self) -> Result<W> {
        Ok(self.0.into_inner()?)
    }
}

/// How many rows columns have.
fn rows(columns: &[Column]) -> Result<usize> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    match columns.iter().find(|column| column.values.len() != rows) {
        Some(column) => {
            let found = column.values.len();
            Err(Error::Uneven { column: column.name.clone(), found, rows })
        }
        None => Ok(rows),
    }
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
    rows: Range<usize>,
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
