use walkfolio_columns::{Column, Unit, Values as Stored, write};
use walkfolio_core::Date;

use super::*;

fn table(columns: &[Column], wanted: &[&str]) -> Result<Table> {
    let bytes = write(columns, "a test").unwrap();
    let wanted: Vec<Ticker> = wanted.iter().map(|name| Ticker::new(name).unwrap()).collect();
    read("prices.parquet", &Data::Bytes(bytes.into()), &wanted)
}

#[test]
fn dates_may_be_dates_timestamps_or_texts() {
    let expected = [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
    let days = expected.map(walkfolio_columns::days_of);
    let times = |name, unit: Unit| {
        let per_day = 86_400 * unit.per_second();
        Column::times(name, (unit, false), days.map(|day| Some(day * per_day)))
    };
    let columns = [
        Column::dates("Date", expected.map(Some)),
        Column::dates("date", expected.map(Some)).required(),
        times("__index_level_0__", Unit::Nanoseconds),
        times("date", Unit::Microseconds),
        times("date", Unit::Milliseconds),
        Column::texts("date", [Some("2024-01-02"), Some("20240103")]),
    ];
    for column in columns {
        let spy = Column::numbers("SPY", [None, Some(f64::NAN)]);
        let qqq = Column::integers("QQQ", [Some(3), Some(4)]);
        let table = table(&[spy, column, qqq], &["QQQ", "SPY"]).unwrap();
        assert_eq!(table.dates, expected);
        assert_eq!(table.columns[0].iter().collect::<Vec<_>>(), [Some(3.0), Some(4.0)]);
        assert_eq!(table.columns[1].iter().collect::<Vec<_>>(), [None, None]);
        assert_eq!(table.lines, [1, 2]);
    }
}

#[test]
fn row_numbers_are_no_asset_and_an_index_that_holds_data_is() {
    let dates = || {
        Column::dates("date", [Some(Date::constant(2024, 1, 2)), Some(Date::constant(2024, 1, 3))])
    };
    let spy = || Column::numbers("SPY", [Some(5.0), Some(6.0)]);
    let index = |values: [i64; 2]| Column::integers("index", values.map(Some));
    let cases = [
        (vec![index([0, 1]), dates(), spy()], "SPY"),
        (vec![dates(), spy(), index([1, 2])], "SPY"),
        (vec![Column::integers("row", [Some(1), Some(0)]), dates(), spy()], "SPY"),
        (vec![dates(), index([100, 101])], "index"),
        (vec![dates(), spy(), index([0, 2])], "SPY index"),
        (vec![Column::integers("AAA", [Some(3), Some(4)]), spy(), dates()], "AAA SPY"),
    ];
    for (columns, expected) in cases {
        let bytes = write(&columns, "a test").unwrap();
        let panel = crate::read_from("prices.parquet", bytes.as_slice()).unwrap();
        let names: Vec<&str> = panel.columns.iter().map(|own| own.ticker.as_str()).collect();
        assert_eq!(names.join(" "), expected);
    }
}

#[test]
fn each_error_names_its_place() {
    let one = |name| Column::numbers(name, [Some(1.0)]);
    let date = |day: Option<Date>| Column::dates("date", [day]);
    let jan_2 = || date(Some(Date::constant(2024, 1, 2)));
    let time = |zoned, value| Column::times("date", (Unit::Nanoseconds, zoned), [Some(value)]);
    let clock = (Unit::Nanoseconds, false);
    let noon = Column::times("date", clock, [Some(0), Some(43_200_000_000_000)]);
    let mut far = jan_2();
    far.values = Stored::Integers(vec![Some(i64::from(i32::MAX))]);
    let messages = [
        table(&[one("SPY")], &["SPY"]),
        table(&[jan_2(), Column::flags("SPY", [Some(true)])], &["SPY"]),
        table(&[one("date"), one("SPY")], &["SPY"]),
        table(&[noon], &[]),
        table(&[time(true, 54_000_000_000_000), one("SPY")], &["SPY"]),
        table(&[date(None), one("SPY")], &["SPY"]),
        table(&[far, one("SPY")], &["SPY"]),
        table(&[jan_2(), one("SPY")], &["spy"]),
    ]
    .map(|result| result.unwrap_err())
    .map(|error| format!("{error}\n  hint: {}", error.hint().unwrap()));
    insta::assert_snapshot!(messages.join("\n"), @r#"
    prices.parquet has no date column: none of its columns is named date
      hint: name the column of dates `date`
    prices.parquet column SPY has type Boolean; prices must be numbers
      hint: store prices as floats and dates as dates, then try again
    prices.parquet column date has type Float64; dates must be dates, timestamps or texts
      hint: store prices as floats and dates as dates, then try again
    prices.parquet line 2 has a time of day, "43200000000000": it holds intraday rows
      hint: export daily rows, one a session
    prices.parquet line 1 has "1970-01-01 15:00Z", a time in UTC, and the weekdays of the file do not show which day that is at the exchange
      hint: write the exchange's own dates, as 2024-03-28
    prices.parquet line 1 has date "null"; a date must be a day such as 2024-03-28
      hint: write dates as 2024-03-28
    prices.parquet line 1 has date "2147483647"; a date must be a day such as 2024-03-28
      hint: state csv.date_format in the study's [market]: "excel", "epoch" or "epoch_ms"
    asset spy is not in prices.parquet
      hint: did you mean SPY?
    "#);
}
