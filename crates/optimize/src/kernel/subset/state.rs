//! Where an interrupted search stands.
//!
//! A search goes through stages. At the beginning of some of them the best portfolio known and a few
//! counts are all that the rest of the search depends on, besides the program: a search that begins there
//! with these numbers is the same to the bit. Only such places are kept, and the last of them is where the
//! search goes on; what was done since is done again.

use walkfolio_core::random::mixed;

use super::rules::{SearchLimits, Sparse};

/// A place in a search at which the best portfolio known and some counts decide the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// A round of new starts for many assets, and how many before it found nothing better.
    Round { number: u64, idle: u64 },
    /// The tree, before its first node.
    Tree,
}

/// Where an interrupted search stands: a place at which it goes on to the same bits, in the same program.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchState {
    /// The program and its limits, as a hash.
    pub(crate) program: [u64; 2],
    pub(super) stage: Stage,
    pub(super) work: u64,
    pub(super) pivots: u64,
    pub(super) value: f64,
    pub(super) x: Vec<f64>,
}

impl SearchState {
    /// As numbers.
    pub(crate) fn words(&self) -> Vec<u64> {
        let (number, idle) = match self.stage {
            Stage::Round { number, idle } => (number, idle),
            Stage::Tree => (u64::MAX, 0),
        };
        let [one, two] = self.program;
        let mut words = vec![one, two, number, idle, self.work, self.pivots, self.value.to_bits()];
        words.extend(self.x.iter().map(|x| x.to_bits()));
        words
    }

    /// From numbers, unless they can be none.
    pub(crate) fn of(words: &[u64]) -> Option<Self> {
        let (&[one, two, number, idle, work, pivots, value], x) = words.split_first_chunk()?;
        let stage = if number == u64::MAX { Stage::Tree } else { Stage::Round { number, idle } };
        let (value, x) = (f64::from_bits(value), x.iter().map(|x| f64::from_bits(*x)).collect());
        Some(Self { program: [one, two], stage, work, pivots, value, x })
    }
}

/// A hash of all that a search depends on.
pub(crate) fn fingerprint(
    program: &Sparse<'_>,
    limits: &SearchLimits,
    start: Option<&[f64]>,
) -> [u64; 2] {
    let mut hash = [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344];
    let mut add = |word: u64| {
        hash = [mixed(hash[0] ^ word), mixed(hash[1].rotate_left(23) ^ word)];
    };
    let count = |count: Option<usize>| count.map_or(u64::MAX, |count| count as u64);
    for values in [program.g.values(), program.c, program.a.values(), program.lo, program.hi] {
        add(values.len() as u64);
        for value in values {
            add(value.to_bits());
        }
    }
    for value in [program.constant, program.min_position.unwrap_or(-1.0), limits.gap] {
        add(value.to_bits());
    }
    for value in [count(program.max_holdings), count(program.min_holdings), limits.nodes] {
        add(value);
    }
    let trading = program.trading.iter();
    for values in trading.flat_map(|trading| [trading.from, trading.costs]) {
        for value in values {
            add(value.to_bits());
        }
    }
    let most = program.trading.and_then(|trading| trading.max_turnover).unwrap_or(-1.0);
    [most.to_bits(), limits.work].into_iter().for_each(&mut add);
    start.unwrap_or_default().iter().for_each(|value| add(value.to_bits()));
    hash
}
