//! The mean of the worst losses of equally likely scenarios.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use crate::cone::program::{Cone, Program};
use crate::{Error, Result};

/// A tail that is a whole number of scenarios but for rounding is one.
const WHOLE: f64 = 1e-9;

/// What is lost in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The return of its row, with the other sign.
    Return,
    /// The drawdown at its row: how far the sum of returns is below its highest value so far, or below 0.
    Drawdown,
}

/// Scenarios, what is lost in each, and how many of the worst count.
///
/// `(l_(1) + ... + l_(floor k) + (k - floor k) l_(floor k + 1)) / k` with `k = (1 - confidence) T` and losses from the
/// worst one on; of a tail shorter than one scenario the largest loss.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tail {
    returns: Matrix,
    loss: Loss,
    /// `k`.
    count: f64,
}

impl Tail {
    /// From a window of returns, oldest first.
    pub fn new(returns: Matrix, confidence: f64, loss: Loss) -> Result<Self> {
        if returns.rows() == 0 || returns.cols() == 0 {
            let (rows, assets) = (returns.rows(), returns.cols());
            return Err(Error::Invalid(format!("{rows} scenarios of {assets} assets")));
        }
        if returns.values().iter().any(|value| !value.is_finite()) {
            return Err(Error::Invalid("a return of a scenario is not finite".to_owned()));
        }
        if !(confidence > 0.0 && confidence < 1.0) {
            let what = format!("the confidence is {confidence}; it must be between 0 and 1");
            return Err(Error::Invalid(what));
        }
        let count = (1.0 - confidence) * returns.rows() as f64;
        let whole = count.round();
        let is_whole = whole > 0.0 && (count - whole).abs() <= WHOLE * whole;
        Ok(Self { returns, loss, count: if is_whole { whole } else { count } })
    }

    pub fn assets(&self) -> usize {
        self.returns.cols()
    }

    /// What a unit of each asset alone loses up to each row, or in it, so that losses are sums of products.
    pub fn losses_of_assets(&self) -> Matrix {
        let (rows, n) = (self.returns.rows(), self.returns.cols());
        let mut values: Vec<f64> = self.returns.values().iter().map(|value| -value).collect();
        if self.is_of_drawdowns() {
            for at in n..values.len() {
                values[at] += values[at - n];
            }
        }
        Matrix::from_rows(rows, n, values)
    }

    /// `k`.
    pub fn count(&self) -> f64 {
        self.count
    }

    /// Whether losses are drawdowns.
    pub fn is_of_drawdowns(&self) -> bool {
        self.loss == Loss::Drawdown
    }

    /// Its mean loss at a portfolio.
    pub fn of(&self, w: &[f64]) -> f64 {
        let mut losses = self.losses(w);
        losses.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut left = self.count;
        let mut sum = 0.0;
        for loss in losses {
            let share = left.min(1.0);
            sum += share * loss;
            left -= share;
            if left <= 0.0 {
                break;
            }
        }
        sum / self.count
    }

    /// What each asset adds to the mean loss at a portfolio; they add up to it.
    ///
    /// A loss that is partly in the tail counts in part, of losses that tie the one of the earlier row first, and a
    /// drawdown is measured from the first of its peaks.
    pub fn contributions(&self, w: &[f64]) -> Vec<f64> {
        let assets = self.losses_of_assets();
        let below = assets.times(w);
        let (mut losses, mut peaks) = (below.clone(), vec![None; below.len()]);
        if self.is_of_drawdowns() {
            let (mut least, mut peak) = (0.0, None);
            for (row, now) in below.iter().enumerate() {
                if *now < least {
                    (least, peak) = (*now, Some(row));
                }
                (losses[row], peaks[row]) = (now - least, peak);
            }
        }
        let mut order: Vec<usize> = (0..losses.len()).collect();
        order.sort_by(|&a, &b| losses[b].total_cmp(&losses[a]).then(a.cmp(&b)));
        let (mut left, mut sums) = (self.count, vec![0.0; w.len()]);
        for row in order {
            let share = left.min(1.0) / self.count;
            for (asset, sum) in sums.iter_mut().enumerate() {
                let from = peaks[row].map_or(0.0, |peak| assets[(peak, asset)]);
                *sum += share * (assets[(row, asset)] - from);
            }
            left -= 1.0;
            if left <= 0.0 {
                break;
            }
        }
        sums.iter().zip(w).map(|(sum, w)| sum * w).collect()
    }

    /// What is lost in each scenario.
    fn losses(&self, w: &[f64]) -> Vec<f64> {
        let returns = self.returns.iter_rows().map(|row| dot(row, w));
        match self.loss {
            Loss::Return => returns.map(|value| -value).collect(),
            Loss::Drawdown => {
                let fallen = |below: &mut f64, value: f64| {
                    *below = (*below - value).max(0.0);
                    Some(*below)
                };
                returns.scan(0.0, fallen).collect()
            }
        }
    }

    /// The typical size of a return: what a program is measured in.
    pub fn size(&self) -> f64 {
        let values = self.returns.values();
        let mean = values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
        if mean > 0.0 { mean } else { 1.0 }
    }

    /// `aversion` times its mean loss in the objective of a program, all of it in units of [`size`](Self::size):
    /// `a + sum (l_t - a)^+ / k` at its least.
    ///
    /// Rockafellar & Uryasev (2000), Optimization of conditional value-at-risk.
    pub fn cone(&self, program: &mut Program, aversion: f64) {
        let (rows, unit) = (self.returns.rows(), self.size());
        let quantile = program.add_variables(1);
        let first = program.add_variables(rows);
        program.linear[quantile] = aversion;
        program.linear[first..first + rows].fill(aversion / self.count);
        let drawdowns = (self.loss == Loss::Drawdown).then(|| program.add_variables(rows));
        let start = program.rhs.len();
        for (t, row) in self.returns.iter_rows().enumerate() {
            let above = first + t;
            program.row([(above, -1.0)], 0.0);
            let own = row.iter().enumerate().map(|(i, value)| (i, -value / unit));
            let Some(below) = drawdowns else {
                program.row(own.chain([(quantile, -1.0), (above, -1.0)]), 0.0);
                continue;
            };
            let now = below + t;
            program.row([(now, 1.0), (quantile, -1.0), (above, -1.0)], 0.0);
            program.row([(now, -1.0)], 0.0);
            let before = (t > 0).then(|| (now - 1, 1.0));
            program.row(own.chain(before).chain([(now, -1.0)]), 0.0);
        }
        program.close(start, Cone::NonNegative);
    }
}
