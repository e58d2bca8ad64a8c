//! Dividends and splits of an account's own file.

use std::collections::BTreeMap;
use std::path::Path;

use walkfolio_core::{Note, Ticker};

use crate::Result;
use crate::cells;
use crate::dialect::CsvForm;
use crate::loaded::SourceRecord;
use crate::series::{Dividend, Split};
use crate::source::{Accepts, Content, Source};

/// The events of each ticker.
pub(super) type Events = BTreeMap<Ticker, (Vec<Dividend>, Vec<Split>)>;

/// Reads `date, ticker` and one or both of `dividend` and `split`; after a header alone nothing has happened.
pub(super) fn read(path: &Path, csv: &CsvForm) -> Result<(Events, SourceRecord, Vec<Note>)> {
    let kinds = &[Content::Text];
    let source = Source::read(path, Accepts { role: "events", kinds, described: "CSV or Excel" })?;
    let (file, text) = (&source.file, source.text()?);
    let ((events, dates), notes) = cells::read(file, &text, csv, |cells| {
        let columns = if cells.has("split") {
            ["date", "ticker", "split"]
        } else {
            ["date", "ticker", "dividend"]
        };
        cells.require(&columns)?;
        let (mut events, mut dates) = (Events::new(), Vec::new());
        while cells.next()? {
            let date = cells.date()?;
            let ticker = crate::series::ticker(cells.file, cells.text("ticker"))?;
            let own = events.entry(ticker).or_default();
            let checked = |column, least: f64, rule| match cells.number(column)? {
                Some(value) if value < least || (column == "split" && value <= 0.0) => {
                    Err(cells.bad_cell(column, cells.text(column), rule))
                }
                value => Ok(value),
            };
            let dividend = checked("dividend", 0.0, "a dividend is cash a share, at least 0")?;
            let split = checked("split", 0.0, "a split is new shares per old one, above 0")?;
            own.0.extend(dividend.map(|amount| Dividend { date, amount }));
            own.1.extend(split.filter(|ratio| *ratio != 1.0).map(|ratio| Split { date, ratio }));
            dates.push(date);
        }
        Ok((events, dates))
    })?;
    let record = SourceRecord {
        role: "events",
        name: source.name,
        format: "CSV of events",
        sha256: source.sha256,
        rows: dates.len(),
        first: dates.iter().min().copied(),
        last: dates.iter().max().copied(),
        vintage: None,
    };
    Ok((events, record, notes))
}
