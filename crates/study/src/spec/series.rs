//! Keys of series next to the prices: factors and the risk-free rate.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_data::{FactorModel, Unit};

/// A set of factor returns: the name of its model, or a table that also states the unit.
///
/// # Examples
/// ```
/// use walkfolio_data::FactorModel;
/// use walkfolio_study::FactorsSpec;
///
/// let word = FactorsSpec { model: FactorModel::French3, unit: None };
/// assert_eq!(serde_json::to_value(word).unwrap(), "french3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorsSpec {
    /// The model.
    pub model: FactorModel,
    /// The unit of the files, if it is stated.
    pub unit: Option<Unit>,
}

/// [`FactorsSpec`] as a table.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The model: which factors are loaded. Files that lack one of them are an error that names it.
    model: FactorModel,
    /// The unit of the returns in the files. It is percent in files of Ken French's library, and must be
    /// stated for any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
}

impl Serialize for FactorsSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { model, unit } = *self;
        if unit.is_none() {
            model.serialize(serializer)
        } else {
            Table { model, unit }.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for FactorsSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrTable)
    }
}

struct WordOrTable;

impl<'de> Visitor<'de> for WordOrTable {
    type Value = FactorsSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a model or a table")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FactorsSpec, E> {
        let names = FactorModel::ALL.map(FactorModel::as_str);
        let model = FactorModel::ALL.into_iter().find(|model| model.as_str() == text);
        let unknown =
            || E::custom(format!("unknown value \"{text}\"; one of: {}", names.join(", ")));
        Ok(FactorsSpec { model: model.ok_or_else(unknown)?, unit: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FactorsSpec, A::Error> {
        let Table { model, unit } = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(FactorsSpec { model, unit })
    }
}

impl JsonSchema for FactorsSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FactorsSpec".into()
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

/// Prices in several currencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurrencySpec {
    /// The currency that all prices are converted to before returns are made, an ISO 4217 code. What is not
    /// listed in `assets` is in it already.
    ///
    /// Example: `base = "USD"`
    pub base: String,
    /// The currency of each ticker whose prices are in another one, benchmark and parts of a blend included;
    /// `"GBp"` and `"GBX"` are pence, hundredths of a pound.
    ///
    /// Example: `assets = { "VOD.L" = "GBp", "SAP.DE" = "EUR" }`
    pub assets: BTreeMap<String, String>,
    /// Exchange rates, a file in any layout of prices below the folder of the other files: units of the base per
    /// unit of the other currency, in columns such as `GBPUSD`, `GBPUSD=X` or `GBP`.
    ///
    /// Example: `rates = "fx.csv"`
    pub rates: String,
    /// A price on a day without a rate is converted at the last one that is at most so many days older, never at
    /// a later one; how many there are is a warning. 5 by default.
    ///
    /// Unit: calendar days.
    ///
    /// Example: `max_age = 3`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}

/// A risk-free rate of the study's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskFreeSpec {
    /// A constant rate, with a percent sign.
    ///
    /// Example: `rate = "2.5%"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// A table whose first column holds dates, CSV, below the folder of the other files; a monthly one has
    /// `2024-03` there, or the last day. What it does not cover at its beginning and its end is not measured
    /// against cash; a hole inside is an error.
    ///
    /// Example: `file = "rf.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The column of the file; not needed where there is one, or one that is named RF.
    ///
    /// Example: `column = "DTB3"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The unit of the numbers in the file, which needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// The time that a rate is for.
    pub per: PerSpec,
}

/// The time that a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PerSpec {
    /// An annual rate r. A return over (t-1, t] has `(1 + r)^(days / 365) - 1`, in calendar days, with the
    /// rate of the last row on or before t-1; where the rate changes in between, the product over its parts.
    /// The last rate holds for as long as a row of its file usually does.
    Year,
    /// The return of a row of prices; of a file, that of the time since the row before it: the rows in
    /// (t-1, t] are compounded, as RF of factors is.
    Period,
}

/// A rate as text, with its percent sign.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_study::Rate("2.5%".to_owned()).fraction(), Some(0.025));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rate(pub String);

impl Rate {
    /// The rate as a fraction, if the text is one.
    pub fn fraction(&self) -> Option<f64> {
        let percent: f64 = self.0.trim().strip_suffix('%')?.trim().parse().ok()?;
        percent.is_finite().then_some(percent / 100.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyRate)
    }
}

struct AnyRate;

impl Visitor<'_> for AnyRate {
    type Value = Rate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a rate with its percent sign")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Rate, E> {
        Ok(Rate(text.to_owned()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Rate, E> {
        Ok(Rate(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Rate, E> {
        Ok(Rate(number.to_string()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Rate, E> {
        Ok(Rate(number.to_string()))
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rate".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"] })
    }
}
