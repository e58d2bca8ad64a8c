//! A good portfolio of whole lots: the target rounded, and exchanged lot by lot until nothing is gained.

use walkfolio_core::linear::dot;

use crate::grid::Grid;

/// Rounds of exchanges at most: each makes the portfolio better.
const ROUNDS: usize = 2_000;
/// How often the size of a portfolio that is not paid for is halved.
const HALVINGS: usize = 60;
/// Lots of each asset, on average, that are given up for limits that several assets share.
const LOTS: usize = 20;
/// So many lots that gain most alone, twice, are exchanged in pairs.
const PAIRS: usize = 32;

/// The best portfolio that single lots and exchanges of two lead to; none if even the smallest is not paid for.
pub(crate) fn improved(grid: &Grid<'_>) -> Option<Vec<f64>> {
    let start = start(grid)?;
    let mut walk = Walk::at(grid, start);
    for _ in 0..ROUNDS {
        walk.singles();
        if !walk.step() {
            break;
        }
    }
    Some(walk.lots)
}

/// The target rounded towards nothing: positions that are not fixed have what the fixed ones leave of the cash.
fn start(grid: &Grid<'_>) -> Option<Vec<f64>> {
    let free = grid.free();
    let fixed: f64 = {
        let d = grid.apart(&grid.range.iter().map(|range| range.0).collect::<Vec<_>>());
        (0..grid.len()).filter(|i| !free.contains(i)).map(|i| d[i]).sum()
    };
    let long: f64 = free.iter().map(|&i| grid.goal.target()[i].max(0.0)).sum();
    let most = if long > 0.0 { (1.0 - fixed / long).max(0.0) } else { 1.0 };
    let at = |times: f64| scaled(grid, times);
    let whole = at(most);
    let mut lots = if grid.is_paid(&whole) {
        whole
    } else {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if grid.is_paid(&at(middle)) { low = middle } else { high = middle }
        }
        at(low)
    };
    // Limits that several assets share: a lot of the largest position at a time.
    let tries = LOTS * grid.len();
    for _ in 0..tries {
        if grid.allows(&lots) {
            return Some(lots);
        }
        let value = |i: usize| grid.lot_values[i] * lots[i];
        let candidates = free.iter().copied().filter(|&i| lots[i] > grid.range[i].0.max(0.0));
        let largest = candidates.max_by(|&a, &b| value(a).total_cmp(&value(b)))?;
        lots[largest] -= 1.0;
    }
    None
}

/// The target with its long positions so many times as large, rounded towards nothing; what is less than a lot
/// away from what is held stays, as far as that is whole.
fn scaled(grid: &Grid<'_>, times: f64) -> Vec<f64> {
    let of = |i: usize| {
        let (low, high) = grid.range[i];
        let exact = grid.goal.target()[i] / grid.steps[i];
        let exact = if exact > 0.0 { times * exact } else { exact };
        if low == high {
            return low;
        }
        let (held, whole) = (grid.held(i), (exact + exact.signum() * 1e-9).trunc());
        let stays =
            held.fract() == 0.0 && (held - exact).abs() < 1.0 && (low..=high).contains(&held);
        if stays && exact != 0.0 { held } else { whole.clamp(low, high) }
    };
    (0..grid.len()).map(of).collect()
}

/// The largest gain first; of equal ones that of the first asset.
fn by_gain(a: &Single, b: &Single) -> std::cmp::Ordering {
    let own = |at: &Single| (at.1.0, at.1.1 < 0.0);
    a.0.total_cmp(&b.0).then_with(|| own(a).cmp(&own(b)))
}

/// A portfolio with what its neighbours differ by.
struct Walk<'a> {
    grid: &'a Grid<'a>,
    free: Vec<usize>,
    lots: Vec<f64>,
    /// `2 H d`.
    slope: Vec<f64>,
    /// The diagonal of `H`.
    diagonal: Vec<f64>,
    /// The root of what a lot of each asset costs by itself, `sqrt(H_ii) step`: two of them have at most `2 c_i c_j` in
    /// common, whatever their sign.
    sizes: Vec<f64>,
    taken: f64,
}

/// A change of one or two positions by one lot each.
type Change = [Option<(usize, f64)>; 2];

/// A single lot, and what it adds.
type Single = (f64, (usize, f64));

impl<'a> Walk<'a> {
    fn at(grid: &'a Grid<'a>, lots: Vec<f64>) -> Self {
        let slope = grid.goal.matrix.times(&grid.apart(&lots)).iter().map(|g| 2.0 * g).collect();
        let taken = (0..grid.len()).map(|i| grid.taken(i, lots[i])).sum();
        let diagonal: Vec<f64> = (0..grid.len()).map(|i| grid.goal.matrix[(i, i)]).collect();
        let root = |(h, step): (&f64, &f64)| h.max(0.0).sqrt() * step;
        let sizes = diagonal.iter().zip(&grid.steps).map(root).collect();
        Self { grid, free: grid.free(), lots, slope, diagonal, sizes, taken }
    }

    /// Lots of single assets, those that gain most first, until none gains.
    fn singles(&mut self) {
        for _ in 0..ROUNDS {
            let nothing = self.nothing();
            let mut gains = self.candidates();
            gains.retain(|(gain, _)| *gain < -nothing);
            gains.sort_by(by_gain);
            let mut moved = false;
            for (_, (i, by)) in gains {
                // What was made before it has changed what it gains.
                let change = [Some((i, by)), None];
                if self.is_inside(i, by) && self.alone(i, by) < -nothing && self.is_allowed(change)
                {
                    self.make(change);
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
    }

    /// Lots of single assets, and what each adds.
    fn candidates(&self) -> Vec<Single> {
        let mut all = Vec::with_capacity(2 * self.free.len());
        for &i in &self.free {
            let d = self.apart(i);
            let now = self.grid.goal.alone(i, d);
            for by in [1.0, -1.0] {
                if self.is_inside(i, by) {
                    all.push((self.added((i, by), (d, now)), (i, by)));
                }
            }
        }
        all
    }

    fn is_inside(&self, i: usize, by: f64) -> bool {
        let (low, high) = self.grid.range[i];
        (low..=high).contains(&(self.lots[i] + by))
    }

    /// The best step that gains something; false where there is none.
    fn step(&mut self) -> bool {
        let mut singles = self.candidates();
        if singles.len() > 2 * PAIRS {
            singles.select_nth_unstable_by(2 * PAIRS, by_gain);
            singles.truncate(2 * PAIRS);
        }
        singles.sort_by(by_gain);
        let Some(change) = self.best(&singles) else { return false };
        self.make(change);
        true
    }

    /// The single lot or the pair that gains most, of some in the order of what they gain.
    fn best(&self, singles: &[Single]) -> Option<Change> {
        /// What rounding may add to what two lots have in common.
        const SLACK: f64 = 1.0 + 1e-9;
        let (mut least, mut best) = (-self.nothing(), None);
        let largest = singles.iter().map(|&(_, (i, _))| self.sizes[i]).fold(0.0, f64::max);
        for (at, &(gain, (i, a))) in singles.iter().enumerate() {
            let change = [Some((i, a)), None];
            if gain < least && self.is_allowed(change) {
                (least, best) = (gain, Some(change));
            }
            let common = 2.0 * SLACK * self.sizes[i];
            for &(other_gain, (j, b)) in &singles[at + 1..] {
                let apart = gain + other_gain;
                // Neither this nor any that gains less alone.
                if apart - common * largest > least {
                    break;
                }
                if i == j || apart - common * self.sizes[j] > least {
                    continue;
                }
                let (da, db) = (a * self.grid.steps[i], b * self.grid.steps[j]);
                let together = apart + 2.0 * self.grid.goal.matrix[(i, j)] * da * db;
                let change = [Some((i, a)), Some((j, b))];
                if together < least && self.is_allowed(change) {
                    (least, best) = (together, Some(change));
                }
            }
        }
        best
    }

    /// A gain that is rounding.
    fn nothing(&self) -> f64 {
        let d = self.grid.apart(&self.lots);
        1e-13 * (dot(&self.slope, &d).abs() + f64::MIN_POSITIVE)
    }

    /// What a step of one asset adds.
    fn alone(&self, i: usize, by: f64) -> f64 {
        let d = self.apart(i);
        self.added((i, by), (d, self.grid.goal.alone(i, d)))
    }

    /// How far an asset is from its target.
    fn apart(&self, i: usize) -> f64 {
        self.grid.steps[i] * self.lots[i] - self.grid.goal.target()[i]
    }

    /// What a step of one asset adds to what it costs alone now.
    fn added(&self, (i, by): (usize, f64), (d, now): (f64, f64)) -> f64 {
        let (goal, step) = (self.grid.goal, by * self.grid.steps[i]);
        let curved = self.slope[i] * step + self.diagonal[i] * step * step;
        curved + goal.shared[i] * step + goal.alone(i, d + step) - now
    }

    fn is_allowed(&self, change: Change) -> bool {
        let taken = change.iter().flatten().map(|&(i, by)| {
            self.grid.taken(i, self.lots[i] + by) - self.grid.taken(i, self.lots[i])
        });
        if self.taken + taken.sum::<f64>() > self.grid.room() {
            return false;
        }
        if !self.grid.goal.has_limits() {
            return true;
        }
        let mut lots = self.lots.clone();
        change.iter().flatten().for_each(|&(i, by)| lots[i] += by);
        self.grid.allows(&lots)
    }

    fn make(&mut self, change: Change) {
        for &(i, by) in change.iter().flatten() {
            self.taken += self.grid.taken(i, self.lots[i] + by) - self.grid.taken(i, self.lots[i]);
            self.lots[i] += by;
            let step = 2.0 * by * self.grid.steps[i];
            let row = self.grid.goal.matrix.row(i);
            self.slope.iter_mut().zip(row).for_each(|(slope, h)| *slope += step * h);
        }
    }
}
