//! Keys of `[market]`: which prices, which assets, which benchmark.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_data::layout::Layout;
use walkfolio_data::{Calendar, CsvForm, Index};

use super::benchmark::BenchmarkSpec;
use super::series::{CurrencySpec, FactorsSpec, RiskFreeSpec};
use crate::date::DateText;

/// Where prices come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketSpec {
    /// The source of prices. Without it the files of `market.files` are read, from the study's own folder or
    /// that of `--data`; without files it is the sample market.
    #[serde(default)]
    pub source: SourceSpec,
    /// Names of files, below the folder of the source or of `--data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FilesSpec>,
    /// Tickers of the assets that may be held, in the order of all tables; `["*"]` means every
    /// ticker of the price file except the benchmark, sorted.
    ///
    /// Example: `assets = ["XLE", "XLF", "XLK"]`
    pub assets: Vec<String>,
    /// Maximum gap in a price series. After a longer gap the series is a new asset (`AMD_2`): a ticker
    /// that was used again, or a member that left an index and came back. Without this key, a gap is
    /// an error.
    ///
    /// Unit: periods.
    ///
    /// Example: `max_gap = 20`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_gap: Option<u32>,
    /// A price series that ends at most so many rows before its file is late, not delisted: its last
    /// price is carried on, nothing is traded on it, and a warning says so; 5 by default. With 0 every
    /// such end is a delisting, and what is held is sold at the last price.
    ///
    /// Unit: periods.
    ///
    /// Example: `max_late = 0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_late: Option<u32>,
    /// How the cells of CSV price files are written, where the files do not show it. Of members and
    /// signals it decides what is open.
    ///
    /// Example: `csv = { date_order = "day_first", decimal = "," }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csv: Option<CsvForm>,
    /// Calendar of the price files: the exchange whose sessions the data check expects. Found from the
    /// dates by default; files of weeks or months follow none.
    ///
    /// Example: `calendar = "XLON"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Computes the benchmark from the assets, under the name in `market.benchmark`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<Index>,
    /// Ticker of the benchmark, or a blend of several: a table of weights above 0 that sum to 1, whose
    /// tickers may be assets or not. A blend is a return series of prices that begins with its last part, named
    /// by its weights: `60 % SPY, 40 % AGG`.
    ///
    /// Example: `benchmark = { SPY = 0.6, AGG = 0.4, rebalanced = "month" }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<BenchmarkSpec>,
    /// Factor returns to load, which include the risk-free rate: a model, `"french3"`, `"carhart4"`,
    /// `"french5"` or `"french6"`, or a table that also states the unit of files that are not of Ken French's
    /// library.
    ///
    /// Example: `factors = { model = "french3", unit = "percent" }`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<FactorsSpec>,
    /// The risk-free rate of Sharpe ratios, excess returns and the attribution. It takes the place of RF of the
    /// factors there; factor models keep RF, over which their market return is made. Nothing is held in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_free: Option<RiskFreeSpec>,
    /// Prices in several currencies, and the rates that bring them to one. The data check looks at prices as the
    /// files have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<CurrencySpec>,
    /// First date whose returns may be used.
    ///
    /// Example: `first = 2007-03-01`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
}

impl MarketSpec {
    /// Whether every asset of the price file may be held.
    pub fn takes_all(&self) -> bool {
        self.assets.len() == 1 && self.assets[0] == "*"
    }
}

/// A source of prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SourceSpec {
    /// The built-in synthetic market.
    Sample {
        /// Seed of the simulation.
        ///
        /// Unit: any.
        ///
        /// Example: `seed = 7`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<u64>,
    },
    /// CSV files or a vendor's response: wide, long, or a folder with one file per ticker.
    Csv {
        /// Folder of `market.files`, relative to the study file; the study's own folder by default.
        ///
        /// Example: `dir = "../prices"`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dir: Option<String>,
        /// Layout of the price files; recognized by their headers by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        layout: Option<Layout>,
    },
    /// Parquet: wide, long, or a snapshot of `walkfolio fetch`.
    Parquet {
        /// Folder of `market.files`, relative to the study file; the study's own folder by default.
        ///
        /// Example: `dir = "../prices"`
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dir: Option<String>,
        /// Layout of the price files; recognized by their headers by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        layout: Option<Layout>,
    },
}

impl Default for SourceSpec {
    fn default() -> Self {
        Self::Sample { seed: None }
    }
}

/// One name of a file, or several.
///
/// # Examples
/// ```
/// use walkfolio_study::PathsSpec;
///
/// assert_eq!(PathsSpec::One("prices.csv".to_owned()).names(), ["prices.csv"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PathsSpec {
    /// `"prices.csv"`
    One(String),
    /// `["a.csv", "b.csv"]`
    Several(Vec<String>),
}

impl PathsSpec {
    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

fn one_or_several(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["string", "array"], "items": { "type": "string" } })
}

/// Names of data files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FilesSpec {
    /// Adjusted closes: a file, a folder with one file per ticker, or a snapshot; or a list of these,
    /// joined by date. Each ticker must occur only once.
    ///
    /// Example: `prices = "mtum/prices.csv"`
    #[schemars(schema_with = "one_or_several")]
    pub prices: PathsSpec,
    /// Adjusted closes of the benchmark, if they are in another file.
    ///
    /// Example: `benchmark = "mtum/benchmark.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<String>,
    /// Members of an index by date, CSV: `date, ticker` (each date of the file lists all members) or
    /// `ticker, start, end`, with an optional column `delisting_return`. A decision may hold only the
    /// members of the last session before it.
    ///
    /// Example: `members = "members.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<String>,
    /// What the benchmark held, by date: `date, ticker, weight` or a column of dates and one a ticker, CSV or Parquet.
    /// Weights may be in any unit: they are scaled to sum to 1. Known from their date on, and held until the next. The
    /// tickers are those of `constituents`, or of the assets without that file.
    ///
    /// Example: `benchmark_holdings = "holdings.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark_holdings: Option<String>,
    /// Adjusted closes of what the benchmark is made of, in any layout of prices: names that are never traded here.
    ///
    /// Example: `constituents = "stocks.parquet"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constituents: Option<String>,
    /// Market capitalizations by date of the constituents, or of the assets without them: `date, ticker, market_cap`, or
    /// a column of dates and one a ticker. Known from their date on.
    ///
    /// Example: `capitalizations = "capitalizations.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capitalizations: Option<String>,
    /// Shares traded by session, for `costs.impact`: a column of dates and one a ticker, or `date, ticker, volume`, CSV or
    /// Parquet. Without it they are the column `volume` of the price files.
    ///
    /// Example: `volumes = "mtum/volumes.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volumes: Option<String>,
    /// Closes that shares traded are multiplied by, in the layouts of `volumes`: adjusted for splits as the volumes are,
    /// and not for dividends. Without it they are the unadjusted closes of the price files, where these have some.
    ///
    /// Example: `closes = "mtum/close.csv"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<String>,
    /// Factors: a file of the Ken French library of any region, raw text or zip, or a table whose first
    /// column holds dates and whose others are named in any order and spelling (`MKT-RF`, `mkt_rf`, `rf`); or a
    /// list of these, joined by date: momentum has a file of its own. Daily, or of the weeks or months that
    /// the prices step by. Rows are compounded over the interval of each return.
    ///
    /// Example: `factors = "french/F-F_Research_Data_Factors_daily_CSV.zip"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "one_or_several")]
    pub factors: Option<PathsSpec>,
}
