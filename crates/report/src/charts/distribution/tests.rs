//! What is said of a distribution, beside the returns that it is of.

use proptest::prelude::*;
use walkfolio_analysis::Date;
use walkfolio_record::ReturnRow;

use super::*;

fn rows(returns: &[f64]) -> Vec<ReturnRow> {
    let row = |portfolio: &f64| ReturnRow {
        date: Date::constant(2024, 1, 2),
        portfolio: *portfolio,
        gross: *portfolio,
        benchmark: None,
        cash: None,
        turnover: 0.0,
        cost: 0.0,
    };
    returns.iter().map(row).collect()
}

/// Returns near nothing, of which a few are far out; or all the same.
fn returns() -> impl Strategy<Value = Vec<f64>> {
    let calm = || prop::collection::vec(-0.01_f64..0.01, 60..400);
    let far = prop::collection::vec(-0.5_f64..0.5, 0..4);
    prop_oneof![
        6 => (calm(), far).prop_map(|(calm, far)| [calm, far].concat()),
        1 => (60_usize..90, Just(0.001)).prop_map(|(length, same)| vec![same; length]),
        1 => (60_usize..90, 0.01_f64..0.5).prop_map(|(length, one)| [vec![0.0; length], vec![one]].concat()),
    ]
}

/// The first number after some words.
fn number(text: &str, after: &str) -> f64 {
    let (_, rest) = text.split_once(after).unwrap();
    let digits: String =
        rest.chars().take_while(|c| c.is_ascii_digit() || ".,−".contains(*c)).collect();
    digits.trim_end_matches(['.', ',']).replace(',', "").replace('−', "-").parse().unwrap()
}

proptest! {
    #[test]
    fn the_sentences_are_those_of_the_returns(returns in returns()) {
        let Some(found) = Distribution::of(&rows(&returns)) else {
            prop_assert!(returns.iter().all(|r| *r == returns[0]), "{:?}", returns);
            return Ok(());
        };
        let n = returns.len() as f64;
        let mean = returns.iter().sum::<f64>() / n;
        let power = |k: i32| returns.iter().map(|r| (r - mean).powi(k)).sum::<f64>() / n;
        let deviation = (power(2) * n / (n - 1.0)).sqrt();
        let (skewness, kurtosis) = (power(3) / power(2).powf(1.5), power(4) / power(2).powi(2) - 3.0);
        let statistic = n / 6.0 * (skewness * skewness + kurtosis * kurtosis / 4.0);

        let text = sentence(&found);
        prop_assert_eq!(text.starts_with("The returns are not normally"), statistic > CRITICAL, "{} {}", statistic, text);
        prop_assert!((number(&text, "returns is ") - statistic).abs() <= 0.006_f64.max(0.006 * statistic), "{statistic} {text}");
        prop_assert!((number(&text, "excess kurtosis ") - kurtosis).abs() < 0.006, "{kurtosis} {text}");

        let text = tails(&found, "session");
        let beyond = |far: f64| returns.iter().filter(|r| ((*r - mean) / deviation).abs() > far).count();
        let start = match beyond(3.0) {
            0 => "None of them lies ".to_owned(),
            1 => "One of them lies ".to_owned(),
            far => format!("{far} of them lie "),
        };
        prop_assert!(text.starts_with(&start), "{start} {text}");
        let least = returns.iter().copied().fold(f64::INFINITY, f64::min);
        prop_assert!((number(&text, "session is ") - (mean - least) / deviation).abs() < 0.051, "{text}");
        let outside = outside(&found, "session");
        prop_assert_eq!(outside.is_some(), beyond(6.0) > 0);
        let text = outside.unwrap_or_default();
        prop_assert_eq!(text.starts_with("1 session farther out than six deviations does not"), beyond(6.0) == 1, "{}", text);
    }
}
