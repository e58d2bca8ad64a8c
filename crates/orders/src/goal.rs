//! What an account is to be brought to, and what it is worth to miss it.

use std::sync::Arc;

use walkfolio_core::Matrix;
use walkfolio_optimize::{Mandate, SharedPrices};

/// A gradient of which more than this part is unexplained is that of a portfolio that is not the best.
const EXPLAINED: f64 = 1e-6;

/// A target, and what a step `d` away from it costs: `d'H d + own'd`, the change of the costs in the objective,
/// and `shared'd` for limits that several assets have in common.
///
/// `own` is what the objective's gradient leaves to each asset alone, after the prices of the limits: where the
/// target is the best portfolio it is 0 for an asset between its bounds and points inwards at a bound. What
/// is not invested is valued at the price of the sum of weights, so that rounding is no bet on cash.
///
/// # Shape and units
/// Weights are fractions of equity, everything else is in the objective's unit, smaller is better.
/// # Examples
/// See [`Goal::of_mandate`].
#[derive(Debug, Clone)]
pub struct Goal {
    pub(crate) target: Vec<f64>,
    /// The smallest and largest weight of each asset.
    pub(crate) bounds: Vec<(f64, f64)>,
    pub(crate) matrix: Arc<Matrix>,
    pub(crate) own: Vec<f64>,
    pub(crate) shared: Vec<f64>,
    /// Where costs have their kink, what a unit costs on either side of it.
    pub(crate) kinks: Vec<(Vec<f64>, Vec<f64>)>,
    /// Whether a step costs exactly so much.
    pub(crate) is_exact: bool,
    /// The mandate, and the places of its assets.
    pub(crate) mandate: Option<(Mandate, Vec<usize>)>,
}

impl Goal {
    /// Weights that nothing is known of: a step away costs its squared length. Weights may move by as much as it
    /// takes, but not change their sign.
    ///
    /// # Examples
    /// See [`Account::trade`](crate::Account::trade).
    pub fn of_weights(target: Vec<f64>) -> Self {
        let n = target.len();
        let mut matrix = Matrix::zeros(n, n);
        (0..n).for_each(|i| matrix[(i, i)] = 1.0);
        Self {
            bounds: target
                .iter()
                .map(|w| if *w < 0.0 { (-1e3, 0.0) } else { (0.0, 1e3) })
                .collect(),
            own: vec![0.0; n],
            shared: vec![0.0; n],
            kinks: Vec::new(),
            is_exact: true,
            mandate: None,
            matrix: Arc::new(matrix),
            target,
        }
    }

    /// The portfolio of a mandate, and its objective and limits.
    ///
    /// Of a target that is not the mandate's best portfolio, as where small weights were dropped, a step costs
    /// what it adds beyond the first order: the distance by the objective's own measure.
    ///
    /// # Panics
    /// Unless there is one weight for each asset of the mandate.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, MinimumVariance};
    /// use walkfolio_orders::{Account, Goal, TradeRules};
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
    /// let best = mandate.solve()?.weights; // 0.2 and 0.8
    /// let goal = Goal::of_mandate(&mandate, &best);
    /// let account = Account { shares: vec![0.0, 0.0], cash: 1_000.0 };
    /// let plan = account.trade(&[90.0, 90.0], &goal, &TradeRules::whole(0.0)).unwrap();
    /// // The first is four times as risky: 2 of it are 0.02 short, 9 of the other 0.01 too much.
    /// assert_eq!(plan.shares, [2.0, 9.0]);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    pub fn of_mandate(mandate: &Mandate, target: &[f64]) -> Self {
        let model = mandate.model(target);
        let n = target.len();
        let goal = Self {
            target: target.to_vec(),
            bounds: Vec::new(),
            matrix: Arc::new(model.matrix),
            own: Vec::new(),
            shared: Vec::new(),
            kinks: Vec::new(),
            is_exact: model.is_exact,
            mandate: Some((mandate.clone(), (0..n).collect())),
        };
        goal.priced(mandate)
    }

    /// The portfolio of another mandate with the same objective and assets, over all assets of this goal. Where a
    /// step costs the same everywhere the curvature is shared.
    ///
    /// # Panics
    /// Unless there is one weight for each asset of the mandate, and this goal is of one.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, MinimumVariance};
    /// use walkfolio_orders::Goal;
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
    /// let goal = Goal::of_mandate(&mandate, &[0.2, 0.8]).among(3, &[2, 0]);
    /// let capped = mandate.clone().with_constraints(walkfolio_optimize::Constraints::long_only(2, 0.6)?)?;
    /// assert_eq!(goal.like(&capped, &[0.4, 0.6]).target(), [0.6, 0.0, 0.4]);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    #[must_use]
    pub fn like(&self, mandate: &Mandate, target: &[f64]) -> Self {
        let places = self.mandate.as_ref().map_or(&[][..], |(_, places)| places);
        assert_eq!(target.len(), places.len(), "one weight for each asset of the mandate");
        let assets = self.target.len();
        if !self.is_exact {
            return Self::of_mandate(mandate, target).among(assets, places);
        }
        let goal = Self {
            target: spread(target, assets, places),
            mandate: Some((mandate.clone(), places.to_vec())),
            matrix: Arc::clone(&self.matrix),
            bounds: Vec::new(),
            own: Vec::new(),
            shared: Vec::new(),
            kinks: Vec::new(),
            is_exact: true,
        };
        goal.priced(mandate)
    }

    /// With the bounds of its mandate, and what the gradient leaves to each asset there.
    fn priced(mut self, mandate: &Mandate) -> Self {
        let places = self.mandate.as_ref().map(|(_, places)| places.clone()).unwrap_or_default();
        let assets = self.target.len();
        let target: Vec<f64> = places.iter().map(|&place| self.target[place]).collect();
        self.bounds = vec![(0.0, 0.0); assets];
        for (&place, own) in places.iter().zip(mandate.constraints().bounds()) {
            self.bounds[place] = own;
        }
        (self.own, self.shared) = (vec![0.0; assets], vec![0.0; assets]);
        if let Some(SharedPrices { own, budget, gradient, .. }) = prices(mandate, &target) {
            // The price of the sum is of what is minimized: raising it makes the objective better by `budget`.
            let shared: Vec<f64> =
                gradient.iter().zip(&own).map(|(all, own)| all - own + budget).collect();
            self.shared = spread(&shared, assets, &places);
            self.own = spread(&own, assets, &places);
            let kinks = mandate.kinks().into_iter();
            self.kinks = kinks
                .map(|(at, costs)| (spread(&at, assets, &places), spread(&costs, assets, &places)))
                .collect();
        }
        self
    }

    /// The same among more assets, of which those of this goal have these places; all others are sold.
    ///
    /// # Panics
    /// Unless there is a place below `assets` for each asset of the goal.
    /// # Examples
    /// ```
    /// use walkfolio_orders::Goal;
    ///
    /// let goal = Goal::of_weights(vec![0.4, 0.6]).among(3, &[2, 0]);
    /// assert_eq!(goal.target(), [0.6, 0.0, 0.4]);
    /// ```
    #[must_use]
    pub fn among(self, assets: usize, places: &[usize]) -> Self {
        assert_eq!(self.target.len(), places.len(), "one place for each asset");
        if places.len() == assets && places.iter().copied().eq(0..assets) {
            return self;
        }
        let spread = |values: &[f64]| spread(values, assets, places);
        let mut matrix = Matrix::zeros(assets, assets);
        let mut bounds = vec![(0.0, 0.0); assets];
        for (i, &place) in places.iter().enumerate() {
            bounds[place] = self.bounds[i];
            for (j, &other) in places.iter().enumerate() {
                matrix[(place, other)] = self.matrix[(i, j)];
            }
        }
        let moved = |own: Vec<usize>| own.into_iter().map(|at| places[at]).collect();
        Self {
            target: spread(&self.target),
            own: spread(&self.own),
            shared: spread(&self.shared),
            kinks: self.kinks.iter().map(|(at, costs)| (spread(at), spread(costs))).collect(),
            is_exact: self.is_exact,
            mandate: self.mandate.map(|(mandate, own)| (mandate, moved(own))),
            matrix: Arc::new(matrix),
            bounds,
        }
    }

    /// The same curvature around another portfolio, that of another mandate with the same objective: a step away
    /// from it costs what it adds beyond the first order.
    ///
    /// # Panics
    /// Unless there is one weight for each asset.
    /// # Examples
    /// ```
    /// use walkfolio_core::{Covariance, Matrix};
    /// use walkfolio_optimize::{Mandate, MinimumVariance};
    /// use walkfolio_orders::Goal;
    ///
    /// let covariance = Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01]))?;
    /// let mandate = Mandate::long_only(MinimumVariance::new(covariance)?, 1.0)?;
    /// let goal = Goal::of_mandate(&mandate, &[0.2, 0.8]).at(vec![0.5, 0.5], &mandate);
    /// assert_eq!(goal.target(), [0.5, 0.5]);
    /// # Ok::<(), walkfolio_optimize::Error>(())
    /// ```
    #[must_use]
    pub fn at(self, target: Vec<f64>, mandate: &Mandate) -> Self {
        let n = target.len();
        assert_eq!(n, self.target.len(), "one weight for each asset");
        Self {
            target,
            bounds: mandate.constraints().bounds().collect(),
            own: vec![0.0; n],
            shared: vec![0.0; n],
            kinks: Vec::new(),
            is_exact: false,
            mandate: Some((mandate.clone(), (0..n).collect())),
            ..self
        }
    }

    /// The weights.
    pub fn target(&self) -> &[f64] {
        &self.target
    }

    /// What a step of one asset costs by itself: its part of the gradient and of the costs.
    pub(crate) fn alone(&self, i: usize, d: f64) -> f64 {
        self.own[i] * d + self.kinks_of(i).map(|kink| kink.cost_of(d)).sum::<f64>()
    }

    /// [`Goal::alone`] of one asset for many steps.
    pub(crate) fn all_alone(&self, i: usize) -> Alone {
        Alone { slope: self.own[i], kinks: self.kinks_of(i).collect() }
    }

    fn kinks_of(&self, i: usize) -> impl Iterator<Item = Kink> {
        self.kinks.iter().map(move |(at, costs)| {
            let from = self.target[i] - at[i];
            // The gradient has the slope on the target's side of the kink.
            let slope = if from.abs() > 1e-7 { from.signum() } else { 0.0 };
            Kink { from, slope, cost: costs[i] }
        })
    }

    /// Whether several assets have limits in common beside the sum.
    pub(crate) fn has_limits(&self) -> bool {
        self.mandate.as_ref().is_some_and(|(mandate, _)| !mandate.constraints().list().is_empty())
    }

    /// Whether weights break a limit that several assets have in common by more than a tolerance.
    pub(crate) fn breaks(&self, weights: &[f64], tolerance: f64) -> bool {
        self.mandate.as_ref().is_some_and(|(mandate, places)| {
            let own: Vec<f64> = places.iter().map(|&place| weights[place]).collect();
            mandate.constraints().violated(&own, tolerance).is_some()
        })
    }

    /// The objective of some weights; none without a mandate.
    pub(crate) fn value(&self, weights: &[f64]) -> Option<f64> {
        self.mandate.as_ref().map(|(mandate, places)| {
            let own: Vec<f64> = places.iter().map(|&place| weights[place]).collect();
            mandate.value(&own)
        })
    }
}

/// What steps of one asset cost by themselves.
pub(crate) struct Alone {
    slope: f64,
    kinks: Vec<Kink>,
}

/// Where the target is from a kink, and the slope that the gradient has of it.
struct Kink {
    from: f64,
    slope: f64,
    cost: f64,
}

impl Alone {
    /// The cost of a step.
    pub(crate) fn of(&self, d: f64) -> f64 {
        self.slope * d + self.kinks.iter().map(|kink| kink.cost_of(d)).sum::<f64>()
    }
}

impl Kink {
    fn cost_of(&self, d: f64) -> f64 {
        self.cost * ((self.from + d).abs() - self.from.abs() - self.slope * d)
    }
}

/// Values of some assets among all, 0 elsewhere.
fn spread(values: &[f64], assets: usize, places: &[usize]) -> Vec<f64> {
    let mut all = vec![0.0; assets];
    places.iter().zip(values).for_each(|(&place, value)| all[place] = *value);
    all
}

/// What the limits that several assets share leave of the gradient at a portfolio, where that is its mandate's best.
fn prices(mandate: &Mandate, target: &[f64]) -> Option<SharedPrices> {
    let quick = mandate.shared_prices(target).filter(|found| found.unexplained <= EXPLAINED);
    quick.or_else(|| {
        let found = mandate.sensitivity(target).filter(|found| found.unexplained <= EXPLAINED)?;
        let (budget, gradient, own) = (found.budget, found.gradient, found.own);
        Some(SharedPrices { budget, gradient, own, unexplained: found.unexplained })
    })
}
