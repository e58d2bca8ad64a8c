//! Sums over blocks of rows in constant time.

use super::resampler::Block;

/// Prefix sums of `K` columns.
///
/// The columns should have means near zero, so that a difference of two prefix sums loses nothing.
#[derive(Debug, Clone)]
pub(super) struct Prefix<const K: usize> {
    /// Row `t` has the sums over rows `0..t`.
    sums: Vec<[f64; K]>,
}

impl<const K: usize> Prefix<K> {
    pub(super) fn new(rows: impl Iterator<Item = [f64; K]>) -> Self {
        let mut total = [0.0; K];
        let mut sums = vec![total];
        sums.extend(rows.map(|row| {
            total = plus(total, row);
            total
        }));
        Self { sums }
    }

    pub(super) fn rows(&self) -> usize {
        self.sums.len() - 1
    }

    /// The sums over all rows.
    pub(super) fn total(&self) -> [f64; K] {
        self.sums[self.rows()]
    }

    /// The sums over a block.
    #[inline]
    pub(super) fn over(&self, block: Block) -> [f64; K] {
        let (ahead, wrapped) = block.split(self.rows());
        let sum = minus(self.sums[block.start + ahead], self.sums[block.start]);
        if wrapped == 0 { sum } else { plus(sum, self.sums[wrapped]) }
    }
}

#[inline]
pub(super) fn plus<const K: usize>(a: [f64; K], b: [f64; K]) -> [f64; K] {
    std::array::from_fn(|k| a[k] + b[k])
}

#[inline]
fn minus<const K: usize>(a: [f64; K], b: [f64; K]) -> [f64; K] {
    std::array::from_fn(|k| a[k] - b[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_blocks_by_hand() {
        let prefix = Prefix::new([1.0, 2.0, 4.0, 8.0].into_iter().map(|x| [x, -x]));
        assert_eq!(prefix.over(Block { start: 1, length: 2 }), [6.0, -6.0]);
        assert_eq!(prefix.over(Block { start: 3, length: 3 }), [11.0, -11.0]);
        assert_eq!(prefix.over(Block { start: 2, length: 4 }), prefix.total());
        assert_eq!(prefix.rows(), 4);
    }
}
