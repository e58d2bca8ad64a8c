//! Factor returns by the sessions of a market.

use std::path::Path;

use walkfolio_core::{Date, Factors, Listing, Matrix, Note, Series};

use crate::french::{COLUMNS, FrenchTable};
use crate::loaded::SourceRecord;
use crate::quality::{Cleaning, Kind, Policy, rounded, rounding};
use crate::source::{Accepts, Content, Source, text};
use crate::{Error, FactorError, Result, archive, french};

const ACCEPTS: Accepts = Accepts {
    role: "factor returns",
    kinds: &[Content::Text, Content::Zip],
    described: "text or a zip archive of one text",
};

/// Factors and cash aligned with a market, and where they come from.
#[derive(Debug)]
pub(crate) struct LoadedFactors {
    pub(crate) factors: Factors,
    pub(crate) cash: Series,
    pub(crate) record: SourceRecord,
    pub(crate) notes: Vec<Note>,
}

/// Reads factor returns and aligns them with a market's sessions.
pub(crate) fn load(path: &Path, sessions: &[Date], cleaning: &Cleaning) -> Result<LoadedFactors> {
    let (source, table, format) = table(path)?;
    let range = (table.dates[0], table.dates[table.dates.len() - 1]);
    if cleaning.policy(Kind::RoundedRiskFree) == Policy::Fail
        && let Some(finding) = rounded(&source.name, table.risk_free_decimals, range)
    {
        return Err(Error::Faulty { file: source.file, finding: Box::new(finding) });
    }
    let (factors, cash) = align(&source.file, &table, sessions)?;
    let notes = notes(&source.name, &table);
    let record = SourceRecord {
        role: "factors",
        name: source.name,
        format,
        sha256: source.sha256,
        rows: table.dates.len(),
        first: table.dates[0],
        last: table.dates[table.dates.len() - 1],
        vintage: table.vintage,
    };
    Ok(LoadedFactors { factors, cash, record, notes })
}

/// What a factor file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorFile {
    /// Rows.
    pub rows: usize,
    /// Date of the first row.
    pub first: Date,
    /// Date of the last row.
    pub last: Date,
    /// The CRSP vintage that it states, such as `202503`.
    pub vintage: Option<String>,
    /// The most decimals of its risk-free rate, in percent a day.
    pub risk_free_decimals: usize,
}

/// Reads and checks a daily factor file of Ken French's library, text or zip, from its bytes;
/// `file` is its name in errors.
///
/// # Errors
/// As [`load`](crate::load) for its factor file, but for what concerns the sessions of prices.
/// # Examples
/// ```
/// let text = "from the 202503 CRSP database\n\n,Mkt-RF,SMB,HML,RF\n20240102,-0.70,0.03,1.1,0.022\n";
/// let file = walkfolio_data::read_factors("f.csv", text.as_bytes())?;
/// assert_eq!((file.rows, file.vintage.as_deref()), (1, Some("202503")));
/// # Ok::<(), walkfolio_data::Error>(())
/// ```
pub fn read_factors(file: &str, bytes: &[u8]) -> Result<FactorFile> {
    let table = parse(file, bytes)?;
    Ok(FactorFile {
        rows: table.dates.len(),
        first: table.dates[0],
        last: table.dates[table.dates.len() - 1],
        vintage: table.vintage,
        risk_free_decimals: table.risk_free_decimals,
    })
}

/// The decimals of a factor file's risk-free rate, in percent a day.
pub(crate) fn risk_free_decimals(path: &Path) -> Result<usize> {
    Ok(table(path)?.1.risk_free_decimals)
}

fn table(path: &Path) -> Result<(Source, FrenchTable, &'static str)> {
    let source = Source::read(path, ACCEPTS)?;
    let zipped = source.content == Content::Zip;
    let table = parse(&source.file, source.data.bytes())?;
    Ok((source, table, if zipped { "Ken French zip" } else { "Ken French text" }))
}

fn parse(file: &str, bytes: &[u8]) -> Result<FrenchTable> {
    if Content::of(bytes) == Content::Zip {
        let unpacked = archive::unpack(file, bytes)?;
        return french::read(file, &text(file, &unpacked)?);
    }
    french::read(file, &text(file, bytes)?)
}

fn notes(name: &str, table: &FrenchTable) -> Vec<Note> {
    let mut notes = Vec::new();
    if !table.unused.is_empty() {
        let mut message = format!("{name}: {} not used", table.unused.join(", "));
        if table.unused.iter().any(|column| column == "RMW") {
            // Fama & French (2015): its SMB averages three sorts, the three-factor SMB one.
            message += "; the SMB of a five-factor file differs from that of the three-factor file";
        }
        notes.push(Note::info(message));
    }
    if table.risk_free_decimals < 3 {
        notes.push(Note::warning(rounding(name, table.risk_free_decimals)));
    }
    notes
}

fn align(file: &str, table: &FrenchTable, sessions: &[Date]) -> Result<(Factors, Series)> {
    let found: Vec<Option<usize>> =
        sessions.iter().map(|date| table.dates.binary_search(date).ok()).collect();
    let listing = listing(file, table, sessions, &found)?;
    let mut values = Matrix::zeros(sessions.len(), 3);
    let mut risk_free = vec![0.0; sessions.len()];
    for row in listing.clone() {
        let missing = |column: &str| FactorError::Missing {
            file: file.to_owned(),
            column: column.to_owned(),
            date: sessions[row],
            first: sessions[listing.start],
            last: sessions[listing.end - 1],
        };
        let from = table.rows[found[row].ok_or_else(|| missing("row"))?];
        for k in 0..3 {
            values[(row, k)] = from[k].ok_or_else(|| missing(COLUMNS[k]))?;
        }
        risk_free[row] = from[3].ok_or_else(|| missing(COLUMNS[3]))?;
    }
    let names = COLUMNS[..3].iter().map(|&name| name.to_owned()).collect();
    let factors = Factors::new(sessions, names, values, risk_free.clone(), listing.clone())?;
    let cash = Series::new("the risk-free rate", sessions, risk_free, listing)?;
    Ok((factors, cash))
}

/// From the first to the last session that has a row of the file.
fn listing(
    file: &str,
    table: &FrenchTable,
    sessions: &[Date],
    found: &[Option<usize>],
) -> Result<Listing> {
    let first = found.iter().position(Option::is_some);
    let last = found.iter().rposition(Option::is_some);
    match (first, last) {
        (Some(first), Some(last)) => Ok(first..last + 1),
        _ => Err(FactorError::NoCommonSession {
            file: file.to_owned(),
            first: table.dates[0],
            last: table.dates[table.dates.len() - 1],
            market_first: sessions[0],
            market_last: sessions[sessions.len() - 1],
        }
        .into()),
    }
}
