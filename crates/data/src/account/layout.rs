//! Whose layout a file has, and what the lines around its tables say.

use walkfolio_core::{Date, Note};

use super::broker::Broker;
use super::header::{Header, Role, plain};
use super::held::AccountHoldings;
use super::parse::{Row, Rows, day_in};
use super::reading::Reading;
use super::sections::{currency, is_open, sections};
use crate::Result;

/// The holdings of a file.
pub(super) fn holdings(rows: &Rows) -> Result<AccountHoldings> {
    let broker = broker(rows);
    let sections = sections(rows, broker)?;
    let mut notes = Vec::new();
    if broker == Broker::Schwab && sections.len() > 1 {
        let told = format!("the holdings of {} accounts are added up", sections.len());
        notes.push(Note::warning(told));
    }
    let found = AccountHoldings {
        file: String::new(),
        broker,
        date: stated_date(rows, broker),
        cash: stated_cash(rows)?,
        positions: Vec::new(),
        notes,
        sha256: String::new(),
    };
    let mut reading = Reading::new(rows, found, currency(rows, &sections));
    for section in &sections {
        for row in &section.rows {
            if let Some(date) = day_in(section.header.text(row, Role::AsOf)) {
                reading.found.date = Some(date);
            }
            reading.line(section, row)?;
        }
    }
    let has_lines = sections.iter().any(|section| !section.rows.is_empty());
    if has_lines && reading.found.positions.is_empty() && reading.found.cash.is_none() {
        return Err(rows.no_holdings());
    }
    Ok(reading.noted())
}

/// The quotes of a file.
pub(super) fn quotes(rows: &Rows) -> Result<Vec<(String, f64)>> {
    let mut headed = rows.all.iter().enumerate().map(|(at, row)| (at, Header::of(row)));
    let (at, header) = headed
        .find(|(_, header)| header.has(Role::Ticker) && header.has(Role::Price))
        .ok_or_else(|| rows.no_holdings())?;
    let mut quotes: Vec<(String, f64)> = Vec::new();
    for row in &rows.all[at + 1..] {
        let ticker = header.text(row, Role::Ticker);
        let Some(price) = header.number(rows, row, Role::Price)? else { continue };
        if price <= 0.0 {
            return Err(rows.bad(row, "price", &price.to_string(), "a price must be above 0"));
        }
        if quotes.iter().any(|(known, _)| known == ticker) {
            return Err(rows.bad(row, "ticker", ticker, "each ticker has one line"));
        }
        quotes.push((ticker.to_owned(), price));
    }
    Ok(quotes)
}

fn broker(rows: &Rows) -> Broker {
    let cell = |row: &Row, at: usize| row.cells.get(at).map_or(String::new(), |cell| plain(cell));
    let first = rows.all.first().map_or(String::new(), |row| cell(row, 0));
    let any = |names: &[&str]| {
        rows.all
            .iter()
            .any(|row| names.iter().all(|name| row.cells.iter().any(|cell| plain(cell) == *name)))
    };
    if first.starts_with("positions for ") {
        Broker::Schwab
    } else if any(&["account number", "last price"]) || any(&["account name", "current value"]) {
        Broker::Fidelity
    } else if rows.all.iter().any(|row| is_open(&row.cells[0]))
        || any(&["markprice"])
        || any(&["costbasismoney"])
        || any(&["mark price", "position value"])
    {
        Broker::InteractiveBrokers
    } else {
        Broker::Plain
    }
}

/// The day in the lines around the table.
fn stated_date(rows: &Rows, broker: Broker) -> Option<Date> {
    match broker {
        Broker::Schwab => day_in(&rows.all.first()?.cells.join(" ")),
        Broker::Fidelity => {
            let told = |row: &&Row| row.cells[0].to_lowercase().starts_with("date downloaded");
            day_in(&rows.all.iter().find(told)?.cells.join(" "))
        }
        Broker::InteractiveBrokers => {
            let told = |row: &&Row| {
                row.cells[0] == "Statement" && row.cells.iter().any(|cell| cell == "Period")
            };
            let period = rows.all.iter().find(told)?.cells.last()?;
            // Of a range the last day.
            day_in(period.split(" - ").last()?)
        }
        Broker::Plain => None,
    }
}

/// The cash that an activity statement has in a table of its own.
fn stated_cash(rows: &Rows) -> Result<Option<f64>> {
    let told = |row: &&Row| {
        row.cells[0] == "Cash Report"
            && row.cells.iter().any(|cell| cell == "Ending Cash")
            && row.cells.iter().any(|cell| cell == "Base Currency Summary")
    };
    let Some(row) = rows.all.iter().find(told) else { return Ok(None) };
    rows.number(row, (4, "Ending Cash"))
}
