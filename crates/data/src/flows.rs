//! What is paid into an account and out of it.

use std::path::Path;

use walkfolio_core::{Date, Note};

use crate::Result;
use crate::cells;
use crate::dialect::CsvForm;
use crate::loaded::SourceRecord;
use crate::source::{Accepts, Content, Source};

/// Flows by date, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedFlows {
    /// Amounts by date: positive where they are paid in.
    pub flows: Vec<(Date, f64)>,
    /// The file.
    pub record: SourceRecord,
    /// What was inferred of its form.
    pub notes: Vec<Note>,
}

/// Reads contributions and withdrawals: a CSV with the columns `date` and `amount`, negative for what is paid out.
/// Amounts of one day are added. A header alone is an account of which nothing is paid in or out.
///
/// # Errors
/// Those of a text file; [`Error::NoColumn`](crate::Error::NoColumn) and [`Error::BadCell`](crate::Error::BadCell) for
/// what has no date or no amount.
/// # Examples
/// ```
/// use walkfolio_core::Date;
/// use walkfolio_data::{CsvForm, read_flows};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-flows.csv");
/// std::fs::write(&path, "date,amount\n2024-03-01,-500\n2024-01-02,1000\n2024-03-01,-20\n")?;
/// let found = read_flows(&path, &CsvForm::default())?;
/// let (january, march) = (Date::constant(2024, 1, 2), Date::constant(2024, 3, 1));
/// assert_eq!(found.flows, [(january, 1000.0), (march, -520.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_flows(path: &Path, csv: &CsvForm) -> Result<LoadedFlows> {
    let kinds = &[Content::Text];
    let source = Source::read(path, Accepts { role: "flows", kinds, described: "CSV or Excel" })?;
    let (file, text) = (&source.file, source.text()?);
    let (mut read, notes) = cells::read(file, &text, csv, |cells| {
        cells.require(&["date", "amount"])?;
        let mut read = Vec::new();
        while cells.next()? {
            let (date, amount) = (cells.date()?, cells.number("amount")?);
            let rule = "a flow is an amount of money, negative where it is paid out";
            let missing = || cells.bad_cell("amount", cells.text("amount"), rule);
            read.push((date, amount.ok_or_else(missing)?));
        }
        Ok(read)
    })?;
    read.sort_by_key(|(date, _)| *date);
    let record = SourceRecord {
        role: "flows",
        name: source.name,
        format: "CSV of flows",
        sha256: source.sha256,
        rows: read.len(),
        first: read.first().map(|(date, _)| *date),
        last: read.last().map(|(date, _)| *date),
        vintage: None,
    };
    let mut flows: Vec<(Date, f64)> = Vec::new();
    for (date, amount) in read {
        match flows.last_mut().filter(|(other, _)| *other == date) {
            Some((_, sum)) => *sum += amount,
            None => flows.push((date, amount)),
        }
    }
    Ok(LoadedFlows { flows, record, notes })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at a fault")]

    use super::*;

    #[test]
    fn a_header_alone_is_an_account_without_flows() {
        let folder = tempfile::tempdir().unwrap();
        let read = |text: &str| {
            let path = folder.path().join("flows.csv");
            std::fs::write(&path, text).unwrap();
            read_flows(&path, &CsvForm::default())
        };
        let found = read("date,amount\n").unwrap();
        assert_eq!((found.flows, found.record.rows, found.record.last), (Vec::new(), 0, None));
        assert!(read("date\n").unwrap_err().to_string().contains("has no column amount"));
        assert!(read("").is_err());
    }
}
