//! What a decision asks for, in a sentence.

use walkfolio_analysis::format::{counted, decimals, percent};
use walkfolio_record::{AccountTrade, LiveDecision};

use super::SAME;

/// Of an account its orders, else the change of the study's own holdings.
pub(super) fn of(decision: &LiveDecision) -> String {
    match &decision.account {
        Some(account) if account.orders.is_empty() => left(account),
        Some(account) => traded(account),
        None if !decision.trades() => {
            "Nothing is to be traded: what is held is the target.".to_owned()
        }
        None => moved(decision),
    }
}

fn moved(decision: &LiveDecision) -> String {
    let side = |of: fn(f64) -> bool| {
        decision.target.iter().filter(|row| of(row.target - row.before)).count()
    };
    let (more, less) = (side(|by| by > SAME), side(|by| by < -SAME));
    let held = decision.target.iter().filter(|row| row.target != 0.0).count();
    format!(
        "More of {}, less of {}: {} of equity is turned over, into {}.",
        counted(more, "asset"),
        counted(less, "asset"),
        percent(decision.turnover),
        counted(held, "holding")
    )
}

/// What the orders are, and what they leave: bands and small trades may leave alone what the target changes.
fn traded(account: &AccountTrade) -> String {
    let of = |side: &str| account.orders.iter().filter(|order| order.side == side).count();
    let worth: f64 = account.orders.iter().map(|order| order.value.abs()).sum();
    let held = account.positions.iter().filter(|row| row.shares_after != 0.0).count();
    format!(
        "{} to buy and {} to sell, worth {}: {} and {} in cash afterwards.",
        counted(of("buy"), "order"),
        of("sell"),
        decimals(worth, 2),
        counted(held, "holding"),
        decimals(account.cash_after, 2)
    )
}

fn left(account: &AccountTrade) -> String {
    let apart = account.positions.iter().map(|row| (row.after - row.target).abs());
    let apart = apart.fold(0.0, f64::max);
    if apart > SAME {
        format!(
            "Nothing is to be traded: no position is further than {} of equity from its target.",
            percent(apart)
        )
    } else {
        "Nothing is to be traded: what is held is the target.".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use walkfolio_record::{Holder, LedgerRow, OrderRow, PositionRow, RiskChange, TargetRow};

    use crate::decision::decision_html;

    use super::*;

    fn decision(rows: &[(f64, f64)], account: Option<AccountTrade>) -> LiveDecision {
        let target = |(at, (before, target)): (usize, &(f64, f64))| TargetRow {
            asset: format!("A{at}"),
            before: *before,
            target: *target,
            selected: true,
            probability: None,
            price: Some(10.0),
            priced: None,
        };
        LiveDecision {
            format: 1,
            study: "s".to_owned(),
            hash: "0".repeat(64),
            version: "0".to_owned(),
            synthetic: false,
            sources: Vec::new(),
            benchmark: None,
            date: "2025-06-02".parse().unwrap(),
            known: "2025-05-30".parse().unwrap(),
            age: 1,
            due: true,
            next_due: None,
            previous: None,
            held_by: if account.is_some() { Holder::Account } else { Holder::Study },
            turnover: 0.5 * rows.iter().map(|(from, to)| (to - from).abs()).sum::<f64>(),
            target: rows.iter().enumerate().map(target).collect(),
            solve: unsolved(),
            limits: Vec::new(),
            unexplained: None,
            risk: RiskChange { rows: 0, before: None, after: None, apart: None },
            cost: 0.0,
            notes: Vec::new(),
            account,
        }
    }

    fn unsolved() -> LedgerRow {
        LedgerRow {
            date: None,
            kind: "solve".to_owned(),
            solver: None,
            status: None,
            objective: None,
            bound: None,
            gap: None,
            message: String::new(),
        }
    }

    /// An account of 1,000 in shares of 10, where `traded` says whether a position is brought to its target.
    fn account(rows: &[(f64, f64, bool)]) -> AccountTrade {
        let shares = |weight: f64| (100.0 * weight).round();
        let position = |(at, (from, to, traded)): (usize, &(f64, f64, bool))| PositionRow {
            asset: format!("A{at}"),
            shares_before: shares(*from),
            shares_after: shares(if *traded { *to } else { *from }),
            price: 10.0,
            before: *from,
            target: *to,
            after: if *traded { *to } else { *from },
        };
        let positions: Vec<PositionRow> = rows.iter().enumerate().map(position).collect();
        let order = |row: &PositionRow| {
            let by = row.shares_after - row.shares_before;
            (by != 0.0).then(|| OrderRow {
                asset: row.asset.clone(),
                side: if by > 0.0 { "buy" } else { "sell" }.to_owned(),
                shares: by.abs(),
                price: 10.0,
                value: 10.0 * by.abs(),
                cost: 0.0,
            })
        };
        AccountTrade {
            file: "f".to_owned(),
            sha256: String::new(),
            broker: "plain".to_owned(),
            date: None,
            equity: 1000.0,
            cash_before: 0.0,
            cash_after: 12.5,
            cost: 0.0,
            orders: positions.iter().filter_map(order).collect(),
            positions,
            rounding: None,
            gains: None,
            in_band: Vec::new(),
            too_small: Vec::new(),
        }
    }

    /// How often a cell with these words is in a section of the page.
    fn cells(html: &str, section: &str, class: &str) -> usize {
        let Some((_, rest)) = html.split_once(&format!("<section id=\"{section}\">")) else {
            return 0;
        };
        rest.split("</section>")
            .next()
            .unwrap_or_default()
            .matches(&format!("<td class=\"{class}\">"))
            .count()
    }

    fn rows() -> impl Strategy<Value = Vec<(f64, f64, bool)>> {
        let weight = (0..60_u32).prop_map(|share| f64::from(share) / 100.0);
        prop::collection::vec((weight.clone(), weight, any::<bool>()), 1..9)
    }

    proptest! {
        #[test]
        fn the_sentence_of_a_study_is_that_of_the_weights(rows in rows()) {
            let rows: Vec<(f64, f64)> = rows.into_iter().map(|(from, to, _)| (from, to)).collect();
            let held = rows.iter().filter(|(_, to)| *to > 0.0).count();
            let decision = decision(&rows, None);
            let (html, text) = (decision_html(&decision).unwrap(), of(&decision));
            let (more, less) = (cells(&html, "weights", "more"), cells(&html, "weights", "less"));
            prop_assert!(html.contains(&text), "{text}");
            prop_assert_eq!(text.starts_with("Nothing"), more + less == 0, "{}", text);
            if more + less > 0 {
                let start = format!("More of {}, less of {}: ", counted(more, "asset"), counted(less, "asset"));
                prop_assert!(text.starts_with(&start), "{start}: {text}");
                prop_assert!(text.contains(&percent(decision.turnover)), "{text}");
                prop_assert!(text.contains(&format!("into {}.", counted(held, "holding"))), "{text}");
            }
        }

        #[test]
        fn the_sentence_of_an_account_is_that_of_its_orders(rows in rows()) {
            let account = account(&rows);
            let held = account.positions.iter().filter(|row| row.shares_after > 0.0).count();
            let at_target = account.positions.iter().all(|row| row.after == row.target);
            let weights: Vec<(f64, f64)> = rows.iter().map(|(from, to, _)| (*from, *to)).collect();
            let decision = decision(&weights, Some(account));
            let (html, text) = (decision_html(&decision).unwrap(), of(&decision));
            let (buy, sell) = (cells(&html, "orders", "buy"), cells(&html, "orders", "sell"));
            prop_assert!(html.contains(&text), "{text}");
            prop_assert_eq!(text.starts_with("Nothing"), buy + sell == 0, "{}", text);
            prop_assert_eq!(html.contains("None: the account stays as it is."), buy + sell == 0);
            if buy + sell > 0 {
                let start = format!("{} to buy and {sell} to sell, ", counted(buy, "order"));
                prop_assert!(text.starts_with(&start), "{start}: {text}");
                prop_assert!(text.contains(&counted(held, "holding")) && text.contains("12.50 in cash"), "{text}");
            } else {
                prop_assert_eq!(text.contains("is the target"), at_target, "{}", text);
            }
        }
    }
}
