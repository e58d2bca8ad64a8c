//! Which market to load.

use std::path::{Path, PathBuf};

use walkfolio_core::{Ticker, Universe};

use crate::benchmark::files::BenchmarkFiles;
use crate::blend::Blend;
use crate::calendar::Calendar;
use crate::currency::Currency;
use crate::dialect::CsvForm;
use crate::factors::FactorRequest;
use crate::horizon::Horizon;
use crate::layout::Layout;
use crate::point_in_time::PointInTime;
use crate::quality::Cleaning;
use crate::volumes::files::VolumeFiles;

/// Which files to read, what to take from them, and how.
///
/// # Examples
/// ```
/// use walkfolio_core::{Ticker, Universe};
/// use walkfolio_data::FileRequest;
///
/// let request = FileRequest {
///     benchmark: Some(Ticker::new("SPY")?),
///     ..FileRequest::new("prices.csv", Universe::new(["XLE", "XLF"])?)
/// };
/// assert!(request.cleaning.is_empty() && request.layout.is_none());
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FileRequest {
    /// Prices: a file, a folder with one file per ticker (`SPY.csv`, `spy.us.txt` or `spy_us_d.csv`
    /// for SPY), or a [snapshot](crate::snapshot); recognized by its content.
    pub prices: PathBuf,
    /// Further files of prices, joined to the first by date; no ticker may be in two.
    pub also: Vec<PathBuf>,
    /// Prices of the benchmark, if it is not a column of `prices`.
    pub benchmark_prices: Option<PathBuf>,
    /// Factor returns.
    pub factors: Option<FactorRequest>,
    /// The assets, columns of `prices`; other columns are not looked at.
    pub assets: Universe,
    /// The benchmark, if the study has one; it may be one of the assets.
    pub benchmark: Option<Ticker>,
    /// What the benchmark is made of, if it is a blend: columns of the file that the benchmark is read from.
    pub blend: Option<Blend>,
    /// The currencies of prices, if they are not all in one.
    pub currency: Option<Currency>,
    /// The layout of the price files, where their content may mislead.
    pub layout: Option<Layout>,
    /// How cells of CSV price files are written, where the files do not show it.
    pub csv: CsvForm,
    /// What is done about findings of the data check; each file is looked at on its own.
    pub cleaning: Cleaning,
    /// The calendar that the price files follow; found from their dates by default.
    pub calendar: Option<Calendar>,
    /// What the benchmark is made of.
    pub benchmark_files: BenchmarkFiles,
    /// Where traded values come from, where they are asked for.
    pub volumes: Option<VolumeFiles>,
    /// How the universe changes with time.
    pub point_in_time: PointInTime,
    /// For an audit: what is known of the files.
    pub horizon: Option<Horizon>,
}

impl FileRequest {
    /// Prices of some assets from one file, as it is.
    pub fn new(prices: impl Into<PathBuf>, assets: Universe) -> Self {
        Self {
            prices: prices.into(),
            also: Vec::new(),
            benchmark_prices: None,
            factors: None,
            assets,
            benchmark: None,
            blend: None,
            currency: None,
            layout: None,
            csv: CsvForm::default(),
            cleaning: Cleaning::default(),
            calendar: None,
            benchmark_files: BenchmarkFiles::default(),
            volumes: None,
            point_in_time: PointInTime::default(),
            horizon: None,
        }
    }

    /// The columns that the benchmark is made of.
    pub(crate) fn benchmark_columns(&self) -> Vec<Ticker> {
        match &self.blend {
            Some(blend) => blend.tickers().cloned().collect(),
            None => self.benchmark.iter().cloned().collect(),
        }
    }

    /// Every file of prices.
    pub(crate) fn price_files(&self) -> Vec<&Path> {
        std::iter::once(&self.prices).chain(&self.also).map(PathBuf::as_path).collect()
    }
}
