//! What the values of a column are.

use std::fmt;

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::Type;

use crate::Result;

/// The kind of a column's values. Its text is the name that Arrow, and so pandas and polars, give it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Yes or no.
    Boolean,
    /// Whole numbers of 32 bits.
    Int32,
    /// Whole numbers of 64 bits.
    Int64,
    /// Whole numbers of 32 bits without a sign.
    UInt32,
    /// Whole numbers of 64 bits without a sign.
    UInt64,
    /// Numbers in single precision.
    Float32,
    /// Numbers in double precision.
    Float64,
    /// Days since 1970-01-01.
    Date,
    /// A time since 1970-01-01.
    Timestamp {
        /// In what it counts.
        unit: Unit,
        /// Whether it is an instant, shown in some time zone, and not the time of a wall clock.
        zoned: bool,
    },
    /// Texts in UTF-8.
    Text,
    /// Bytes.
    Binary,
    /// Nothing but missing values: pandas stores such a column without a type.
    Null,
    /// What is not read, by its name.
    Other(String),
}

/// The unit of a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 1,000 a second.
    Milliseconds,
    /// 1,000,000 a second.
    Microseconds,
    /// 1,000,000,000 a second.
    Nanoseconds,
}

impl Unit {
    /// How many make a second.
    pub fn per_second(self) -> i64 {
        match self {
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }

    fn of(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::MILLIS => Self::Milliseconds,
            TimeUnit::MICROS => Self::Microseconds,
            TimeUnit::NANOS => Self::Nanoseconds,
        }
    }

    fn stored(self) -> TimeUnit {
        match self {
            Self::Milliseconds => TimeUnit::MILLIS,
            Self::Microseconds => TimeUnit::MICROS,
            Self::Nanoseconds => TimeUnit::NANOS,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date => f.write_str("Date32"),
            Self::Text => f.write_str("Utf8"),
            Self::Other(name) => f.write_str(name),
            Self::Timestamp { unit, zoned } => {
                let unit = match unit {
                    Unit::Milliseconds => "ms",
                    Unit::Microseconds => "us",
                    Unit::Nanoseconds => "ns",
                };
                let zone = if *zoned { ", \"UTC\"" } else { "" };
                write!(f, "Timestamp({unit}{zone})")
            }
            kind => write!(f, "{kind:?}"),
        }
    }
}

impl Kind {
    /// The kind of a column of a file.
    pub(crate) fn of(column: &Type) -> Self {
        let info = column.get_basic_info();
        if column.is_group() || info.has_repetition() && info.repetition() == Repetition::REPEATED {
            return Self::Other("a nested type".to_owned());
        }
        if info.logical_type_ref() == Some(&LogicalType::Unknown) {
            return Self::Null;
        }
        let known = match column.get_physical_type() {
            Physical::BOOLEAN => Some(Self::Boolean),
            Physical::INT32 => Self::of_int32(info.logical_type_ref(), info.converted_type()),
            Physical::INT64 => Self::of_int64(info.logical_type_ref(), info.converted_type()),
            Physical::INT96 => Some(Self::Timestamp { unit: Unit::Nanoseconds, zoned: false }),
            Physical::FLOAT => Some(Self::Float32),
            Physical::DOUBLE => Some(Self::Float64),
            Physical::BYTE_ARRAY => Self::of_bytes(info.logical_type_ref(), info.converted_type()),
            Physical::FIXED_LEN_BYTE_ARRAY => None,
        };
        known.unwrap_or_else(|| Self::Other(annotation(column)))
    }

    fn of_int32(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Self> {
        match (logical, converted) {
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Self::Date),
            (None, ConvertedType::NONE | ConvertedType::INT_32) => Some(Self::Int32),
            (None, ConvertedType::UINT_32) => Some(Self::UInt32),
            (Some(LogicalType::Integer(int)), _) if int.bit_width == 32 => {
                Some(if int.is_signed { Self::Int32 } else { Self::UInt32 })
            }
            _ => None,
        }
    }

    fn of_int64(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Self> {
        let zoned = |unit: Unit| Some(Self::Timestamp { unit, zoned: true });
        match (logical, converted) {
            (None, ConvertedType::NONE | ConvertedType::INT_64) => Some(Self::Int64),
            (None, ConvertedType::UINT_64) => Some(Self::UInt64),
            (None, ConvertedType::TIMESTAMP_MILLIS) => zoned(Unit::Milliseconds),
            (None, ConvertedType::TIMESTAMP_MICROS) => zoned(Unit::Microseconds),
            (Some(LogicalType::Integer(int)), _) if int.bit_width == 64 => {
                Some(if int.is_signed { Self::Int64 } else { Self::UInt64 })
            }
            (Some(LogicalType::Timestamp(time)), _) => Some(Self::Timestamp {
                unit: Unit::of(time.unit),
                zoned: time.is_adjusted_to_u_t_c,
            }),
            _ => None,
        }
    }

    fn of_bytes(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Self> {
        match (logical, converted) {
            (Some(LogicalType::String | LogicalType::Json), _)
            | (None, ConvertedType::UTF8 | ConvertedType::JSON) => Some(Self::Text),
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => None,
            _ => Some(Self::Binary),
        }
    }

    /// The column of a file that is to be written; none of a kind that is read only.
    pub(crate) fn stored(&self, name: &str, repetition: Repetition) -> Result<Option<Type>> {
        let (physical, logical) = match self {
            Self::Boolean => (Physical::BOOLEAN, None),
            Self::Int32 => (Physical::INT32, None),
            Self::Int64 => (Physical::INT64, None),
            Self::UInt32 => (Physical::INT32, Some(LogicalType::integer(32, false))),
            Self::UInt64 => (Physical::INT64, Some(LogicalType::integer(64, false))),
            Self::Float64 => (Physical::DOUBLE, None),
            Self::Date => (Physical::INT32, Some(LogicalType::Date)),
            Self::Timestamp { unit, zoned } => {
                (Physical::INT64, Some(LogicalType::timestamp(*zoned, unit.stored())))
            }
            Self::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Binary => (Physical::BYTE_ARRAY, None),
            Self::Float32 | Self::Null | Self::Other(_) => return Ok(None),
        };
        let builder = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        Ok(Some(builder.with_logical_type(logical).build()?))
    }
}

/// What a file says of a column that is not read.
fn annotation(column: &Type) -> String {
    let info = column.get_basic_info();
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::Integer(int)), _) => {
            format!("{}Int{}", if int.is_signed { "" } else { "U" }, int.bit_width)
        }
        (Some(logical), _) => {
            let text = format!("{logical:?}");
            text.split(['(', ' ']).next().unwrap_or_default().to_owned()
        }
        (None, ConvertedType::NONE) => "FixedSizeBinary".to_owned(),
        (None, converted) => converted.to_string(),
    }
}
