//! Programs with kinks: against their optimality conditions, from warm and cold, degenerate ones among them.

use super::*;

/// Costs that own their data.
#[derive(Clone, Debug)]
pub(super) struct OwnedKinks {
    pub at: Vec<f64>,
    pub up: Vec<f64>,
    pub down: Vec<f64>,
}

impl OwnedKinks {
    pub fn view(&self) -> Kinks<'_> {
        Kinks { at: &self.at, up: &self.up, down: &self.down }
    }
}

pub(super) fn kinks(random: &mut Random, p: &Owned, size: f64) -> OwnedKinks {
    let n = p.g.len();
    let kind = random.index(5);
    let huge = random.chance(0.1);
    let at = (0..n).map(|i| match kind {
        0 => 0.0,
        1 => 1.0 / n as f64,
        _ if random.chance(0.2) => p.lo[i],
        _ if random.chance(0.1) => p.hi[i],
        _ if random.chance(0.1) => p.hi[i] + 0.1,
        _ if random.chance(0.1) => p.lo[i] - 0.1,
        _ => p.lo[i].max(-0.5) + (p.hi[i].min(0.5) - p.lo[i].max(-0.5)) * 0.5 * random.next(),
    });
    let at: Vec<f64> = at.collect();
    let up: Vec<f64> = (0..n)
        .map(|_| match kind {
            _ if huge => 1e3 * size,
            2 if random.chance(0.3) => 0.0,
            3 => 0.3 * size,
            _ => size * random.next(),
        })
        .collect();
    let down = match kind {
        0 | 1 | 3 => up.clone(),
        4 => up.iter().map(|up| up * random.between(-1.0, 2.0)).collect(),
        _ => up.iter().map(|_| size * random.next()).collect(),
    };
    OwnedKinks { at, up, down }
}

/// The largest violation of optimality: subgradients of the costs, bounds and rows, each by itself.
pub(super) fn error(p: &Owned, costs: &[Kinks<'_>], answer: &Answer) -> f64 {
    let (n, m) = (p.h.rows(), p.a.rows());
    let (hx, ax) = (p.h.times(&answer.x), p.a.times(&answer.x));
    let mean = (0..n).map(|i| p.h[(i, i)]).sum::<f64>() / n as f64;
    let slopes = |i: usize, x: f64| {
        let mut range = [0.0, 0.0];
        for k in costs {
            let side = |at_least: bool| if at_least { k.up[i] } else { -k.down[i] };
            range[0] += side(x > k.at[i] + 1e-12);
            range[1] += side(x >= k.at[i] - 1e-12);
        }
        range
    };
    let most = |k: &Kinks<'_>| k.up.iter().chain(k.down).fold(0.0f64, |a, b| a.max(b.abs()));
    let largest = p.g.iter().chain(&hx).fold(mean, |a, b| a.max(b.abs()));
    let largest = largest + costs.iter().map(most).sum::<f64>();
    let mut worst = 0.0f64;
    for i in 0..n {
        let rows: f64 = (0..m).map(|k| p.a[(k, i)] * answer.dual[n + k]).sum();
        let force = p.g[i] + rows - hx[i];
        let x = answer.x[i];
        let [mut low, mut high] = slopes(i, x);
        if x <= p.lo[i] + 1e-12 {
            low = f64::NEG_INFINITY;
        }
        if x >= p.hi[i] - 1e-12 {
            high = f64::INFINITY;
        }
        worst = worst.max((low - force).max(force - high) / largest);
        worst = worst.max((p.lo[i] - x).max(x - p.hi[i]));
    }
    for k in 0..m {
        let (value, dual) = (ax[k], answer.dual[n + k] / largest);
        worst = worst.max((p.lo[n + k] - value).max(value - p.hi[n + k]));
        let slack = if dual > 0.0 { value - p.lo[n + k] } else { p.hi[n + k] - value };
        worst = worst.max((dual.abs().min(1.0) * slack.abs()).min(dual.abs()));
    }
    worst
}

fn costs_of(random: &mut Random, p: &Owned) -> Vec<OwnedKinks> {
    let size = p.g.iter().fold(p.h[(0, 0)], |a, b| a.max(b.abs()));
    let scale = size * 10f64.powf(random.between(-3.0, 0.3));
    (0..=random.index(3) / 2).map(|_| kinks(random, p, scale)).collect()
}

#[test]
fn programs_with_kinks_are_optimal_from_nothing() {
    for flavour in FLAVOURS {
        let mut random = Random(500 + flavour as u64);
        let (mut worst, mut stopped, mut pivots) = (0.0f64, Vec::new(), 0);
        for round in 0..1000 {
            let n = 2 + random.index(if round % 10 == 0 { 78 } else { 14 });
            let m = 1 + random.index(2);
            let p = program(&mut random, n, m, flavour);
            let owned = costs_of(&mut random, &p);
            let costs: Vec<Kinks<'_>> = owned.iter().map(OwnedKinks::view).collect();
            let label = format!("{flavour:?} {round} n {n} m {m}");
            let mut outcome = ActiveSet::new(n, m).solve_kinked(&p.view(), &costs);
            if matches!(outcome, Err(Stop::Singular | Stop::Limit)) {
                let near = vec![1.0 / n as f64; n];
                outcome = ActiveSet::new(n, m).solve_nearest_kinked(&p.view(), &costs, &near);
            }
            match outcome {
                Ok(answer) => {
                    let error = error(&p, &costs, &answer);
                    worst = worst.max(error);
                    pivots = pivots.max(answer.pivots);
                    assert!(error < 1e-8, "{label}: {error:e} {owned:?}\n{answer:?}\n{p:?}");
                }
                Err(Stop::Infeasible(ray)) => assert!(ray.proves(&p.view()), "{label}"),
                Err(stop) => stopped.push(format!("{label}: {stop:?}")),
            }
        }
        println!("{flavour:?}: worst {worst:.1e}, pivots {pivots}, stopped {stopped:?}");
        assert!(stopped.len() <= 5, "{stopped:?}");
    }
}

#[test]
fn warm_and_cold_give_the_same_bits_with_kinks() {
    let mut random = Random(77);
    for n in [4, 11, 14, 25, 40, 60] {
        let mut p = program(&mut random, n, 1, Flavour::Plain);
        let mut owned = costs_of(&mut random, &p);
        let mut warm = ActiveSet::new(n, 1);
        let (mut solved, mut pivots) = (0, 0);
        for _ in 0..60 {
            p.g.iter_mut().for_each(|g| *g *= random.between(0.9, 1.1));
            for kinks in &mut owned {
                kinks.at.iter_mut().for_each(|at| *at += random.between(-0.02, 0.02));
            }
            let costs: Vec<Kinks<'_>> = owned.iter().map(OwnedKinks::view).collect();
            let a = warm.solve_kinked(&p.view(), &costs).unwrap();
            let b = ActiveSet::new(n, 1).solve_kinked(&p.view(), &costs).unwrap();
            let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&a.x), bits(&b.x));
            assert_eq!(bits(&a.dual), bits(&b.dual));
            (solved, pivots) = (solved + 1, pivots + a.pivots);
        }
        println!("n {n}: {pivots} pivots in {solved} solves");
    }
}
