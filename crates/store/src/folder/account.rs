//! The account of a run as tables.

use std::path::Path;

use walkfolio_columns::Column;
use walkfolio_record::{AccountDayRow, AccountOrderRow, AccountRun, MeasureSet};

use super::names::Table;
use super::parquet::{read, write};
use crate::Result;

/// The ledger, and the orders.
const DAYS: &str = "account.parquet";
const ORDERS: &str = "account_orders.parquet";

pub(super) fn tables(account: &AccountRun) -> Result<[Table; 2]> {
    Ok([(DAYS, days(&account.days)?), (ORDERS, orders(&account.orders)?)])
}

fn days(rows: &[AccountDayRow]) -> Result<Vec<u8>> {
    let numbers = |name, pick: fn(&AccountDayRow) -> Option<f64>| {
        Column::numbers(name, rows.iter().map(pick))
    };
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        numbers("value", |row| Some(row.value)),
        numbers("return", |row| row.net),
        numbers("cash", |row| Some(row.cash)),
        numbers("long", |row| Some(row.long)),
        numbers("short", |row| Some(row.short)),
        numbers("dividends", |row| Some(row.dividends)),
        numbers("proceeds", |row| Some(row.proceeds)),
        numbers("financing", |row| Some(row.financing)),
        numbers("commissions", |row| Some(row.commissions)),
        numbers("costs", |row| Some(row.costs)),
        numbers("flows", |row| Some(row.flows)),
        numbers("bought", |row| Some(row.bought)),
        numbers("traded", |row| Some(row.traded)),
        numbers("forced", |row| Some(row.forced)),
        numbers("margin_used", |row| row.margin_used),
    ])
}

fn orders(rows: &[AccountOrderRow]) -> Result<Vec<u8>> {
    let numbers = |name, pick: fn(&AccountOrderRow) -> f64| {
        Column::numbers(name, rows.iter().map(move |row| Some(pick(row))))
    };
    let texts = |name, pick: fn(&AccountOrderRow) -> &str| {
        Column::texts(name, rows.iter().map(move |row| Some(pick(row))))
    };
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        texts("asset", |row| &row.asset),
        texts("reason", |row| &row.reason),
        numbers("shares", |row| row.shares),
        numbers("price", |row| row.price),
        numbers("cost", |row| row.cost),
        numbers("commission", |row| row.commission),
    ])
}

/// Reads the account of a folder; none where it has no such tables or no measures of it.
pub(super) fn read_account(
    folder: &Path,
    measures: Option<MeasureSet>,
) -> Result<Option<AccountRun>> {
    let (days, orders) = (folder.join(DAYS), folder.join(ORDERS));
    let (Some(measures), true) = (measures, days.is_file()) else { return Ok(None) };
    let days = read(&days, |row| {
        Ok(AccountDayRow {
            date: row.date("date")?,
            value: row.number("value")?,
            net: row.number_if_any("return")?,
            cash: row.number("cash")?,
            long: row.number("long")?,
            short: row.number("short")?,
            dividends: row.number("dividends")?,
            proceeds: row.number("proceeds")?,
            financing: row.number("financing")?,
            commissions: row.number("commissions")?,
            costs: row.number("costs")?,
            flows: row.number("flows")?,
            bought: row.number("bought")?,
            traded: row.number("traded")?,
            forced: row.number("forced")?,
            margin_used: row.number_if_any("margin_used")?,
        })
    })?;
    let orders = read(&orders, |row| {
        Ok(AccountOrderRow {
            date: row.date("date")?,
            asset: row.text("asset")?,
            reason: row.text("reason")?,
            shares: row.number("shares")?,
            price: row.number("price")?,
            cost: row.number("cost")?,
            commission: row.number("commission")?,
        })
    })?;
    Ok(Some(AccountRun { days, orders, measures }))
}
