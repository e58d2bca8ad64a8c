//! Whether prices within sessions are those of their closes.

use walkfolio_core::{Quotes, Row};

/// A median ratio to the close that is further from 1 is one of another unit.
const UNIT: f64 = 1.25;
/// A single ratio that is further from 1 is told.
const FAR: f64 = 2.0;

/// A price within a session that is far from its close.
#[derive(Debug, Clone)]
pub(super) struct Far {
    pub asset: usize,
    pub row: Row,
    /// The price, in closes.
    pub times: f64,
    /// How far its ratio is from 1, either way.
    pub by: f64,
}

/// The prices of an asset within sessions, next to its closes.
#[derive(Debug, Clone)]
pub(super) struct Inside {
    /// The median ratio to the close.
    pub median: f64,
    /// Ratios below a half or above two.
    pub far: usize,
    /// The farthest of these.
    pub worst: Option<Far>,
}

impl Inside {
    pub fn of(prices: &[Option<f64>], quotes: &Quotes, asset: usize) -> Self {
        let ratio = |row: Row| Some(prices[row]? / quotes.close(row, asset)?);
        let mut all: Vec<(f64, Row)> =
            (0..prices.len()).filter_map(|row| Some((ratio(row)?, row))).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let median = all.get(all.len() / 2).map_or(1.0, |(ratio, _)| *ratio);
        let each = all.iter().map(|&(times, row)| Far { asset, row, times, by: apart(times) });
        let far: Vec<Far> = each.filter(|own| own.by > FAR).collect();
        let worst = far.iter().max_by(|a, b| a.by.total_cmp(&b.by)).cloned();
        Self { median, far: far.len(), worst }
    }

    /// Whether the prices are not of the adjustment, the shares or the currency of the closes.
    pub fn is_of_another_unit(&self) -> bool {
        apart(self.median) > UNIT
    }
}

/// How far a ratio is from 1, either way.
fn apart(ratio: f64) -> f64 {
    ratio.max(1.0 / ratio)
}
