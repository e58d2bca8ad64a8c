use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray,
    TimestampNanosecondArray,
};
use parquet::arrow::ArrowWriter;

use super::*;

const JAN_2: i32 = 19_724; // 2024-01-02

fn table(columns: Vec<(&str, ArrayRef)>, wanted: &[&str]) -> Result<Table> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut file = tempfile::tempfile().unwrap();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let wanted: Vec<Ticker> = wanted.iter().map(|name| Ticker::new(name).unwrap()).collect();
    read("prices.parquet", &Data::File(file), &wanted)
}

fn days(values: Vec<i32>) -> ArrayRef {
    Arc::new(Date32Array::from(values))
}

fn floats(values: Vec<Option<f64>>) -> ArrayRef {
    Arc::new(Float64Array::from(values))
}

#[test]
fn dates_may_be_dates_timestamps_or_texts() {
    let expected = [Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
    let nanoseconds = [JAN_2, JAN_2 + 1].map(|day| i64::from(day) * 86_400_000_000_000);
    let columns: [ArrayRef; 3] = [
        days(vec![JAN_2, JAN_2 + 1]),
        Arc::new(TimestampNanosecondArray::from(nanoseconds.to_vec())),
        Arc::new(StringArray::from(vec!["2024-01-02", "20240103"])),
    ];
    for (column, name) in columns.into_iter().zip(["Date", "__index_level_0__", "date"]) {
        let spy = floats(vec![None, Some(f64::NAN)]);
        let qqq: ArrayRef = Arc::new(Int64Array::from(vec![3, 4]));
        let table = table(vec![("SPY", spy), (name, column), ("QQQ", qqq)], &["QQQ", "SPY"]);
        let table = table.unwrap();
        assert_eq!(table.dates, expected);
        assert_eq!(table.columns, [vec![Some(3.0), Some(4.0)], vec![None, None]]);
        assert_eq!(table.lines, [1, 2]);
    }
}

#[test]
fn each_fault_names_its_place() {
    let one = || floats(vec![Some(1.0)]);
    let noon: ArrayRef = Arc::new(TimestampNanosecondArray::from(vec![43_200_000_000_000]));
    let zoned = TimestampNanosecondArray::from(vec![0]).with_timezone("America/New_York");
    let flag: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    let absent: ArrayRef = Arc::new(Date32Array::from(vec![None]));
    let far = days(vec![i32::MAX]);
    let messages = [
        table(vec![("SPY", one())], &["SPY"]),
        table(vec![("date", days(vec![JAN_2])), ("SPY", flag)], &["SPY"]),
        table(vec![("date", one()), ("SPY", one())], &["SPY"]),
        table(vec![("date", noon), ("SPY", one())], &["SPY"]),
        table(vec![("date", Arc::new(zoned)), ("SPY", one())], &["SPY"]),
        table(vec![("date", absent), ("SPY", one())], &["SPY"]),
        table(vec![("date", far), ("SPY", one())], &["SPY"]),
        table(vec![("date", days(vec![JAN_2])), ("SPY", one())], &["spy"]),
    ]
    .map(|result| result.unwrap_err())
    .map(|error| format!("{error}\n  hint: {}", error.hint().unwrap()));
    insta::assert_snapshot!(messages.join("\n"), @r#"
    prices.parquet has no date column: none of its columns is named date
      hint: name the column of dates `date`; in a CSV file put it first and separate cells by commas
    prices.parquet column SPY has type Boolean; prices must be numbers
      hint: store prices as floats and dates as dates, then try again
    prices.parquet column date has type Float64; dates must be dates, timestamps without a time zone or texts
      hint: store prices as floats and dates as dates, then try again
    prices.parquet line 1 has date "43200000000000"; a date must be a day written 2024-03-28 or 20240328
      hint: write dates as 2024-03-28, without a time of day
    prices.parquet column date has type Timestamp(ns, "America/New_York"); dates must be dates, timestamps without a time zone or texts
      hint: store prices as floats and dates as dates, then try again
    prices.parquet line 1 has date "null"; a date must be a day written 2024-03-28 or 20240328
      hint: write dates as 2024-03-28, without a time of day
    prices.parquet line 1 has date "2147483647"; a date must be a day written 2024-03-28 or 20240328
      hint: write dates as 2024-03-28, without a time of day
    asset spy is not in prices.parquet
      hint: did you mean SPY?
    "#);
}
