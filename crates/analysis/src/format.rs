//! Numbers and dates as text.

use walkfolio_stats::measures::Unit;

/// What stands for a value that is not defined.
pub const UNDEFINED: &str = "–";

/// A measure in its unit; a dash where it is not defined or not finite.
///
/// # Examples
/// ```
/// use walkfolio_analysis::{Unit, format::measure};
/// assert_eq!(measure(Unit::Percent, Some(-0.1234)), "\u{2212}12.34\u{202f}%");
/// assert_eq!(measure(Unit::Ratio, None), "–");
/// ```
pub fn measure(unit: Unit, value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return UNDEFINED.to_owned();
    };
    match unit {
        Unit::Percent => percent(value),
        Unit::Ratio | Unit::Number => decimals(value, if value.abs() < 10.0 { 3 } else { 2 }),
        Unit::Count => count(value),
    }
}

/// Two values in one unit.
///
/// # Examples
/// ```
/// use walkfolio_analysis::{Unit, format::ends};
/// assert_eq!(ends(Unit::Ratio, 0.1, 0.83), "0.10 to 0.83");
/// ```
pub fn ends(unit: Unit, low: f64, high: f64) -> String {
    let text = |value| measure(unit, Some(value));
    match unit {
        // The sign of the unit once is enough.
        Unit::Percent => format!("{} to {}", decimals(100.0 * low, 2), text(high)),
        Unit::Ratio | Unit::Number => format!("{} to {}", decimals(low, 2), decimals(high, 2)),
        Unit::Count => format!("{} to {}", text(low), text(high)),
    }
}

/// A fraction in percent, with two decimals and a narrow space before the sign.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::percent(0.0912), "9.12\u{202f}%");
/// ```
pub fn percent(value: f64) -> String {
    format!("{}\u{202f}%", decimals(100.0 * value, 2))
}

/// A whole number.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::count(12_870.0), "12,870");
/// ```
pub fn count(value: f64) -> String {
    decimals(value, 0)
}

/// A number with some decimals and a true minus sign, commas between thousands from 10,000 on.
///
/// # Examples
/// ```
/// use walkfolio_analysis::format::decimals;
/// assert_eq!(decimals(-1234.5, 1), "\u{2212}1234.5");
/// assert_eq!(decimals(12_345.0, 0), "12,345");
/// ```
pub fn decimals(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let mut out = String::with_capacity(text.len() + 8);
    if value < 0.0 && !is_zero {
        out.push('\u{2212}');
    }
    // Four digits are read as they are.
    let apart = whole.len() > 4;
    for (index, digit) in whole.chars().enumerate() {
        if apart && index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A number with a power of ten, as of a gap.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::scientific(1.2e-9), "1.2e-9");
/// ```
pub fn scientific(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}") }
}

/// A time of some seconds, in milliseconds below one.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::seconds(0.0125), "12.5\u{202f}ms");
/// ```
pub fn seconds(value: f64) -> String {
    if value < 1.0 {
        format!("{}\u{202f}ms", decimals(1e3 * value, 1))
    } else {
        format!("{}\u{202f}s", decimals(value, 2))
    }
}

/// A p-value, never smaller than "less than 0.001".
///
/// # Examples
/// ```
/// use walkfolio_analysis::format::p_value;
/// assert_eq!((p_value(0.0312).as_str(), p_value(0.0).as_str()), ("p = 0.031", "p < 0.001"));
/// ```
pub fn p_value(value: f64) -> String {
    if value < 0.001 { "p < 0.001".to_owned() } else { format!("p = {value:.3}") }
}

/// A number and what it counts, in the singular for one.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::counted(1, "warning"), "1 warning");
/// ```
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number as f64))
}

/// What is named after people keeps its capital.
const NAMES: [&str; 3] = ["Sharpe", "Sortino", "Calmar"];

/// A label inside a sentence: in small letters, but for names and R².
///
/// # Examples
/// ```
/// use walkfolio_analysis::format::inside;
/// assert_eq!(inside("Tracking error (monthly returns)"), "tracking error (monthly returns)");
/// assert_eq!((inside("Sharpe ratio").as_str(), inside("R²").as_str()), ("Sharpe ratio", "R²"));
/// ```
pub fn inside(label: &str) -> String {
    if NAMES.iter().any(|name| label.starts_with(name)) || label.starts_with("R²") {
        return label.to_owned();
    }
    let mut letters = label.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// A number to six significant digits: what a chart can show. `None` if it is not finite.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::short(1.234_567_89), Some(1.23457));
/// ```
pub fn short(value: f64) -> Option<f64> {
    if value.is_finite() { format!("{value:.5e}").parse().ok() } else { None }
}

/// A number to four significant digits, for lines that are many. `None` if it is not finite.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_analysis::format::brief(1.234_567_89), Some(1.235));
/// ```
pub fn brief(value: f64) -> Option<f64> {
    if value.is_finite() { format!("{value:.3e}").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_in_its_unit() {
        assert_eq!(measure(Unit::Percent, Some(-0.123_456)), "\u{2212}12.35\u{202f}%");
        assert_eq!(measure(Unit::Ratio, Some(1.234_56)), "1.235");
        assert_eq!(measure(Unit::Number, Some(1234.567)), "1234.57");
        assert_eq!(measure(Unit::Count, Some(14_304.0)), "14,304");
        assert_eq!(measure(Unit::Ratio, None), UNDEFINED);
        assert_eq!(measure(Unit::Ratio, Some(f64::NAN)), UNDEFINED);
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(measure(Unit::Percent, Some(-0.000_001)), "0.00\u{202f}%");
    }

    #[test]
    fn chart_numbers_keep_six_digits() {
        assert_eq!(short(1.234_567_89), Some(1.23457));
        assert_eq!(short(f64::INFINITY), None);
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "warning"), "1 warning");
        assert_eq!(counted(1200, "decision"), "1200 decisions");
    }
}
