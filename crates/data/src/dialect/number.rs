//! Numbers as people and vendors write them.

use super::keys::Decimal;

/// How the tools of the field write a missing value.
pub(crate) fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "na", "nan", "-nan", "null", "n/a", "n.a.", "none", "#n/a", "#n/a n/a", "#na", "<na>",
        "\\n", "-", "--", "–", ".",
    ];
    match text.as_bytes() {
        [] => true,
        // What most cells are.
        [b'0'..=b'9', ..] | [b'-' | b'.', b'0'..=b'9', ..] => false,
        _ => WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)),
    }
}

/// A number of a file with this decimal separator: with separators between thousands, a sign of a
/// currency, parentheses for negative ones, a percent sign, or K, M, B, T for thousands to trillions.
///
/// The value is that of `str::parse` of the same number written plainly, to the bit.
pub(super) fn number(text: &str, decimal: Decimal) -> Option<f64> {
    if let Some(value) = simple(text, decimal) {
        return Some(value);
    }
    if text.ends_with(['f', 'F']) {
        // What divides by zero writes `inf`.
        return text.parse().ok();
    }
    let (text, negative) = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (text, false),
    };
    let (text, minus) = unsigned(text);
    if negative && minus {
        return None;
    }
    let (text, minus_inside) = unsigned(without_currency(text));
    if minus && minus_inside {
        return None;
    }
    let (digits, exponent) = unit(text)?;
    let plain = plain(digits, decimal)?;
    let sign = if negative || minus || minus_inside { "-" } else { "" };
    let found = match exponent {
        // Shifted in the text: a product with 1e6 would miss the nearest double.
        Some(exponent) if !plain.contains('e') => format!("{sign}{plain}e{exponent}").parse(),
        Some(_) => return None,
        None => format!("{sign}{plain}").parse(),
    };
    found.ok()
}

/// Digits with at most the decimal separator between them: what most cells are, without a copy.
fn simple(text: &str, decimal: Decimal) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let mut separators = digits.iter().filter(|byte| !byte.is_ascii_digit());
    match (separators.next(), separators.next(), decimal) {
        (Some(b','), None, Decimal::Comma) => {
            let mut plain = [0; 32];
            let own = plain.get_mut(..text.len())?;
            own.copy_from_slice(text.as_bytes());
            own.iter_mut().filter(|byte| **byte == b',').for_each(|byte| *byte = b'.');
            std::str::from_utf8(own).ok()?.parse().ok()
        }
        (Some(b'.'), None, Decimal::Point) | (None, None, _) => text.parse().ok(),
        _ => None,
    }
}

fn unsigned(text: &str) -> (&str, bool) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

fn without_currency(text: &str) -> &str {
    const SIGNS: [char; 4] = ['$', '€', '£', '¥'];
    match text.strip_prefix(SIGNS) {
        Some(rest) => rest.trim_start(),
        None => text.strip_suffix(SIGNS).unwrap_or(text).trim_end(),
    }
}

/// The digits without a unit, and its power of ten.
fn unit(text: &str) -> Option<(&str, Option<i32>)> {
    let last = text.chars().next_back()?;
    let exponent = match last {
        '%' => Some(-2),
        'K' | 'k' => Some(3),
        'M' | 'm' => Some(6),
        'B' | 'b' => Some(9),
        'T' | 't' => Some(12),
        _ => None,
    };
    let cut = if exponent.is_some() { last.len_utf8() } else { 0 };
    Some((text[..text.len() - cut].trim_end(), exponent))
}

/// The number as `str::parse` reads it, if it is one.
fn plain(text: &str, decimal: Decimal) -> Option<String> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (point, thousands) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = mantissa.split_once(point).unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = if is_digits(whole) { whole.to_owned() } else { grouped(whole, thousands)? };
    let mut plain = format!("{whole}.{fraction}");
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !is_digits(digits) {
            return None;
        }
        plain = format!("{plain}e{exponent}");
    }
    Some(plain)
}

/// The digits of a whole number that is divided into thousands, or into the lakhs of India.
fn grouped(whole: &str, thousands: char) -> Option<String> {
    const ALWAYS: [char; 5] = ['\'', '’', ' ', '\u{a0}', '\u{202f}'];
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    if separator != thousands && !ALWAYS.contains(&separator) {
        return None;
    }
    let groups: Vec<&str> = whole.split(separator).collect();
    let (head, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let is_digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let threes = (1..=3).contains(&head.len()) && middle.iter().all(|group| group.len() == 3);
    let lakhs = (1..=2).contains(&head.len()) && middle.iter().all(|group| group.len() == 2);
    let sound = is_digits && !head.starts_with('0') && last.len() == 3 && (threes || lakhs);
    sound.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_bits_of_its_plain_form() {
        let cases = [
            ("1,234.5", Decimal::Point, "1234.5"),
            ("1.234,5", Decimal::Comma, "1234.5"),
            ("1 234,5", Decimal::Comma, "1234.5"),
            ("1'234.5", Decimal::Point, "1234.5"),
            ("1,23,456.7", Decimal::Point, "123456.7"),
            ("$12.30", Decimal::Point, "12.30"),
            ("12,30 €", Decimal::Comma, "12.30"),
            ("-£0.1", Decimal::Point, "-0.1"),
            ("$-0.1", Decimal::Point, "-0.1"),
            ("(0.1)", Decimal::Point, "-0.1"),
            ("-30%", Decimal::Point, "-0.3"),
            ("0.7 %", Decimal::Point, "0.007"),
            ("49.01M", Decimal::Point, "49010000"),
            ("1,2K", Decimal::Comma, "1200"),
            ("-0,3", Decimal::Comma, "-0.3"),
            ("2e2", Decimal::Point, "200"),
            (".5", Decimal::Point, "0.5"),
            ("\u{2212}5.", Decimal::Point, "-5"),
        ];
        for (text, decimal, plain) in cases {
            let expected: f64 = plain.parse().unwrap();
            let found = number(text, decimal).map(f64::to_bits);
            assert_eq!(found, Some(expected.to_bits()), "{text}");
        }
        for text in [
            "1,5",
            "12,34.5",
            "0,827",
            "1.2.3",
            "M",
            "1e3K",
            "infM",
            "nan",
            "",
            "-",
            "--1",
            "-(1)",
            "(-1)",
            "1,2345",
            "1 23",
            "$",
            "e5",
            "1e",
            "#VALUE!",
            "1,234'567",
            "%",
        ] {
            assert_eq!(number(text, Decimal::Point), None, "{text}");
        }
        assert_eq!(number("-inf", Decimal::Comma), Some(f64::NEG_INFINITY));
        assert_eq!(number("14,827", Decimal::Point), Some(14827.0));
        assert_eq!(number("14,827", Decimal::Comma), Some(14.827));
    }

    #[test]
    fn words_for_nothing_are_known_whatever_their_case() {
        for text in ["", "NaN", "nan", "#N/A N/A", "-", ".", "None", "<NA>", "\\N", "NULL", "n/a"] {
            assert!(is_missing(text), "{text}");
        }
        for text in ["0", "-1", ".5", "#VALUE!", "none at all", "x"] {
            assert!(!is_missing(text), "{text}");
        }
    }
}
