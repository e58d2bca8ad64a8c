//! Factor returns by the sessions of a market.

mod align;
mod model;
mod rate;
pub(crate) mod table;
mod tidy;

use std::path::Path;

use walkfolio_core::{Date, Factors, Note, Series};

use crate::horizon::Horizon;
use crate::loaded::SourceRecord;
use crate::quality::{Cleaning, Kind, Policy, rounded, rounding};
use crate::source::{Accepts, Content, Source, text};
use crate::{Error, Result, archive, french};

pub use model::{FactorModel, FactorRequest};
pub use rate::{LoadedRate, Per, RiskFree, read_risk_free};
use table::FactorTable;
pub use table::Unit;

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
    pub(crate) records: Vec<SourceRecord>,
    pub(crate) notes: Vec<Note>,
}

/// Reads factor returns and aligns them with a market's sessions.
pub(crate) fn load(
    request: &FactorRequest,
    sessions: &[Date],
    cleaning: &Cleaning,
    horizon: Option<&Horizon>,
) -> Result<LoadedFactors> {
    let (mut tables, mut records, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for path in &request.files {
        let (source, mut table, format) = table(path, request.unit)?;
        if let Some(horizon) = horizon {
            table.cut(horizon);
        }
        if table.dates.is_empty() {
            return Err(Error::NoRows { file: source.file });
        }
        check_decimals(&source, &table, cleaning)?;
        names.push(source.name.clone());
        records.push(SourceRecord {
            role: "factors",
            name: source.name,
            format,
            sha256: source.sha256,
            rows: table.dates.len(),
            first: table.dates.first().copied(),
            last: table.dates.last().copied(),
            vintage: table.vintage.clone(),
        });
        tables.push((source.file, table));
    }
    let (files, joined) = model::joined(&mut tables, request.model)?;
    if joined.dates.is_empty() {
        return Err(Error::NoRows { file: files });
    }
    let (factors, cash) = align::align(&files, &joined, sessions)?;
    let notes = names.iter().zip(&tables).flat_map(|(name, (_, table))| notes(name, table));
    Ok(LoadedFactors { factors, cash, notes: notes.collect(), records })
}

/// Refuses a rounded risk-free rate where the study says so.
fn check_decimals(source: &Source, table: &FactorTable, cleaning: &Cleaning) -> Result<()> {
    let range = (table.dates[0], table.dates[table.dates.len() - 1]);
    let found = (cleaning.policy(Kind::RoundedRiskFree) == Policy::Fail)
        .then(|| rounded(&source.name, table.daily_decimals()?, range));
    match found.flatten() {
        Some(finding) => {
            Err(Error::Faulty { file: source.file.clone(), finding: Box::new(finding) })
        }
        None => Ok(()),
    }
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
    let (table, _) = parse(file, bytes, None)?;
    Ok(FactorFile {
        rows: table.dates.len(),
        first: table.dates[0],
        last: table.dates[table.dates.len() - 1],
        risk_free_decimals: table.risk_free_decimals.unwrap_or(0),
        vintage: table.vintage,
    })
}

/// The decimals of a daily risk-free rate, in percent.
pub(crate) fn risk_free_decimals(request: &FactorRequest) -> Result<Option<usize>> {
    let mut decimals = None;
    for path in &request.files {
        decimals = decimals.or(table(path, request.unit)?.1.daily_decimals());
    }
    Ok(decimals)
}

fn table(path: &Path, unit: Option<Unit>) -> Result<(Source, FactorTable, &'static str)> {
    let source = Source::read(path, ACCEPTS)?;
    let zipped = source.content == Content::Zip;
    let (table, form) = parse(&source.file, source.data.bytes(), unit)?;
    let format = match form {
        Form::Tidy => "table of factors",
        Form::Library if zipped => "Ken French zip",
        Form::Library => "Ken French text",
    };
    Ok((source, table, format))
}

enum Form {
    Library,
    Tidy,
}

fn parse(file: &str, bytes: &[u8], unit: Option<Unit>) -> Result<(FactorTable, Form)> {
    let unpacked;
    let bytes = if Content::of(bytes) == Content::Zip {
        unpacked = archive::unpack(file, bytes)?;
        &unpacked
    } else {
        bytes
    };
    let text = text(file, bytes)?;
    if french::is_of_library(&text) {
        let table = french::read(file, &text, unit.unwrap_or(Unit::Percent))?;
        return Ok((table, Form::Library));
    }
    Ok((tidy::factors(file, &text, unit)?, Form::Tidy))
}

fn notes(name: &str, table: &FactorTable) -> Vec<Note> {
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
