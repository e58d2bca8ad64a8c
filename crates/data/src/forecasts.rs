//! A user's forecasts and loadings by date and asset.

use std::path::PathBuf;

use walkfolio_core::Universe;

use crate::Result;
use crate::dated_values::Values;
use crate::dialect::CsvForm;
use crate::horizon::Horizon;
use crate::signals::{LoadedSignal, by_asset, settled};

/// A file of values by date and asset, long or wide, that are no prices.
#[derive(Debug, Clone)]
pub struct ForecastRequest {
    /// The name of the signal that is made of it.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// How its cells are written, where the file does not show it.
    pub csv: CsvForm,
    /// For an audit: what is known of the file.
    pub horizon: Option<Horizon>,
}

/// Reads forecasts for the assets of a universe; others are passed over.
///
/// A file has a column of dates and one for each asset, or a row for each date and asset with the columns `asset` (or
/// `ticker`, `symbol`) and `forecast` (or `value`, `expected_return`, `return`), as CSV or Parquet. The date is the day on
/// which a forecast became known.
///
/// # Errors
/// Those of a table: a missing column, a cell that is not a number, two values of one asset on a day, no value of any
/// asset; each with its place.
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::{CsvForm, ForecastRequest, read_forecasts};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-forecasts.csv");
/// std::fs::write(&path, "date,XLE,XLF\n2024-01-31,0.08,0.05\n2024-02-29,0.07,\n")?;
/// let request = ForecastRequest { name: "mu".into(), path, csv: CsvForm::default(), horizon: None };
/// let loaded = read_forecasts(&request, &Universe::new(["XLE", "XLF"])?)?;
/// assert_eq!((loaded.record.rows, loaded.signal.dates().len()), (3, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_forecasts(request: &ForecastRequest, universe: &Universe) -> Result<LoadedSignal> {
    let columns = &["forecast", "value", "expected_return", "return"];
    read_values(request, universe, ("forecasts", columns))
}

/// Reads the loadings of assets on a factor, as [`read_forecasts`] reads forecasts; the column of a row for each date and
/// asset is called `loading`, `exposure` or `value`.
///
/// # Errors
/// As [`read_forecasts`].
/// # Examples
/// ```
/// use walkfolio_core::Universe;
/// use walkfolio_data::{CsvForm, ForecastRequest, read_loadings};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-loadings.csv");
/// std::fs::write(&path, "date,asset,loading\n2024-01-31,XLE,1.2\n2024-01-31,XLF,-0.4\n")?;
/// let request = ForecastRequest { name: "value".into(), path, csv: CsvForm::default(), horizon: None };
/// let loaded = read_loadings(&request, &Universe::new(["XLE", "XLF"])?)?;
/// assert_eq!((loaded.record.role, loaded.record.rows), ("loadings", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_loadings(request: &ForecastRequest, universe: &Universe) -> Result<LoadedSignal> {
    read_values(request, universe, ("loadings", &["loading", "exposure", "value"]))
}

fn read_values(
    request: &ForecastRequest,
    universe: &Universe,
    (role, columns): (&'static str, &'static [&'static str]),
) -> Result<LoadedSignal> {
    let read = Values { role, columns, csv: &request.csv }.read(&request.path)?;
    let records = by_asset(&read.values, universe);
    let file = (read.file, read.record);
    settled(&request.name, records, (file, read.notes), (universe, request.horizon.as_ref()))
}
