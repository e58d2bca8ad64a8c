//! What is said of captures, beside what they are taken from.

use proptest::prelude::*;
use walkfolio_analysis::Date;
use walkfolio_analysis::track::Series;

use super::*;

/// Months of a portfolio and of its benchmark.
fn months() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let month = prop_oneof![4 => -0.3_f64..0.3, 1 => Just(0.0)];
    // Some benchmarks rise nearly always, some never.
    let benchmark = prop_oneof![month.clone(), Just(0.01), Just(-0.01)];
    let any = prop::collection::vec((month.clone(), benchmark), 1..40);
    let rising = prop::collection::vec((month, Just(0.02)), 1..20);
    prop_oneof![3 => any, 1 => rising]
}

/// What 1 becomes in the months in which the benchmark rose, or fell.
fn grown(months: &[(f64, f64)], chosen: impl Fn(f64) -> bool) -> (usize, f64) {
    let own = months.iter().filter(|(_, benchmark)| chosen(*benchmark)).map(|(own, _)| 1.0 + own);
    (own.clone().count(), own.product())
}

proptest! {
    #[test]
    fn a_capture_is_said_as_it_was(months in months()) {
        let date = |at: usize| {
            let (year, month) = (2000 + at / 12, 1 + at % 12);
            Date::constant(i16::try_from(year).unwrap(), i8::try_from(month).unwrap(), 1)
        };
        let series = Series {
            dates: (0..months.len()).map(date).collect(),
            own: months.iter().map(|month| month.0).collect(),
            benchmark: months.iter().map(|month| Some(month.1)).collect(),
        };
        let found = Capture::of(&series).unwrap();
        let text = capture(&found, "B");
        let sides = [
            (grown(&months, |b| b > 0.0), found.up, "gains", "lost while its benchmark gained"),
            (grown(&months, |b| b < 0.0), found.down, "losses", "gained while its benchmark lost"),
        ];
        prop_assert_eq!(text.is_none(), sides.iter().all(|side| side.0.0 == 0));
        let text = text.unwrap_or_default();
        prop_assert!(!text.contains(" 1 months") && !text.contains("NaN"), "{text}");
        for ((count, own), ratio, what, against) in sides {
            let said = text.contains(&format!("of B’s {what} in "));
            prop_assert_eq!(said, count > 0, "{}", text);
            if count == 0 {
                continue;
            }
            let months = counted(count, "month");
            let share = format!("{} of B’s {what} in {months}", percent(ratio.unwrap()));
            prop_assert!(text.contains(&share), "{share}: {text}");
            // Neither rounding nor a month that changes nothing decides which word is right.
            if (own - 1.0).abs() > 1e-9 {
                let is_against = (own > 1.0) != (what == "gains");
                prop_assert_eq!(text.contains(against), is_against, "{}: {}", own, text);
            }
        }
    }
}
