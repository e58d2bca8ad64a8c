//! The maximum turnover of a rebalance and of a year.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as Wrong, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_core::{Faults, Memory, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint};

use super::form::{ConstraintForm, not_proven};
use crate::objective::{Current, Inputs, Setting};
use crate::words;

/// The maximum turnover: a number is that of a rebalance.
///
/// `1/2 sum |w - w0|` over all assets, with the current holdings `w0`, is at most `per_rebalance`, and together with
/// the turnover of the rebalances in the `periods_per_year - 1` sessions before at most `per_year`.
///
/// # Examples
/// ```
/// use walkfolio_study::TurnoverSpec;
///
/// let year: TurnoverSpec = toml::from_str("per_year = 1.0").unwrap();
/// assert_eq!((year.per_rebalance, year.per_year), (None, Some(1.0)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TurnoverSpec {
    /// Of a rebalance.
    pub per_rebalance: Option<f64>,
    /// Of a year.
    pub per_year: Option<f64>,
}

/// [`TurnoverSpec`] as a table.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Maximum turnover of a rebalance.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `per_rebalance = 0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_rebalance: Option<f64>,
    /// Maximum turnover of a year: of the rebalance and of all that were executed in the `periods_per_year - 1`
    /// sessions before. The initial trade does not count.
    ///
    /// Unit: fraction of equity.
    ///
    /// Example: `per_year = 1.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_year: Option<f64>,
}

/// Where a study states it, and what messages call it.
const PATH: &str = "allocate.turnover";
const NAME: &str = "turnover";
const OF_YEAR: &str = "turnover.per_year";

impl ConstraintForm for TurnoverSpec {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        let Self { per_rebalance, per_year } = *self;
        if per_rebalance.is_none() && per_year.is_none() {
            let message = "has neither per_rebalance nor per_year";
            faults.push(PATH, message, "write 0.1, or { per_year = 1.0 }");
        }
        let own = if per_year.is_some() { "allocate.turnover.per_rebalance" } else { PATH };
        faults.at_least_zero(own, per_rebalance.unwrap_or(0.0));
        faults.at_least_zero("allocate.turnover.per_year", per_year.unwrap_or(0.0));
        // The search over holdings has it, too.
        not_proven(PATH, setting, faults);
    }

    fn memory(&self) -> Memory {
        Memory::Holdings
    }

    /// The initial trade, out of cash, is not limited: there is no portfolio to stay near.
    fn prepare(&self, inputs: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        let Some(Current { held, sold }) = inputs.current()? else { return Ok(Vec::new()) };
        let limit = |name: &str, max: f64, spent: f64| {
            optimize::Turnover::new(held.clone(), max)
                .and_then(|turnover| turnover.with_sold(sold)?.with_spent(spent))
                .map(|turnover| Constraint::from(turnover.named(name)))
                .map_err(words::policy)
        };
        let mut limits = Vec::new();
        if let Some(max) = self.per_rebalance {
            limits.push(limit(NAME, max, 0.0)?);
        }
        if let Some(max) = self.per_year {
            limits.push(limit(OF_YEAR, max, of_year(inputs)?)?);
        }
        Ok(limits)
    }
}

/// The turnover of the year up to a decision, without its own.
fn of_year(inputs: &Inputs<'_>) -> Result<f64> {
    // A number of periods is at least 1 and no more than a few hundred.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let year = inputs.setting.periods_per_year()?.round() as usize;
    inputs.view.turnover_since((inputs.past.rows() + 1).saturating_sub(year))
}

impl Serialize for TurnoverSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match *self {
            Self { per_rebalance: Some(max), per_year: None } => serializer.serialize_f64(max),
            Self { per_rebalance, per_year } => {
                Table { per_rebalance, per_year }.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for TurnoverSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = TurnoverSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a table with per_rebalance or per_year")
    }

    fn visit_f64<E: Wrong>(self, max: f64) -> std::result::Result<TurnoverSpec, E> {
        Ok(TurnoverSpec { per_rebalance: Some(max), per_year: None })
    }

    fn visit_i64<E: Wrong>(self, max: i64) -> std::result::Result<TurnoverSpec, E> {
        self.visit_f64(max as f64)
    }

    fn visit_u64<E: Wrong>(self, max: u64) -> std::result::Result<TurnoverSpec, E> {
        self.visit_f64(max as f64)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<TurnoverSpec, A::Error> {
        let Table { per_rebalance, per_year } =
            Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(TurnoverSpec { per_rebalance, per_year })
    }
}

impl JsonSchema for TurnoverSpec {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TurnoverSpec".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Table::json_schema(generator);
        schema.remove("description");
        schema.insert("type".to_owned(), ["number", "object"].as_slice().into());
        schema
    }
}
