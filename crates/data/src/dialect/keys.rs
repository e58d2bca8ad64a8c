//! What a study states of its CSV files.

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the cells of CSV files are written. Files show it themselves as a rule; what is stated here is
/// not inferred.
///
/// # Examples
/// ```
/// use walkfolio_data::{CsvForm, DateOrder};
///
/// let form = CsvForm { date_order: Some(DateOrder::DayFirst), ..CsvForm::default() };
/// assert_eq!(serde_json::to_string(&form)?, r#"{"date_order":"day_first"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CsvForm {
    /// The character between two cells.
    ///
    /// Example: `delimiter = ";"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// The decimal separator of numbers.
    ///
    /// Example: `decimal = ","`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
    /// The order of day, month and year in dates such as 03/04/2024.
    ///
    /// Example: `date_order = "day_first"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// How dates are written: `excel` (days since 1899-12-30), `epoch` or `epoch_ms` (seconds or
    /// milliseconds since 1970 in UTC), or a pattern of strftime.
    ///
    /// Example: `date_format = "%d.%m.%Y"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
}

impl CsvForm {
    /// Whether a text is a form of dates: a known word, or a pattern that strftime writes.
    pub fn is_date_format(text: &str) -> bool {
        let known = ["excel", "epoch", "epoch_ms"].contains(&text);
        let mut time = BrokenDownTime::from(DateTime::constant(2001, 2, 3, 4, 5, 6, 0));
        time.set_offset(Some(Offset::UTC));
        let written = time.to_string(text).is_ok();
        known || (text.contains('%') && written)
    }
}

/// The character between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Delimiter {
    /// A comma.
    #[serde(rename = ",")]
    Comma,
    /// A semicolon, as Excel writes where the comma is the decimal separator.
    #[serde(rename = ";")]
    Semicolon,
    /// A tab.
    #[serde(rename = "tab")]
    Tab,
    /// A bar.
    #[serde(rename = "|")]
    Bar,
}

impl Delimiter {
    pub(super) const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
            Self::Bar => "bars",
        }
    }
}

/// The decimal separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Decimal {
    /// 1,234.5
    #[serde(rename = ".")]
    Point,
    /// 1.234,5
    #[serde(rename = ",")]
    Comma,
}

/// The order of day, month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 28/03/2024
    DayFirst,
    /// 03/28/2024
    MonthFirst,
    /// 24/03/28
    YearFirst,
}

impl DateOrder {
    pub(super) const ALL: [Self; 3] = [Self::DayFirst, Self::MonthFirst, Self::YearFirst];

    /// As it is named in messages.
    pub(super) fn pattern(self) -> &'static str {
        match self {
            Self::DayFirst => "day/month/year",
            Self::MonthFirst => "month/day/year",
            Self::YearFirst => "year/month/day",
        }
    }

    /// Its word in studies.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::DayFirst => "day_first",
            Self::MonthFirst => "month_first",
            Self::YearFirst => "year_first",
        }
    }
}
