//! What columns of an export are called.

use super::parse::{Row, Rows};
use crate::Result;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
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
    Currency,
    Account,
}

/// What columns are called, in lower case and without what stands in parentheses.
const NAMES: [(Role, &[&str]); 13] = [
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
        &[
            "assetclass",
            "asset category",
            "asset class",
            "security type",
            "asset type",
            "assetcategory",
        ],
    ),
    (Role::Level, &["datadiscriminator", "levelofdetail", "level of detail"]),
    (Role::Description, &["description"]),
    (Role::Currency, &["currency", "currencyprimary", "currency primary"]),
    (Role::Account, &["account number", "clientaccountid", "account id", "accountid", "account"]),
];

/// A header: the place of each role.
#[derive(Debug, Clone)]
pub(super) struct Header {
    places: Vec<(Role, usize, String)>,
}

impl Header {
    /// The roles of a line's cells; of two columns with one role the first.
    pub(super) fn of(row: &Row) -> Self {
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
        Self { places }
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.places.iter().any(|own| own.0 == role)
    }

    pub(super) fn place(&self, role: Role) -> Option<(usize, &str)> {
        self.places.iter().find(|own| own.0 == role).map(|(_, place, name)| (*place, name.as_str()))
    }

    pub(super) fn text<'r>(&self, row: &'r Row, role: Role) -> &'r str {
        let cell = self.place(role).and_then(|(place, _)| row.cells.get(place));
        cell.map_or("", String::as_str)
    }

    pub(super) fn number(&self, rows: &Rows, row: &Row, role: Role) -> Result<Option<f64>> {
        self.place(role).map_or(Ok(None), |place| rows.number(row, place))
    }
}

/// A name in lower case, without what is in parentheses.
pub(super) fn plain(name: &str) -> String {
    let short = name.split('(').next().unwrap_or(name);
    short.trim().trim_matches('"').to_lowercase()
}
