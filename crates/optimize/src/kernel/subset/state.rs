//! Where an interrupted search stands.
//!
//! A search goes through stages. At the beginning of some of them the best portfolio known and a few
//! counts are all that the rest of the search depends on, besides the program: a search that begins there
//! with these numbers is the same to the bit. Only such places are kept, and the last of them is where the
//! search goes on; what was done since is done again.

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
