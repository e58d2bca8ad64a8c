//! Assets that tell nothing of their own, counted for the reader of a run.

use walkfolio_core::{Benchmark, Market, Note, Row};
use walkfolio_data::quality;
use walkfolio_study::Study;

/// Names in one message.
const SHOWN: usize = 5;

/// A market of one asset, series with one price throughout, series with the same returns, and a
/// benchmark that is one of the assets it is tracked with: a warning each.
pub(crate) fn alike(study: &Study, market: &Market) -> Vec<Note> {
    let returns = Returns::of(market);
    let found = quality::alike(market.rows(), returns.columns, |row, at| returns.value(row, at));
    let flat = found.constant.iter().filter(|at| returns.is_zero(**at));
    let flat: Vec<String> = flat.map(|at| returns.name(*at)).collect();
    let pair = |&(one, other)| format!("{} and {}", returns.name(one), returns.name(other));
    let pairs: Vec<String> = found.equal.iter().map(pair).collect();
    let mut messages = Vec::new();
    if returns.assets == 1 {
        let only = returns.name(0);
        messages.push(format!("{only} is the only asset: every decision holds it alone"));
    }
    if !flat.is_empty() {
        messages.push(format!(
            "{} of {} series have one price throughout, so that they seem to bear no risk: {}",
            flat.len(),
            returns.columns,
            some(&flat)
        ));
    }
    if !pairs.is_empty() {
        messages.push(format!(
            "{} of series have the same returns on every day, so that no optimum can tell them apart: {}",
            if pairs.len() == 1 { "1 pair".to_owned() } else { format!("{} pairs", pairs.len()) },
            some(&pairs)
        ));
    }
    if let Some(own) = market.benchmark().filter(|_| returns.other.is_none())
        && study.config().spec().tracks()
    {
        messages.push(format!(
            "the benchmark {} is one of the assets: to hold it is to track it without error",
            own.ticker
        ));
    }
    messages.into_iter().map(Note::warning).collect()
}

/// The returns of the assets, and of the benchmark where it is none of them.
struct Returns<'a> {
    market: &'a Market,
    assets: usize,
    other: Option<&'a Benchmark>,
    columns: usize,
}

impl<'a> Returns<'a> {
    fn of(market: &'a Market) -> Self {
        let assets = market.universe().len();
        let listed = |own: &&Benchmark| market.universe().position(own.ticker.as_str()).is_none();
        let other = market.benchmark().filter(listed);
        Self { market, assets, other, columns: assets + usize::from(other.is_some()) }
    }

    fn value(&self, row: Row, column: usize) -> Option<f64> {
        match self.other {
            Some(own) if column == self.assets => own.value(row),
            _ => self.market.returns().value(row, column),
        }
    }

    fn name(&self, column: usize) -> String {
        match self.other {
            Some(own) if column == self.assets => own.ticker.to_string(),
            _ => self.market.universe().tickers()[column].to_string(),
        }
    }

    /// Whether the first return is 0: cash that earns the same every day has no constant price.
    fn is_zero(&self, column: usize) -> bool {
        let first = (0..self.market.rows()).find_map(|row| self.value(row, column));
        first.is_some_and(|first| first == 0.0)
    }
}

fn some(names: &[String]) -> String {
    let more = if names.len() > SHOWN { ", .." } else { "" };
    format!("{}{more}", names[..names.len().min(SHOWN)].join(", "))
}
