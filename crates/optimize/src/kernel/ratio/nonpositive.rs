//! Where no portfolio has a positive numerator the fraction is not concave over convex, and the
//! larger denominator is the better one: maximizing a convex function, with a local maximum in
//! many corners. The answer is then the best of a fixed number of local searches, and the bound an
//! honest one that need not meet it: `N / D <= N / D_max` for `N <= 0`, and `-lambda sigma_min`.

use walkfolio_core::linear::dot;
use walkfolio_core::random::SplitMix64;

use super::super::basis::Basis;
use super::super::program::Program;
use super::super::program::{Change, Stop};
use super::cut::{Cut, Multipliers, Weights};
use super::data::Goal;
use super::search::Search;
use super::walk::{NEAREST, STEADIEST, Summit, Walk};

/// Steps of one local search.
const STEPS: usize = 200;
/// Searches from mixed directions, beside those along the axes.
const MIXED: usize = 96;

impl<B: Basis + Clone> Walk<B> {
    /// Upper bounds of `T` and of `|N|` on the box.
    fn extent(&self) -> (f64, f64) {
        let (data, h) = (&self.data, &self.homotopy);
        let (mut distance, mut numerator) = (0.0, 0.0);
        for i in 0..data.variables {
            let apart = (h.lo[i] - data.e[i]).abs().max((h.hi[i] - data.e[i]).abs());
            distance += data.deviations[i] * apart;
            numerator += data.a[i].abs() * h.lo[i].abs().max(h.hi[i].abs());
        }
        (distance.max(data.floor) * (1.0 + 1e-10), numerator)
    }

    fn objective(&mut self) -> f64 {
        self.product();
        let n = self.data.variables;
        let data = &self.data;
        let (w, sw) = (&self.homotopy.primal[..n], &self.sw[..n]);
        let apart = (0..n).map(|i| (w[i] - data.e[i]) * (sw[i] - data.se[i])).sum::<f64>();
        let bottom = apart.max(0.0).sqrt().max(data.floor);
        dot(&data.a[..n], w) / bottom - data.lambda * dot(w, sw).max(0.0).sqrt()
    }

    /// The gradient of `J` where the walk stands.
    fn gradient(&mut self, out: &mut [f64]) {
        self.product();
        let n = self.data.variables;
        let (data, w, sw) = (&self.data, &self.homotopy.primal[..n], &self.sw[..n]);
        let apart = (0..n).map(|i| (w[i] - data.e[i]) * (sw[i] - data.se[i])).sum::<f64>();
        let distance = apart.max(0.0).sqrt();
        let bottom = distance.max(data.floor);
        let numerator = dot(&data.a[..n], w);
        let pull = if distance > data.floor { numerator / (bottom * bottom * bottom) } else { 0.0 };
        let sigma = dot(w, sw).max(1e-28).sqrt();
        out.fill(0.0);
        for i in 0..n {
            out[i] = data.a[i] / bottom - pull * (sw[i] - data.se[i]) - data.lambda * sw[i] / sigma;
        }
    }

    fn run_to(&mut self, g: &[f64], program: &Program<'_>) -> Result<(), Stop> {
        self.directed = false;
        self.homotopy.run(&Change { g, lo: program.lo, hi: program.hi })?;
        self.homotopy.lo.copy_from_slice(program.lo);
        self.homotopy.hi.copy_from_slice(program.hi);
        Ok(())
    }

    /// Projected gradient in the metric of `S`, with backtracking, as long as it leads upwards.
    fn ascend(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        let n = self.data.variables;
        let size = self.homotopy.kkt.size;
        let (mut gradient, mut g) = (vec![0.0; size], vec![0.0; size]);
        let (mut value, mut length) = (self.objective(), 1.0);
        for _ in 0..STEPS {
            self.gradient(&mut gradient);
            let (here, from) = (self.sw.clone(), self.homotopy.clone());
            let risen = loop {
                for i in 0..n {
                    g[i] = here[i] + length * gradient[i];
                }
                self.run_to(&g, program)?;
                let next = self.objective();
                if next > value + 1e-13 * (1.0 + value.abs()) {
                    value = next;
                    break true;
                }
                self.homotopy = from.clone();
                self.directed = false;
                length *= 0.25;
                if length < 1e-9 {
                    break false;
                }
            };
            if !risen {
                return Ok(());
            }
            length *= 4.0;
        }
        Ok(())
    }
}

/// Numbers from -1 to 1, always the same.
struct Mixed(SplitMix64);

impl Mixed {
    fn next(&mut self) -> f64 {
        2.0 * self.0.unit() - 1.0
    }
}

impl<B: Basis + Clone> Search<B> {
    /// The best of local searches from the portfolios of least variance and distance, from the ends
    /// of every axis and from corners in mixed directions; the first one stands even where all
    /// searches fail.
    pub fn scatter(&mut self, program: &Program<'_>) -> Result<(), Stop> {
        self.walk.go(NEAREST, program)?;
        self.keep_point();
        let n = self.walk.data.variables;
        let mut g = vec![0.0; self.walk.homotopy.kkt.size];
        let mut mixed = Mixed(SplitMix64::new(0));
        for start in 0..2 * n + 2 + MIXED {
            g.copy_from_slice(&self.walk.data.se);
            let outcome = match start {
                0 => self.walk.go(NEAREST, program),
                1 => self.walk.go(STEADIEST, program),
                _ if start < 2 * n + 2 => {
                    let (axis, sense) = ((start - 2) / 2, if start % 2 == 0 { 1.0 } else { -1.0 });
                    g[axis] += sense * 1e3;
                    self.walk.run_to(&g, program)
                }
                // Every second one is short: it starts inside, where a corner may not lead.
                _ => {
                    let length = if start % 2 == 0 { 1e3 } else { 1.0 };
                    (0..n).for_each(|i| g[i] += length * mixed.next());
                    self.walk.run_to(&g, program)
                }
            };
            if outcome.and_then(|()| self.walk.ascend(program)).is_ok() {
                self.keep_point();
            } else {
                self.walk.start_cold(program)?;
            }
        }
        self.walk.go(NEAREST, program)
    }

    /// Bounds `N / D_max - lambda sigma`.
    pub fn nonpositive_cut(&mut self, program: &Program<'_>) -> Option<Cut> {
        let (most, numerator) = self.walk.extent();
        let price = self.walk.data.lambda * most;
        // So far down that the numerator is nowhere positive: the climb ends at its maximum.
        let at = if price > 0.0 { -2.0 * numerator / price } else { 0.0 };
        let cut = match self.walk.climb(Goal::Tangent { price, at }) {
            Ok(Summit::NowherePositive) => {
                let rows = 1.0 / (self.walk.theta[0] * most);
                let weights = Weights {
                    numerator: 1.0 / most,
                    // Not above lambda in the program's units either.
                    deviation: self.walk.data.lambda * (1.0 - 4.0 * f64::EPSILON),
                    distance: 0.0,
                };
                Some(self.walk.cut(weights, Multipliers { share: 0.0, rows }))
            }
            _ => None,
        };
        if self.walk.go(NEAREST, program).is_err() {
            self.back();
        }
        cut
    }
}
