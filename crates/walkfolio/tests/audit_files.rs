//! The audit from outside: what is done to a file may not depend on the rows after a decision.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::fmt::Write;
use std::path::Path;

use common::on_real_data;
use walkfolio::{FileAudit, Silent, Study};
use walkfolio_columns::Column;
use walkfolio_core::{Date, calendar};

const STUDY: &str = r#"
name = "attacked"

[market]
source = { kind = "csv" }
files = { prices = "prices.csv", members = "members.csv" }
assets = ["A0", "A1", "A2", "A3", "A4", "A5"]
benchmark = "IDX"

[walk_forward]
every = "month"

[clean]
CLEAN

[allocate]
objective = { kind = "tracking_error", window = 60 }
bounds = { min = 0.0, max = 0.5 }
"#;

/// A price that moves a little every day, more so later on.
fn price(asset: usize, row: usize) -> f64 {
    let size = if row > 150 { 3.0 } else { 0.3 };
    100.0 + size * ((row * (7 + 2 * asset) + row * row * (asset + 1)) % 23) as f64 / 23.0
}

/// How the prices are stored.
#[derive(Clone, Copy)]
enum Stored {
    Csv,
    Parquet,
    /// The index in a file of its own.
    Apart,
}

fn audit(clean: &str) -> FileAudit {
    audit_of(clean, Stored::Csv)
}

/// Six assets with a spike on the last session of May, a fall, equal prices and a sparse session, an
/// index that lacks the last session of June, and a member that joins in July.
fn audit_of(clean: &str, stored: Stored) -> FileAudit {
    let folder = tempfile::tempdir().unwrap();
    let sessions = calendar::sessions(Date::constant(2024, 1, 2), Date::constant(2024, 9, 30));
    let mut columns = vec![Vec::new(); 7];
    let (spike, gap) = (Date::constant(2024, 5, 31), Date::constant(2024, 6, 28));
    for (row, date) in sessions.iter().enumerate() {
        let cell = |asset: usize| match (asset, row) {
            (1.., 90) => None,
            (0, _) if *date == spike => Some(150.0),
            (1, 100..) => Some(0.8 * price(1, row)),
            (2, 120..126) => Some(price(2, 119)),
            _ => Some(price(asset, row)),
        };
        let mean: f64 = (0..6).map(|asset| price(asset, row)).sum::<f64>() / 6.0;
        // A row without any price is no row of a file: there a price that is none stands for the gap.
        let absent = matches!(stored, Stored::Apart).then_some(-1.0);
        let index = if *date == gap { absent } else { Some(mean) };
        let cells = (0..6).map(cell).chain([index]);
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
    }
    let names = ["A0", "A1", "A2", "A3", "A4", "A5", "IDX"];
    store(folder.path(), &sessions, &names.into_iter().zip(columns).collect::<Vec<_>>(), stored);
    let stays = (0..6).map(|at| format!("A{at},2024-0{}-02,\n", if at == 5 { 7 } else { 1 }));
    let members = format!("ticker,start,end\n{}", stays.collect::<String>());
    std::fs::write(folder.path().join("members.csv"), members).unwrap();
    let path = folder.path().join("x.toml");
    let text = STUDY.replace("CLEAN", clean);
    let text = match stored {
        Stored::Csv => text,
        Stored::Parquet => {
            text.replace("\"csv\"", "\"parquet\"").replace("prices.csv", "prices.parquet")
        }
        Stored::Apart => text.replace(
            "prices = \"prices.csv\"",
            "prices = \"prices.csv\", benchmark = \"index.csv\"",
        ),
    };
    std::fs::write(&path, text).unwrap();
    let study = Study::load(&path, &[]).unwrap();
    let loaded = study.market(None).unwrap();
    study.audit_files(&loaded, None, &Silent).unwrap()
}

type Priced<'a> = (&'a str, Vec<Option<f64>>);

/// Writes prices into a folder, the last column being the index.
fn store(folder: &Path, sessions: &[Date], columns: &[Priced<'_>], stored: Stored) {
    match stored {
        Stored::Csv => csv(&folder.join("prices.csv"), sessions, columns),
        Stored::Apart => {
            csv(&folder.join("prices.csv"), sessions, &columns[..6]);
            csv(&folder.join("index.csv"), sessions, &columns[6..]);
        }
        Stored::Parquet => {
            let dates = Column::dates("date", sessions.iter().copied().map(Some));
            let own = columns.iter().map(|(name, prices)| Column::numbers(name, prices.clone()));
            let all: Vec<Column> = std::iter::once(dates).chain(own).collect();
            let bytes = walkfolio_columns::write(&all, "test").unwrap();
            std::fs::write(folder.join("prices.parquet"), bytes).unwrap();
        }
    }
}

fn csv(path: &Path, sessions: &[Date], columns: &[Priced<'_>]) {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = format!("date,{}\n", names.join(","));
    for (row, date) in sessions.iter().enumerate() {
        let cell = |price: Option<f64>| price.map_or(String::new(), |price| price.to_string());
        let cells: Vec<String> = columns.iter().map(|(_, prices)| cell(prices[row])).collect();
        writeln!(text, "{date},{}", cells.join(",")).unwrap();
    }
    std::fs::write(path, text).unwrap();
}

const FILL: &str = "gap = { kind = \"forward_fill\", limit_days = 30 }\n";

#[test]
fn cleaning_by_known_rows_survives_the_attack() {
    let rules = "jump = { kind = \"winsorize\", limit = 0.1 }\nstale_price = { kind = \"mask\" }\n\
        unit_error = { kind = \"mask\" }\nbad_price = { kind = \"forward_fill\", limit_days = 1 }\n";
    // A session that is dropped of the prices only is a hole next to the index's own file.
    let drop = "sparse_session = { kind = \"drop\" }\n";
    for (stored, drop) in [(Stored::Csv, drop), (Stored::Parquet, drop), (Stored::Apart, "")] {
        let found = audit_of(&format!("{FILL}{rules}{drop}"), stored);
        assert_eq!((found.leak, found.skipped), (None, None));
        assert!(found.attacked >= 4, "{}", found.attacked);
    }
}

#[test]
fn a_reversal_that_is_masked_is_found() {
    let found = audit(&format!("{FILL}reversal = {{ kind = \"mask\" }}"));
    let leak = found.leak.unwrap();
    assert_eq!(leak.date, Date::constant(2024, 6, 3));
    assert!(
        leak.what.contains("rows after 2024-05-31 removed from the price file"),
        "{}",
        leak.what
    );
}

#[test]
fn a_line_to_a_later_price_of_the_index_is_found() {
    let line = "gap = { kind = \"interpolate\" }".to_owned();
    let bad = format!("{FILL}bad_price = {{ kind = \"interpolate\" }}");
    let files = [
        (Stored::Csv, &line, "from the price file"),
        (Stored::Parquet, &line, "from the price file"),
        (Stored::Apart, &bad, "from the benchmark file"),
    ];
    for (stored, clean, file) in files {
        let leak = audit_of(clean, stored).leak.unwrap();
        assert_eq!(leak.date, Date::constant(2024, 7, 1));
        assert!(leak.what.contains(file), "{}", leak.what);
    }
}

#[test]
fn factors_and_prices_of_the_shipped_studies_survive() {
    for (name, set) in [
        ("long-short.toml", "walk_forward.last=2009-12-31"),
        ("mtum-all-eleven.toml", "walk_forward.last=2020-12-31"),
    ] {
        let Some((study, loaded)) = on_real_data(name, &[set]) else { return };
        let found = study.audit_files(&loaded, Some(&common::data().unwrap()), &Silent).unwrap();
        assert_eq!((found.leak, found.skipped, found.complete), (None, None, true), "{name}");
        assert!(found.attacked > 10, "{name}: {}", found.attacked);
    }
}
