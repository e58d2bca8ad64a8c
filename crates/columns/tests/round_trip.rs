//! What is written is read again, bit for bit; what is damaged is an error.
#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

use bytes::Bytes;
use proptest::prelude::*;
use walkfolio_columns::{Column, Error, Kind, Table, Unit, Values, date_of, days_of, write};

/// All rows of a file.
fn read(bytes: Vec<u8>) -> Result<Vec<Column>, Error> {
    let table = Table::open(Bytes::from(bytes))?;
    let places: Vec<usize> = (0..table.names().count()).collect();
    let mut all: Vec<Column> = Vec::new();
    for piece in table.pieces(&places) {
        let piece = piece?;
        if all.is_empty() {
            all = piece;
            continue;
        }
        for (column, more) in all.iter_mut().zip(piece) {
            match (&mut column.values, more.values) {
                (Values::Flags(all), Values::Flags(more)) => all.extend(more),
                (Values::Integers(all), Values::Integers(more)) => all.extend(more),
                (Values::Numbers(all), Values::Numbers(more)) => all.extend(more),
                (Values::Bytes(all), Values::Bytes(more)) => all.extend(more),
                (values, more) => unreachable!("{values:?} and {more:?}"),
            }
        }
    }
    Ok(all)
}

fn shown(columns: &[Column]) -> Vec<String> {
    let column = |column: &Column| {
        let bits = |numbers: &Vec<Option<f64>>| -> Vec<Option<u64>> {
            numbers.iter().map(|number| number.map(f64::to_bits)).collect()
        };
        let values = match &column.values {
            Values::Numbers(numbers) => format!("{:?}", bits(numbers)),
            values => format!("{values:?}"),
        };
        format!("{} {} {values}", column.name, column.kind)
    };
    columns.iter().map(column).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_is_read_again(
        rows in prop::collection::vec(
            (any::<Option<u64>>(), any::<Option<i64>>(), any::<Option<bool>>(), "[a-zü ]{0,6}", any::<u32>()),
            0..300,
        ),
        // Longer than a piece, and than the pages of a column.
        times in 1_usize..40,
    ) {
        let rows: Vec<_> = (0..times).flat_map(|_| rows.iter().cloned()).collect();
        let text = |row: &usize| (!row.is_multiple_of(3)).then(|| rows[*row].3.as_str());
        let columns = [
            Column::numbers("number", rows.iter().map(|row| row.0.map(f64::from_bits))),
            Column::integers("integer", rows.iter().map(|row| row.1)),
            Column::flags("flag", rows.iter().map(|row| row.2)),
            Column::texts("text", (0..rows.len()).map(|row| text(&row))),
            Column::bytes("bytes", (0..rows.len()).map(|row| text(&row).map(str::as_bytes))),
            Column::counts("count", rows.iter().map(|row| row.4)),
            Column::long_counts("long", rows.iter().map(|row| u64::MAX - u64::from(row.4))),
            Column::dates("date", rows.iter().map(|row| date_of(i64::from(row.4 % 40_000)))).required(),
            Column::times("time", (Unit::Microseconds, false), rows.iter().map(|row| row.1)),
        ];
        let bytes = write(&columns, "a test").unwrap();
        prop_assert_eq!(&bytes, &write(&columns, "a test").unwrap());
        let found = read(bytes).unwrap();
        if rows.is_empty() {
            prop_assert!(found.is_empty());
        } else {
            prop_assert_eq!(shown(&found), shown(&columns));
        }
    }

    #[test]
    fn a_damaged_file_is_an_error_or_a_table(at in 0_usize..2_000, byte in any::<u8>(), cut in any::<bool>()) {
        let number = |row: usize| (!row.is_multiple_of(5)).then_some((row % 7) as f64);
        let columns = [
            Column::numbers("number", (0..200).map(number)),
            Column::texts("text", (0..200).map(|row| Some(["a", "bc"][row % 2]))),
        ];
        let mut bytes = write(&columns, "a test").unwrap();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        // Whatever it is, it neither panics nor takes memory that it does not fill.
        if let Ok(found) = read(bytes) {
            prop_assert!(found.iter().all(|column| column.values.len() <= 200_000));
        }
    }
}

#[test]
fn columns_of_one_table_are_of_one_length() {
    let columns = [Column::numbers("a", [None, None]), Column::numbers("b", [None])];
    let error = write(&columns, "a test").unwrap_err();
    assert_eq!(error.to_string(), "column b has 1 rows, the table 2");
}

#[test]
fn what_is_not_read_is_named() {
    let mut column = Column::numbers("a", [None]);
    column.kind = Kind::Other("Decimal".to_owned());
    assert_eq!(write(&[column], "a test").unwrap_err().to_string(), "column a has type Decimal");
}

#[test]
fn days_are_counted_from_1970_both_ways() {
    for days in [-141_427, -1, 0, 1, 19_724] {
        assert_eq!(days_of(date_of(days).unwrap()), days);
    }
    assert_eq!(date_of(i64::MAX), None);
}
