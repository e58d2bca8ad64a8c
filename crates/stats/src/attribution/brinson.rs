//! Allocation, selection and interaction of one period, by groups of assets.

/// A group of assets in one period, in the portfolio and in its benchmark.
///
/// # Shape and units
/// Weights are fractions of equity, returns simple returns of the period as fractions.
/// # Examples
/// See [`effects`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Its weight in the portfolio.
    pub portfolio_weight: f64,
    /// Its weight in the benchmark.
    pub benchmark_weight: f64,
    /// What the portfolio's part earned; `None` where the portfolio holds nothing of it.
    pub portfolio_return: Option<f64>,
    /// What the benchmark's part earned; `None` where the benchmark holds nothing of it.
    pub benchmark_return: Option<f64>,
}

/// What a group added to the active return of a period.
///
/// # Examples
/// See [`effects`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effects {
    /// `(w_P - w_B) (r_B,g - r_B)`: more or less of the group than the benchmark has.
    pub allocation: f64,
    /// `w_B (r_P,g - r_B,g)`: other assets of the group than the benchmark has.
    pub selection: f64,
    /// `(w_P - w_B) (r_P,g - r_B,g)`: both at once.
    pub interaction: f64,
}

impl Effects {
    /// Their sum.
    pub fn total(&self) -> f64 {
        self.allocation + self.selection + self.interaction
    }
}

/// The effects of each group in one period.
///
/// They add up to `sum w_P r_P,g - sum w_B r_B,g`, the active return, where the weights of the portfolio
/// and those of the benchmark have the same sum; uninvested equity is a group that earns 0. A missing
/// return of a group is that of the other side: then selection and interaction are 0. A group that both
/// lack has no effect.
///
/// # Shape and units
/// One result for each group; fractions.
/// # Source
/// Brinson & Fachler (1985), Measuring non-U.S. equity portfolio performance, Journal of Portfolio
/// Management 11(3).
/// # Examples
/// ```
/// use walkfolio_stats::attribution::brinson::{Group, effects};
///
/// let group = |own: (f64, f64), other: (f64, f64)| Group {
///     portfolio_weight: own.0,
///     benchmark_weight: other.0,
///     portfolio_return: Some(own.1),
///     benchmark_return: Some(other.1),
/// };
/// // The benchmark returns 0.5 * 4 % + 0.5 * 2 % = 3 %, the portfolio 0.8 * 5 % + 0.2 * 2 % = 4.4 %.
/// let found = effects(&[group((0.8, 0.05), (0.5, 0.04)), group((0.2, 0.02), (0.5, 0.02))]);
/// assert!((found[0].allocation - 0.3 * 0.01).abs() < 1e-15);
/// assert!((found[0].selection - 0.5 * 0.01).abs() < 1e-15);
/// assert!((found[0].interaction - 0.3 * 0.01).abs() < 1e-15);
/// assert!((found[1].allocation - 0.3 * 0.01).abs() < 1e-15);
/// let sum: f64 = found.iter().map(|one| one.total()).sum();
/// assert!((sum - 0.014).abs() < 1e-15);
/// ```
pub fn effects(groups: &[Group]) -> Vec<Effects> {
    let benchmark: f64 = groups
        .iter()
        .filter_map(|group| Some(group.benchmark_weight * group.benchmark_return?))
        .sum();
    groups.iter().map(|group| of_group(group, benchmark)).collect()
}

fn of_group(group: &Group, benchmark: f64) -> Effects {
    let own = group.portfolio_return.or(group.benchmark_return);
    let other = group.benchmark_return.or(group.portfolio_return);
    let (Some(own), Some(other)) = (own, other) else { return Effects::default() };
    let active = group.portfolio_weight - group.benchmark_weight;
    Effects {
        allocation: active * (other - benchmark),
        selection: group.benchmark_weight * (own - other),
        interaction: active * (own - other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group(own: (f64, Option<f64>), other: (f64, Option<f64>)) -> Group {
        Group {
            portfolio_weight: own.0,
            benchmark_weight: other.0,
            portfolio_return: own.1,
            benchmark_return: other.1,
        }
    }

    #[test]
    fn a_group_that_one_side_lacks_is_allocation_alone() {
        let groups = [
            group((0.0, None), (0.4, Some(0.05))),
            group((0.3, Some(0.02)), (0.0, None)),
            group((0.7, Some(0.01)), (0.6, Some(0.03))),
            group((0.0, None), (0.0, None)),
        ];
        let found = effects(&groups);
        let benchmark = 0.4 * 0.05 + 0.6 * 0.03;
        assert!((found[0].allocation + 0.4 * (0.05 - benchmark)).abs() < 1e-16);
        assert!((found[1].allocation - 0.3 * (0.02 - benchmark)).abs() < 1e-16);
        for one in &found[..2] {
            assert_eq!((one.selection, one.interaction), (0.0, 0.0));
        }
        assert_eq!(found[3], Effects::default());
        let sum: f64 = found.iter().map(Effects::total).sum();
        assert!((sum - (0.3 * 0.02 + 0.7 * 0.01 - benchmark)).abs() < 1e-16);
    }

    proptest! {
        #[test]
        fn effects_add_up_to_the_active_return(
            parts in prop::collection::vec((0.01f64..1.0, 0.01f64..1.0, -0.5f64..0.5, -0.5f64..0.5), 1..9)
        ) {
            let sums = parts.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            let groups: Vec<Group> = parts
                .iter()
                .map(|one| group((one.0 / sums.0, Some(one.2)), (one.1 / sums.1, Some(one.3))))
                .collect();
            let active: f64 = groups
                .iter()
                .map(|one| {
                    one.portfolio_weight * one.portfolio_return.unwrap()
                        - one.benchmark_weight * one.benchmark_return.unwrap()
                })
                .sum();
            let sum: f64 = effects(&groups).iter().map(Effects::total).sum();
            prop_assert!((sum - active).abs() <= 1e-14, "{sum} {active}");
        }
    }
}
