//! The splits of the blocks and what each chooses.

use crate::inference::complete::ROUNDING;
use crate::measures::moments::{NEGLIGIBLE, mean, standard_deviation};

/// Half of the blocks, one bit each.
pub(super) type Half = u32;

/// All halves of so many blocks that have the first block: with their complements all splits.
pub(super) fn halves(blocks: usize) -> Vec<Half> {
    let all: Half = (1 << blocks) - 1;
    let half = blocks / 2;
    (1..=all).step_by(2).filter(|bits| bits.count_ones() as usize == half).collect()
}

/// The trial that one half chose, and what became of it in the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Choice {
    pub(super) trial: usize,
    pub(super) in_sample: f64,
    pub(super) out_of_sample: f64,
    pub(super) logit: f64,
}

/// Sums of trials over blocks.
pub(super) struct Trials {
    blocks: usize,
    rows_of_half: f64,
    means: Vec<f64>,
    /// For each block the sums of the trials' deviations from their means, then of the squares.
    sums: Vec<Vec<f64>>,
}

/// The sums over a half and its Sharpe ratios, for both halves.
pub(super) type Scratch = [(Vec<f64>, Vec<f64>); 2];

impl Trials {
    /// `None` if a trial does not vary.
    pub(super) fn new(trials: &[&[f64]], blocks: usize) -> Option<Self> {
        let length = trials[0].len() / blocks;
        let first = trials[0].len() % blocks;
        let mut means = Vec::with_capacity(trials.len());
        let mut sums = vec![vec![0.0; 2 * trials.len()]; blocks];
        for (index, trial) in trials.iter().enumerate() {
            let used = &trial[first..];
            standard_deviation(used).filter(|deviation| *deviation > NEGLIGIBLE)?;
            let mean = mean(used)?;
            means.push(mean);
            for (block, rows) in sums.iter_mut().zip(used.chunks_exact(length)) {
                block[index] = rows.iter().map(|r| r - mean).sum();
                block[trials.len() + index] = rows.iter().map(|r| (r - mean) * (r - mean)).sum();
            }
        }
        Some(Self { blocks, rows_of_half: (length * blocks / 2) as f64, means, sums })
    }

    pub(super) fn scratch(&self) -> Scratch {
        let count = self.means.len();
        [(); 2].map(|()| (vec![0.0; 2 * count], vec![0.0; count]))
    }

    /// What the half chooses for its complement, and the complement for it.
    pub(super) fn choose(&self, half: Half, scratch: &mut Scratch) -> [Choice; 2] {
        for (side, (sums, ratios)) in [half, !half].into_iter().zip(scratch.iter_mut()) {
            self.add_up(side, sums);
            self.ratios(sums, ratios);
        }
        let [(_, first), (_, second)] = &*scratch;
        [choice(first, second), choice(second, first)]
    }

    fn add_up(&self, half: Half, total: &mut [f64]) {
        total.fill(0.0);
        for block in (0..self.blocks).filter(|block| half >> block & 1 == 1) {
            for (total, sum) in total.iter_mut().zip(&self.sums[block]) {
                *total += sum;
            }
        }
    }

    /// Sharpe ratios per session, the deviation with `n - 1`.
    fn ratios(&self, sums: &[f64], ratios: &mut [f64]) {
        let rows = self.rows_of_half;
        let (sums, squares) = sums.split_at(self.means.len());
        let moments = self.means.iter().zip(sums).zip(squares);
        for (ratio, ((mean, sum), square)) in ratios.iter_mut().zip(moments) {
            let variance = (square - sum * sum / rows) / (rows - 1.0);
            let value = (mean + sum / rows) / variance.sqrt();
            let least = (ROUNDING * square).max(NEGLIGIBLE * NEGLIGIBLE);
            *ratio = if variance > least { value } else { 0.0 };
        }
    }
}

fn choice(in_sample: &[f64], out_of_sample: &[f64]) -> Choice {
    let better = |best: usize, trial: usize| {
        if in_sample[trial] > in_sample[best] { trial } else { best }
    };
    let trial = (1..in_sample.len()).fold(0, better);
    let ratio = out_of_sample[trial];
    let below = out_of_sample.iter().filter(|other| **other < ratio).count() as f64;
    let equal = out_of_sample.iter().filter(|other| **other == ratio).count() as f64;
    // The middle of the ranks `below + 1` to `below + equal`.
    let rank = below + f64::midpoint(1.0, equal);
    let rest = (in_sample.len() + 1) as f64 - rank;
    Choice {
        trial,
        in_sample: in_sample[trial],
        out_of_sample: ratio,
        logit: libm::log(rank / rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_with_the_first_block() {
        assert_eq!(halves(4), [0b0011, 0b0101, 0b1001]);
        assert_eq!(halves(2), [0b01]);
        assert_eq!(halves(16).len() * 2, 12_870);
    }

    #[test]
    fn equal_trials_share_their_ranks() {
        let even = choice(&[0.1, 0.1, 0.1], &[0.2, 0.2, 0.2]);
        assert_eq!((even.trial, even.logit), (0, 0.0));
        // The chosen is the lowest of three: rank 1, ln(1 / 3).
        let worst = choice(&[0.1, 0.3, 0.2], &[0.2, 0.0, 0.1]);
        assert_eq!(worst.trial, 1);
        assert!((worst.logit - (1.0_f64 / 3.0).ln()).abs() < 1e-15);
    }

    #[test]
    fn sums_give_the_sharpe_ratio_of_the_rows() {
        let trial = [0.03, -0.01, 0.02, 0.01, -0.02, 0.04, 0.00, 0.05, 0.01];
        let other = trial.map(|r| 0.01 - r);
        let trials = Trials::new(&[&trial, &other], 4).unwrap();
        let (mut scratch, half) = (trials.scratch(), 0b0101);
        trials.choose(half, &mut scratch);
        // The first row is left out; blocks 0 and 2 are rows 1, 2 and 5, 6.
        let rows = [trial[1], trial[2], trial[5], trial[6]];
        let ratio = crate::measures::performance::sharpe_ratio(&rows, 1.0).unwrap();
        assert!((scratch[0].1[0] - ratio).abs() < 1e-14);
    }
}
