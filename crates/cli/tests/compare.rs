//! `walkfolio compare` as its user runs it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use common::{repository, text, walkfolio};
use insta::assert_snapshot;

/// A folder with runs on the sample market, made once; Cargo's own folder for this test.
fn runs() -> &'static Path {
    static RUNS: OnceLock<PathBuf> = OnceLock::new();
    RUNS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare");
        std::fs::create_dir_all(folder.join("empty")).unwrap();
        run(&folder, "eleven", "mtum-all-eleven", &[]);
        run(&folder, "eleven-10bp", "mtum-all-eleven", &["costs.per_side_bps=10"]);
        run(&folder, "five", "mtum-best-subset", &[]);
        run(&folder, "short", "mtum-best-subset", &["walk_forward.last=2020-12-31"]);
        run(&folder, "replica", "mtum-replica", &[]);
        run(&folder, "long-short", "long-short", &["walk_forward.every=63d"]);
        run(&folder, "frontier", "mtum-frontier", &["walk_forward.last=2019-12-31"]);
        folder
    })
}

fn run(folder: &Path, out: &str, study: &str, settings: &[&str]) {
    let study = repository().join(format!("studies/{study}.toml"));
    let mut command = walkfolio(&["run", study.to_str().unwrap(), "--replace", "--out", out]);
    command.args(settings.iter().flat_map(|setting| ["--set", setting])).current_dir(folder);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_comparison_can_be_written_as_a_page() {
    let out = runs().join("page.html");
    let done = compare(&["eleven", "five", "--out", "page.html"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let page = std::fs::read_to_string(&out).unwrap();
    assert!(page.contains("<h1>2 runs side by side</h1>"));
    assert!(page.contains("Differences from eleven"));
    let done = compare(&["eleven", "five", "--out", "empty"]);
    assert!(done.status.success() && runs().join("empty/compare.html").is_file());
    std::fs::remove_file(runs().join("empty/compare.html")).unwrap();
    let done = compare(&["eleven", "five", "--out", "no/such/place"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("no/such/place cannot be written"));
}

fn compare(arguments: &[&str]) -> Output {
    walkfolio(&["compare"]).args(arguments).current_dir(runs()).output().unwrap()
}

/// What is printed of a comparison that succeeds.
fn compared(arguments: &[&str]) -> String {
    let output = compare(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// What is said of a comparison that is refused.
fn refused(arguments: &[&str]) -> String {
    let output = compare(arguments);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    text(&output.stderr)
}

/// A copy of a run's folder with another manifest.
fn altered(name: &str, from: &str, to: &str) -> PathBuf {
    let copy = runs().join(name);
    std::fs::create_dir_all(&copy).unwrap();
    for entry in std::fs::read_dir(runs().join("five")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let manifest = std::fs::read_to_string(copy.join("run.json")).unwrap();
    assert!(manifest.contains(from));
    std::fs::write(copy.join("run.json"), manifest.replace(from, to)).unwrap();
    copy
}

#[test]
fn runs_stand_side_by_side() {
    assert_snapshot!(compared(&["eleven", "five"]), @r"
    2 runs on SYNTHETIC sample market, 2019-06-03 to 2025-06-30
    simulated prices: they say nothing about any real fund

    eleven  mtum-all-eleven   eleven
    five    mtum-best-subset  five

                                                    eleven        five
    Tracking error                                  6.84 % *    6.97 %
    Information ratio                                -0.15 *     -0.26
    Beta against the benchmark                       0.897       0.897
    R² against the benchmark                         0.904       0.900
    Alpha against the benchmark                     0.31 % *   -0.51 %
    Annualized return (geometric)                  10.04 % *    9.14 %
    Annualized benchmark return (geometric)        10.85 %     10.85 %
    Volatility                                     20.81 % *   20.85 %
    Sharpe ratio                                      0.56 *      0.52
    Maximum drawdown                              -42.21 % *  -43.11 %
    Annualized turnover (one-way)                  77.84 % *   80.70 %
    Annualized trading cost                         0.08 %      0.08 %
    Holdings                                         7.370       5.000
    Effective holdings                               5.118       4.392

    Targets
    Tracking error, at most 4 %                     missed      missed
    Information ratio, at least 0.5                 missed      missed
    Annualized turnover (one-way), at most 200 %       met         met
    Holdings, 15 to 25                              missed      missed

    * best value of the row
    ");
}

#[test]
fn a_regime_is_compared_by_name_and_runs_are_ordered() {
    let regime = ["eleven", "five", "--regime", "covid", "--sort", "information_ratio"];
    assert_snapshot!(compared(&regime), @r"
    2 runs on SYNTHETIC sample market, regime covid, 2020-02-03 to 2020-06-30
    simulated prices: they say nothing about any real fund

    eleven  mtum-all-eleven   eleven
    five    mtum-best-subset  five

                                               eleven        five
    Tracking error                            12.62 %     12.58 % *
    Information ratio                            0.13 *      0.10
    Beta against the benchmark                  0.943       0.938
    R² against the benchmark                    0.941       0.942
    Alpha against the benchmark                1.97 % *    1.64 %
    Annualized return (geometric)             -4.64 % *   -4.84 %
    Annualized benchmark return (geometric)   -6.89 %     -6.89 %
    Volatility                                50.69 %     50.38 % *
    Sharpe ratio                                 0.16 *      0.15
    Maximum drawdown                         -36.82 %    -36.15 % *
    Annualized turnover (one-way)            121.93 % *  124.17 %
    Annualized trading cost                    0.12 %      0.12 %
    Holdings                                    7.200       5.000
    Effective holdings                          5.107       4.305

    * best value of the row
    ");
}

#[test]
fn equal_studies_are_numbered() {
    let printed = compared(&["eleven", "eleven-10bp"]);
    assert_snapshot!(printed.lines().take(8).collect::<Vec<_>>().join("\n"), @r"
    2 runs on SYNTHETIC sample market, 2019-06-03 to 2025-06-30
    simulated prices: they say nothing about any real fund

    eleven       mtum-all-eleven  eleven
    eleven-10bp  mtum-all-eleven  eleven-10bp

                                                    eleven    eleven-10bp
    Tracking error                                  6.84 %         6.84 %
    ");
}

#[test]
fn a_classifier_follows_the_measures() {
    let printed = compared(&["replica", "eleven"]);
    // The scores themselves are tested where they are made.
    let (_, block) = printed.split_once("Classifier\n").unwrap();
    let (block, _) = block.split_once("\nTargets").unwrap();
    assert_snapshot!(block.replace(|c: char| c.is_ascii_digit(), "N"), @r"
    AUC                                              N.NNN           –
    AUC, same label as last month                    N.NNN           –
    AUC, current weight                              N.NNN           –
    AUC, cross-validated                             N.NNN           –
    Accuracy                                         N.NNN           –
    Precision                                        N.NNN           –
    Recall                                           N.NNN           –
    FN                                               N.NNN           –
    Log loss                                         N.NNN           –
    Brier score                                      N.NNN           –
    Adds value                                          no           –
    ");
}

#[test]
fn many_runs_follow_in_blocks() {
    let many = ["eleven-10bp"; 5];
    let printed = compared(&many);
    assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
    assert!(printed.matches("Tracking error  ").count() >= 2, "{printed}");
}

#[test]
fn every_measure_is_shown_on_request() {
    let printed = compared(&["eleven", "five", "--all"]);
    for label in ["Skewness", "Minimum daily return", "Beta against the market", "Sessions"] {
        assert!(printed.contains(label), "{label}: {printed}");
    }
}

#[test]
fn json_has_every_figure() {
    let line = compared(&["five", "replica", "--sort", "tracking_error", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(json["runs"][0]["run"], "replica");
    assert_eq!(json["runs"][0]["classifier"]["earns_its_place"], false);
    assert_eq!(json["runs"][1]["study"], "mtum-best-subset");
    assert_eq!(json["runs"][1]["name"], "five");
    assert_eq!(json["runs"][1]["first"], "2019-06-03");
    assert_eq!(json["runs"][1]["classifier"], serde_json::Value::Null);
    assert_eq!(json["runs"][1]["targets"][3]["met"], false);
    assert_eq!(json["warnings"], serde_json::json!([]));
    let measures = std::fs::read_to_string(runs().join("five/measures.json")).unwrap();
    let measures: serde_json::Value = serde_json::from_str(&measures).unwrap();
    assert_eq!(json["runs"][1]["measures"], measures["full"]);
}

#[test]
fn unlike_data_are_refused_and_forced() {
    assert_snapshot!(refused(&["eleven", "five", "long-short"]), @r"
    × the prices differ: synthetic sample market, seed 20240328 [930f85e0 c59dd10d] (eleven, five)
    │ and synthetic sample market, seed 20240328 [d992c10f b2c29dc7] (long-short, wiped out)

    × the benchmarks differ: MTUM (eleven, five) and SPY (long-short, wiped out)

    × the measured samples differ: 2019-06-03 to 2025-06-30 (eleven, five) and 2007-11-14 to
    │ 2009-04-23 (long-short, wiped out)
    help: compare runs on the same data and dates (`measure.first` and `walk_forward.last` set the
          dates), or add --force
    ");
    assert_snapshot!(refused(&["eleven", "short"]), @r"
    × the measured samples differ: 2019-06-03 to 2025-06-30 (eleven) and 2019-06-03 to 2020-12-31
    │ (short)
    help: compare runs on the same data and dates (`measure.first` and `walk_forward.last` set the
          dates), or add --force
    ");
    let printed = compared(&["eleven", "short", "--force"]);
    assert_snapshot!(printed.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    warning: the measured samples differ: 2019-06-03 to 2025-06-30 (eleven) and 2019-06-03 to 2020-12-31 (short)
    2 runs on SYNTHETIC sample market
    simulated prices: they say nothing about any real fund
    ");
}

#[test]
fn other_years_and_other_risk_free_rates_are_refused() {
    altered("monthly", "\"periods_per_year\": 252.0", "\"periods_per_year\": 12.0");
    let said = refused(&["five", "monthly"]);
    assert!(said.contains("the periods per year differ: 252 (five) and 12"), "{said}");
    assert_eq!(said.matches('×').count(), 1, "{said}");
    let said = rates_of("files = { prices = \"closes.csv\" }", "factors = \"ff.csv\"");
    assert!(
        said.contains("the risk-free rates differ, first on 2021-04-01: none (plain) and 0.000"),
        "{said}"
    );
}

/// What is said of a run without and one with a risk-free rate of 0.01 % a day.
fn rates_of(files: &str, factors: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let closes = closes();
    std::fs::write(folder.path().join("closes.csv"), &closes).unwrap();
    let mut french = ",Mkt-RF,SMB,HML,RF\n".to_owned();
    for day in closes.lines().skip(1).filter_map(|line| line.split(',').next()) {
        let _ = writeln!(french, "{},1.10,0.20,0.30,0.010", day.replace('-', ""));
    }
    std::fs::write(folder.path().join("ff.csv"), french).unwrap();
    let with = files.replace(" }", &format!(", {factors} }}\nfactors = \"french3\""));
    for (name, files) in [("plain", files), ("french", &with)] {
        let content = format!(
            r#"
name = "{name}"
[market]
source = {{ kind = "csv" }}
assets = ["A", "B", "C"]
benchmark = "D"
{files}
[walk_forward]
every = "month"
[allocate]
objective = {{ kind = "tracking_error", window = 20 }}
bounds = {{ min = 0.0, max = 1.0 }}
"#
        );
        let file = format!("{name}.toml");
        std::fs::write(folder.path().join(&file), content).unwrap();
        let output = walkfolio(&["run", &file, "--out", name]).current_dir(folder.path()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let done = walkfolio(&["compare", "plain", "french"]).current_dir(folder.path()).output();
    let done = done.unwrap();
    assert_eq!(done.status.code(), Some(2), "{}", text(&done.stdout));
    text(&done.stderr)
}

/// Closes of four assets on the weekdays from March to August 2021, each on a wave of its own.
fn closes() -> String {
    let mut text = "date,A,B,C,D\n".to_owned();
    let mut day: walkfolio::Date = "2021-03-01".parse().unwrap();
    let mut row = 0_u32;
    while day.month() < 9 {
        // Monday is 1, Sunday 7.
        if day.weekday().to_monday_one_offset() < 6 {
            let close = |asset: u32| 100.0 + f64::from((row * (asset + 3) + asset) % 17);
            let _ = writeln!(text, "{day},{},{},{},{}", close(0), close(1), close(2), close(3));
            row += 1;
        }
        day = day.tomorrow().unwrap();
    }
    text
}

#[test]
fn benchmarks_that_share_only_a_name_are_refused_and_forced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("closes.csv"), closes()).unwrap();
    let study = |name: &str, assets: &str| {
        let content = format!(
            r#"
name = "{name}"
[market]
source = {{ kind = "csv" }}
files = {{ prices = "closes.csv" }}
assets = {assets}
benchmark = "EW"
index = "equal_weight"
[walk_forward]
every = "month"
[allocate]
objective = {{ kind = "tracking_error", window = 20 }}
bounds = {{ min = 0.0, max = 1.0 }}
"#
        );
        let file = format!("{name}.toml");
        std::fs::write(folder.path().join(&file), content).unwrap();
        let mut command = walkfolio(&["run", &file, "--out", name]);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    study("all-four", r#"["*"]"#);
    study("first-two", r#"["A", "B"]"#);
    study("again", r#"["*"]"#);
    let compare = |arguments: &[&str]| {
        walkfolio(&["compare"]).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let refused = compare(&["all-four", "first-two"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stdout));
    assert_snapshot!(text(&refused.stderr), @r"
    × the benchmarks named EW differ, first on 2021-04-01: their returns are -0.03316265818139885
    │ (all-four) and -0.04163879598662201 (first-two)
    help: compare runs on the same data and dates (`measure.first` and `walk_forward.last` set the
          dates), or add --force
    ");
    let forced = compare(&["all-four", "first-two", "--force"]);
    assert!(forced.status.success(), "{}", text(&forced.stderr));
    assert!(
        text(&forced.stdout).contains("warning: the benchmarks named EW differ, first on 2021-")
    );
    let alike = compare(&["all-four", "again"]);
    assert!(alike.status.success(), "{}", text(&alike.stderr));
}

#[test]
fn a_regime_that_both_have_whole_compares() {
    let printed = compared(&["eleven", "short", "--regime", "covid"]);
    assert!(printed.contains("regime covid, 2020-02-03 to 2020-06-30"), "{printed}");
}

#[test]
fn an_interrupted_run_is_compared_with_a_warning() {
    altered("stopped", "\"complete\"", "\"interrupted\"");
    assert_snapshot!(refused(&["stopped", "short"]), @r"
    × the measured samples differ: 2019-06-03 to 2025-06-30 (stopped, interrupted) and 2019-06-03 to
    │ 2020-12-31 (short)
    help: compare runs on the same data and dates (`measure.first` and `walk_forward.last` set the
          dates), or add --force
    ");
    let printed = compared(&["stopped", "eleven"]);
    assert_snapshot!(printed.lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    warning: stopped was interrupted: it ends on 2025-06-30
    2 runs on SYNTHETIC sample market, 2019-06-03 to 2025-06-30
    simulated prices: they say nothing about any real fund
    ");
}

#[test]
fn folders_without_a_finished_backtest_are_all_named() {
    altered("failed", "\"complete\",", "\"failed\", \"error\": \"no decision was possible\",");
    altered("running", "\"complete\"", "\"running\"");
    let refusal = refused(&["eleven", "empty", "nowhere", "frontier", "failed", "running"]);
    assert_snapshot!(refusal, @r"
    × empty is not a run: it has no run.json
    help: name the folder that `walkfolio run` wrote; it has a report.html

    × nowhere does not exist
    help: name the folder that `walkfolio run` wrote; it has a report.html

    × frontier is a grid with many backtests; this command needs one backtest
    help: see frontier/report.html, or make one of its backtests a run: --cell N

    × the run in failed failed: no decision was possible
    help: fix its study and run it again

    × the run in running is not finished
    help: wait for it, or run it again if it was killed
    ");
}

#[test]
fn a_regime_or_measure_that_is_not_there_is_named() {
    assert_snapshot!(refused(&["eleven", "five", "--regime", "covd"]), @r"
    × eleven has no regime `covd`
    help: it has covid

    × five has no regime `covd`
    help: it has covid
    ");
    assert!(
        refused(&["eleven", "five", "--sort", "tracking_eror"])
            .contains("a similar value exists: 'tracking_error'")
    );
    assert!(refused(&["eleven"]).contains("2 values required"));
}
