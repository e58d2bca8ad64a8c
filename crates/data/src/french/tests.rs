use super::*;

fn read(file: &str, text: &str) -> Result<FactorTable> {
    super::read(file, text, Unit::Percent)
}

const HEAD: &str =
    "This file was created by using the 202503 CRSP database.\nTbill\n\n,Mkt-RF,SMB,HML,RF\n";

fn with_rows(rows: &str) -> String {
    format!("{HEAD}{rows}\n\nCopyright 2025 Eugene F. Fama and Kenneth R. French\n")
}

#[test]
fn percent_become_fractions_and_codes_are_missing() {
    let text = with_rows(
        "20240327,    0.88,   -99.99,   -999,   0.021\n20240328,   -0.01,    0.5,  -999.99,   0.02",
    );
    let table = read("f.csv", &text).unwrap();
    assert_eq!(table.vintage.as_deref(), Some("202503"));
    assert_eq!(table.dates, [Date::constant(2024, 3, 27), Date::constant(2024, 3, 28)]);
    assert_eq!(table.lines, [5, 6]);
    assert_eq!(table.rows[0], [Some(0.0088), None, None, Some(0.00021)]);
    assert_eq!(table.rows[1], [Some(-0.0001), Some(0.005), None, Some(0.0002)]);
    assert_eq!(table.risk_free_decimals, Some(3));
}

#[test]
fn five_factors_and_carriage_returns_are_read_by_name() {
    let text = "X using the 202412 CRSP database.\r\n\r\n,Mkt-RF,SMB,HML,RMW,CMA,RF,Mom\r\n20240328,1,2,3,4,5,6,7\r\n";
    let table = read("f.csv", text).unwrap();
    assert_eq!(table.columns, ["Mkt-RF", "SMB", "HML", "RMW", "CMA", "Mom", "RF"]);
    assert_eq!(
        table.rows,
        [[1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 6.0].map(|percent| Some(percent / 100.0))]
    );
    assert!(table.unused.is_empty());
}

#[test]
fn the_vintage_is_the_number_before_crsp() {
    assert_eq!(vintage_of("using the 202412 CRSP database.  It"), Some("202412".to_owned()));
    assert_eq!(vintage_of("using the CRSP database"), None);
    assert_eq!(vintage_of("202412"), None);
}

#[test]
fn months_and_weeks_are_told_from_days() {
    let table = read("f.csv", &with_rows("202401,1,1,1,0.4\n202402,2,1,1,0.5")).unwrap();
    assert_eq!((table.step, table.dates[1]), (Step::Month, Date::constant(2024, 2, 29)));
    let day = |n: i64| Date::constant(2024, 1, 5).saturating_add(jiff::Span::new().days(7 * n));
    let weekly: Vec<String> =
        (0..6).map(|n| format!("{},1,1,1,1", day(n).strftime("%Y%m%d"))).collect();
    assert_eq!(read("f.csv", &with_rows(&weekly.join("\n"))).unwrap().step, Step::Week);
}

#[test]
fn each_error_names_its_place() {
    let day = |n: i64| Date::constant(2024, 1, 1).saturating_add(jiff::Span::new().days(n));
    let fractions: Vec<String> =
        (0..60).map(|n| format!("{},0.0029,0,0,0", day(n).strftime("%Y%m%d"))).collect();
    let texts = [
        with_rows("202403,1,1,1,1\n20240401,1,1,1,1"),
        with_rows("  2024,1,1,1,1"),
        with_rows("20240332,1,1,1,1"),
        with_rows("20240328,1,1,1"),
        with_rows("20240328,1,x,1,1"),
        with_rows("20240328,1,nan,1,1"),
        with_rows("20240328,1,301,1,1"),
        with_rows("20240328,1,1,1,1\n20240328,1,1,1,1"),
        with_rows("20240328,1,1,1,1\n20240327,1,1,1,1"),
        with_rows("20240327,1,1,1,1\n\n20240328,1,1,1,1"),
        with_rows(&fractions.join("\n")),
        with_rows(""),
        "using the 202412 CRSP database\n,Lo 10\n20240328,1\n".to_owned(),
        "date,SPY\n2024-03-28,1\n".to_owned(),
    ];
    let messages: Vec<String> = texts
        .iter()
        .map(|text| read("f.csv", text).unwrap_err())
        .map(|error| format!("{error}\n  hint: {}", error.hint().unwrap()))
        .collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    f.csv line 6: a day follows a month, or a month a day
      hint: keep one table a file
    f.csv holds annual returns; a walk forward needs daily, weekly or monthly ones
      hint: use the file of the same name with `daily` in it: its rows are compounded over the intervals of the prices
    f.csv line 5 has date "20240332"; a date must be a day written 20240328, or a month written 202403
      hint: state csv.date_format in the study's [market]: "excel", "epoch" or "epoch_ms"
    f.csv line 5 has 4 cells; the header has 5
      hint: give every line one cell a column, empty where unlisted
    f.csv line 5, column SMB, has "x"; a factor return must be a number in percent
      hint: write plain numbers such as 1234.5, or leave the cell empty
    f.csv line 5, column SMB, has "nan"; a factor return must be a number in percent
      hint: write plain numbers such as 1234.5, or leave the cell empty
    f.csv has SMB = 301 % on 2024-03-28; more than 300 % is taken for an error
      hint: check the value against a fresh download, and the unit of the file
    f.csv: date 2024-03-28 occurs twice, in rows 5 and 6
      hint: keep one row a date
    f.csv: date 2024-03-27 in row 6 follows the later date 2024-03-28; dates must increase
      hint: sort the file by date, oldest first
    f.csv line 7 holds returns below the end of the table in line 6
      hint: remove the blank or text line inside the table
    f.csv seems to hold fractions, not percent: the largest |Mkt-RF| of 60 days is 0.0029
      hint: multiply the returns by 100, as in Ken French's files, or say that the unit is a fraction
    f.csv has no row below its header line
      hint: download the file again
    f.csv has no header line that starts with a comma and names Mkt-RF
      hint: use the daily three- or five-factor file of Ken French's library, as text or zip
    f.csv has no header line that starts with a comma and names Mkt-RF
      hint: use the daily three- or five-factor file of Ken French's library, as text or zip
    "#);
}
