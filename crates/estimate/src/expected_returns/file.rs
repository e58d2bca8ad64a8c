//! Forecasts of the user's own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Faults, Note, Past};

use super::model::{ExpectedReturnsModel, InputFile};
use crate::{Error, Needs, Result, Scale};

/// Your own forecasts, by date and asset.
///
/// The forecast of an asset is its newest one that is known at the last session before the decision, whatever day it
/// speaks of: the date of a row is the day from which on anybody could have read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The forecasts, CSV or Parquet below the folder of the prices: `date, asset, forecast`, or a column of dates and
    /// one for each asset. An empty cell says nothing new.
    ///
    /// Example: `file = "forecasts.csv"`
    pub file: String,
    /// The unit of the numbers in the file.
    pub unit: ForecastUnit,
    /// The time that a forecast is for.
    #[serde(default)]
    pub per: ForecastPer,
    /// An older forecast counts as missing; without it none is too old, and old ones are a warning.
    ///
    /// Unit: calendar days.
    ///
    /// Example: `max_age = 31`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// What becomes of an eligible asset without a forecast.
    #[serde(default)]
    pub missing: MissingForecast,
}

/// The unit of forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForecastUnit {
    /// 0.08 is eight percent.
    Fraction,
    /// 8 is eight percent.
    Percent,
}

/// The time that a forecast is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForecastPer {
    /// A year.
    #[default]
    Year,
    /// A row of the prices.
    Period,
}

/// What becomes of an asset without a forecast.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingForecast {
    /// An error. Decisions begin once every eligible asset has a forecast.
    #[default]
    Error,
    /// The mean of the others, with a note.
    Mean,
}

impl File {
    /// The name under which a market has the forecasts of a file.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_estimate::expected_returns::File;
    ///
    /// assert_eq!(File::signal("mu.csv"), "forecasts of mu.csv");
    /// ```
    pub fn signal(file: &str) -> String {
        format!("forecasts of {file}")
    }

    /// The forecast of an asset in the file's unit, if there is one that is young enough.
    fn forecast(&self, past: &Past<'_>, asset: usize) -> Result<Option<f64>> {
        let newest = past.dated_signal(&Self::signal(&self.file), asset)?;
        let last = past.dates().last().copied();
        Ok(newest.filter(|(date, _)| self.is_young(*date, last)).map(|(_, value)| value))
    }

    fn is_young(&self, date: Date, last: Option<Date>) -> bool {
        let age = last.map_or(0, |last| days(date, last));
        self.max_age.is_none_or(|most| age <= i64::from(most))
    }

    fn forecasts(&self, past: &Past<'_>, assets: &[usize]) -> Result<Vec<Option<f64>>> {
        assets.iter().map(|&asset| self.forecast(past, asset)).collect()
    }

    /// Why an asset has no forecast.
    fn lacking(&self, past: &Past<'_>, asset: usize) -> Error {
        let newest = past.dated_signal(&Self::signal(&self.file), asset).ok().flatten();
        let last = past.dates().last().copied().unwrap_or_default();
        let asset = past.universe().tickers()[asset].clone();
        let (file, max_age) = (self.file.clone(), self.max_age.unwrap_or_default());
        match newest {
            Some((newest, _)) => {
                let age = days(newest, last);
                Error::OldForecast { file, asset, newest, last, age, max_age }
            }
            None => Error::NoForecast { file, asset, last },
        }
    }
}

/// Calendar days from a date to a later one.
fn days(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

impl ExpectedReturnsModel for File {
    fn validate(&self, faults: &mut Faults) {
        if self.file.is_empty() {
            faults.push("file", "names no file", "write file = \"forecasts.csv\"");
        }
    }

    /// An asset is eligible by its prices; forecasts are asked for where there is one.
    fn needs(&self) -> Needs {
        Needs::returns(1)
    }

    fn files(&self) -> Vec<InputFile<'_>> {
        vec![InputFile::Forecasts { key: "file".to_owned(), file: &self.file }]
    }

    fn estimate(&self, past: &Past<'_>, assets: &[usize], scale: Scale) -> Result<Vec<f64>> {
        let stated = self.forecasts(past, assets)?;
        let known: Vec<f64> = stated.iter().flatten().copied().collect();
        let gap = stated.iter().position(Option::is_none);
        if let Some(at) = gap
            && (self.missing == MissingForecast::Error || known.is_empty())
        {
            return Err(self.lacking(past, assets[at]));
        }
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let size = match self.unit {
            ForecastUnit::Fraction => 1.0,
            ForecastUnit::Percent => 0.01,
        };
        let size = match self.per {
            ForecastPer::Year => size * scale.of_year(),
            ForecastPer::Period => size * scale.of_session(),
        };
        Ok(stated.into_iter().map(|value| value.unwrap_or(mean) * size).collect())
    }

    fn notes(&self, past: &Past<'_>, assets: &[usize]) -> Vec<Note> {
        let stated = self.forecasts(past, assets).unwrap_or_default();
        let without = assets.iter().zip(stated).filter(|(_, value)| value.is_none());
        let names: Vec<&str> =
            without.map(|(asset, _)| past.universe().tickers()[*asset].as_str()).collect();
        if names.is_empty() {
            return Vec::new();
        }
        let (file, names) = (&self.file, names.join(", "));
        vec![Note::info(format!(
            "{file} has no forecast of {names}: the mean of the others is used"
        ))]
    }
}
