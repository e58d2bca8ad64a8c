//! Which assets are worth trying in place of another.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use super::super::perspective::{forward, lower_factor};
use super::bound::objective;
use super::part::Part;
use super::problem::Problem;

/// So many assets are tried for each one that leaves.
const PROMISING: usize = 8;

/// The assets that would lower the objective most if they joined some holdings, best first, each
/// with the objective that is foreseen.
///
/// At the best portfolio of the holdings, an asset `j` that enters lowers the objective by
/// `s_j^2 / h_j`: its slope `s_j = (Gx - c - A'y)_j`, and its curvature `h_j` while the weights
/// between their bounds give way to it within the budget. Bounds that it would meet on the way are
/// not seen, so that the order is a guide and no proof. None where the holdings alone have no
/// portfolio.
pub(super) fn promising(
    problem: &Problem<'_>,
    holdings: &[usize],
    entering: &[usize],
) -> Option<Vec<(f64, usize)>> {
    let zeros = vec![0.0; problem.n];
    let part = Part::new(problem, holdings, &zeros);
    let answer = part.solve(problem.a.rows()).ok()?;
    let rows = &answer.dual[holdings.len()..];
    let giving = Giving::new(problem, &part, holdings, &answer.x);
    let mut x = zeros;
    holdings.iter().zip(&answer.x).for_each(|(&i, &weight)| x[i] = weight);
    let value = objective(problem, &x);
    let gain = |j: usize| {
        let product: f64 =
            holdings.iter().zip(&answer.x).map(|(&i, x)| problem.g[(j, i)] * x).sum();
        let priced: f64 = rows.iter().enumerate().map(|(row, y)| problem.a[(row, j)] * y).sum();
        let slope = product - problem.c[j] - priced;
        // A weight that can only grow lowers nothing where the slope is upward.
        let lowers = slope < 0.0 || problem.lo[j] < 0.0;
        if lowers { slope * slope / giving.curvature(problem, j) } else { 0.0 }
    };
    let mut ranked: Vec<(f64, usize)> = entering.iter().map(|&j| (gain(j), j)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    Some(ranked.into_iter().take(PROMISING).map(|(gain, j)| (value - gain, j)).collect())
}

/// The holdings between their bounds, and the factor of their matrix.
struct Giving {
    assets: Vec<usize>,
    /// The lower factor, and the budget row before it, if the program has just that row.
    factor: Option<(Matrix, Vec<f64>)>,
}

impl Giving {
    fn new(problem: &Problem<'_>, part: &Part, rest: &[usize], x: &[f64]) -> Self {
        let inside = |at: &usize| part.lo[*at] < x[*at] && x[*at] < part.hi[*at];
        let places: Vec<usize> = (0..rest.len()).filter(inside).collect();
        let k = places.len();
        let mut g = Matrix::zeros(k, k);
        for (row, &i) in places.iter().enumerate() {
            for (value, &j) in g.row_mut(row).iter_mut().zip(&places) {
                *value = part.g[(i, j)];
            }
        }
        let budget = problem.a.rows() == 1 && problem.lo[problem.n] == problem.hi[problem.n];
        let factor = lower_factor(&g).filter(|_| budget && k > 0).map(|lower| {
            let row: Vec<f64> = places.iter().map(|&i| part.a[(0, i)]).collect();
            let row = forward(&lower, &row);
            (lower, row)
        });
        Self { assets: places.into_iter().map(|at| rest[at]).collect(), factor }
    }

    /// `G_jj - g'u + (a'u - a_j)^2 / a'v` with `u = G^-1 g` and `v = G^-1 a` over the assets that
    /// give way: the second derivative along the budget; `G_jj` where nothing gives way.
    fn curvature(&self, problem: &Problem<'_>, j: usize) -> f64 {
        let own = problem.g[(j, j)].max(f64::MIN_POSITIVE);
        let Some((lower, budget)) = &self.factor else { return own };
        let column: Vec<f64> = self.assets.iter().map(|&i| problem.g[(j, i)]).collect();
        let z = forward(lower, &column);
        let moved = dot(budget, &z) - problem.a[(0, j)];
        let curvature = own - dot(&z, &z) + moved * moved / dot(budget, budget);
        curvature.max(1e-6 * own)
    }
}
