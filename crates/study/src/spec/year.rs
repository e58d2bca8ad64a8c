//! The number of periods in a year, as a study states it or as its prices tell.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The word for what the prices tell.
const AUTO: &str = "auto";

/// The number of periods in a year: a number, or `"auto"` for the one that the dates of the prices tell.
///
/// # Examples
/// ```
/// use walkfolio_study::PeriodsPerYear;
///
/// assert_eq!(PeriodsPerYear::Number(52.0).number(), Some(52.0));
/// // Only the market tells: see `Study::on`.
/// assert_eq!(PeriodsPerYear::Auto.number(), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum PeriodsPerYear {
    /// `"auto"`
    #[default]
    Auto,
    /// `252`
    Number(f64),
}

impl PeriodsPerYear {
    /// The number; `None` before the study is on its market.
    pub fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }
}

impl fmt::Display for PeriodsPerYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str(AUTO),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl Serialize for PeriodsPerYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str(AUTO),
            Self::Number(number) => serializer.serialize_f64(*number),
        }
    }
}

impl<'de> Deserialize<'de> for PeriodsPerYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl Visitor<'_> for Either {
    type Value = PeriodsPerYear;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of periods or \"auto\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<PeriodsPerYear, E> {
        if text == AUTO {
            return Ok(PeriodsPerYear::Auto);
        }
        Err(E::custom(format!("must be a number or \"auto\", found \"{text}\"")))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<PeriodsPerYear, E> {
        Ok(PeriodsPerYear::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<PeriodsPerYear, E> {
        Ok(PeriodsPerYear::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<PeriodsPerYear, E> {
        Ok(PeriodsPerYear::Number(number as f64))
    }
}

impl JsonSchema for PeriodsPerYear {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PeriodsPerYear".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"] })
    }
}
