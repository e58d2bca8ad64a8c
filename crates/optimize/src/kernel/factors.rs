//! A Cholesky factor of the free variables, and a small border for the rest: active rows, and what has
//! changed since the factor was made.
//!
//! With `B` the free variables of the factor, `K_SS u = f` is `[H_BB E; E' C] [u_B; v] = [f_B; h]`. A
//! column of `E` is that of a variable that has become free or of an active row, or the unit vector of a
//! variable that is no longer free, whose `v` is then what holds it at zero. `H_BB^-1 E` is kept with the
//! inverse of `C - E' H_BB^-1 E`: a change of the active set costs one solve.
//!
//! Gill, Murray, Saunders & Wright (1990), A Schur-complement method for sparse quadratic programming.

use std::sync::Arc;

use walkfolio_core::dense::{Cholesky, add_rows};
use walkfolio_core::linear::dot;

use super::basis::Basis;
use super::inverse::Inverse;
use super::kkt::Kkt;

/// A pivot below this fraction of its diagonal is taken as zero.
const TINY: f64 = 1e-11;

#[derive(Debug, Clone)]
pub(super) struct Factors {
    base: Arc<Base>,
    border: Vec<Item>,
    /// `C - E' H_BB^-1 E`.
    schur: Inverse,
    /// By index.
    place: Vec<Place>,
}

/// The variables of the factor, in order; shared by all that change it.
#[derive(Debug, Clone, Default)]
struct Base {
    indices: Vec<usize>,
    cholesky: Cholesky,
}

/// A column of `E`.
#[derive(Debug, Clone)]
struct Item {
    index: usize,
    /// Whether it holds a variable of the factor at zero.
    holds: bool,
    /// `H_BB^-1` times the column.
    solved: Vec<f64>,
}

/// Where an index is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Nowhere,
    /// In the factor, at a position.
    Factor(usize),
    /// At a position of the factor, held at zero by an item of the border.
    Held(usize, usize),
    /// In the border.
    Border(usize),
}

impl Factors {
    fn is_swept(&self, index: usize) -> bool {
        matches!(self.place[index], Place::Factor(_) | Place::Border(_))
    }

    /// A new item with its products with the others and itself.
    fn item(&self, kkt: &Kkt, index: usize) -> (Item, Vec<f64>, f64) {
        let held = match self.place[index] {
            Place::Factor(at) => Some(at),
            _ => None,
        };
        let row = kkt.matrix.row(index);
        let column: Vec<f64> = match held {
            Some(at) => {
                (0..self.base.indices.len()).map(|i| if i == at { 1.0 } else { 0.0 }).collect()
            }
            None => self.base.indices.iter().map(|&i| row[i]).collect(),
        };
        let mut solved = column.clone();
        self.base.cholesky.solve(&mut solved);
        let product = |other: &[f64]| match held {
            Some(at) => other[at],
            None => dot(&column, other),
        };
        let entry = |other: &Item| {
            let own = if held.is_some() || other.holds { 0.0 } else { row[other.index] };
            own - product(&other.solved)
        };
        let border = self.border.iter().map(entry).collect();
        let own = if held.is_some() { 0.0 } else { row[index] };
        let corner = own - product(&solved);
        (Item { index, holds: held.is_some(), solved }, border, corner)
    }

    /// Takes an item into the border, without its products.
    fn enter(&mut self, item: Item) {
        let at = self.border.len();
        self.place[item.index] = match self.place[item.index] {
            Place::Factor(position) => Place::Held(position, at),
            _ => Place::Border(at),
        };
        self.border.push(item);
    }

    /// Takes an item out of the border, the last one taking its place.
    fn leave(&mut self, at: usize) {
        let item = self.border.swap_remove(at);
        self.place[item.index] = match self.place[item.index] {
            Place::Held(position, _) => Place::Factor(position),
            _ => Place::Nowhere,
        };
        if let Some(moved) = self.border.get(at) {
            self.place[moved.index] = match self.place[moved.index] {
                Place::Held(position, _) => Place::Held(position, at),
                _ => Place::Border(at),
            };
        }
    }

    /// Sweeps an index or takes it back, in the matrix alone.
    fn toggle(&mut self, kkt: &Kkt, index: usize) {
        match self.place[index] {
            Place::Held(_, at) | Place::Border(at) => {
                self.schur.omit(at);
                self.leave(at);
            }
            Place::Nowhere | Place::Factor(_) => {
                let (item, border, corner) = self.item(kkt, index);
                self.schur.append(&border, corner);
                self.enter(item);
            }
        }
    }

    /// `u` on swept indices with `K_SS u = b`, each with its index.
    fn solve(&self, b: impl Fn(usize) -> f64) -> Vec<(usize, f64)> {
        let Base { indices, cholesky } = &*self.base;
        let value = |&i: &usize| if self.is_factor(i) { b(i) } else { 0.0 };
        let mut f: Vec<f64> = indices.iter().map(value).collect();
        let rest = |item: &Item| {
            let own = if item.holds { 0.0 } else { b(item.index) };
            own - dot(&item.solved, &f)
        };
        let rest: Vec<f64> = self.border.iter().map(rest).collect();
        let v = self.schur.times(&rest);
        cholesky.solve(&mut f);
        let columns: Vec<(f64, &[f64])> =
            self.border.iter().zip(&v).map(|(item, v)| (-v, &item.solved[..])).collect();
        add_rows(&mut f, &columns);
        let mut u = Vec::with_capacity(indices.len() + v.len());
        u.extend(indices.iter().copied().zip(f).filter(|&(i, _)| self.is_factor(i)));
        let border = self.border.iter().zip(v).filter(|(item, _)| !item.holds);
        u.extend(border.map(|(item, v)| (item.index, v)));
        u
    }

    fn is_factor(&self, index: usize) -> bool {
        matches!(self.place[index], Place::Factor(_))
    }

    /// Factors the swept variables in order; those that depend on the ones before them have no place yet.
    fn factor_variables(&mut self, kkt: &Kkt, swept: &[bool]) {
        // The memory of the last factor is used again where no other basis shares it.
        if Arc::get_mut(&mut self.base).is_none() {
            self.base = Arc::default();
        }
        let Some(base) = Arc::get_mut(&mut self.base) else { return };
        let Base { indices, cholesky } = base;
        indices.clear();
        indices.extend((0..kkt.variables).filter(|&i| swept[i]));
        let floors: Vec<f64> = indices.iter().map(|&i| TINY * kkt.diagonal(i)).collect();
        cholesky.set_part(&kkt.matrix, indices, &floors);
        self.place.fill(Place::Nowhere);
        for (at, &index) in indices.iter().enumerate() {
            self.place[index] = Place::Factor(at);
        }
        for &(at, _) in cholesky.left_out() {
            self.place[indices[at]] = Place::Nowhere;
        }
    }
}

impl Basis for Factors {
    const EXCHANGES_BLOCKS: bool = true;

    fn new(size: usize) -> Self {
        Self {
            base: Arc::default(),
            border: Vec::new(),
            schur: Inverse::default(),
            place: vec![Place::Nowhere; size],
        }
    }

    fn factor(&mut self, kkt: &Kkt, swept: &[bool]) -> bool {
        self.border.clear();
        self.schur.clear();
        self.factor_variables(kkt, swept);
        let rows = (kkt.variables..kkt.size).filter(|&i| swept[i]).count();
        // A null space that the rows do not exclude.
        if self.base.cholesky.left_out().len() > rows {
            return false;
        }
        for index in (0..kkt.size).filter(|&i| swept[i]) {
            if self.place[index] == Place::Nowhere {
                self.toggle(kkt, index);
            }
        }
        self.schur.invert()
    }

    fn unknowns(&self, kkt: &Kkt, knowns: &[f64], out: &mut [f64]) {
        // K applied to the known part of u.
        out.fill(0.0);
        let known = |&(index, value): &(usize, f64)| value != 0.0 && !self.is_swept(index);
        let known = knowns.iter().copied().enumerate().filter(known);
        let rows: Vec<(f64, &[f64])> =
            known.map(|(index, value)| (value, kkt.matrix.row(index))).collect();
        add_rows(out, &rows);
        let u = self.solve(|i| knowns[i] - out[i]);
        let rows: Vec<(f64, &[f64])> =
            u.iter().map(|&(index, value)| (value, kkt.matrix.row(index))).collect();
        add_rows(out, &rows);
        for (index, value) in u {
            out[index] = value;
        }
    }

    fn swept_unknowns(&self, _: &Kkt, knowns: &[f64], out: &mut [f64]) {
        for (index, value) in self.solve(|i| knowns[i]) {
            out[index] = value;
        }
    }

    fn column(&self, kkt: &Kkt, index: usize, out: &mut [f64]) {
        let mut known = vec![0.0; kkt.size];
        known[index] = 1.0;
        self.unknowns(kkt, &known, out);
    }

    fn pivot(&mut self, kkt: &Kkt, index: usize) -> bool {
        match self.place[index] {
            Place::Held(_, at) | Place::Border(at) => {
                let done = self.schur.shrink(at);
                self.leave(at);
                done
            }
            Place::Nowhere | Place::Factor(_) => {
                let (item, border, corner) = self.item(kkt, index);
                let done = self.schur.grow(&border, corner);
                self.enter(item);
                done
            }
        }
    }

    fn exchange(&mut self, kkt: &Kkt, one: usize, other: usize) -> bool {
        self.toggle(kkt, one);
        self.toggle(kkt, other);
        self.schur.invert()
    }

    fn copy_from(&mut self, other: &Self) {
        self.base.clone_from(&other.base);
        self.border.clone_from(&other.border);
        self.schur.clone_from(&other.schur);
        self.place.clone_from(&other.place);
    }
}
