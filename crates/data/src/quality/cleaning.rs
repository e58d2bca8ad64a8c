//! What is done about each kind of finding, as a study states it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::finding::Kind;

/// What is done about a kind of finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Policy {
    /// The finding is reported in the ledger.
    #[default]
    Report,
    /// The run stops if the finding is a warning or an error.
    Fail,
    /// The prices are removed, which leaves a gap.
    Mask,
    /// The session is removed for all assets: the next return spans two days.
    Drop,
    /// The last known price is used.
    ForwardFill {
        /// Maximum number of rows to fill.
        ///
        /// Example: `limit_days = 5`
        limit_days: u32,
    },
    /// Linear interpolation of the log price between its neighbours: it looks ahead.
    Interpolate,
    /// The return is clipped, and later prices are rescaled.
    Winsorize {
        /// Maximum absolute return.
        ///
        /// Unit: fraction.
        ///
        /// Example: `limit = 0.5`
        limit: f64,
    },
}

impl Policy {
    /// The kinds for which the policy makes sense; `None` for all.
    ///
    /// Prices that are wrong row by row can be dropped, filled or interpolated, and so can those of
    /// days without trade; missing ones filled; a jump cut. Of rows with the same date those that
    /// agree are one, and what they differ in is dropped. An error of units, splits, dividends or of
    /// the risk-free rate has no such fix.
    pub fn kinds(self) -> Option<&'static [Kind]> {
        use Kind::{
            BadPrice, DuplicateDate, ExtraSession, Gap, Jump, Reversal, SparseSession, StalePrice,
            UnitError, ZeroVolume,
        };
        match self {
            Self::Report | Self::Fail => None,
            Self::Drop => Some(&[SparseSession, ExtraSession]),
            Self::Mask => {
                Some(&[BadPrice, UnitError, Reversal, StalePrice, ZeroVolume, DuplicateDate])
            }
            Self::ForwardFill { .. } => Some(&[BadPrice, UnitError, Reversal, ZeroVolume, Gap]),
            Self::Interpolate => {
                Some(&[BadPrice, UnitError, Reversal, StalePrice, ZeroVolume, Gap])
            }
            Self::Winsorize { .. } => Some(&[Jump]),
        }
    }

    /// Whether the policy makes sense for a kind.
    ///
    /// Dates that occur twice cannot be reported only: a market has each date once.
    pub fn suits(self, kind: Kind) -> bool {
        match self.kinds() {
            None => self != Self::Report || kind != Kind::DuplicateDate,
            Some(kinds) => kinds.contains(&kind),
        }
    }

    /// Whether prices are changed by later rows: a line needs the next price, and a reversal is known
    /// once it is over.
    pub fn looks_ahead(self, kind: Kind) -> bool {
        match self {
            Self::Report | Self::Fail => false,
            Self::Interpolate => true,
            _ => kind == Kind::Reversal,
        }
    }

    /// A policy and what it is for: `clean.gap = interpolate`.
    pub fn of(self, kind: Kind) -> String {
        format!("clean.{} = {}", kind.as_str(), self.as_str())
    }

    /// The names of the policies that make sense for a kind.
    pub fn suited(kind: Kind) -> Vec<&'static str> {
        let all = [
            Self::Report,
            Self::Fail,
            Self::Mask,
            Self::Drop,
            Self::ForwardFill { limit_days: 1 },
            Self::Interpolate,
            Self::Winsorize { limit: 0.5 },
        ];
        all.into_iter().filter(|policy| policy.suits(kind)).map(Self::as_str).collect()
    }

    /// Its name in studies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Fail => "fail",
            Self::Mask => "mask",
            Self::Drop => "drop",
            Self::ForwardFill { .. } => "forward_fill",
            Self::Interpolate => "interpolate",
            Self::Winsorize { .. } => "winsorize",
        }
    }
}

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvalidPolicy {
    /// It makes no sense for the kind of finding.
    #[error("{} is not a fix for it", policy.as_str())]
    Unsuited {
        /// The policy.
        policy: Policy,
        /// The names of those that make sense.
        suited: Vec<&'static str>,
    },
    /// A fill that fills nothing.
    #[error("must be at least 1, found 0")]
    FillsNothing,
    /// A limit of returns that is not a fraction.
    #[error("must be between 0 and 1, found {limit}")]
    Limit {
        /// The limit.
        limit: f64,
    },
    /// Prices are dropped, and no policy fills the gap that this makes.
    #[error("leaves a gap, which is refused unless it is filled")]
    LeavesGap,
}

/// What is done about each kind of finding of the data check; without the table nothing is changed.
///
/// What is done to a row comes from the rows up to it; `interpolate` and a fix of reversals take later
/// ones, which is a warning. Every change is a note of the ledger.
///
/// # Examples
/// ```
/// use walkfolio_data::quality::{Cleaning, Kind, Policy};
///
/// let cleaning = Cleaning::new([(Kind::Gap, Policy::ForwardFill { limit_days: 5 })]);
/// assert_eq!(cleaning.policy(Kind::Jump), Policy::Report);
/// assert!(cleaning.check().is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cleaning {
    rules: BTreeMap<Kind, Policy>,
}

impl Cleaning {
    /// The policies of some kinds; the others are reported.
    pub fn new(rules: impl IntoIterator<Item = (Kind, Policy)>) -> Self {
        Self { rules: rules.into_iter().collect() }
    }

    /// Whether no kind has a policy: then nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The policies that are stated.
    pub fn rules(&self) -> impl Iterator<Item = (Kind, Policy)> {
        self.rules.iter().map(|(kind, policy)| (*kind, *policy))
    }

    /// The policy of a kind, if one is stated.
    pub fn stated(&self, kind: Kind) -> Option<Policy> {
        self.rules.get(&kind).copied()
    }

    /// The policy of a kind.
    pub fn policy(&self, kind: Kind) -> Policy {
        self.stated(kind).unwrap_or_default()
    }

    /// Every policy that cannot be used, with the kind that it is stated for.
    pub fn check(&self) -> Vec<(Kind, InvalidPolicy)> {
        let fills = matches!(
            self.stated(Kind::Gap),
            Some(Policy::ForwardFill { .. } | Policy::Interpolate)
        );
        let mut found = Vec::new();
        for (kind, policy) in self.rules() {
            let unsuited = || InvalidPolicy::Unsuited { policy, suited: Policy::suited(kind) };
            found.extend((!policy.suits(kind)).then(unsuited).map(|invalid| (kind, invalid)));
            found.extend(match policy {
                Policy::ForwardFill { limit_days: 0 } => Some((kind, InvalidPolicy::FillsNothing)),
                Policy::Winsorize { limit } if !(limit > 0.0 && limit < 1.0) => {
                    Some((kind, InvalidPolicy::Limit { limit }))
                }
                // Of two rows of a date one is left.
                Policy::Mask if kind != Kind::DuplicateDate && !fills => {
                    Some((kind, InvalidPolicy::LeavesGap))
                }
                _ => None,
            });
        }
        found
    }
}

impl JsonSchema for Cleaning {
    fn schema_name() -> Cow<'static, str> {
        "Cleaning".into()
    }

    /// A table with a key for each kind, which says what the kind is and what may be done about it.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let policy = generator.subschema_for::<Policy>();
        let kinds = Kind::json_schema(generator);
        let meaning = |kind: Kind| {
            let own = |one: &&Value| one.get("const") == Some(&Value::from(kind.as_str()));
            let all = kinds.get("oneOf").and_then(Value::as_array).into_iter().flatten();
            let text = all.filter(own).find_map(|one| one.get("description")?.as_str());
            format!("{} One of: {}.", text.unwrap_or_default(), Policy::suited(kind).join(", "))
        };
        let property = |kind: Kind| {
            let one = json_schema!({
                "anyOf": [policy, { "type": "null" }],
                "description": meaning(kind),
            });
            (kind.as_str().to_owned(), one.to_value())
        };
        let properties: Map<String, Value> = Kind::ALL.into_iter().map(property).collect();
        json_schema!({
            "additionalProperties": false,
            "description": "What is done about each kind of finding of the data check; without the \
                table nothing is changed.\n\nWhat is done to a row comes from the rows up to it; \
                `interpolate` and a fix of reversals take later ones, which is a warning. Every \
                change is a note of the ledger.",
            "properties": properties,
            "type": "object",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_the_policies_that_make_sense() {
        assert_eq!(Policy::suited(Kind::Dividend), ["report", "fail"]);
        assert_eq!(Policy::suited(Kind::DuplicateDate), ["fail", "mask"]);
        assert_eq!(
            Policy::suited(Kind::ZeroVolume),
            ["report", "fail", "mask", "forward_fill", "interpolate"]
        );
        assert_eq!(Policy::suited(Kind::Jump), ["report", "fail", "winsorize"]);
    }

    #[test]
    fn each_invalid_policy_names_its_kind() {
        let cleaning = Cleaning::new([
            (Kind::BadPrice, Policy::Mask),
            (Kind::Gap, Policy::ForwardFill { limit_days: 0 }),
            (Kind::Jump, Policy::Winsorize { limit: 5.0 }),
            (Kind::Dividend, Policy::Mask),
        ]);
        let found: Vec<String> = cleaning
            .check()
            .into_iter()
            .map(|(kind, invalid)| format!("{}: {invalid}", kind.as_str()))
            .collect();
        let expected = [
            "dividend: mask is not a fix for it",
            "jump: must be between 0 and 1, found 5",
            "gap: must be at least 1, found 0",
        ];
        assert_eq!(found, expected);
        let masked = Cleaning::new([(Kind::BadPrice, Policy::Mask)]);
        assert_eq!(masked.check(), [(Kind::BadPrice, InvalidPolicy::LeavesGap)]);
    }
}
