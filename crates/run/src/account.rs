//! The decisions of a run, carried out in the account of its study.

use walkfolio_backtest::{
    AccountDay, AccountOrder, AccountRules, AccountSimulation, Backtest, Commission, Fill,
    Financing, Margin, Simulation, Step, Walk, simulate_account,
};
use walkfolio_core::{Date, Market, Memory, Note, NoteKind, Policy, Quotes, Row};
use walkfolio_data::{Loaded, Per, RiskFree, read_risk_free};
use walkfolio_orders::{Lot, TradeRules};
use walkfolio_record::{AccountDayRow, AccountOrderRow, AccountRun};
use walkfolio_study::{AccountPrices, AccountSpec, ExecutionPrice, FinancingRate, Study};

use crate::Result;
use crate::measured::measures;
use crate::outcome::Outcome;

/// Nodes of the search for the best whole shares of a trade: a backtest has many.
const NODES: u64 = 20_000;

/// The account of a run and what there is to say of it.
pub(crate) struct Accounted {
    pub run: AccountRun,
    pub notes: Vec<(Option<Date>, Note)>,
}

/// Carries out the decisions of a backtest in the account of its study; none without an account.
pub(crate) fn account(
    study: &Study,
    loaded: &Loaded,
    outcome: &Outcome,
) -> Result<Option<Accounted>> {
    let Outcome { market, policy, walk, .. } = outcome;
    account_of(study, loaded, market, (walk, policy.memory()))
}

/// As [`account()`], of the decisions of any policy.
pub(crate) fn account_of(
    study: &Study,
    loaded: &Loaded,
    market: &Market,
    (walk, memory): (&Walk, Memory),
) -> Result<Option<Accounted>> {
    let Some(spec) = &study.config().spec().account else { return Ok(None) };
    let end = Backtest::new(market).execution(*study.config().execution()).end(walk);
    let own = quotes(loaded, market)?;
    let simulation = simulated(study, (market, &own), flows(loaded), (&walk.steps, end))?;
    let mut measured = Vec::new();
    let measures = measures(study, market, &simulation.simulation, &mut measured)?;
    let mut notes: Vec<(Option<Date>, Note)> =
        assumptions(study, spec, memory).into_iter().map(|note| (None, note)).collect();
    notes.extend(loaded.account.iter().flat_map(|own| &own.notes).map(|note| (None, note.clone())));
    notes.extend(findings(spec, market, &simulation).into_iter().map(|note| (None, note)));
    notes.extend(measured.into_iter().filter(|(_, note)| note.kind == NoteKind::Warning));
    let own = simulation.simulation.notes.iter();
    notes.extend(own.map(|(date, note)| (Some(*date), note.clone())));
    for (_, note) in &mut notes {
        note.message = format!("account: {}", note.message);
    }
    Ok(Some(Accounted { run: record(market, simulation, measures), notes }))
}

/// What the account of a study trades at on its market.
pub(crate) fn quotes(loaded: &Loaded, market: &Market) -> Result<Quotes> {
    let own = loaded.account.as_ref().and_then(|data| data.quotes.as_ref());
    Ok(own.map_or_else(|| Ok(Quotes::adjusted(market)), |quotes| quotes.on(market))?)
}

/// What is paid into the account of a study, and out of it.
pub(crate) fn flows(loaded: &Loaded) -> Vec<(Date, f64)> {
    loaded.account.as_ref().map(|data| data.flows.clone()).unwrap_or_default()
}

/// The account of a study on its market.
pub(crate) fn simulated(
    study: &Study,
    (market, quotes): (&Market, &Quotes),
    flows: Vec<(Date, f64)>,
    (steps, end): (&[Step], Row),
) -> Result<AccountSimulation> {
    let rules = rules(study, market, flows)?;
    let execution = study.config().execution();
    Ok(simulate_account((market, quotes), (steps, execution), &rules, end)?)
}

/// What the keys of `[account]` mean on a market.
fn rules(study: &Study, market: &Market, flows: Vec<(Date, f64)>) -> Result<AccountRules> {
    let Some(spec) = &study.config().spec().account else {
        return Ok(AccountRules::new(1.0, market.rows()));
    };
    let tickers = market.universe().tickers();
    let band = |(asset, name): (usize, &walkfolio_core::Ticker)| {
        let own = spec.bands.as_ref().map_or(0.0, |bands| bands.of(name.as_str()));
        (own > 0.0).then_some((asset, own))
    };
    let rate = |key: &str, rate: &FinancingRate| financing(study, market, (key, rate));
    let margin = spec.initial_margin.zip(spec.maintenance_margin);
    Ok(AccountRules {
        capital: spec.capital,
        trading: TradeRules {
            lot: if spec.whole_shares { Lot::WHOLE } else { Lot::ANY },
            min_value: spec.min_trade,
            bands: tickers.iter().enumerate().filter_map(band).collect(),
            nodes: NODES,
            ..TradeRules::whole(0.0)
        },
        fill: match spec.execution {
            ExecutionPrice::Close => Fill::Close,
            ExecutionPrice::Open | ExecutionPrice::Vwap => Fill::Within,
        },
        commission: Commission { per_share: spec.per_share, minimum: spec.minimum_commission },
        margin: margin.map(|(initial, maintenance)| Margin { initial, maintenance }),
        financing: Financing {
            cash: rate("cash_rate", &spec.cash_rate)?,
            borrow: rate("borrow_rate", &spec.borrow_rate)?,
            rebate: rate("short_rebate", &spec.short_rebate)?,
            fee: rate("short_fee", &spec.short_fee)?,
        },
        flows,
    })
}

/// A rate over the interval of each row's return; 0 on the first.
fn financing(
    study: &Study,
    market: &Market,
    (key, rate): (&str, &FinancingRate),
) -> Result<Vec<f64>> {
    let (over_risk_free, number) = rate.parts().unwrap_or((false, 0.0));
    let spread = read_risk_free(&RiskFree::Constant(number, Per::Year), market.dates(), None)?;
    let mut all = Vec::with_capacity(market.rows());
    for row in 0..market.rows() {
        let own = spread.series.value(row).unwrap_or(0.0);
        if !over_risk_free || row == 0 {
            all.push(own);
            continue;
        }
        let Some(free) = market.cash().and_then(|cash| cash.value(row)) else {
            let message = format!(
                "is over the risk-free rate, which has no value for the return of {}",
                market.dates()[row]
            );
            let hint = "supply a longer series, end earlier (walk_forward.last), or write a number";
            let key = format!("account.{key}");
            return Err(study.error_at(&key, message, Some(hint.to_owned())).into());
        };
        all.push((1.0 + free) * (1.0 + own) - 1.0);
    }
    Ok(all)
}

/// What an account takes for granted.
fn assumptions(study: &Study, spec: &AccountSpec, memory: Memory) -> Vec<Note> {
    let mut notes = Vec::new();
    if spec.prices == AccountPrices::Adjusted {
        notes.push(Note::info(
            "shares are counted at adjusted closes: each dividend is reinvested in its own asset at no cost, and numbers of shares are not those of the time",
        ));
    }
    let commissions = spec.minimum_commission > 0.0 || spec.per_share > 0.0;
    if commissions && study.config().spec().allocate.trading_costs.is_some() {
        notes.push(Note::info(
            "allocate.trading_costs counts costs.per_side_bps alone: decisions do not know the commissions",
        ));
    }
    if study.config().spec().costs.impact.is_some() {
        notes.push(Note::info(
            "the impact of orders is that of their own values; decisions know that of a portfolio of costs.impact.portfolio_value",
        ));
    }
    if memory == Memory::Holdings {
        notes.push(Note::info(
            "decisions know the holdings of the backtest of weights, not those of the account",
        ));
    }
    notes
}

/// What happened in an account that its owner must know.
fn findings(spec: &AccountSpec, market: &Market, found: &AccountSimulation) -> Vec<Note> {
    let mut notes = Vec::new();
    let date = |day: &AccountDay| market.dates()[day.row];
    let most = |of: fn(&AccountDay) -> f64| {
        let larger = |a: &(f64, Date), b: &(f64, Date)| a.0.total_cmp(&b.0);
        let each = found.days.iter().map(|day| (of(day), date(day)));
        // The first of equals.
        each.rev().max_by(larger).filter(|(value, _)| *value > 0.01)
    };
    let borrowed = most(|day| (day.short - day.cash).max(0.0));
    if let Some((value, date)) = borrowed.filter(|_| spec.borrow_rate.is_zero()) {
        notes.push(Note::warning(format!(
            "up to {value:.2} is borrowed ({date}), and account.borrow_rate is 0%: leverage costs nothing here"
        )));
    }
    if let Some((value, date)) = most(|day| day.short).filter(|_| spec.short_fee.is_zero()) {
        notes.push(Note::warning(format!(
            "shares of up to {value:.2} are borrowed ({date}), and account.short_fee is 0%: short sales cost nothing here"
        )));
    }
    if found.scaled > 0 {
        let all = found.simulation.rebalances.len();
        notes.push(Note::warning(format!(
            "{} of {all} decisions take on more than account.initial_margin allows: their positions are scaled down",
            found.scaled
        )));
    }
    let calls: Vec<&AccountDay> = found.days.iter().filter(|day| day.forced > 0.0).collect();
    if let (Some(first), Some(last)) = (calls.first(), calls.last()) {
        let value: f64 = calls.iter().map(|day| day.forced).sum();
        notes.push(Note::warning(format!(
            "{} margin calls from {} to {}: positions of {value:.2} were closed",
            calls.len(),
            date(first),
            date(last)
        )));
    }
    notes
}

fn record(
    market: &Market,
    found: AccountSimulation,
    measures: walkfolio_record::MeasureSet,
) -> AccountRun {
    let AccountSimulation { days, orders, simulation, .. } = found;
    let row = |day: &AccountDay| day_row(market, &simulation, day);
    AccountRun {
        days: days.iter().map(row).collect(),
        orders: orders.iter().map(|order| order_row(market, order)).collect(),
        measures,
    }
}

fn day_row(market: &Market, simulation: &Simulation, day: &AccountDay) -> AccountDayRow {
    let at = day.row.checked_sub(simulation.rows.start);
    AccountDayRow {
        date: market.dates()[day.row],
        value: day.value,
        net: at.and_then(|at| simulation.net.get(at).copied()),
        cash: day.cash,
        long: day.long,
        short: day.short,
        dividends: day.dividends,
        proceeds: day.proceeds,
        financing: day.financing,
        commissions: day.commissions,
        costs: day.costs,
        flows: day.flows,
        bought: day.bought,
        traded: day.traded,
        forced: day.forced,
        margin_used: day.margin_used,
    }
}

fn order_row(market: &Market, order: &AccountOrder) -> AccountOrderRow {
    AccountOrderRow {
        date: market.dates()[order.row],
        asset: market.universe().tickers()[order.asset].to_string(),
        reason: order.reason.as_str().to_owned(),
        shares: order.shares,
        price: order.price,
        cost: order.cost,
        commission: order.commission,
    }
}
