//! The workbook and the executive report, against the run that they are of.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::OnceLock;

use walkfolio::measures::{Unit, definitions};
use walkfolio::{Findings, GridFindings, LedgerRow, Run, Silent, Study};
use walkfolio_report::{files, grid_files};

const TRACK: &str = r#"
name = "track"
[market]
source = { kind = "sample" }
assets = ["XLE", "XLF", "XLU", "XLI", "XLK"]
benchmark = "MTUM"
[walk_forward]
first = 2019-06-01
last = 2020-12-31
every = "month"
[allocate]
objective = { kind = "tracking_error", window = 252 }
bounds = { min = 0.0, max = 0.40 }
[costs]
per_side_bps = 5
[[period]]
name = "covid"
first = 2020-02-01
last = 2020-06-30
[[target]]
measure = "tracking_error"
max = 0.001
"#;
/// Texts that a spreadsheet would run if it took them for formulas.
const HOSTILE: [&str; 6] =
    ["=HYPERLINK(\"http://evil\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=cmd|' /C calc'!A0"];

fn run() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    let made = || {
        let study = Study::parse("track.toml", TRACK, &[]).unwrap();
        study.run(&study.market(None).unwrap(), &Silent).unwrap()
    };
    RUN.get_or_init(made).clone()
}

fn file(run: &Run, name: &str) -> Vec<u8> {
    let all = files(run, &Findings::of(run)).unwrap();
    all.into_iter().find(|(other, _)| *other == name).unwrap().1
}

/// A workbook taken apart: every sheet by name, its cells by place.
struct Book {
    sheets: BTreeMap<String, BTreeMap<String, Cell>>,
    parts: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Number(f64, String),
    Text(String),
}

impl Book {
    fn read(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = BTreeMap::new();
        for place in 0..archive.len() {
            let mut entry = archive.by_index(place).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let name = entry.name().unwrap().into_owned();
            parts.insert(name, text);
        }
        let shared: Vec<String> = between(&parts["xl/sharedStrings.xml"], "<si>", "</si>")
            .map(|item| unescaped(item.split_once('>').unwrap().1.trim_end_matches("</t>")))
            .collect();
        let formats = formats(&parts["xl/styles.xml"]);
        let sheets = between(&parts["xl/workbook.xml"], "<sheet ", "/>").enumerate();
        let sheets = sheets.map(|(place, sheet)| {
            let text = &parts[&format!("xl/worksheets/sheet{}.xml", place + 1)];
            (attribute(sheet, "name").unwrap(), cells(text, &shared, &formats))
        });
        Self { sheets: sheets.collect(), parts: parts.clone() }
    }

    fn cell(&self, sheet: &str, place: &str) -> Option<&Cell> {
        self.sheets[sheet].get(place)
    }
}

fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).map(move |rest| rest.split_once(end).unwrap().0)
}

fn attribute(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("{name}=\""))?;
    Some(unescaped(rest.split_once('"')?.0))
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("_x000D_", "\r").replace("&amp;", "&")
}

/// The number format of every cell style.
fn formats(styles: &str) -> Vec<String> {
    let codes: BTreeMap<String, String> = between(styles, "<numFmt ", "/>")
        .map(|one| (attribute(one, "numFmtId").unwrap(), attribute(one, "formatCode").unwrap()))
        .collect();
    let built_in = |id: &str| match id {
        "10" => "0.00%".to_owned(),
        "3" => "#,##0".to_owned(),
        other => other.to_owned(),
    };
    let (_, rest) = styles.split_once("<cellXfs").unwrap();
    let (used, _) = rest.split_once("</cellXfs>").unwrap();
    between(used, "<xf ", ">")
        .map(|one| attribute(one, "numFmtId").unwrap())
        .map(|id| codes.get(&id).cloned().unwrap_or_else(|| built_in(&id)))
        .collect()
}

fn cells(sheet: &str, shared: &[String], formats: &[String]) -> BTreeMap<String, Cell> {
    // A cell that is only coloured ends at once.
    let parts = sheet.split("<c ").skip(1).map(|cell| cell.split_once('>').unwrap());
    parts
        .filter(|(head, _)| !head.ends_with('/'))
        .map(|(head, rest)| {
            let value = rest.split_once("<v>").unwrap().1.split_once("</v>").unwrap().0;
            let style = attribute(head, " s").map_or(0, |style| style.parse().unwrap());
            let cell = match attribute(head, " t") {
                Some(kind) if kind == "s" => {
                    Cell::Text(shared[value.parse::<usize>().unwrap()].clone())
                }
                _ => Cell::Number(value.parse().unwrap(), formats[style].clone()),
            };
            (attribute(head, "r").unwrap(), cell)
        })
        .collect()
}

#[test]
fn figures_are_those_of_the_tables_to_the_last_bit() {
    let run = run();
    let book = Book::read(&file(&run, "report.xlsx"));
    let sheets: Vec<&str> = book.sheets.keys().map(String::as_str).collect();
    let names = ["Charts", "Ledger", "Measures", "Overview", "Returns", "Trades", "Weights"];
    assert_eq!(sheets, names);
    let text = |place: &str, wanted: &str| {
        assert_eq!(book.cell("Measures", place), Some(&Cell::Text(wanted.to_owned())), "{place}");
    };
    let benchmark = run.benchmark.as_ref().unwrap();
    let columns = [
        ("C", "Full sample", &run.measures.full),
        ("D", "Full sample, gross of costs", &run.without_costs.as_ref().unwrap().full),
        ("E", "Full sample, benchmark", &benchmark.full),
        ("F", "covid", &run.measures.regimes[0].1),
    ];
    for (row, definition) in (2..).zip(definitions()) {
        text(&format!("B{row}"), definition.key);
        text(&format!("I{row}"), &definition.formula_for(252.0));
        text(&format!("J{row}"), definition.source);
        for (column, name, table) in columns {
            text(&format!("{column}1"), name);
            let place = format!("{column}{row}");
            let found = match book.cell("Measures", &place) {
                Some(Cell::Number(value, format)) => {
                    assert_eq!(format == "0.00%", definition.unit == Unit::Percent, "{place}");
                    Some(*value)
                }
                other => {
                    assert_eq!(other, None, "{place}");
                    None
                }
            };
            assert_eq!(found, table.get(definition.key), "{name}, {}", definition.key);
        }
    }
}

/// `LibreOffice` drops the minus sign of a negative number that no condition of its format is met by.
#[test]
fn every_number_keeps_its_sign_in_every_program() {
    let book = Book::read(&file(&run(), "report.xlsx"));
    let cells = book.sheets.values().flat_map(BTreeMap::values);
    let numbers = cells.filter_map(|cell| match cell {
        Cell::Number(value, format) => Some((*value, format.as_str())),
        Cell::Text(_) => None,
    });
    let mut negative = 0;
    for (value, format) in numbers {
        assert!(!format.contains(['[', ';']), "{value}: {format}");
        assert!(format != "0.000" || value.abs() < 10_000.0, "{value}: {format}");
        assert!(!format.starts_with("#,##0") || value.abs() >= 10_000.0, "{value}: {format}");
        negative += usize::from(value < 0.0 && format == "0.000");
    }
    assert!(negative > 0);
}

#[test]
fn returns_weights_and_trades_are_the_runs() {
    let run = run();
    let book = Book::read(&file(&run, "report.xlsx"));
    let number = |sheet: &str, place: &str| match book.cell(sheet, place) {
        Some(Cell::Number(value, format)) => (*value, format.clone()),
        other => panic!("{sheet} {place}: {other:?}"),
    };
    // Excel counts days from 1899-12-30.
    let first: walkfolio::Date = "1899-12-30".parse().unwrap();
    for (row, earned) in (2..).zip(&run.returns) {
        let days = f64::from(earned.date.since(first).unwrap().get_days());
        assert_eq!(number("Returns", &format!("A{row}")), (days, "yyyy-mm-dd".to_owned()));
        assert_eq!(number("Returns", &format!("B{row}")).0, earned.portfolio);
        assert_eq!(number("Returns", &format!("D{row}")).0, earned.benchmark.unwrap());
    }
    let assets = run.manifest.assets.len();
    for (row, decision) in (2..).zip(run.decisions.chunks(assets)) {
        for (column, held) in ["B", "C", "D", "E", "F"].into_iter().zip(decision) {
            let (weight, format) = number("Weights", &format!("{column}{row}"));
            assert_eq!((weight, format.as_str()), (held.weight, "0.00%"));
        }
    }
    let traded = run.decisions.iter().filter(|row| row.weight != row.drifted).count();
    let rows = book.sheets["Trades"].keys().filter(|place| place.starts_with('F')).count();
    assert_eq!(rows, traded + 1);
    for (sheet, wanted) in [(3, "xSplit=\"2\" ySplit=\"1\""), (4, "xSplit=\"1\" ySplit=\"1\"")] {
        let text = &book.parts[&format!("xl/worksheets/sheet{sheet}.xml")];
        assert!(text.contains(wanted) && text.contains("state=\"frozen\""), "sheet {sheet}");
    }
    assert!(book.parts.keys().filter(|name| name.starts_with("xl/charts/chart")).count() >= 3);
    // The charts are on a sheet without a cell; it and the overview print on a page each.
    let pages = |sheet: usize| {
        let text = &book.parts[&format!("xl/worksheets/sheet{sheet}.xml")];
        (text.contains("<drawing "), text.contains("<c r="), text.contains("fitToHeight=\"0\""))
    };
    assert_eq!([pages(1), pages(2)], [(false, true, false), (true, false, false)]);
    assert_eq!(pages(4), (false, true, true));
}

#[test]
fn no_text_becomes_a_formula() {
    let mut run = run();
    let hostile = HOSTILE.map(str::to_owned);
    run.manifest.study.clone_from(&hostile[0]);
    run.manifest.benchmark = Some(hostile[1].clone());
    run.manifest.assets[0].clone_from(&hostile[2]);
    run.measures.regimes[0].0.clone_from(&hostile[3]);
    run.decisions.iter_mut().filter(|row| row.asset == "XLE").for_each(|row| {
        row.asset.clone_from(&hostile[2]);
    });
    for message in &hostile {
        run.ledger.push(LedgerRow {
            date: None,
            kind: "note".to_owned(),
            solver: Some(message.clone()),
            status: Some(message.clone()),
            objective: None,
            bound: None,
            gap: None,
            message: message.clone(),
        });
    }
    let book = Book::read(&file(&run, "report.xlsx"));
    for (name, text) in &book.parts {
        if name.starts_with("xl/worksheets/sheet") {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name} has a formula");
            assert!(!text.contains("<hyperlink"), "{name} has a link");
        }
    }
    let texts: Vec<&Cell> = book.sheets["Ledger"].values().collect();
    for message in hostile {
        assert!(texts.contains(&&Cell::Text(message.clone())), "{message:?}");
    }
    assert_eq!(book.cell("Weights", "B1"), Some(&Cell::Text("-2+3".to_owned())));
}

#[test]
fn equal_runs_give_equal_bytes() {
    let run = run();
    let mut other = run.clone();
    // What may differ from run to run is in neither file.
    other.manifest.started = "2001-01-01T00:00:00Z".parse().unwrap();
    other.manifest.seconds.decide = 1e3;
    other.timings.iter_mut().for_each(|row| row.micros += 17);
    for name in ["report.md", "report.xlsx"] {
        assert!(file(&run, name) == file(&run, name), "{name}");
        assert!(file(&run, name) == file(&other, name), "{name}");
    }
    assert!(file(&run, "report.html") == file(&run, "report.html"));
    // Two workbooks of one second could agree on the clock.
    let book = Book::read(&file(&run, "report.xlsx"));
    let stamps: Vec<&str> = between(&book.parts["docProps/core.xml"], "W3CDTF\">", "<").collect();
    assert_eq!(stamps, ["2000-01-01T00:00:00Z"; 2]);
}

#[test]
fn the_executive_report_says_what_the_page_says() {
    let mut run = run();
    run.manifest.study = "a|b <script> [x](y)".to_owned();
    let text = String::from_utf8(file(&run, "report.md")).unwrap();
    assert!(text.starts_with("# a\\|b &lt;script&gt; \\[x\\](y)\n"), "{text}");
    assert!(text.contains("**SYNTHETIC DATA**"));
    assert!(
        text.contains(
            "**The portfolio does not track MTUM.** 1 of 1 target missed: Tracking error."
        ),
        "{text}"
    );
    let error = run.measures.full.get("tracking_error").unwrap();
    assert!(text.contains(&format!("| Tracking error | {:.2}\u{202f}% | ", 100.0 * error)));
    assert!(text.contains("| Tracking error | at most 0.1 % | "), "{text}");
    assert!(text.contains("| measure | Full sample | covid |"));
    let table: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(table.iter().all(|line| line.ends_with('|')));
    assert!(!text.contains("\n\n\n"));
}

#[test]
fn the_executive_report_as_it_is_read() {
    let text = String::from_utf8(file(&run(), "report.md")).unwrap();
    insta::assert_snapshot!(text);
}

#[test]
fn a_grid_has_every_measure_of_every_backtest() {
    let text = format!("{TRACK}\n[grid]\n\"allocate.bounds.max\" = [0.3, 0.4, 0.5]\n");
    let study = Study::parse("grid.toml", &text, &[]).unwrap();
    let grid = study.run_grid(&study.market(None).unwrap(), None, &Silent).unwrap();
    let all = grid_files(&grid, &GridFindings::of(&grid)).unwrap();
    let book = Book::read(&all[2].1);
    let cells = &book.sheets["Backtests"];
    let headings: BTreeMap<&str, &str> = cells
        .iter()
        .filter_map(|(place, cell)| match cell {
            Cell::Text(text) => Some((text.as_str(), place.strip_suffix('1')?)),
            Cell::Number(..) => None,
        })
        .filter(|(_, column)| column.chars().all(char::is_alphabetic))
        .collect();
    for key in grid.measure_keys() {
        for (row, cell) in (2..).zip(&grid.cells) {
            let found = match cells.get(&format!("{}{row}", headings[key.as_str()])) {
                Some(Cell::Number(value, _)) => Some(*value),
                _ => None,
            };
            assert_eq!(found, cell.measure(&key), "{key}, row {row}");
        }
    }
    let text = String::from_utf8(all[1].1.clone()).unwrap();
    assert!(text.contains("| allocate.bounds.max | status |"), "{text}");
    assert!(text.contains("None of 3 backtests meets all targets"), "{text}");
}

#[test]
fn the_choices_of_a_cross_validation_name_the_backtests_of_their_sheet() {
    let validated = TRACK.to_owned()
        + "[robustness]\ncross_validation = { groups = 4, test = 1, criterion = \"tracking_error\" }\n"
        + "[grid]\n\"allocate.max_holdings\" = [3, 4]\n";
    let study = Study::parse("track.toml", &validated, &[]).unwrap();
    let grid = study.run_grid(&study.market(None).unwrap(), None, &Silent).unwrap();
    let all = grid_files(&grid, &GridFindings::of(&grid)).unwrap();
    let book = Book::read(&all.iter().find(|(name, _)| *name == "report.xlsx").unwrap().1);
    let bias = grid.selection_bias.as_ref().unwrap();
    let found = bias.cross_validation.as_ref().unwrap();
    let number = |sheet: &str, place: &str| match book.cell(sheet, place) {
        Some(Cell::Number(value, _)) => *value,
        other => panic!("{sheet} {place}: {other:?}"),
    };
    // Backtests are numbered from 1 on, as in all tables.
    assert_eq!([number("Backtests", "A2"), number("Backtests", "A3")], [1.0, 2.0]);
    assert_eq!(number("Backtests", "B3"), 4.0);
    let (best, value) = found.best.unwrap();
    assert_eq!(number("Cross-validation", "B2").to_bits(), value.to_bits());
    assert_eq!(number("Cross-validation", "C2"), best as f64 + 1.0);
    let path = &found.paths[0];
    assert_eq!(number("Cross-validation", "B3").to_bits(), path.value.unwrap().to_bits());
    for (column, cell) in ["C", "D", "E", "F"].into_iter().zip(&path.chosen) {
        assert_eq!(number("Cross-validation", &format!("{column}3")), *cell as f64 + 1.0);
    }
}
