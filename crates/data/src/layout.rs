//! How price files are laid out: a file a layout, and a list.
//!
//! [`parse`] is a pure function from bytes to [`Series`]: it recognizes the layout by the content or
//! is given it. Values are read as they are, missing ones as `None`; what cannot be daily prices
//! (intraday rows, web pages, Git LFS pointers, returns) is refused with an error that says why.
//! [`Series::total_return`] gives the prices a study earns its returns on.
//!
//! To add a layout, write `layout/name.rs` with a type that is a `PriceLayout`, and add its line to
//! the list below: the schema of studies, their reference and the recognition follow.

use std::borrow::Cow;

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use walkfolio_core::{Note, Ticker};

use crate::dialect::{CsvForm, Sheet};
use crate::series::Series;
use crate::source::{Content, Data};
use crate::{Error, Result};

mod input;
mod long_parquet;
mod multi_parquet;
mod price_layout;
mod record;
mod wide_csv;
mod wide_parquet;

pub(crate) use price_layout::{Contents, Input};
use price_layout::{Fit, Head, PriceLayout};
use record::Header;
pub(crate) use wide_parquet::date_place;

/// The list: a module and its type, in the order in which they are recognized.
macro_rules! layouts {
    ($($module:ident::$name:ident,)*) => {
        $(mod $module;)*

        /// The layout of price files.
        ///
        /// # Examples
        /// ```
        /// use walkfolio_data::layout::Layout;
        ///
        /// assert_eq!(Layout::OneTicker.word(), "one_ticker");
        /// assert_eq!(Layout::from_word("long"), Some(Layout::Long));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Layout {
            $(
                #[doc = concat!("`", stringify!($module), "`: see `layout/", stringify!($module), ".rs`.")]
                $name,
            )*
        }

        impl Layout {
            /// Every layout.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its word in studies.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $module::$name::WORD,)* }
            }

            fn recognizes(self, head: &Head<'_>) -> Option<Fit> {
                match self { $(Self::$name => $module::$name::recognizes(head),)* }
            }

            pub(crate) fn read(self, input: &Input<'_>) -> Result<Contents> {
                match self { $(Self::$name => $module::$name::read(input),)* }
            }

            pub(crate) fn tickers(self, input: &Input<'_>) -> Result<Vec<Ticker>> {
                match self { $(Self::$name => $module::$name::tickers(input),)* }
            }

            fn schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$name => $module::$name::json_schema(generator),)* }
            }
        }
    };
}

layouts! {
    wide::Wide,
    long::Long,
    multi_header::MultiHeader,
    one_ticker::OneTicker,
    yahoo_chart::YahooChart,
    fred::Fred,
}

impl Layout {
    /// The layout of a word in a study.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|layout| layout.word() == word)
    }

    /// The layout that was asked for, or that the content shows.
    pub(crate) fn of(input: &Input<'_>, asked: Option<Self>) -> Result<Self> {
        if let Some(asked) = asked {
            return Ok(asked);
        }
        let (header, below) = header(input)?;
        let head = Head { content: input.content, header, below, wanted: input.wanted };
        let fits = Self::ALL.iter().rev().filter_map(|own| Some((own.recognizes(&head)?, *own)));
        let best = fits.max_by_key(|(fit, _)| *fit);
        Ok(best.map_or(Self::Wide, |(_, layout)| layout))
    }
}

/// The fields of a price record among the columns, and the first rows of a text below them.
fn header(input: &Input<'_>) -> Result<(Header, Vec<Vec<String>>)> {
    if input.content != Content::Text {
        return Ok((Header::find(&input.names()?), Vec::new()));
    }
    let text = input.text()?;
    let sheet = Sheet::open(input.file, &text, input.csv)?;
    Ok((Header::of_sheet(&sheet)?, sheet.below(2)?))
}

impl Serialize for Layout {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Layout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::from_word(&word).ok_or_else(|| {
            serde::de::Error::custom(format!("unknown layout of price files \"{word}\""))
        })
    }
}

impl JsonSchema for Layout {
    fn schema_name() -> Cow<'static, str> {
        "Layout".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let word = |layout: &Self| {
            let schema = layout.schema(generator);
            let description = schema.get("description").cloned().unwrap_or_default();
            json_schema!({ "const": layout.word(), "description": description, "type": "string" })
        };
        let words: Vec<Schema> = Self::ALL.iter().map(word).collect();
        json_schema!({ "description": "The layout of price files.", "oneOf": words })
    }
}

/// Reads the series of a text: one of a one-ticker file or a chart response, all of a long file.
///
/// Column names are recognized whatever their case, in English and as Stooq writes them in Polish.
/// A table with a column of tickers and one of closes is long; one whose columns are all fields of
/// a price record (open, high, low, close, volume ..) holds one ticker; JSON is a chart response. A
/// wide table is refused here: [`load`](crate::load) reads it. `ticker` names the series of a file
/// that does not name it itself.
///
/// # Shape and units
/// As [`Series`]; a long file gives its tickers in order of their first row.
/// # Errors
/// [`Error::AmbiguousHeader`], [`Error::NoPriceColumn`] or [`Error::NoDateColumn`] for a header
/// that cannot be read one way only; [`Error::Intraday`], [`Error::NotPrices`] and
/// [`Error::WrongKind`] for what is not a table of daily prices; [`Error::BadDate`],
/// [`Error::BadCell`] and [`Error::RaggedRow`] with the line; [`Error::Refused`] for a response
/// that states an error.
/// # Examples
/// ```
/// use walkfolio_core::{Note, Ticker};
/// use walkfolio_data::layout::parse;
///
/// // investing.com: newest first, month before day, volumes abbreviated.
/// let text = "\"Date\",\"Price\",\"Vol.\"\n\"07/26/2019\",\"31.69\",\"49.01M\"\n\
///     \"07/25/2019\",\"29.15\",\"20.28M\"\n";
/// let series = parse("FDC.csv", text.as_bytes(), None, &Ticker::new("FDC")?)?;
/// assert_eq!(series[0].close, [Some(29.15), Some(31.69)]);
/// assert_eq!(series[0].volume.as_ref().map(|volume| volume[1]), Some(Some(49_010_000.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(
    file: &str,
    bytes: &[u8],
    layout: Option<Layout>,
    ticker: &Ticker,
) -> Result<Vec<Series>> {
    let data = Data::Bytes(Bytes::copy_from_slice(bytes));
    let (content, csv) = (Content::of(bytes), &CsvForm::default());
    let input = Input { file, content, data: &data, wanted: &[], named: ticker, bars: true, csv };
    read_series(&input, layout).map(|(series, _)| series)
}

/// The ticker that the first row of a table of prices states.
pub(crate) fn stated_ticker(sheet: &Sheet<'_>) -> Option<Ticker> {
    let header = Header::of_sheet(sheet).ok()?;
    let place = header.ticker.filter(|_| header.is_priced())?;
    let below = sheet.below(1).ok()?;
    record::stated(sheet.file, below.first()?.get(place)?, &[]).ok()
}

/// As [`parse`], of a file that has been opened; the rows of a Parquet file are read batch by batch.
pub(crate) fn read_series(
    input: &Input<'_>,
    layout: Option<Layout>,
) -> Result<(Vec<Series>, Vec<Note>)> {
    if !matches!(input.content, Content::Text | Content::Parquet | Content::Json) {
        return Err(input.wrong_kind());
    }
    let layout = match Layout::of(input, layout)? {
        // A record with columns that nobody knows, in a file that holds one ticker.
        Layout::Wide if layout.is_none() && Header::find(&input.names()?).is_priced() => {
            Layout::OneTicker
        }
        own => own,
    };
    if layout != Layout::Wide
        && let Contents::Series(series, notes) = layout.read(input)?
    {
        return Ok((series, notes));
    }
    Err(Error::NoPriceColumn { file: input.file.to_owned(), header: input.names()? })
}

#[cfg(test)]
mod tests;
