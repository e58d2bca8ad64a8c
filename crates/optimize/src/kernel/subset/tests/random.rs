//! Random programs.

use walkfolio_core::Matrix;

use super::super::{Sparse, Trading};

/// A small generator: tests must not change with a library's.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.next()
    }
    pub fn index(&mut self, n: usize) -> usize {
        ((self.next() * n as f64) as usize).min(n - 1)
    }
    pub fn chance(&mut self, p: f64) -> bool {
        self.next() < p
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flavour {
    Plain,
    Duplicated,
    Singular,
    Ties,
    Positions,
    Short,
    ShortPositions,
    /// Some bounds exclude zero, some are equal.
    Forced,
    /// Returns against risk: the objective may be negative or nearly zero.
    MeanVariance,
    /// The same with shorts and positions.
    MeanVarianceShort,
    /// Returns alone: no matrix.
    Linear,
}

pub const FLAVOURS: [Flavour; 11] = [
    Flavour::Plain,
    Flavour::Duplicated,
    Flavour::Singular,
    Flavour::Ties,
    Flavour::Positions,
    Flavour::Short,
    Flavour::ShortPositions,
    Flavour::Forced,
    Flavour::MeanVariance,
    Flavour::MeanVarianceShort,
    Flavour::Linear,
];

/// A program that owns its data.
#[derive(Clone, Debug)]
pub struct Owned {
    pub g: Matrix,
    pub c: Vec<f64>,
    pub constant: f64,
    pub a: Matrix,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
    pub most: Option<usize>,
    pub least: Option<usize>,
    pub position: Option<f64>,
    pub trading: Option<OwnedTrading>,
}

/// What trading costs, and how much may be traded.
#[derive(Clone, Debug)]
pub struct OwnedTrading {
    pub from: Vec<f64>,
    pub costs: Vec<f64>,
    pub most: Option<f64>,
}

impl Owned {
    pub fn view(&self) -> Sparse<'_> {
        Sparse {
            g: &self.g,
            c: &self.c,
            constant: self.constant,
            a: &self.a,
            lo: &self.lo,
            hi: &self.hi,
            max_holdings: self.most,
            min_holdings: self.least,
            min_position: self.position,
            trading: self.trading.as_ref().map(|trading| Trading {
                from: &trading.from,
                costs: &trading.costs,
                max_turnover: trading.most,
            }),
        }
    }

    pub fn value(&self, x: &[f64]) -> f64 {
        let gx = self.g.times(x);
        let terms = x.iter().zip(&gx).zip(&self.c).map(|((x, gx), c)| x * (gx - 2.0 * c));
        terms.sum::<f64>() + self.constant + self.cost(x)
    }

    fn cost(&self, x: &[f64]) -> f64 {
        let Some(trading) = &self.trading else { return 0.0 };
        let trades = x.iter().zip(&trading.from).zip(&trading.costs);
        trades.map(|((x, from), cost)| cost * (x - from).abs()).sum()
    }

    pub fn turnover(&self, x: &[f64]) -> f64 {
        let from = self.trading.iter().flat_map(|trading| &trading.from);
        0.5 * x.iter().zip(from).map(|(x, from)| (x - from).abs()).sum::<f64>()
    }

    pub fn size(&self) -> f64 {
        let n = self.c.len();
        let linear = self.c.iter().fold(0.0f64, |a, c| a.max(c.abs()));
        let mean = (0..n).map(|i| self.g[(i, i)]).sum::<f64>() / n as f64;
        // Of a tracking error the constant is as large as the linear term.
        if self.constant == 0.0 { mean + linear } else { self.constant.abs() + mean }
    }
}

/// Tracks a mix of the assets and something else.
pub fn program(random: &mut Random, n: usize, flavour: Flavour) -> Owned {
    let days = if flavour == Flavour::Singular { (n / 2).max(1) } else { 3 * n + 5 };
    let scale = 10f64.powf(random.between(-3.0, 0.0));
    let mut window = Matrix::zeros(days, n);
    for t in 0..days {
        let common = random.between(-1.0, 1.0);
        for value in window.row_mut(t) {
            *value = scale * (common + random.between(-1.0, 1.0));
        }
        if flavour == Flavour::Duplicated && n > 2 {
            window[(t, 2)] = window[(t, 1)];
        }
        if flavour == Flavour::Ties {
            let value = window[(t, 0)];
            window.row_mut(t).fill(value);
        }
    }
    let mix: Vec<f64> = (0..n).map(|_| random.next().powi(3)).collect();
    let total: f64 = mix.iter().sum();
    let mut target = window.times(&mix);
    for value in &mut target {
        *value = *value / total + 0.2 * scale * random.between(-1.0, 1.0);
    }
    let (g, c) = (window.gram(), window.transpose_times(&target));
    let constant = target.iter().map(|r| r * r).sum();
    let (g, c, constant) = match flavour {
        Flavour::MeanVariance | Flavour::MeanVarianceShort => mean_variance(random, g),
        Flavour::Linear => (Matrix::zeros(n, n), returns(random, n), 0.0),
        _ => (g, c, constant),
    };
    let (a, lo, hi) = bounds(random, n, flavour);
    let (most, least, position, trading) = (None, None, None, None);
    let mut p = Owned { g, c, constant, a, lo, hi, most, least, position, trading };
    rules(random, &mut p, flavour);
    p
}

/// What is held, costs from next to nothing to more than anything gains, and often a largest turnover.
pub fn with_trading(random: &mut Random, mut p: Owned) -> Owned {
    let n = p.c.len();
    let held = |random: &mut Random| {
        let side = if random.chance(0.2) { -0.3 } else { 1.0 };
        if random.chance(0.4) { 0.0 } else { side * random.next() }
    };
    let mut from: Vec<f64> = (0..n).map(|_| held(random)).collect();
    let sum: f64 = from.iter().sum();
    if sum > 0.1 && random.chance(0.9) {
        for w in &mut from {
            *w /= sum;
        }
    }
    let unit = p.size() * 10f64.powf(random.between(-4.0, 0.5));
    let free = random.chance(0.2);
    let costs = (0..n).map(|_| if free { 0.0 } else { unit * random.next() }).collect();
    let most = (free || random.chance(0.4)).then(|| random.between(0.0, 1.0));
    p.trading = Some(OwnedTrading { from, costs, most });
    p
}

fn returns(random: &mut Random, n: usize) -> Vec<f64> {
    let unit = 10f64.powf(random.between(-5.0, 0.0));
    (0..n).map(|_| unit * random.between(-1.0, 1.0)).collect()
}

/// `risk_aversion / 2 Sigma + l2 I`, half of the expected returns.
fn mean_variance(random: &mut Random, mut g: Matrix) -> (Matrix, Vec<f64>, f64) {
    let n = g.rows();
    let c = returns(random, n);
    // From next to no risk to next to no return.
    let largest = c.iter().fold(0.0f64, |a, c| a.max(c.abs()));
    let mean = (0..n).map(|i| g[(i, i)]).sum::<f64>() / n as f64;
    let factor = largest / mean * 10f64.powf(random.between(-3.0, 3.0));
    let l2 = if random.chance(0.5) { largest * random.next() } else { 0.0 };
    for i in 0..n {
        g.row_mut(i).iter_mut().for_each(|value| *value *= factor);
        g[(i, i)] += l2;
    }
    (g, c, 0.0)
}

fn bounds(random: &mut Random, n: usize, flavour: Flavour) -> (Matrix, Vec<f64>, Vec<f64>) {
    let m = 1 + usize::from(random.chance(0.3));
    let mut a = Matrix::zeros(m, n);
    a.row_mut(0).fill(1.0);
    let (mut lo, mut hi) = (vec![0.0; n + m], vec![1.0; n + m]);
    let cap = if random.chance(0.5) { 1.0 } else { random.between(1.0 / n as f64, 1.0) };
    hi[..n].fill(cap);
    lo[n] = 1.0;
    if m == 2 {
        for value in a.row_mut(1) {
            *value = random.between(-0.5, 1.5);
        }
        let centre = random.between(0.0, 0.8);
        let width = if random.chance(0.3) { 0.0 } else { random.between(0.0, 0.5) };
        (lo[n + 1], hi[n + 1]) = (centre - width, centre + width);
        if random.chance(0.2) {
            hi[n + 1] = f64::INFINITY;
        }
    }
    if matches!(flavour, Flavour::Short | Flavour::ShortPositions | Flavour::MeanVarianceShort) {
        for lo in &mut lo[..n] {
            *lo = if random.chance(0.8) { -random.between(0.0, 0.8) } else { 0.0 };
        }
    }
    if flavour == Flavour::Forced {
        for i in 0..n {
            if random.chance(0.3) {
                lo[i] = random.between(0.0, 0.5 * hi[i]);
            }
            if random.chance(0.2) {
                hi[i] = lo[i];
            }
        }
    }
    (a, lo, hi)
}

fn rules(random: &mut Random, p: &mut Owned, flavour: Flavour) {
    let n = p.c.len();
    p.most = random.chance(0.9).then(|| 1 + random.index(n));
    p.least = random.chance(0.25).then(|| random.index(p.most.unwrap_or(n) + 1));
    let positions = match flavour {
        Flavour::Positions | Flavour::ShortPositions | Flavour::MeanVarianceShort => 0.9,
        Flavour::Short => 0.0,
        _ => 0.2,
    };
    p.position = random.chance(positions).then(|| random.between(0.01, 0.4));
    if flavour == Flavour::Short {
        p.least = None;
    }
}
