//! How far each price moved, measured by the asset's own habits and by the others' day.

use super::panel::{Column, Panel, is_price};
use super::stats::{median, robust_deviation};

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

    /// The deviation around each move; infinite where there are too few to tell.
    fn scales(&self) -> Vec<f64> {
        let n = self.moves.len();
        if n <= LEAST_MOVES {
            return vec![f64::INFINITY; n];
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
        let scales = (0..n).step_by(BLOCK).flat_map(|start| [block(start); BLOCK]);
        scales.take(n).collect()
    }

    /// The smallest change near a move, relative to its price: the grid that prices live on.
    fn tick(&self, at: usize) -> f64 {
        let near = at.saturating_sub(TICK_WINDOW).max(1)..(at + TICK_WINDOW).min(self.prices.len());
        let changes = near.filter(|place| place.abs_diff(at) > 1).filter_map(|place| {
            let change = (self.prices[place] - self.prices[place - 1]).abs();
            (change > 0.0).then_some(change)
        });
        let least = changes.fold(f64::INFINITY, f64::min);
        let price = self.prices[at].max(self.prices[at - 1]);
        if least.is_finite() { least / price } else { 0.0 }
    }
}

/// The paths of all assets of a sorted panel, scored.
pub(crate) fn paths(panel: &Panel) -> Vec<Path> {
    let mut paths: Vec<Path> = panel.columns.iter().map(Path::of).collect();
    let days = cross_section(&paths, panel.dates.len());
    for path in &mut paths {
        let scales = path.scales();
        for (place, scale) in scales.into_iter().enumerate().skip(1) {
            let step = path.moves[place];
            let scale = scale * (step.rows as f64).sqrt();
            let day = days[path.rows[place]];
            path.moves[place] = scored(step, scale, day);
            // The grid matters to the few that stand out.
            if path.moves[place].score > 4.0 {
                path.moves[place] = scored(step, scale.max(path.tick(place)), day);
            }
        }
    }
    paths
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

/// Median and deviation of the moves of each row, where enough assets move.
fn cross_section(paths: &[Path], rows: usize) -> Vec<Option<(f64, f64)>> {
    let mut days: Vec<Vec<f64>> = vec![Vec::new(); rows];
    for path in paths {
        for (row, step) in path.rows.iter().zip(&path.moves).filter(|(_, step)| step.rows == 1) {
            days[*row].push(step.log);
        }
    }
    let figures = |day: Vec<f64>| {
        (day.len() >= LEAST_ASSETS).then(|| {
            let centre = median(day.clone());
            (centre, robust_deviation(&day, centre))
        })
    };
    days.into_iter().map(figures).collect()
}
