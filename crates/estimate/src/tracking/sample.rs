//! Every row of a window alike.

use walkfolio_core::{Need, Past};

use super::{TrackingEstimator, TrackingMoments};
use crate::{Needs, Result, windows};

/// The moments of one window, all rows of the same weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Rows of the window.
    pub rows: usize,
}

impl TrackingEstimator for Sample {
    fn needs(&self) -> Needs {
        Needs::returns(self.rows)
    }

    fn is_ready(&self, past: &Past<'_>, _: &[usize], _: Need) -> bool {
        past.benchmark(self.rows).is_ok()
    }

    fn moments(&self, past: &Past<'_>, assets: &[usize], _: Need) -> Result<TrackingMoments> {
        windows::tracking(past, assets, self.rows)
    }
}
