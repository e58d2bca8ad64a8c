//! Prefix sums that lose no digits to what came long before.

use std::ops::Range;

use crate::Row;

/// The most memory that one block of sums may take: 64 MiB.
const MOST_BYTES: usize = 64 << 20;

/// Prefix sums of the same quantities on every row: row `t` holds the sums over rows `0..t`.
///
/// A plain prefix sum keeps the last digits of its total only, so that a calm month would inherit
/// the rounding of every crisis before it. Each sum is therefore a pair: the sum, and what was lost
/// in rounding it. A difference of two pairs is as exact as the sum over the window itself.
///
/// # Source
/// Neumaier (1974), `ZAMM` 54, with the error term of Knuth (1969), section 4.2.2, theorem B.
#[derive(Debug)]
pub(crate) struct Sums {
    width: usize,
    /// By rows: `width` sums, then `width` corrections.
    values: Vec<f64>,
}

impl Sums {
    /// Sums of the products that `fill` writes for a row, before each of `rows` rows.
    ///
    /// `None` if they would take more than [`MOST_BYTES`], which the market's shape alone decides.
    pub(crate) fn new(
        rows: usize,
        width: usize,
        mut fill: impl FnMut(Row, &mut [f64]),
    ) -> Option<Self> {
        let count = rows.checked_mul(2 * width)?;
        if count > MOST_BYTES / size_of::<f64>() {
            return None;
        }
        let mut values = vec![0.0; count];
        let mut products = vec![0.0; width];
        for row in 1..rows {
            fill(row - 1, &mut products);
            let (before, after) = values.split_at_mut(row * 2 * width);
            let (sums, lost) = before[(row - 1) * 2 * width..].split_at(width);
            let (new_sums, new_lost) = after[..2 * width].split_at_mut(width);
            let old = sums.iter().zip(lost).zip(&products);
            for ((new_sum, new_lost), ((sum, lost), product)) in
                new_sums.iter_mut().zip(new_lost).zip(old)
            {
                let (sum, error) = two_sum(*sum, *product);
                *new_sum = sum;
                *new_lost = lost + error;
            }
        }
        Some(Self { width, values })
    }

    /// The sums over a window of rows.
    pub(crate) fn over(&self, window: &Range<Row>) -> Window<'_> {
        let row =
            |t: Row| self.values[t * 2 * self.width..(t + 1) * 2 * self.width].split_at(self.width);
        Window { start: row(window.start), end: row(window.end) }
    }
}

/// `a + b` and the rounding error of that sum.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let rest = sum - a;
    (sum, (a - (sum - rest)) + (b - rest))
}

/// Two rows of prefix sums; their difference is the sums over the rows between.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    start: (&'a [f64], &'a [f64]),
    end: (&'a [f64], &'a [f64]),
}

impl Window<'_> {
    /// The sum in one column.
    pub(crate) fn value(&self, column: usize) -> f64 {
        let difference = self.end.0[column] - self.start.0[column];
        difference + (self.end.1[column] - self.start.1[column])
    }

    /// Appends the sums of adjacent columns to `out`.
    pub(crate) fn append(&self, columns: Range<usize>, out: &mut Vec<f64>) {
        let sums = self.end.0[columns.clone()].iter().zip(&self.start.0[columns.clone()]);
        let lost = self.end.1[columns.clone()].iter().zip(&self.start.1[columns]);
        out.extend(sums.zip(lost).map(|((end, start), (e, s))| (end - start) + (e - s)));
    }

    /// The records of some assets, one after the other: asset `i` has the `length` columns from
    /// `head + i * length`.
    pub(crate) fn records(&self, head: usize, length: usize, assets: &[usize]) -> Vec<f64> {
        let mut out = Vec::with_capacity(assets.len() * length);
        for run in assets.chunk_by(|a, b| a + 1 == *b) {
            let first = head + run[0] * length;
            self.append(first..first + run.len() * length, &mut out);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_forgets_a_large_past() {
        let values = [1e8, 0.1, 0.2, 0.3, 0.0];
        let sums = Sums::new(values.len(), 1, |row, out| out[0] = values[row]).unwrap();
        assert!((sums.over(&(1..4)).value(0) - 0.6).abs() < 1e-15);
        assert_eq!(sums.over(&(0..1)).value(0).to_bits(), 1e8f64.to_bits());
        // Without the corrections the window keeps half of its digits.
        assert!(((1e8 + 0.1 + 0.2 + 0.3) - 1e8 - 0.6f64).abs() > 1e-9);
    }

    #[test]
    fn records_follow_the_order_of_the_assets() {
        // A head of one column, then three assets of two columns each.
        let row = [9.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5];
        let sums = Sums::new(3, 7, |_, out| out.copy_from_slice(&row)).unwrap();
        let window = sums.over(&(1..2));
        assert_eq!(window.records(1, 2, &[2, 0, 1]), [2.0, 2.5, 0.0, 0.5, 1.0, 1.5]);
    }

    #[test]
    fn more_than_64_mib_are_not_kept() {
        let unused = |_: Row, _: &mut [f64]| unreachable!("nothing is summed");
        assert!(Sums::new(4_300, 1_000, unused).is_none());
    }
}
