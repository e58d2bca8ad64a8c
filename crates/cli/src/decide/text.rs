//! A decision as people read it.

use std::fmt::Write;

use walkfolio::analysis::format::{counted, decimals, percent, scientific};
use walkfolio::record::{AccountTrade, ExpectedRisk, Holder, LiveDecision, SIMULATED, TargetRow};

use crate::layout::{Side, lines};

/// Limits that are shown.
const LIMITS: usize = 8;
/// Rows of weights that are shown.
const ASSETS: usize = 30;

/// The decision in lines of text.
pub fn text(decision: &LiveDecision) -> String {
    let mut text = heading(decision);
    text.push_str(&weights(decision));
    text.push('\n');
    if let Some(account) = &decision.account {
        text.push_str(&orders(account));
        text.push('\n');
    }
    text.push_str(&figures(decision));
    let limits = limits(decision);
    if !limits.is_empty() {
        let _ = write!(text, "\n{limits}");
    }
    plain(text.trim_end())
}

/// What a terminal shows of typographic signs.
fn plain(text: &str) -> String {
    text.replace('\u{202f}', " ").replace('\u{2212}', "-")
}

fn heading(decision: &LiveDecision) -> String {
    let LiveDecision { study, date, known, .. } = decision;
    let mut text = format!("{study}: decision for {date}, from prices until {known}\n");
    if decision.synthetic {
        let _ = writeln!(text, "{SIMULATED}");
    }
    for row in decision.notes.iter().filter(|row| row.date.is_some() || row.kind != "note") {
        let _ = writeln!(text, "{}: {}", row.kind, row.message);
    }
    text.push('\n');
    text
}

fn weights(decision: &LiveDecision) -> String {
    let held: Vec<&TargetRow> =
        decision.target.iter().filter(|row| row.before != 0.0 || row.target != 0.0).collect();
    let before = match decision.held_by {
        Holder::Study => "study holds",
        Holder::Account => "account holds",
    };
    let mut rows = vec![["asset", before, "target", "change", "price"].map(str::to_owned).to_vec()];
    let mut order = held.clone();
    order.sort_by(|a, b| b.target.abs().total_cmp(&a.target.abs()).then(a.asset.cmp(&b.asset)));
    for row in order.iter().take(ASSETS) {
        let change = row.target - row.before;
        let sign = if change > 0.0 { "+" } else { "" };
        rows.push(vec![
            row.asset.clone(),
            percent(row.before),
            percent(row.target),
            format!("{sign}{}", percent(change)),
            row.price.map_or_else(String::new, |price| decimals(price, 2)),
        ]);
    }
    let mut table = lines(&rows, &[Side::Left, Side::Right]).join("\n") + "\n";
    if held.len() > ASSETS {
        let _ = writeln!(table, "and {} more: target.csv of --out has all", held.len() - ASSETS);
    }
    table
}

/// The orders of an account, and what is left.
fn orders(account: &AccountTrade) -> String {
    let mut rows =
        vec![["order", "shares", "asset", "price", "value", "cost"].map(str::to_owned).to_vec()];
    for order in &account.orders {
        rows.push(vec![
            order.side.clone(),
            shares(order.shares),
            order.asset.clone(),
            decimals(order.price, 2),
            decimals(order.value, 2),
            decimals(order.cost, 2),
        ]);
    }
    let sides = [Side::Left, Side::Right, Side::Left, Side::Right];
    let mut text = if account.orders.is_empty() {
        "no orders\n".to_owned()
    } else {
        lines(&rows, &sides).join("\n") + "\n"
    };
    let _ = writeln!(
        text,
        "account worth {}, cash {} -> {}, cost {}",
        decimals(account.equity, 2),
        decimals(account.cash_before, 2),
        decimals(account.cash_after, 2),
        decimals(account.cost, 2)
    );
    if let Some(gains) = &account.gains {
        let tax = gains.tax.map_or_else(String::new, |tax| format!(", tax {}", decimals(tax, 2)));
        let _ = writeln!(
            text,
            "realized gains {} ({}), of them {} long-term{tax}",
            decimals(gains.realized, 2),
            gains.method.replace('_', " "),
            decimals(gains.long_term, 2)
        );
    }
    for (names, what) in
        [(&account.in_band, "within their bands"), (&account.too_small, "too small to trade")]
    {
        if !names.is_empty() {
            let _ = writeln!(text, "left alone, {what}: {}", names.join(", "));
        }
    }
    if let Some(rounding) = &account.rounding {
        let best = match rounding.status.as_str() {
            "best" => "no other whole shares are better",
            "fine" => "fractions of shares",
            _ => "no exchange of two is better",
        };
        let _ = writeln!(text, "rounding costs {:.3e} {}: {best}", rounding.loss, rounding.unit());
    }
    text
}

/// Shares without digits that say nothing.
fn shares(value: f64) -> String {
    if value.fract() == 0.0 { decimals(value, 0) } else { decimals(value, 4) }
}

fn figures(decision: &LiveDecision) -> String {
    let mut text = String::new();
    let of = |name: &str, of: fn(&ExpectedRisk) -> Option<f64>| {
        let after = decision.risk.after.as_ref().and_then(of)?;
        let before = decision.risk.before.as_ref().and_then(of);
        let before = before.map_or_else(String::new, |before| format!("{} -> ", percent(before)));
        Some(format!("{name} {before}{} a year\n", percent(after)))
    };
    text.extend(of("expected tracking error", |risk| risk.tracking_error));
    text.extend(of("expected volatility", |risk| Some(risk.volatility)));
    let (turnover, cost) = (percent(decision.turnover), decimals(1e4 * decision.cost, 2));
    let _ = writeln!(text, "turnover {turnover}, cost {cost} bp of equity");
    let solve = &decision.solve;
    if let (Some(objective), Some(solver), Some(status)) =
        (solve.objective, &solve.solver, &solve.status)
    {
        let bound = solve.bound.map_or_else(String::new, |bound| format!(", bound {bound:.9e}"));
        let _ = writeln!(text, "objective {objective:.9e}{bound} ({solver}, {status})");
    }
    if let Some(next) = decision.next_due {
        let _ = writeln!(text, "next decision by the schedule: {next}");
    }
    text
}

fn limits(decision: &LiveDecision) -> String {
    let mut rows = vec![["limited by", "at", "shadow price"].map(str::to_owned).to_vec()];
    for row in decision.limits.iter().take(LIMITS) {
        let of = row.asset.as_ref().map_or_else(String::new, |asset| format!(" of {asset}"));
        rows.push(vec![
            format!("{}{of}", row.constraint),
            decimals(row.limit, 4),
            scientific(row.price),
        ]);
    }
    if rows.len() == 1 {
        return String::new();
    }
    let mut table = lines(&rows, &[Side::Left, Side::Right]).join("\n") + "\n";
    let more = decision.limits.len().saturating_sub(LIMITS);
    if more > 0 {
        let _ = writeln!(table, "and {} in decision.json", counted(more, "more limit"));
    }
    table
}
