//! What a study does about faults of its data.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;

use insta::assert_snapshot;
use walkfolio::Study;
use walkfolio_core::{Date, calendar};

const STUDY: &str = r#"
name = "small"

[market]
source = { kind = "csv" }
files  = { prices = "prices.csv" }
assets = ["XLE", "XLF"]
benchmark = "XLF"

[walk_forward]
every = "month"

[clean]
CLEAN

[allocate]
objective = { kind = "tracking_error", window = 60 }
bounds    = { min = 0.0, max = 1.0 }
"#;

/// The faults of a study with such a table.
fn faults(clean: &str) -> String {
    Study::parse("x.toml", &STUDY.replace("CLEAN", clean), &[]).unwrap_err().to_string()
}

/// What loading says with such a table, XLE having one price in pence on 2024-02-14.
fn notes(clean: &str) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().unwrap();
    let sessions = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 6, 28));
    let mut prices = "date,XLE,XLF\n".to_owned();
    for (row, date) in sessions.iter().enumerate() {
        let unit = if *date == Date::constant(2024, 2, 14) { 100 } else { 1 };
        writeln!(prices, "{date},{},{}", (100 + row * 7 % 5) * unit, 50 + row * 3 % 4).unwrap();
    }
    std::fs::write(folder.path().join("prices.csv"), prices).unwrap();
    let path = folder.path().join("x.toml");
    std::fs::write(&path, STUDY.replace("CLEAN", clean)).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let shown = |error: walkfolio::Error| {
        error.to_string().replace(&format!("{}/", folder.path().display()), "")
    };
    let loaded = study.market(None).map_err(shown)?;
    Ok(loaded.notes.into_iter().map(|note| note.message).collect())
}

#[test]
fn a_policy_must_suit_its_kind() {
    assert_snapshot!(faults("missed_split = { kind = \"mask\" }\njump = { kind = \"forward_fill\", limit_days = 0 }\ngap = { kind = \"winsorize\", limit = 2 }"), @r#"
    x.toml:14: clean.missed_split: mask is not a fix for it (one of: report, fail)
    x.toml:14: clean.missed_split: leaves a gap, which is refused unless it is filled (add gap = { kind = "forward_fill", limit_days = 5 } to [clean])
    x.toml:15: clean.jump: forward_fill is not a fix for it (one of: report, fail, winsorize)
    x.toml:15: clean.jump.limit_days: must be at least 1, found 0
    x.toml:16: clean.gap: winsorize is not a fix for it (one of: report, fail, forward_fill, interpolate)
    x.toml:16: clean.gap.limit: must be between 0 and 1, found 2 (0.25 cuts at 25 %)
    "#);
    assert_snapshot!(faults("reversal = { kind = \"mask\" }"), @r#"x.toml:14: clean.reversal: leaves a gap, which is refused unless it is filled (add gap = { kind = "forward_fill", limit_days = 5 } to [clean])"#);
    assert_snapshot!(faults("reversals = { kind = \"fail\" }"), @"x.toml:14: clean.reversals: unknown key `reversals` (did you mean `reversal`?)");
    assert_snapshot!(faults("reversal = \"fail\""), @r#"x.toml:14: clean.reversal: must be a table with a `kind`, found the text "fail" (write { kind = "report" or "fail" or "mask" or "drop" or "forward_fill" or "interpolate" or "winsorize" })"#);
    assert_snapshot!(faults("gap = { kind = \"forward_fill\" }"), @"x.toml:14: clean.gap.limit_days: is missing (add `limit_days = ...`)");
}

#[test]
fn changes_are_listed() {
    let clean =
        "unit_error = { kind = \"mask\" }\ngap = { kind = \"forward_fill\", limit_days = 5 }";
    assert_snapshot!(notes(clean).unwrap().join("\n"), @"
    XLE is 100 times what it was, on 2024-02-14: a change of unit
    data cleaned: 1 price of 1 asset changed as unit_error, 1 price of 1 asset changed as gap
    XLE price on 2024-02-14 changed from 10000 to none as unit_error
    XLE price on 2024-02-14 changed from none to 103 as gap
    the benchmark XLF is one of the assets: to hold it is to track it without error
    ");
    let ahead = notes("unit_error = { kind = \"interpolate\" }").unwrap().join("\n");
    assert_snapshot!(ahead, @"
    XLE is 100 times what it was, on 2024-02-14: a change of unit
    clean.unit_error = interpolate: 1 price is changed by later rows; a decision in between looks ahead
    data cleaned: 1 price of 1 asset changed as unit_error
    XLE price on 2024-02-14 changed from 10000 to 102.49878048055011 as unit_error
    the benchmark XLF is one of the assets: to hold it is to track it without error
    ");
}

#[test]
fn a_run_may_be_refused_and_says_why() {
    assert_snapshot!(notes("unit_error = { kind = \"fail\" }").unwrap_err(), @"prices.csv is refused for unit_error: XLE is 100 times what it was, on 2024-02-14: a change of unit");
}

#[test]
fn a_report_changes_nothing() {
    let told = notes("unit_error = { kind = \"report\" }").unwrap_err();
    // The loader's own rule: a return above 300 % is a fault of the file.
    assert!(told.contains("more than 300 %"), "{told}");
}

#[test]
fn faults_of_dates_volumes_and_rates_have_their_own_policies() {
    assert_snapshot!(faults("duplicate_date = { kind = \"report\" }\nunsorted_dates = { kind = \"mask\" }\ndividend = { kind = \"winsorize\", limit = 0.5 }\ncoverage = { kind = \"forward_fill\", limit_days = 1 }\nrounded_risk_free = { kind = \"interpolate\" }"), @r#"
    x.toml:14: clean.duplicate_date: report is not a fix for it (one of: fail, mask)
    x.toml:15: clean.unsorted_dates: mask is not a fix for it (one of: report, fail)
    x.toml:15: clean.unsorted_dates: leaves a gap, which is refused unless it is filled (add gap = { kind = "forward_fill", limit_days = 5 } to [clean])
    x.toml:16: clean.dividend: winsorize is not a fix for it (one of: report, fail)
    x.toml:17: clean.coverage: forward_fill is not a fix for it (one of: report, fail)
    x.toml:18: clean.rounded_risk_free: interpolate is not a fix for it (one of: report, fail)
    "#);
    let sound = "duplicate_date = { kind = \"mask\" }\nunsorted_dates = { kind = \"report\" }\n\
        zero_volume = { kind = \"forward_fill\", limit_days = 3 }\ndividend = { kind = \"fail\" }\n\
        coverage = { kind = \"fail\" }\nrounded_risk_free = { kind = \"fail\" }";
    let text = STUDY.replace("CLEAN", sound);
    assert!(Study::parse("x.toml", &text, &[]).is_ok());
}

#[test]
fn prices_may_stand_in_several_files() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 6, 28));
    for (file, ticker) in [("a.csv", "XLE"), ("b.csv", "XLF"), ("c.csv", "XLE")] {
        let mut prices = format!("date,{ticker}\n");
        for (row, date) in sessions.iter().enumerate() {
            writeln!(prices, "{date},{}", 100 + row * 7 % 5).unwrap();
        }
        std::fs::write(folder.path().join(file), prices).unwrap();
    }
    let told = |prices: &str| {
        let text = STUDY.replace("prices = \"prices.csv\"", &format!("prices = {prices}"));
        let path = folder.path().join("x.toml");
        std::fs::write(&path, text.replace("CLEAN", "")).unwrap();
        let place = format!("{}/", folder.path().display());
        let study = Study::load(&path, &[]).map_err(|error| error.to_string());
        let loaded = study.and_then(|study| {
            let loaded = study.market(None).map_err(|error| error.to_string())?;
            let names: Vec<&str> =
                loaded.sources.iter().map(|source| source.name.as_str()).collect();
            Ok(format!("{} assets of {}", loaded.market.universe().len(), names.join(", ")))
        });
        loaded.unwrap_or_else(|error| error).replace(&place, "")
    };
    let told = [
        told("[\"a.csv\", \"b.csv\"]"),
        told("[\"a.csv\", \"b.csv\", \"c.csv\"]"),
        told("[]"),
        told("[1]"),
        told("1"),
    ];
    assert_snapshot!(told.join("\n"), @r#"
    2 assets of a.csv, b.csv
    XLE is in a.csv and in c.csv
    x.toml:6: market.files.prices: names no file (write prices = "prices.csv")
    x.toml:6: market.files.prices[0]: must be a text, found the number 1 (write "1" in quotes)
    x.toml:6: market.files.prices: must be a text, found the number 1 (write "1" in quotes)
    "#);
}
