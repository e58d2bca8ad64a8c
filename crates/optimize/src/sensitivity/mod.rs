//! What limits a portfolio, and what a little more room would be worth.
//!
//! Nothing of the solver that found the portfolio has a part in it: the multipliers of its constraints are
//! those that explain the objective's gradient at the portfolio best, in least squares. Of a portfolio that
//! is the best there is they explain all of it.

mod model;
mod shared;
mod slope;
mod tail;

use walkfolio_core::Matrix;
use walkfolio_core::linear::max_abs;

use crate::constraint::{Constraint, Part};
use crate::kernel::{ActiveSet, Program};
use crate::mandate::Mandate;
pub use model::Model;
pub use shared::SharedPrices;
use slope::slope;
use tail::AT;

/// A price below this part of the gradient is rounding.
const NOTHING: f64 = 1e-7;
/// A multiplier is not larger than this many times the gradient.
const LARGEST: f64 = 1e9;

/// Which end of a constraint a portfolio is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At its minimum.
    Min,
    /// At its maximum.
    Max,
    /// Both are the same.
    Equal,
}

/// A constraint that a portfolio is at the limit of, and its shadow price.
///
/// # Shape and units
/// `price` is how much better the objective becomes for each unit by which the limit is widened, in the
/// objective's own unit; of an equality, by which it is raised, and negative where that makes it worse.
/// # Examples
/// See [`Mandate::sensitivity`].
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// Which constraint.
    pub part: Part,
    /// Whose bound it is, of a bound of single assets: the position among the mandate's assets.
    pub asset: Option<usize>,
    /// What it is called.
    pub name: String,
    /// Which end.
    pub end: End,
    /// The limit.
    pub limit: f64,
    /// The shadow price.
    pub price: f64,
}

/// The constraints that a portfolio is at the limit of.
///
/// # Examples
/// See [`Mandate::sensitivity`].
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// They, the budget first, then bounds by asset, then the list. Bounds of 0 that merely keep an asset
    /// out have a price as any other.
    pub binding: Vec<Binding>,
    /// The largest part of the gradient that no price explains, as a fraction of its size: 0 but for rounding
    /// where the portfolio is the best there is.
    pub unexplained: f64,
    /// The price of the sum of weights: what a unit more to invest is worth.
    pub budget: f64,
    /// The gradient of what is minimized, one value for each asset; at the kink of a cost without its slope. Of a tail of
    /// losses that tie it is the slope that the prices explain.
    pub gradient: Vec<f64>,
    /// What the prices of limits that several assets share leave of it: the assets' own bounds and costs explain
    /// that.
    pub own: Vec<f64>,
}

impl Mandate {
    /// What limits a portfolio, with shadow prices.
    ///
    /// Where rules about holdings chose the assets, prices are those among the chosen.
    ///
    /// # Shape and units
    /// One weight for each asset. `None` where the multipliers have no numerical solution.
    /// # Source
    /// Boyd & Vandenberghe (2004), Convex Optimization, 5.6.3: the optimal multiplier of a constraint is the
    /// local sensitivity of the optimal value to its limit.
    /// # Panics
    /// Unless there is one weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{End, Mandate, MinimumVariance};
    ///
    /// // Volatilities of 20 % and 10 %: 0.2 and 0.8 would be best, the second may be 0.6 at most.
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 0.6)?;
    /// let found = mandate.sensitivity(&[0.4, 0.6]).unwrap();
    /// let cap = found.binding.last().unwrap();
    /// assert_eq!((cap.asset, cap.end, cap.limit), (Some(1), End::Max, 0.6));
    /// // d/dh of 0.04 (1 - h)^2 + 0.01 h^2 at 0.6 is -0.02.
    /// assert!((cap.price - 0.02).abs() < 1e-9);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn sensitivity(&self, w: &[f64]) -> Option<Sensitivity> {
        assert_eq!(w.len(), self.constraints().assets(), "one weight for each asset");
        let gradient = slope(self, w);
        let size = max_abs(&gradient);
        if size == 0.0 {
            let (own, binding) = (gradient.clone(), Vec::new());
            return Some(Sensitivity { binding, unexplained: 0.0, budget: 0.0, gradient, own });
        }
        let scaled = gradient.iter().map(|g| g / size).collect();
        let system = System::of(self, w, (scaled, size));
        let prices = system.solve()?;
        let unexplained = max_abs(&system.left(&prices, |_| true));
        let left = |takes: fn(&Column) -> bool| -> Vec<f64> {
            system.left(&prices, takes).into_iter().map(|g| size * g).collect()
        };
        let (own, gradient) = (left(Column::is_shared), left(Column::is_loss));
        let mut binding = Vec::new();
        let mut budget = 0.0;
        for (column, price) in system.columns.into_iter().zip(prices) {
            let Some((mut own, times)) = column.of else { continue };
            own.price = size * times * price;
            if own.part == Part::Budget {
                budget = own.price;
            }
            if price.abs() > NOTHING || own.end == End::Equal {
                binding.push(own);
            }
        }
        binding.sort_by_key(|own| (own.part, own.asset));
        Some(Sensitivity { binding, unexplained, budget, gradient, own })
    }
}

/// A multiplier: what it adds to the gradient, and between which values it is.
struct Column {
    values: Vec<(usize, f64)>,
    range: (f64, f64),
    /// The constraint, and what a unit of the multiplier is worth; none of the slope at a kink.
    of: Option<(Binding, f64)>,
    /// The price that limits its absolute value: of the slope at the kink of a limit.
    within: Option<usize>,
    /// Whether it is the part of a loss that ties with others: of the objective itself.
    is_loss: bool,
}

impl Column {
    /// Whether it is of a limit that several assets share, or of the objective.
    fn is_shared(&self) -> bool {
        let own = |(binding, _): &(Binding, f64)| binding.asset.is_some();
        self.is_loss || self.within.is_some() || self.of.as_ref().is_some_and(|of| !own(of))
    }

    fn is_loss(&self) -> bool {
        self.is_loss
    }
}

/// `gradient = sum of columns`, in least squares.
struct System {
    gradient: Vec<f64>,
    columns: Vec<Column>,
    sums: Vec<Sum>,
}

/// A range of the sum of some multipliers.
struct Sum {
    of: std::ops::Range<usize>,
    range: (f64, f64),
}

impl System {
    /// Of a gradient that was divided by its size.
    fn of(mandate: &Mandate, w: &[f64], (gradient, size): (Vec<f64>, f64)) -> Self {
        let mut system = Self { gradient, columns: Vec::new(), sums: Vec::new() };
        system.losses(mandate, w, size);
        system.rows(mandate, w);
        system.bounds(mandate, w);
        system.deviations(mandate, w);
        system.absolutes(mandate, w);
        system.costs(mandate, w, size);
        system
    }

    fn push(&mut self, values: Vec<(usize, f64)>, range: (f64, f64), of: Option<(Binding, f64)>) {
        self.columns.push(Column { values, range, of, within: None, is_loss: false });
    }

    /// The parts of losses that tie, each above or below its even part.
    fn losses(&mut self, mandate: &Mandate, w: &[f64], size: f64) {
        let Some(slopes) = slope::tail(mandate, w) else { return };
        let even: Vec<f64> = slopes.even().iter().zip(&slopes.known).map(|(e, k)| e - k).collect();
        self.gradient.iter_mut().zip(&even).for_each(|(own, even)| *own -= even / size);
        // Those at the edge come first, so that their sum is one of columns in a row.
        let (full, edge): (Vec<_>, Vec<_>) = slopes.open.iter().partition(|one| one.is_full);
        for one in edge.iter().chain(&full) {
            let start = self.columns.len();
            for slope in &one.slopes {
                let values = slope.iter().map(|s| -s / size).enumerate().collect();
                let (range, of, within) = ((0.0, one.most), None, None);
                self.columns.push(Column { values, range, of, within, is_loss: true });
            }
            // The part of a loss at the edge with one slope is within its own range.
            if one.is_full || one.slopes.len() > 1 {
                let least = if one.is_full { one.most } else { 0.0 };
                self.sums.push(Sum { of: start..self.columns.len(), range: (least, one.most) });
            }
        }
        let at_edge = edge.iter().map(|one| one.slopes.len()).sum();
        self.sums.push(Sum { of: 0..at_edge, range: (slopes.edge, slopes.edge) });
    }

    /// The sum of weights, and the rows of the list.
    fn rows(&mut self, mandate: &Mandate, w: &[f64]) {
        let constraints = mandate.constraints();
        let (min, max) = constraints.net_leverage();
        let ones = vec![1.0; w.len()];
        let listed = constraints
            .rows()
            .map(|(at, row)| (Part::Listed(at), row.coefficients.to_vec(), (row.min, row.max)));
        for (part, coefficients, (min, max)) in
            std::iter::once((Part::Budget, ones, (min, max))).chain(listed)
        {
            let value: f64 = coefficients.iter().zip(w).map(|(a, w)| a * w).sum();
            let Some((end, limit)) = end(value, min, max) else { continue };
            let name = constraints.rule(part).name().to_owned();
            let own = Binding { part, asset: None, name, end, limit, price: 0.0 };
            let (range, times) = sides(end);
            let values = coefficients.into_iter().enumerate().filter(|(_, a)| *a != 0.0).collect();
            self.push(values, range, Some((own, times)));
        }
    }

    fn bounds(&mut self, mandate: &Mandate, w: &[f64]) {
        let constraints = mandate.constraints();
        let rules = constraints.holdings();
        for (i, (min, max)) in constraints.bounds().enumerate() {
            let chosen = rules.min_position.is_some_and(|size| (w[i].abs() - size).abs() <= AT);
            if rules.any() && (w[i] == 0.0 || chosen) {
                self.push(vec![(i, 1.0)], (-LARGEST, LARGEST), None);
                continue;
            }
            let Some((end, limit)) = end(w[i], min, max) else { continue };
            let part = if end == End::Max { Part::Max } else { Part::Min };
            let name = constraints.rule(part).name().to_owned();
            let own = Binding { part, asset: Some(i), name, end, limit, price: 0.0 };
            let (range, times) = sides(end);
            self.push(vec![(i, 1.0)], range, Some((own, times)));
        }
    }

    fn deviations(&mut self, mandate: &Mandate, w: &[f64]) {
        for (at, rule) in mandate.constraints().rules().enumerate() {
            let Some(limit) = rule.deviation() else { continue };
            if limit.of(w) < limit.max * (1.0 - AT) - 1e-12 {
                continue;
            }
            let slope = limit.tangent(w).0.into_iter().map(|slope| -slope).enumerate().collect();
            self.push(slope, (0.0, LARGEST), Some((most(rule.name(), at, limit.max), 1.0)));
        }
    }

    /// Limits of sums of absolute values: a price for the whole, a slope within it at each kink.
    fn absolutes(&mut self, mandate: &Mandate, w: &[f64]) {
        let constraints = mandate.constraints();
        for (at, rule) in constraints.rules().enumerate() {
            let Some(limit) = rule.absolute() else { continue };
            if limit.of(w) < limit.max - AT {
                continue;
            }
            // A unit of turnover is two of what is bought and sold.
            let turnover = matches!(constraints.list().get(at), Some(Constraint::Turnover(_)));
            let times = if turnover { 2.0 } else { 1.0 };
            let price = self.columns.len();
            let apart = |i: usize| w[i] - limit.from.map_or(0.0, |from| from[i]);
            let moved = (0..w.len()).filter(|i| apart(*i).abs() > AT);
            let values = moved.map(|i| (i, -apart(i).signum())).collect();
            let own = most(rule.name(), at, limit.max / times);
            self.push(values, (0.0, LARGEST), Some((own, times)));
            for i in (0..w.len()).filter(|i| apart(*i).abs() <= AT) {
                let range = (-LARGEST, LARGEST);
                let within = Some(price);
                let values = vec![(i, 1.0)];
                self.columns.push(Column { values, range, of: None, within, is_loss: false });
            }
        }
    }

    /// The slope of costs and of an l1 penalty where nothing is traded, or held.
    fn costs(&mut self, mandate: &Mandate, w: &[f64], size: f64) {
        for (at, prices) in slope::kinks(mandate) {
            for i in (0..w.len()).filter(|i| (w[*i] - at[*i]).abs() <= AT && prices[*i] > 0.0) {
                let most = prices[i] / size;
                self.push(vec![(i, 1.0)], (-most, most), None);
            }
        }
    }

    /// The multipliers: the least squares with the smallest of them where several are as good.
    fn solve(&self) -> Option<Vec<f64>> {
        const RIDGE: f64 = 1e-10;
        // Drawdowns that have the same peaks share them in many equal ways.
        const RIDGE_OF_LOSSES: f64 = 1e-8;
        let (n, k) = (self.gradient.len(), self.columns.len());
        if k == 0 {
            return Some(Vec::new());
        }
        let mut rows = Matrix::zeros(n, k);
        for (c, column) in self.columns.iter().enumerate() {
            column.values.iter().for_each(|&(i, value)| rows[(i, c)] += value);
        }
        let mut h = rows.gram();
        for (c, column) in self.columns.iter().enumerate() {
            h[(c, c)] += if column.is_loss { RIDGE_OF_LOSSES } else { RIDGE };
        }
        let g = rows.transpose_times(&self.gradient);
        let limited: Vec<(usize, usize)> =
            (0..k).filter_map(|c| Some((c, self.columns[c].within?))).collect();
        let (pairs, sums) = (2 * limited.len(), self.sums.len());
        let mut a = Matrix::zeros(pairs + sums, k);
        for (row, &(slope, price)) in limited.iter().enumerate() {
            a[(2 * row, price)] = 1.0;
            a[(2 * row, slope)] = -1.0;
            a[(2 * row + 1, price)] = 1.0;
            a[(2 * row + 1, slope)] = 1.0;
        }
        for (row, sum) in self.sums.iter().enumerate() {
            sum.of.clone().for_each(|c| a[(pairs + row, c)] = 1.0);
        }
        let columns = self.columns.iter().map(|column| column.range);
        let rows = std::iter::repeat_n((0.0, f64::INFINITY), pairs);
        let (lo, hi): (Vec<f64>, Vec<f64>) =
            columns.chain(rows).chain(self.sums.iter().map(|sum| sum.range)).unzip();
        let program = Program { h: &h, a: &a, g: &g, lo: &lo, hi: &hi };
        Some(ActiveSet::new(k, a.rows()).solve(&program).ok()?.x)
    }

    /// What some of the multipliers leave of the gradient.
    fn left(&self, prices: &[f64], takes: impl Fn(&Column) -> bool) -> Vec<f64> {
        let mut left = self.gradient.clone();
        for (column, price) in self.columns.iter().zip(prices).filter(|(column, _)| takes(column)) {
            column.values.iter().for_each(|&(i, value)| left[i] -= value * price);
        }
        left
    }
}

/// At which end of a range a value is, if at any.
fn end(value: f64, min: f64, max: f64) -> Option<(End, f64)> {
    if min == max {
        Some((End::Equal, min))
    } else if value <= min + AT {
        Some((End::Min, min))
    } else if value >= max - AT {
        Some((End::Max, max))
    } else {
        None
    }
}

/// Between which values the multiplier of an end is, and what a unit of it is worth.
fn sides(end: End) -> ((f64, f64), f64) {
    match end {
        End::Min => ((0.0, LARGEST), 1.0),
        End::Max => ((-LARGEST, 0.0), -1.0),
        End::Equal => ((-LARGEST, LARGEST), -1.0),
    }
}

/// A limit from above, of the list.
fn most(name: &str, at: usize, limit: f64) -> Binding {
    let (part, name) = (Part::Listed(at), name.to_owned());
    Binding { part, asset: None, name, end: End::Max, limit, price: 0.0 }
}

#[cfg(test)]
mod tests;
