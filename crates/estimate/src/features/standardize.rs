//! Comparison of a feature across the assets of one month-end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a feature is standardized across the assets of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standardize {
    /// Not at all.
    #[default]
    None,
    /// Mean 0, standard deviation 1.
    // `(x - mean) / std` with `ddof = 0`; 0 where all are equal.
    ZScore,
    /// Ranks from -0.5 to 0.5.
    // `(rank - 1) / (n - 1) - 0.5`; equal values share their mean rank, a single one has 0.
    Rank,
}

impl Standardize {
    /// Standardizes one feature over the values that are present; missing ones stay missing.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_estimate::features::Standardize;
    ///
    /// let values = [Some(3.0), None, Some(7.0), Some(3.0)];
    /// // The two smallest share rank 1.5: 0.5 / 2 - 0.5.
    /// let ranks = Standardize::Rank.column(&values);
    /// assert_eq!(ranks, [Some(-0.25), None, Some(0.5), Some(-0.25)]);
    /// ```
    pub fn column(self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        let present: Vec<f64> = values.iter().flatten().copied().collect();
        let mut done = match self {
            Self::None => return values.to_vec(),
            Self::ZScore => z_scores(&present),
            Self::Rank => centred_ranks(&present),
        }
        .into_iter();
        values.iter().map(|value| value.and_then(|_| done.next())).collect()
    }

    /// Standardizes a table of assets by features, one feature after the other.
    ///
    /// # Shape and units
    /// As [`cross_section`](super::cross_section()) gives it: rows of the same length.
    pub fn table(self, table: &mut [Vec<Option<f64>>]) {
        let columns = if self == Self::None { 0 } else { table.first().map_or(0, Vec::len) };
        for feature in 0..columns {
            let column: Vec<Option<f64>> = table.iter().map(|row| row[feature]).collect();
            for (row, value) in table.iter_mut().zip(self.column(&column)) {
                row[feature] = value;
            }
        }
    }
}

/// `(x - mean) / std` with `ddof = 0`; all 0 where all values are equal.
pub(crate) fn z_scores(values: &[f64]) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let deviation = (square / n).sqrt();
    // Equal values may miss their own mean by a rounding error.
    if deviation <= 0.0 || values.iter().all(|value| *value == values[0]) {
        return vec![0.0; values.len()];
    }
    values.iter().map(|value| (value - mean) / deviation).collect()
}

fn centred_ranks(values: &[f64]) -> Vec<f64> {
    if values.len() < 2 {
        return vec![0.0; values.len()];
    }
    let last = (values.len() - 1) as f64;
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        // Counted from 0, the mean rank of the equal values.
        let mean = below as f64 + (equal - 1) as f64 / 2.0;
        mean / last - 0.5
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn z_scores_by_hand() {
        // Mean 3, deviations -2, 0, 2, population variance 8 / 3.
        let scores = Standardize::ZScore.column(&[Some(1.0), Some(3.0), None, Some(5.0)]);
        let expected = 1.5f64.sqrt();
        for (score, expected) in
            scores.iter().zip([Some(-expected), Some(0.0), None, Some(expected)])
        {
            assert_eq!(score.is_some(), expected.is_some());
            assert!((score.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-15);
        }
    }

    #[test]
    fn equal_single_and_missing_values() {
        for way in [Standardize::ZScore, Standardize::Rank] {
            // Three times 0.1 has a mean that is not 0.1.
            assert_eq!(way.column(&[Some(0.1); 3]), [Some(0.0); 3]);
            assert_eq!(way.column(&[None, Some(4.0)]), [None, Some(0.0)]);
            assert_eq!(way.column(&[None, None]), [None, None]);
            assert_eq!(way.column(&[]), []);
        }
        assert_eq!(Standardize::None.column(&[None, Some(4.0)]), [None, Some(4.0)]);
    }

    #[test]
    fn a_table_is_standardized_by_feature() {
        let mut table =
            vec![vec![Some(1.0), Some(9.0)], vec![Some(2.0), None], vec![Some(4.0), Some(3.0)]];
        Standardize::Rank.table(&mut table);
        assert_eq!(
            table,
            [vec![Some(-0.5), Some(0.5)], vec![Some(0.0), None], vec![Some(0.5), Some(-0.5)]]
        );
        Standardize::ZScore.table(&mut []);
    }
}
