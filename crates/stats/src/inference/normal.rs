//! The standard normal distribution.

use std::f64::consts::{PI, SQRT_2};

/// Distribution function `Phi(z) = erfc(-z / sqrt(2)) / 2`.
///
/// # Source
/// Abramowitz & Stegun (1964), 7.1.22 and 26.2.29. To double precision in the lower tail too.
/// # Examples
/// ```
/// use walkfolio_stats::inference::normal;
///
/// assert_eq!(normal::cdf(0.0), 0.5);
/// assert!((normal::cdf(1.0) - 0.841_344_746_068_543).abs() < 1e-15);
/// ```
pub fn cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// Density `exp(-z^2 / 2) / sqrt(2 pi)`.
///
/// # Examples
/// ```
/// use walkfolio_stats::inference::normal;
///
/// assert!((normal::density(0.0) - 0.398_942_280_401_433).abs() < 1e-15);
/// ```
pub fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// Quantile `Phi^-1(p)`: `z` with `Phi(z) = p`.
///
/// # Shape and units
/// A probability strictly between 0 and 1; `None` of any other number. Relative error near 1e-16.
/// # Source
/// Wichura (1988), Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied
/// Statistics 37(3), routine PPND16.
/// # Examples
/// ```
/// use walkfolio_stats::inference::normal;
///
/// assert!((normal::quantile(0.975).unwrap() - 1.959_963_984_540_054).abs() < 1e-14);
/// assert_eq!(normal::quantile(1.0), None);
/// ```
pub fn quantile(p: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0) {
        return None;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return Some(q * ratio(0.180_625 - q * q, &CENTRE));
    }
    let r = (-libm::log(p.min(1.0 - p))).sqrt();
    let size = if r <= 5.0 { ratio(r - 1.6, &TAIL) } else { ratio(r - 5.0, &FAR_TAIL) };
    Some(size.copysign(q))
}

/// A ratio of two polynomials, lowest power first.
type Rational = [[f64; 8]; 2];

fn ratio(x: f64, [numerator, denominator]: &Rational) -> f64 {
    let polynomial = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
    polynomial(numerator) / polynomial(denominator)
}

#[rustfmt::skip]
#[allow(clippy::excessive_precision, clippy::unreadable_literal)] // as printed by Wichura
const CENTRE: Rational = [
    [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3],
    [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3],
];

#[rustfmt::skip]
#[allow(clippy::excessive_precision, clippy::unreadable_literal)] // as printed by Wichura
const TAIL: Rational = [
    [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4],
    [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9],
];

#[rustfmt::skip]
#[allow(clippy::excessive_precision, clippy::unreadable_literal)] // as printed by Wichura
const FAR_TAIL: Rational = [
    [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7],
    [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_inverts_the_distribution_function() {
        for p in [1e-300, 1e-20, 1e-6, 0.01, 0.07, 0.3, 0.5, 0.6, 0.93, 0.999] {
            let z = quantile(p).unwrap();
            // A relative error of 1e-16 in z is one of z^2 * 1e-16 in p.
            assert!((cdf(z) / p - 1.0).abs() < 1e-15 * (2.0 + z * z), "{p}: {z}");
        }
    }

    #[test]
    fn nothing_outside_the_open_interval() {
        for p in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
            assert_eq!(quantile(p), None);
        }
    }
}
