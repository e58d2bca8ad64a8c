//! The program as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::process::{Command, Output, Stdio};

use common::{text, walkfolio};
use insta::assert_snapshot;

fn output(arguments: &[&str]) -> Output {
    walkfolio(arguments).output().unwrap()
}

/// What the program says of a study that it cannot run, `x.toml` in a folder of its own; its exit
/// code must be 2.
fn refusal(study: &str, files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files.iter().chain([&("x.toml", study)]) {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let mut command = walkfolio(&["run", "x.toml", "--out", "out"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    text(&output.stderr)
}

#[test]
fn the_readmes_first_command_runs_on_the_sample_market() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let path = out.to_str().unwrap();
    let output = output(&["run", "studies/mtum-replica.toml", "--out", path, "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert!(printed.starts_with("mtum-replica on SYNTHETIC sample market\nsimulated prices"));
    assert!(printed.contains("Tracking error"));
    assert!(printed.contains(&format!("report  {path}/report.html")));
    let line: serde_json::Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!(line["run"], path);
    assert_eq!(line["status"], "complete");
    let measures: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("measures.json")).unwrap()).unwrap();
    assert_eq!(line["measures"]["full"], measures["full"]);
    assert_eq!(line["measures"]["regimes"], measures["regimes"]);
    assert_eq!(line["classifier"]["earns_its_place"], false);
    assert_eq!(line["targets"][0]["measure"], "tracking_error");
    for name in [
        "run.json",
        "decisions.parquet",
        "ledger.parquet",
        "timings.parquet",
        "returns.parquet",
        "risk.parquet",
        "baselines.parquet",
        "predictions.parquet",
        "classifier.parquet",
        "measures.json",
        "report.html",
        "report.md",
        "report.xlsx",
    ] {
        assert!(out.join(name).is_file(), "{name}");
    }
}

#[test]
fn measures_have_every_key_of_the_design() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let done = output(&["run", "studies/long-short.toml", "--out", out.to_str().unwrap()]);
    assert!(done.status.success());
    let measures: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("measures.json")).unwrap()).unwrap();
    let regimes: Vec<&String> = measures["regimes"].as_object().unwrap().keys().collect();
    assert_eq!(regimes.len(), 6);
    for key in [
        "tracking_error",
        "information_ratio",
        "sharpe_ratio",
        "volatility",
        "max_drawdown",
        "max_drawdown_10d",
        "beta",
        "r_squared",
        "turnover_annual",
        "holdings_mean",
        "var_95",
        "cvar_95",
        "modified_var_95",
        "skewness",
        "excess_kurtosis",
        "alpha_annual",
        "sortino_ratio",
        "calmar_ratio",
        "annual_return",
        "mean_return_annual",
        "min_return",
        "top_1_weight",
        "top_3_weight",
        "top_5_weight",
        "effective_holdings",
        "gross_exposure",
        "ruined",
    ] {
        assert!(measures["full"][key].is_number(), "{key}");
    }
}

#[test]
fn a_grid_writes_one_row_a_cell() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("grid");
    let short = [
        "run",
        "studies/long-short-surface.toml",
        "--out",
        out.to_str().unwrap(),
        "--set",
        "walk_forward.last=2008-06-30",
        "--set",
        "estimate.covariance.window=40",
        "--set",
        "allocate.objective.lambda=0.1",
        "--set",
        "allocate.beta={ value = 0.0 }",
    ];
    let output = output(&short);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("5 backtests over estimate.expected_returns.window"));
    assert!(out.join("grid.parquet").is_file() && out.join("report.html").is_file());
}

#[test]
fn a_cell_that_is_not_there_is_refused_with_the_range() {
    let refused = output(&["run", "studies/mtum-frontier.toml", "--cell", "12"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(said.contains("grid: there is no cell 12: the grid has cells 1 to 11"), "{said}");
}

/// A grid over betas, some of which no portfolio has: what it prints, and its exit code.
fn betas(values: &str) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("grid");
    let grid = format!("grid={{ 'allocate.beta.value' = {values} }}");
    let run = ["run", "studies/long-short.toml", "--out", out.to_str().unwrap()];
    let short = ["--set", "walk_forward.last=2008-01-31", "--set", "measure.first=2007-12-03"];
    let swept = ["--set", "allocate.beta={ value = 1 }", "--set", &grid];
    let output = output(&[&run[..], &short, &swept].concat());
    (text(&output.stdout), output.status.code())
}

#[test]
fn cells_that_failed_are_counted_with_their_reason() {
    let (printed, code) = betas("[0.5, 60, 1, 70]");
    let line = printed.lines().find(|line| line.contains("failed")).unwrap();
    assert!(line.starts_with("2 of 4 cells failed: at the decision of 2007-07-10: "), "{line}");
    assert!(line.ends_with("(cells 2, 4)"), "{line}");
    assert_eq!(code, Some(0));
    let (printed, code) = betas("[60, 70]");
    assert!(printed.contains("2 of 2 cells failed: "), "{printed}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_frontier_is_shown_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("grid");
    let output = output(&["run", "studies/mtum-frontier.toml", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let (shown, _) = printed.split_once("\nreport").unwrap();
    assert_snapshot!(shown, @r"
    mtum-frontier on SYNTHETIC sample market
    simulated prices: they say nothing about any real fund
    11 backtests over allocate.max_holdings

    max_holdings  Tracking error  Information ratio  Annualized turnover (one-way)  Holdings
    1                    11.65 %               0.32                       100.33 %     1.000
    2                     9.17 %               0.15                       103.47 %     2.000
    3                     7.63 %               0.05                        80.71 %     3.000
    4                     7.33 %              -0.15                        96.13 %     4.000
    5                     6.97 %              -0.26                        80.70 %     5.000
    6                     6.87 %              -0.20                        77.20 %     5.986
    7                     6.86 %              -0.15                        83.68 %     6.849
    8                     6.84 %              -0.15                        79.84 %     7.219
    9                     6.84 %              -0.16                        79.69 %     7.329
    10                    6.84 %              -0.15                        77.84 %     7.370
    11                    6.84 %              -0.15                        77.84 %     7.370
    ");
}

#[test]
fn a_summary_has_measures_and_targets() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let output = output(&["run", "studies/mtum-all-eleven.toml", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let (shown, _) = printed.split_once("\nreport").unwrap();
    assert_snapshot!(shown, @r"
    mtum-all-eleven on SYNTHETIC sample market
    simulated prices: they say nothing about any real fund
    73 decisions, 2019-06-03 to 2025-06-30
    tracking error: 5.53 % expected at the decisions (mean), 6.84 % realized
    warning: the data are simulated (synthetic sample market, seed 20240328): results show how the program works and say nothing about real assets
    note: after small weights are dropped the largest is 0.3006, above bounds.max 0.3 (5 times with other numbers, 2020-01-02 to 2025-01-02)

                                                 full     covid
    Tracking error                             6.84 %   12.62 %
    Information ratio                           -0.15      0.13
    Beta against the benchmark                  0.897     0.943
    R² against the benchmark                    0.904     0.941
    Annualized return (geometric)             10.04 %   -4.64 %
    Annualized benchmark return (geometric)   10.85 %   -6.89 %
    Volatility                                20.81 %   50.69 %
    Sharpe ratio                                 0.56      0.16
    Maximum drawdown                         -42.21 %  -36.82 %
    Annualized turnover (one-way)             77.84 %  121.93 %
    Holdings                                    7.370     7.200

    Target                         goal            result
    Tracking error                 at most 4 %     6.84 %  missed
      not reachable on real prices: weights fitted on the same month in which they are held still leave 5.0 % per year
    Information ratio              at least 0.5     -0.15  missed
    Annualized turnover (one-way)  at most 200 %  77.84 %  met
    Holdings                       15 to 25         7.370  missed
      impossible: there are eleven assets

    3 of 4 targets missed: Tracking error; Information ratio; Holdings
    ");
}

#[test]
fn a_run_is_replaced_when_it_is_asked_for_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let path = out.to_str().unwrap();
    let run = |last: &str, more: &[&str]| {
        let set = format!("walk_forward.last={last}");
        let own = ["run", "studies/mtum-all-eleven.toml", "--out", path, "--set", &set];
        output(&[&own[..], more].concat())
    };
    let tables =
        || ["run.json", "returns.parquet"].map(|name| std::fs::read(out.join(name)).unwrap());
    assert!(run("2019-12-31", &[]).status.success());
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let first = tables();
    let refused = run("2019-11-29", &[]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr).replace(['\n', '│', ' '], "");
    assert!(said.contains("holdsarunalready(complete)") && said.contains("--replace"), "{said}");
    assert!(tables() == first, "a refused run changes nothing");
    // A run that fails leaves the old one whole, and says where it is itself.
    let failed = run("2019-11-29", &["--replace", "--set", "allocate.objective.window=20000"]);
    assert_eq!(failed.status.code(), Some(2));
    assert!(text(&failed.stderr).contains(".run.replacing"), "{}", text(&failed.stderr));
    assert!(tables() == first, "a failed run replaces nothing");
    assert!(run("2019-11-29", &["--replace"]).status.success());
    assert!(tables() != first);
    assert_eq!(std::fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_audit_says_what_it_looked_at() {
    let output =
        output(&["audit", "studies/mtum-replica.toml", "--set", "walk_forward.last=2020-06-30"]);
    assert_eq!(output.status.code(), Some(0));
    assert_snapshot!(text(&output.stdout), @"no look-ahead: 13 decisions of mtum-replica are identical to the bit on perturbed future data");
}

/// Removes what is for people and has it written again.
fn assert_written_anew(out: &std::path::Path) {
    let files = ["report.html", "report.md", "report.xlsx"].map(|name| out.join(name));
    let first = files.clone().map(|file| std::fs::read(file).unwrap());
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    assert!(output(&["report", out.to_str().unwrap()]).status.success());
    assert!(first == files.map(|file| std::fs::read(file).unwrap()));
}

#[test]
fn the_report_of_a_grid_can_be_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("grid");
    let arguments = ["run", "studies/mtum-frontier.toml", "--out", out.to_str().unwrap()];
    assert!(output(&arguments).status.success());
    assert_written_anew(&out);
}

#[test]
fn a_report_can_be_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let path = out.to_str().unwrap();
    assert!(output(&["run", "studies/mtum-replica.toml", "--out", path]).status.success());
    assert_written_anew(&out);
    let missing = output(&["report", "/nowhere"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_run_can_be_verified() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let path = out.to_str().unwrap();
    assert!(output(&["run", "studies/mtum-replica.toml", "--out", path]).status.success());
    let verified = output(&["verify", path]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stderr));
    assert!(text(&verified.stdout).starts_with("73 decisions: 73 confirmed by another method"));
}

#[test]
fn the_schema_names_every_section() {
    let schema: serde_json::Value = serde_json::from_slice(&output(&["schema"]).stdout).unwrap();
    for key in ["market", "walk_forward", "allocate", "grid", "period"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_consistent_folder() {
    for signal in ["-INT", "-TERM"] {
        interrupted_by(signal);
    }
}

#[cfg(unix)]
fn interrupted_by(signal: &str) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let path = out.to_str().unwrap();
    // Long enough to be met: 4,000 daily decisions, one after the other.
    let child = walkfolio(&[
        "run",
        "studies/long-short.toml",
        "--out",
        path,
        "--threads",
        "1",
        "--set",
        "walk_forward.every=1d",
        "--set",
        "allocate.fallbacks=['previous']",
        "--set",
        "allocate.solver=clarabel",
    ])
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    while !out.join("run.json").is_file() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    std::thread::sleep(std::time::Duration::from_millis(60));
    let signalled = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    // A stump has no measures, where anything of it was done.
    let said = text(&ended.stdout);
    assert!(!said.contains("Tracking error"), "{said}");
    let errors = text(&ended.stderr);
    let nothing = errors.contains("interrupted before the first decision was done");
    assert!(nothing != said.contains("stopped after "), "{said}\n{errors}");
    let how = format!("resume it with the same command and --out {path} --resume");
    assert!(errors.contains(&how), "{errors}");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("run.json")).unwrap()).unwrap();
    assert_eq!(manifest["status"], "interrupted");
    let names = std::fs::read_dir(&out).unwrap();
    // What was done is kept, whole, for `--resume`; nothing else begins with a dot.
    let hidden = names
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('.') && name != ".checkpoint");
    assert_eq!(hidden.count(), 0);
}

#[test]
fn faults_are_shown_in_the_file_all_at_once() {
    let study = "name = \"x\"\n\n[market]\nassets = [\"XLE\"]\nbenchmarc = \"MTUM\"\n\n[walk_forward]\nevery = 5\n";
    assert_snapshot!(refusal(study, &[]), @r#"
      × market.benchmarc: unknown key `benchmarc`
       ╭─[x.toml:5:1]
     4 │ assets = ["XLE"]
     5 │ benchmarc = "MTUM"
       · ─────────
     6 │ 
       ╰────
      help: did you mean `benchmark`?

      × walk_forward.every: must be a text, found the number 5
       ╭─[x.toml:8:9]
     7 │ [walk_forward]
     8 │ every = 5
       ·         ─
       ╰────
      help: write "5" in quotes

      × allocate: is missing
      help: add `allocate = ...`

    3 errors in x.toml
    "#);
}

const SMALL: &str = r#"
name = "small"
[market]
source = { kind = "csv" }
files = { prices = "PRICES" }
assets = ["A", "B"]
benchmark = "A"
[walk_forward]
every = "1d"
[allocate]
objective = { kind = "tracking_error", window = 2 }
bounds = { min = 0.0, max = 1.0 }
"#;

/// What the program says of a small price file.
fn refused_prices(name: &str, content: &str) -> String {
    refusal(&SMALL.replace("PRICES", name), &[(name, content)])
}

#[test]
fn bad_prices_are_refused_with_their_place() {
    let csv = |rows: &str| refused_prices("p.csv", &format!("date,A,B\n{rows}"));
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-02,1,2\n"), @r#"
    × p.csv: date 2024-01-02 occurs twice, in rows 2 and 3
    help: keep one row a date
    "#);
    assert_snapshot!(csv("2024-01-03,1,2\n2024-01-02,1,2\n"), @r#"
    × p.csv: date 2024-01-02 in row 3 follows the later date 2024-01-03; dates must increase
    help: sort the file by date, oldest first
    "#);
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-03,0,2\n"), @r#"
    × p.csv: A has price 0 on 2024-01-03; a price must be a positive, finite number
    help: correct the cell, or leave it empty where the asset was not listed
    "#);
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-03,-1,2\n"), @r#"
    × p.csv: A has price -1 on 2024-01-03; a price must be a positive, finite number
    help: correct the cell, or leave it empty where the asset was not listed
    "#);
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-03,n/k,2\n"), @r#"
    × p.csv line 3, column A, has "n/k"; a price must be a number, or empty where the asset is not
    │ listed
    help: write plain numbers such as 1234.5, or leave the cell empty
    "#);
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-03,9,2\n"), @r#"
    × p.csv: A returns 800.0 % on 2024-01-03 (price 1 to 9); more than 300 % in one session is taken
    │ as a fault of the file
    help: check the two prices: a missed split, a change of unit (pence, percent) or a swapped
          column
    "#);
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-03,1\n"), @r#"
    × p.csv line 3 has 2 cells; the header has 3
    help: give every line one cell a column, empty where unlisted
    "#);
    assert_snapshot!(refused_prices("p.csv", "date,A,C\n2024-01-02,1,2\n"), @r#"
     × market.assets[1]: asset B is not in p.csv
      ╭─[x.toml:6:16]
    5 │ files = { prices = "p.csv" }
    6 │ assets = ["A", "B"]
      ·                ───
    7 │ benchmark = "A"
      ╰────
     help: it has A, C
    "#);
    assert_snapshot!(refused_prices("p.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), @r#"
    × p.csv is not what its name says: it holds a Git LFS pointer, not the data
    help: fetch the data itself with git lfs pull
    "#);
    assert_snapshot!(refused_prices("p.parquet", "date,A,B\n2024-01-02,1,2\n"), @r#"
    × p.parquet is not what its name says: it holds text
    help: name it .csv if it is a table of comma-separated values
    "#);
    assert_snapshot!(csv("2024-01-02,1,2\n2024-01-03,1,2\n"), @r#"
    × no decision falls between 2024-01-02 and 2024-01-03: no asset is eligible at the decision of
    │ 2024-01-03: none has 2 returns
    help: choose other dates, shorten the windows, or supply earlier data
    "#);
}

#[test]
fn an_infeasible_mandate_names_date_conflict_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = output(&[
        "run",
        "studies/long-short.toml",
        "--out",
        out.to_str().unwrap(),
        "--set",
        "allocate.beta={ min = 50, max = 60 }",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(text(&output.stderr), @r#"
    × at the decision of 2007-07-10: no portfolio of 12 assets satisfies these together: bounds.min
    │ -2, bounds.max 2, beta in [50, 60]
    help: lower beta to at most 11.3533
    "#);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("run.json")).unwrap()).unwrap();
    assert_eq!(manifest["status"], "failed");
    assert!(manifest["error"].as_str().unwrap().contains("2007-07-10"));
}
