//! The price that bounds an interval of `sigma` best.
//!
//! Both ends of the interval are convex in the price, and the larger one is minimized: by
//! quadratic models of both, inside the bracket that their slopes give.

/// One end at a price: the bound and its first two derivatives by the price.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Curve {
    pub value: f64,
    pub slope: f64,
    pub curvature: f64,
}

impl Curve {
    fn at(&self, step: f64) -> f64 {
        self.value + step * (self.slope + 0.5 * self.curvature * step)
    }
}

/// The prices tried on one interval.
#[derive(Debug, Default)]
pub(super) struct Prices {
    tried: Vec<(f64, [Curve; 2])>,
}

impl Prices {
    pub fn clear(&mut self) {
        self.tried.clear();
    }

    pub fn add(&mut self, price: f64, ends: [Curve; 2]) {
        self.tried.push((price, ends));
    }

    /// The next price to try; none if the lines through what is known leave no room below `goal`.
    pub fn next(&self, goal: f64) -> Option<f64> {
        let (falling, rising) = self.bracket();
        let (price, ends) = self.best()?;
        let model = (price + model_step(ends)).clamp(0.25 * price, 4.0 * price.max(1e-9));
        match (falling, rising) {
            (Some(low), Some(high)) => {
                let (crossing, floor) = Self::crossing(low, high);
                if floor > goal {
                    return None;
                }
                let (low, high) = (low.0, high.0);
                let room = 1e-3 * (high - low);
                let inside = model > low + room && model < high - room;
                let next = if inside { model } else { crossing };
                (next > low && next < high).then_some(next)
            }
            (Some(low), None) => Some(if model > 1.0001 * low.0 { model } else { 4.0 * low.0 }),
            (None, Some(high)) => Some(if model < 0.9999 * high.0 { model } else { 0.25 * high.0 }),
            (None, None) => None,
        }
    }

    /// About the larger end at the best price.
    pub fn foreseen(&self) -> f64 {
        let Some((_, ends)) = self.best() else { return f64::INFINITY };
        let step = model_step(ends);
        ends[0].at(step).max(ends[1].at(step))
    }

    fn best(&self) -> Option<(f64, &[Curve; 2])> {
        let larger = |ends: &[Curve; 2]| ends[0].value.max(ends[1].value);
        let least = self.tried.iter().min_by(|a, b| larger(&a.1).total_cmp(&larger(&b.1)))?;
        Some((least.0, &least.1))
    }

    /// The largest price at which the larger end falls and the smallest at which it rises, with
    /// its value and slope there.
    fn bracket(&self) -> (Option<Line>, Option<Line>) {
        let (mut falling, mut rising): (Option<Line>, Option<Line>) = (None, None);
        for (price, ends) in &self.tried {
            let end = if ends[0].value > ends[1].value { ends[0] } else { ends[1] };
            let line = Line(*price, end.value, end.slope);
            if end.slope <= 0.0 {
                falling = falling.filter(|known| known.0 >= *price).or(Some(line));
            } else {
                rising = rising.filter(|known| known.0 <= *price).or(Some(line));
            }
        }
        (falling, rising)
    }

    /// Where the lines of the bracket cross, which is a lower bound of the minimum.
    fn crossing(low: Line, high: Line) -> (f64, f64) {
        let width = high.0 - low.0;
        let step = (high.1 - low.1 - width * high.2) / (low.2 - high.2);
        let step = if step.is_finite() { step.clamp(0.0, width) } else { 0.5 * width };
        let floor = low.1 + low.2 * step;
        // A crossing at an end of the bracket would not narrow it.
        (low.0 + step.clamp(0.05 * width, 0.95 * width), floor)
    }
}

/// A price, the value there and the slope.
#[derive(Debug, Clone, Copy)]
struct Line(f64, f64, f64);

/// The step that makes the larger of two convex parabolas least.
fn model_step(ends: &[Curve; 2]) -> f64 {
    let [a, b] = ends;
    let lowest = |end: &Curve| -end.slope / end.curvature;
    let (c, l, v) = (0.5 * (a.curvature - b.curvature), a.slope - b.slope, a.value - b.value);
    let root = (l * l - 4.0 * c * v).max(0.0).sqrt();
    let q = -0.5 * (l + root.copysign(l));
    let steps = [lowest(a), lowest(b), q / c, v / q];
    let larger = |step: f64| a.at(step).max(b.at(step));
    let finite = steps.into_iter().filter(|step| step.is_finite());
    finite.min_by(|x, y| larger(*x).total_cmp(&larger(*y))).unwrap_or(0.0)
}
