//! The grammar of CSV files: forms that are inferred, and forms that are stated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use walkfolio_core::Universe;
use walkfolio_data::quality::inspect;
use walkfolio_data::{CsvForm, DateOrder, Decimal, FileRequest, read_from, read_request};

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else { return };
    let inferred = read_from("x.csv", text);
    if let Ok(panel) = &inferred {
        assert!(panel.columns.iter().all(|column| column.prices.len() == panel.dates.len()));
        assert_eq!(inspect(panel).rows, panel.dates.len());
    }
    let order = [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst), Some(DateOrder::YearFirst)];
    let decimal = [None, Some(Decimal::Point), Some(Decimal::Comma)];
    let format = [None, Some("excel"), Some("epoch"), Some("epoch_ms"), Some("%d.%m.%Y")];
    let choice = usize::from(choice);
    let csv = CsvForm {
        delimiter: None,
        date_order: order[choice % 4],
        decimal: decimal[choice / 4 % 3],
        date_format: format[choice / 12 % 5].map(str::to_owned),
    };
    let path = std::env::temp_dir().join(format!("walkfolio-fuzz-dialect-{}.csv", std::process::id()));
    let Ok(assets) = Universe::new(["AAA"]) else { return };
    if std::fs::write(&path, text).is_ok() {
        let _ = read_request(&FileRequest { csv, ..FileRequest::new(path, assets) });
    }
});
