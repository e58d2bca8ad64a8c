//! Lines of positions as holdings.

use std::collections::BTreeSet;

use walkfolio_core::Note;

use super::header::{Header, Role, plain};
use super::held::{AccountHoldings, HeldPosition, Quantity};
use super::parse::{Row, Rows, day_in};
use super::sections::Section;
use crate::Result;

/// What is being read of a file.
pub(super) struct Reading<'a> {
    rows: &'a Rows,
    pub found: AccountHoldings,
    /// The currency of the account, if the file names one.
    currency: Option<String>,
    /// Other currencies, of which prices and cash were left out.
    foreign: BTreeSet<String>,
    /// The accounts whose lines were taken.
    accounts: BTreeSet<String>,
    /// Contracts that have the names of shares and are none.
    contracts: BTreeSet<String>,
}

impl<'a> Reading<'a> {
    pub fn new(rows: &'a Rows, found: AccountHoldings, currency: Option<String>) -> Self {
        let (foreign, accounts, contracts) = Default::default();
        Self { rows, found, currency, foreign, accounts, contracts }
    }

    /// One line of a table: a position, cash, or neither.
    pub fn line(&mut self, section: &Section, row: &Row) -> Result<()> {
        let (rows, header) = (self.rows, &section.header);
        let ticker = header.text(row, Role::Ticker).trim();
        let kind = header.text(row, Role::Kind).to_lowercase();
        let is_pair = kind == "cash"
            && ticker.split_once('.').is_some_and(|(a, b)| is_money(a) && is_money(b));
        if ticker.is_empty() || kind == "forex" || is_pair || repeats(section, row) {
            return Ok(());
        }
        let shares = header.number(rows, row, Role::Shares)?;
        let value = header.number(rows, row, Role::Value)?;
        let weight = header.number(rows, row, Role::Weight)?;
        if shares.is_none() && value.is_none() && weight.is_none() {
            return Ok(());
        }
        self.of_account(header, row);
        if kind.starts_with("cfd") {
            self.contracts.insert(ticker.to_owned());
            return Ok(());
        }
        let is_foreign = self.is_foreign(header.text(row, Role::Currency));
        let description = header.text(row, Role::Description).to_lowercase();
        let cash = is_cash(ticker, &kind, &description).then_some(value.or(shares));
        if let Some(Some(amount)) = cash {
            let known = self.found.cash.unwrap_or(0.0);
            self.found.cash = (!is_foreign).then_some(known + amount).or(self.found.cash);
            return Ok(());
        }
        let held = match (shares, value, weight) {
            (Some(shares), ..) => Quantity::Shares(shares),
            (None, Some(value), _) if is_foreign => {
                let rule = "a value in the currency of the account, or a number of shares";
                return Err(rows.bad(row, "value", &value.to_string(), rule));
            }
            (None, Some(value), _) => Quantity::Value(value),
            (None, None, weight) => Quantity::Weight(weight.unwrap_or(0.0)),
        };
        let money = |role: Role| -> Result<Option<f64>> {
            Ok(header.number(rows, row, role)?.filter(|_| !is_foreign))
        };
        self.found.positions.push(HeldPosition {
            ticker: ticker.to_owned(),
            held,
            price: money(Role::Price)?,
            cost_basis: money(Role::CostBasis)?,
            acquired: day_in(header.text(row, Role::Acquired)),
            line: row.line,
        });
        Ok(())
    }

    fn of_account(&mut self, header: &Header, row: &Row) {
        let account = header.text(row, Role::Account);
        if !account.is_empty() {
            self.accounts.insert(account.to_owned());
        }
    }

    /// Whether a line is in another currency than the account.
    fn is_foreign(&mut self, currency: &str) -> bool {
        let own = self.currency.as_deref().unwrap_or(currency);
        let is_foreign = !currency.is_empty() && currency != own;
        if is_foreign {
            self.foreign.insert(currency.to_owned());
        }
        is_foreign
    }

    /// The holdings, with notes on what was added up or left out.
    pub fn noted(mut self) -> AccountHoldings {
        let mut names: Vec<&str> =
            self.found.positions.iter().map(|own| own.ticker.as_str()).collect();
        names.sort_unstable();
        let several: Vec<String> = names
            .chunk_by(|a, b| a == b)
            .filter(|own| own.len() > 1)
            .map(|own| own[0].to_owned())
            .collect();
        if self.accounts.len() > 1 {
            let all: Vec<&str> = self.accounts.iter().map(String::as_str).collect();
            self.found.notes.push(Note::warning(format!(
                "the holdings of {} accounts are added up: {}",
                all.len(),
                all.join(", ")
            )));
        }
        if !self.contracts.is_empty() {
            let all: Vec<&str> = self.contracts.iter().map(String::as_str).collect();
            self.found.notes.push(Note::warning(format!(
                "contracts for difference are no shares and left alone: {}",
                all.join(", ")
            )));
        }
        if !several.is_empty() {
            self.found.notes.push(Note::info(format!(
                "several lines of the holdings are added up, as of lots or accounts: {}",
                several.join(", ")
            )));
        }
        if !self.foreign.is_empty() {
            let all: Vec<&str> = self.foreign.iter().map(String::as_str).collect();
            self.found.notes.push(Note::warning(format!(
                "cash and prices in {} are left alone, numbers of shares are taken: the account is in {}",
                all.join(", "),
                self.currency.as_deref().unwrap_or_default()
            )));
        }
        self.found
    }
}

/// Whether a line is a sum, or a lot or an order of what a summary has.
fn repeats(section: &Section, row: &Row) -> bool {
    let level = section.header.text(row, Role::Level).to_lowercase();
    let is_lot = level == "order" || (level == "lot" && section.has_summaries);
    let is_sum = row.cells.iter().take(2).any(|cell| {
        matches!(plain(cell).as_str(), "account total" | "total" | "subtotal" | "positions total")
    });
    is_lot || is_sum
}

/// Currencies that brokers name a line of cash by; a fund of bills may be of the kind "cash", too.
const CURRENCIES: [&str; 14] = [
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "HKD", "SGD",
    "CNH",
];

fn is_money(name: &str) -> bool {
    CURRENCIES.contains(&name)
}

/// Whether a line is cash: by its name, its kind, or the sign that Fidelity gives its core position.
pub(super) fn is_cash(ticker: &str, kind: &str, description: &str) -> bool {
    let name = ticker.to_lowercase();
    matches!(name.as_str(), "cash" | "$cash" | "cash & cash investments" | "pending activity")
        || name.ends_with("**")
        || kind == "cash" && is_money(ticker)
        || kind == "cash and money market"
        || description == "held in money market"
}
