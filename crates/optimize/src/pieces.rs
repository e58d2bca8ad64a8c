//! Weights in pieces: one variable for each part of a range between the places where an absolute value bends.
//!
//! A sum of absolute values is linear in the pieces. They are filled one after the other wherever the objective is
//! convex: a piece beyond a bend costs at least as much as the one before it.

use crate::constraint::rule::Absolute;
use crate::mandate::Mandate;

/// A part of the range of a weight.
///
/// The first piece of an asset has the weight itself up to its end, the others how far the weight is beyond their start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub asset: usize,
    /// The weight at which it starts.
    pub from: f64,
    /// Bounds of its variable.
    pub lo: f64,
    pub hi: f64,
    /// What penalties and trading cost there for each unit.
    pub cost: f64,
}

/// The pieces of all weights of a mandate, by asset: between the bends of its l1 penalty, linear costs and limits.
pub(crate) fn pieces(mandate: &Mandate) -> Vec<Piece> {
    let limits = mandate.constraints().absolutes();
    let l1 = if mandate.l1_acts() { mandate.penalties().l1 } else { 0.0 };
    let costs = mandate.costs().map(|costs| (costs.current(), costs.prices()));
    let mut pieces = Vec::new();
    for (asset, (lo, hi)) in mandate.constraints().bounds().enumerate() {
        let trades = costs.iter().map(|(at, prices)| (at[asset], prices[asset]));
        let mut bends: Vec<(f64, f64)> = trades.collect();
        if l1 > 0.0 {
            bends.push((0.0, l1));
        }
        bends.extend(limits.iter().map(|limit| (place(limit, asset), 0.0)));
        let mut ends: Vec<f64> = bends.iter().map(|(at, _)| *at).collect();
        ends.retain(|at| *at > lo && *at < hi);
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        ends.push(hi);
        let mut from = lo;
        for (at, &to) in ends.iter().enumerate() {
            let cost = bends.iter().map(|(bend, price)| price * side(from, *bend)).sum();
            let [lo, hi] = if at == 0 { [from, to] } else { [0.0, to - from] };
            pieces.push(Piece { asset, from, lo, hi, cost });
            from = to;
        }
    }
    pieces
}

/// A limit as a row of the pieces, and the largest value of that.
pub(crate) fn row(limit: &Absolute<'_>, pieces: &[Piece]) -> (Vec<f64>, f64) {
    let mut most = limit.max;
    let coefficient = |(j, piece): (usize, &Piece)| {
        let at = place(limit, piece.asset);
        let sign = side(piece.from, at);
        if j == 0 || pieces[j - 1].asset != piece.asset {
            most -= (piece.from - at).abs() - sign * piece.lo;
        }
        sign
    };
    let row = pieces.iter().enumerate().map(coefficient).collect();
    (row, most)
}

/// The weights that the pieces add up to.
pub(crate) fn weights(pieces: &[Piece], x: &[f64], assets: usize) -> Vec<f64> {
    let mut weights = vec![0.0; assets];
    pieces.iter().zip(x).for_each(|(piece, x)| weights[piece.asset] += x);
    weights
}

fn place(limit: &Absolute<'_>, asset: usize) -> f64 {
    limit.from.map_or(0.0, |from| from[asset])
}

/// The side of a bend that a piece is on.
fn side(from: f64, bend: f64) -> f64 {
    if from >= bend { 1.0 } else { -1.0 }
}
