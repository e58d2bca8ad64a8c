//! The slopes of a tail of losses at a portfolio where losses tie.
//!
//! The best portfolio of a tail is at an edge of it: several losses are the same there, and none of them is more in the
//! tail than another. The tail then has no gradient but many slopes, one for each way to share the rest of the tail among
//! the losses that tie; a drawdown has as many again as there are peaks of the same height.

use walkfolio_core::Matrix;

use crate::objective::form::Tailed;

/// A weight, or a row, within this of its limit is at it.
pub(super) const AT: f64 = 1e-7;

/// More losses that tie than this are no edge but a flat piece.
const MOST: usize = 400;

/// What the slopes of a tail are made of: the part that is known, and losses that may count more or less.
pub(super) struct Slopes {
    /// The slope of the losses that count in full, with the gain.
    pub known: Vec<f64>,
    /// Losses whose part, or whose peak, is open.
    pub open: Vec<Open>,
    /// What the parts of the losses at the edge sum to.
    pub edge: f64,
}

/// A loss whose part, or whose peak, is open.
pub(super) struct Open {
    /// The slope of the whole, with all of it in this loss: one for each peak that it may be measured from.
    pub slopes: Vec<Vec<f64>>,
    /// The largest sum of their parts.
    pub most: f64,
    /// Whether the sum is as large, or it is at the edge.
    pub is_full: bool,
}

impl Slopes {
    /// Of `aversion tail(w) - gain'w`; none where too many losses tie.
    pub fn of(tailed: &Tailed<'_>, w: &[f64]) -> Option<Self> {
        let Tailed { tail, aversion, gain } = *tailed;
        let (sums, count) = (Sums::of(tailed, w), tail.count());
        let near = AT * tail.size();
        let rows = sums.losses.len();
        let mut order: Vec<usize> = (0..rows).collect();
        order.sort_by(|&a, &b| sums.losses[b].total_cmp(&sums.losses[a]).then(a.cmp(&b)));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most the rows
        let last = (count.ceil() as usize).clamp(1, rows) - 1;
        let edge = sums.losses[order[last]];
        let most = (1.0 / count).min(1.0);
        let mut slopes = Self {
            known: gain
                .map_or_else(|| vec![0.0; w.len()], |gain| gain.iter().map(|g| -g).collect()),
            open: Vec::new(),
            edge: 1.0,
        };
        for &row in order.iter().take_while(|&&row| sums.losses[row] >= edge - near) {
            let is_full = sums.losses[row] > edge + near;
            let own: Vec<Vec<f64>> = (sums.peaks(row, near).into_iter())
                .map(|peak| sums.slope(peak, row).into_iter().map(|s| aversion * s).collect())
                .collect();
            if is_full {
                slopes.edge -= most;
            }
            match own.as_slice() {
                [only] if is_full => {
                    slopes.known.iter_mut().zip(only).for_each(|(sum, own)| *sum += most * own);
                }
                _ => slopes.open.push(Open { slopes: own, most, is_full }),
            }
        }
        let open: usize = slopes.open.iter().map(|one| one.slopes.len()).sum();
        (open <= MOST).then_some(slopes)
    }

    /// One of them: the losses at the edge and the peaks of each count alike.
    pub fn even(&self) -> Vec<f64> {
        let at_edge = self.open.iter().filter(|one| !one.is_full).count();
        let mut all = self.known.clone();
        for one in &self.open {
            let part = if one.is_full { one.most } else { self.edge / at_edge as f64 };
            let each = part / one.slopes.len() as f64;
            for slope in &one.slopes {
                all.iter_mut().zip(slope).for_each(|(sum, own)| *sum += each * own);
            }
        }
        all
    }
}

/// The losses at a portfolio, and the sums of returns that they are differences of.
struct Sums {
    /// What a unit of each asset has lost up to each row, or in it.
    assets: Matrix,
    /// How far the portfolio is below its start after each row; of drawdowns.
    below: Option<Vec<f64>>,
    losses: Vec<f64>,
}

impl Sums {
    fn of(tailed: &Tailed<'_>, w: &[f64]) -> Self {
        let assets = tailed.tail.losses_of_assets();
        let all = assets.times(w);
        if !tailed.tail.is_of_drawdowns() {
            return Self { assets, below: None, losses: all };
        }
        let fallen = |least: &mut f64, below: &f64| {
            *least = least.min(*below);
            Some(below - *least)
        };
        let losses = all.iter().scan(0.0, fallen).collect();
        Self { assets, below: Some(all), losses }
    }

    /// The rows that a loss may be measured from; none of them is the start, or that of a loss in its row.
    fn peaks(&self, row: usize, near: f64) -> Vec<Option<usize>> {
        let Some(below) = &self.below else { return vec![None] };
        let least = below[..=row].iter().copied().fold(0.0, f64::min) + near;
        let later = (0..=row).filter(|&at| below[at] <= least).map(Some);
        (0.0 <= least).then_some(None).into_iter().chain(later).collect()
    }

    /// The slope of a loss that is measured from a peak.
    fn slope(&self, peak: Option<usize>, row: usize) -> Vec<f64> {
        let own = self.assets.row(row).iter();
        match peak {
            None => own.copied().collect(),
            Some(peak) => own.zip(self.assets.row(peak)).map(|(own, from)| own - from).collect(),
        }
    }
}
