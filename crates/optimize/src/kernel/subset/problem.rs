//! The program with its rules, and what each asset may still do.

use walkfolio_core::Matrix;
use walkfolio_core::linear::max_abs;

use super::super::active_set::ActiveSet;
use super::super::program::{Program, Stop};
use super::bound::weak_duality;
use super::rules::{Clock, NoSubset, SMALLEST_HOLDING, Sparse, Trading};
use super::trading::{Kinked, Point};

/// What a node of the search allows an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Undecided.
    Open,
    /// Not held.
    Out,
    /// Held, of any size.
    In,
    /// Held, of the minimum position at least.
    Long,
    /// Held short, of the minimum position at least.
    Short,
}

/// Weights of this size are rounding and count as none.
const DUST: f64 = 1e-12;

/// Whether a weight counts as held.
pub(super) fn is_held(weight: f64) -> bool {
    weight.abs() > DUST
}

/// Where the terms of an objective nearly cancel, as with returns that pay for their risk, a gap is
/// a fraction of this part of them: the objective may be negative, or zero.
const CANCELLED: f64 = 1e-3;

/// With more pairs to exchange than this, only the most promising assets enter.
pub(super) const ALL_PAIRS: usize = 2_000;

/// How an objective is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// What a gap is a fraction of.
    pub unit: f64,
    /// The same, but no more than the quadratic term.
    pub risk: f64,
}

impl Place {
    pub fn held(self) -> bool {
        matches!(self, Self::In | Self::Long | Self::Short)
    }
}

/// What is wrong with a relaxed portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It keeps all rules.
    None,
    /// Branch on this asset.
    Branch(usize),
}

/// Trades as the kernel takes them: half of their costs, and the most in both directions.
#[derive(Debug, Clone)]
pub(super) struct Trades<'a> {
    pub from: &'a [f64],
    pub half_costs: Vec<f64>,
    pub most: Option<f64>,
}

impl<'a> Trades<'a> {
    fn of(trading: &Trading<'a>) -> Self {
        let half_costs = trading.costs.iter().map(|cost| 0.5 * cost).collect();
        Self { from: trading.from, half_costs, most: trading.max_turnover.map(|most| 2.0 * most) }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Problem<'a> {
    pub n: usize,
    pub g: &'a Matrix,
    /// The matrix that relaxations are solved with: `G`, or near it where `G` is too singular.
    pub h: &'a Matrix,
    pub c: &'a [f64],
    pub constant: f64,
    pub a: &'a Matrix,
    pub lo: &'a [f64],
    pub hi: &'a [f64],
    pub most: usize,
    pub least: usize,
    pub position: Option<f64>,
    pub trading: Option<Trades<'a>>,
    /// What each asset may do at the root.
    pub places: Vec<Place>,
    /// Whether an asset may be held long and short.
    pub sides: Vec<(bool, bool)>,
    pub clock: &'a Clock,
}

impl<'a> Problem<'a> {
    pub fn new(program: &Sparse<'a>, clock: &'a Clock) -> Result<Self, NoSubset> {
        let n = program.c.len();
        let least = program.min_holdings.unwrap_or(0);
        let position = match program.min_position {
            Some(p) if p > 0.0 && p.is_finite() => Some(p),
            Some(0.0) | None => (least > 0).then_some(SMALLEST_HOLDING),
            Some(p) => return Err(NoSubset::Position(p)),
        };
        let size = position.unwrap_or(0.0);
        let sides: Vec<_> = (program.lo.iter().zip(program.hi).take(n))
            .map(|(&lo, &hi)| (hi > 0.0 && hi >= size, lo < 0.0 && lo <= -size))
            .collect();
        let mut problem = Self {
            n,
            g: program.g,
            h: program.g,
            c: program.c,
            constant: program.constant,
            a: program.a,
            lo: program.lo,
            hi: program.hi,
            most: program.max_holdings.unwrap_or(n).min(n),
            least,
            position,
            trading: program.trading.as_ref().map(Trades::of),
            places: Vec::new(),
            sides,
            clock,
        };
        problem.places = (0..n).map(|i| problem.first_place(i)).collect::<Result<_, _>>()?;
        let held = problem.places.iter().filter(|place| place.held()).count();
        if held == problem.most {
            for place in problem.places.iter_mut().filter(|place| **place == Place::Open) {
                *place = Place::Out;
            }
        }
        let out = problem.places.iter().filter(|&&place| place == Place::Out).count();
        let possible = held <= problem.most && n - out >= least && least <= problem.most;
        if possible { Ok(problem) } else { Err(NoSubset::Infeasible) }
    }

    /// A solver of its relaxations.
    pub fn active_set(&self) -> ActiveSet {
        ActiveSet::new(self.n, self.a.rows()).interrupted_by(&self.clock.interrupt)
    }

    /// The best portfolio of a program without rules about holdings, which has this problem's variables,
    /// with what trading costs. `near` may name one whose trades are probably the same.
    pub fn convex(
        &self,
        program: &Program<'_>,
        near: Option<&[f64]>,
        set: &mut ActiveSet,
    ) -> Result<Point, Stop> {
        if let Some(kinked) = self.kinked(program) {
            return kinked.solve(near, &self.clock.interrupt);
        }
        let answer = set.solve(program)?;
        let (multipliers, pivots) = (answer.dual[self.n..].to_vec(), u64::from(answer.pivots));
        Ok(Point { x: answer.x, multipliers, price: 0.0, pivots })
    }

    /// A lower bound of such a program, without its constant, whatever the point is.
    pub fn lower_bound(&self, program: &Program<'_>, point: &Point) -> f64 {
        match self.kinked(program) {
            Some(kinked) => kinked.bound(point),
            None => weak_duality(program, &point.x, &point.multipliers),
        }
    }

    fn kinked<'p>(&'p self, program: &Program<'p>) -> Option<Kinked<'p>> {
        let Trades { from, half_costs, most } = self.trading.as_ref()?;
        Some(Kinked { program: *program, from, half_costs, most: *most })
    }

    /// What the trades to a portfolio cost.
    pub fn trading_cost(&self, x: &[f64]) -> f64 {
        let Some(Trades { from, half_costs, .. }) = &self.trading else { return 0.0 };
        let costs = half_costs.iter().zip(x.iter().zip(*from));
        costs.map(|(half, (x, from))| 2.0 * half * (x - from).abs()).sum()
    }

    /// How much an asset that enters changes the objective at best, given its slope and curvature.
    pub fn entering_change(&self, i: usize, (slope, curvature): (f64, f64), price: f64) -> f64 {
        let (lo, hi) = (self.lo[i], self.hi[i]);
        let size = self.position.unwrap_or(0.0);
        let change = |e: f64| e * (2.0 * slope + curvature * e);
        let (long, short) = self.sides[i];
        if short && (slope > 0.0 || !long) {
            return change((-slope / curvature).clamp(lo, -size.max(0.0)));
        }
        let (least, most) = (lo.max(size).max(0.0), hi);
        let Some(Trades { from, half_costs, .. }) = &self.trading else {
            return change((-slope / curvature).clamp(least, most));
        };
        let (from, half) = (from[i], half_costs[i] + price);
        let below = (half - slope) / curvature;
        let e = if below < from { below } else { ((-half - slope) / curvature).max(from) };
        let e = e.clamp(least, most);
        change(e) + 2.0 * half * ((e - from).abs() - from.abs())
    }

    /// Work of a relaxation.
    pub fn relaxing(&self) -> u64 {
        let n = self.n as u64;
        let pieces = if self.trading.is_some() { 3 } else { 1 };
        pieces * (n * n * n / 4 + 10 * n * n + 1_000)
    }

    /// Whether the perspective relaxation bounds it: long positions only, and fewer than there are assets.
    pub fn has_perspective(&self) -> bool {
        self.is_long_only() && self.most < self.n
    }

    /// Whether only promising exchanges are tried: there are too many pairs, or costs of trading.
    pub fn is_broad(&self, holdings: usize) -> bool {
        self.trading.is_some() || is_large(self, holdings)
    }

    /// What the bounds of an asset leave it.
    fn first_place(&self, i: usize) -> Result<Place, NoSubset> {
        let (lo, hi) = (self.lo[i], self.hi[i]);
        let (long, short) = self.sides[i];
        match (lo > 0.0, hi < 0.0) {
            (true, _) if !long => Err(NoSubset::Infeasible),
            (_, true) if !short => Err(NoSubset::Infeasible),
            (true, _) => Ok(if self.position.is_some() { Place::Long } else { Place::In }),
            (_, true) => Ok(if self.position.is_some() { Place::Short } else { Place::In }),
            _ if long || short => Ok(Place::Open),
            _ => Ok(Place::Out),
        }
    }

    /// The bounds of an asset in a place.
    pub fn bounds(&self, i: usize, place: Place) -> (f64, f64) {
        let (lo, hi) = (self.lo[i], self.hi[i]);
        let size = self.position.unwrap_or(0.0);
        let (long, short) = self.sides[i];
        match place {
            Place::Open => (if short { lo } else { 0.0 }, if long { hi } else { 0.0 }),
            Place::Out => (0.0, 0.0),
            Place::In => (lo, hi),
            Place::Long => (lo.max(size), hi),
            Place::Short => (lo, hi.min(-size)),
        }
    }

    /// Bounds of variables and rows at the root.
    pub fn open_bounds(&self) -> (Vec<f64>, Vec<f64>) {
        self.bounds_of(&self.places)
    }

    /// Bounds of variables and rows at a node.
    pub fn bounds_of(&self, places: &[Place]) -> (Vec<f64>, Vec<f64>) {
        let (mut lo, mut hi) = (self.lo.to_vec(), self.hi.to_vec());
        for (i, &place) in places.iter().enumerate() {
            (lo[i], hi[i]) = self.bounds(i, place);
        }
        (lo, hi)
    }

    /// The ways to decide an asset, the one nearest to its relaxed weight first.
    pub fn choices(&self, i: usize, weight: f64) -> [Option<Place>; 3] {
        if self.position.is_none() {
            return [Some(Place::In), Some(Place::Out), None];
        }
        let (long, short) = self.sides[i];
        let (long, short) = (long.then_some(Place::Long), short.then_some(Place::Short));
        if weight >= 0.0 {
            [long, Some(Place::Out), short]
        } else {
            [short, Some(Place::Out), long]
        }
    }

    /// Where a weight puts an asset that is to be held.
    pub fn side(&self, i: usize, weight: f64) -> Place {
        match self.choices(i, weight) {
            [Some(place), ..] => place,
            [None, _, other] => other.unwrap_or(Place::Out),
        }
    }

    /// What a relaxed portfolio does that the rules forbid, and the asset to decide next: the
    /// largest weight for a number of holdings, the most doubtful one for a minimum position.
    pub fn fault(&self, places: &[Place], x: &[f64]) -> Fault {
        let size = self.position.unwrap_or(0.0);
        let open = || (0..self.n).filter(|&i| places[i] == Place::Open);
        let held = places.iter().filter(|place| place.held()).count();
        let nonzero = held + open().filter(|&i| is_held(x[i])).count();
        let largest = |candidates: &mut dyn Iterator<Item = usize>, key: &dyn Fn(usize) -> f64| {
            let mut best: Option<(f64, usize)> = None;
            for i in candidates {
                if best.is_none_or(|(value, _)| key(i) > value) {
                    best = Some((key(i), i));
                }
            }
            best.map_or(Fault::None, |(_, i)| Fault::Branch(i))
        };
        if nonzero > self.most {
            return largest(&mut open().filter(|&i| is_held(x[i])), &|i| x[i].abs());
        }
        let doubtful = |i: usize| x[i].abs().min(size - x[i].abs());
        let fault = largest(&mut open().filter(|&i| is_held(x[i]) && doubtful(i) > 0.0), &doubtful);
        if fault != Fault::None || nonzero >= self.least {
            return fault;
        }
        largest(&mut open().filter(|&i| !is_held(x[i])), &|i| self.c[i] - 0.5 * self.g[(i, i)])
    }

    /// Whether no asset that is undecided may be short.
    pub fn is_long_only(&self) -> bool {
        self.sides.iter().zip(&self.places).all(|(side, &place)| place != Place::Open || !side.1)
    }

    /// The sizes of an objective's quadratic and linear terms at a portfolio, `x'Gx` and
    /// `2 sum |c_i x_i|`, of which the objective is given.
    fn terms(&self, x: &[f64], value: f64) -> (f64, f64) {
        let products = || self.c.iter().zip(x).map(|(c, x)| 2.0 * c * x);
        let square = value - self.trading_cost(x) - self.constant + products().sum::<f64>();
        (square.max(0.0), products().map(f64::abs).sum())
    }

    /// How the objective at a portfolio is measured.
    pub fn scale(&self, x: &[f64], value: f64) -> Scale {
        let (square, linear) = self.terms(x, value);
        let unit = value.abs().max(CANCELLED * (square + linear)).max(f64::MIN_POSITIVE);
        Scale { unit, risk: unit.min(square) }
    }

    /// How much rounding may change an objective.
    pub fn rounding(&self) -> f64 {
        let diagonal = (0..self.n).map(|i| self.g[(i, i)]).fold(0.0, f64::max);
        let linear = max_abs(self.c);
        let costs = self.trading.as_ref().map_or(0.0, |trades| max_abs(&trades.half_costs));
        2e-15 * (diagonal + linear + costs + self.constant.abs())
    }
}

/// Whether there are too many pairs to try them all.
pub(super) fn is_large(problem: &Problem<'_>, holdings: usize) -> bool {
    let open = problem.places.iter().filter(|place| **place != Place::Out).count();
    open.saturating_sub(holdings) * holdings > ALL_PAIRS
}

/// `q(x)` with what its trades cost, the zeros of `x` skipped.
pub(super) fn objective(problem: &Problem<'_>, x: &[f64]) -> f64 {
    let mut sum = problem.constant;
    let held: Vec<usize> = (0..x.len()).filter(|&i| x[i] != 0.0).collect();
    for &i in &held {
        let row = problem.g.row(i);
        let gradient: f64 = held.iter().map(|&j| row[j] * x[j]).sum();
        sum += x[i] * (gradient - 2.0 * problem.c[i]);
    }
    if problem.trading.is_some() { sum + problem.trading_cost(x) } else { sum }
}
