//! Whether choosing the best trial finds anything that lasts.
//!
//! Combinatorially symmetric cross-validation: the rows are cut into blocks, each half of the
//! blocks once chooses the trial with the best Sharpe ratio, and the other half says where that
//! trial ranks among all. Where choosing finds noise, the winner is as often below as above the
//! median of the other half.

mod splits;

use rayon::prelude::*;

use super::complete::are_complete;
use crate::measures::relative::{Line, least_squares};
use splits::{Choice, Trials, halves};

/// The number of blocks that the authors use: 12,870 splits.
pub const BLOCKS: usize = 16;

/// The most blocks: 184,756 splits.
const MOST_BLOCKS: usize = 20;

/// What happens out of sample to trials chosen in sample.
///
/// Lists have one entry a split, complementary splits side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Overfitting {
    /// Share of the splits in which the chosen trial is not above the median: logits of at most 0.
    pub probability: f64,
    /// Share of the splits in which the chosen trial has a negative Sharpe ratio out of sample.
    pub probability_of_loss: f64,
    /// The Sharpe ratio of the chosen out of sample, regressed on that in sample, both per session;
    /// `None` if the latter does not vary. A slope below 0 means that better looks end worse.
    pub degradation: Option<Line>,
    /// `ln(w / (1 - w))`, `w` the rank of the chosen out of sample over `N + 1`.
    pub logits: Vec<f64>,
    /// The Sharpe ratios per session of the chosen, in sample and out of sample.
    pub sharpe_ratios: Vec<(f64, f64)>,
    /// Which trial was chosen, by its index.
    pub chosen: Vec<usize>,
    /// How many splits.
    pub splits: usize,
    /// How many blocks.
    pub blocks: usize,
    /// How many rows were used, the last ones of the series.
    pub rows: usize,
}

/// Probability of backtest overfitting by combinatorially symmetric cross-validation.
///
/// The first `T mod S` rows are left out, so that all `S` blocks have the same length. Among equal
/// Sharpe ratios in sample the first trial is chosen, out of sample it has the middle one of their
/// ranks. A trial that does not vary in a half has the Sharpe ratio 0 there: it takes no risk
/// (cash, or what is left after a wipeout).
///
/// Blocks, not rows, are exchanged: dependence that is shorter than a block is kept. Sums over
/// blocks make a split cost blocks times trials. The splits run in parallel; their result does not
/// depend on the threads.
///
/// # Shape and units
/// The excess returns of `N` trials, `T` each, same dates, and an even number `S` of blocks
/// from 2 to 20, [`BLOCKS`] by default. `None` if `N < 2`, lengths differ, `T < S`, a half has
/// fewer than two rows, a trial does not vary at all, or a value is not finite.
/// # Source
/// Bailey, Borwein, Lopez de Prado & Zhu (2017), The Probability of Backtest Overfitting, Journal
/// of Computational Finance 20(4).
/// # Examples
/// ```
/// use walkfolio_stats::inference::overfitting::overfitting;
///
/// // The second trial is better in every row: it wins both halves of each split.
/// let worse: Vec<f64> = (0..80).map(|t| f64::from(t * 7 % 10 - 5) * 1e-3).collect();
/// let better: Vec<f64> = worse.iter().map(|r| r + 0.002).collect();
/// let found = overfitting(&[&worse, &better], 4).unwrap();
/// assert_eq!((found.probability, found.splits), (0.0, 6));
/// // Rank 2 of 2: ln((2/3) / (1/3)).
/// assert!(found.logits.iter().all(|logit| (logit - 2_f64.ln()).abs() < 1e-15));
/// ```
pub fn overfitting(trials: &[&[f64]], blocks: usize) -> Option<Overfitting> {
    let even = blocks >= 2 && blocks.is_multiple_of(2) && blocks <= MOST_BLOCKS;
    if !even || trials.len() < 2 || !are_complete(trials, blocks.max(4)) {
        return None;
    }
    let sums = Trials::new(trials, blocks)?;
    let choices: Vec<[Choice; 2]> = halves(blocks)
        .into_par_iter()
        .map_init(|| sums.scratch(), |scratch, half| sums.choose(half, scratch))
        .collect();
    let rows = trials[0].len() - trials[0].len() % blocks;
    Some(summary(choices.as_flattened(), blocks, rows))
}

fn summary(choices: &[Choice], blocks: usize, rows: usize) -> Overfitting {
    let share = |holds: fn(&Choice) -> bool| {
        choices.iter().filter(|choice| holds(choice)).count() as f64 / choices.len() as f64
    };
    let in_sample: Vec<f64> = choices.iter().map(|choice| choice.in_sample).collect();
    let out_of_sample: Vec<f64> = choices.iter().map(|choice| choice.out_of_sample).collect();
    Overfitting {
        probability: share(|choice| choice.logit <= 0.0),
        probability_of_loss: share(|choice| choice.out_of_sample < 0.0),
        degradation: least_squares(&in_sample, &out_of_sample),
        logits: choices.iter().map(|choice| choice.logit).collect(),
        sharpe_ratios: in_sample.into_iter().zip(out_of_sample).collect(),
        chosen: choices.iter().map(|choice| choice.trial).collect(),
        splits: choices.len(),
        blocks,
        rows,
    }
}

#[cfg(test)]
mod tests;
