//! What `run` prints of the account of a study.

use std::fmt::Write;

use walkfolio::Run;
use walkfolio::analysis::account::{Account, Money};
use walkfolio::analysis::format::{counted, decimals, measure, percent};
use walkfolio::measures::definitions;

use crate::layout::{table, width};

/// The account of a run: what became of its money, and its measures next to those of the backtest of weights.
pub fn block(run: &Run) -> Option<String> {
    let found = Account::of(run)?;
    let Money { capital, value, gains, dividends, financing, costs, commissions, .. } = found.money;
    let mut text = format!(
        "Account           {} became {} by {}: {} time-weighted",
        money(capital),
        money(value),
        found.last,
        percent(found.time_weighted)
    );
    if let Some(own) = found.money_weighted_annual {
        let _ = write!(text, ", {} a year money-weighted", percent(own));
    }
    let _ = writeln!(
        text,
        "\nmoney             prices {}, dividends {}, interest and fees {}, costs {}, commissions {}",
        money(gains),
        money(dividends),
        money(financing),
        money(costs),
        money(commissions)
    );
    let _ = write!(
        text,
        "leverage          positions at most {} times its value, {} of it borrowed",
        decimals(found.gross_most, 2),
        percent(found.borrowed_most)
    );
    if found.margin_calls > 0 {
        let _ = write!(text, ", {}", counted(found.margin_calls, "margin call"));
    }
    text.push('\n');
    let rows = found.compared.iter().filter_map(|row| {
        let definition = definitions().iter().find(|definition| definition.key == row.key)?;
        let shown = |value| measure(definition.unit, value);
        Some(vec![definition.label.to_owned(), shown(row.account), shown(row.weights)])
    });
    let mut all = vec![vec![String::new(), "account".to_owned(), "weights".to_owned()]];
    all.extend(rows);
    text.push_str(&table(&all, width()));
    Some(text.replace('\u{202f}', " ").replace('\u{2212}', "-"))
}

fn money(value: f64) -> String {
    decimals(value, if value.abs() < 9_999.5 { 2 } else { 0 })
}
