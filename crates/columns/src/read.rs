//! A file of columns, read a piece at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::column::reader::ColumnReader;
use parquet::file::reader::{ChunkReader, FileReader};
use parquet::file::serialized_reader::SerializedFileReader;

use crate::{Column, Error, Kind, Result, Values, claims, decode};

/// Rows that are read at once.
const ROWS: usize = 4_096;

/// A Parquet file that is open for reading.
pub struct Table<R: ChunkReader + 'static> {
    reader: SerializedFileReader<R>,
    fields: Vec<Field>,
}

/// A column of a file before any of its values is read.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    kind: Kind,
    /// Its place among the columns of values, of which a nested column has many.
    leaf: usize,
}

impl<R: ChunkReader + 'static> Table<R> {
    /// Opens a file, and refuses one that claims more than its bytes can tell.
    ///
    /// # Errors
    /// [`Error::Parquet`], [`Error::Contradiction`], [`Error::Rows`], [`Error::Dictionary`].
    pub fn open(data: R) -> Result<Self> {
        guarded(|| {
            let bytes = data.len();
            let reader = SerializedFileReader::new(data)?;
            claims::check(&reader, bytes)?;
            Ok(Self::new(reader))
        })
    }

    /// Opens a file for its names and kinds alone; whoever reads values uses [`Table::open`].
    ///
    /// # Errors
    /// [`Error::Parquet`], [`Error::Contradiction`].
    pub fn header(data: R) -> Result<Self> {
        guarded(|| Ok(Self::new(SerializedFileReader::new(data)?)))
    }

    fn new(reader: SerializedFileReader<R>) -> Self {
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let roots = schema.root_schema().get_fields();
        let mut fields: Vec<Field> = roots
            .iter()
            .map(|root| Field { name: root.name().to_owned(), kind: Kind::of(root), leaf: 0 })
            .collect();
        for leaf in (0..schema.num_columns()).rev() {
            fields[schema.get_column_root_idx(leaf)].leaf = leaf;
        }
        Self { reader, fields }
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The kind of a column.
    pub fn kind(&self, place: usize) -> Option<&Kind> {
        self.fields.get(place).map(|field| &field.kind)
    }

    /// Some columns, a few thousand rows at a time. A piece holds the columns in the order in which
    /// their places are given.
    pub fn pieces<'a>(&'a self, places: &'a [usize]) -> Pieces<'a, R> {
        Pieces { table: self, places, group: 0, left: 0, rows: 0, readers: Vec::new() }
    }

    /// All rows of all columns.
    ///
    /// # Errors
    /// That of the first piece that cannot be read.
    pub fn whole(&self) -> Result<Vec<Column>> {
        let places: Vec<usize> = (0..self.fields.len()).collect();
        let mut all: Vec<Column> = Vec::new();
        for piece in self.pieces(&places) {
            let piece = piece?;
            if all.is_empty() {
                all = piece;
            } else {
                all.iter_mut().zip(piece).for_each(|(column, more)| column.append(more));
            }
        }
        Ok(all)
    }

    /// Readers of some columns; none for one of a kind that is not read.
    fn readers(&self, group: usize, places: &[usize]) -> Result<Vec<Option<ColumnReader>>> {
        let group = self.reader.get_row_group(group)?;
        let open = |field: &Field| match &field.kind {
            Kind::Other(_) | Kind::Null => Ok(None),
            _ => Ok(Some(group.get_column_reader(field.leaf)?)),
        };
        places.iter().filter_map(|place| self.fields.get(*place)).map(open).collect()
    }
}

/// The pieces of a table; nothing follows an error.
pub struct Pieces<'a, R: ChunkReader + 'static> {
    table: &'a Table<R>,
    places: &'a [usize],
    /// The next group of rows.
    group: usize,
    /// Rows of the open group that are still to be read, of so many.
    left: usize,
    rows: usize,
    readers: Vec<Option<ColumnReader>>,
}

impl<R: ChunkReader + 'static> Pieces<'_, R> {
    fn piece(&mut self) -> Result<Option<Vec<Column>>> {
        while self.left == 0 {
            let groups = self.table.reader.metadata().row_groups();
            let Some(group) = groups.get(self.group) else { return Ok(None) };
            self.rows = usize::try_from(group.num_rows()).unwrap_or_default();
            self.left = self.rows;
            self.readers = self.table.readers(self.group, self.places)?;
            self.group += 1;
        }
        let rows = self.left.min(ROWS);
        let before = self.rows - self.left;
        self.left -= rows;
        let fields = self.places.iter().filter_map(|place| self.table.fields.get(*place));
        let columns = fields.zip(&mut self.readers).map(|(field, reader)| {
            let values = match reader {
                Some(reader) => decode::values(reader, &field.kind, rows)?,
                None => Values::Missing(rows),
            };
            if values.len() != rows {
                let (column, found) = (field.name.clone(), before + values.len());
                return Err(Error::Short { column, found, rows: self.rows });
            }
            let (name, kind) = (field.name.clone(), field.kind.clone());
            Ok(Column { name, kind, values, required: false })
        });
        columns.collect::<Result<_>>().map(Some)
    }

    fn end(&mut self) {
        self.left = 0;
        self.group = usize::MAX;
    }
}

impl<R: ChunkReader + 'static> Iterator for Pieces<'_, R> {
    type Item = Result<Vec<Column>>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = guarded(|| self.piece());
        if piece.is_err() {
            self.end();
        }
        piece.transpose()
    }
}

/// Reads with the Parquet library, which panics on some damaged files: that is an error here.
fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    // What is read is dropped with the panic: nothing half-made is seen again.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Error::Contradiction))
}
