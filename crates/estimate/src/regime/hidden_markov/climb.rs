//! From one start to the maximum of the likelihood above it.
//!
//! Steps of Baum and Welch near a maximum shrink by a nearly constant factor. Two of them tell where they
//! lead to, and a leap there is kept if the likelihood agrees; the steps and not the leaps decide what has
//! converged.
//!
//! Source: Varadhan & Roland (2008), Simple and globally convergent methods for accelerating the convergence of
//! any EM algorithm, Scandinavian Journal of Statistics 35, scheme S3.

use super::parameters::{Collapsed, Parameters};
use super::pass::Sample;

/// A place on the way up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Climbed<const K: usize> {
    pub(super) at: Parameters<K>,
    pub(super) log_likelihood: f64,
}

/// Steps of one climb: no real sample was seen to need a tenth.
const MOST_STEPS: usize = 20_000;
/// A leap may be this much worse than a step by rounding, relative to the log-likelihood.
const ROUNDING: f64 = 1e-12;

/// Climbs until a step changes no transition probability, no mean in units of its standard deviation and
/// no variance relative to itself by more than `tolerance`.
///
/// # Errors
/// [`Collapsed`] if a state collapses on the way.
pub(super) fn climb<const K: usize>(
    sample: &mut Sample<'_, K>,
    from: &Parameters<K>,
    tolerance: f64,
) -> Result<Climbed<K>, Collapsed> {
    let (mut at, mut steps) = (*from, 0);
    loop {
        let (first, log_likelihood) = sample.step(&at)?;
        if change(&at, &first) < tolerance || steps >= MOST_STEPS {
            return Ok(Climbed { at: first, log_likelihood });
        }
        let (second, least) = sample.step(&first)?;
        if change(&first, &second) < tolerance {
            return Ok(Climbed { at: second, log_likelihood: least });
        }
        steps += 3;
        let leapt = leap(&at, &first, &second).and_then(|leapt| sample.step(&leapt).ok());
        at = match leapt {
            Some((next, reached)) if reached >= least - ROUNDING * least.abs() => next,
            _ => second,
        };
    }
}

/// The largest change of a step.
pub(super) fn change<const K: usize>(from: &Parameters<K>, to: &Parameters<K>) -> f64 {
    let mut most: f64 = 0.0;
    for i in 0..K {
        let relative = (to.variance[i] - from.variance[i]).abs() / from.variance[i];
        let mean = (to.mean[i] - from.mean[i]).abs() / from.variance[i].sqrt();
        most = most.max(relative).max(mean);
        for j in 0..K {
            most = most.max((to.transition[i][j] - from.transition[i][j]).abs());
        }
    }
    most
}

/// Where two steps lead to; `None` if it is no set of parameters.
fn leap<const K: usize>(
    at: &Parameters<K>,
    first: &Parameters<K>,
    second: &Parameters<K>,
) -> Option<Parameters<K>> {
    let (mut step, mut bend) = (0.0, 0.0);
    each(at, first, second, |[a, b, c], scale| {
        let (r, v) = ((b - a) / scale, (c - 2.0 * b + a) / scale);
        step += r * r;
        bend += v * v;
    });
    let length = -(step / bend).sqrt();
    if !length.is_finite() || length > -1.0 {
        return None;
    }
    let along =
        |a: f64, b: f64, c: f64| a - 2.0 * length * (b - a) + length * length * (c - 2.0 * b + a);
    let mut leapt = *at;
    for i in 0..K {
        leapt.start[i] = along(at.start[i], first.start[i], second.start[i]);
        leapt.mean[i] = along(at.mean[i], first.mean[i], second.mean[i]);
        leapt.variance[i] = along(at.variance[i], first.variance[i], second.variance[i]);
        for j in 0..K {
            let [a, b, c] = [at, first, second].map(|p| p.transition[i][j]);
            leapt.transition[i][j] = along(a, b, c);
        }
    }
    let sound = leapt.start.iter().chain(leapt.transition.iter().flatten()).all(|p| *p >= 0.0)
        && leapt.variance.iter().all(|variance| *variance > 0.0);
    sound.then_some(leapt)
}

/// Each parameter at three places, with its scale.
fn each<const K: usize>(
    at: &Parameters<K>,
    first: &Parameters<K>,
    second: &Parameters<K>,
    mut visit: impl FnMut([f64; 3], f64),
) {
    let all = [at, first, second];
    for i in 0..K {
        visit(all.map(|p| p.start[i]), 1.0);
        visit(all.map(|p| p.mean[i]), at.variance[i].sqrt());
        visit(all.map(|p| p.variance[i]), at.variance[i]);
        for j in 0..K {
            visit(all.map(|p| p.transition[i][j]), 1.0);
        }
    }
}
