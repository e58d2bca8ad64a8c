//! Bounds, from the data alone.

use super::super::program::Program;

/// A lower bound of `x'Hx - 2g'x` over the program's points, whatever `x` and `y` are.
///
/// By convexity the objective lies above its tangent at `x`; the tangent's minimum over the box is
/// bounded by the Lagrangian with multipliers `y` of the rows. Equal to the minimum where `x` is
/// optimal and `y` its duals.
pub(super) fn weak_duality(program: &Program<'_>, x: &[f64], y: &[f64]) -> f64 {
    let mut gradient = vec![0.0; x.len()];
    weak_duality_with(program, x, y, &mut gradient)
}

/// [`weak_duality`] without a place of its own for the gradient.
pub(super) fn weak_duality_with(
    program: &Program<'_>,
    x: &[f64],
    y: &[f64],
    gradient: &mut [f64],
) -> f64 {
    let n = x.len();
    for (to, g) in gradient.iter_mut().zip(program.g) {
        *to = -g;
    }
    for (i, &weight) in x.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
        add_scaled(gradient, weight, program.h.row(i));
    }
    // f(x) - f'(x) x = -1/2 x'Hx, with Hx = f'(x) + g.
    let mut sum: f64 = (gradient.iter().zip(program.g).zip(x))
        .map(|((gradient, g), x)| -0.5 * x * (gradient + g))
        .sum();
    for (k, &multiplier) in y.iter().enumerate() {
        let bound = if multiplier > 0.0 { program.lo[n + k] } else { program.hi[n + k] };
        // A row that is open on that side has no multiplier.
        if multiplier != 0.0 && bound.is_finite() {
            sum += multiplier * bound;
            add_scaled(gradient, -multiplier, program.a.row(k));
        }
    }
    for (i, &rest) in gradient.iter().enumerate() {
        sum += rest * if rest > 0.0 { program.lo[i] } else { program.hi[i] };
    }
    2.0 * sum
}

fn add_scaled(out: &mut [f64], scale: f64, row: &[f64]) {
    for (to, value) in out.iter_mut().zip(row) {
        *to += scale * value;
    }
}
