//! A file with a series: what its numbers are is found out by looking, or told.

use std::path::Path;

use sha2::{Digest, Sha256};
use walkfolio_core::{Date, hex, periods_per_year};
use walkfolio_data::quality::Panel;
use walkfolio_data::read_prices;
use walkfolio_record::Source;

use super::error::SeriesError;
use super::kind::Kind;

/// As fractions, a volatility a year above this can only be percent,
const SURELY_PERCENT: f64 = 3.0;
/// and one below this is a fraction.
const SURELY_FRACTION: f64 = 1.0;

/// Numbers above zero of which one is above this are no returns as fractions.
const SURELY_A_PRICE: f64 = 0.5;
/// Ratios of von Neumann above this are those of no price, and below this of nothing else.
const FORGETFUL: f64 = 1.5;
const SMOOTH: f64 = 0.15;
/// Logarithmic growth a year that percent may well have: it doubles; and that no percent have.
const LIKELY_GROWTH: f64 = 0.7;
const POSSIBLE_GROWTH: f64 = 5.0;

/// A file, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct SeriesFile<'a> {
    /// The file, in any layout that prices are read in.
    pub path: &'a Path,
    /// Which of its columns; none where it has one alone.
    pub column: Option<&'a str>,
    /// What its numbers are; none to find out by looking.
    pub kind: Option<Kind>,
}

/// The returns of a file.
///
/// # Shape and units
/// As many returns as dates, simple returns as fractions, dates strictly increasing.
#[derive(Debug, Clone)]
pub struct ReadSeries {
    /// The column or ticker; the file's name without its ending where the column says only what its numbers are.
    pub name: String,
    /// What its numbers are.
    pub kind: Kind,
    /// Whether that was found out by looking.
    pub looked: bool,
    /// The date of the first price, from which the first return is earned.
    pub base: Option<Date>,
    /// At whose end each return is earned.
    pub dates: Vec<Date>,
    /// The returns.
    pub returns: Vec<f64>,
    /// The file, for provenance.
    pub source: Source,
}

impl SeriesFile<'_> {
    /// Reads the series.
    ///
    /// # Errors
    /// Those of [`SeriesError`].
    pub fn read(&self, role: &str) -> Result<ReadSeries, SeriesError> {
        let file = self.path.display().to_string();
        let panel = read_prices(self.path)?;
        let bytes = std::fs::read(self.path)
            .map_err(|source| SeriesError::Unreadable { file: file.clone(), source })?;
        let (name, rows) = self.column(&file, &panel)?;
        let rows = ordered(&file, rows)?;
        let short = || {
            let (file, column) = (file.clone(), name.clone());
            SeriesError::TooShort { file, column, rows: rows.len() }
        };
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Err(short()) };
        let kind = match self.kind {
            Some(kind) => kind,
            None => looked_up(&file, &name, &rows)?,
        };
        check(&file, &name, &rows, kind)?;
        let source = Source {
            role: role.to_owned(),
            name: self.path.file_name().map_or(file.clone(), |n| n.to_string_lossy().into_owned()),
            format: kind.as_str().to_owned(),
            sha256: hex(&Sha256::digest(&bytes)),
            rows: rows.len(),
            first: Some(first.0),
            last: Some(last.0),
            vintage: None,
        };
        let base = (kind == Kind::Prices).then_some(first.0);
        let (dates, returns): (Vec<Date>, Vec<f64>) = match kind {
            Kind::Returns => rows.iter().copied().unzip(),
            Kind::Percent => rows.iter().map(|(date, value)| (*date, value / 100.0)).unzip(),
            Kind::Prices => {
                rows.windows(2).map(|two| (two[1].0, two[1].1 / two[0].1 - 1.0)).unzip()
            }
        };
        if returns.len() < 2 {
            return Err(short());
        }
        let name = if names_nothing(&name) { stem(self.path).unwrap_or(name) } else { name };
        Ok(ReadSeries { name, kind, looked: self.kind.is_none(), base, dates, returns, source })
    }

    /// The name and the known values of the column.
    fn column(&self, file: &str, panel: &Panel) -> Result<(String, Vec<(Date, f64)>), SeriesError> {
        let names = || panel.columns.iter().map(|one| one.ticker.to_string()).collect();
        let column = match (self.column, panel.columns.as_slice()) {
            (None, [one]) => one,
            (None, _) => {
                return Err(SeriesError::SeveralColumns { file: file.to_owned(), found: names() });
            }
            (Some(wanted), all) => {
                let found = all.iter().find(|one| one.ticker.as_str() == wanted);
                found.ok_or_else(|| SeriesError::NoColumn {
                    file: file.to_owned(),
                    column: wanted.to_owned(),
                    found: names(),
                })?
            }
        };
        let known = panel.dates.iter().zip(&column.prices);
        let rows = known.filter_map(|(date, value)| Some((*date, (*value)?))).collect();
        Ok((column.ticker.to_string(), rows))
    }
}

/// Words of columns that say what their numbers are, and nothing of whose.
const WHAT: [&str; 28] = [
    "return", "returns", "ret", "rets", "r", "total", "daily", "weekly", "monthly", "net", "gross",
    "simple", "pct", "percent", "price", "prices", "close", "adj", "adjusted", "open", "last",
    "nav", "value", "values", "equity", "curve", "index", "level",
];

/// Whether a column is called by what its numbers are, such as `Total Return (%)`, or by a number.
fn names_nothing(column: &str) -> bool {
    let lower = column.to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|w| !w.is_empty());
    words.all(|word| WHAT.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The name of a file without its ending.
fn stem(path: &Path) -> Option<String> {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned())
}

/// Whether numbers above zero may be the returns of what has never lost, such as bills or private credit, instead of prices:
/// all small, from one to the next without memory, or as percent a growth that can be and not as smooth as a
/// price.
fn may_be_returns(rows: &[(Date, f64)]) -> bool {
    if rows.len() < 2 {
        return false;
    }
    let n = rows.len() as f64;
    let largest = rows.iter().map(|row| row.1).fold(0.0, f64::max);
    let mean = rows.iter().map(|row| row.1).sum::<f64>() / n;
    let variance = rows.iter().map(|row| (row.1 - mean) * (row.1 - mean)).sum::<f64>() / n;
    let steps = rows.windows(2).map(|two| (two[1].1 - two[0].1) * (two[1].1 - two[0].1));
    let step = steps.sum::<f64>() / (n - 1.0);
    // The ratio of von Neumann: 2 without memory, near 0 for a random walk; 0 for one number throughout.
    let ratio = if variance > 0.0 { step / variance } else { 0.0 };
    let dates: Vec<Date> = rows.iter().map(|row| row.0).collect();
    let year = periods_per_year(&dates).unwrap_or(1.0);
    let growth = rows.iter().map(|row| libm::log1p(row.1 / 100.0)).sum::<f64>() / n * year;
    largest < SURELY_A_PRICE
        || (rows.len() >= 6 && growth < POSSIBLE_GROWTH && ratio > FORGETFUL)
        || (growth < LIKELY_GROWTH && ratio > SMOOTH)
}

/// The rows in the order of their dates.
fn ordered(file: &str, mut rows: Vec<(Date, f64)>) -> Result<Vec<(Date, f64)>, SeriesError> {
    rows.sort_by_key(|row| row.0);
    match rows.windows(2).find(|two| two[0].0 == two[1].0) {
        Some(two) => Err(SeriesError::TwoRows { file: file.to_owned(), date: two[0].0 }),
        None => Ok(rows),
    }
}

/// Prices are above zero; returns are not all, but for those of what has never lost. Whether they are percent their
/// volatility tells, unless it could be either.
fn looked_up(file: &str, column: &str, rows: &[(Date, f64)]) -> Result<Kind, SeriesError> {
    if rows.iter().all(|(_, value)| *value > 0.0) {
        let (file, column) = (file.to_owned(), column.to_owned());
        let is_open = may_be_returns(rows);
        return if is_open {
            Err(SeriesError::OpenKind { file, column })
        } else {
            Ok(Kind::Prices)
        };
    }
    let dates: Vec<Date> = rows.iter().map(|row| row.0).collect();
    let mean = rows.iter().map(|row| row.1).sum::<f64>() / rows.len() as f64;
    let square: f64 = rows.iter().map(|row| (row.1 - mean) * (row.1 - mean)).sum();
    let year = periods_per_year(&dates).unwrap_or(1.0);
    let volatility = (square / (rows.len() as f64 - 1.0).max(1.0) * year).sqrt();
    if volatility < SURELY_FRACTION {
        Ok(Kind::Returns)
    } else if volatility > SURELY_PERCENT {
        Ok(Kind::Percent)
    } else {
        let (file, column) = (file.to_owned(), column.to_owned());
        Err(SeriesError::OpenUnit { file, column, volatility })
    }
}

fn check(file: &str, column: &str, rows: &[(Date, f64)], kind: Kind) -> Result<(), SeriesError> {
    let fits = |value: f64| match kind {
        Kind::Returns => value >= -1.0,
        Kind::Percent => value >= -100.0,
        Kind::Prices => value > 0.0,
    };
    match rows.iter().find(|(_, value)| !value.is_finite() || !fits(*value)) {
        None => Ok(()),
        Some((date, value)) => Err(SeriesError::BadValue {
            file: file.to_owned(),
            column: column.to_owned(),
            date: *date,
            value: *value,
            kind,
        }),
    }
}
