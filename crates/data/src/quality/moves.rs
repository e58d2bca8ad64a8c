//! How far each price moved, measured by the asset's own habits and by the others' day.
//!
//! A path takes several times the memory of its prices, so one asset's is made at a time; what the
//! comparison of assets needs of it is its [`Habit`], one number for twenty moves.

use std::ops::Range;

use super::panel::{Column, Panel, is_price};
use super::stats::{quantile, robust_deviation};

/// Moves on either side that an asset's habit is taken from.
const HALF_WINDOW: usize = 60;
/// Consecutive moves that share one habit: it changes slowly.
const BLOCK: usize = 20;
/// Moves without which there is no habit.
const LEAST_MOVES: usize = 8;
/// Assets without which there is no cross-section.
const LEAST_ASSETS: usize = 5;
/// Rows on either side in which the smallest change of price is looked for.
const TICK_WINDOW: usize = 10;
/// A habit smaller than this, in log return, is a matter of rounding.
const LEAST_SCALE: f64 = 5e-4;

/// A change of price.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Move {
    /// The log return from the price before.
    pub(crate) log: f64,
    /// `|log|` over the asset's deviation around that day, and if five or more assets move, no more
    /// than its distance from their median over the larger of its own and their deviation.
    pub(crate) score: f64,
    /// The deviation that it was measured by; that of a session times the root of `rows`.
    pub(crate) scale: f64,
    /// Rows since the price before: more than 1 over a gap.
    pub(crate) rows: usize,
}

/// The prices of an asset, those that cannot be prices left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path {
    /// The row of each price.
    pub(crate) rows: Vec<usize>,
    /// The prices.
    pub(crate) prices: Vec<f64>,
    /// The change that led to each price; the first has none.
    pub(crate) moves: Vec<Move>,
}

impl Path {
    fn of(column: &Column) -> Self {
        let valid = |(row, price): (usize, &Option<f64>)| {
            price.filter(|&price| is_price(price)).map(|price| (row, price))
        };
        let (rows, prices): (Vec<usize>, Vec<f64>) =
            column.prices.iter().enumerate().filter_map(valid).unzip();
        let step = |(pair, rows): (&[f64], &[usize])| Move {
            log: libm::log(pair[1] / pair[0]),
            rows: rows[1] - rows[0],
            ..Move::default()
        };
        let steps = prices.windows(2).zip(rows.windows(2)).map(step);
        let moves = std::iter::once(Move::default()).chain(steps).take(prices.len()).collect();
        Self { rows, prices, moves }
    }

    /// The deviation around each block of moves; infinite where there are too few to tell.
    fn scales(&self) -> Vec<f64> {
        let n = self.moves.len();
        if n <= LEAST_MOVES {
            return vec![f64::INFINITY; n.div_ceil(BLOCK)];
        }
        let logs: Vec<f64> = self.moves.iter().map(|step| step.log).collect();
        let block = |start: usize| {
            let first = start.saturating_sub(HALF_WINDOW).max(1);
            let last = (start + BLOCK + HALF_WINDOW).min(n);
            // A window at either end is as long as one in the middle.
            let least = 2 * HALF_WINDOW + BLOCK;
            let first = first.min(n.saturating_sub(least).max(1));
            let last = last.max(least.min(n));
            robust_deviation(&logs[first..last], 0.0).max(LEAST_SCALE)
        };
        (0..n).step_by(BLOCK).map(block).collect()
    }

    /// The deviation of the moves before each block, by as long a window; infinite where there are
    /// too few to tell.
    fn known_scales(&self) -> Vec<f64> {
        let logs: Vec<f64> = self.moves.iter().map(|step| step.log).collect();
        let block = |start: usize| {
            let first = start.saturating_sub(2 * HALF_WINDOW + BLOCK).max(1);
            let known = logs.get(first..start).filter(|known| known.len() >= LEAST_MOVES);
            known.map_or(f64::INFINITY, |known| robust_deviation(known, 0.0).max(LEAST_SCALE))
        };
        (0..self.moves.len()).step_by(BLOCK).map(block).collect()
    }

    /// The smallest change near a move and before `end`, relative to its price: the grid that prices
    /// live on.
    fn tick(&self, at: usize, end: usize) -> f64 {
        let near = at.saturating_sub(TICK_WINDOW).max(1)..(at + TICK_WINDOW).min(end);
        let changes = near.filter(|place| place.abs_diff(at) > 1).filter_map(|place| {
            let change = (self.prices[place] - self.prices[place - 1]).abs();
            (change > 0.0).then_some(change)
        });
        let least = changes.fold(f64::INFINITY, f64::min);
        let price = self.prices[at].max(self.prices[at - 1]);
        if least.is_finite() { least / price } else { 0.0 }
    }
}

/// Median and deviation of the moves of a row, where enough assets move.
pub(crate) type Day = Option<(f64, f64)>;

/// What the comparison of assets needs of a path, in a fraction of its memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Habit {
    /// The deviation of each block of moves.
    blocks: Vec<f64>,
    /// The deviations of single moves, by row, where the grid of prices is coarser.
    coarse: Vec<(usize, f64)>,
}

impl Habit {
    /// Some rows' moves from the row before, cut at so many deviations; none over a gap, and none
    /// where there are too few moves to tell their deviation.
    pub(crate) fn bounded(
        &self,
        column: &Column,
        rows: Range<usize>,
        deviations: f64,
    ) -> Vec<Option<f64>> {
        let valid = |row: usize| column.prices[row].filter(|&price| is_price(price));
        let mut place = (0..rows.start).filter(|&row| valid(row).is_some()).count();
        let mut before = rows.start.checked_sub(1).and_then(valid);
        let step = |row: usize| {
            let price = valid(row);
            let pair = before.zip(price);
            before = price;
            let scale = self.blocks.get(place / BLOCK).map(|block| self.at(row, *block));
            place += usize::from(price.is_some());
            let ((before, price), scale) = (pair?, scale.filter(|scale| scale.is_finite())?);
            let limit = deviations * scale;
            Some(libm::log(price / before).clamp(-limit, limit))
        };
        rows.map(step).collect()
    }

    /// The deviation that a move was measured by.
    fn at(&self, row: usize, block: f64) -> f64 {
        let coarse = self.coarse.binary_search_by_key(&row, |(row, _)| *row);
        coarse.map_or(block, |place| self.coarse[place].1)
    }
}

/// The path of an asset of a sorted panel, scored, and its habit.
pub(crate) fn path(column: &Column, days: &[Day]) -> (Path, Habit) {
    let path = Path::of(column);
    let (blocks, rows) = (path.scales(), path.prices.len());
    by_habit(path, blocks, days, |_| rows)
}

/// The path with each score taken from the moves before it and from the others' move of its day.
pub(crate) fn known_path(column: &Column, days: &[Day]) -> Path {
    let path = Path::of(column);
    let blocks = path.known_scales();
    by_habit(path, blocks, days, |place| place).0
}

/// Scores the moves of a path; `end` says before which place a move knows the grid of prices.
fn by_habit(
    mut path: Path,
    blocks: Vec<f64>,
    days: &[Day],
    end: impl Fn(usize) -> usize,
) -> (Path, Habit) {
    let mut habit = Habit { blocks, coarse: Vec::new() };
    for place in 1..path.moves.len() {
        let (step, row) = (path.moves[place], path.rows[place]);
        let scale = habit.blocks[place / BLOCK] * (step.rows as f64).sqrt();
        path.moves[place] = scored(step, scale, days[row]);
        // The grid matters to the few that stand out.
        if path.moves[place].score > 4.0 {
            let scale = scale.max(path.tick(place, end(place)));
            path.moves[place] = scored(step, scale, days[row]);
            habit.coarse.push((row, scale));
        }
    }
    (path, habit)
}

fn scored(step: Move, scale: f64, day: Option<(f64, f64)>) -> Move {
    let log = step.log;
    let own = log.abs() / scale;
    let score = match day {
        Some((centre, spread)) => own.min((log - centre).abs() / scale.max(spread)),
        None => own,
    };
    Move { score, scale, ..step }
}

/// Median and deviation of the moves of each row.
pub(crate) fn cross_section(panel: &Panel) -> Vec<Day> {
    let mut day = Vec::with_capacity(panel.columns.len());
    let of = |row: usize| {
        let moved = |column: &Column| {
            let valid = |row: usize| column.prices[row].filter(|&price| is_price(price));
            Some(libm::log(valid(row)? / valid(row.checked_sub(1)?)?))
        };
        day.clear();
        day.extend(panel.columns.iter().filter_map(moved));
        (day.len() >= LEAST_ASSETS).then(|| {
            let centre = quantile(&mut day, 0.5);
            (centre, robust_deviation(&day, centre))
        })
    };
    (0..panel.dates.len()).map(of).collect()
}
