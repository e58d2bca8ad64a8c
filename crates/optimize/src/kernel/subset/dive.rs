//! The search for few assets: depth first, each node one pivot or two from its parent.

use super::super::basis::Basis;
use super::super::factors::Factors;
use super::super::homotopy::Homotopy;
use super::super::program::{Program, Stop};
use super::super::tableau::Tableau;
use super::bound::weak_duality_with;
use super::incumbent::Incumbent;
use super::problem::objective;
use super::problem::{Fault, Place, Problem};
use super::rules::{Found, Limit};

pub(super) struct Dive<'a, B> {
    problem: &'a Problem<'a>,
    incumbent: &'a mut Incumbent,
    /// The relaxed answers from the root to the node at hand.
    levels: Vec<Homotopy<B>>,
    places: Vec<Place>,
    held: usize,
    out: usize,
    lo: Vec<f64>,
    hi: Vec<f64>,
    /// Decisions in their order, with what was there before.
    trail: Vec<(usize, Place)>,
    /// The holdings tried last.
    tried: Vec<Place>,
    multipliers: Vec<f64>,
    gradient: Vec<f64>,
    order: Vec<usize>,
    open: f64,
    stopped: Option<Limit>,
    pivots: u64,
}

impl Dive<'_, Tableau<16>> {
    /// Searches the whole tree, in an engine of the right size.
    pub fn run(problem: &Problem<'_>, incumbent: &mut Incumbent) -> Found {
        match problem.n + problem.a.rows() {
            0..=16 => Dive::<Tableau<16>>::search(problem, incumbent),
            17..=32 => Dive::<Tableau<32>>::search(problem, incumbent),
            _ => Dive::<Factors>::search(problem, incumbent),
        }
    }
}

impl<'a, B: Basis> Dive<'a, B> {
    fn search(problem: &'a Problem<'a>, incumbent: &'a mut Incumbent) -> Found {
        let mut root = Homotopy::new(problem.n, problem.a.rows());
        root.interrupt.clone_from(&problem.clock.interrupt);
        let (lo, hi) = problem.open_bounds();
        let count =
            |held: fn(Place) -> bool| problem.places.iter().filter(|&&place| held(place)).count();
        let mut dive = Self {
            problem,
            incumbent,
            levels: vec![root],
            places: problem.places.clone(),
            held: count(Place::held),
            out: count(|place| place == Place::Out),
            lo,
            hi,
            trail: Vec::new(),
            tried: Vec::new(),
            multipliers: vec![0.0; problem.a.rows()],
            gradient: vec![0.0; problem.n],
            order: Vec::new(),
            open: f64::INFINITY,
            stopped: None,
            pivots: 0,
        };
        match dive.levels[0].solve(&program(problem, &dive.lo, &dive.hi)).map(|_| ()) {
            Ok(()) => dive.enter(0, f64::NEG_INFINITY),
            Err(stop) => dive.give_up(&stop, f64::NEG_INFINITY),
        }
        let (nodes, open) = (problem.clock.nodes(), dive.open);
        Found { open, nodes, pivots: dive.pivots, stopped: dive.stopped }
    }

    /// A node with a relaxed answer of its own.
    fn enter(&mut self, depth: usize, inherited: f64) {
        self.pivots += u64::from(std::mem::take(&mut self.levels[depth].pivots));
        let bound = self.bound(depth).max(inherited);
        if !self.incumbent.prunes(self.problem, bound) {
            self.visit(depth, bound);
        }
    }

    /// A node whose relaxed answer is that of a level.
    fn visit(&mut self, depth: usize, bound: f64) {
        // A relaxation that failed elsewhere ends nothing here.
        let struck = self.stopped.filter(|&limit| limit != Limit::Numerics);
        let size = (self.problem.n + self.problem.a.rows()) as u64;
        self.problem.clock.spend(8 * size * size);
        if let Some(limit) = struck.or_else(|| self.problem.clock.take()) {
            self.stopped = Some(limit);
            self.open = self.open.min(bound);
            return;
        }
        if self.incumbent.prunes(self.problem, bound) {
            return;
        }
        match self.problem.fault(&self.places, &self.levels[depth].primal[..self.problem.n]) {
            Fault::None => self.offer(depth),
            Fault::Branch(asset) => {
                self.round(depth);
                self.branch(depth, bound, asset);
            }
        }
    }

    fn branch(&mut self, depth: usize, bound: f64, asset: usize) {
        let weight = self.levels[depth].primal[asset];
        for place in self.problem.choices(asset, weight).into_iter().flatten() {
            let mark = self.trail.len();
            self.put(asset, place);
            if self.held == self.problem.most {
                self.close();
            }
            self.descend(depth, bound, mark);
            self.undo(mark);
        }
    }

    /// To a child, unless counting excludes it.
    fn descend(&mut self, depth: usize, bound: f64, mark: usize) {
        let n = self.problem.n;
        if self.held > self.problem.most || n - self.out < self.problem.least {
            return;
        }
        // Where the relaxed answer keeps the new bounds it remains the answer.
        let x = &self.levels[depth].primal;
        let keeps = |&(i, _): &(usize, Place)| self.lo[i] <= x[i] && x[i] <= self.hi[i];
        if self.trail[mark..].iter().all(keeps) {
            return self.visit(depth, bound);
        }
        match self.relax_below(depth) {
            Ok(()) => self.enter(depth + 1, bound),
            Err(stop) => self.give_up(&stop, bound),
        }
    }

    /// The relaxed answer for the bounds at hand, one level below another.
    fn relax_below(&mut self, depth: usize) -> Result<(), Stop> {
        if self.levels.len() == depth + 1 {
            self.levels.push(self.levels[depth].clone());
        }
        let (above, below) = self.levels.split_at_mut(depth + 1);
        below[0].stand_at(&above[depth]);
        below[0].pivots = 0;
        below[0].rebound(&program(self.problem, &self.lo, &self.hi))
    }

    /// A node without a relaxed answer: excluded, or left open.
    fn give_up(&mut self, stop: &Stop, bound: f64) {
        if !matches!(stop, Stop::Infeasible(_)) {
            self.open = self.open.min(bound);
            self.stopped = self.stopped.or(Some(Limit::Numerics));
        }
    }

    /// Tries the largest weights of the relaxed answer as holdings.
    fn round(&mut self, depth: usize) {
        let problem = self.problem;
        let mark = self.trail.len();
        self.order.clear();
        let x = &self.levels[depth].primal[..problem.n];
        let smallest = 0.5 * problem.position.unwrap_or(0.0);
        self.order.extend(
            (0..problem.n).filter(|&i| self.places[i] == Place::Open && x[i].abs() > smallest),
        );
        self.order.sort_unstable_by(|&i, &j| x[j].abs().total_cmp(&x[i].abs()).then(i.cmp(&j)));
        self.order.truncate(problem.most - self.held);
        for at in 0..self.order.len() {
            let asset = self.order[at];
            let side = problem.side(asset, self.levels[depth].primal[asset]);
            self.put(asset, side);
        }
        self.close();
        if self.tried != self.places && self.held >= problem.least {
            self.tried.clone_from(&self.places);
            if self.relax_below(depth).is_ok() {
                self.offer(depth + 1);
            }
        }
        self.undo(mark);
    }

    fn offer(&mut self, depth: usize) {
        let x = &self.levels[depth].primal[..self.problem.n];
        self.incumbent.offer(self.problem, x, objective(self.problem, x));
    }

    fn bound(&mut self, depth: usize) -> f64 {
        let level = &self.levels[depth];
        let (x, dual) = (&level.primal[..self.problem.n], &level.dual[self.problem.n..]);
        for (to, from) in self.multipliers.iter_mut().zip(dual) {
            *to = from * level.kkt.scale;
        }
        let program = program(self.problem, &self.lo, &self.hi);
        let program = Program { h: self.problem.g, ..program };
        let value = weak_duality_with(&program, x, &self.multipliers, &mut self.gradient);
        value + self.problem.constant
    }

    fn put(&mut self, asset: usize, place: Place) {
        self.trail.push((asset, self.places[asset]));
        self.set(asset, place);
    }

    fn set(&mut self, asset: usize, place: Place) {
        let before = std::mem::replace(&mut self.places[asset], place);
        self.held = self.held + usize::from(place.held()) - usize::from(before.held());
        self.out = self.out + usize::from(place == Place::Out) - usize::from(before == Place::Out);
        (self.lo[asset], self.hi[asset]) = self.problem.bounds(asset, place);
    }

    /// Nothing more may be held.
    fn close(&mut self) {
        for asset in 0..self.problem.n {
            if self.places[asset] == Place::Open {
                self.put(asset, Place::Out);
            }
        }
    }

    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((asset, place)) = self.trail.pop() {
                self.set(asset, place);
            }
        }
    }
}

fn program<'p>(problem: &Problem<'p>, lo: &'p [f64], hi: &'p [f64]) -> Program<'p> {
    Program { h: problem.h, a: problem.a, g: problem.c, lo, hi }
}
