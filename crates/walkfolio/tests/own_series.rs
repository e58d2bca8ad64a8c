//! Series of the user's own: risk-free rates, tables of factors, blended benchmarks.
//!
//! The expected figures are numpy's on equal weights of `36/prices.csv`.

#![allow(clippy::unwrap_used, reason = "clippy knows tests by `#[test]`, not by their helpers")]

mod common;

use std::fmt::Write;
use std::path::Path;

use common::field;
use walkfolio::{Run, Silent, Study};

/// Equal weights in four assets, rebalanced daily, by lines of `[market]`; `files` follow the prices.
fn text(files: &str, market: &str) -> String {
    let text = format!(
        r#"
name = "own"
[market]
source = {{ kind = "csv" }}
assets = ["AAA", "BBB", "CCC", "DDD"]
files = {{ prices = "prices.csv"{files} }}
{market}
[walk_forward]
every = "month"
drift = "constant_weights"
[allocate]
objective = {{ kind = "tracking_error", window = 20 }}
bounds = {{ min = 0.25, max = 0.25 }}
"#
    );
    let market = if market.contains("benchmark") { "" } else { "benchmark = \"FUND\"\n" };
    text.replace("[walk_forward]", &format!("{market}[walk_forward]"))
}

fn study(folder: &Path, files: &str, market: &str) -> Study {
    let name = folder.join("own.toml").display().to_string();
    Study::parse(&name, &text(files, market), &[]).unwrap()
}

fn run(files: &str, market: &str) -> Option<Result<Run, String>> {
    let folder = field()?.join("36");
    let study = study(&folder, files, market);
    let run = study.market(None).and_then(|market| study.run(&market, &Silent));
    Some(run.map_err(|error| error.to_string()))
}

fn close(run: &Run, key: &str, expected: f64) {
    let found = run.measures.full.get(key).unwrap();
    assert!((found - expected).abs() < 1e-9, "{key}: {found}, {expected}");
}

#[test]
fn numbers_in_the_unit_of_another_key_are_refused_or_said() {
    let Some(folder) = field() else { return };
    let folder = folder.join("36");
    let name = folder.join("own.toml").display().to_string();
    let with = |set: &[&str]| -> Result<Run, Box<dyn std::error::Error>> {
        let set: Vec<String> = set.iter().map(|own| (*own).to_owned()).collect();
        let study = Study::parse(&name, &text("", ""), &set)?;
        let market = study.market(None)?;
        Ok(study.run(&market, &Silent)?)
    };
    let refused = |set: &str| with(&[set]).map(drop).unwrap_err();
    let error = refused("costs.per_side_bps=\"0.05%\"");
    assert!(format!("{error:?}").contains("write 5: the unit is basis points"), "{error:?}");
    for (set, said) in [("periods_per_year=1", "is 1"), ("periods_per_year=12", "is 12")] {
        let error = refused(set).to_string();
        assert!(error.contains(said) && error.contains("tell 252"), "{error}");
    }
    for bps in ["0.001", "5000"] {
        let run = with(&[&format!("costs.per_side_bps={bps}")]).unwrap();
        let said = format!("costs.per_side_bps = {bps} is implausible");
        assert!(run.ledger.iter().any(|row| row.message.contains(&said)), "{:?}", run.ledger);
    }
}

#[test]
fn a_constant_rate_is_per_year_or_per_period() {
    let year = "risk_free = { rate = \"2.5%\", per = \"year\" }";
    let Some(run_of_year) = run("", year) else { return };
    close(&run_of_year.unwrap(), "sharpe_ratio", 1.313_999_694_530_762_4);
    let period = run("", "risk_free = { rate = \"0.01%\", per = \"period\" }").unwrap();
    close(&period.unwrap(), "sharpe_ratio", 1.311_310_088_467_676_5);
}

#[test]
fn a_rate_takes_the_place_of_that_of_the_factors() {
    let market = "factors = \"french3\"\nrisk_free = { rate = \"2.5%\", per = \"year\" }";
    let Some(run) = run(", factors = \"ff3.csv\"", market) else { return };
    let run = run.unwrap();
    close(&run, "sharpe_ratio", 1.313_999_694_530_762_4);
    close(&run, "market_beta", 0.028_077_958_351_322_495);
    let factors = run.factors.as_ref().unwrap();
    let cash = run.returns.iter().find(|row| row.date == factors.rows[5].date).unwrap().cash;
    assert_eq!(Some(factors.rows[5].risk_free), cash);
    assert!(run.ledger.iter().any(|row| row.message.contains("is that of market.risk_free")));
}

#[test]
fn a_file_of_rates_that_covers_a_part_measures_that_part() {
    let Some(field) = field() else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(field.join("36/prices.csv"), folder.path().join("prices.csv")).unwrap();
    let mut text = "date,TB\n".to_owned();
    for month in 0..13 {
        let (year, number) = (2022 + (5 + month) / 12, (5 + month) % 12 + 1);
        writeln!(text, "{year}-{number:02}-01,{}", 1.0 + 0.25 * f64::from(month)).unwrap();
    }
    std::fs::write(folder.path().join("rf.csv"), text).unwrap();
    let market = "risk_free = { file = \"rf.csv\", unit = \"percent\", per = \"year\" }";
    let study = study(folder.path(), "", market);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    close(&run, "sharpe_ratio", 1.042_450_791_866_284);
    assert_eq!(run.measures.full.sample("sharpe_ratio").unwrap().rows, 271);
    assert!(run.measures.full.sample("volatility").is_none());
    let said = |start: &str| run.ledger.iter().any(|row| row.message.starts_with(start));
    assert!(said("the risk-free rate covers 2022-06-02 to 2023-06-30"));
    assert!(run.manifest.sources.iter().any(|source| source.role == "risk_free"));
    let audit = study.audit_files(&loaded, None, &Silent).unwrap();
    assert_eq!((audit.leak, audit.skipped), (None, None));
}

#[test]
fn tables_of_factors_are_the_files_of_the_library() {
    let Some(own) = run(", factors = \"ff3.csv\"", "factors = \"french3\"") else { return };
    let own = own.unwrap();
    close(&own, "sharpe_ratio", 1.255_349_437_142_082_1);
    let cases = [
        ("\"ff3crlf.csv\"", "\"french3\""),
        ("\"ff5.csv\"", "\"french3\""),
        ("\"tidy.csv\"", "{ model = \"french3\", unit = \"percent\" }"),
        ("\"tidyfrac.csv\"", "{ model = \"french3\", unit = \"fraction\" }"),
    ];
    for (file, factors) in cases {
        let run = run(&format!(", factors = {file}"), &format!("factors = {factors}")).unwrap();
        let run = run.unwrap();
        for key in ["sharpe_ratio", "market_beta", "market_alpha_annual"] {
            close(&run, key, own.measures.full.get(key).unwrap());
        }
    }
}

#[test]
fn models_of_more_factors_are_joined_from_files() {
    let carhart = run(", factors = [\"ff3.csv\", \"mom.csv\"]", "factors = \"carhart4\"");
    let Some(carhart) = carhart else { return };
    let factors = carhart.unwrap().factors.unwrap();
    assert_eq!(factors.names, ["Mkt-RF", "SMB", "HML", "Mom"]);
    assert!((factors.rows[0].values[3] - 0.0012).abs() < 1e-15);
    let six = run(", factors = [\"mom.csv\", \"ff5.csv\"]", "factors = \"french6\"").unwrap();
    assert_eq!(six.unwrap().factors.unwrap().names.len(), 6);
    let error = |file: &str, factors: &str| {
        let run = run(&format!(", factors = \"{file}\""), &format!("factors = {factors}"));
        let error = run.unwrap().unwrap_err();
        error.rsplit('/').next().unwrap().to_owned()
    };
    let messages = [
        error("mom.csv", "\"french3\""),
        error("ff3.csv", "\"french6\""),
        error("tidy.csv", "\"french3\""),
        error("tidyfrac.csv", "{ model = \"french3\", unit = \"percent\" }"),
        error("prices.csv", "\"french3\""),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    mom.csv has no Mkt-RF, SMB, HML, RF; found: Mom
    ff3.csv has no RMW, CMA, Mom; found: Mkt-RF, SMB, HML, RF
    tidy.csv is not of Ken French's library, and the unit of its returns is not stated
    tidyfrac.csv seems to hold fractions, not percent: the largest |Mkt-RF| of 775 days is 0.0568
    prices.csv has no header line that starts with a comma and names Mkt-RF
    ");
}

#[test]
fn a_blend_is_measured_as_any_benchmark() {
    let cases = [
        ("month", 0.067_677_540_808_464_22, 0.280_890_544_396_773_74),
        ("day", 0.067_735_233_313_215_74, 0.282_187_357_158_875_1),
        ("never", 0.068_776_773_875_909_87, 0.288_521_308_374_215_75),
    ];
    for (rebalanced, tracking_error, annual) in cases {
        let benchmark =
            format!("benchmark = {{ BBB = 0.4, AAA = 0.6, rebalanced = \"{rebalanced}\" }}");
        let Some(run) = run("", &benchmark) else { return };
        let run = run.unwrap();
        assert_eq!(run.manifest.benchmark.as_deref(), Some("60 % AAA, 40 % BBB"));
        close(&run, "tracking_error", tracking_error);
        close(&run, "benchmark_annual_return", annual);
    }
}

#[test]
fn a_blend_looks_at_no_later_row() {
    let Some(folder) = field() else { return };
    let market = "benchmark = { AAA = 0.5, FUND = 0.5 }";
    let study = study(&folder.join("36"), "", market);
    let loaded = study.market(None).unwrap();
    let audit = study.audit_files(&loaded, None, &Silent).unwrap();
    assert_eq!((audit.leak, audit.skipped), (None, None));
    assert!(audit.attacked > 10);
}

/// The dates of the decisions with a line `every = ..`, in a folder that has the prices and `dates.csv`.
fn decided(every: &str) -> Option<(Vec<String>, Run)> {
    let field = field()?;
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(field.join("36/prices.csv"), folder.path().join("prices.csv")).unwrap();
    let dates = "review\n2020-03-20\n2022-06-18\n2022-09-19\n2023-07-04\n2024-03-15\n";
    std::fs::write(folder.path().join("dates.csv"), dates).unwrap();
    let set = [format!("walk_forward.every={every}")];
    let name = folder.path().join("own.toml").display().to_string();
    let study = Study::parse(&name, &text("", ""), &set).unwrap();
    let run = study.run(&study.market(None).unwrap(), &Silent).unwrap();
    let mut dates: Vec<String> = run.decisions.iter().map(|row| row.date.to_string()).collect();
    // There is a row for each asset.
    dates.dedup();
    Some((dates, run))
}

#[test]
fn decisions_are_made_by_quarter_by_year_and_by_dates() {
    let Some((quarters, _)) = decided("quarter") else { return };
    let expected = [
        "2022-04-01",
        "2022-07-01",
        "2022-10-03",
        "2023-01-03",
        "2023-04-03",
        "2023-07-03",
        "2023-10-02",
    ];
    assert_eq!(quarters, expected);
    assert_eq!(decided("year").unwrap().0, ["2023-01-03"]);
    let (dates, run) = decided("{ dates = \"dates.csv\" }").unwrap();
    assert_eq!(dates, ["2022-06-21", "2022-09-19", "2023-07-05"]);
    let said: Vec<&str> = run.ledger.iter().map(|row| row.message.as_str()).collect();
    let messages = said.iter().filter(|message| message.contains("walk_forward.every"));
    insta::assert_snapshot!(messages.copied().collect::<Vec<_>>().join("\n"), @"
    2 of 5 dates of walk_forward.every lie outside the data, where decisions may be from after 2022-01-03 to 2023-12-29
    2 of 5 dates of walk_forward.every are no sessions: each is decided on the next one, 2022-06-18 on 2022-06-21
    ");
    // The dates are part of the study: a run is made again without the file.
    let resolved = toml::to_string(&run.manifest.resolved).unwrap();
    assert!(resolved.contains("dates = [") && resolved.contains("2022-06-18"), "{resolved}");
}

#[test]
fn prices_are_converted_before_returns_are_made() {
    let Some(field) = field() else { return };
    let folder = tempfile::tempdir().unwrap();
    let prices = std::fs::read_to_string(field.join("36/prices.csv")).unwrap();
    std::fs::write(folder.path().join("prices.csv"), &prices).unwrap();
    let mut rates = "date,GBPUSD\n".to_owned();
    for (row, line) in prices.lines().skip(1).enumerate().filter(|(row, _)| row % 7 != 3) {
        let date = line.split(',').next().unwrap();
        writeln!(rates, "{date},{}", 1.2 + 0.0005 * (row % 40) as f64).unwrap();
    }
    std::fs::write(folder.path().join("fx.csv"), rates).unwrap();
    let market = "currency = { base = \"USD\", assets = { AAA = \"GBP\", FUND = \"GBp\" }, rates = \"fx.csv\" }";
    let study = study(folder.path(), "", market);
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap();
    close(&run, "tracking_error", 0.157_989_143_859_916_08);
    close(&run, "volatility", 0.161_083_157_603_279_96);
    let older =
        "144 prices are converted to USD at the rate of an earlier day, at most 4 days before";
    assert!(run.ledger.iter().any(|row| row.message == older));
    let audit = study.audit_files(&loaded, None, &Silent).unwrap();
    assert_eq!((audit.leak, audit.skipped), (None, None));
    let other = market.replace("AAA = \"GBP\"", "AAA = \"EUR\"");
    let error = self::study(folder.path(), "", &other).market(None).unwrap_err().to_string();
    assert!(error.ends_with("fx.csv has no rates of EURUSD; it has GBPUSD"), "{error}");
}
