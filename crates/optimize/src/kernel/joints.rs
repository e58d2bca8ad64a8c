//! The homotopy of a program with costs that have kinks: which piece a variable is in, how it rests at a
//! joint and goes on.

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::kinks::{Kinks, Piece};
use super::program::{Change, Program, State};

impl<B: Basis> Homotopy<B> {
    /// Takes the costs of a program, and those that a parameter multiplies; each variable stays as far as
    /// it can where it was. Without any it is a program as any other.
    ///
    /// # Panics
    /// For a cost without a value for each variable, or with slopes that fall: a fault of the caller.
    pub fn set_pieces(
        &mut self,
        program: &Program<'_>,
        fixed: &[Kinks<'_>],
        priced: &[Kinks<'_>],
        t: f64,
    ) {
        self.pieces.t = t;
        if fixed.is_empty() && priced.is_empty() {
            self.pieces.first.clear();
            return;
        }
        let n = self.kkt.variables;
        let rested: Vec<Option<usize>> = (0..n).map(|i| self.joint(i)).collect();
        self.pieces.list.clear();
        self.pieces.first.clear();
        let all = fixed.iter().map(|kinks| (kinks, false));
        let all: Vec<_> = all.chain(priced.iter().map(|kinks| (kinks, true))).collect();
        for (kinks, _) in &all {
            assert!(kinks.at.len() == n && kinks.up.len() == n && kinks.down.len() == n, "sizes");
            assert!(kinks.up.iter().zip(kinks.down).all(|(up, down)| up + down >= 0.0), "convex");
        }
        let factor = 1.0 / self.kkt.scale;
        (0..n).for_each(|i| self.pieces.cut(i, [program.lo[i], program.hi[i]], (&all, factor)));
        self.pieces.first.push(self.pieces.list.len());
        self.pieces.width.resize(n, 0.0);
        self.pieces.width_rate.resize(n, 0.0);
        self.pieces.now = self.pieces.first[..n].to_vec();
        (0..n).for_each(|i| self.put(i, rested[i]));
    }

    /// The variables, if there are costs.
    pub fn kinked(&self) -> std::ops::Range<usize> {
        0..if self.pieces.any() { self.kkt.variables } else { 0 }
    }

    /// The joint that a variable rests at, counted from the first piece.
    fn joint(&self, i: usize) -> Option<usize> {
        let pieces = &self.pieces;
        if !pieces.any() || i >= self.kkt.variables {
            return None;
        }
        let (first, now, next) = (pieces.first[i], pieces.now[i], pieces.first[i + 1]);
        match self.state[i] {
            State::Lower if now > first => Some(now - first),
            State::Upper if now + 1 < next => Some(now - first + 1),
            _ => None,
        }
    }

    /// The piece of a variable among new ones, and its state where it rested.
    fn put(&mut self, i: usize, rested: Option<usize>) {
        let (first, last) = (self.pieces.first[i], self.pieces.first[i + 1] - 1);
        match rested {
            Some(joint) if last > first => {
                self.pieces.now[i] = (first + joint).min(last);
                if self.state[i] == State::Upper {
                    self.state[i] = State::Lower;
                    self.dual[i] = 0.0;
                }
            }
            Some(_) => {
                let Piece { lo, hi, .. } = self.pieces.list[first];
                let upper = hi - self.primal[i] < self.primal[i] - lo;
                self.state[i] = if upper { State::Upper } else { State::Lower };
                self.dual[i] = 0.0;
            }
            None => {
                self.pieces.now[i] = match self.state[i] {
                    State::Lower => first,
                    State::Upper => last,
                    State::Free | State::Fixed => self.containing(i),
                };
            }
        }
    }

    /// The first piece that reaches the value of a variable.
    fn containing(&self, i: usize) -> usize {
        let (first, last) = (self.pieces.first[i], self.pieces.first[i + 1] - 1);
        (first..last).find(|&at| self.primal[i] <= self.pieces.list[at].hi).unwrap_or(last)
    }

    /// Puts every variable into the piece of its value.
    pub fn place_by_value(&mut self) {
        for i in self.kinked() {
            self.pieces.now[i] = self.containing(i);
        }
    }

    /// The bounds of an index in its piece.
    pub fn ends(&self, i: usize, lo: &[f64], hi: &[f64]) -> [f64; 2] {
        if !self.pieces.any() || i >= self.kkt.variables {
            return [lo[i], hi[i]];
        }
        let piece = &self.pieces.list[self.pieces.now[i]];
        [piece.lo, piece.hi]
    }

    /// The linear term of an index in its piece.
    pub fn linear(&self, i: usize, g: &[f64]) -> f64 {
        if !self.pieces.any() || i >= self.kkt.variables {
            return g[i];
        }
        g[i] - self.pieces.slope(self.pieces.now[i])
    }

    /// Takes the data of a program.
    pub fn take_data(&mut self, target: &Change<'_>) {
        self.g.copy_from_slice(target.g);
        self.lo.copy_from_slice(target.lo);
        self.hi.copy_from_slice(target.hi);
        for i in self.kinked() {
            self.g[i] = self.linear(i, target.g);
            [self.lo[i], self.hi[i]] = self.ends(i, target.lo, target.hi);
        }
    }

    /// The jump of the slope at the joint where a variable rests, and its rate in the parameter.
    fn jump(&self, i: usize) -> Option<(f64, f64)> {
        let joint = self.joint(i)?;
        let above = self.pieces.first[i] + joint;
        let [lower, upper] = [above - 1, above].map(|at| &self.pieces.list[at]);
        let unit = upper.unit - lower.unit;
        Some((upper.fixed - lower.fixed + self.pieces.t * unit, unit))
    }

    /// The largest dual of an index that comes to rest.
    pub fn set_width(&mut self, i: usize) {
        if let Some((width, _)) = self.joint(i).and_then(|_| self.jump(i)) {
            self.pieces.width[i] = width;
        }
    }

    /// Widths that hold the duals as they are.
    pub fn adopt_widths(&mut self) {
        for i in self.kinked() {
            self.set_width(i);
            self.pieces.width[i] = self.pieces.width[i].max(self.dual[i].abs());
        }
    }

    /// Rates of widths: to where they have to be, or with the parameter.
    pub fn set_width_rates(&mut self, sense: Option<f64>) {
        for i in self.kinked() {
            self.pieces.width_rate[i] = match (self.jump(i), sense) {
                (None, _) => 0.0,
                (Some((_, unit)), Some(sense)) => sense * unit,
                (Some((width, _)), None) => width - self.pieces.width[i],
            };
        }
    }

    /// Moves widths and, with a parameter, the parameter.
    pub fn advance_widths(&mut self, step: f64) {
        if self.pieces.any() {
            let rates = self.pieces.width_rate.iter();
            self.pieces.width.iter_mut().zip(rates).for_each(|(width, rate)| *width += step * rate);
        }
    }

    /// How far the dual of an index that rests is from where it goes on, and the rate at which a rate of
    /// the dual brings it there.
    pub fn room(&self, i: usize, dual_rate: f64) -> Option<(f64, f64)> {
        self.joint(i)?;
        let sign = if self.state[i] == State::Upper { -1.0 } else { 1.0 };
        Some((self.pieces.width[i] - sign * self.dual[i], sign * dual_rate))
    }

    /// Duals that grow as their largest values do, but for rounding, stay where they are from these.
    pub fn clear_room_rates(&mut self, least: f64) {
        for i in self.kinked() {
            let Some((_, rate)) = self.room(i, self.dual_rate[i]) else { continue };
            if (rate - self.pieces.width_rate[i]).abs() <= least {
                self.dual_rate[i] =
                    if rate == self.dual_rate[i] { 1.0 } else { -1.0 } * self.pieces.width_rate[i];
            }
        }
    }

    /// The parameter at which the dual of an index at rest, `at` for the parameter 0, is as large as it may be.
    pub fn last_crossing(&self, i: usize, at: f64) -> f64 {
        let (Some((width, unit)), Some((_, rate))) =
            (self.jump(i), self.room(i, self.dual_rate[i]))
        else {
            return 0.0;
        };
        let fixed = width - self.pieces.t * unit;
        let at = if self.state[i] == State::Upper { -at } else { at };
        if unit == rate { 0.0 } else { (at - fixed) / (unit - rate) }
    }

    pub fn width_rate(&self, i: usize) -> f64 {
        self.pieces.width_rate[i]
    }

    /// How much the dual of an index that rests is too large.
    pub fn excess(&self, i: usize) -> f64 {
        match self.jump(i) {
            Some((width, _)) => self.dual[i].abs() - width,
            None => f64::NEG_INFINITY,
        }
    }

    /// Counts an index to the piece on the other side of an end that is a joint; its dual with it.
    pub fn pass_joint(&mut self, i: usize, end: State) {
        let up = end == State::Upper;
        let from = self.pieces.now[i];
        let to = if up { from + 1 } else { from - 1 };
        let jump = match self.state[i] {
            State::Free => self.pieces.slope(to) - self.pieces.slope(from),
            State::Upper => self.pieces.width[i],
            State::Lower | State::Fixed => -self.pieces.width[i],
        };
        self.pieces.now[i] = to;
        self.g[i] -= jump;
        self.dual[i] += jump;
        let (value, piece) = (self.primal[i], self.pieces.list[to]);
        (self.lo[i], self.hi[i]) =
            if up { (value, piece.hi.max(value)) } else { (piece.lo.min(value), value) };
        if self.state[i] != State::Free {
            self.state[i] = if up { State::Lower } else { State::Upper };
        }
    }

    /// Whether an end of the piece of an index is a joint, and its jump.
    pub fn jump_at(&self, i: usize, end: State) -> Option<f64> {
        if !self.pieces.any() || i >= self.kkt.variables {
            return None;
        }
        let pieces = &self.pieces;
        let (first, now, next) = (pieces.first[i], pieces.now[i], pieces.first[i + 1]);
        match end {
            State::Lower if now > first => Some(pieces.slope(now) - pieces.slope(now - 1)),
            State::Upper if now + 1 < next => Some(pieces.slope(now + 1) - pieces.slope(now)),
            _ => None,
        }
    }

    /// Counts what rests at a joint to the piece above, so that bits depend on the set alone.
    pub fn count_upwards(&mut self) {
        for i in self.kinked() {
            if self.state[i] == State::Upper && self.joint(i).is_some() {
                self.pass_joint(i, State::Upper);
            }
        }
    }

    /// The slope of the costs where a variable is, scaled.
    pub fn slope(&self, i: usize) -> f64 {
        self.pieces.slope(self.pieces.now[i])
    }

    /// The slope of the costs that the parameter multiplies.
    pub fn unit(&self, i: usize) -> f64 {
        self.pieces.list[self.pieces.now[i]].unit
    }

    /// The slope of the costs that it does not.
    pub fn fixed(&self, i: usize) -> f64 {
        self.pieces.list[self.pieces.now[i]].fixed
    }

    /// The part of these costs that belongs to the piece and not to the value in it.
    pub fn offset(&self, i: usize) -> f64 {
        self.pieces.list[self.pieces.now[i]].offset
    }

    pub fn kept_pieces(&self) -> Vec<usize> {
        self.pieces.now.clone()
    }

    pub fn restore_pieces(&mut self, now: Vec<usize>) {
        self.pieces.now = now;
    }
}
