//! What columns of dates are called, and columns without a name.

/// What columns of dates are called, in lower case.
const DATE_NAMES: &[&str] = &[
    "date",
    "datetime",
    "timestamp",
    "time",
    "datum",
    "fecha",
    "data",
    "observation_date",
    "dates",
    "trade date",
    "trade_date",
    "tradedate",
    "trading date",
    "exchange date",
    "price date",
    "day",
    "open_time",
    "open time",
    "dátum",
    "tarih",
    "__index_level_0__",
    "datadate",
];

/// Whether a column of this name may hold the dates.
pub(crate) fn is_date_name(name: &str) -> bool {
    let name = name.trim_start_matches('<').trim_end_matches('>').to_lowercase();
    DATE_NAMES.contains(&name.as_str())
}

/// The names that tables get where an index or a counter had none.
pub(crate) fn is_unnamed(name: &str) -> bool {
    name.is_empty() || name.starts_with("Unnamed:") || ["index", "level_0"].contains(&name)
}
