//! The simplex method on the vertices of a piecewise linear program.

use walkfolio_core::dense::add_rows;
use walkfolio_core::{Interrupt, Matrix};

use super::basis::Basis;
use super::line::{End, Way};
use super::program::{Best, Piecewise, Vertex};
use crate::kernel::program::Stop;

/// A slope that is no better than this is none, at first.
const FLAT: f64 = 1e-10;
/// A term that must hold and is missed by more does not.
const HOLDS: f64 = 1e-9;
/// Terms, and variables, that change by less than this part of the largest change do not.
const STILL: f64 = 1e-11;
const MOVES: f64 = 1e-9;
/// The slope of a term that must hold, at first, its factor where it does not, and the largest.
const HARD: [f64; 3] = [1e3, 1e3, 1e9];
/// Pivots after which all values are made again.
const AGAIN: u32 = 64;
/// Steps without length after which the choice is no longer the steepest.
const STUCK: u32 = 20;

/// What begins to move.
#[derive(Debug, Clone, Copy)]
enum Enter {
    /// The term at a position of the kinks, up or down.
    Term(usize, f64),
    /// A variable, up or down.
    Variable(usize, f64),
}

pub(super) struct Simplex<'a> {
    of: &'a Piecewise,
    /// The matrix by assets.
    by_asset: Matrix,
    /// The slopes of terms, those that must hold as they are now.
    slopes: Vec<[f64; 2]>,
    hard: f64,
    hardest: f64,
    x: Vec<f64>,
    is_free: Vec<bool>,
    /// Of a variable that is not free.
    at_upper: Vec<bool>,
    free: Vec<usize>,
    kinks: Vec<usize>,
    at_kink: Vec<bool>,
    /// Of a term that is not at its kink.
    above: Vec<bool>,
    values: Vec<f64>,
    basis: Basis,
    /// What the terms that are at no kink add to the gradient: by asset, and by variable beside that.
    pull: Vec<f64>,
    own_pull: Vec<f64>,
    way: Way,
    pivots: u32,
    stuck: u32,
}

impl<'a> Simplex<'a> {
    pub fn new(of: &'a Piecewise, Vertex { x, free, kinks }: Vertex) -> Result<Self, Stop> {
        let (columns, terms) = (of.columns.len(), of.terms.len());
        let (mut is_free, mut at_kink) = (vec![false; columns], vec![false; terms]);
        for &j in &free {
            is_free[j] = true;
        }
        for &e in &kinks {
            at_kink[e] = true;
        }
        let at_upper = of.columns.iter().zip(&x).map(|(column, x)| *x >= column.hi).collect();
        let steep = of.columns.iter().fold(1.0f64, |most, column| most.max(column.cost.abs()));
        let mut simplex = Self {
            of,
            by_asset: of.matrix.transposed(),
            slopes: Vec::new(),
            hard: HARD[0] * steep,
            hardest: HARD[2] * steep,
            x,
            is_free,
            at_upper,
            free,
            kinks,
            at_kink,
            above: vec![false; terms],
            values: vec![0.0; terms],
            basis: Basis::default(),
            pull: vec![0.0; of.matrix.cols()],
            own_pull: vec![0.0; columns],
            way: Way::default(),
            pivots: 0,
            stuck: 0,
        };
        simplex.set_slopes();
        simplex.factor()?;
        simplex.settle();
        for e in 0..terms {
            simplex.above[e] = simplex.values[e] > 0.0;
        }
        simplex.set_pull();
        Ok(simplex)
    }

    pub fn run(mut self, interrupt: &Interrupt) -> Result<Best, Stop> {
        let most = 50 * (self.of.columns.len() + self.of.terms.len()) + 1000;
        while (self.pivots as usize) < most && !interrupt.is_raised() {
            let (slopes, gradient) = self.prices();
            if let Some((enter, slope)) = self.choose(&slopes, &gradient) {
                self.pivot(enter, slope)?;
                if self.pivots.is_multiple_of(AGAIN) {
                    self.refresh()?;
                }
            } else if self.refresh()? {
                let (slopes, gradient) = self.prices();
                if self.choose(&slopes, &gradient).is_none() {
                    if self.holds() {
                        return Ok(self.best(&slopes));
                    }
                    self.harden()?;
                }
            }
        }
        Err(Stop::Limit)
    }

    fn set_slopes(&mut self) {
        let hard = self.hard;
        let finite = |slope: f64| slope.clamp(-hard, hard);
        self.slopes = self.of.terms.iter().map(|term| term.slopes.map(finite)).collect();
    }

    /// Steeper slopes of what must hold.
    fn harden(&mut self) -> Result<(), Stop> {
        self.hard *= HARD[1];
        if self.hard > self.hardest {
            return Err(Stop::Limit);
        }
        self.set_slopes();
        self.set_pull();
        Ok(())
    }

    /// Whether all holds that must.
    fn holds(&self) -> bool {
        let mut all = self.of.terms.iter().zip(&self.values);
        all.all(|(term, &value)| {
            let [below, above] = term.slopes.map(f64::is_infinite);
            !(below && value < -HOLDS || above && value > HOLDS)
        })
    }

    /// The coefficient of a variable in a term.
    fn coefficient(&self, term: usize, column: usize) -> f64 {
        let of = &self.of.terms[term];
        let row = of.row.zip(self.of.columns[column].asset);
        let extra = of.extra.binary_search_by_key(&column, |(column, _)| *column);
        let extra = extra.map_or(0.0, |at| of.extra[at].1);
        row.map_or(0.0, |(row, asset)| self.of.matrix[(row, asset)]) + extra
    }

    /// The coefficients of the free variables in a term.
    fn row(&self, term: usize) -> Vec<f64> {
        self.free.iter().map(|&column| self.coefficient(term, column)).collect()
    }

    fn factor(&mut self) -> Result<(), Stop> {
        let rows = self.kinks.iter().map(|&term| self.row(term)).collect();
        self.basis = Basis::of(rows).ok_or(Stop::Singular)?;
        Ok(())
    }

    /// The values of the terms, at the variables as they are.
    fn set_values(&mut self) {
        let mut weights = vec![0.0; self.of.matrix.cols()];
        for (column, x) in self.of.columns.iter().zip(&self.x) {
            if let Some(asset) = column.asset {
                weights[asset] += x;
            }
        }
        let rows = self.products(&weights);
        for (value, term) in self.values.iter_mut().zip(&self.of.terms) {
            let extra: f64 = term.extra.iter().map(|&(column, a)| a * self.x[column]).sum();
            *value = term.row.map_or(0.0, |row| rows[row]) + extra - term.offset;
        }
    }

    /// The matrix times a vector.
    fn products(&self, weights: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.of.matrix.rows()];
        let moving = weights.iter().enumerate().filter(|(_, w)| **w != 0.0);
        let rows: Vec<(f64, &[f64])> = moving.map(|(i, w)| (*w, self.by_asset.row(i))).collect();
        add_rows(&mut out, &rows);
        out
    }

    /// Free variables so that the terms at a kink are there, to the last digits.
    fn settle(&mut self) -> f64 {
        let mut off = 0.0;
        for _ in 0..3 {
            self.set_values();
            let missed: Vec<f64> = self.kinks.iter().map(|&term| self.values[term]).collect();
            off = missed.iter().fold(0.0f64, |most, value| most.max(value.abs()));
            let change = self.basis.times(&missed);
            for (&column, change) in self.free.iter().zip(change) {
                self.x[column] -= change;
            }
        }
        self.set_values();
        off
    }

    /// All values again from the vertex alone; whether it is as it was but for rounding.
    fn refresh(&mut self) -> Result<bool, Stop> {
        if self.settle() > HOLDS {
            self.factor()?;
            self.settle();
        }
        let mut same = true;
        for e in 0..self.values.len() {
            let value = self.values[e];
            if !self.at_kink[e] && value.abs() > HOLDS && self.above[e] != (value > 0.0) {
                (self.above[e], same) = (value > 0.0, false);
            }
        }
        self.set_pull();
        Ok(same)
    }

    fn slope(&self, term: usize) -> f64 {
        self.slopes[term][usize::from(self.above[term])]
    }

    fn set_pull(&mut self) {
        self.pull.fill(0.0);
        self.own_pull.fill(0.0);
        let away = (0..self.values.len()).filter(|&e| !self.at_kink[e]);
        let all: Vec<(usize, f64)> = away.map(|e| (e, self.slope(e))).collect();
        let (mut pull, mut own) =
            (std::mem::take(&mut self.pull), std::mem::take(&mut self.own_pull));
        self.add_terms(&all, &mut pull, &mut own);
        (self.pull, self.own_pull) = (pull, own);
    }

    /// Adds multiples of the coefficients of terms.
    fn add_terms(&self, terms: &[(usize, f64)], by_asset: &mut [f64], by_column: &mut [f64]) {
        let mut rows: Vec<(f64, &[f64])> = Vec::with_capacity(terms.len());
        for &(e, times) in terms.iter().filter(|(_, times)| *times != 0.0) {
            let term = &self.of.terms[e];
            rows.extend(term.row.map(|row| (times, self.of.matrix.row(row))));
            for &(column, a) in &term.extra {
                by_column[column] += times * a;
            }
        }
        add_rows(by_asset, &rows);
    }

    /// The slopes of the terms at kinks that leave the free variables no slope, and then that of each variable.
    fn prices(&self) -> (Vec<f64>, Vec<f64>) {
        let columns = &self.of.columns;
        let slope = |&j: &usize| {
            let pull = columns[j].asset.map_or(0.0, |asset| self.pull[asset]);
            columns[j].cost + pull + self.own_pull[j]
        };
        let free: Vec<f64> = self.free.iter().map(slope).collect();
        let mut slopes = self.basis.transpose_times(&free);
        for slope in &mut slopes {
            *slope = -*slope;
        }
        let (mut pull, mut own) = (self.pull.clone(), self.own_pull.clone());
        let terms: Vec<(usize, f64)> =
            self.kinks.iter().copied().zip(slopes.iter().copied()).collect();
        self.add_terms(&terms, &mut pull, &mut own);
        let gradient = columns
            .iter()
            .zip(own)
            .map(|(column, own)| column.cost + column.asset.map_or(0.0, |asset| pull[asset]) + own);
        (slopes, gradient.collect())
    }

    /// What falls most for each unit that it moves.
    fn choose(&self, slopes: &[f64], gradient: &[f64]) -> Option<(Enter, f64)> {
        let mut best: Option<(f64, Enter, f64)> = None;
        let flat = FLAT * self.hard / HARD[0];
        let mut meet = |fall: f64, number: usize, enter: Enter| {
            if fall > flat {
                let score = if self.stuck > STUCK { fall * self.noise(number) } else { fall };
                if best.is_none_or(|(most, ..)| score > most) {
                    best = Some((score, enter, -fall));
                }
            }
        };
        for (at, (&term, &slope)) in self.kinks.iter().zip(slopes).enumerate() {
            let [below, above] = self.slopes[term];
            meet(slope - above, term, Enter::Term(at, 1.0));
            meet(below - slope, term, Enter::Term(at, -1.0));
        }
        let first = self.slopes.len();
        for (j, (column, &slope)) in self.of.columns.iter().zip(gradient).enumerate() {
            if !self.is_free[j] && column.lo < column.hi {
                let sign = if self.at_upper[j] { -1.0 } else { 1.0 };
                meet(-sign * slope, first + j, Enter::Variable(j, sign));
            }
        }
        best.map(|(_, enter, slope)| (enter, slope))
    }

    /// Between 0 and 1, another one for each pivot: where steps have no length for long, a choice that does not come
    /// back to where it was.
    fn noise(&self, number: usize) -> f64 {
        let mut z = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ u64::from(self.pivots)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// How variables change, each with its column; of a variable that enters what it is in terms of the free ones.
    fn direction(&self, enter: Enter) -> (Vec<f64>, Vec<f64>) {
        match enter {
            Enter::Term(at, sign) => {
                let change = self.basis.column(at).into_iter().map(|value| sign * value);
                (change.collect(), Vec::new())
            }
            Enter::Variable(j, sign) => {
                let column: Vec<f64> =
                    self.kinks.iter().map(|&term| self.coefficient(term, j)).collect();
                let by = self.basis.times(&column);
                (by.iter().map(|value| -sign * value).collect(), by)
            }
        }
    }

    /// How fast each term changes where variables do.
    fn rates(&self, enter: Enter, change: &[f64]) -> Vec<f64> {
        let (mut weights, mut moved) =
            (vec![0.0; self.of.matrix.cols()], vec![0.0; self.of.columns.len()]);
        let own = if let Enter::Variable(j, sign) = enter { Some((j, sign)) } else { None };
        let free = self.free.iter().copied().zip(change.iter().copied());
        for (j, by) in free.chain(own) {
            moved[j] = by;
            if let Some(asset) = self.of.columns[j].asset {
                weights[asset] += by;
            }
        }
        let rows = self.products(&weights);
        let rate = |term: &super::Term| {
            let extra: f64 = term.extra.iter().map(|&(column, a)| a * moved[column]).sum();
            term.row.map_or(0.0, |row| rows[row]) + extra
        };
        self.of.terms.iter().map(rate).collect()
    }

    /// The first bound on the way, and how far it is.
    fn room(&self, enter: Enter, change: &[f64]) -> (Option<End>, f64) {
        let mut first = (None, f64::INFINITY);
        if let Enter::Variable(j, _) = enter {
            let column = &self.of.columns[j];
            if column.hi - column.lo < f64::INFINITY {
                first = (Some(End::Across), column.hi - column.lo);
            }
        }
        let largest = change.iter().fold(1.0f64, |most, by| most.max(by.abs()));
        for (at, (&j, &by)) in self.free.iter().zip(change).enumerate() {
            let column = &self.of.columns[j];
            let end = if by > 0.0 { column.hi } else { column.lo };
            if by.abs() > MOVES * largest && end.is_finite() {
                let step = ((end - self.x[j]) / by).max(0.0);
                if step < first.1 {
                    first = (Some(End::Bound(at)), step);
                }
            }
        }
        first
    }

    fn pivot(&mut self, enter: Enter, slope: f64) -> Result<(), Stop> {
        self.pivots += 1;
        let (change, by) = self.direction(enter);
        let rates = self.rates(enter, &change);
        let room = self.room(enter, &change);
        let largest = change.iter().chain(&rates).fold(1.0f64, |most, rate| most.max(rate.abs()));
        let near = |e: usize| {
            let (value, rate) = (self.values[e], rates[e]);
            let meets = !self.at_kink[e]
                && rate.abs() > STILL * largest
                && self.above[e] == (rate < 0.0)
                && self.slopes[e][0] < self.slopes[e][1];
            let step = if meets { (-value / rate).max(0.0) } else { f64::INFINITY };
            (meets && step <= room.1).then_some((step, e))
        };
        let mut way = std::mem::take(&mut self.way);
        way.set((0..rates.len()).filter_map(near));
        let bend = |e: usize| (self.slopes[e][1] - self.slopes[e][0]) * rates[e].abs();
        let found = way.go(slope, room, bend, |e| rates[e], largest);
        way.clear();
        self.way = way;
        let Some((end, step, passed)) = found else { return Err(Stop::Unbounded) };
        self.stuck = if step > 0.0 { 0 } else { self.stuck + 1 };
        self.advance(enter, &change, step);
        for (value, rate) in self.values.iter_mut().zip(&rates) {
            *value += step * rate;
        }
        self.exchange((enter, end), &passed, &by);
        Ok(())
    }

    fn advance(&mut self, enter: Enter, change: &[f64], step: f64) {
        for (&j, by) in self.free.iter().zip(change) {
            self.x[j] += step * by;
        }
        if let Enter::Variable(j, sign) = enter {
            self.x[j] += sign * step;
        }
    }

    /// Passes kinks and changes the vertex.
    fn exchange(&mut self, (enter, end): (Enter, End), passed: &[usize], by: &[f64]) {
        let mut pulls: Vec<(usize, f64)> = Vec::with_capacity(passed.len() + 2);
        for &e in passed {
            let before = self.slope(e);
            self.above[e] = !self.above[e];
            pulls.push((e, self.slope(e) - before));
        }
        if let End::Kink(e) = end {
            pulls.push((e, -self.slope(e)));
            self.at_kink[e] = true;
            self.values[e] = 0.0;
        }
        if let Enter::Term(at, sign) = enter {
            let e = self.kinks[at];
            (self.at_kink[e], self.above[e]) = (false, sign > 0.0);
            pulls.push((e, self.slope(e)));
        }
        let (mut pull, mut own) =
            (std::mem::take(&mut self.pull), std::mem::take(&mut self.own_pull));
        self.add_terms(&pulls, &mut pull, &mut own);
        (self.pull, self.own_pull) = (pull, own);
        match (enter, end) {
            (Enter::Term(at, _), End::Kink(e)) => {
                self.basis.replace_term(at, &self.row(e));
                self.kinks[at] = e;
            }
            (Enter::Variable(j, _), End::Kink(e)) => {
                let row = self.row(e);
                let carried: f64 = row.iter().zip(by).map(|(a, b)| a * b).sum();
                self.basis.grow(by, &row, self.coefficient(e, j) - carried);
                self.free.push(j);
                self.kinks.push(e);
                self.is_free[j] = true;
            }
            (Enter::Term(at, _), End::Bound(l)) => {
                self.basis.shrink(l, at);
                self.rest(l);
                self.free.swap_remove(l);
                self.kinks.swap_remove(at);
            }
            (Enter::Variable(j, _), End::Bound(l)) => {
                self.basis.replace_variable(l, by);
                self.rest(l);
                self.free[l] = j;
                self.is_free[j] = true;
            }
            (Enter::Variable(j, sign), End::Across) => {
                let column = &self.of.columns[j];
                self.at_upper[j] = sign > 0.0;
                self.x[j] = if self.at_upper[j] { column.hi } else { column.lo };
            }
            (Enter::Term(..), End::Across) => {}
        }
    }

    /// A free variable, by its position, rests at the bound that it is nearer to.
    fn rest(&mut self, at: usize) {
        let j = self.free[at];
        let column = &self.of.columns[j];
        self.at_upper[j] = column.hi - self.x[j] < self.x[j] - column.lo;
        self.x[j] = if self.at_upper[j] { column.hi } else { column.lo };
        self.is_free[j] = false;
    }

    fn best(mut self, slopes: &[f64]) -> Best {
        let mut all: Vec<f64> = (0..self.values.len()).map(|e| self.slope(e)).collect();
        for (&e, slope) in self.kinks.iter().zip(slopes) {
            all[e] = slope.clamp(self.slopes[e][0], self.slopes[e][1]);
        }
        for (x, column) in self.x.iter_mut().zip(&self.of.columns) {
            *x = x.clamp(column.lo, column.hi);
        }
        let vertex = Vertex { x: self.x, free: self.free, kinks: self.kinks };
        Best { vertex, slopes: all, pivots: self.pivots }
    }
}
