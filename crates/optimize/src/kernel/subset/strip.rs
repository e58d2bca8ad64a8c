//! Some holdings with their best portfolio, kept up to date from one exchange to the next.
//!
//! Optimality is `K (x, y) = (c, b)` with `K = [G A'; A 0]`. Of the indices some are *swept*: weights between their
//! bounds, and rows at an end. With `P` the swept ones a strip has the rows of `K_PP^-1 K` (on `P` itself the inverse), and of
//! every other index `j` what is left of its diagonal, `K_jj - K_jP K_PP^-1 K_Pj`: how the objective bends along `j` while the
//! swept ones give way. A change of one index is a change of the strip of rank one, so that every exchange of one holding for
//! another is foreseen from numbers that are there. Bounds that the others would meet on the way are seen when an exchange
//! is made.
//!
//! Goodnight (1979), A tutorial on the SWEEP operator.

mod foresight;
#[cfg(test)]
mod tests;

use fearless_simd::Level;
use walkfolio_core::dense::add_rows;
use walkfolio_core::linear::max_abs;

use super::problem::{Place, Problem};

/// Values beyond a bound by less are rounding.
const OUTSIDE: f64 = 1e-12;
/// Slopes of the wrong sign by less, relative, are rounding.
const WRONG: f64 = 1e-10;
/// What is left of a diagonal is nothing below this part of it.
const SINGULAR: f64 = 1e-9;
/// Lanes that all rows fill.
const LANES: usize = 8;

/// Where an index stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// An asset that is not held, or a row between its ends.
    Out,
    /// Swept.
    Free,
    Lower,
    Upper,
}

#[derive(Debug, Clone)]
pub(super) struct Strip<'a> {
    problem: &'a Problem<'a>,
    level: Level,
    width: usize,
    swept: Vec<usize>,
    /// The place of an index among the swept ones.
    place: Vec<Option<usize>>,
    rows: Vec<f64>,
    /// What is left of the diagonal.
    rest: Vec<f64>,
    /// `K z - b`.
    slopes: Vec<f64>,
    /// Weights, then multipliers.
    values: Vec<f64>,
    state: Vec<State>,
    /// Bounds of what is held; of rows.
    ends: Vec<[f64; 2]>,
    /// What an asset that is not held may get; nothing where it is.
    room: [Vec<f64>; 2],
    /// Half of the objective.
    pub half: f64,
    /// In order of assets.
    pub holdings: Vec<usize>,
    column: Vec<f64>,
    changes: Vec<f64>,
    wrong: f64,
}

impl<'a> Strip<'a> {
    /// Whether it takes a problem: without costs of trading, and each asset on one side of a least position.
    pub fn takes(problem: &Problem<'_>) -> bool {
        let two_sided = |side: &(bool, bool)| side.0 && side.1;
        problem.trading.is_none()
            && (problem.position.is_none() || !problem.sides.iter().any(two_sided))
    }

    /// The best portfolio of some holdings; none where they have none, or rounding decides.
    pub fn of(problem: &'a Problem<'a>, holdings: &[usize]) -> Option<Self> {
        let mut strip = Self::empty(problem);
        for &i in holdings {
            strip.hold(i);
            strip.sweep_from(i)?;
        }
        let n = problem.n;
        for row in 0..problem.a.rows() {
            let [lo, hi] = strip.ends[n + row];
            if lo == hi {
                strip.activate(n + row, State::Lower)?;
            }
        }
        strip.settle()?;
        Some(strip)
    }

    /// Of nothing.
    fn empty(problem: &'a Problem<'a>) -> Self {
        let (n, m) = (problem.n, problem.a.rows());
        let width = (n + m).next_multiple_of(LANES);
        let filled = |values: &mut dyn Iterator<Item = f64>| {
            let mut all: Vec<f64> = values.collect();
            all.resize(width, 0.0);
            all
        };
        let sides = problem.sides.iter().enumerate();
        let place = |(i, side): (usize, &(bool, bool))| match problem.places[i] {
            Place::Open if problem.position.is_some() && side.0 => Place::Long,
            Place::Open if problem.position.is_some() => Place::Short,
            place => place,
        };
        let of_assets = sides.map(|at| (at.0, place(at))).map(|(i, at)| problem.bounds(i, at));
        let of_rows = problem.lo[n..].iter().copied().zip(problem.hi[n..].iter().copied());
        let ends: Vec<[f64; 2]> = of_assets.chain(of_rows).map(|(lo, hi)| [lo, hi]).collect();
        let mut strip = Self {
            problem,
            level: Level::new(),
            width,
            swept: Vec::new(),
            place: vec![None; n + m],
            rows: Vec::new(),
            rest: filled(&mut (0..n).map(|i| problem.g[(i, i)])),
            slopes: filled(&mut problem.c.iter().map(|c| -c)),
            values: vec![0.0; width],
            state: vec![State::Out; n + m],
            ends,
            room: [vec![0.0; width], vec![0.0; width]],
            half: 0.5 * problem.constant,
            holdings: Vec::new(),
            column: vec![0.0; width],
            changes: vec![0.0; width],
            wrong: WRONG * max_abs(problem.c),
        };
        (0..n).for_each(|i| strip.open(i));
        strip
    }

    /// The holdings that may leave, in order of assets.
    pub fn may_leave(&self) -> Vec<usize> {
        let leaves = |i: &usize| self.problem.places[*i] == Place::Open;
        self.holdings.iter().copied().filter(leaves).collect()
    }

    pub fn holds(&self, i: usize) -> bool {
        self.state[i] != State::Out
    }

    /// Counts an asset as held, at zero.
    fn hold(&mut self, i: usize) {
        let at = self.holdings.partition_point(|&held| held < i);
        self.holdings.insert(at, i);
        self.bar(i);
    }

    /// Counts a holding of zero as none.
    fn let_go(&mut self, i: usize) {
        self.holdings.retain(|&held| held != i);
        self.open(i);
    }

    /// Lets an asset that is not held enter, if it may.
    pub fn open(&mut self, i: usize) {
        self.state[i] = State::Out;
        if self.problem.places[i] == Place::Open {
            [self.room[0][i], self.room[1][i]] = self.ends[i];
        }
    }

    /// Lets an asset that is not held enter no more, until it is opened.
    pub fn bar(&mut self, i: usize) {
        (self.room[0][i], self.room[1][i]) = (0.0, 0.0);
    }

    /// Sets the column of an index: by how much the slopes change with it while the swept ones give way.
    fn reach(&mut self, j: usize) {
        let Problem { n, g, a, .. } = *self.problem;
        let coefficient = |i: usize| match (i < n, j < n) {
            (true, true) => g[(j, i)],
            (false, true) => a[(i - n, j)],
            (true, false) => a[(j - n, i)],
            (false, false) => 0.0,
        };
        if j < n {
            self.column[..n].copy_from_slice(g.row(j));
            (0..a.rows()).for_each(|row| self.column[n + row] = a[(row, j)]);
        } else {
            self.column[..n].copy_from_slice(a.row(j - n));
            self.column[n..].fill(0.0);
        }
        let rows = self.rows.chunks_exact(self.width);
        let terms: Vec<_> = self.swept.iter().map(|&i| -coefficient(i)).zip(rows).collect();
        add_rows(&mut self.column, &terms);
        for (row, &i) in self.rows.chunks_exact(self.width).zip(&self.swept) {
            self.column[i] = -row[j];
        }
        self.spend();
    }

    /// Moves an index that is not swept, with its column.
    fn shift(&mut self, j: usize, by: f64) {
        self.half += by * (self.slopes[j] + 0.5 * self.rest[j] * by);
        for (row, &i) in self.rows.chunks_exact(self.width).zip(&self.swept) {
            self.values[i] -= row[j] * by;
        }
        self.values[j] += by;
        add_rows(&mut self.slopes, &[(by, &self.column)]);
        self.swept.iter().for_each(|&i| self.slopes[i] = 0.0);
    }

    /// Sweeps an index with its column. None where nothing is left of its diagonal.
    fn sweep(&mut self, j: usize) -> Option<()> {
        let n = self.problem.n;
        let floor = if j < n { SINGULAR * self.problem.g[(j, j)] } else { f64::MIN_POSITIVE };
        let left = self.rest[j];
        if left.abs() <= floor || left.is_nan() {
            return None;
        }
        self.column[j] = 1.0;
        for row in self.rows.chunks_exact_mut(self.width) {
            let factor = std::mem::take(&mut row[j]) / left;
            add_rows(row, &[(-factor, &self.column)]);
        }
        self.place[j] = Some(self.swept.len());
        self.swept.push(j);
        self.rows.extend(self.column.iter().map(|value| value / left));
        bend(&mut self.rest, &self.column, -1.0 / left);
        self.slopes[j] = 0.0;
        self.state[j] = State::Free;
        self.spend();
        Some(())
    }

    /// Takes an index out of the swept ones, and sets its column. None where nothing would be left.
    fn unsweep(&mut self, j: usize) -> Option<()> {
        let (at, last) = (self.place[j]?, self.swept.len() - 1);
        let own = self.rows[at * self.width + j];
        let inverse = 1.0 / own;
        if !inverse.is_finite() || (j < self.problem.n && own * self.problem.g[(j, j)] < SINGULAR) {
            return None;
        }
        let (width, from) = (self.width, at * self.width);
        self.column.copy_from_slice(&self.rows[from..from + width]);
        self.rows.copy_within(last * width.., from);
        self.rows.truncate(last * width);
        self.swept.swap_remove(at);
        if let Some(&moved) = self.swept.get(at) {
            self.place[moved] = Some(at);
        }
        self.place[j] = None;
        bend(&mut self.rest, &self.column, inverse);
        for row in self.rows.chunks_exact_mut(self.width) {
            let factor = row[j] * inverse;
            add_rows(row, &[(-factor, &self.column)]);
            row[j] = -factor;
        }
        self.column.iter_mut().for_each(|value| *value *= inverse);
        (self.column[j], self.rest[j]) = (inverse, inverse);
        self.spend();
        Some(())
    }

    /// Moves an index to where its slope vanishes, and sweeps it.
    fn sweep_from(&mut self, j: usize) -> Option<()> {
        self.reach(j);
        let by = -self.slopes[j] / self.rest[j];
        self.shift(j, by);
        self.sweep(j)
    }

    /// Holds a row at an end.
    fn activate(&mut self, row: usize, side: State) -> Option<()> {
        self.slopes[row] -= self.end(row, side);
        self.sweep_from(row)?;
        self.state[row] = side;
        Some(())
    }

    fn end(&self, i: usize, side: State) -> f64 {
        self.ends[i][usize::from(side == State::Upper)]
    }

    /// Moves what is held at a bound, or may be, to the best within its bounds.
    fn seek(&mut self, i: usize) -> Option<()> {
        self.reach(i);
        let [lo, hi] = self.ends[i];
        let to = (self.values[i] - self.slopes[i] / self.rest[i]).clamp(lo, hi);
        self.shift(i, to - self.values[i]);
        if lo < to && to < hi {
            return self.sweep(i);
        }
        self.rest_at(i, if to <= lo { State::Lower } else { State::Upper });
        Some(())
    }

    fn rest_at(&mut self, i: usize, side: State) {
        self.values[i] = self.end(i, side);
        self.state[i] = side;
    }

    /// An asset enters, and the swept ones give way.
    fn enter(&mut self, i: usize) -> Option<()> {
        self.hold(i);
        self.seek(i)
    }

    /// A holding leaves, and the swept ones give way.
    fn leave(&mut self, i: usize) -> Option<()> {
        if self.state[i] == State::Free {
            self.unsweep(i)?;
        } else {
            self.reach(i);
        }
        self.shift(i, -self.values[i]);
        self.values[i] = 0.0;
        self.let_go(i);
        Some(())
    }

    /// One holding in place of another, and all held ones to their best portfolio; then what is left of the places is filled.
    pub fn exchange(&mut self, leaving: usize, entering: usize) -> Option<()> {
        self.leave(leaving)?;
        self.enter(entering)?;
        self.settle()?;
        self.fill()
    }

    /// Adds what helps most, as long as there are places.
    pub fn fill(&mut self) -> Option<()> {
        while self.holdings.len() < self.problem.most {
            let Some(entry) = self.addition(-self.nothing()) else { break };
            self.enter(entry.asset)?;
            self.settle()?;
        }
        Some(())
    }

    /// A change of half of the objective that is rounding.
    pub fn nothing(&self) -> f64 {
        1e-11 * self.half.abs()
    }

    /// To the best portfolio of what is held; weights of zero leave. None where it is not found.
    pub fn settle(&mut self) -> Option<()> {
        for _ in 0..4 * self.holdings.len() + 20 {
            if let Some((i, side)) = self.outside() {
                self.bind(i, side)?;
            } else if let Some(i) = self.wrong() {
                self.release(i)?;
            } else {
                self.drop_zeros();
                return Some(());
            }
        }
        None
    }

    /// The value that is farthest outside its bounds, and the bound.
    fn outside(&self) -> Option<(usize, State)> {
        let n = self.problem.n;
        let mut worst = (OUTSIDE, None);
        let mut look = |i: usize, value: f64| {
            let [lo, hi] = self.ends[i];
            for (beyond, side) in [(lo - value, State::Lower), (value - hi, State::Upper)] {
                if beyond > worst.0 {
                    worst = (beyond, Some((i, side)));
                }
            }
        };
        self.swept.iter().filter(|&&i| i < n).for_each(|&i| look(i, self.values[i]));
        let rows = (n..self.state.len()).filter(|&row| self.state[row] == State::Out);
        rows.for_each(|row| look(row, self.slopes[row]));
        worst.1
    }

    fn bind(&mut self, i: usize, side: State) -> Option<()> {
        if i >= self.problem.n {
            return self.activate(i, side);
        }
        self.unsweep(i)?;
        self.shift(i, self.end(i, side) - self.values[i]);
        self.rest_at(i, side);
        Some(())
    }

    /// What is at a bound with the slope or multiplier that is most wrong.
    fn wrong(&self) -> Option<usize> {
        let n = self.problem.n;
        let mut worst = (self.wrong, None);
        for i in self.holdings.iter().copied().chain(n..self.state.len()) {
            let ([lo, hi], state) = (self.ends[i], self.state[i]);
            let slope = if i < n { self.slopes[i] } else { self.values[i] };
            let excess = match state {
                State::Lower => {
                    if i < n {
                        -slope
                    } else {
                        slope
                    }
                }
                State::Upper => {
                    if i < n {
                        slope
                    } else {
                        -slope
                    }
                }
                State::Out | State::Free => continue,
            };
            if excess > worst.0 && lo < hi {
                worst = (excess, Some(i));
            }
        }
        worst.1
    }

    fn release(&mut self, i: usize) -> Option<()> {
        if i < self.problem.n {
            return self.seek(i);
        }
        let end = self.end(i, self.state[i]);
        self.unsweep(i)?;
        self.shift(i, -self.values[i]);
        self.values[i] = 0.0;
        self.slopes[i] += end;
        self.state[i] = State::Out;
        Some(())
    }

    /// Weights that rest at zero are no holdings.
    fn drop_zeros(&mut self) {
        let rests = |i: &usize| {
            let bound = matches!(self.state[*i], State::Lower | State::Upper);
            bound && self.values[*i] == 0.0 && self.problem.places[*i] == Place::Open
        };
        for i in self.holdings.iter().copied().filter(rests).collect::<Vec<_>>() {
            self.let_go(i);
        }
    }

    /// Counts a look at all rows.
    fn spend(&self) {
        self.problem.clock.spend(self.rows.len() as u64 / 5);
    }
}

/// Adds the squares of a column times a factor.
fn bend(rest: &mut [f64], column: &[f64], factor: f64) {
    rest.iter_mut().zip(column).for_each(|(rest, value)| *rest += factor * value * value);
}
