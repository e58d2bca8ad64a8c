//! Programs with a parameter: where the rules stop, against the conditions of optimality there.

use super::kinks::{OwnedKinks, error, kinks};
use super::*;

/// A program whose `g` is the reward, with costs of the reward, or of turnover.
struct Case {
    p: Owned,
    zeros: Vec<f64>,
    prices: Vec<OwnedKinks>,
}

fn case(random: &mut Random, n: usize, flavour: Flavour) -> Case {
    let m = 1 + random.index(2);
    let mut p = program(random, n, m, flavour);
    p.g.iter_mut().for_each(|g| *g = g.abs() + 1e-3);
    let size = p.g.iter().fold(0.0f64, |a, b| a.max(*b));
    let cost = size * 10f64.powf(random.between(-3.0, -0.5));
    let prices = (0..random.index(2)).map(|_| kinks(random, &p, cost)).collect();
    Case { zeros: vec![0.0; n], p, prices }
}

/// The violation of optimality at a `t`, of the program that the path is there.
fn error_at(case: &Case, prices: &[Kinks<'_>], answer: &Answer, t: f64) -> f64 {
    let scaled: Vec<OwnedKinks> = (prices.iter())
        .map(|k| OwnedKinks {
            at: k.at.to_vec(),
            up: k.up.iter().map(|up| t * up).collect(),
            down: k.down.iter().map(|down| t * down).collect(),
        })
        .collect();
    let views: Vec<Kinks<'_>> = scaled.iter().map(OwnedKinks::view).collect();
    let g = case.p.g.iter().map(|g| t * g).collect();
    error(&Owned { g, ..case.p.clone() }, &views, answer)
}

#[test]
fn paths_stop_where_their_rule_says() {
    let (mut solved, mut stopped) = ([0; 3], [0; 3]);
    let mut random = Random(4242);
    for round in 0..1500 {
        let n = 2 + random.index(if round % 10 == 0 { 60 } else { 14 });
        let flavour =
            [Flavour::Plain, Flavour::Ties, Flavour::FixedSome, Flavour::Vertex][round % 4];
        let case = case(&mut random, n, flavour);
        let prices: Vec<Kinks<'_>> = case.prices.iter().map(OwnedKinks::view).collect();
        let zero = Program { g: &case.zeros, ..case.p.view() };
        let path = Parametric {
            program: zero,
            costs: &[],
            reward: &case.p.g,
            prices: &prices,
            most: f64::INFINITY,
        };
        let mut set = ActiveSet::new(n, case.p.a.rows());
        let Ok(least) = set.solve(&zero) else { continue };
        let risk = |x: &[f64]| x.iter().zip(case.p.h.times(x)).map(|(x, y)| x * y).sum::<f64>();
        let limit = risk(&least.x) * (1.0 + random.next());
        let rules =
            [Until::Risk { constant: 0.0, limit }, Until::Ratio { constant: 0.0, less: 0.0 }];
        for (k, rule) in rules.into_iter().enumerate() {
            let label = format!("{round} {rule:?} {flavour:?} n {n}");
            match set.solve_until(&path, rule) {
                Ok((answer, t)) => {
                    let error = error_at(&case, &prices, &answer, t);
                    assert!(error < 1e-8, "{label}: {error:e} t {t}");
                    let (risk, reward) = (risk(&answer.x), path.reward_at(&answer.x));
                    match rule {
                        Until::Risk { limit, .. } => {
                            assert!(risk <= limit * (1.0 + 1e-10), "{label}: {risk} > {limit}");
                        }
                        _ => assert!(
                            (risk / (t * reward) - 1.0).abs() < 1e-8,
                            "{label}: {risk} / {reward} at {t} {prices:?}"
                        ),
                    }
                    let cold = ActiveSet::new(n, case.p.a.rows()).solve_until(&path, rule).unwrap();
                    let far = cold
                        .0
                        .x
                        .iter()
                        .zip(&answer.x)
                        .fold(0.0f64, |a, (x, y)| a.max((x - y).abs()));
                    assert!(far < 1e-9, "{label}: cold is {far:e} away");
                    solved[k] += 1;
                }
                Err(stop) => {
                    let most = Frontier::trace(&path).map(|f| f.corners().last().unwrap().mean);
                    println!("{label}: {stop:?}, {most:?}");
                    assert!(
                        k == 0 || most.as_ref().is_ok_and(|most| *most <= 1e-9),
                        "{label}: {most:?}"
                    );
                    stopped[k] += 1;
                }
            }
        }
    }
    println!("{solved:?} solved, {stopped:?} stopped");
    assert!(stopped[0] < 20 && solved[1] > 800);
}

#[test]
fn turnover_is_as_small_as_its_cap() {
    let (mut solved, mut slack, mut stopped) = (0, 0, 0);
    let mut random = Random(31);
    for round in 0..1500 {
        let n = 2 + random.index(if round % 10 == 0 { 60 } else { 14 });
        let flavour = FLAVOURS[round % FLAVOURS.len()];
        let m = 1 + random.index(2);
        let p = program(&mut random, n, m, flavour);
        let mut set = ActiveSet::new(n, p.a.rows());
        let Ok(held) =
            set.solve(&Owned { g: p.g.iter().rev().copied().collect(), ..p.clone() }.view())
        else {
            continue;
        };
        let half = vec![0.5; n];
        let turnover = Kinks { at: &held.x, up: &half, down: &half };
        let Ok(free) = set.solve(&p.view()) else { continue };
        let cap = turnover.value(&free.x) * random.between(0.05, 1.2);
        let size = p.g.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let cost: Vec<OwnedKinks> = (0..random.index(2))
            .map(|_| OwnedKinks {
                at: held.x.clone(),
                up: vec![0.05 * size; n],
                down: vec![0.02 * size; n],
            })
            .collect();
        let costs: Vec<Kinks<'_>> = cost.iter().map(OwnedKinks::view).collect();
        let zeros = vec![0.0; n];
        let path = Parametric {
            program: p.view(),
            costs: &costs,
            reward: &zeros,
            prices: &[turnover],
            most: f64::INFINITY,
        };
        let label = format!("{round} {flavour:?} n {n} cap {cap}");
        for _ in 0..2 {
            match set.solve_until(&path, Until::Reward(-cap)) {
                Ok((answer, price)) => {
                    let up = vec![0.5 * price; n];
                    let priced = Kinks { at: &held.x, up: &up, down: &up };
                    let all: Vec<Kinks<'_>> = costs.iter().copied().chain([priced]).collect();
                    let error = error(&p, &all, &answer);
                    assert!(error < 1e-8, "{label}: {error:e}");
                    let used = turnover.value(&answer.x);
                    assert!(used <= cap + 1e-9, "{label}: {used} > {cap}");
                    assert!(
                        price == 0.0 || (used - cap).abs() < 1e-9,
                        "{label}: {used} of {cap}, price {price}"
                    );
                    solved += 1;
                    slack += usize::from(price == 0.0);
                }
                Err(stop) => {
                    println!("{label}: {stop:?}");
                    stopped += 1;
                }
            }
        }
    }
    println!("{solved} solved, {slack} without a price, {stopped} stopped");
    assert!(stopped < 30);
}

#[test]
fn corners_are_the_whole_frontier() {
    let mut random = Random(99);
    let (mut most, mut traced) = (0, 0);
    for round in 0..300 {
        let n = 2 + random.index(if round % 10 == 0 { 60 } else { 14 });
        let flavour =
            [Flavour::Plain, Flavour::Ties, Flavour::FixedSome, Flavour::Vertex][round % 4];
        let mut case = case(&mut random, n, flavour);
        case.zeros.fill(0.0);
        let prices: Vec<Kinks<'_>> = case.prices.iter().map(OwnedKinks::view).collect();
        let zero = Program { g: &case.zeros, ..case.p.view() };
        let path = Parametric {
            program: zero,
            costs: &[],
            reward: &case.p.g,
            prices: &prices,
            most: f64::INFINITY,
        };
        if ActiveSet::new(n, case.p.a.rows()).solve(&zero).is_err() {
            continue;
        }
        let frontier = match Frontier::trace(&path) {
            Ok(frontier) => frontier,
            Err(stop) => panic!("{round} {flavour:?} n {n} prices {:?}: {stop:?}", case.prices),
        };
        let corners = frontier.corners();
        most = most.max(corners.len());
        traced += 1;
        assert!(corners.windows(2).all(|c| c[0].risk_aversion > c[1].risk_aversion));
        let reward = case.p.g.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let prices_up = case.prices.iter().flat_map(|k| &k.up);
        let dearest = prices_up.fold(1.0f64, |a, up| a.max(up / reward));
        assert!(corners.windows(2).all(|c| c[0].mean <= c[1].mean + 1e-9 * reward));
        let last = corners.last().unwrap();
        for k in 0..20 {
            let t =
                (1.0 / last.risk_aversion).max(1e-3) * 1.3 * f64::from(k) / 20.0 * random.next();
            let x = frontier.at_risk_aversion(1.0 / t).unwrap();
            let g: Vec<f64> = case.p.g.iter().map(|g| t * g).collect();
            let scaled: Vec<OwnedKinks> = prices
                .iter()
                .map(|k| OwnedKinks {
                    at: k.at.to_vec(),
                    up: k.up.iter().map(|up| t * up).collect(),
                    down: k.down.iter().map(|down| t * down).collect(),
                })
                .collect();
            let views: Vec<Kinks<'_>> = scaled.iter().map(OwnedKinks::view).collect();
            let program = Program { g: &g, ..case.p.view() };
            let alone = ActiveSet::new(n, case.p.a.rows()).solve_kinked(&program, &views).unwrap();
            let far = x.iter().zip(&alone.x).fold(0.0f64, |a, (x, y)| a.max((x - y).abs()));
            // Prices are known to a few digits less than they are larger than rewards.
            assert!(far < 1e-8 * dearest, "{round} {flavour:?} n {n} t {t}: {far:e}");
        }
    }
    println!("{traced} frontiers, at most {most} corners");
    assert!(traced > 200 && most > 20);
}
