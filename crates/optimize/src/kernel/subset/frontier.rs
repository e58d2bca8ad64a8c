//! The search for many assets: best first, with the perspective bound.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use walkfolio_core::Matrix;

use super::super::active_set::ActiveSet;
use super::super::perspective::{Ascent, Quadratic, across_equalities, relaxed_matrix};
use super::super::program::{Program, Stop};
use super::incumbent::Incumbent;
use super::part::{best_of, largest};
use super::problem::objective;
use super::problem::{Fault, Place, Problem, is_held};
use super::rules::{Found, Limit, RootBound};
use super::trading::Point;

/// The barrier's weight, in parts of the objective and per asset: at the root it falls from the
/// first to the second.
const FIRST_BARRIER: f64 = 0.1;
const LAST_BARRIER: f64 = 2e-3;
const ROOT_STEPS: usize = 40;
/// Newton steps for the diagonal at a node.
const NODE_STEPS: usize = 2;

/// A node whose bound is known and whose children are not made.
struct Node {
    bound: f64,
    /// Nodes of the same bound come in the order of their making.
    number: u64,
    places: Vec<Place>,
    diagonal: Vec<f64>,
    /// The relaxed answer.
    x: Vec<f64>,
    asset: usize,
    /// Whether its diagonal has been improved for it.
    tight: bool,
}

impl Ord for Node {
    /// The smallest bound is the greatest node, for the heap.
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}

/// A relaxation with its answer.
#[derive(Default)]
struct Relaxed {
    bound: f64,
    x: Vec<f64>,
    multipliers: Vec<f64>,
    price: f64,
    diagonal: Vec<f64>,
}

pub(super) struct Frontier<'a> {
    problem: &'a Problem<'a>,
    incumbent: &'a mut Incumbent,
    quadratic: Quadratic,
    matrix: Matrix,
    set: ActiveSet,
    heap: BinaryHeap<Node>,
    made: u64,
    open: f64,
    stopped: Option<Limit>,
    pivots: u64,
}

impl<'a> Frontier<'a> {
    pub fn run(
        problem: &'a Problem<'a>,
        incumbent: &'a mut Incumbent,
        root: RootBound,
    ) -> (Found, RootBound) {
        let (n, m) = (problem.n, problem.a.rows());
        let quadratic =
            Quadratic { g: problem.h.clone(), c: problem.c.to_vec(), constant: problem.constant };
        let equalities = (0..m)
            .filter(|&k| problem.lo[n + k] == problem.hi[n + k])
            .map(|k| (problem.a.row(k), problem.lo[n + k]));
        let mut frontier = Self {
            problem,
            incumbent,
            quadratic: across_equalities(quadratic, equalities),
            matrix: Matrix::zeros(n, n),
            set: problem.active_set(),
            heap: BinaryHeap::new(),
            made: 0,
            open: f64::INFINITY,
            stopped: None,
            pivots: 0,
        };
        let root = frontier.plant(root);
        frontier.search();
        let rest = frontier.heap.peek().map_or(f64::INFINITY, |node| node.bound);
        let open = frontier.open.min(rest);
        let (nodes, stopped) = (problem.clock.nodes(), frontier.stopped);
        (Found { open, nodes, pivots: frontier.pivots, stopped }, root)
    }

    /// The root: its diagonal from nothing, its bound never below the plain one.
    fn plant(&mut self, plain: RootBound) -> RootBound {
        let places = self.problem.places.clone();
        let fits = self.problem.has_perspective();
        let best = fits.then(|| self.climb(&places)).flatten();
        let best = best.filter(|best| best.bound > plain.value);
        let (root, relaxed) = if let Some(best) = best {
            let (diagonal, x) = (best.diagonal.clone(), best.x.clone());
            let (multipliers, price) = (best.multipliers.clone(), best.price);
            (RootBound { value: best.bound, diagonal, x, multipliers, price }, best)
        } else {
            let (bound, x, diagonal) = (plain.value, plain.x.clone(), plain.diagonal.clone());
            (plain, Relaxed { bound, x, diagonal, ..Relaxed::default() })
        };
        self.admit(places, relaxed, true);
        root
    }

    /// The best bound on the way of the diagonal from nothing, as the barrier falls.
    fn climb(&mut self, places: &[Place]) -> Option<Relaxed> {
        let (kept, open) = indices(places);
        let g = self.quadratic.g.clone();
        let holdings = self.spare(places);
        let ascent = |barrier| Ascent { g: &g, kept: &kept, open: &open, holdings, barrier };
        self.spend_on_steps(1);
        let mut diagonal = ascent(0.0).begin()?;
        let mut best: Option<Relaxed> = None;
        let ratio: f64 = LAST_BARRIER / FIRST_BARRIER;
        for step in 0..ROOT_STEPS {
            if self.problem.clock.look().is_some() {
                break;
            }
            let near = best.as_ref().map(|best| &best.x[..]);
            let Ok(relaxed) = self.relax(places, &diagonal, near) else { break };
            self.spend_on_steps(1);
            // The last third of the steps stays at the smallest barrier.
            let part = (1.5 * step as f64 / ROOT_STEPS as f64).min(1.0);
            let barrier = self.barrier(FIRST_BARRIER * libm::pow(ratio, part));
            let next = ascent(barrier).step(&relaxed.x, &diagonal);
            if best.as_ref().is_none_or(|best| best.bound < relaxed.bound) {
                best = Some(relaxed);
            }
            let Some(next) = next else { break };
            diagonal = next;
        }
        best
    }

    /// Counts the work of Newton steps.
    fn spend_on_steps(&self, steps: u64) {
        let n = self.problem.n as u64;
        self.problem.clock.spend(2 * steps * n * n * n);
    }

    fn barrier(&self, part: f64) -> f64 {
        let known = self.incumbent.value.is_finite();
        let value = if known { self.incumbent.scale.risk } else { self.quadratic.g[(0, 0)] };
        part * value.max(self.problem.rounding()) / self.problem.n as f64
    }

    /// How many more may be held.
    fn spare(&self, places: &[Place]) -> usize {
        let held = places.iter().filter(|place| place.held()).count();
        let open = places.iter().filter(|&&place| place == Place::Open).count();
        (self.problem.most - held).min(open)
    }

    fn search(&mut self) {
        while let Some(node) = self.heap.pop() {
            if self.incumbent.prunes(self.problem, node.bound) {
                return;
            }
            let clock = self.problem.clock;
            let struck = if node.tight { clock.take() } else { clock.look() };
            if let Some(limit) = struck {
                self.stopped = Some(limit);
                self.open = self.open.min(node.bound);
                return;
            }
            if node.tight {
                let choices = self.problem.choices(node.asset, node.x[node.asset]);
                for place in choices.into_iter().flatten() {
                    self.make(&node, place);
                }
            } else {
                self.tighten(node);
            }
        }
    }

    /// A child of a node.
    fn make(&mut self, node: &Node, place: Place) {
        let mut places = node.places.clone();
        places[node.asset] = place;
        let out = places.iter().filter(|&&place| place == Place::Out).count();
        if self.problem.n - out < self.problem.least {
            return;
        }
        if self.spare(&places) == 0 {
            return self.close(&places, node.bound);
        }
        let mut diagonal = node.diagonal.clone();
        diagonal[node.asset] = 0.0;
        match self.relax(&places, &diagonal, Some(&node.x)) {
            Ok(mut relaxed) => {
                relaxed.bound = relaxed.bound.max(node.bound);
                // There is nothing to improve where no perspective bounds.
                self.admit(places, relaxed, !self.problem.has_perspective());
            }
            Err(stop) => self.give_up(&stop, node.bound),
        }
    }

    /// Improves a node's diagonal by some steps and puts it back: it may no longer be the first.
    fn tighten(&mut self, node: Node) {
        let (kept, open) = indices(&node.places);
        let Node { bound, places, mut x, mut diagonal, .. } = node;
        let (holdings, barrier) = (self.spare(&places), self.barrier(LAST_BARRIER));
        let mut best = None::<Relaxed>;
        let (own, at) = (x.clone(), diagonal.clone());
        let first = Relaxed { bound, x: own, diagonal: at, ..Relaxed::default() };
        for _ in 0..NODE_STEPS {
            let g = &self.quadratic.g;
            let ascent = Ascent { g, kept: &kept, open: &open, holdings, barrier };
            let Some(next) = ascent.step(&x, &diagonal) else { break };
            self.spend_on_steps(1);
            let Ok(relaxed) = self.relax(&places, &next, Some(&x)) else { break };
            (x, diagonal) = (relaxed.x.clone(), next);
            if self.incumbent.prunes(self.problem, relaxed.bound) {
                return;
            }
            if relaxed.bound > best.as_ref().map_or(bound, |best| best.bound) {
                best = Some(relaxed);
            }
        }
        self.admit(places, best.unwrap_or(first), true);
    }

    fn relax(
        &mut self,
        places: &[Place],
        diagonal: &[f64],
        near: Option<&[f64]>,
    ) -> Result<Relaxed, Stop> {
        self.problem.clock.spend(self.problem.relaxing());
        relaxed_matrix(&self.quadratic.g, diagonal, self.spare(places), &mut self.matrix);
        let (lo, hi) = self.problem.bounds_of(places);
        let program =
            Program { h: &self.matrix, a: self.problem.a, g: &self.quadratic.c, lo: &lo, hi: &hi };
        let point = self.problem.convex(&program, near, &mut self.set)?;
        self.pivots += point.pivots;
        let bound = self.problem.lower_bound(&program, &point) + self.quadratic.constant;
        let Point { x, multipliers, price, .. } = point;
        Ok(Relaxed { bound, x, multipliers, price, diagonal: diagonal.to_vec() })
    }

    /// Puts a node into the heap, unless it is settled; its largest weights are tried.
    fn admit(&mut self, places: Vec<Place>, relaxed: Relaxed, tight: bool) {
        let x = &relaxed.x;
        if self.incumbent.prunes(self.problem, relaxed.bound) {
            return;
        }
        self.try_largest(&places, x);
        let largest_open = || {
            let open = (0..x.len()).filter(|&i| places[i] == Place::Open && is_held(x[i]));
            open.max_by(|&i, &j| x[i].total_cmp(&x[j]).then(j.cmp(&i)))
        };
        let asset = match self.problem.fault(&places, x) {
            Fault::Branch(asset) => Some(asset),
            // The relaxation lies below the objective wherever something is undecided.
            Fault::None => largest_open(),
        };
        let Some(asset) = asset else {
            // Nothing undecided is held: the relaxation is exact.
            return self.incumbent.offer(self.problem, x, objective(self.problem, x));
        };
        self.made += 1;
        let Relaxed { bound, x, diagonal, .. } = relaxed;
        self.heap.push(Node { bound, number: self.made, places, diagonal, x, asset, tight });
    }

    fn try_largest(&mut self, places: &[Place], x: &[f64]) {
        let mut ranked = x.to_vec();
        for (weight, place) in ranked.iter_mut().zip(places) {
            if place.held() {
                *weight += 1e3;
            }
        }
        let holdings = largest(self.problem, &ranked);
        if let Ok(found) = best_of(self.problem, &holdings, x) {
            self.pivots += found.pivots;
            if found.value < self.incumbent.value {
                self.incumbent.offer(self.problem, &found.x, found.value);
                self.incumbent.improve(self.problem, &holdings, &found.x, None);
            }
        }
    }

    /// All places are taken: the best portfolio of the holdings is the node's answer.
    fn close(&mut self, places: &[Place], bound: f64) {
        let holdings: Vec<usize> = (0..places.len()).filter(|&i| places[i].held()).collect();
        let sides: Vec<f64> =
            places.iter().map(|&place| if place == Place::Short { -1.0 } else { 1.0 }).collect();
        match best_of(self.problem, &holdings, &sides) {
            Ok(found) => {
                self.pivots += found.pivots;
                self.incumbent.offer(self.problem, &found.x, found.value);
            }
            Err(stop) => self.give_up(&stop, bound),
        }
    }

    fn give_up(&mut self, stop: &Stop, bound: f64) {
        if !matches!(stop, Stop::Infeasible(_)) {
            self.open = self.open.min(bound);
            self.stopped = self.stopped.or(Some(Limit::Numerics));
        }
    }
}

/// The indices that may be held, and those of them that are undecided.
fn indices(places: &[Place]) -> (Vec<usize>, Vec<usize>) {
    let kept = (0..places.len()).filter(|&i| places[i] != Place::Out).collect();
    let open = (0..places.len()).filter(|&i| places[i] == Place::Open).collect();
    (kept, open)
}
