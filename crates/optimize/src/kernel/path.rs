//! The path of a program in its parameter, to where a rule stops it.
//!
//! Along a segment of the path `x = a + t d` the risk is `risk(a) + t^2 q` and the reward `reward(a) + t q`
//! with `q = r'd` (less the prices' slopes). The maximizer of `rho'w - lambda sigma(w)` is where
//! `t = sigma / lambda`: `sigma / t` falls strictly, so there is one crossing, at
//! `t^2 = risk(a) / (lambda^2 - q)`. A limit of the risk is met at `t^2 = (limit - risk(a)) / q`, the
//! largest ratio of reward and deviation is where `t = risk / reward`, at `risk(a) / reward(a)`, and a
//! reward, which is linear, at a price that makes turnover or gross exposure as small as they must be.
//!
//! Markowitz (1956), The optimization of a quadratic function subject to linear constraints: the
//! critical line, with a rule where to stop.

use walkfolio_core::linear::{dot, max_abs};

use super::basis::Basis;
use super::homotopy::Homotopy;
use super::parametric::{Parametric, Place, Until};
use super::program::{Answer, Change, Start, Stop, Utility};

/// A rate of the reward below this part of what it would be with a diagonal matrix is rounding.
const ROUNDING: f64 = 1e-14;
/// Rates of values and duals below these parts of the rate of the linear term are rounding.
const VALUE: f64 = 1e-11;
const DUAL: f64 = 1e-11;

/// A path with its data in the units of the scaled matrix, on all indices.
pub(super) struct Line<'a> {
    path: &'a Parametric<'a>,
    base: Vec<f64>,
    rate: Vec<f64>,
}

impl Line<'_> {
    fn at(&self, t: f64) -> Vec<f64> {
        self.base.iter().zip(&self.rate).map(|(base, rate)| base + t * rate).collect()
    }
}

impl<B: Basis> Homotopy<B> {
    /// Maximizes a robust utility; `t` is where the last one was found.
    ///
    /// Returns the answer with the duals of the program at the new `t`.
    pub fn maximize_utility(
        &mut self,
        utility: &Utility<'_>,
        t: Option<f64>,
    ) -> Result<(Answer, f64), Stop> {
        let zeros = vec![0.0; self.kkt.variables];
        let path = Parametric::of(utility, &zeros);
        self.solve_until(&path, Until::Utility { lambda: utility.lambda }, t)
    }

    /// Follows a path from where the last one ended, or from anywhere.
    pub fn solve_until(
        &mut self,
        path: &Parametric<'_>,
        until: Until,
        t: Option<f64>,
    ) -> Result<(Answer, f64), Stop> {
        let program = &path.program;
        let warm = std::mem::replace(&mut self.warm, false);
        if let (Until::Reward(value), None) = (until, t.filter(|t| warm && *t > 0.0)) {
            // Without prices there are no joints, and often nothing to do.
            (self.warm, self.blocks) = (warm, !warm);
            let answer = self.solve_kinked(program, path.costs)?;
            if path.reward_at(&answer.x) >= value {
                return Ok((answer, 0.0));
            }
        }
        let line = self.line(path);
        let t = if self.warm { Some(0.0) } else { t.filter(|_| warm) };
        let mut outcome = match t {
            Some(t) => self.reach(&line, until, t.min(path.most)),
            None => Err(Stop::Limit),
        };
        self.warm = false;
        for start in [Start::Inside, Start::Vertex] {
            let proven = matches!(&outcome, Err(Stop::Infeasible(ray)) if ray.proves(program));
            if outcome.is_err() && !proven {
                self.start_anew(program, start);
                let t = self.first_t(path, until);
                // From nothing most of the active set changes.
                self.blocks = start == Start::Inside;
                outcome = self.reach(&line, until, t);
            }
        }
        let (t, residual) = match outcome {
            Err(Stop::Infeasible(ray)) if !ray.proves(program) => return Err(Stop::Limit),
            outcome => outcome?,
        };
        self.warm = true;
        Ok((self.answer(residual), t))
    }

    /// Takes a path's matrix and costs.
    pub fn line<'a>(&mut self, path: &'a Parametric<'a>) -> Line<'a> {
        self.pivots = 0;
        self.kkt.set(path.program.h, path.program.a);
        self.set_pieces(&path.program, path.costs, path.prices, 0.0);
        Line { path, base: self.scaled(path.program.g), rate: self.scaled(path.reward) }
    }

    /// Where to begin when nothing is known.
    fn first_t(&self, path: &Parametric<'_>, until: Until) -> f64 {
        let x = &self.primal[..self.kkt.variables];
        match until {
            Until::Utility { .. } => 1.0,
            Until::Robust { .. } => 0.5 * path.most,
            Until::Reward(_) => 0.0,
            Until::Risk { .. } | Until::Ratio { .. } => {
                let t = self.risk_at(path, until, x) / path.reward_at(x);
                if t.is_finite() && t > 0.0 { t.min(path.most) } else { path.most.min(1.0) }
            }
        }
    }

    /// From a `t` to where the rule stops; the `t` there and the violation of optimality.
    fn reach(&mut self, line: &Line<'_>, until: Until, t: f64) -> Result<(f64, f64), Stop> {
        self.begin(line, t)?;
        let mut t = t;
        for _ in 0..4 {
            let (place, ended) = self.climb(line, until, t)?;
            self.count_upwards();
            t = self.settle(line, until, &place, ended)?;
            let mut residual = self.polish_at(line, t);
            if !matches!(until, Until::Utility { .. }) && !ended {
                (t, residual) = self.correct(line, until, t);
            }
            if residual <= super::finish::TOLERANCE {
                return self.end(line, until, t).map(|t| (t, residual));
            }
            let program = &line.path.program;
            self.repair(&Change { g: &line.at(t), lo: program.lo, hi: program.hi })?;
        }
        Err(Stop::Limit)
    }

    /// The solution at a `t`, from where it stands.
    pub fn begin(&mut self, line: &Line<'_>, t: f64) -> Result<(), Stop> {
        let (program, g) = (&line.path.program, line.at(t));
        self.pieces.t = t;
        let start = Change { g: &g, lo: program.lo, hi: program.hi };
        if self.leap(&start, program, |_, _| Ok(())).is_none() {
            self.adopt(program)?;
            self.run(&start)?;
        }
        self.adopt_widths();
        Ok(())
    }

    /// What the answer's users take for `t`, if the rule is kept there.
    fn end(&mut self, line: &Line<'_>, until: Until, t: f64) -> Result<f64, Stop> {
        if until == (Until::Utility { lambda: 0.0 }) {
            return Ok(self.price_without_risk(&line.rate));
        }
        if until.missed(&self.place(line, until, t)) { Err(Stop::Limit) } else { Ok(t) }
    }

    /// Without aversion to risk the answer is that of a linear program, and its duals are what those
    /// of the path grow by; they belong to `t = 1`.
    fn price_without_risk(&mut self, rho: &[f64]) -> f64 {
        let zeros = vec![0.0; self.kkt.size];
        self.rates(&Change { g: rho, lo: &zeros, hi: &zeros });
        self.dual.copy_from_slice(&self.dual_rate);
        self.pieces.t = 1.0;
        1.0
    }

    /// Follows the path, breakpoint by breakpoint, to the segment of the crossing; whether the path ended
    /// before.
    fn climb(&mut self, line: &Line<'_>, until: Until, t: f64) -> Result<(Place, bool), Stop> {
        let zeros = vec![0.0; self.kkt.size];
        let mut place = self.place(line, until, t);
        let sense = until.sense(&place);
        let mut g = vec![0.0; self.kkt.size];
        let steps = if self.pieces.any() { 20 } else { 10 };
        for _ in 0..steps * self.kkt.size + 50 {
            if self.interrupt.is_raised() {
                break;
            }
            self.rate_into(line, sense, &mut g);
            let change = Change { g: &g, lo: &zeros, hi: &zeros };
            self.rates(&change);
            self.set_width_rates(Some(sense));
            self.clear_rounding(until, &g);
            let slope = sense * self.slope_of_reward(line, until);
            let still = (place.risk - place.t.powi(2) * slope).max(0.0);
            let wanted = (sense * (until.crossing(&place, still, slope, sense) - place.t)).max(0.0);
            let room = if sense < 0.0 { place.t } else { line.path.most - place.t };
            let event = self.first_event(&change, wanted.min(room));
            let ended = event.index.is_none() && (wanted > room || event.step.is_infinite());
            // At a vertex without risk to weigh, no t changes anything.
            let step = if event.step.is_finite() { event.step } else { 0.0 };
            self.advance(step, &change);
            place.t = if ended && sense < 0.0 { 0.0 } else { place.t + sense * step };
            self.pieces.t = place.t;
            place.risk = still + place.t.powi(2) * slope;
            place.reward += sense * step * slope;
            if !self.meet(&event)? {
                let fails = ended && !until.holds_at_end(sense) && until.missed(&place);
                return if fails { Err(Stop::Limit) } else { Ok((place, ended)) };
            }
            if self.pieces.any() {
                place.reward = line.path.reward_at(&self.primal[..self.kkt.variables]);
            }
        }
        Err(Stop::Limit)
    }

    /// The crossing of the segment, from a fresh factorization: its bits depend on data and active
    /// set alone.
    fn settle(
        &mut self,
        line: &Line<'_>,
        until: Until,
        place: &Place,
        ended: bool,
    ) -> Result<f64, Stop> {
        if self.fresh > 0 && !self.factor() {
            return Err(Stop::Singular);
        }
        if ended && !matches!(until, Until::Utility { .. }) {
            return Ok(if place.t > 0.0 { self.beyond_all(line) } else { 0.0 });
        }
        let (still, at_zero, _) = self.segment(line, until);
        let slope = self.slope_of_reward(line, until);
        let origin = Place { t: 0.0, risk: still, reward: at_zero };
        let crossing = until.crossing(&origin, still, slope, 1.0);
        Ok(if crossing.is_finite() { crossing } else { place.t })
    }

    /// Risk, reward and duals that the active set alone would give; leaves the rates in `t`.
    fn segment(&mut self, line: &Line<'_>, until: Until) -> (f64, f64, Vec<f64>) {
        let n = self.kkt.variables;
        let program = &line.path.program;
        let (mut g, mut lo, mut hi) = (line.base.clone(), program.lo.to_vec(), program.hi.to_vec());
        for i in self.kinked() {
            g[i] -= self.fixed(i);
            [lo[i], hi[i]] = self.ends(i, program.lo, program.hi);
        }
        self.rates(&Change { g: &g, lo: &lo, hi: &hi });
        let a = self.primal_rate[..n].to_vec();
        let duals = self.dual_rate.clone();
        let still = if until.has_risk() { self.risk_at(line.path, until, &a) } else { 0.0 };
        let reward = self.reward_of_pieces(line, &a);
        self.set_rates_in_t(line, until, &mut g);
        (still, reward, duals)
    }

    /// A `t` from which on nothing changes: twice the last breakpoint, if there is no largest.
    fn beyond_all(&mut self, line: &Line<'_>) -> f64 {
        if line.path.most.is_finite() {
            return line.path.most;
        }
        let (_, _, duals) = self.segment(line, Until::Reward(0.0));
        let breakpoint = |(i, at): (usize, &f64)| {
            let rate = self.dual_rate[i];
            let near = if rate == 0.0 { 0.0 } else { -at / rate };
            near.max(self.last_crossing(i, *at))
        };
        let last = duals.iter().enumerate().map(breakpoint).fold(0.0f64, f64::max);
        if last > 0.0 { 2.0 * last } else { 1.0 }
    }

    /// The crossing again from the point itself, and the point there.
    fn correct(&mut self, line: &Line<'_>, until: Until, t: f64) -> (f64, f64) {
        let mut g = vec![0.0; self.kkt.size];
        let place = self.place(line, until, t);
        self.set_rates_in_t(line, until, &mut g);
        let slope = self.slope_of_reward(line, until);
        let still = (place.risk - t.powi(2) * slope).max(0.0);
        let crossing = until.crossing(&place, still, slope, 1.0);
        let t = if crossing.is_finite() { crossing.max(0.0) } else { t };
        (t, self.polish_at(line, t))
    }

    /// The point of the active set at a `t`; how far it is from optimal.
    pub fn polish_at(&mut self, line: &Line<'_>, t: f64) -> f64 {
        self.pieces.t = t;
        let program = &line.path.program;
        self.take_data(&Change { g: &line.at(t), lo: program.lo, hi: program.hi });
        self.polish().max(self.residual())
    }

    /// The rates of values, duals and widths in `t`.
    pub fn set_rates_in_t(&mut self, line: &Line<'_>, until: Until, g: &mut [f64]) {
        let zeros = vec![0.0; self.kkt.size];
        self.rate_into(line, 1.0, g);
        self.rates(&Change { g, lo: &zeros, hi: &zeros });
        self.set_width_rates(Some(1.0));
        self.clear_rounding(until, g);
    }

    /// Whether it is a robust utility without costs, whose rates are taken as they are.
    fn is_plain(&self, until: Until) -> bool {
        matches!(until, Until::Utility { .. }) && !self.pieces.any()
    }

    /// Rates that are rounding of the rate of the linear term are none: at the end of a path nothing moves.
    fn clear_rounding(&mut self, until: Until, g: &[f64]) {
        if self.is_plain(until) {
            return;
        }
        let size = max_abs(g);
        for (rates, least) in [(&mut self.primal_rate, VALUE), (&mut self.dual_rate, DUAL)] {
            for rate in rates.iter_mut().filter(|rate| rate.abs() <= least * size) {
                *rate = 0.0;
            }
        }
        self.clear_room_rates(DUAL * size);
    }

    /// The rate of the linear term in `t`, in the pieces where the variables are.
    fn rate_into(&self, line: &Line<'_>, sense: f64, g: &mut [f64]) {
        g.iter_mut().zip(&line.rate).for_each(|(g, rate)| *g = sense * rate);
        for (i, g) in self.kinked().zip(g) {
            *g -= sense * self.unit(i);
        }
    }

    /// The rate of the reward at the rates of the values; rounding is none.
    fn slope_of_reward(&self, line: &Line<'_>, until: Until) -> f64 {
        let d = &self.primal_rate[..self.kkt.variables];
        if self.is_plain(until) {
            return dot(line.path.reward, d);
        }
        let price = |i: usize| if self.pieces.any() { self.unit(i) * self.kkt.scale } else { 0.0 };
        let (mut slope, mut squares) = (0.0, 0.0);
        for (i, (r, d)) in line.path.reward.iter().zip(d).enumerate() {
            let net = r - price(i);
            slope += net * d;
            squares += net * net;
        }
        if slope.abs() > ROUNDING * squares / self.kkt.scale { slope } else { 0.0 }
    }

    /// The reward with the prices of the pieces where the variables are, wherever `x` is.
    fn reward_of_pieces(&self, line: &Line<'_>, x: &[f64]) -> f64 {
        let gross = dot(line.path.reward, x);
        if !self.pieces.any() {
            return gross;
        }
        let price = |(i, x): (usize, &f64)| self.unit(i) * self.kkt.scale * x + self.offset(i);
        gross - x.iter().enumerate().map(price).sum::<f64>()
    }

    /// Risk and reward where it stands.
    pub fn place(&self, line: &Line<'_>, until: Until, t: f64) -> Place {
        let x = &self.primal[..self.kkt.variables];
        let risk = if until.has_risk() { self.risk_at(line.path, until, x) } else { 0.0 };
        Place { t, risk, reward: line.path.reward_at(x) }
    }

    /// `w'Hw - 2g'w` and the constant of a rule.
    pub fn risk_at(&self, path: &Parametric<'_>, until: Until, w: &[f64]) -> f64 {
        let n = self.kkt.variables;
        let rows = self.kkt.matrix.iter_rows().take(n);
        let scaled: f64 = rows.zip(w).map(|(row, w_i)| w_i * dot(&row[..n], w)).sum();
        let linear = if until.constant() == 0.0 { 0.0 } else { 2.0 * dot(path.program.g, w) };
        (scaled * self.kkt.scale - linear + until.constant()).max(0.0)
    }
}
