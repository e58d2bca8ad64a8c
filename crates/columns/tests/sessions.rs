//! Sessions are midnights without a time zone, and are read as the days that they are.

#![allow(clippy::unwrap_used, missing_docs)] // a test says what went wrong by failing

use walkfolio_columns::{Column, Kind, Table, Unit, write};
use walkfolio_core::Date;

#[test]
fn sessions_are_midnights_and_read_as_days() {
    let days = [Some(Date::constant(1969, 12, 31)), None, Some(Date::constant(2024, 2, 29))];
    let bytes = write(&[Column::sessions("date", days)], "test").unwrap();
    let read = Table::open(bytes::Bytes::from(bytes)).unwrap().whole().unwrap();
    assert_eq!(read[0].kind, Kind::Timestamp { unit: Unit::Milliseconds, zoned: false });
    assert_eq!((read[0].integer(0), read[0].integer(1)), (Some(-86_400_000), None));
    assert_eq!([0, 1, 2].map(|row| read[0].date(row)), days);
    // A time of day is no session.
    let noon = Column::times("date", (Unit::Milliseconds, false), [Some(43_200_000)]);
    assert_eq!(noon.date(0), None);
}
