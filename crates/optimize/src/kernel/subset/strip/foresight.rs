//! What an exchange is foreseen to change: two numbers for every asset, in one pass over a row of the strip.

// Instructions beyond the target's baseline reach only what is inlined into the dispatch.
#![allow(clippy::inline_always)]

use fearless_simd::{Simd, dispatch};

use super::{LANES, Strip};

/// The asset that enters best.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Entry {
    /// By how much half of the objective is foreseen to change.
    pub change: f64,
    pub asset: usize,
}

impl Strip<'_> {
    /// By how much half of the objective rises where a holding leaves and nothing enters.
    pub fn missed(&self, i: usize) -> f64 {
        let value = self.values[i];
        match self.place[i] {
            // A free weight that moves by d costs d^2 / (2 own).
            Some(at) => 0.5 * value * value / self.rows[at * self.width + i],
            None => value * (0.5 * self.rest[i] * value - self.slopes[i]),
        }
    }

    /// What enters best in place of a holding, if half of the objective is foreseen to change by less than a number.
    pub fn entry_for(&mut self, leaving: usize, less: f64) -> Option<Entry> {
        let (value, base) = (self.values[leaving], self.missed(leaving));
        let Some(at) = self.place[leaving] else {
            self.reach(leaving);
            return self.least_change([base, less], None, [0.0, value]);
        };
        let inverse = 1.0 / self.rows[at * self.width + leaving];
        self.least_change([base, less], Some(at), [inverse, value * inverse])
    }

    /// What enters best in addition.
    pub(super) fn addition(&mut self, less: f64) -> Option<Entry> {
        self.column.fill(0.0);
        self.least_change([0.0, less], None, [0.0, 0.0])
    }

    /// The asset that changes half of the objective least on top of `base`. The column of what leaves, or its row
    /// where it is swept, says what that does to the others.
    fn least_change(
        &mut self,
        [base, less]: [f64; 2],
        row: Option<usize>,
        moved: [f64; 2],
    ) -> Option<Entry> {
        let column = match row {
            Some(at) => &self.rows[at * self.width..(at + 1) * self.width],
            None => &self.column[..],
        };
        let of = [&self.rest[..], &self.slopes[..], column];
        let (changes, room) = (&mut self.changes[..], [&self.room[0][..], &self.room[1][..]]);
        let least = dispatch!(self.level, simd => foresee(simd, changes, of, room, moved));
        self.problem.clock.spend(self.width as u64);
        if base + least < less {
            let asset = self.changes.iter().position(|change| *change == least)?;
            return Some(Entry { change: base + least, asset });
        }
        None
    }
}

/// The change of half of the objective by the best weight of each asset that may enter, and the least of them.
#[inline(always)]
pub(super) fn foresee<S: Simd>(
    _: S,
    changes: &mut [f64],
    [rest, slopes, column]: [&[f64]; 3],
    [lo, hi]: [&[f64]; 2],
    [inverse, moved]: [f64; 2],
) -> f64 {
    let n = changes.len();
    let (rest, slopes, column) = (&rest[..n], &slopes[..n], &column[..n]);
    let (lo, hi) = (&lo[..n], &hi[..n]);
    for i in 0..n {
        let bend = rest[i] + column[i] * column[i] * inverse;
        let slope = slopes[i] - column[i] * moved;
        let weight = (-slope / bend).max(lo[i]).min(hi[i]);
        let change = weight * (slope + 0.5 * bend * weight);
        changes[i] = if lo[i] < hi[i] { change } else { f64::INFINITY };
    }
    let mut least = [f64::INFINITY; LANES];
    for lanes in changes.as_chunks::<LANES>().0 {
        for (least, change) in least.iter_mut().zip(lanes) {
            *least = if change < least { *change } else { *least };
        }
    }
    least.into_iter().fold(f64::INFINITY, f64::min)
}
