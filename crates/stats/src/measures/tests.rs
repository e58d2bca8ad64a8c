//! The measures together: keys, gaps, wipeout, and what holds for any returns.

use proptest::prelude::*;
use walkfolio_core::{Date, NoteKind};

use super::*;
use crate::Covered;

fn sessions(count: usize) -> Vec<Date> {
    let start = Date::constant(2024, 1, 1);
    std::iter::successors(Some(start), |day| day.tomorrow().ok()).take(count).collect()
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
}

#[test]
fn keys_are_those_of_the_definitions_and_unique() {
    let dates = sessions(3);
    let measures = measure(&Record::new(&dates, &[0.01, -0.01, 0.02]));
    let keys: Vec<&str> = measures.iter().map(|(key, _)| key).collect();
    let defined: Vec<&str> = definitions().iter().map(|definition| definition.key).collect();
    assert_eq!(keys, defined);
    let mut unique = keys.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), keys.len());
    for d in definitions() {
        assert!(!d.label.is_empty() && !d.formula.is_empty() && !d.source.is_empty(), "{}", d.key);
    }
}

#[test]
fn a_small_record_by_hand() {
    let dates =
        [(1, 30), (1, 31), (2, 1), (2, 2)].map(|(month, day)| Date::constant(2024, month, day));
    let rebalances = [RebalanceRecord {
        date: dates[0],
        target: &[0.5, 0.5, 0.0],
        turnover: 0.5,
        cost: 0.0,
        trade: Trade::Initial,
    }];
    let measures = measure(&Record {
        benchmark: Some((&[0.00, 0.01, 0.02, 0.03]).into()),
        cash: Some((&[0.01; 4]).into()),
        market_excess: Some((&[0.00, 0.01, 0.02, 0.03]).into()),
        rebalances: &rebalances,
        periods_per_year: 4.0,
        ..Record::new(&dates, &[0.01, 0.01, 0.03, 0.03])
    });
    let get = |key| measures.get(key);
    // Active 0.01, 0, 0.01, 0: mean 0.005, squares 4 * 0.005^2 = 0.0001, over 3.
    close(get("tracking_error"), (0.0001_f64 / 3.0).sqrt() * 2.0);
    close(get("excess_return_annual"), 0.02);
    // x deviations -0.015, -0.005, 0.005, 0.015: sxx 0.0005; y +-0.01: sxy 0.0004, syy 0.0004.
    close(get("beta"), 0.8);
    close(get("alpha_annual"), (0.02 - 0.8 * 0.015) * 4.0);
    close(get("r_squared"), 0.8);
    close(get("market_beta"), 0.8);
    close(get("market_alpha_annual"), (0.01 - 0.8 * 0.015) * 4.0);
    close(get("mean_return_annual"), 0.08);
    // Months: 0.0201 - 0.01 and 0.0609 - 0.0506: they differ by 0.0002, std 0.0002 / sqrt(2).
    close(get("tracking_error_monthly"), 0.0002 * 6.0_f64.sqrt());
    close(get("cumulative_return"), 1.0201 * 1.0609 - 1.0);
    close(get("annual_return"), 1.0201 * 1.0609 - 1.0);
    close(get("holdings_mean"), 2.0);
    close(get("effective_holdings"), 2.0);
    close(get("turnover_annual"), 0.0);
    assert_eq!(get("turnover_mean"), None);
    close(get("sessions"), 4.0);
    close(get("rebalances"), 1.0);
    close(get("ruined"), 0.0);
    assert_eq!(get("no_such_key"), None);
    assert!(measures.notes().iter().all(|note| note.message.contains("modified_var_95")));
}

#[test]
fn a_period_too_short_says_so() {
    for rows in [0, 1] {
        let dates = sessions(rows);
        let returns = vec![0.01; rows];
        let measures = measure(&Record {
            benchmark: Some((&returns).into()),
            ..Record::new(&dates, &returns)
        });
        for key in ["volatility", "sharpe_ratio", "sortino_ratio", "beta", "var_95", "skewness"] {
            assert_eq!(measures.get(key), None, "{key}");
        }
        let of_a_year = ["annual_return", "mean_return_annual", "calmar_ratio", "alpha_annual"];
        assert!(of_a_year.into_iter().all(|key| measures.get(key).is_none()));
        assert_eq!(measures.get("cumulative_return").is_some(), rows == 1);
        let warned = measures.notes().iter().any(|note| note.message.starts_with("the period has"));
        assert!(warned);
    }
}

#[test]
fn a_wipeout_loses_everything_and_divides_by_nothing() {
    let dates = sessions(3);
    let measures =
        measure(&Record { wiped_out: Some(dates[2]), ..Record::new(&dates, &[0.1, -0.2, -1.0]) });
    for key in ["annual_return", "cumulative_return", "max_drawdown", "max_drawdown_10d"] {
        close(measures.get(key), -1.0);
    }
    close(measures.get("calmar_ratio"), -1.0);
    close(measures.get("ruined"), 1.0);
    assert!(measures.iter().all(|(_, value)| value.is_none_or(f64::is_finite)));
    assert!(measures.notes().iter().any(|note| note.message.contains("2024-01-03")));
}

#[test]
fn constant_returns_have_no_ratios() {
    let dates = sessions(5);
    let flat = [0.001; 5];
    let measures =
        measure(&Record { benchmark: Some((&flat).into()), ..Record::new(&dates, &flat) });
    for key in ["information_ratio", "sharpe_ratio", "sortino_ratio", "calmar_ratio", "beta"] {
        assert_eq!(measures.get(key), None, "{key}");
    }
    close(measures.get("tracking_error"), 0.0);
    close(measures.get("max_drawdown"), 0.0);
}

#[test]
fn misaligned_and_infinite_values_are_left_out_with_a_warning() {
    let dates = sessions(3);
    let returns = [0.01, f64::INFINITY, 0.02];
    let measures =
        measure(&Record { benchmark: Some((&[0.01]).into()), ..Record::new(&dates, &returns) });
    assert_eq!(measures.get("tracking_error"), None);
    assert_eq!(measures.get("cumulative_return"), None);
    let warned = |part: &str| {
        measures
            .notes()
            .iter()
            .any(|note| note.kind == NoteKind::Warning && note.message.contains(part))
    };
    assert!(warned("the length of benchmark is 1, that of the portfolio 3"));
    assert!(warned("cumulative_return is not a finite number"));
}

#[test]
fn a_decision_to_hold_nothing_counts_as_no_holdings() {
    let dates = sessions(2);
    let rebalance = |target| RebalanceRecord {
        date: dates[0],
        target,
        turnover: 0.5,
        cost: 0.001,
        trade: Trade::Rebalance,
    };
    let rebalances = [rebalance(&[0.5, 0.5]), rebalance(&[0.0, 0.0])];
    let measures =
        measure(&Record { rebalances: &rebalances, ..Record::new(&dates, &[0.01, 0.02]) });
    close(measures.get("holdings_mean"), 1.0);
    close(measures.get("gross_exposure"), 0.5);
    close(measures.get("effective_holdings"), 2.0);
    close(measures.get("turnover_annual"), 126.0);
    close(measures.get("cost_annual"), 0.252);
    assert!(measures.notes().iter().any(|note| note.message.contains("1 of 2 decisions")));
}

#[test]
fn without_cash_the_reader_is_told() {
    let dates = sessions(2);
    let measures = measure(&Record::new(&dates, &[0.01, 0.02]));
    assert!(measures.notes().iter().any(|note| note.message == "no cash series: r_f = 0"));
}

#[test]
fn what_needs_a_series_is_measured_where_there_is_one() {
    let dates = sessions(4);
    let returns = [0.5, 0.01, 0.03, 0.02];
    let measures = measure(&Record {
        benchmark: Covered::of([None, Some(0.01), Some(0.02), Some(0.02)]),
        cash: Covered::of([Some(0.0), Some(0.0), Some(0.01), None]),
        market_excess: Covered::of([Some(0.0), Some(0.0), Some(0.02), None]),
        periods_per_year: 4.0,
        ..Record::new(&dates, &returns)
    });
    // Active 0, 0.01, 0: mean 0.01 / 3.
    close(measures.get("excess_return_annual"), 0.04 / 3.0);
    // Excess 0.5, 0.01, 0.02 on Mkt-RF 0, 0, 0.02: the slope is 0.02 - 0.255 over 0.02.
    close(measures.get("market_beta"), (0.02 - 0.255) / 0.02);
    close(measures.get("mean_return_annual"), 0.56);
    assert_eq!(measures.rows("tracking_error_monthly"), Some(1..4));
    let told = |text: &str| measures.notes().iter().any(|note| note.message.starts_with(text));
    assert!(told(
        "the benchmark covers 2024-01-02 to 2024-01-04, the returns run from 2024-01-01 to \
         2024-01-04: Tracking error, Information ratio, Tracking error (monthly returns), ... are \
         measured on the common 3 of 4 rows"
    ));
    assert!(told("the factors cover 2024-01-01 to 2024-01-03, the returns run from 2024-01-01 to"));
    assert!(!told("no cash series") && !told("the risk-free rate"));
}

#[test]
fn a_series_without_a_session_of_the_period_leaves_its_measures_out() {
    let dates = sessions(3);
    let measures = measure(&Record {
        cash: Covered::of([None; 3]),
        ..Record::new(&dates, &[0.01, 0.02, 0.0])
    });
    assert_eq!((measures.get("sharpe_ratio"), measures.rows("sharpe_ratio")), (None, Some(0..0)));
    assert!(measures.get("volatility").is_some());
    let told = "the risk-free rate covers no session of 2024-01-01 to 2024-01-03: Sharpe ratio, \
                Sortino ratio are left out";
    assert!(measures.notes().iter().any(|note| note.message == told));
    assert!(measures.notes().iter().all(|note| !note.message.starts_with("no cash series")));
}

fn returns() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    let value = -0.2..0.2_f64;
    prop::collection::vec((value.clone(), value), 2..80).prop_map(|pairs| pairs.into_iter().unzip())
}

proptest! {
    #[test]
    fn a_series_that_is_cut_gives_the_measures_of_the_run_that_is_cut(
        (p, b) in returns(), ends in (0..80_usize, 0..80_usize), which in 0..3_usize
    ) {
        let dates = sessions(p.len());
        let rows = ends.0.min(ends.1).min(p.len())..ends.0.max(ends.1).min(p.len());
        let cut = |of: usize| {
            let known = |row: usize| of != which || rows.contains(&row);
            Covered::of(b.iter().enumerate().map(|(row, value)| known(row).then_some(*value)))
        };
        let year = Record { periods_per_year: 252.0, ..Record::new(&dates, &p) };
        let part = measure(&Record {
            benchmark: cut(0),
            cash: cut(1),
            market_excess: cut(2),
            ..year.clone()
        });
        let of = |rows: std::ops::Range<usize>| {
            let values = Covered::from(&b[rows.clone()]);
            measure(&Record {
                benchmark: Some(values.clone()),
                cash: Some(values.clone()),
                market_excess: Some(values),
                periods_per_year: 252.0,
                ..Record::new(&dates[rows.clone()], &p[rows])
            })
        };
        let (whole, inside) = (of(0..p.len()), of(rows.clone()));
        for definition in definitions() {
            let needs: &[usize] = match definition.needs {
                Needs::Nothing => &[],
                Needs::Benchmark => &[0],
                Needs::Cash => &[1],
                Needs::Market => &[1, 2],
            };
            let key = definition.key;
            let expected = if needs.contains(&which) { &inside } else { &whole };
            let bits = |m: &Measures| m.get(key).map(f64::to_bits);
            prop_assert_eq!(bits(&part), bits(expected), "{}", key);
        }
    }

    #[test]
    fn tracking_error_is_symmetric_and_scales((p, b) in returns(), scale in 0.1..3.0_f64) {
        let error = |p: &[f64], b: &[f64]| {
            let dates = sessions(p.len());
            let record = Record { benchmark: Some(b.into()), ..Record::new(&dates, p) };
            measure(&record).get("tracking_error").unwrap()
        };
        let here = error(&p, &b);
        prop_assert_eq!(here.to_bits(), error(&b, &p).to_bits());
        let scaled = |values: &[f64]| values.iter().map(|v| v * scale).collect::<Vec<_>>();
        let there = error(&scaled(&p), &scaled(&b));
        prop_assert!((there - scale * here).abs() <= 1e-12 * (1.0 + there));
    }

    #[test]
    fn drawdowns_and_tails_keep_their_order((p, b) in returns()) {
        let dates = sessions(p.len());
        let measures = measure(&Record { benchmark: Some((&b).into()), ..Record::new(&dates, &p) });
        let get = |key| measures.get(key).unwrap();
        prop_assert!((-1.0..=0.0).contains(&get("max_drawdown")));
        prop_assert!(get("max_drawdown") <= get("max_drawdown_10d") + 1e-15);
        prop_assert!(get("cvar_95") >= get("var_95") - 1e-15);
        prop_assert!(get("cvar_95") <= -get("min_return") + 1e-15);
        prop_assert!(measures.get("r_squared").is_none_or(|r| (0.0..=1.0).contains(&r)));
        prop_assert!(measures.iter().all(|(_, value)| value.is_none_or(f64::is_finite)));
    }

    #[test]
    fn the_benchmark_has_beta_one_to_itself((p, _) in returns()) {
        let dates = sessions(p.len());
        let measures = measure(&Record { benchmark: Some((&p).into()), ..Record::new(&dates, &p) });
        prop_assert!((measures.get("beta").unwrap() - 1.0).abs() < 1e-12);
        prop_assert!((measures.get("r_squared").unwrap() - 1.0).abs() < 1e-12);
        prop_assert!(measures.get("alpha_annual").unwrap().abs() < 1e-12);
        prop_assert_eq!(measures.get("information_ratio"), None);
    }

    #[test]
    fn long_only_effective_holdings_lie_between_one_and_n(
        raw in prop::collection::vec(0.001..1.0_f64, 1..30)
    ) {
        let total: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|w| w / total).collect();
        let effective = concentration::effective_holdings(&weights).unwrap();
        prop_assert!((1.0 - 1e-12..=weights.len() as f64 + 1e-9).contains(&effective));
        prop_assert!(concentration::top_weight(&weights, 3) <= 1.0 + 1e-12);
    }
}
