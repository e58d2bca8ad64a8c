use super::*;
use crate::factors::table::Unit;
use crate::french;

/// A file of the library with a market return and a risk-free rate in percent, other factors 0.
fn table(rows: &[(&str, f64, f64)]) -> FactorTable {
    let row = |(date, market, risk_free): &(&str, f64, f64)| {
        format!("{date},{market},0.1,-0.2,{risk_free}\n")
    };
    let text = ",Mkt-RF,SMB,HML,RF\n".to_owned() + &rows.iter().map(row).collect::<String>();
    french::read("f.csv", &text, Unit::Percent).unwrap()
}

/// A row of each session of New York.
fn daily(first: Date, last: Date) -> FactorTable {
    let text = |date: &Date| date.strftime("%Y%m%d").to_string();
    let dates: Vec<String> = calendar::sessions(first, last).iter().map(text).collect();
    let rows: Vec<(&str, f64, f64)> = dates.iter().map(|date| (&date[..], 1.0, 0.1)).collect();
    table(&rows)
}

fn day(month: i8, day: i8) -> Date {
    Date::constant(2024, month, day)
}

fn aligned(table: &FactorTable, sessions: &[Date]) -> (Factors, Series) {
    align("f.csv", table, sessions).unwrap()
}

#[test]
fn a_row_for_each_session_is_taken_to_the_bit() {
    let table = table(&[("20240102", 0.37, 0.021), ("20240103", -0.8, 0.022)]);
    let (factors, cash) = aligned(&table, &[day(1, 2), day(1, 3)]);
    assert_eq!(factors.row(1), Some(&[-0.8 / 100.0, 0.1 / 100.0, -0.2 / 100.0][..]));
    assert_eq!((cash.value(0), cash.value(1)), (Some(0.021 / 100.0), Some(0.022 / 100.0)));
}

#[test]
fn the_rows_of_an_interval_are_compounded() {
    // The prices lack the session of 3 January: (2nd, 4th] has two rows.
    let table = table(&[("20240102", 0.0, 0.0), ("20240103", 1.0, 0.1), ("20240104", -2.0, 0.2)]);
    let (factors, cash) = aligned(&table, &[day(1, 2), day(1, 4)]);
    let risk_free = 1.001 * 1.002 - 1.0;
    let expected = [1.011 * 0.982 - 1.001 * 1.002, 1.001 * 1.001 - 1.0, 0.998 * 0.998 - 1.0];
    for (value, expected) in factors.row(1).unwrap().iter().zip(expected) {
        assert!((value - expected).abs() < 1e-15, "{value} {expected}");
    }
    assert!((cash.value(1).unwrap() - risk_free).abs() < 1e-15);
}

#[test]
fn monthly_prices_take_the_days_of_their_months() {
    let table = daily(day(1, 1), day(6, 28));
    // Calendar ends, some of them no sessions; the file ends with the last session of June.
    let sessions = [day(1, 31), day(2, 29), day(3, 31), day(4, 30), day(5, 31), day(6, 30)];
    let (factors, cash) = aligned(&table, &sessions);
    // The first session has no return; its row is its own.
    assert_eq!(factors.listing(), 0..6);
    // March 2024 had 20 sessions, June 19.
    for (row, days) in [(2, 20), (5, 19)] {
        assert!((cash.value(row).unwrap() - (1.001_f64.powi(days) - 1.0)).abs() < 1e-14, "{row}");
    }
}

#[test]
fn an_interval_that_the_file_covers_in_part_has_no_factors() {
    let table = daily(day(2, 15), day(5, 15));
    let sessions = [day(1, 31), day(2, 29), day(3, 28), day(4, 30), day(5, 31)];
    // February began before the file, May ended after it.
    assert_eq!(aligned(&table, &sessions).0.listing(), 2..4);
}

#[test]
fn monthly_files_serve_prices_at_month_ends_and_quarter_ends() {
    let rows =
        [("202401", 1.0, 0.1), ("202402", 2.0, 0.1), ("202403", 3.0, 0.1), ("202404", 4.0, 0.1)];
    let table = table(&rows);
    // The month before the first row ends it; 28 March is the last session of March.
    let sessions = [Date::constant(2023, 12, 29), day(1, 31), day(2, 29), day(3, 28), day(4, 30)];
    let (factors, _) = aligned(&table, &sessions);
    assert_eq!(factors.listing(), 1..5);
    assert_eq!(factors.market_excess(3), Some(0.03));
    let (factors, _) = aligned(&table, &[Date::constant(2023, 12, 29), day(3, 28)]);
    let expected = 1.011 * 1.021 * 1.031 - 1.001_f64.powi(3);
    assert!((factors.market_excess(1).unwrap() - expected).abs() < 1e-15);
}

#[test]
fn weekly_files_serve_prices_of_their_weeks() {
    let rows = ["20240105", "20240112", "20240119", "20240126", "20240202", "20240209"];
    let table = table(&rows.map(|date| (date, 1.0, 0.1)));
    assert_eq!(table.step, Step::Week);
    let (factors, _) = aligned(&table, &[day(1, 5), day(1, 11), day(1, 19), day(2, 2)]);
    assert_eq!((factors.listing(), factors.market_excess(1)), (1..4, Some(0.01)));
}

#[test]
fn what_is_missing_inside_is_named() {
    let error = |table: &FactorTable, sessions: &[Date]| {
        let error = align("f.csv", table, sessions).unwrap_err();
        error.to_string()
    };
    let march = calendar::sessions(day(3, 1), day(3, 28));
    let mut hole = daily(day(1, 2), day(6, 28));
    let at = hole.dates.binary_search(&day(3, 13)).unwrap();
    hole.dates.remove(at);
    hole.rows.remove(at);
    let mut code = daily(day(1, 2), day(6, 28));
    code.rows[at][1] = None;
    let months = [day(1, 31), day(2, 29), day(3, 28), day(4, 30)];
    let gap = table(&[("202401", 1.0, 0.1), ("202403", 1.0, 0.1), ("202404", 1.0, 0.1)]);
    let quarters = [Date::constant(2023, 12, 29), day(1, 31), day(3, 28), day(4, 30)];
    let coarse = table(&[("202401", 1.0, 0.1), ("202402", 1.0, 0.1), ("202403", 1.0, 0.1)]);
    let late = daily(day(1, 2), day(2, 28));
    let messages = [
        error(&hole, &march),
        error(&hole, &months),
        error(&code, &months),
        error(&gap, &quarters),
        error(&coarse, &march),
        error(&late, &march),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    f.csv has no row after 2024-03-12 and up to 2024-03-13, for the return of 2024-03-13
    f.csv has no row between 2024-03-12 and 2024-03-14, for the return of 2024-03-28
    f.csv has no SMB on 2024-03-13, for the return of 2024-03-28
    f.csv has no row between 2024-01-31 and 2024-03-31, for the return of 2024-03-28
    f.csv holds monthly returns, and the prices step from 2024-03-01 to 2024-03-04: none of its rows covers that
    f.csv (from 2024-01-02 to 2024-02-28) has no session in common with the prices (from 2024-03-01 to 2024-03-28)
    ");
}
