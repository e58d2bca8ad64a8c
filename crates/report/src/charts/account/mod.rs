//! The account that carried out the decisions: where its money came from and went, next to the backtest of weights.

use serde::Serialize;
use walkfolio_analysis::account::{Account, Compared, Money, Path};
use walkfolio_analysis::format::{count, counted, decimals, measure, percent, short};
use walkfolio_analysis::line::{Line, evenly};
use walkfolio_analysis::measure::definition;

use crate::Result;
use crate::chart::{Chart, Drawn, RunChart};
use crate::summary::Summary;
use crate::template::part;

const TEMPLATE: &str = include_str!("account.html");
/// Points of a line.
const POINTS: usize = 1_000;

/// The section.
pub(crate) const CHART: RunChart =
    Chart { id: "account", title: "Account", script: include_str!("account.js"), draw };

fn draw(summary: &Summary<'_>) -> Result<Drawn> {
    Drawn::of(summary.found.account.as_ref(), |found| {
        Drawn::section(part(TEMPLATE, text(found))?).with("account", &Lines::of(&found.path))
    })
}

/// The lines of the chart: at most so many points, and every session with flows.
#[derive(Serialize)]
struct Lines {
    dates: Vec<String>,
    value: Line,
    weights: Line,
    flows: Vec<Flow>,
}

/// What was paid in, and what the account was worth then.
#[derive(Serialize)]
struct Flow {
    date: String,
    amount: Option<f64>,
    at: Option<f64>,
}

impl Lines {
    fn of(path: &Path) -> Self {
        let mut shown = evenly(path.dates.len(), POINTS);
        shown.extend(path.flows.iter().map(|(at, _)| *at));
        shown.sort_unstable();
        shown.dedup();
        let date = |at: usize| path.dates[at].to_string();
        let flow = |&(at, amount): &(usize, f64)| Flow {
            date: date(at),
            amount: short(amount),
            at: short(path.value[at]),
        };
        Self {
            dates: shown.iter().map(|&at| date(at)).collect(),
            value: shown.iter().map(|&at| short(path.value[at])).collect(),
            weights: shown.iter().map(|&at| path.weights[at].and_then(short)).collect(),
            flows: path.flows.iter().map(flow).collect(),
        }
    }
}

/// The account in words and numbers, for page and text.
#[derive(Serialize)]
pub(crate) struct Text {
    sentences: Vec<String>,
    money: Vec<[String; 2]>,
    compared: Vec<[String; 3]>,
    assumed: Vec<String>,
}

/// What is said of an account.
pub(crate) fn text(found: &Account) -> Text {
    Text {
        sentences: sentences(found),
        money: money(&found.money),
        compared: found.compared.iter().filter_map(compared).collect(),
        assumed: found.assumptions.clone(),
    }
}

fn sentences(found: &Account) -> Vec<String> {
    let Money { capital, value, .. } = found.money;
    let money_weighted = found.money_weighted_annual.map_or_else(String::new, |own| {
        format!(" The money-weighted return is {} a year.", percent(own))
    });
    let ended = if found.ends_early { " The account ends before the run." } else { "" };
    let mut all = vec![
        format!(
            "{} of capital became {} from {} to {}: a time-weighted return of {}.{money_weighted}{ended}",
            amount(capital),
            amount(value),
            found.first,
            found.last,
            percent(found.time_weighted)
        ),
        format!(
            "At the largest, positions were {} times its value and {} of it was borrowed; on average {} was in cash.",
            decimals(found.gross_most, 2),
            percent(found.borrowed_most),
            percent(found.cash_mean)
        ),
    ];
    if found.margin_calls > 0 {
        all.push(format!(
            "{} closed positions of {}.",
            counted(found.margin_calls, "margin call"),
            amount(found.forced)
        ));
    }
    if let Some(apart) = found.apart_annual {
        all.push(format!(
            "Its returns differ from those of the backtest of weights by {} a year (the standard deviation of the difference).",
            percent(apart)
        ));
    }
    all
}

fn money(own: &Money) -> Vec<[String; 2]> {
    let rows = [
        ("Capital", own.capital),
        ("Contributions", own.contributed),
        ("Withdrawals", own.withdrawn),
        ("Gains of prices", own.gains),
        ("Dividends", own.dividends),
        ("Interest and fees", own.financing),
        ("Trading costs", own.costs),
        ("Commissions", own.commissions),
        ("Value", own.value),
    ];
    let always = ["Capital", "Gains of prices", "Interest and fees", "Value"];
    let shown = rows.into_iter().filter(|(name, value)| *value != 0.0 || always.contains(name));
    shown.map(|(name, value)| [name.to_owned(), amount(value)]).collect()
}

fn compared(own: &Compared) -> Option<[String; 3]> {
    let found = definition(own.key)?;
    let shown = |value| measure(found.unit, value);
    Some([found.label.to_owned(), shown(own.account), shown(own.weights)])
}

/// Money: whole units from 10,000 on, cents below.
fn amount(value: f64) -> String {
    if value.abs() >= 9_999.5 { count(value) } else { decimals(value, 2) }
}
