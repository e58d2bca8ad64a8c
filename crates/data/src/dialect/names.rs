//! What columns of dates and columns of row numbers are called, and columns without a name.

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

/// What columns of row numbers are called, in lower case.
const COUNTER_NAMES: &[&str] = &[
    "index",
    "level_0",
    "#",
    "id",
    "row",
    "row_id",
    "row_number",
    "rownames",
    "no",
    "no.",
    "nr",
    "nr.",
    "n",
    "obs",
];

/// Whether a column has no name that data could go by; pandas writes one in its place.
pub(crate) fn is_unnamed(name: &str) -> bool {
    name.is_empty() || name.starts_with("Unnamed:")
}

/// Whether a column of this name may number the rows; its cells say whether it does.
pub(super) fn may_number(name: &str) -> bool {
    COUNTER_NAMES.contains(&name.to_lowercase().as_str())
}

/// Whether the first cell of a header may be that of an index or of row numbers.
pub(super) fn is_index(name: &str) -> bool {
    is_unnamed(name) || may_number(name)
}
