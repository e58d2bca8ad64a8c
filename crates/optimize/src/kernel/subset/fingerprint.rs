//! Which search a state belongs to.

use walkfolio_core::random::mixed;

use super::rules::{SearchLimits, Sparse};

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
