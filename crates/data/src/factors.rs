//! Factor returns by the sessions of a market.

mod align;

use std::path::Path;

use walkfolio_core::{Date, Factors, Note, Series};

use crate::french::FrenchTable;
use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::quality::{Cleaning, Kind, Policy, rounded, rounding};
use crate::source::{Accepts, Content, Source, text};
use crate::{Error, Result, archive, french};

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
pub(crate) fn load(
    path: &Path,
    sessions: &[Date],
    cleaning: &Cleaning,
    horizon: Option<&Horizon>,
) -> Result<LoadedFactors> {
    let (source, mut table, format) = table(path)?;
    if let Some(horizon) = horizon {
        table.cut(horizon);
    }
    let range = (table.dates[0], table.dates[table.dates.len() - 1]);
    if cleaning.policy(Kind::RoundedRiskFree) == Policy::Fail
        && let Some(finding) =
            table.daily_decimals().and_then(|decimals| rounded(&source.name, decimals, range))
    {
        return Err(Error::Faulty { file: source.file, finding: Box::new(finding) });
    }
    let (factors, cash) = align::align(&source.file, &table, sessions)?;
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
    /// The most decimals of its risk-free rate, in percent a row.
    pub risk_free_decimals: usize,
}

/// Reads and checks a daily, weekly or monthly factor file of Ken French's library, text or zip, from its bytes;
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

/// The decimals of a daily factor file's risk-free rate, in percent.
pub(crate) fn risk_free_decimals(path: &Path) -> Result<Option<usize>> {
    Ok(table(path)?.1.daily_decimals())
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
    if let Some(decimals) = table.daily_decimals().filter(|decimals| *decimals < 3) {
        notes.push(Note::warning(rounding(name, decimals)));
    }
    notes
}
