use insta::assert_snapshot;

use super::*;

fn known() -> BTreeSet<String> {
    ["covid.tracking_error", "tracking_error"].map(str::to_owned).into()
}

fn read(text: &str) -> Condition {
    parse(text, &known()).unwrap()
}

fn error(text: &str) -> String {
    let error = parse(text, &known()).unwrap_err();
    let hint = error.hint.unwrap_or_default();
    format!("{} [{}] {hint}", error.message, &error.text[error.span])
}

#[test]
fn and_binds_closer_than_or() {
    assert_eq!(read("te < 1 or ir > 2 and te < 3"), read("te < 1 or (ir > 2 and te < 3)"));
    assert_ne!(read("te < 1 or ir > 2 and te < 3"), read("(te < 1 or ir > 2) and te < 3"));
    assert_eq!(read("not te < 1 and ir > 2"), read("(not te < 1) and ir > 2"));
}

#[test]
fn signs_need_no_spaces_and_words_no_quotes() {
    assert_eq!(read("te<=-0.5"), read("te <= -0.5"));
    assert_eq!(read("study=long-short"), read("study == \"long-short\""));
    assert_eq!(read("te < 8%"), read("tracking_error < 0.08"));
    assert_eq!(read("covid.te < 1"), read("'covid.tracking_error' < 1"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let texts = [
        "",
        "tracking_eror < 1",
        "xyzzy < 1",
        "te",
        "te <",
        "te < low",
        "te < 1 ir > 2",
        "(te < 1",
        "te ! 1",
        "study < a",
        "study = \"a",
        "created > yesterday",
        "first >= 2020-13-01",
        "te < 1 and",
        "te; drop table run",
        "synthetic = maybe",
        "te < inf",
        "covid.volatility < 1",
    ];
    let told: Vec<String> =
        texts.iter().map(|text| format!("{text}: {}", error(text).trim_end())).collect();
    assert_snapshot!(told.join("\n"), @r#"
    : a key was expected here [] a filter compares keys with values: te < 0.08 and holdings_mean <= 6
    tracking_eror < 1: unknown key `tracking_eror` [tracking_eror] did you mean `tracking_error` or `tracking_error_monthly`?
    xyzzy < 1: unknown key `xyzzy` [xyzzy] the keys are folder, study, status, kind, created, version, study_hash, data_hash, vintage, synthetic, first, last, cells, decisions, those of measures.json, and `regime.key` for a regime
    te: a comparison was expected after `tracking_error` [] one of < <= > >= = !=
    te <: a value was expected for `tracking_error` []
    te < low: `tracking_error` is a number, `low` is not [low] write it as 0.08 or as 8%
    te < 1 ir > 2: `and`, `or` or the end was expected here [ir]
    (te < 1: a `)` was expected here []
    te ! 1: `!` alone means nothing [!] unequal is `!=`
    study < a: `study` is no number: it is equal to a value or not [a] compare with = or !=
    study = "a: the text has no closing quote ["a]
    created > yesterday: `created` is a moment, `yesterday` is not [yesterday] write it as 2026-11-24 or 2026-11-24T18:00:00Z
    first >= 2020-13-01: `first` is a date, `2020-13-01` is not [2020-13-01] write it as 2026-11-24
    te < 1 and: a key was expected here [] a filter compares keys with values: te < 0.08 and holdings_mean <= 6
    te; drop table run: `;` has no meaning in a filter [;] put a text with other signs into quotes
    synthetic = maybe: `synthetic` is true or false, `maybe` is not [maybe] write true or false
    te < inf: `tracking_error` is a number, `inf` is not [inf] write it as 0.08 or as 8%
    covid.volatility < 1: unknown key `covid.volatility` [covid.volatility] the keys are folder, study, status, kind, created, version, study_hash, data_hash, vintage, synthetic, first, last, cells, decisions, those of measures.json, and `regime.key` for a regime
    "#);
}

#[test]
fn deep_and_long_filters_are_refused() {
    let deep = "(".repeat(100_000);
    assert!(error(&deep).starts_with("the filter is nested too deeply"));
    assert!(error(&"not ".repeat(100_000)).starts_with("the filter is nested too deeply"));
    let long = vec!["te < 1"; MAX_COMPARISONS + 1].join(" and ");
    assert!(error(&long).starts_with("a filter has at most 64 comparisons"));
    read(&vec!["te < 1"; MAX_COMPARISONS].join(" and "));
}

/// Numbers below a bound, always the same (the finalizer of `SplitMix64`, Steele et al. 2014).
fn chance(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
}

#[test]
fn whatever_is_written_is_read_or_refused_in_its_place() {
    let parts = [
        "te < 1",
        "ir >= -0.5",
        "study = x",
        "not",
        "and",
        "and",
        "or",
        "or",
        "te",
        "covid.te",
        "study",
        "created",
        "synthetic",
        "first",
        "cells",
        "study_hash",
        "<",
        "<=",
        ">",
        ">=",
        "=",
        "!=",
        "!",
        "and",
        "or",
        "not",
        "(",
        ")",
        "0.1",
        "8%",
        "-1",
        "x",
        "\"",
        "'",
        "'a b'",
        "2020-01-01",
        "true",
        ";",
        "é",
        "数",
        "%",
        "--",
        " ",
        "\t",
        "nan",
        "1e999",
    ];
    let (mut state, mut read) = (7, 0);
    for _ in 0..20_000 {
        let count = 1 + chance(&mut state, 9);
        let text: Vec<&str> = (0..count).map(|_| parts[chance(&mut state, parts.len())]).collect();
        let text = text.join(if chance(&mut state, 2) == 0 { " " } else { "" });
        match parse(&text, &known()) {
            Ok(_) => read += 1,
            Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text}: {error:?}"),
        }
    }
    assert!(read > 200, "only {read} were filters");
}
