//! The benchmark of a study: a ticker, or a blend of several.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_data::Rebalanced;

const REBALANCED: &str = "rebalanced";

/// A benchmark: a ticker, or weights of several.
///
/// # Examples
/// ```
/// use walkfolio_study::BenchmarkSpec;
///
/// let blend: BenchmarkSpec = toml::from_str("SPY = 0.6\nAGG = 0.4\n").unwrap();
/// assert!(matches!(&blend, BenchmarkSpec::Blend { weights, .. } if weights["SPY"] == 0.6));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum BenchmarkSpec {
    /// `"SPY"`
    Ticker(String),
    /// `{ SPY = 0.6, AGG = 0.4 }`
    Blend {
        /// The weights by ticker.
        weights: BTreeMap<String, f64>,
        /// When they are restored.
        rebalanced: Rebalanced,
    },
}

impl BenchmarkSpec {
    /// The tickers that it is made of.
    pub fn tickers(&self) -> Vec<&str> {
        match self {
            Self::Ticker(ticker) => vec![ticker],
            Self::Blend { weights, .. } => weights.keys().map(String::as_str).collect(),
        }
    }
}

impl Serialize for BenchmarkSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (weights, rebalanced) = match self {
            Self::Ticker(ticker) => return serializer.serialize_str(ticker),
            Self::Blend { weights, rebalanced } => (weights, rebalanced),
        };
        let mut map = serializer.serialize_map(Some(weights.len() + 1))?;
        for (ticker, weight) in weights {
            map.serialize_entry(ticker, weight)?;
        }
        map.serialize_entry(REBALANCED, rebalanced)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for BenchmarkSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = BenchmarkSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ticker or a table of weights")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<BenchmarkSpec, E> {
        Ok(BenchmarkSpec::Ticker(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<BenchmarkSpec, A::Error> {
        let (mut weights, mut rebalanced) = (BTreeMap::new(), Rebalanced::default());
        while let Some(key) = map.next_key::<String>()? {
            if key == REBALANCED {
                rebalanced = map.next_value()?;
            } else {
                weights.insert(key, map.next_value()?);
            }
        }
        Ok(BenchmarkSpec::Blend { weights, rebalanced })
    }
}

/// [`BenchmarkSpec::Blend`] but for the weights.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "read by the schema alone")]
struct BlendKeys {
    /// When the parts of a blend are brought back to their weights, without cost.
    #[schemars(default)]
    rebalanced: Rebalanced,
}

impl JsonSchema for BenchmarkSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "BenchmarkSpec".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = BlendKeys::json_schema(generator);
        schema.remove("description");
        schema.insert("type".to_owned(), ["string", "object"].as_slice().into());
        schema.insert("additionalProperties".to_owned(), json_schema!({ "type": "number" }).into());
        schema
    }
}
