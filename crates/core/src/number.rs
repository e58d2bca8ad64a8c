//! Numbers in messages.

use std::fmt;

/// The sizes that are written out; others have a power of ten, so that no message has 300 digits.
const PLAIN: std::ops::Range<f64> = 1e-5..1e15;

/// A number in a message.
#[derive(Debug, Clone, Copy)]
struct Shown {
    value: f64,
    digits: Option<usize>,
}

/// A number as a message has it: with as many digits as it has, or with a power of ten where it is
/// very large or very small.
///
/// # Examples
/// ```
/// use walkfolio_core::number::shown;
///
/// assert_eq!(shown(-0.25).to_string(), "-0.25");
/// assert_eq!(shown(5000.0).to_string(), "5000");
/// assert_eq!(shown(1e300).to_string(), "1e300");
/// assert_eq!(shown(f64::NAN).to_string(), "NaN");
/// ```
pub fn shown(value: f64) -> impl fmt::Display {
    Shown { value, digits: None }
}

/// The same with a fixed number of decimals.
///
/// # Examples
/// ```
/// use walkfolio_core::number::decimals;
///
/// assert_eq!(decimals(312.04, 1).to_string(), "312.0");
/// assert_eq!(decimals(1e302, 1).to_string(), "1.0e302");
/// assert_eq!(decimals(0.0, 1).to_string(), "0.0");
/// ```
pub fn decimals(value: f64, digits: usize) -> impl fmt::Display {
    Shown { value, digits: Some(digits) }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, digits } = *self;
        let size = value.abs();
        match digits {
            Some(digits) if size < PLAIN.end || !value.is_finite() => {
                write!(f, "{value:.digits$}")
            }
            Some(digits) => write!(f, "{value:.digits$e}"),
            None if size == 0.0 || PLAIN.contains(&size) || !value.is_finite() => {
                write!(f, "{value}")
            }
            None => write!(f, "{value:e}"),
        }
    }
}
