use walkfolio_columns::{Column, write};
use walkfolio_core::Date;

use super::*;
use crate::Quantity;

fn place(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("walkfolio-book-{name}-{}", std::process::id()))
}

fn read(name: &str, accounts: &str, positions: &str) -> Result<AccountBook> {
    let (a, b) = (place(&format!("{name}-a.csv")), place(&format!("{name}-b.csv")));
    std::fs::write(&a, accounts).unwrap();
    std::fs::write(&b, positions).unwrap();
    AccountBook::read(&a, &b)
}

fn shares(book: &AccountBook, at: usize) -> Vec<(String, Quantity)> {
    book.holdings(at).positions.into_iter().map(|own| (own.ticker, own.held)).collect()
}

const ACCOUNTS: &str = "account,cash,exclude,max_turnover,max_gains,as_of\n\
    C,,XLE;XLF,0.1,,2024-05-17\nA,100,,,,\nB,-5,,,2000,\n";
const POSITIONS: &str = "account,ticker,shares,cost_basis,date,min,max\n\
    B,XLE,10,500,2020-01-02,,\nC,XLK,7,,,,0.2\nB,CASH,40,,,,\nB,XLE,5,400,2021-01-02,,\nC,XLF,,,,0.05,\nZ,XLE,1,,,,\n";

#[test]
fn accounts_come_by_name_with_lots_bounds_and_cash() {
    let book = read("all", ACCOUNTS, POSITIONS).unwrap();
    let names: Vec<&str> = book.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!(shares(&book, 0), []);
    let two = [10.0, 5.0].map(|own| ("XLE".to_owned(), Quantity::Shares(own)));
    assert_eq!(shares(&book, 1), two);
    assert_eq!((book.holdings(1).cash, book.entries[1].cash), (Some(40.0), Some(-5.0)));
    let lots = book.lots(1).unwrap().positions;
    assert_eq!((lots[1].cost_basis, lots[1].line), (Some(400.0), 5));
    assert_eq!(lots[0].acquired, Some(Date::constant(2020, 1, 2)));
    assert!(book.lots(0).is_none());
    let bounds: Vec<_> = book.bounds(2).collect();
    assert_eq!(bounds, [("XLK", None, Some(0.2), 3), ("XLF", Some(0.05), None, 6)]);
    // A line that only bounds is no position.
    assert_eq!(shares(&book, 2), [("XLK".to_owned(), Quantity::Shares(7.0))]);
    let own = &book.entries[2];
    assert_eq!(
        (&own.exclude[..], own.max_turnover),
        (&["XLE".to_owned(), "XLF".to_owned()][..], Some(0.1))
    );
    assert_eq!(own.as_of, Some(Date::constant(2024, 5, 17)));
    let note = &book.notes[0].message;
    assert!(note.starts_with("1 lines of ") && note.ends_with("left alone: Z"), "{note}");
}

/// 5 of XLK sold in May are nothing that is held: neither a short position nor less than the 10 that are.
#[test]
fn a_sale_is_a_lot_and_not_held() {
    let positions = "account,ticker,shares,cost_basis,date,price\nA,XLK,10,2000,2020-01-02,\nA,XLK,-5,1500,2025-05-20,200\nA,XLE,-7,,,\n";
    let book = read("sale", "account,cash\nA,100\n", positions).unwrap();
    let own = |ticker: &str, shares| (ticker.to_owned(), Quantity::Shares(shares));
    assert_eq!(shares(&book, 0), [own("XLK", 10.0), own("XLE", -7.0)]);
    let lots = book.lots(0).unwrap().positions;
    assert_eq!((lots.len(), lots[1].held, lots[1].price), (2, Quantity::Shares(-5.0), Some(200.0)));
}

#[test]
fn parquet_has_the_same_accounts() {
    let (a, b) = (place("p-a.parquet"), place("p-b.parquet"));
    let accounts = [
        Column::integers("account", [Some(7), Some(3)]),
        Column::numbers("cash", [Some(1.5), None]),
    ];
    std::fs::write(&a, write(&accounts, "a test").unwrap()).unwrap();
    let positions = [
        Column::integers("account", [Some(3), Some(7)]),
        Column::texts("ticker", [Some("XLE"), Some("XLF")]),
        Column::numbers("shares", [Some(2.0), None]),
        Column::dates("date", [Some(Date::constant(2020, 1, 2)), None]),
    ];
    std::fs::write(&b, write(&positions, "a test").unwrap()).unwrap();
    let book = AccountBook::read(&a, &b).unwrap();
    assert_eq!((book.entries[0].id.as_str(), book.entries[1].cash), ("3", Some(1.5)));
    assert_eq!(book.lots(0).unwrap().positions[0].acquired, Some(Date::constant(2020, 1, 2)));
    let (what, hint) = book.entries[1].fault.clone().unwrap();
    assert!(what.ends_with("line 3, column shares, has \"\": it must be a number"), "{what}");
    assert!(hint.starts_with("correct the cell"));
}

#[test]
fn what_cannot_be_read_is_a_fault_of_its_account_or_of_the_file() {
    let book =
        read("bad", "account,cash\nA,much\nB,1\n", "account,ticker,shares,price\nB,XLE,1,0\n")
            .unwrap();
    let fault = |at: usize| book.entries[at].fault.clone().unwrap().0;
    assert!(
        fault(0).ends_with("line 2, column cash, has \"much\": it must be a number"),
        "{}",
        fault(0)
    );
    assert!(
        fault(1).ends_with("line 2, column price, has \"0\": it must be above 0"),
        "{}",
        fault(1)
    );
    let message = |name: &str, a: &str, b: &str| read(name, a, b).unwrap_err().to_string();
    let twice = message("twice", "account\nA\nB\nA\n", "account,ticker,shares\n");
    assert!(twice.contains("line 4") && twice.contains("each account has one line"), "{twice}");
    let none = message("none", "name,cash\nA,1\n", "account,ticker,shares\n");
    assert!(none.ends_with("has no column account; it has name, cash"), "{none}");
    let nobody = message("nobody", "account\nA\n", "account,ticker,shares\n,XLE,4\n");
    assert!(nobody.contains("every line needs the name of its account"), "{nobody}");
}
