//! A column: its name, its kind and its values.

use parquet::data_type::ByteArray;
use walkfolio_core::Date;

use crate::{Kind, Unit};

const EPOCH: Date = Date::constant(1970, 1, 1);
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// The values, from the first row on.
    pub values: Values,
    /// Whether its file says that none may be missing.
    pub required: bool,
}

/// Values in the order of the rows; `None` where one is missing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Values {
    /// Yes or no.
    Flags(Vec<Option<bool>>),
    /// Whole numbers, days and times. One of 64 bits without a sign stands by its bits.
    Integers(Vec<Option<i64>>),
    /// Numbers in single or double precision.
    Numbers(Vec<Option<f64>>),
    /// Texts and bytes.
    Bytes(Vec<Option<ByteArray>>),
    /// So many rows of a column without values, or of a kind that is not read.
    Missing(usize),
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Flags(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::Bytes(values) => values.len(),
            Self::Missing(rows) => *rows,
        }
    }

    /// Whether a row has a value.
    pub fn is_present(&self, row: usize) -> bool {
        match self {
            Self::Flags(values) => matches!(values.get(row), Some(Some(_))),
            Self::Integers(values) => matches!(values.get(row), Some(Some(_))),
            Self::Numbers(values) => matches!(values.get(row), Some(Some(_))),
            Self::Bytes(values) => matches!(values.get(row), Some(Some(_))),
            Self::Missing(_) => false,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Column {
    /// Adds the rows of the same column that follow; a column keeps its kind throughout its file.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_columns::Column;
    ///
    /// let mut column = Column::numbers("weight", [Some(0.25)]);
    /// column.append(Column::numbers("weight", [Some(0.5)]));
    /// assert_eq!(column.number(1), Some(0.5));
    /// ```
    pub fn append(&mut self, more: Self) {
        match (&mut self.values, more.values) {
            (Values::Flags(all), Values::Flags(more)) => all.extend(more),
            (Values::Integers(all), Values::Integers(more)) => all.extend(more),
            (Values::Numbers(all), Values::Numbers(more)) => all.extend(more),
            (Values::Bytes(all), Values::Bytes(more)) => all.extend(more),
            (all, more) => *all = Values::Missing(all.len() + more.len()),
        }
    }

    /// The kind of [`Column::sessions`].
    pub const SESSION: Kind = Kind::Timestamp { unit: Unit::Milliseconds, zoned: false };

    fn new(name: &str, kind: Kind, values: Values) -> Self {
        Self { name: name.to_owned(), kind, values, required: false }
    }

    /// A column whose file says that no value is missing.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Numbers.
    pub fn numbers(name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self::new(name, Kind::Float64, Values::Numbers(values.into_iter().collect()))
    }

    /// Days.
    pub fn dates(name: &str, values: impl IntoIterator<Item = Option<Date>>) -> Self {
        let days = values.into_iter().map(|date| date.map(days_of));
        Self::new(name, Kind::Date, Values::Integers(days.collect()))
    }

    /// Sessions: days as midnights without a time zone, of which pandas makes a `DatetimeIndex`; of
    /// [`Column::dates`] it makes objects.
    pub fn sessions(name: &str, values: impl IntoIterator<Item = Option<Date>>) -> Self {
        let times = values.into_iter().map(|date| date.map(|date| days_of(date) * DAY));
        Self::new(name, Self::SESSION, Values::Integers(times.collect()))
    }

    /// Times since 1970-01-01.
    pub fn times(
        name: &str,
        (unit, zoned): (Unit, bool),
        values: impl IntoIterator<Item = Option<i64>>,
    ) -> Self {
        let values = Values::Integers(values.into_iter().collect());
        Self::new(name, Kind::Timestamp { unit, zoned }, values)
    }

    /// Texts.
    pub fn texts<'a>(name: &str, values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let bytes = values.into_iter().map(|text| text.map(ByteArray::from));
        Self::new(name, Kind::Text, Values::Bytes(bytes.collect()))
    }

    /// Bytes.
    pub fn bytes<'a>(name: &str, values: impl IntoIterator<Item = Option<&'a [u8]>>) -> Self {
        let bytes = values.into_iter().map(|bytes| bytes.map(ByteArray::from));
        Self::new(name, Kind::Binary, Values::Bytes(bytes.collect()))
    }

    /// Yes or no.
    pub fn flags(name: &str, values: impl IntoIterator<Item = Option<bool>>) -> Self {
        Self::new(name, Kind::Boolean, Values::Flags(values.into_iter().collect()))
    }

    /// Whole numbers of 64 bits.
    pub fn integers(name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::new(name, Kind::Int64, Values::Integers(values.into_iter().collect()))
    }

    /// Counts of 32 bits.
    pub fn counts(name: &str, values: impl IntoIterator<Item = u32>) -> Self {
        let values = values.into_iter().map(|count| Some(i64::from(count)));
        Self::new(name, Kind::UInt32, Values::Integers(values.collect()))
    }

    /// Counts of 64 bits.
    pub fn long_counts(name: &str, values: impl IntoIterator<Item = u64>) -> Self {
        let values = values.into_iter().map(|count| Some(count.cast_signed()));
        Self::new(name, Kind::UInt64, Values::Integers(values.collect()))
    }

    /// The number of a row; none where it is missing, or the column has no numbers.
    pub fn number(&self, row: usize) -> Option<f64> {
        match &self.values {
            Values::Numbers(values) => *values.get(row)?,
            _ => None,
        }
    }

    /// The whole number, day or time of a row.
    pub fn integer(&self, row: usize) -> Option<i64> {
        match &self.values {
            Values::Integers(values) => *values.get(row)?,
            _ => None,
        }
    }

    /// The day of a row; none where it is missing, out of the calendar, not at midnight, or the column
    /// has neither days nor sessions.
    pub fn date(&self, row: usize) -> Option<Date> {
        let value = self.integer(row)?;
        match &self.kind {
            Kind::Date => date_of(value),
            kind if *kind == Self::SESSION && value.rem_euclid(DAY) == 0 => date_of(value / DAY),
            _ => None,
        }
    }

    /// The flag of a row.
    pub fn flag(&self, row: usize) -> Option<bool> {
        match &self.values {
            Values::Flags(values) => *values.get(row)?,
            _ => None,
        }
    }

    /// The text of a row; none where it is missing or the column has no texts.
    pub fn text(&self, row: usize) -> Option<&str> {
        match (&self.kind, &self.values) {
            (Kind::Text, Values::Bytes(values)) => values.get(row)?.as_ref()?.as_utf8().ok(),
            _ => None,
        }
    }
}

/// The day that is so many days after 1970-01-01; none beyond the calendar.
pub fn date_of(days: i64) -> Option<Date> {
    // The span of a civil date is far wider than any market, and narrower than `i32`.
    let span = jiff::Span::new().try_days(days).ok()?;
    EPOCH.checked_add(span).ok()
}

/// The days from 1970-01-01 to a date.
pub fn days_of(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}
