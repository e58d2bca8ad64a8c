//! Decisions carried out in an account, session by session.

use walkfolio_core::{Date, Market, Note, Quotes, Row, Weights};

use super::day::{AccountDay, AccountOrder};
use super::ledger::{Charge, Ledger};
use super::rebalance::{Rebalanced, rebalance};
use super::rules::{AccountRules, Fill};
use super::{flows, margin};
use crate::costs::InitialTrade;
use crate::execution::Execution;
use crate::position::tradable;
use crate::simulate::{Rebalance, Simulation};
use crate::steps::Step;
use crate::{Error, Result, notes};

/// A part of equity that is nothing.
const NOTHING: f64 = 1e-9;

/// An account's way through the market.
///
/// # Examples
/// See [`simulate_account`].
#[derive(Debug, Clone, PartialEq)]
pub struct AccountSimulation {
    /// Each session from that of the first trade on.
    pub days: Vec<AccountDay>,
    /// Every order, in the order in which they were executed.
    pub orders: Vec<AccountOrder>,
    /// Its returns and rebalances, as of a portfolio: time-weighted, flows left out. Targets are the weights that
    /// were reached. Costs and turnover are in the row of the session that traded, those of the first trade in the
    /// first row.
    pub simulation: Simulation,
    /// Decisions whose positions the initial margin made smaller.
    pub scaled: usize,
}

/// Carries out decisions in an account until a row (exclusive).
///
/// # Timing
/// A decision at row `t` is traded at row `t - 1 + lag_rows`: at its close, or at the price within the session that
/// the quotes state. In a session interest since the close before comes first, then dividends, splits and assets
/// that have ended; at the close flows, then margin, then trades. Dividends are paid on their ex-date.
/// # Errors
/// [`Error::NoDecision`] if no decision is executed before `end`; [`Error::TradedBeforeDecided`] for prices within a
/// session without a lag; [`Error::Core`] for quotes of another market.
/// # Examples
/// ```
/// use walkfolio_backtest::{AccountRules, Commission, Execution, Step, simulate_account};
/// use walkfolio_core::{Date, Decision, Market, Prices, Quotes, Universe, Weights};
/// use walkfolio_orders::TradeRules;
///
/// let dates = [2, 3, 4].map(|day| Date::constant(2024, 1, day)).to_vec();
/// let prices = vec![vec![Some(30.0), Some(33.0), Some(30.0)]];
/// let market = Market::new(Prices::new(dates, Universe::new(["A"])?, prices)?)?;
/// let steps = [Step { row: 1, decision: Decision::of(Weights::new(vec![1.0])?) }];
/// // 100 buys three shares at 30; the first trade is free here.
/// let rules = AccountRules { trading: TradeRules::whole(0.0), ..AccountRules::new(100.0, 3) };
/// let quotes = Quotes::adjusted(&market);
/// let account =
///     simulate_account((&market, &quotes), (&steps, &Execution::default()), &rules, 3).unwrap();
/// let values: Vec<f64> = account.days.iter().map(|day| day.value).collect();
/// assert_eq!((values, account.days[0].cash), (vec![100.0, 109.0, 100.0], 10.0));
/// assert!((account.simulation.net[0] - 0.09).abs() < 1e-15);
/// assert_eq!(account.orders[0].shares, 3.0);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
pub fn simulate_account(
    (market, quotes): (&Market, &Quotes),
    (steps, execution): (&[Step], &Execution),
    rules: &AccountRules,
    end: Row,
) -> Result<AccountSimulation> {
    if rules.fill == Fill::Within && execution.lag_rows == 0 {
        return Err(Error::TradedBeforeDecided);
    }
    let starts: Vec<(usize, Row)> = (0..steps.len())
        .map(|index| (index, steps[index].row + execution.lag_rows))
        .filter(|&(_, row)| row < end)
        .collect();
    let Some(&(_, first)) = starts.first() else {
        return Err(crate::simulate::nothing_executed(market, end));
    };
    let walk = Walked {
        opening: first - 1,
        starts,
        steps,
        ledger: Ledger::new((market, quotes), rules, execution),
        path: Path::new(first, rules.capital),
        initial: execution.cost.initial_trade,
        scaled: 0,
    };
    walk.until(end)
}

struct Walked<'a> {
    /// The session of the first trade.
    opening: Row,
    /// Decisions by the row on which they earn first.
    starts: Vec<(usize, Row)>,
    steps: &'a [Step],
    ledger: Ledger<'a>,
    path: Path,
    initial: InitialTrade,
    scaled: usize,
}

impl Walked<'_> {
    fn until(mut self, end: Row) -> Result<AccountSimulation> {
        let flows = self.flows(end);
        let mut due = 0;
        for row in self.opening..end {
            if row == self.opening {
                self.ledger.day.row = row;
            } else {
                self.ledger.begin(row);
            }
            let now = self.starts.get(due).copied().filter(|(_, start)| row + 1 == *start);
            due += usize::from(now.is_some());
            let fill = self.ledger.rules.fill;
            let within = now.filter(|_| fill == Fill::Within);
            within.map_or(Ok(()), |start| self.trade(row, start, &self.ledger.fills(row)))?;
            for (_, amount) in flows.iter().filter(|(at, _)| *at == row) {
                flows::pay(&mut self.ledger, row, *amount)?;
            }
            margin::call(&mut self.ledger, row)?;
            let at_close = now.filter(|_| fill == Fill::Close);
            at_close.map_or(Ok(()), |start| self.trade(row, start, &self.ledger.closes(row)))?;
            let day = self.ledger.end(row);
            if let Some(note) = self.path.record(day, row == self.opening) {
                let date = self.ledger.market.dates()[row];
                self.ledger.notes.push((date, note.0));
                self.path.wiped_out = note.1.then_some(date);
                break;
            }
        }
        Ok(self.done())
    }

    /// Flows by the row at whose close they are paid, with a note on those that are not.
    fn flows(&mut self, end: Row) -> Vec<(Row, f64)> {
        let dates = self.ledger.market.dates();
        let (opening, last) = (dates[self.opening], dates[end - 1]);
        let all = &self.ledger.rules.flows;
        let is_inside = |date: Date| date > opening && date <= last;
        let outside = all.iter().filter(|(date, _)| !is_inside(*date)).count();
        if outside > 0 {
            let note = notes::flows_outside(outside, (opening, last));
            self.ledger.notes.push((opening, note));
        }
        let inside = all.iter().filter(|(date, _)| is_inside(*date));
        let row = |date: Date| dates.partition_point(|session| *session < date);
        inside.map(|(date, amount)| (row(*date), *amount)).collect()
    }

    fn trade(&mut self, row: Row, (index, start): (usize, Row), prices: &[f64]) -> Result<()> {
        let ledger = &mut self.ledger;
        let decided = &self.steps[index].decision.target;
        let found = tradable(ledger.market, decided, start)?;
        for asset in found.ended {
            let note = notes::ended_before_trade(ledger.market, asset, decided.values()[asset]);
            ledger.notes.push((ledger.market.dates()[row], note));
        }
        let is_initial = self.path.rebalances.is_empty();
        let charge = match self.initial {
            InitialTrade::Free if is_initial => Charge::Free,
            _ => Charge::Paid,
        };
        let made = rebalance(ledger, row, &found.target, prices, charge)?;
        let Some(Rebalanced { before, after, turnover, cost, is_scaled }) = made else {
            return Ok(());
        };
        self.scaled += usize::from(is_scaled);
        self.path.traded += turnover;
        self.path.rebalances.push(Rebalance {
            row: start,
            step: index,
            target: Weights::new(after)?,
            drifted: Weights::new(before)?,
            turnover,
            cost,
        });
        Ok(())
    }

    fn done(self) -> AccountSimulation {
        let Self { ledger, path, scaled, .. } = self;
        let rows = path.first..path.first + path.net.len();
        let is_inside = |rebalance: &Rebalance| rows.contains(&rebalance.row);
        AccountSimulation {
            days: path.days,
            orders: ledger.orders,
            simulation: Simulation {
                net: path.net,
                gross: path.gross,
                turnover: path.turnover,
                cost: path.cost,
                rebalances: path.rebalances.into_iter().filter(is_inside).collect(),
                wiped_out: path.wiped_out,
                notes: ledger.notes,
                rows,
            },
            scaled,
        }
    }
}

/// What an account came to, as a portfolio.
struct Path {
    /// The first row on which it earns.
    first: Row,
    /// Its value at the close before.
    base: f64,
    /// Paid at the first trade, before the first row.
    carried: f64,
    /// Turnover since the last row.
    traded: f64,
    days: Vec<AccountDay>,
    net: Vec<f64>,
    gross: Vec<f64>,
    turnover: Vec<f64>,
    cost: Vec<f64>,
    rebalances: Vec<Rebalance>,
    wiped_out: Option<Date>,
}

impl Path {
    fn new(first: Row, capital: f64) -> Self {
        Self {
            first,
            base: capital,
            carried: 0.0,
            traded: 0.0,
            days: Vec::new(),
            net: Vec::new(),
            gross: Vec::new(),
            turnover: Vec::new(),
            cost: Vec::new(),
            rebalances: Vec::new(),
            wiped_out: None,
        }
    }

    /// Adds a session; a note where the account ends with it, and whether that is a wipeout.
    fn record(&mut self, day: AccountDay, is_opening: bool) -> Option<(Note, bool)> {
        self.days.push(day);
        let paid = day.costs + day.commissions;
        if is_opening {
            self.carried = paid;
            return None;
        }
        let (before, paid) = (self.base, paid + std::mem::take(&mut self.carried));
        let net = (day.value - day.flows) / before - 1.0;
        let gross = (day.value - day.flows + paid) / before - 1.0;
        let paid_out = day.flows < 0.0 && day.value <= NOTHING * before;
        let is_wipeout = day.value <= 0.0 && !paid_out;
        self.gross.push(gross.max(-1.0));
        self.net.push(if is_wipeout { -1.0 } else { net });
        self.cost.push(if gross > -1.0 { (gross - net) / (1.0 + gross) } else { 0.0 });
        self.turnover.push(std::mem::take(&mut self.traded));
        self.base = day.value;
        if paid_out {
            return Some((notes::paid_out(-day.flows), false));
        }
        is_wipeout.then(|| (notes::account_wipeout(day.value), true))
    }
}
