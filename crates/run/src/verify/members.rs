//! An ensemble by its members, each held against another method.

use walkfolio_optimize::Mandate;

use super::decision::confirm;
use super::verdict::Verdict;

/// Means that differ by less are the same.
const SAME: f64 = 1e-5;
/// Members that are the best to the tolerance of their solvers may have means that differ by so much.
const NEAR: f64 = 1e-3;

/// Whether weights are the mean of the members' portfolios, solved again from nothing and confirmed one by one.
pub(super) fn mean_of(members: &[(Mandate, f64)], weights: &[f64]) -> Result<Verdict, String> {
    let mut mean = vec![0.0; weights.len()];
    let mut gap = Some(0.0f64);
    for (member, share) in members {
        let solved = member.solve().map_err(|error| error.to_string())?;
        gap = match (confirm(member, &solved.weights, &solved.report)?, gap) {
            (Verdict::Confirmed(own), Some(gap)) => Some(gap.max(own)),
            _ => None,
        };
        mean.iter_mut().zip(&solved.weights).for_each(|(sum, w)| *sum += share * w);
    }
    let apart = mean.iter().zip(weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    match gap {
        _ if apart > NEAR => {
            Err(format!("the weights are {apart:.4} from the mean of the members' portfolios"))
        }
        Some(gap) if apart <= SAME => Ok(Verdict::Confirmed(gap)),
        _ => Ok(Verdict::Unconfirmed),
    }
}
