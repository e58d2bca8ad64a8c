//! Every layout in every form of dates and numbers: the same prices, to the bit.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use walkfolio_core::Date;
use walkfolio_core::calendar;
use walkfolio_data::read_from;

/// What divides cells.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

type DateForm = (&'static str, fn(Date) -> String);
type NumberForm = (&'static str, fn(&str) -> String);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month(date: Date) -> &'static str {
    MONTHS[usize::try_from(date.month()).unwrap() - 1]
}

const DATES: [DateForm; 17] = [
    ("plain", |d| d.to_string()),
    ("compact", |d| d.to_string().replace('-', "")),
    ("slashes", |d| d.to_string().replace('-', "/")),
    ("day first", |d| format!("{:02}/{:02}/{}", d.day(), d.month(), d.year())),
    ("month first", |d| format!("{}/{}/{}", d.month(), d.day(), d.year())),
    ("month first, short", |d| format!("{:02}/{:02}/{:02}", d.month(), d.day(), d.year() % 100)),
    ("hyphens", |d| format!("{:02}-{:02}-{}", d.day(), d.month(), d.year())),
    ("points", |d| format!("{:02}.{:02}.{}", d.day(), d.month(), d.year())),
    ("points, short", |d| format!("{}.{}.{:02}", d.day(), d.month(), d.year() % 100)),
    ("named", |d| format!("{:02}-{}-{:02}", d.day(), month(d), d.year() % 100)),
    ("named, month first", |d| format!("{} {:02}, {}", month(d), d.day(), d.year())),
    ("midnight", |d| format!("{d} 00:00:00")),
    ("New York", |d| format!("{d} 00:00:00-05:00")),
    ("midnight in UTC", |d| format!("{d}T05:00:00Z")),
    ("Tokyo in UTC", |d| format!("{}T15:00:00.000Z", d.yesterday().unwrap())),
    ("Tokyo in UTC, month first", |d| {
        let d = d.yesterday().unwrap();
        format!("{}/{}/{} 15:00:00+00:00", d.month(), d.day(), d.year())
    }),
    ("close", |d| format!("{}/{}/{} 16:00:00", d.month(), d.day(), d.year())),
];

fn grouped(plain: &str, separator: char, decimal: char) -> String {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    if fraction.is_empty() { out } else { format!("{out}{decimal}{fraction}") }
}

const NUMBERS: [NumberForm; 9] = [
    ("plain", str::to_owned),
    ("thousands", |text| grouped(text, ',', '.')),
    ("decimal comma", |text| text.replace('.', ",")),
    ("thousands, decimal comma", |text| grouped(text, '.', ',')),
    ("Swiss", |text| grouped(text, '\'', '.')),
    ("French", |text| grouped(text, '\u{202f}', ',')),
    ("dollars", |text| format!("${}", grouped(text, ',', '.'))),
    ("euros", |text| format!("{} €", grouped(text, '.', ','))),
    ("scientific", |text| format!("{text}e0")),
];

/// Prices of two assets as plain texts.
fn prices(row: usize) -> [String; 2] {
    let cents = 123_456 + 137 * (row * row % 91);
    [format!("{}.{:02}", cents / 100, cents % 100), format!("{}.5", 40 + row % 13)]
}

fn joined(cells: &[String], delimiter: char) -> String {
    let quoted = |cell: &String| {
        if cell.contains(delimiter) { format!("\"{cell}\"") } else { cell.clone() }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(&delimiter.to_string())
}

/// The header rows and the rows of a date.
type Layout =
    (&'static str, &'static [&'static [&'static str]], fn(&str, [&str; 3]) -> Vec<Vec<String>>);

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

const LAYOUTS: [Layout; 7] = [
    ("wide", &[&["Date", "AAA", "BBB"]], |d, [a, b, _]| vec![texts(&[d, a, b])]),
    ("wide, date last", &[&["AAA", "BBB", "Datum"]], |d, [a, b, _]| vec![texts(&[a, b, d])]),
    ("long", &[&["date", "ticker", "close"]], |d, [a, b, _]| {
        vec![texts(&[d, "AAA", a]), texts(&[d, "BBB", b])]
    }),
    ("long, adjusted", &[&["Symbol", "timestamp", "close", "adj_close"]], |d, [a, b, c]| {
        vec![texts(&["AAA", d, c, a]), texts(&["BBB", d, c, b])]
    }),
    (
        "fields and tickers",
        &[
            &["Price", "Close", "Close", "Open"],
            &["Ticker", "AAA", "BBB", "AAA"],
            &["Date", "", "", ""],
        ],
        |d, [a, b, c]| vec![texts(&[d, a, b, c])],
    ),
    (
        "fields in merged cells, and tickers",
        &[
            &["Price", "Close", "", "Open", ""],
            &["Ticker", "AAA", "BBB", "AAA", "BBB"],
            &["Date", "", "", "", ""],
        ],
        |d, [a, b, c]| vec![texts(&[d, a, b, c, c])],
    ),
    (
        "tickers and fields",
        &[&["Ticker", "AAA", "", "BBB"], &["Date", "Open", "Close", "Close"]],
        |d, [a, b, c]| vec![texts(&[d, c, a, b])],
    ),
];

#[test]
fn every_layout_in_every_form_has_the_same_prices() {
    let days = calendar::sessions(Date::constant(2023, 1, 3), Date::constant(2023, 3, 31));
    let expected: Vec<[f64; 2]> =
        (0..days.len()).map(|row| prices(row).map(|text| text.parse().unwrap())).collect();
    for (layout, heads, rows) in LAYOUTS {
        for (date_form, date) in DATES {
            for (number_form, number) in NUMBERS {
                for delimiter in DELIMITERS {
                    let other = number("1.25");
                    let line = |cells: &Vec<String>| joined(cells, delimiter);
                    let mut lines: Vec<String> =
                        heads.iter().map(|row| line(&texts(row))).collect();
                    for (row, day) in days.iter().enumerate() {
                        let [a, b] = prices(row).map(|text| number(&text));
                        let (a, b) = (a.as_str(), b.as_str());
                        lines.extend(rows(&date(*day), [a, b, &other]).iter().map(line));
                    }
                    let text = lines.join("\n") + "\n";
                    let place = format!(
                        "{layout}, dates {date_form}, numbers {number_form}, {delimiter:?}"
                    );
                    let panel = read_from("x.csv", text.as_bytes())
                        .unwrap_or_else(|error| panic!("{place}: {error}\n{}", &text[..200]));
                    assert_eq!(panel.dates, days, "{place}");
                    for (at, name) in ["AAA", "BBB"].iter().enumerate() {
                        let own = panel.columns.iter().find(|own| own.ticker.as_str() == *name);
                        let own = own.unwrap_or_else(|| panic!("{place}: no {name}"));
                        let found = own.prices.iter().map(|price| price.map(f64::to_bits));
                        let expected = expected.iter().map(|row| Some(row[at].to_bits()));
                        assert!(found.eq(expected), "{place}: {name}");
                    }
                }
            }
        }
    }
}

/// The rows of a table, each with its number in front of it or behind it.
fn numbered(
    (heads, rows): (&[&[&str]], &[Vec<String>]),
    (name, before): (&str, bool),
    number: fn(usize, usize) -> usize,
) -> String {
    let line = |(mut cells, own): (Vec<String>, String)| {
        cells.insert(if before { 0 } else { cells.len() }, own);
        joined(&cells, ',') + "\n"
    };
    let own = (0..rows.len()).map(|row| number(row, rows.len()).to_string());
    let head = (texts(heads[0]), name.to_owned());
    std::iter::once(head).chain(rows.iter().cloned().zip(own)).map(line).collect()
}

#[test]
fn row_numbers_are_no_data_whatever_they_are_called() {
    let days = calendar::sessions(Date::constant(2023, 1, 3), Date::constant(2023, 1, 31));
    let counts: [fn(usize, usize) -> usize; 4] =
        [|row, _| row, |row, _| row + 1, |row, all| all - 1 - row, |row, all| all - row];
    let names = [
        ("", true),
        ("", false),
        ("Unnamed: 0", true),
        ("index", true),
        ("index", false),
        ("level_0", true),
        ("#", true),
        ("#", false),
        ("Id", true),
        ("row", false),
        ("No.", true),
        // Any name, where row numbers stand.
        ("Zeile", true),
    ];
    for (layout, heads, rows) in LAYOUTS.into_iter().filter(|(_, heads, _)| heads.len() == 1) {
        let mut all = Vec::new();
        for (row, day) in days.iter().enumerate() {
            let [a, b] = prices(row);
            all.extend(rows(&day.to_string(), [&a, &b, "1.25"]));
        }
        let plain = joined(&texts(heads[0]), ',') + "\n";
        let plain = all.iter().fold(plain, |text, row| text + &joined(row, ',') + "\n");
        let plain = read_from("x.csv", plain.as_bytes()).unwrap();
        for name in names {
            for number in counts {
                let text = numbered((heads, &all), name, number);
                let panel = read_from("x.csv", text.as_bytes())
                    .unwrap_or_else(|error| panic!("{layout}, {name:?}: {error}\n{}", &text[..99]));
                assert_eq!(panel.dates, plain.dates, "{layout}, {name:?}");
                assert_eq!(panel.columns, plain.columns, "{layout}, {name:?}");
            }
        }
    }
}

#[test]
fn what_does_not_count_is_data_whatever_it_is_called() {
    for (text, expected) in [
        ("date,index\n2024-01-31,100\n2024-02-15,110\n", "index"),
        ("date,portfolio,index\n2024-01-31,1,100\n2024-02-15,2,101\n", "portfolio index"),
        ("index,date\n100,2024-01-31\n101,2024-02-15\n", "index"),
        ("date,#\n2024-01-31,0.01\n2024-02-15,-0.02\n", "#"),
        ("date,id,Row\n2024-01-31,7,2\n2024-02-15,8,4\n", "id Row"),
        ("date,level_0\n2024-01-31,0\n2024-02-15,2\n", "level_0"),
        ("date,close,index\n2024-01-31,5,100\n2024-02-15,6,110\n", "close index"),
        ("date,AAA,BBB\n2024-01-31,0,1\n2024-02-15,1,2\n", "AAA BBB"),
        // The dates are called like row numbers.
        ("index,AAA\n2024-01-31,5\n2024-02-15,6\n", "AAA"),
    ] {
        let panel =
            read_from("x.csv", text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        let names: Vec<&str> = panel.columns.iter().map(|own| own.ticker.as_str()).collect();
        assert_eq!(names.join(" "), expected, "{text}");
        assert_eq!(panel.dates.len(), 2, "{text}");
    }
}

#[test]
fn what_surrounds_a_table_is_no_part_of_it() {
    let table = "Datum;AAA;BBB;\n03.01.2023;20,5;1.040,1;\n;;;\n04.01.2023;20,25;1.041;\n";
    let texts = [
        table.to_owned(),
        format!("\u{feff}sep=;\r\n{}", table.replace('\n', "\r\n")),
        format!("# prices of my broker\n\n{table}"),
        format!(
            "Prices of my broker\n{table}\nSource: my broker; all rights reserved\n* adjusted\n"
        ),
        table.replace(";\n", "\n").replace(";;", "").replace("Datum;AAA", "Unnamed: 0;AAA"),
        table.replace("20,25;", "20,25 €;").replace("20,5;", "€ 20,5;"),
    ];
    for text in texts {
        let panel =
            read_from("x.csv", text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        let prices: Vec<&[Option<f64>]> =
            panel.columns.iter().map(|own| own.prices.as_slice()).collect();
        assert_eq!(prices, [[Some(20.5), Some(20.25)], [Some(1040.1), Some(1041.0)]], "{text}");
        assert_eq!(panel.dates[1], Date::constant(2023, 1, 4));
    }
}

#[test]
fn months_are_their_last_days() {
    for dates in [["2023-01", "2023-02"], ["Jan 2023", "Feb 2023"], ["202301", "202302"]] {
        let text = format!("date,AAA\n{},1\n{},2\n", dates[0], dates[1]);
        let panel = read_from("x.csv", text.as_bytes()).unwrap();
        assert_eq!(panel.dates, [Date::constant(2023, 1, 31), Date::constant(2023, 2, 28)]);
    }
}

#[test]
fn forms_that_exclude_each_other_are_named() {
    let texts = [
        "date,AAA\n13/01/2023,1\n01/14/2023,2\n",
        "date,AAA\n01/02/2023,1\n02/02/2023,2\n",
        "date,AAA\n23/01/03,1\n24/01/03,2\n",
        "date;AAA\n2023-01-03;1,5\n2023-01-04;1.5\n",
        "date;AAA\n2023-01-03;1.500\n2023-01-04;1.501\n",
        "date,AAA\n2023-01-02T15:00:00Z,1\n2023-01-03T15:00:00Z,2\n",
        "date,AAA\n2023-01-03 09:30,1\n2023-01-03 09:31,2\n",
        "date,AAA\n2023-01-03,1\n45/13/2023,2\n",
        "date,AAA\n2023-01-03,1\n2023-02,2\n",
        "date,AAA\n2023-01-03,#VALUE!\n",
        "date,AAA\n44929,1\n44930,2\n",
        "date,AAA\n2023-01-03,1\nTotal,2\n",
    ];
    let told = texts.map(|text| {
        let error = read_from("x.csv", text.as_bytes()).unwrap_err();
        format!("{error}\n  hint: {}", error.hint().unwrap_or_default())
    });
    insta::assert_snapshot!(told.join("\n"), @r##"
    x.csv line 2 has date "13/01/2023", which is day/month/year, and line 3 has "01/14/2023", which is month/day/year
      hint: write all dates in one order, best as 2024-03-28
    x.csv line 2 has date "01/02/2023", and no date of the file shows its order: it is 2023-02-01 as day/month/year (day_first), or 2023-01-02 as month/day/year (month_first)
      hint: state csv.date_order in the study's [market], such as csv = { date_order = "day_first" }, or write dates as 2024-03-28
    x.csv line 2 has date "23/01/03", and no date of the file shows its order: it is 2003-01-23 as day/month/year (day_first), or 2023-01-03 as year/month/day (year_first)
      hint: state csv.date_order in the study's [market], such as csv = { date_order = "day_first" }, or write dates as 2024-03-28
    x.csv line 3 has "1.5", which has a decimal point, and line 2 has "1,5", which has a decimal comma
      hint: write all numbers with one decimal separator, best as 1234.5
    x.csv line 2, column AAA, has "1.500", and no number of the file shows its decimal separator: it is 1.5 with a decimal point, or 1500 with a decimal comma
      hint: state csv.decimal in the study's [market], such as csv = { decimal = "," }, or write plain numbers as 1234.5
    x.csv line 2 has "2023-01-02T15:00:00Z", a time in UTC, and the weekdays of the file do not show which day that is at the exchange
      hint: write the exchange's own dates, as 2024-03-28
    x.csv line 3 has a time of day, "2023-01-03 09:31": it holds intraday rows
      hint: export daily rows, one a session
    x.csv line 3 has date "45/13/2023"; a date must be a day such as 2024-03-28
      hint: write dates as 2024-03-28
    x.csv line 3 has date "2023-02"; a date must be a day such as 2024-03-28
      hint: write dates as 2024-03-28
    x.csv line 2, column AAA, has "#VALUE!"; a price must be a number, or empty where the asset is not listed
      hint: write plain numbers such as 1234.5, or leave the cell empty
    x.csv line 2 has date "44929"; a date must be a day such as 2024-03-28
      hint: state csv.date_format in the study's [market]: "excel", "epoch" or "epoch_ms"
    x.csv line 3 has date "Total"; a date must be a day such as 2024-03-28
      hint: write dates as 2024-03-28
    "##);
}
