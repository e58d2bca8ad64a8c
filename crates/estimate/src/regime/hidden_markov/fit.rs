//! Maximum likelihood from several starts.

use libm::exp;
use walkfolio_core::random::SplitMix64;

use super::climb::{Climbed, change, climb};
use super::model::GaussianStates;
use super::parameters::{Collapsed, Parameters};
use super::pass::Sample;

/// States of maximum likelihood.
///
/// # Examples
/// See [`fit`].
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianFit {
    /// The states, in the order of their variance.
    pub model: GaussianStates,
    /// The logarithm of their likelihood.
    pub log_likelihood: f64,
    /// How many of the starts collapsed.
    pub collapsed: usize,
}

/// The change of parameters in a step at which a start is far enough to be compared with others.
const ROUGH: f64 = 1e-5;
/// The change at which the best ones have converged.
const FINE: f64 = 1e-11;
/// Log units by which a start may lie behind the best rough one and still be climbed to its end.
const BEHIND: f64 = 20.0;
/// Rough places this near to each other, in the units of a change, lead to the same maximum.
const SAME: f64 = 1e-2;

/// Fits 2 to 4 states with Gaussian returns: from a start by size of returns and random ones.
///
/// The first start sorts the returns by their distance from the median and cuts them into equal parts:
/// their means and variances, a probability of 0.95 to stay. All starts race: each is climbed roughly, and
/// to the end are climbed those that are not far behind and not on the way to the same maximum.
///
/// # Shape and units
/// Returns of a session; at least 2 a state.
/// # Errors
/// [`Collapsed`] if every start collapses.
/// # Panics
/// If `states` is not 2, 3 or 4: a fault of the caller.
/// # Source
/// Baum, Petrie, Soules & Weiss (1970); Hamilton (1990), Analysis of time series subject to changes in regime,
/// Journal of Econometrics 45.
/// # Examples
/// ```
/// use walkfolio_estimate::regime::fit;
///
/// // A hundred small returns, fifty large ones, a hundred small ones.
/// let sign = |t: usize| if t * t % 7 < 4 { 1.0 } else { -1.0 };
/// let size = |t: usize| if (100..150).contains(&t) { 0.03 } else { 0.005 };
/// let varied = |t: usize| 0.5 + (t % 5) as f64 / 4.0;
/// let returns: Vec<f64> = (0..250).map(|t| sign(t) * size(t) * varied(t)).collect();
/// let found = fit(&returns, 2, 8, 0).unwrap();
/// let [calm, turbulent] = found.model.variance[..] else { unreachable!() };
/// assert!(calm.sqrt() < 0.007 && turbulent.sqrt() > 0.02);
/// // Equal returns have no two states.
/// assert!(fit(&[0.01; 100], 2, 8, 0).is_err());
/// ```
pub fn fit(
    returns: &[f64],
    states: usize,
    restarts: usize,
    seed: u64,
) -> Result<GaussianFit, Collapsed> {
    assert!((2..=4).contains(&states), "a hidden Markov model has 2, 3 or 4 states, not {states}");
    match states {
        2 => fit_of::<2>(returns, restarts, seed),
        3 => fit_of::<3>(returns, restarts, seed),
        _ => fit_of::<4>(returns, restarts, seed),
    }
}

fn fit_of<const K: usize>(
    returns: &[f64],
    restarts: usize,
    seed: u64,
) -> Result<GaussianFit, Collapsed> {
    let (mean, variance) = moments(returns);
    if returns.len() < 2 * K || variance <= 0.0 {
        return Err(Collapsed);
    }
    let mut sample = Sample::<K>::of(returns, variance);
    let random = (0..restarts).map(|restart| random_start((mean, variance), seed, restart));
    let starts: Vec<Parameters<K>> =
        std::iter::once(start_by_size(returns)).chain(random).collect();
    let rough = starts.iter().filter_map(|start| climb(&mut sample, start, ROUGH).ok());
    let mut rough: Vec<Climbed<K>> = rough.map(sorted).collect();
    let collapsed = starts.len() - rough.len();
    // The sort is stable: of equals the first start comes first.
    rough.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood));
    let best = rough.first().ok_or(Collapsed)?.log_likelihood;
    let mut finalists: Vec<Climbed<K>> = Vec::new();
    for one in rough.into_iter().filter(|one| one.log_likelihood >= best - BEHIND) {
        if finalists.iter().all(|other| change(&other.at, &one.at) > SAME) {
            finalists.push(one);
        }
    }
    let fine = finalists.iter().filter_map(|one| climb(&mut sample, &one.at, FINE).ok());
    let more = |best: Climbed<K>, next: Climbed<K>| {
        if next.log_likelihood > best.log_likelihood { next } else { best }
    };
    let model = model(sorted(fine.reduce(more).ok_or(Collapsed)?).at);
    let log_likelihood = model.filter(returns).log_likelihood;
    Ok(GaussianFit { model, log_likelihood, collapsed })
}

/// Mean and population variance.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n)
}

/// Parts of equal size by distance from the median, the first ones one longer where they do not fit.
fn start_by_size<const K: usize>(returns: &[f64]) -> Parameters<K> {
    let mut ordered = returns.to_vec();
    ordered.sort_by(f64::total_cmp);
    let middle = ordered.len() / 2;
    let median = if ordered.len() % 2 == 1 {
        ordered[middle]
    } else {
        0.5 * (ordered[middle - 1] + ordered[middle])
    };
    let mut by_size = returns.to_vec();
    by_size.sort_by(|a, b| (a - median).abs().total_cmp(&(b - median).abs()));
    let mut start = Parameters {
        start: [1.0 / K as f64; K],
        transition: stay([0.95; K]),
        mean: [0.0; K],
        variance: [0.0; K],
    };
    let (part, longer) = (by_size.len() / K, by_size.len() % K);
    let mut from = 0;
    for k in 0..K {
        let to = from + part + usize::from(k < longer);
        (start.mean[k], start.variance[k]) = moments(&by_size[from..to]);
        from = to;
    }
    start
}

/// Standard deviations from an eighth to four times that of all returns, means near theirs.
fn random_start<const K: usize>(
    (mean, variance): (f64, f64),
    seed: u64,
    restart: usize,
) -> Parameters<K> {
    let mut draw = SplitMix64::stream(seed, restart);
    let mut start = Parameters {
        start: [1.0 / K as f64; K],
        transition: stay([0.0; K].map(|_: f64| 0.7 + 0.29 * draw.unit())),
        mean: [mean; K],
        variance: [variance; K],
    };
    for k in 0..K {
        start.variance[k] *= exp(2.0 * (3.5 * draw.unit() - 2.1));
        start.mean[k] += (draw.unit() - 0.5) * variance.sqrt();
    }
    start
}

/// Probabilities to stay, the rest in equal parts.
fn stay<const K: usize>(probability: [f64; K]) -> [[f64; K]; K] {
    let mut transition = [[0.0; K]; K];
    for (from, stay) in probability.into_iter().enumerate() {
        transition[from] = [(1.0 - stay) / (K - 1) as f64; K];
        transition[from][from] = stay;
    }
    transition
}

/// The states in the order of their variance.
fn sorted<const K: usize>(climbed: Climbed<K>) -> Climbed<K> {
    let own = &climbed.at;
    let mut order: [usize; K] = std::array::from_fn(|k| k);
    order.sort_by(|&a, &b| own.variance[a].total_cmp(&own.variance[b]));
    let at = Parameters {
        start: order.map(|k| own.start[k]),
        transition: order.map(|from| order.map(|to| own.transition[from][to])),
        mean: order.map(|k| own.mean[k]),
        variance: order.map(|k| own.variance[k]),
    };
    Climbed { at, ..climbed }
}

fn model<const K: usize>(at: Parameters<K>) -> GaussianStates {
    GaussianStates {
        start: at.start.to_vec(),
        transition: at.transition.iter().map(|row| row.to_vec()).collect(),
        mean: at.mean.to_vec(),
        variance: at.variance.to_vec(),
    }
}
