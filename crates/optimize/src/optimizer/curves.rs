//! What is neither linear nor quadratic between the kinks of a mandate: limits of risks, and the impact of
//! trades on prices. Near a portfolio it is, and a few quadratic programs find the best one.

use walkfolio_core::Matrix;
use walkfolio_core::linear::dot;

use crate::bound::Region;
use crate::constraint::rule::Deviation;
use crate::cost::Costs;
use crate::mandate::Mandate;

/// What is known of a portfolio: the sides of kinks that weights are on, and the assets at none.
pub(super) struct Place<'a> {
    pub near: &'a [f64],
    pub held: Vec<usize>,
    /// The weights at a kink; 0 of the others.
    pub settled: Vec<f64>,
}

/// What of a mandate is neither linear nor quadratic between its kinks.
pub(super) struct Curves<'a> {
    pub deviations: Vec<Deviation<'a>>,
    impact: Option<&'a Costs>,
}

impl<'a> Curves<'a> {
    pub fn of(mandate: &'a Mandate) -> Self {
        let deviations = mandate.constraints().deviations().collect();
        Self { deviations, impact: mandate.costs().filter(|costs| costs.has_impact()) }
    }

    pub fn is_straight(&self) -> bool {
        self.deviations.is_empty() && self.impact.is_none()
    }

    /// Half of their curvature at some weights in a program `1/2 x'Hx - g'x` of the assets at no kink; none
    /// where it is infinite.
    ///
    /// Of a risk it is that of its square, which is the same on its limit.
    pub fn bend(
        &self,
        (h, g): (&mut Matrix, &mut [f64]),
        (place, at): (&Place<'_>, &[f64]),
        prices: &[f64],
    ) -> Option<()> {
        let held = &place.held;
        for (deviation, price) in self.deviations.iter().zip(prices) {
            let sigma = deviation.of(at);
            if sigma == 0.0 {
                return None;
            }
            let times = 0.5 * price / sigma;
            let curvature = deviation.matrix_of(held);
            let last: Vec<f64> = held.iter().map(|&i| at[i]).collect();
            for (k, pull) in curvature.times(&last).into_iter().enumerate() {
                let row = curvature.row(k);
                h.row_mut(k).iter_mut().zip(row).for_each(|(h, c)| *h += times * c);
                g[k] += times * pull;
            }
        }
        if let Some(costs) = self.impact {
            let (slope, _) = costs.impact_tangent(at);
            for (k, &i) in held.iter().enumerate() {
                let trade = at[i] - costs.current()[i];
                let bends = costs.impact_curvature(i, trade);
                if !bends.is_finite() {
                    return None;
                }
                h[(k, k)] += 0.5 * bends;
                g[k] += 0.5 * (bends * at[i] - slope[i]);
            }
        }
        Some(())
    }

    /// A region with the tangents of the risks below their limits as its last rows.
    pub fn rows(
        &self,
        part: &Region,
        Place { held, settled, .. }: &Place<'_>,
        at: &[f64],
    ) -> Region {
        let Region { rows, lo, hi } = part;
        let mut values = rows.values().to_vec();
        let (mut lo, mut hi) = (lo.clone(), hi.clone());
        for deviation in &self.deviations {
            let (slope, constant) = deviation.tangent(at);
            values.extend(held.iter().map(|&i| slope[i]));
            lo.push(f64::NEG_INFINITY);
            hi.push(deviation.max - constant - dot(&slope, settled));
        }
        let count = rows.rows() + self.deviations.len();
        Region { rows: Matrix::from_rows(count, held.len(), values), lo, hi }
    }
}
