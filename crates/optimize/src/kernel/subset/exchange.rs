//! Which exchanges of one holding for another are worth trying.
//!
//! At the best portfolio of some holdings, the weights between their bounds give way to whatever enters or
//! leaves, within the rows that act. With `K` the inverse of their matrix within these rows, moving a weight
//! `i` by `d` and a new one `j` by `e` changes the objective by a quadratic in `d` and `e` whose numbers all
//! pairs have in common: one factorization foresees every exchange. Bounds that the others would meet on the
//! way are not seen, so that the order is a guide and no proof.

use walkfolio_core::Matrix;
use walkfolio_core::dense::add_rows;
use walkfolio_core::linear::dot;

use super::super::perspective::{forward, lower_factor};
use super::held::Held;
use super::problem::{Place, Problem};

/// So many assets are named for each one that leaves.
const EACH: usize = 2;

/// An asset in place of another, or in addition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exchange {
    /// The objective that is foreseen.
    pub foreseen: f64,
    pub leaving: Option<usize>,
    pub entering: usize,
}

/// What enters alone, best first.
pub(super) fn additions(problem: &Problem<'_>, held: &Held, entering: &[usize]) -> Vec<Exchange> {
    let Some(giving) = Giving::new(problem, held, entering) else { return Vec::new() };
    let mut found = Vec::new();
    giving.best((None, 0.0), |at| (giving.slopes[at], giving.curvatures[at]), &mut found);
    sorted(found)
}

/// The most promising assets in place of each holding that may leave, best first.
pub(super) fn exchanges(problem: &Problem<'_>, held: &Held, entering: &[usize]) -> Vec<Exchange> {
    let Some(giving) = Giving::new(problem, held, entering) else { return Vec::new() };
    let mut found = Vec::new();
    for (at, &leaving) in held.assets.iter().enumerate() {
        if problem.places[leaving] == Place::Open {
            giving.in_place_of(at, &mut found);
        }
    }
    sorted(found)
}

fn sorted(mut found: Vec<Exchange>) -> Vec<Exchange> {
    found.sort_by(|a, b| {
        let names = |one: &Exchange| (one.leaving, one.entering);
        a.foreseen.total_cmp(&b.foreseen).then(names(a).cmp(&names(b)))
    });
    found
}

/// How the holdings between their bounds give way.
struct Giving<'a> {
    problem: &'a Problem<'a>,
    held: &'a Held,
    entering: &'a [usize],
    /// Places among the holdings of those that give way.
    free: Vec<usize>,
    lower: Matrix,
    /// `L^-1 A'` of the rows that act, one row each, and the factor of its square.
    border: Vec<Vec<f64>>,
    schur: Matrix,
    rows: Vec<usize>,
    /// Of entering assets, by columns: `L^-1 g`, and what the rows are short of, through their factor.
    z: Vec<Vec<f64>>,
    w: Vec<Vec<f64>>,
    /// By how much each free weight gives way to a unit of what enters.
    u: Vec<Vec<f64>>,
    /// `Gx - c - A'y` of all assets.
    all_slopes: Vec<f64>,
    slopes: Vec<f64>,
    curvatures: Vec<f64>,
}

impl<'a> Giving<'a> {
    fn new(problem: &'a Problem<'a>, held: &'a Held, entering: &'a [usize]) -> Option<Self> {
        let free: Vec<usize> =
            (0..held.assets.len()).filter(|&at| held.is_free(problem, at)).collect();
        let k = free.len();
        let mut g = Matrix::zeros(k, k);
        for (row, &i) in free.iter().enumerate() {
            let from = problem.g.row(held.assets[i]);
            for (to, &j) in g.row_mut(row).iter_mut().zip(&free) {
                *to = from[held.assets[j]];
            }
        }
        let lower = lower_factor(&g)?;
        let mut rows = acting(problem, &held.x);
        let border = |row: &usize| {
            let own: Vec<f64> = free.iter().map(|&at| problem.a[(*row, held.assets[at])]).collect();
            forward(&lower, &own)
        };
        let mut bordered: Vec<Vec<f64>> = rows.iter().map(border).collect();
        let schur = if let Some(schur) = lower_factor(&products(&bordered)) {
            schur
        } else {
            // Too few weights give way to keep these rows.
            rows.clear();
            bordered.clear();
            Matrix::zeros(0, 0)
        };
        let all_slopes = slopes(problem, held);
        let e = entering.len();
        let mut giving = Self {
            problem,
            held,
            entering,
            slopes: entering.iter().map(|&j| all_slopes[j]).collect(),
            curvatures: vec![0.0; e],
            z: vec![Vec::new(); k],
            w: vec![Vec::new(); rows.len()],
            u: Vec::new(),
            border: bordered,
            free,
            lower,
            schur,
            rows,
            all_slopes,
        };
        giving.columns();
        Some(giving)
    }

    /// Fills what depends on the entering assets.
    fn columns(&mut self) {
        let (k, r) = (self.free.len(), self.rows.len());
        for f in 0..k {
            let own = self.problem.g.row(self.held.assets[self.free[f]]);
            let mut z: Vec<f64> = self.entering.iter().map(|&j| own[j]).collect();
            let known = (0..f).map(|l| (-self.lower[(f, l)], &self.z[l][..]));
            add_rows(&mut z, &known.collect::<Vec<_>>());
            divide(&mut z, self.lower[(f, f)]);
            self.z[f] = z;
        }
        for q in 0..r {
            let mut short: Vec<f64> =
                self.entering.iter().map(|&j| -self.problem.a[(self.rows[q], j)]).collect();
            let known = (0..k).map(|f| (self.border[q][f], &self.z[f][..]));
            add_rows(&mut short, &known.collect::<Vec<_>>());
            for l in 0..q {
                add_scaled(&mut short, -self.schur[(q, l)], &self.w[l]);
            }
            divide(&mut short, self.schur[(q, q)]);
            self.w[q] = short;
        }
        let (mut less, mut more) = (vec![0.0; self.entering.len()], vec![0.0; self.entering.len()]);
        self.z.iter().for_each(|z| add_squares(&mut less, z));
        self.w.iter().for_each(|w| add_squares(&mut more, w));
        for (at, &j) in self.entering.iter().enumerate() {
            let own = self.problem.g[(j, j)].max(f64::MIN_POSITIVE);
            self.curvatures[at] = (own - less[at] + more[at]).max(1e-6 * own);
        }
        self.give_way();
    }

    /// `u = L^-T (z - B nu)` with `nu` the multipliers of the rows.
    fn give_way(&mut self) {
        let (k, r) = (self.free.len(), self.rows.len());
        let mut nu = self.w.clone();
        for q in (0..r).rev() {
            let (rest, own) = nu.split_at_mut(q);
            divide(&mut own[0], self.schur[(q, q)]);
            for (l, rest) in rest.iter_mut().enumerate() {
                add_scaled(rest, -self.schur[(q, l)], &own[0]);
            }
        }
        self.u = vec![Vec::new(); k];
        for f in (0..k).rev() {
            let mut u = self.z[f].clone();
            let known = self.border.iter().zip(&nu).map(|(border, nu)| (-border[f], &nu[..]));
            let later = (f + 1..k).rev().map(|l| (-self.lower[(l, f)], &self.u[l][..]));
            add_rows(&mut u, &known.chain(later).collect::<Vec<_>>());
            divide(&mut u, self.lower[(f, f)]);
            self.u[f] = u;
        }
    }

    /// The best exchanges of the holding at a place.
    fn in_place_of(&self, at: usize, found: &mut Vec<Exchange>) {
        let leaving = self.held.assets[at];
        let d = -self.held.x[leaving];
        let base = self.held.leaving_cost(self.problem, leaving);
        if let Some(f) = self.free.iter().position(|&free| free == at) {
            let (own, u) = (self.gives(f), &self.u[f]);
            let shift = |j: usize| {
                (self.slopes[j] + d * u[j] / own, self.curvatures[j] + u[j] * u[j] / own)
            };
            self.best((Some(leaving), base + d * d / own), shift, found);
        } else {
            let (curvature, cross) = self.fixed(leaving);
            let slope = self.all_slopes[leaving];
            let shift = |j: usize| (self.slopes[j] + d * cross[j], self.curvatures[j]);
            self.best((Some(leaving), base + 2.0 * slope * d + curvature * d * d), shift, found);
        }
    }

    /// By how much a free weight gives way to its own slope: the diagonal of `K`.
    fn gives(&self, f: usize) -> f64 {
        let mut unit = vec![0.0; self.free.len()];
        unit[f] = 1.0;
        let t = forward(&self.lower, &unit);
        let short: Vec<f64> = self.border.iter().map(|b| dot(b, &t)).collect();
        let short = forward(&self.schur, &short);
        (dot(&t, &t) - dot(&short, &short)).max(f64::MIN_POSITIVE)
    }

    /// Curvature of a holding at a bound, and what its move adds to the slopes of what enters.
    fn fixed(&self, i: usize) -> (f64, Vec<f64>) {
        let own: Vec<f64> =
            self.free.iter().map(|&at| self.problem.g[(i, self.held.assets[at])]).collect();
        let z = forward(&self.lower, &own);
        let short: Vec<f64> = (self.border.iter().zip(&self.rows))
            .map(|(b, &row)| dot(b, &z) - self.problem.a[(row, i)])
            .collect();
        let w = forward(&self.schur, &short);
        let row = self.problem.g.row(i);
        let mut cross: Vec<f64> = self.entering.iter().map(|&j| row[j]).collect();
        z.iter().enumerate().for_each(|(f, z)| add_scaled(&mut cross, -z, &self.z[f]));
        w.iter().enumerate().for_each(|(q, w)| add_scaled(&mut cross, *w, &self.w[q]));
        (row[i] - dot(&z, &z) + dot(&w, &w), cross)
    }

    /// Adds the assets that help most, given slope and curvature of each.
    fn best(
        &self,
        (leaving, base): (Option<usize>, f64),
        of: impl Fn(usize) -> (f64, f64),
        found: &mut Vec<Exchange>,
    ) {
        let mut best: Vec<Exchange> = Vec::with_capacity(EACH + 1);
        let each = if leaving.is_some() { EACH } else { 4 * EACH };
        for (at, &entering) in self.entering.iter().enumerate() {
            let change = self.problem.entering_change(entering, of(at), self.held.price);
            let foreseen = self.held.value + base + change;
            if best.len() == each && foreseen >= best[each - 1].foreseen {
                continue;
            }
            let place = best.partition_point(|one| one.foreseen <= foreseen);
            best.insert(place, Exchange { foreseen, leaving, entering });
            best.truncate(each);
        }
        found.extend(best);
    }
}

/// Rows of which a portfolio is at an end.
fn acting(problem: &Problem<'_>, x: &[f64]) -> Vec<usize> {
    let at_end = |row: &usize| {
        let (lo, hi) = (problem.lo[problem.n + row], problem.hi[problem.n + row]);
        let value = dot(problem.a.row(*row), x);
        let near = |end: f64| (value - end).abs() <= 1e-10 * (1.0 + end.abs());
        lo == hi || near(lo) || near(hi)
    };
    (0..problem.a.rows()).filter(at_end).collect()
}

/// `Gx - c - A'y`.
fn slopes(problem: &Problem<'_>, held: &Held) -> Vec<f64> {
    let mut slopes: Vec<f64> = problem.c.iter().map(|c| -c).collect();
    for &i in &held.assets {
        add_scaled(&mut slopes, held.x[i], problem.g.row(i));
    }
    for (row, y) in held.multipliers.iter().enumerate() {
        add_scaled(&mut slopes, -y, problem.a.row(row));
    }
    slopes
}

/// The products of vectors with each other.
fn products(vectors: &[Vec<f64>]) -> Matrix {
    let values = vectors.iter().flat_map(|a| vectors.iter().map(move |b| dot(a, b)));
    Matrix::from_rows(vectors.len(), vectors.len(), values.collect())
}

fn add_scaled(out: &mut [f64], scale: f64, row: &[f64]) {
    for (to, value) in out.iter_mut().zip(row) {
        *to += scale * value;
    }
}

fn add_squares(out: &mut [f64], row: &[f64]) {
    out.iter_mut().zip(row).for_each(|(to, value)| *to += value * value);
}

fn divide(row: &mut [f64], by: f64) {
    for value in row {
        *value /= by;
    }
}
