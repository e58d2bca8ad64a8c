//! Lines by name, the smallest of them taken together.

use serde::Serialize;

/// Lines that can be told apart in a chart.
pub const MOST: usize = 12;

/// The largest of some lines, and the sum of the others where there are more than [`MOST`].
///
/// The size of a line is the sum of its absolute values.
///
/// # Shape and units
/// Lines of one length, in one unit.
/// # Examples
/// ```
/// use walkfolio_analysis::grouped::{Grouped, MOST};
///
/// // Thirteen assets of 1 %, ..., 13 %: the two smallest are one line of 3 %.
/// let lines = (1..=13).map(|i| (format!("A{i}"), vec![0.01 * f64::from(i)])).collect();
/// let found = Grouped::of(lines);
/// assert_eq!((found.names.len(), found.names[0].as_str()), (MOST - 1, "A3"));
/// let others = found.others.unwrap();
/// assert!(others.count == 2 && (others.sum[0] - 0.03).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grouped {
    /// The names of the lines, in their own order.
    pub names: Vec<String>,
    /// Their values.
    pub lines: Vec<Vec<f64>>,
    /// What is taken together.
    pub others: Option<Others>,
}

/// Lines that are taken together.
///
/// # Examples
/// See [`Grouped`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Others {
    /// How many.
    pub count: usize,
    /// Their sum.
    pub sum: Vec<f64>,
}

impl Grouped {
    /// Groups lines of one length.
    pub fn of(mut all: Vec<(String, Vec<f64>)>) -> Self {
        let others = (all.len() > MOST).then(|| take_smallest(&mut all));
        let (names, lines) = all.into_iter().unzip();
        Self { names, lines, others }
    }
}

/// Takes out all lines but the largest.
fn take_smallest(all: &mut Vec<(String, Vec<f64>)>) -> Others {
    let size = |at: usize| -> f64 { all[at].1.iter().map(|value| value.abs()).sum() };
    let mut by_size: Vec<usize> = (0..all.len()).collect();
    by_size.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let rest = by_size.split_off(MOST - 1);
    let mut sum = vec![0.0; all[0].1.len()];
    for &at in &rest {
        for (sum, value) in sum.iter_mut().zip(&all[at].1) {
            *sum += value;
        }
    }
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        !rest.contains(&(at - 1))
    });
    Others { count: rest.len(), sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> Vec<(String, Vec<f64>)> {
        let size = |at: usize| if at.is_multiple_of(2) { -(at as f64) } else { at as f64 };
        (0..count).map(|at| (at.to_string(), vec![size(at), 1.0])).collect()
    }

    #[test]
    fn few_lines_stay_as_they_are() {
        let found = Grouped::of(lines(MOST));
        assert_eq!((found.names.len(), found.others), (MOST, None));
        assert!(Grouped::of(Vec::new()).names.is_empty());
    }

    #[test]
    fn the_smallest_in_absolute_value_are_summed_with_their_signs() {
        let found = Grouped::of(lines(MOST + 3));
        let others = found.others.unwrap();
        // Four are taken: 0, 1, -2 and 3; the rest keep their order.
        assert_eq!((others.count, others.sum), (4, vec![2.0, 4.0]));
        assert_eq!(found.names.first().map(String::as_str), Some("4"));
        assert_eq!(found.lines[0], [-4.0, 1.0]);
    }
}
