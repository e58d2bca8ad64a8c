use proptest::prelude::*;

use super::evidence::{Evidence, Goals};
use super::finding::{Figure, remark};
use super::{Assessment, Tone, assess};

/// Words that speak for a return.
const WORDS: [&str; 5] =
    ["more than", "ahead of", "better than", "supports", "The portfolio tracks"];

fn says(assessed: &Assessment) -> String {
    let texts: Vec<&str> = assessed.findings.iter().map(|found| found.text.as_str()).collect();
    format!("{}. {}", assessed.label, texts.join(". "))
}

fn figure(value: f64, low: f64, high: f64) -> Option<Figure> {
    Figure::between(value, Some((low, high)))
}

/// A tracking study in whose favour everything speaks.
fn fine() -> Evidence {
    Evidence {
        benchmark: Some("MTUM".to_owned()),
        returns: 500,
        tracks: true,
        goals: Goals { met: 2, missed: Vec::new(), open: 0 },
        tracking_error: figure(0.01, 0.009, 0.011),
        information_ratio: figure(1.0, 0.4, 1.6),
        excess_return: figure(0.01, 0.004, 0.016),
        annual_return: Some(0.11),
        benchmark_return: Some(0.10),
        sharpe_ratio: figure(0.8, 0.3, 1.3),
        max_drawdown: Some(-0.2),
        ..Evidence::default()
    }
}

#[test]
fn an_assessment_can_be_in_favour() {
    let found = assess(&fine());
    assert_eq!((found.tone, found.label.as_str()), (Tone::Favour, "The portfolio tracks MTUM"));
    let text = says(&found);
    assert!(
        text.contains("the portfolio tracks MTUM closely: tracking error 1.00\u{202f}% a year"),
        "{text}"
    );
    assert!(
        text.contains("earned 1.00\u{202f}% a year more than MTUM (arithmetic, compounded 1.00\u{202f}% above), a significant difference"),
        "{text}"
    );
}

#[test]
fn what_failed_stands_first() {
    let goals = Goals { met: 1, missed: vec!["Turnover".to_owned()], open: 0 };
    let found = assess(&Evidence { goals, fallbacks: 3, warnings: 2, ..fine() });
    assert_eq!(found.tone, Tone::Against);
    assert_eq!(found.findings[0].text, "1 of 2 targets missed: Turnover");
    assert!(found.findings[1].text.starts_with("3 fallbacks: "));
}

#[test]
fn a_gain_that_chance_explains_is_said_to_be_one() {
    let (ratio, error) = (figure(0.5, -0.2, 1.2), figure(0.04, 0.03, 0.05));
    let found = assess(&Evidence { information_ratio: ratio, tracking_error: error, ..fine() });
    assert_eq!(found.tone, Tone::Open);
    assert!(says(&found).contains(
        "ahead of MTUM (arithmetic, compounded 1.00\u{202f}% above), which is not significant: information ratio 0.50 (95\u{202f}% interval \u{2212}0.20 to 1.20), which includes zero"
    ));
}

#[test]
fn a_mean_above_and_a_wealth_below_are_both_told() {
    let found = assess(&Evidence { annual_return: Some(0.08), ..fine() });
    let text = says(&found);
    assert!(
        text.contains(
            "the portfolio’s mean return is 1.00\u{202f}% above MTUM’s a year, compounded 2.00\u{202f}% below"
        ),
        "{text}"
    );
    assert!(!text.contains("more than MTUM"));
}

#[test]
fn costs_that_turn_the_sign_are_named() {
    let excess = figure(-0.01, -0.02, 0.001);
    let found =
        assess(&Evidence { excess_return: excess, excess_without_costs: Some(0.02), ..fine() });
    assert!(says(&found).contains("costs decide: the excess return over MTUM is 2.00\u{202f}% a year gross of costs, \u{2212}1.00\u{202f}% net, both arithmetic"));
}

#[test]
fn a_loss_is_told_beside_that_of_the_benchmark() {
    let falling = Evidence {
        annual_return: Some(-0.2969),
        benchmark_return: Some(-0.2957),
        max_drawdown: Some(-0.58),
        benchmark_drawdown: Some(-0.55),
        ..fine()
    };
    let text = says(&assess(&falling));
    assert!(
        text.contains(
            "the portfolio lost 29.69\u{202f}% a year, its benchmark 29.57\u{202f}%, both compounded"
        ),
        "{text}"
    );
    assert!(
        text.contains("the largest drawdown was 58.00\u{202f}%, its benchmark 55.00\u{202f}%"),
        "{text}"
    );
    let gained = Evidence { benchmark_return: Some(0.01), ..falling.clone() };
    let text = says(&assess(&gained));
    assert!(text.contains("its benchmark earned 1.00\u{202f}%"), "{text}");
    let near = Evidence { max_drawdown: Some(-0.94), benchmark_drawdown: Some(-0.94), ..falling };
    let found = assess(&near);
    assert_eq!(found.tone, Tone::Against);
    assert!(says(&found).contains("it came close to a wipeout: the largest drawdown was 94.00"));
}

#[test]
fn a_deep_fall_counts_where_it_is_clearly_deeper() {
    let fell = |own, beside| {
        assess(&Evidence { max_drawdown: Some(own), benchmark_drawdown: beside, ..fine() }).tone
    };
    assert_eq!(fell(-0.58, Some(-0.55)), Tone::Favour);
    assert_eq!(fell(-0.58, Some(-0.40)), Tone::Against);
    assert_eq!(fell(-0.58, None), Tone::Against);
}

#[test]
fn a_study_that_looks_ahead_is_spoken_against() {
    let ahead = "clean.gap = interpolate: 1 price is changed by later rows; a decision in between \
        looks ahead";
    let found = assess(&Evidence { looks_ahead: vec![ahead.to_owned()], ..fine() });
    assert_eq!(
        (found.tone, found.label.as_str()),
        (Tone::Against, "The evidence is against the strategy")
    );
    assert!(says(&found).contains("looks ahead"), "{}", says(&found));
}

#[test]
fn old_signals_leave_the_question_open() {
    let old = "signal pe is up to 90 sessions old in 3 of 9 decisions";
    let found = assess(&Evidence { stale_signals: vec![old.to_owned()], ..fine() });
    assert_eq!(found.tone, Tone::Open);
    assert!(says(&found).contains(old), "{}", says(&found));
}

#[test]
fn a_strong_study_without_faults_is_spoken_for() {
    let strong = Evidence {
        tracks: false,
        tracking_error: figure(0.13, 0.12, 0.14),
        information_ratio: figure(2.22, 1.49, 2.90),
        excess_return: figure(0.30, 0.20, 0.40),
        annual_return: Some(0.50),
        benchmark_return: Some(0.15),
        sharpe_ratio: figure(3.12, 2.48, 3.89),
        sharpe_difference: figure(1.90, 1.29, 2.51),
        warnings: 1,
        ..fine()
    };
    let found = assess(&strong);
    assert_eq!(found.label, "The evidence supports the strategy", "{}", says(&found));
    assert_eq!(found.findings.last().unwrap(), &remark("1 warning in the ledger".to_owned()));
    for doubtful in
        [Evidence { unproven: 1, ..strong.clone() }, Evidence { data_errors: 2, ..strong.clone() }]
    {
        assert_eq!(assess(&doubtful).label, "The evidence is inconclusive");
    }
    assert_eq!(
        assess(&Evidence { fallbacks: 1, ..strong }).label,
        "The evidence is against the strategy"
    );
}

#[test]
fn a_close_tracker_is_not_asked_to_earn_more() {
    let unsure = Evidence { information_ratio: figure(0.5, -0.2, 1.2), ..fine() };
    let found = assess(&unsure);
    assert_eq!(found.label, "The portfolio tracks MTUM", "{}", says(&found));
    let told = found.findings.iter().find(|one| one.text.contains("not significant")).unwrap();
    assert_eq!(told.tone, Tone::Remark);
    let behind = Evidence {
        information_ratio: figure(-0.2, -0.9, 0.5),
        excess_return: figure(-0.001, -0.006, 0.004),
        excess_without_costs: Some(0.0005),
        annual_return: Some(0.099),
        ..fine()
    };
    let found = assess(&behind);
    assert_eq!(found.label, "The evidence is inconclusive");
    assert!(found.findings[0].text.starts_with("a positive assessment needs every figure"));
    let same = Evidence {
        information_ratio: None,
        excess_return: figure(0.0, 0.0, 0.0),
        annual_return: Some(0.10),
        ..fine()
    };
    assert_eq!(assess(&same).label, "The portfolio tracks MTUM");
}

/// Any number, ordinary ones more often.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -1.5..1.5f64, 2 => -0.05..0.05f64, 1 => Just(0.0), 1 => any::<f64>()]
}

fn any_figure() -> impl Strategy<Value = Option<Figure>> {
    let ends = proptest::option::weighted(0.9, (any_number(), any_number()));
    proptest::option::weighted(0.9, (any_number(), ends))
        .prop_map(|found| found.and_then(|(value, ends)| Figure::between(value, ends)))
}

fn maybe() -> impl Strategy<Value = Option<f64>> {
    let finite = any_number().prop_filter("measures are finite", |value| value.is_finite());
    proptest::option::weighted(0.9, finite)
}

prop_compose! {
    fn any_evidence()(
        (named, tracks, ruined, cut_off, synthetic) in any::<(bool, bool, bool, bool, bool)>(),
        (met, missed, open, fallbacks, warnings) in (0..3usize, 0..5usize, 0..2usize, 0..3usize, 0..3usize),
        (unproven, data_errors) in (0..3usize, 0..3usize),
        (calm, few, constant) in any::<(bool, bool, bool)>(),
        model_earns in any::<Option<bool>>(),
        figures in prop::array::uniform5(any_figure()),
        [excess_without_costs, annual_return, benchmark_return, max_drawdown, benchmark_drawdown] in prop::array::uniform5(maybe()),
    ) -> Evidence {
        let [tracking_error, information_ratio, excess_return, sharpe_ratio, sharpe_difference] = figures;
        let quiet = |number: usize| if calm { 0 } else { number };
        Evidence {
            returns: if few { 59 } else { 60 },
            constant: constant && sharpe_ratio.is_none(),
            free_of_costs: None,
            benchmark: named.then(|| "B".to_owned()),
            tracks,
            ruined: (ruined && !calm).then(|| "2020-03-02".to_owned()),
            cut_off: (cut_off && !calm).then(|| "interrupted".to_owned()),
            synthetic: synthetic && !calm,
            goals: Goals { met, missed: vec!["T".to_owned(); quiet(missed)], open: quiet(open) },
            fallbacks: quiet(fallbacks),
            unproven: quiet(unproven),
            data_errors: quiet(data_errors),
            looks_ahead: vec!["x".to_owned(); usize::from(!calm && unproven == 1)],
            stale_signals: vec!["y".to_owned(); usize::from(!calm && unproven == 2)],
            warnings,
            model_earns: model_earns.filter(|_| !calm),
            tracking_error, information_ratio, excess_return, excess_without_costs,
            annual_return, benchmark_return, sharpe_ratio, sharpe_difference, max_drawdown,
            benchmark_drawdown,
        }
    }
}

fn wrecked(evidence: &Evidence) -> bool {
    evidence.ruined.is_some() || evidence.max_drawdown.is_some_and(|worst| worst < -0.9)
}

fn below(figure: Option<Figure>) -> bool {
    figure.is_some_and(|figure| figure.value < 0.0)
}

fn includes_zero(figure: Option<Figure>) -> bool {
    let ends = figure.and_then(|figure| figure.interval);
    ends.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_word_in_favour_stands_beside_a_figure_against(evidence in any_evidence()) {
        let text = says(&assess(&evidence));
        let compounded = evidence.annual_return.zip(evidence.benchmark_return);
        let behind = below(evidence.information_ratio)
            || below(evidence.excess_return)
            || compounded.is_some_and(|(own, beside)| own < beside);
        let lost = evidence.ruined.is_some() || evidence.annual_return.is_some_and(|r| r < 0.0);
        if behind || lost {
            for word in WORDS {
                prop_assert!(!text.contains(word), "`{word}` in: {text}");
            }
        }
    }

    #[test]
    fn an_interval_that_includes_zero_is_named(evidence in any_evidence()) {
        let found = assess(&evidence);
        prop_assert!(found.sentence.starts_with(&found.label), "{}: {}", found.label, found.sentence);
        prop_assert_eq!(found.others().len(), found.findings.len() - 1);
        let text = says(&found);
        let compared = evidence.benchmark.is_some() && evidence.excess_return.is_some();
        let wrecked = wrecked(&evidence);
        if compared && !wrecked && includes_zero(evidence.information_ratio) {
            prop_assert!(text.contains("includes zero") || text.contains("too few returns"), "{text}");
            prop_assert!(!text.contains("more than B"), "{text}");
            prop_assert!(found.tone != Tone::Favour || text.contains("the portfolio tracks B closely"), "{text}");
        }
        if !evidence.tracks && !wrecked && includes_zero(evidence.sharpe_ratio) {
            prop_assert!(text.contains("not significantly different from cash"), "{text}");
            prop_assert!(!text.contains("more than cash"), "{text}");
        }
    }

    #[test]
    fn returns_that_do_not_vary_are_said_to_be_so(evidence in any_evidence()) {
        let text = says(&assess(&evidence));
        let told = evidence.constant && !evidence.tracks && !wrecked(&evidence);
        prop_assert_eq!(text.contains("the same in every period"), told, "{}", text);
        prop_assert!(!told || !text.contains("from cash") && !text.contains("than cash"), "{}", text);
        prop_assert!(!told || !text.contains("too little is measured"), "{}", text);
    }

    #[test]
    fn a_loss_in_few_returns_is_not_held_against_a_run(evidence in any_evidence()) {
        let found = assess(&evidence);
        let lost = found.findings.iter().find(|finding| finding.text.starts_with("the portfolio lost"));
        if let (true, Some(lost)) = (evidence.returns < 60, lost) {
            prop_assert_eq!(lost.tone, Tone::Open);
            prop_assert!(lost.text.ends_with("from too few returns to know"), "{}", lost.text);
        }
    }

    #[test]
    fn tracking_is_called_by_its_error(evidence in any_evidence()) {
        let text = says(&assess(&evidence));
        let error = evidence.tracking_error.map(|error| error.value);
        if text.contains("closely") {
            prop_assert!(error.is_some_and(|error| error <= 0.02), "{error:?}: {text}");
            prop_assert!(evidence.tracking_error.unwrap().interval.is_none_or(|ends| ends.1 <= 0.02));
        }
        if text.contains("loosely") {
            prop_assert!(error.is_some_and(|error| error <= 0.05), "{error:?}: {text}");
        }
        let judged = evidence.tracks && evidence.benchmark.is_some();
        if judged && error.is_some_and(|error| error > 0.05) {
            let known = evidence.tracking_error.is_some_and(|error| error.interval.is_some());
            prop_assert_eq!(text.contains("does not track B"), known, "{}", text);
            prop_assert_eq!(text.contains("too few returns tell whether"), !known, "{}", text);
        }
    }

    #[test]
    fn nothing_that_went_wrong_is_left_out(evidence in any_evidence()) {
        let found = assess(&evidence);
        let text = says(&found);
        let wrong = [
            (evidence.ruined.is_some(), "wipeout on "),
            (evidence.ruined.is_none() && evidence.cut_off.is_some(), "is not complete"),
            (!evidence.goals.missed.is_empty(), "missed"),
            (evidence.fallbacks > 0, "fallback"),
            (evidence.unproven > 0, "without proof of optimality"),
            (evidence.data_errors > 0, "data check found"),
            (evidence.annual_return.is_some_and(|annual| annual < 0.0), "the portfolio lost"),
            (wrecked(&evidence) && evidence.ruined.is_none(), "close to a wipeout"),
            (evidence.model_earns == Some(false), "does not add value"),
        ];
        for (happened, words) in wrong {
            prop_assert_eq!(happened, text.contains(words), "`{}` in: {}", words, &text);
            let open = ["the portfolio lost", "without proof of optimality", "data check found"].contains(&words);
            let most = if open { Tone::Open } else { Tone::Against };
            prop_assert!(!happened || found.tone <= most, "{}", &text);
        }
        prop_assert!(evidence.warnings == 0 || text.contains("warning"));
        prop_assert!(!evidence.synthetic || text.contains("simulated"));
        prop_assert!(found.findings.is_sorted_by_key(|finding| finding.tone));
        prop_assert_eq!(found.tone, found.findings[0].tone);
        prop_assert_ne!(found.tone, Tone::Remark);
    }

    #[test]
    fn after_a_wipeout_nothing_is_said_of_significance(evidence in any_evidence()) {
        let text = says(&assess(&evidence));
        prop_assert!(!wrecked(&evidence) || !text.contains("significant"), "{text}");
        prop_assert!(!wrecked(&evidence) || text.contains("The evidence is against") || text.contains("does not track"), "{text}");
    }

    #[test]
    fn warnings_are_told_and_decide_nothing(evidence in any_evidence()) {
        let without = assess(&Evidence { warnings: 0, ..evidence.clone() });
        let with = assess(&Evidence { warnings: 7, ..evidence });
        prop_assert_eq!(with.tone, without.tone);
        prop_assert!(says(&with).contains("7 warnings in the ledger"));
        prop_assert!(!says(&without).contains("warning"));
    }

    #[test]
    fn what_the_benchmark_lost_too_does_not_speak_against_a_run(
        lost in -0.5..-0.0001f64, fall in -0.89..-0.01f64, error in 0.0..0.001f64,
    ) {
        let evidence = Evidence {
            tracking_error: figure(error, error, error),
            information_ratio: None,
            excess_return: figure(0.0, 0.0, 0.0),
            annual_return: Some(lost),
            benchmark_return: Some(lost),
            sharpe_ratio: figure(-1.0, -1.5, -0.5),
            max_drawdown: Some(fall),
            benchmark_drawdown: Some(fall),
            ..fine()
        };
        let found = assess(&evidence);
        prop_assert_eq!(found.tone, Tone::Open, "{}", says(&found));
        let alone = assess(&Evidence { benchmark_return: None, ..evidence.clone() });
        prop_assert_eq!(alone.tone, Tone::Against, "{}", says(&alone));
        let worse = Evidence { annual_return: Some(lost - 0.03), ..evidence };
        prop_assert_eq!(assess(&worse).tone, Tone::Against);
    }
}
