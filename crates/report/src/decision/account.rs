//! The orders of an account on the page of a decision.

use serde::Serialize;
use walkfolio_analysis::format::{decimals, percent};
use walkfolio_record::{AccountTrade, OrderRow, PositionRow, RoundingRow};

#[derive(Serialize)]
pub(super) struct Values {
    orders: Vec<[String; 6]>,
    facts: Vec<[String; 2]>,
    rounding: Option<String>,
    left_alone: Vec<String>,
    positions: Vec<[String; 5]>,
}

pub(super) fn values(account: &AccountTrade) -> Values {
    let mut positions: Vec<&PositionRow> = account.positions.iter().collect();
    positions.sort_by(|a, b| b.after.total_cmp(&a.after).then(b.before.total_cmp(&a.before)));
    let money = |value: f64| decimals(value, 2);
    let fact = |name: &str, value: String| [name.to_owned(), value];
    let mut facts = vec![
        fact("Account worth", money(account.equity)),
        fact("Cash before", money(account.cash_before)),
        fact("Cash after", money(account.cash_after)),
        fact("Cost", money(account.cost)),
        fact("Holdings", format!("{} ({})", account.file, account.broker)),
    ];
    facts.extend(account.date.map(|date| fact("Holdings of", date.to_string())));
    Values {
        orders: account.orders.iter().map(order).collect(),
        facts,
        rounding: account.rounding.as_ref().map(rounding),
        left_alone: [
            (&account.in_band, "within their bands"),
            (&account.too_small, "too small to trade"),
        ]
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("Left alone, {what}: {}.", names.join(", ")))
        .collect(),
        positions: positions.into_iter().map(position).collect(),
    }
}

fn order(row: &OrderRow) -> [String; 6] {
    let OrderRow { asset, side, .. } = row;
    let (price, value, cost) =
        (decimals(row.price, 2), decimals(row.value, 2), decimals(row.cost, 2));
    [asset.clone(), side.clone(), shares(row.shares), price, value, cost]
}

/// Its shares before and after, and its weight as it should be and as whole shares leave it.
fn position(row: &PositionRow) -> [String; 5] {
    let [target, after] = [row.target, row.after].map(percent);
    [row.asset.clone(), shares(row.shares_before), shares(row.shares_after), target, after]
}

/// Shares without digits that say nothing.
fn shares(value: f64) -> String {
    if value.fract() == 0.0 { decimals(value, 0) } else { decimals(value, 4) }
}

fn rounding(row: &RoundingRow) -> String {
    let what = match row.status.as_str() {
        "best" => "no other whole shares are better".to_owned(),
        "fine" => "fractions of shares make no difference".to_owned(),
        _ => format!(
            "no exchange of two lots is better, and no lots lose less than {:.3e}",
            row.bound
        ),
    };
    format!("Rounding costs {:.3e} {}: {what}.", row.loss, row.unit())
}
