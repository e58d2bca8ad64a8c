//! What `--help`, `explain`, `schema`, `completions` and `man` print.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fs;

use common::{repository, text, walkfolio};
use insta::assert_snapshot;

const COMMANDS: [&str; 19] = [
    "init",
    "sample",
    "explain",
    "schema",
    "fetch",
    "check",
    "run",
    "audit",
    "verify",
    "decide",
    "daily",
    "drift",
    "runs",
    "serve",
    "compare",
    "report",
    "tearsheet",
    "completions",
    "man",
];

fn printed(arguments: &[&str]) -> String {
    let output = walkfolio(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout)
}

fn refused(arguments: &[&str]) -> String {
    let output = walkfolio(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    text(&output.stderr)
}

#[test]
fn the_first_page_fits_a_terminal_and_names_every_command() {
    let page = printed(&["--help"]);
    assert!(page.lines().count() <= 24, "{} lines", page.lines().count());
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    for command in COMMANDS {
        assert!(
            page.contains(&format!("  {command} ")) || page.contains(&format!(" {command}")),
            "{command}"
        );
    }
    // Every command that there is stands in it: completions know them all.
    let script = printed(&["completions", "bash"]);
    for line in script.lines().filter(|line| line.contains("walkfolio,")) {
        let name = line.trim().trim_start_matches("walkfolio,").split(')').next().unwrap();
        assert!(COMMANDS.contains(&name) || name == "help", "{line}");
    }
}

#[test]
fn every_command_has_examples_and_exit_codes() {
    for command in COMMANDS {
        let page = printed(&[command, "--help"]);
        assert!(page.contains("\nExamples:\n  walkfolio "), "{command}: {page}");
        assert!(page.contains("\nExit code"), "{command}: {page}");
        assert!(page.contains(&format!("  walkfolio {command}")), "{command}: {page}");
        let own = page.split("Examples:").nth(1).unwrap();
        assert!(own.lines().all(|line| line.chars().count() <= 80), "{command}: {own}");
    }
}

#[test]
fn a_key_is_explained() {
    assert_snapshot!(printed(&["explain", "max_holdings"]), @r"
    allocate.max_holdings
      Maximum number of holdings: the best such portfolio, by branch and bound.

      value    whole number (assets)
      default  not set
      example  max_holdings = 6
    ");
    assert_snapshot!(printed(&["explain", "allocate.bounds"]), @r#"
    allocate.bounds
      Minimum and maximum weight of one asset. The weights sum to 1, or to `net_leverage`.

      value    table
      default  none, required

      Keys
        max  Maximum weight. [number (fraction of equity); required]
        min  Minimum weight; a negative value allows short positions. [number (fraction of equity);
            required]
        when_too_tight  What happens if the maximum weights of the assets that may be held sum to less
            than 1: too few are eligible or selected, or `max_holdings` is too low. [word; "error" by
            default]
    "#);
    assert_snapshot!(printed(&["explain", "allocate.objective.robust_utility"]), @r#"
    allocate.objective
      The objective.

      value    table with a kind
      default  none, required

      kind = "robust_utility"
        `max rho'w - lambda sqrt(w' Sigma w)`.
        lambda  Risk aversion, in the unit of `estimate.units`. [number (return per unit of volatility);
            required]
    "#);
    assert_snapshot!(printed(&["explain", "drift"]), @r#"
    walk_forward.drift
      What happens to weights between rebalances.

      value    word
      default  "buy_and_hold"
      example  drift = "buy_and_hold"

      Values
        "buy_and_hold"  Holdings drift with prices.
        "constant_weights"  Weights are restored at every close, at no cost.
    "#);
}

#[test]
fn an_unknown_key_is_answered_with_the_nearest() {
    assert_snapshot!(refused(&["explain", "max_holding"]), @r"
    × a study has no key `max_holding`
    help: did you mean `allocate.max_holdings` or `allocate.min_holdings`?
    ");
    assert_snapshot!(refused(&["explain", "alocate.bounds.max"]), @r"
    × a study has no key `alocate.bounds.max`
    help: did you mean `allocate.bounds.max`, `allocate.bounds.min` or `allocate.bounds`?
    ");
    assert_snapshot!(refused(&["explain", "xyzzy"]), @r"
    × a study has no key `xyzzy`
    help: `walkfolio explain` lists every key
    ");
}

#[test]
fn a_word_that_is_no_key_is_looked_for() {
    assert_snapshot!(printed(&["explain", "sectors"]), @r"
    Keys of a study
    allocate.groups  Limits of the sums of weights of groups with names: sectors, countries, asset ..
    ");
    assert_snapshot!(printed(&["explain", "rebalance"]), @r#"
    Keys of a study
    allocate.trading_costs           How much of the costs of trading the objective pays: this ..
    allocate.turnover                Maximum turnover of a rebalance, or a table of limits: half the ..
    allocate.turnover.per_rebalance  Maximum turnover of a rebalance
    allocate.turnover.per_year       Maximum turnover of a year: of the rebalance and of all that ..
    market.benchmark.rebalanced      When the parts of a blend are brought back to their weights, ..
    measure.baselines                Portfolios of constant weights that the result is compared ..
    robustness.start_dates           Whether the backtest is repeated with every decision moved by ..
    walk_forward.also                Extra rebalances in addition to the regular ones
    walk_forward.drift               What happens to weights between rebalances
    walk_forward.every               The rebalance frequency: `"week"`, `"month"`, `"quarter"` or ..

    Measures, for targets, `runs --where` and `compare --sort`
    turnover_mean  Turnover per rebalance (one-way)
    rebalances     Rebalances
    "#);
    let json: serde_json::Value =
        serde_json::from_str(&printed(&["explain", "one-way", "--json"])).unwrap();
    assert_eq!(json["measures"][0]["name"], "turnover_annual");
}

#[test]
fn a_command_by_another_name_is_known() {
    assert_snapshot!(refused(&["backtest", "s.toml"]), @r"
    × there is no command `backtest`
    help: did you mean `walkfolio run`?
    ");
    assert_snapshot!(refused(&["verfy"]), @r"
    error: unrecognized subcommand 'verfy'

      tip: a similar subcommand exists: 'verify'

    Usage: walkfolio <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn keys_are_listed_and_printed_as_json() {
    let list = printed(&["explain"]);
    assert!(list.lines().all(|line| line.chars().count() <= 100), "{list}");
    for key in ["allocate.max_holdings", "clean.gap", "allocate.objective.kind = \"mean_variance\""]
    {
        assert_eq!(
            list.lines().filter(|line| line.starts_with(&format!("{key} "))).count(),
            1,
            "{key}"
        );
    }
    let json: serde_json::Value = serde_json::from_str(&printed(&["explain", "--json"])).unwrap();
    let names: Vec<&str> =
        json.as_array().unwrap().iter().map(|key| key["path"].as_str().unwrap()).collect();
    assert!(names.contains(&"market") && names.contains(&"costs"), "{names:?}");
    let json = printed(&["explain", "costs.per_side_bps", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["unit"], "basis points");
    assert_eq!(json[0]["default"], "0.0");
}

/// The page in the book is what the program prints. To renew it: `walkfolio explain --markdown`.
#[test]
fn the_books_reference_is_what_the_program_prints() {
    let page = fs::read_to_string(repository().join("docs/src/reference/study.md")).unwrap();
    assert_eq!(page, printed(&["explain", "--markdown"]), "renew docs/src/reference/study.md");
}

/// To renew it: `walkfolio schema > studies/study.schema.json`.
#[test]
fn the_shipped_schema_is_what_the_program_prints() {
    let studies = repository().join("studies");
    let schema = fs::read_to_string(studies.join("study.schema.json")).unwrap();
    assert_eq!(schema, printed(&["schema"]), "renew studies/study.schema.json");
    let mut count = 0;
    for entry in fs::read_dir(studies).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "toml") {
            let study = fs::read_to_string(&path).unwrap();
            assert!(study.starts_with("#:schema study.schema.json\n"), "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn shells_and_manuals_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for word in ["compare", "rebuild", "checkpoint-every"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let place = tempfile::tempdir().unwrap();
    let pages = place.path().join("man1");
    printed(&["man", pages.to_str().unwrap()]);
    let read = |name: &str| fs::read_to_string(pages.join(name)).unwrap();
    assert!(read("walkfolio.1").contains("walkfolio\\-run(1)"));
    for command in COMMANDS {
        let page = read(&format!("walkfolio-{command}.1"));
        assert!(page.contains("Examples:"), "{command}");
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
    assert!(refused(&["man", "Cargo.toml"]).contains("cannot write Cargo.toml"));
}
