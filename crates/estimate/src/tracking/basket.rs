//! What holdings would have earned.

use walkfolio_core::{Date, Past, Row};

use crate::{Error, Result};

/// Holdings of a benchmark, drifted to the last known row.
///
/// # Shape and units
/// Fractions that sum to 1, by the index of a name among the [constituents](Past::constituents), or among the assets of a
/// market without them.
#[derive(Debug, Clone, PartialEq)]
pub struct Basket {
    /// The day of which they are.
    pub of: Date,
    /// The names with their weights.
    pub weights: Vec<(usize, f64)>,
    /// The part of the holdings whose prices are known; the rest is left out.
    pub known: f64,
}

/// The market whose names the benchmark holds.
pub(super) fn held_market<'a>(past: &Past<'a>) -> Past<'a> {
    past.constituents().unwrap_or(*past)
}

/// The newest holdings of the market's file, drifted to the last known row; none before the first.
///
/// # Timing
/// Holdings are known from their date on and are those of its close.
pub fn newest_basket(past: &Past<'_>) -> Option<Basket> {
    let (date, stated) = past.benchmark_holdings()?;
    let market = held_market(past);
    let row = past.dates().partition_point(|own| *own <= date).checked_sub(1)?;
    let weights = stated
        .weights
        .iter()
        .filter_map(|(name, weight)| Some((market.universe().position(name)?, *weight)));
    let total: f64 = stated.weights.values().sum();
    Basket::drifted(&market, (date, row), weights.collect(), total)
}

impl Basket {
    /// Weights at a row, of a sum that counts as all, held until the last known row.
    pub(super) fn drifted(
        market: &Past<'_>,
        (of, row): (Date, Row),
        weights: Vec<(usize, f64)>,
        total: f64,
    ) -> Option<Self> {
        let last = market.rows().checked_sub(1)?;
        let mut known = 0.0;
        let mut held = Vec::with_capacity(weights.len());
        for (name, weight) in weights.into_iter().filter(|(_, weight)| *weight > 0.0) {
            if let (Some(from), Some(to)) = (market.price(row, name), market.price(last, name)) {
                known += weight;
                held.push((name, weight * to / from));
            }
        }
        let sum: f64 = held.iter().map(|(_, weight)| weight).sum();
        if sum <= 0.0 {
            return None;
        }
        for (_, weight) in &mut held {
            *weight /= sum;
        }
        Some(Self { of, weights: held, known: known / total })
    }

    /// The returns that these weights would have had over the last `rows` rows, held anew at each of them, oldest first.
    ///
    /// # Errors
    /// [`Error::TooFewRows`] where no name has a return on a row.
    pub fn returns(&self, past: &Past<'_>, rows: usize) -> Result<Vec<f64>> {
        let market = held_market(past);
        let first = market.rows().saturating_sub(rows);
        (first..market.rows())
            .map(|row| {
                let (mut earned, mut there) = (0.0, 0.0);
                for &(name, weight) in &self.weights {
                    let before = row.checked_sub(1).and_then(|row| market.price(row, name));
                    if let (Some(before), Some(now)) = (before, market.price(row, name)) {
                        earned += weight * (now / before - 1.0);
                        there += weight;
                    }
                }
                let what = "the benchmark's holdings";
                let short = Error::TooFewRows { what, rows: market.rows() - row - 1, least: rows };
                if there > 0.0 { Ok(earned / there) } else { Err(short) }
            })
            .collect()
    }
}
