//! Excel workbooks.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod common;

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use common::{Folder, request, sound};
use walkfolio_core::Date;
use walkfolio_data::{CsvForm, FileRequest, load, read_prices};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SHEETS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A cell: a text, a number, or the number of a day in a cell that is formatted as one.
enum Cell {
    Text(&'static str),
    Number(&'static str),
    Day(&'static str),
}

use Cell::{Day, Number, Text};

/// A workbook as Excel writes it, with what readers look at.
fn workbook(sheets: &[&[&[Cell]]]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: String| {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    };
    let (mut names, mut links) = (String::new(), String::new());
    for (at, rows) in sheets.iter().enumerate() {
        let n = at + 1;
        write!(names, "<sheet name=\"Sheet{n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>").unwrap();
        write!(
            links,
            "<Relationship Id=\"rId{n}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        )
        .unwrap();
        let body: String =
            rows.iter().enumerate().map(|(row, cells)| line(row + 1, cells)).collect();
        part(
            &format!("xl/worksheets/sheet{n}.xml"),
            format!("<worksheet xmlns=\"{SHEETS}\"><sheetData>{body}</sheetData></worksheet>"),
        );
    }
    links += "<Relationship Id=\"rId9\" Type=\"";
    links += OFFICE;
    links += "/styles\" Target=\"styles.xml\"/>";
    part(
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
            .to_owned(),
    );
    part(
        "_rels/.rels",
        format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" \
             Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    part(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"{SHEETS}\" xmlns:r=\"{OFFICE}\"><sheets>{names}</sheets></workbook>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        format!("<Relationships xmlns=\"{PACKAGE}\">{links}</Relationships>"),
    );
    // The second format of cells is that of days.
    part(
        "xl/styles.xml",
        format!(
            "<styleSheet xmlns=\"{SHEETS}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
             </cellXfs></styleSheet>"
        ),
    );
    writer.finish().unwrap().into_inner()
}

fn line(row: usize, cells: &[Cell]) -> String {
    let cell = |(at, cell): (usize, &Cell)| {
        let place = format!("{}{row}", ["A", "B", "C"][at]);
        match cell {
            Text(text) => {
                format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
            }
            Number(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
            Day(number) => format!("<c r=\"{place}\" s=\"1\"><v>{number}</v></c>"),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!("<row r=\"{row}\">{cells}</row>")
}

#[test]
fn the_table_of_a_workbook_is_read_with_all_its_digits() {
    let folder = Folder::new();
    let rows: [&[Cell]; 3] = [
        &[Text("Date"), Text("AAA"), Text("M&amp;M.NS")],
        &[Day("45293"), Number("10.1"), Number("0.30000000000000004")],
        &[Day("45294"), Text("#N/A"), Number("0.5")],
    ];
    let note: [&[Cell]; 1] = [&[Text("a remark")]];
    let path = folder.file("prices.xlsx", workbook(&[&rows, &note]));
    let loaded = sound(&request(path.clone(), &["AAA", "M&M.NS"]));
    assert_eq!(loaded.market.dates(), [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)]);
    assert_eq!(loaded.market.prices().value(0, 1), Some(0.1 + 0.2));
    assert_eq!(loaded.sources[0].format, "Excel workbook");
    assert_eq!(read_prices(&path).unwrap().columns[0].prices, [Some(10.1), None]);
}

#[test]
fn days_that_are_numbers_are_read_where_a_study_says_so() {
    let folder = Folder::new();
    let rows: [&[Cell]; 3] = [
        &[Text("Date"), Text("AAA")],
        &[Number("45293"), Number("10.5")],
        &[Number("45294"), Number("10.75")],
    ];
    let asked = request(folder.file("prices.xlsx", workbook(&[&rows])), &["AAA"]);
    let csv = CsvForm { date_format: Some("excel".to_owned()), ..CsvForm::default() };
    insta::assert_snapshot!(folder.fault(&asked), @r#"
    prices.xlsx line 2 has date "45293"; a date must be a day such as 2024-03-28
      hint: state csv.date_format in the study's [market]: "excel", "epoch" or "epoch_ms"
    "#);
    let loaded = sound(&FileRequest { csv, ..asked });
    assert_eq!(loaded.market.dates()[0], Date::constant(2024, 1, 2));
}

#[test]
fn workbooks_that_leave_open_what_they_hold_are_refused() {
    let folder = Folder::new();
    let table: [&[Cell]; 2] = [&[Text("Date"), Text("AAA")], &[Day("45293"), Number("10.5")]];
    let two = request(folder.file("two.xlsx", workbook(&[&table, &table])), &["AAA"]);
    let none = request(folder.file("none.xlsx", workbook(&[&table[..1]])), &["AAA"]);
    let whole = workbook(&[&table]);
    let cut = request(folder.file("cut.xlsx", &whole[..whole.len() / 2]), &["AAA"]);
    let told = [folder.fault(&two), folder.fault(&none)];
    insta::assert_snapshot!(told.join("\n"), @"
    two.xlsx has 2 sheets with a table: Sheet1, Sheet2; prices are read from one
      hint: keep one sheet with the prices, or save it as CSV
    none.xlsx has 0 sheets with a table; prices are read from one
      hint: keep one sheet with the prices, or save it as CSV
    ");
    assert!(load(&cut).is_err());
}
