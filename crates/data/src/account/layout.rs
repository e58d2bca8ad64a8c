//! Which columns of an export are what.

use walkfolio_core::{Date, Note};

use super::broker::Broker;
use super::held::{AccountHoldings, HeldPosition, Quantity};
use super::parse::{Row, Rows, day_in};
use crate::{Error, Result};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Ticker,
    Shares,
    Value,
    Weight,
    Price,
    CostBasis,
    Acquired,
    AsOf,
    Kind,
    Level,
    Description,
}

/// What columns are called, in lower case and without what stands in parentheses.
const NAMES: [(Role, &[&str]); 11] = [
    (Role::Ticker, &["ticker", "symbol", "asset", "instrument"]),
    (Role::Shares, &["shares", "quantity", "qty", "position", "units"]),
    (
        Role::Value,
        &[
            "value",
            "market value",
            "mkt val",
            "current value",
            "position value",
            "positionvalue",
            "marketvalue",
        ],
    ),
    (Role::Weight, &["weight"]),
    (Role::Price, &["price", "last price", "close price", "mark price", "markprice", "closeprice"]),
    (
        Role::CostBasis,
        &[
            "cost_basis",
            "cost basis",
            "cost basis total",
            "costbasismoney",
            "costbasis",
            "cost basis money",
        ],
    ),
    (
        Role::Acquired,
        &[
            "acquired",
            "date acquired",
            "purchase date",
            "date",
            "opendatetime",
            "open date",
            "trade date",
        ],
    ),
    (Role::AsOf, &["as_of", "as of", "reportdate", "report date"]),
    (
        Role::Kind,
        &["assetclass", "asset category", "asset class", "security type", "assetcategory"],
    ),
    (Role::Level, &["datadiscriminator", "levelofdetail", "level of detail"]),
    (Role::Description, &["description"]),
];

/// A header: its line, and the place of each role.
struct Header {
    at: usize,
    places: Vec<(Role, usize, String)>,
}

impl Header {
    /// The header of a table with these roles.
    fn find(rows: &[Row], needed: impl Fn(&Self) -> bool) -> Option<Self> {
        rows.iter().enumerate().map(|(at, row)| Self::of(at, row)).find(|header| needed(header))
    }

    fn of(at: usize, row: &Row) -> Self {
        let mut places: Vec<(Role, usize, String)> = Vec::new();
        for (place, cell) in row.cells.iter().enumerate() {
            let name = plain(cell);
            let role = NAMES.iter().find(|(_, names)| names.contains(&name.as_str()));
            if let Some((role, _)) =
                role.filter(|(role, _)| places.iter().all(|own| own.0 != *role))
            {
                places.push((*role, place, cell.clone()));
            }
        }
        Self { at, places }
    }

    fn has(&self, role: Role) -> bool {
        self.places.iter().any(|own| own.0 == role)
    }

    fn place(&self, role: Role) -> Option<(usize, &str)> {
        self.places.iter().find(|own| own.0 == role).map(|(_, place, name)| (*place, name.as_str()))
    }

    fn text<'r>(&self, row: &'r Row, role: Role) -> &'r str {
        let cell = self.place(role).and_then(|(place, _)| row.cells.get(place));
        cell.map_or("", String::as_str)
    }

    fn number(&self, rows: &Rows, row: &Row, role: Role) -> Result<Option<f64>> {
        self.place(role).map_or(Ok(None), |place| rows.number(row, place))
    }
}

/// A name in lower case, without what is in parentheses.
fn plain(name: &str) -> String {
    let short = name.split('(').next().unwrap_or(name);
    short.trim().trim_matches('"').to_lowercase()
}

/// The holdings of a file.
pub(super) fn holdings(rows: &Rows) -> Result<AccountHoldings> {
    let broker = broker(rows);
    let (table, header) = table(rows, broker)?;
    let mut found = AccountHoldings {
        file: String::new(),
        broker,
        date: stated_date(rows, broker),
        cash: stated_cash(rows)?,
        positions: Vec::new(),
        notes: Vec::new(),
        sha256: String::new(),
    };
    for row in &table {
        if let Some(date) = day_in(header.text(row, Role::AsOf)) {
            found.date = Some(date);
        }
        line(&mut found, rows, &header, row)?;
    }
    if found.positions.is_empty() && found.cash.is_none() {
        return Err(no_holdings(rows));
    }
    summed(&mut found);
    Ok(found)
}

/// The quotes of a file.
pub(super) fn quotes(rows: &Rows) -> Result<Vec<(String, f64)>> {
    let header =
        Header::find(&rows.all, |header| header.has(Role::Ticker) && header.has(Role::Price))
            .ok_or_else(|| no_holdings(rows))?;
    let mut quotes = Vec::new();
    for row in &rows.all[header.at + 1..] {
        let ticker = header.text(row, Role::Ticker);
        let Some(price) = header.number(rows, row, Role::Price)? else { continue };
        if price <= 0.0 {
            return Err(rows.bad(row, "price", &price.to_string(), "a price must be above 0"));
        }
        quotes.push((ticker.to_owned(), price));
    }
    Ok(quotes)
}

fn no_holdings(rows: &Rows) -> Error {
    Error::NoHoldings { file: rows.file.clone() }
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
    } else if any(&["open positions"])
        || any(&["markprice"])
        || any(&["costbasismoney"])
        || any(&["mark price", "position value"])
    {
        Broker::InteractiveBrokers
    } else {
        Broker::Plain
    }
}

/// The lines of positions, and their header.
fn table(rows: &Rows, broker: Broker) -> Result<(Vec<Row>, Header)> {
    let held = |header: &Header| {
        let amount = [Role::Shares, Role::Value, Role::Weight].iter().any(|role| header.has(*role));
        header.has(Role::Ticker) && amount
    };
    let of_section = |row: &&Row| row.cells[0] == "Open Positions";
    let section: Vec<Row> = rows.all.iter().filter(of_section).cloned().collect();
    let all = if broker == Broker::InteractiveBrokers && !section.is_empty() {
        section
    } else {
        rows.all.clone()
    };
    let header = Header::find(&all, held).ok_or_else(|| no_holdings(rows))?;
    let body = all[header.at + 1..].to_vec();
    Ok((body, header))
}

/// One line of the table: a position, cash, or neither.
fn line(found: &mut AccountHoldings, rows: &Rows, header: &Header, row: &Row) -> Result<()> {
    let ticker = header.text(row, Role::Ticker).trim();
    let level = header.text(row, Role::Level).to_lowercase();
    let kind = header.text(row, Role::Kind).to_lowercase();
    let is_sum = row.cells.iter().take(2).any(|cell| {
        matches!(plain(cell).as_str(), "account total" | "total" | "subtotal" | "positions total")
    });
    // Below the table are disclaimers; lots repeat what a summary has.
    if ticker.is_empty() || is_sum || level == "lot" || level == "order" || kind == "forex" {
        return Ok(());
    }
    let shares = header.number(rows, row, Role::Shares)?;
    let value = header.number(rows, row, Role::Value)?;
    let weight = header.number(rows, row, Role::Weight)?;
    let description = header.text(row, Role::Description).to_lowercase();
    if is_cash(ticker, &kind, &description) {
        let amount = value.or(shares);
        let weighed = weight.filter(|_| amount.is_none());
        if let Some(amount) = amount {
            found.cash = Some(found.cash.unwrap_or(0.0) + amount);
        } else if let Some(weight) = weighed {
            found
                .positions
                .push(HeldPosition { held: Quantity::Weight(weight), ..position(ticker, row) });
        }
        return Ok(());
    }
    let held = match (shares, value, weight) {
        (Some(shares), ..) => Quantity::Shares(shares),
        (None, Some(value), _) => Quantity::Value(value),
        (None, None, Some(weight)) => Quantity::Weight(weight),
        (None, None, None) => return Ok(()),
    };
    found.positions.push(HeldPosition {
        held,
        price: header.number(rows, row, Role::Price)?,
        cost_basis: header.number(rows, row, Role::CostBasis)?,
        acquired: day_in(header.text(row, Role::Acquired)),
        ..position(ticker, row)
    });
    Ok(())
}

fn position(ticker: &str, row: &Row) -> HeldPosition {
    HeldPosition {
        ticker: ticker.to_owned(),
        held: Quantity::Shares(0.0),
        price: None,
        cost_basis: None,
        acquired: None,
        line: row.line,
    }
}

/// Whether a line is cash: by its name, its kind, or the sign that Fidelity gives its core position.
pub(super) fn is_cash(ticker: &str, kind: &str, description: &str) -> bool {
    let name = ticker.to_lowercase();
    matches!(name.as_str(), "cash" | "$cash" | "cash & cash investments" | "pending activity")
        || name.ends_with("**")
        || kind == "cash"
        || kind == "cash and money market"
        || description == "held in money market"
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

/// Notes where a ticker has several lines: they are added up.
fn summed(found: &mut AccountHoldings) {
    let mut names: Vec<&str> = found.positions.iter().map(|own| own.ticker.as_str()).collect();
    names.sort_unstable();
    let several: Vec<String> = names
        .chunk_by(|a, b| a == b)
        .filter(|own| own.len() > 1)
        .map(|own| own[0].to_owned())
        .collect();
    if !several.is_empty() {
        found.notes.push(Note::info(format!(
            "several lines of the holdings are added up, as of lots or accounts: {}",
            several.join(", ")
        )));
    }
}
