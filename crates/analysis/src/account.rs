//! What became of the money of an account, and how far it is from the backtest of weights.

mod path;

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{AccountDayRow, AccountRun, Run};
use walkfolio_stats::money_weighted_return;
use walkfolio_study::{AccountPrices, AccountSpec, ExecutionPrice};

use crate::format::percent;
use crate::stated;
pub use path::Path;

/// Measures that are shown of the account next to those of the backtest of weights.
pub const COMPARED: [&str; 6] = [
    "annual_return",
    "mean_return_annual",
    "volatility",
    "sharpe_ratio",
    "max_drawdown",
    "turnover_annual",
];

/// An account of a run.
///
/// # Units
/// Money in the currency of the prices; returns, margin and shares of equity are fractions, annualized where they say
/// so.
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::Findings;
/// use walkfolio_record::Run;
///
/// let run: Run = serde_json::from_reader(File::open("tests/example/run.json")?)?;
/// // Its study has no account.
/// assert_eq!(Findings::of(&run).account, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// The first session, and the last.
    pub first: Date,
    /// The last session.
    pub last: Date,
    /// Whether it ends before the run: it was wiped out, or paid out.
    pub ends_early: bool,
    /// Where the money came from and went: what is left is the last value.
    pub money: Money,
    /// What it was worth from session to session.
    pub path: Path,
    /// The time-weighted return, in all.
    pub time_weighted: f64,
    /// The money-weighted return a year, if there is one.
    pub money_weighted_annual: Option<f64>,
    /// The tracking error a year to the backtest of weights: what shares, financing, margin and commissions do.
    pub apart_annual: Option<f64>,
    /// The largest value of all positions as a part of the account's value, at a close.
    pub gross_most: f64,
    /// The largest part of value that was borrowed in cash, at a close.
    pub borrowed_most: f64,
    /// The mean part of value that was cash, the proceeds of short sales left out.
    pub cash_mean: f64,
    /// Margin calls.
    pub margin_calls: usize,
    /// The value that they closed.
    pub forced: f64,
    /// The largest maintenance margin as a part of value; none without a margin rule.
    pub margin_most: Option<f64>,
    /// Orders.
    pub orders: usize,
    /// Measures of [`COMPARED`]: of the account, and of the backtest of weights.
    pub compared: Vec<Compared>,
    /// What the figures take for granted, in sentences.
    pub assumptions: Vec<String>,
}

/// Where the money of an account came from and where it went: `value` is the sum of all others but `positions`, whose
/// part is the gain of prices.
///
/// # Examples
/// See [`Account`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Money {
    /// Cash at the beginning.
    pub capital: f64,
    /// What was paid in.
    pub contributed: f64,
    /// What was paid out, negative.
    pub withdrawn: f64,
    /// The gain of prices.
    pub gains: f64,
    /// Dividends, less those owed on short positions.
    pub dividends: f64,
    /// Interest earned less interest and fees paid.
    pub financing: f64,
    /// Costs in proportion to what was traded, negative.
    pub costs: f64,
    /// Commissions, negative.
    pub commissions: f64,
    /// What is left.
    pub value: f64,
}

/// A measure of an account next to that of the backtest of weights.
///
/// # Examples
/// See [`Account`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Compared {
    /// The key of the measure.
    pub key: &'static str,
    /// Of the account.
    pub account: Option<f64>,
    /// Of the backtest of weights.
    pub weights: Option<f64>,
}

impl Account {
    /// The account of a run; none without one.
    pub fn of(run: &Run) -> Option<Self> {
        let account = run.account.as_ref()?;
        let days = &account.days;
        let (first, last) = (days.first()?, days.last()?);
        let spec = run.manifest.resolved.account.as_ref()?;
        let capital = spec.capital;
        let sum = |of: fn(&AccountDayRow) -> f64| days.iter().map(of).sum::<f64>();
        let most = |of: &dyn Fn(&AccountDayRow) -> f64| days.iter().map(of).fold(0.0, f64::max);
        let part =
            |value: f64, row: &AccountDayRow| if row.value > 0.0 { value / row.value } else { 0.0 };
        let free = |row: &AccountDayRow| row.cash - row.short;
        let margins = days.iter().filter_map(|row| row.margin_used);
        Some(Self {
            first: first.date,
            last: last.date,
            ends_early: run.returns.last().is_some_and(|row| row.date > last.date),
            money: Money::of(capital, account),
            path: Path::of(run, capital, days),
            time_weighted: days.iter().filter_map(|row| row.net).map(|r| 1.0 + r).product::<f64>()
                - 1.0,
            money_weighted_annual: money_weighted(capital, days),
            apart_annual: apart(run, account),
            gross_most: most(&|row| part(row.long + row.short, row)),
            borrowed_most: most(&|row| part(-free(row), row)),
            cash_mean: days.iter().map(|row| part(free(row), row)).sum::<f64>() / days.len() as f64,
            margin_calls: days.iter().filter(|row| row.forced > 0.0).count(),
            forced: sum(|row| row.forced),
            margin_most: margins.fold(None, |most, own| Some(f64::max(most.unwrap_or(own), own))),
            orders: account.orders.len(),
            compared: compared(run, account),
            assumptions: assumed(spec),
        })
    }
}

impl Money {
    fn of(capital: f64, account: &AccountRun) -> Self {
        let sum = |of: fn(&AccountDayRow) -> f64| account.days.iter().map(of).sum::<f64>();
        let value = account.days.last().map_or(capital, |row| row.value);
        let (contributed, withdrawn) =
            (sum(|row| row.flows.max(0.0)), sum(|row| row.flows.min(0.0)));
        let (dividends, financing) = (sum(|row| row.dividends), sum(|row| row.financing));
        let (costs, commissions) = (-sum(|row| row.costs), -sum(|row| row.commissions));
        let others =
            capital + contributed + withdrawn + dividends + financing + costs + commissions;
        let gains = value - others;
        Self {
            capital,
            contributed,
            withdrawn,
            gains,
            dividends,
            financing,
            costs,
            commissions,
            value,
        }
    }
}

fn money_weighted(capital: f64, days: &[AccountDayRow]) -> Option<f64> {
    let (first, last) = (days.first()?, days.last()?);
    let since = |date: Date| {
        let span = first.date.until(date).ok()?;
        Some(f64::from(span.get_days()))
    };
    let mut flows = vec![(0.0, capital)];
    for row in days.iter().filter(|row| row.flows != 0.0) {
        flows.push((since(row.date)?, row.flows));
    }
    money_weighted_return(&flows, (since(last.date)?, last.value))
}

/// The standard deviation of the difference of returns to the backtest of weights, a year.
fn apart(run: &Run, account: &AccountRun) -> Option<f64> {
    let own = account.days.iter().filter_map(|row| Some((row.date, row.net?)));
    let mut weights = run.returns.iter();
    let mut apart = Vec::new();
    for (date, net) in own {
        let row = weights.by_ref().find(|row| row.date >= date)?;
        if row.date == date {
            apart.push(net - row.portfolio);
        }
    }
    if apart.len() < 2 {
        return None;
    }
    let n = apart.len() as f64;
    let mean = apart.iter().sum::<f64>() / n;
    let square: f64 = apart.iter().map(|d| (d - mean) * (d - mean)).sum();
    Some((square / (n - 1.0)).sqrt() * stated::periods_per_year(&run.manifest).sqrt())
}

fn compared(run: &Run, account: &AccountRun) -> Vec<Compared> {
    let one = |key| Compared {
        key,
        account: account.measures.full.get(key),
        weights: run.measures.full.get(key),
    };
    COMPARED.into_iter().map(one).collect()
}

/// What the figures take for granted.
fn assumed(spec: &AccountSpec) -> Vec<String> {
    let prices = match spec.prices {
        AccountPrices::Adjusted => {
            "Shares are counted at adjusted closes: each dividend is reinvested in its own asset at no cost, and numbers of shares are not those of the time."
        }
        AccountPrices::Unadjusted => {
            "Shares are counted at closes as traded. Dividends are cash on their ex-date and wait for the next trade; splits change the number of shares."
        }
    };
    let execution = match spec.execution {
        ExecutionPrice::Close => "Trades are made at the close.",
        ExecutionPrice::Open => "Trades are made at the open.",
        ExecutionPrice::Vwap => "Trades are made at the volume-weighted average price.",
    };
    let shares =
        if spec.whole_shares { "Shares are whole." } else { "Fractions of shares are traded." };
    let rates = format!(
        "Cash earns {}, borrowed cash costs {}; borrowed shares cost {}, and the proceeds of their sale earn {} and pay for nothing else.",
        spec.cash_rate.0, spec.borrow_rate.0, spec.short_fee.0, spec.short_rebate.0
    );
    let margin = spec.initial_margin.zip(spec.maintenance_margin).map_or_else(
        || "There is no margin rule.".to_owned(),
        |(initial, maintenance)| {
            format!(
                "Initial margin {}, maintenance margin {} of the value of all positions; a margin call reduces them at that close.",
                percent(initial),
                percent(maintenance)
            )
        },
    );
    vec![prices.to_owned(), format!("{execution} {shares}"), rates, margin, "No taxes.".to_owned()]
}

#[cfg(test)]
mod tests;
