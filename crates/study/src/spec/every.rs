//! The rebalance frequency: a word, or dates.

use std::fmt;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// When a portfolio is rebalanced.
///
/// # Examples
/// ```
/// use walkfolio_study::EverySpec;
///
/// let every: EverySpec = toml::from_str("dates = [\"2024-03-18\"]").unwrap();
/// assert!(matches!(every, EverySpec::Dates(dates) if dates.len() == 1));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum EverySpec {
    /// `"month"`
    Word(String),
    /// `{ dates = ["2024-03-18"] }`; the dates of a file are here once the study is read.
    Dates(Vec<Date>),
}

/// [`EverySpec::Dates`] as a table.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    /// A file of dates next to the study, CSV, in its first column, or a list of them. What is no session
    /// means the next one.
    ///
    /// Example: `dates = "reviews.csv"`
    #[schemars(schema_with = "file_or_list")]
    dates: Vec<Date>,
}

fn file_or_list(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({
        "type": ["string", "array"], "items": { "type": "string" }
    })
}

impl fmt::Display for EverySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Dates(dates) => write!(f, "{} dates of a list", dates.len()),
        }
    }
}

impl Serialize for EverySpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Word(word) => serializer.serialize_str(word),
            Self::Dates(dates) => Table { dates: dates.clone() }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for EverySpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = EverySpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a frequency or a table of dates")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<EverySpec, E> {
        Ok(EverySpec::Word(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EverySpec, A::Error> {
        Ok(EverySpec::Dates(Table::deserialize(MapAccessDeserializer::new(map))?.dates))
    }
}

impl JsonSchema for EverySpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EverySpec".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Table::json_schema(generator);
        schema.remove("description");
        schema.insert("type".to_owned(), ["string", "object"].as_slice().into());
        schema
    }
}
