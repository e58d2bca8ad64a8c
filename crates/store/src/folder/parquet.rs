//! Tables as Parquet: zstd, dates as midnights without a time zone, no clock and no machine in the bytes.

use std::fs::File;
use std::path::Path;

use walkfolio_columns::{Column, Kind};
use walkfolio_core::Date;

use crate::{Error, Result};
use walkfolio_record::{ACCOUNT, GridRun, WITHOUT_COSTS};
use walkfolio_record::{DecisionRow, LedgerRow, ReturnRow, TimingRow};
use walkfolio_study::Swept;

pub(super) fn decisions(rows: &[DecisionRow]) -> Result<Vec<u8>> {
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        Column::sessions("traded", rows.iter().map(|row| Some(row.traded))),
        Column::texts("asset", rows.iter().map(|row| Some(row.asset.as_str()))),
        Column::numbers("weight", rows.iter().map(|row| Some(row.weight))),
        Column::numbers("drifted", rows.iter().map(|row| Some(row.drifted))),
        Column::flags("selected", rows.iter().map(|row| row.selected)),
        Column::numbers("probability", rows.iter().map(|row| row.probability)),
    ])
}

pub(super) fn ledger(rows: &[LedgerRow]) -> Result<Vec<u8>> {
    write(&ledger_columns(&rows.iter()))
}

pub(super) fn grid_ledger(grid: &GridRun) -> Result<Vec<u8>> {
    let rows = || grid.ledger.iter().map(|(_, row)| row);
    let cells = grid.ledger.iter().map(|(at, _)| at.and_then(number));
    let mut columns = vec![Column::integers("cell", cells)];
    columns.extend(ledger_columns(&rows()));
    write(&columns)
}

/// The number of a cell, from 1 on, in each table that names it.
pub(super) fn number(at: usize) -> Option<i64> {
    i64::try_from(at + 1).ok()
}

fn ledger_columns<'a>(rows: &(impl Iterator<Item = &'a LedgerRow> + Clone)) -> Vec<Column> {
    let texts =
        |name, pick: fn(&LedgerRow) -> Option<&str>| Column::texts(name, rows.clone().map(pick));
    vec![
        Column::sessions("date", rows.clone().map(|row| row.date)),
        texts("kind", |row| Some(&row.kind)),
        texts("solver", |row| row.solver.as_deref()),
        texts("status", |row| row.status.as_deref()),
        Column::numbers("objective", rows.clone().map(|row| row.objective)),
        Column::numbers("bound", rows.clone().map(|row| row.bound)),
        Column::numbers("gap", rows.clone().map(|row| row.gap)),
        texts("message", |row| Some(&row.message)),
    ]
}

pub(super) fn timings(rows: &[TimingRow]) -> Result<Vec<u8>> {
    let counts = |name, pick: fn(&TimingRow) -> u32| Column::counts(name, rows.iter().map(pick));
    let longs =
        |name, pick: fn(&TimingRow) -> u64| Column::long_counts(name, rows.iter().map(pick));
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        longs("micros", |row| row.micros),
        counts("iterations", |row| row.iterations),
        counts("pivots", |row| row.pivots),
        longs("nodes", |row| row.nodes),
    ])
}

pub(super) fn returns(rows: &[ReturnRow]) -> Result<Vec<u8>> {
    let numbers =
        |name, pick: fn(&ReturnRow) -> Option<f64>| Column::numbers(name, rows.iter().map(pick));
    write(&[
        Column::sessions("date", rows.iter().map(|row| Some(row.date))),
        numbers("portfolio", |row| Some(row.portfolio)),
        numbers("gross", |row| Some(row.gross)),
        numbers("benchmark", |row| row.benchmark),
        numbers("cash", |row| row.cash),
        numbers("turnover", |row| Some(row.turnover)),
        numbers("cost", |row| Some(row.cost)),
    ])
}

/// One row per cell: its number, the swept keys, how it ended, then the measures, regimes prefixed.
pub(super) fn grid(grid: &GridRun) -> Result<Vec<u8>> {
    let mut columns = vec![Column::integers("cell", (0..grid.cells.len()).map(number))];
    for (index, key) in grid.keys.iter().enumerate() {
        let values = || grid.cells.iter().map(move |cell| &cell.settings[index]);
        columns.push(match Swept::of(values()) {
            Swept::Integers => Column::integers(key, values().map(serde_json::Value::as_i64)),
            Swept::Numbers => Column::numbers(key, values().map(serde_json::Value::as_f64)),
            Swept::Texts => {
                let texts: Vec<String> = values().map(Swept::text).collect();
                Column::texts(key, texts.iter().map(|text| Some(text.as_str())))
            }
        });
    }
    let cells = &grid.cells;
    columns.push(Column::texts("status", cells.iter().map(|cell| Some(cell.status.as_str()))));
    columns.push(Column::texts("message", cells.iter().map(|cell| cell.message.as_deref())));
    columns.push(Column::sessions("first_decision", cells.iter().map(|cell| cell.first)));
    for key in grid.measure_keys() {
        columns.push(Column::numbers(&key, cells.iter().map(|cell| cell.measure(&key))));
    }
    write(&columns)
}

/// The measures of cells as a long table: a row for each cell, measure and period that has a value.
pub(super) fn cells(grid: &GridRun) -> Result<Vec<u8>> {
    let keys = grid.measure_keys();
    let parts: Vec<(String, &str)> = keys.iter().map(|key| in_period(key)).collect();
    let mut rows = Vec::new();
    for (at, cell) in grid.cells.iter().enumerate() {
        for (key, (measure, period)) in keys.iter().zip(&parts) {
            if let Some(value) = cell.measure(key) {
                rows.push((at, measure.as_str(), *period, value));
            }
        }
    }
    write(&[
        Column::integers("cell", rows.iter().map(|row| number(row.0))),
        Column::texts("measure", rows.iter().map(|row| Some(row.1))),
        Column::texts("period", rows.iter().map(|row| Some(row.2))),
        Column::numbers("value", rows.iter().map(|row| Some(row.3))),
    ])
}

/// The measure and the period of a key of [`GridRun::measure_keys`]; `without_costs.` and `account.` stay with the
/// measure.
fn in_period(key: &str) -> (String, &str) {
    let before = [WITHOUT_COSTS, ACCOUNT].into_iter().find(|before| key.starts_with(before));
    let (before, rest) = key.split_at(before.map_or(0, str::len));
    let (period, measure) = rest.split_once('.').unwrap_or(("full", rest));
    (format!("{before}{measure}"), period)
}

pub(super) fn read_decisions(path: &Path) -> Result<Vec<DecisionRow>> {
    read(path, |row| {
        Ok(DecisionRow {
            date: row.date("date")?,
            traded: row.date("traded")?,
            asset: row.text("asset")?,
            weight: row.number("weight")?,
            drifted: row.number("drifted")?,
            selected: row.flag_if_any("selected")?,
            probability: row.number_if_any("probability")?,
        })
    })
}

pub(super) fn read_ledger(path: &Path) -> Result<Vec<LedgerRow>> {
    read(path, ledger_row)
}

/// Each row of a grid's ledger, with the cell that it belongs to.
pub(super) fn read_grid_ledger(
    path: &Path,
    cells: usize,
) -> Result<Vec<(Option<usize>, LedgerRow)>> {
    read(path, |row| {
        let known = |cell: i64| {
            let at = usize::try_from(cell).ok().and_then(|cell| cell.checked_sub(1));
            let what = || format!("it is {cell}; the grid has cells 1 to {cells}");
            at.filter(|at| *at < cells).ok_or_else(|| row.bad("cell", what()))
        };
        Ok((row.integer_if_any("cell")?.map(known).transpose()?, ledger_row(row)?))
    })
}

fn ledger_row(row: &Row<'_>) -> Result<LedgerRow> {
    let read = LedgerRow {
        date: row.date_if_any("date")?,
        kind: row.text("kind")?,
        solver: row.text_if_any("solver")?,
        status: row.text_if_any("status")?,
        objective: row.number_if_any("objective")?,
        bound: row.bound_if_any("bound")?,
        gap: row.bound_if_any("gap")?,
        message: row.text("message")?,
    };
    if read.kind != "solve" && read.note().is_none() {
        return Err(row.bad("kind", format!("it is {:?}, which no row of a ledger is", read.kind)));
    }
    Ok(read)
}

pub(super) fn read_timings(path: &Path) -> Result<Vec<TimingRow>> {
    read(path, |row| {
        Ok(TimingRow {
            date: row.date("date")?,
            micros: row.count_u64("micros")?,
            iterations: row.count_u32("iterations")?,
            pivots: row.count_u32("pivots")?,
            nodes: row.count_u64("nodes")?,
        })
    })
}

pub(super) fn read_returns(path: &Path) -> Result<Vec<ReturnRow>> {
    read(path, |row| {
        Ok(ReturnRow {
            date: row.date("date")?,
            portfolio: row.number("portfolio")?,
            gross: row.number("gross")?,
            benchmark: row.number_if_any("benchmark")?,
            cash: row.number_if_any("cash")?,
            turnover: row.number("turnover")?,
            cost: row.number("cost")?,
        })
    })
}

pub(super) fn write(columns: &[Column]) -> Result<Vec<u8>> {
    let program = format!("walkfolio {}", env!("CARGO_PKG_VERSION"));
    walkfolio_columns::write(columns, &program)
        .map_err(|error| Error::file("encode", "parquet table", &error))
}

/// The names of a table's columns, in order.
pub(super) fn column_names(path: &Path) -> Result<Vec<String>> {
    Ok(open(path)?.names().map(str::to_owned).collect())
}

fn open(path: &Path) -> Result<walkfolio_columns::Table<File>> {
    let failed = |error: &dyn std::fmt::Display| Error::file("read", path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    walkfolio_columns::Table::open(file).map_err(|error| failed(&error))
}

/// A row of a table, with the file that it is from: every value that is damaged is an error that names
/// file, row and column. Rows count from 0.
pub(super) struct Row<'a> {
    path: &'a Path,
    columns: &'a [Column],
    /// Its position in `columns`, which may begin in the middle of the file.
    at: usize,
    /// Its number in the file.
    index: usize,
}

impl<'a> Row<'a> {
    /// Its number in the file, from 0 on.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// This row is damaged in a column.
    pub(super) fn bad(&self, column: &str, reason: impl Into<String>) -> Error {
        let (path, column) = (self.path.to_owned(), column.to_owned());
        Error::Damaged { path, row: Some(self.index), column, reason: reason.into() }
    }

    /// The column, whose value in this row may be empty.
    fn column(&self, name: &str, kind: &Kind) -> Result<&'a Column> {
        let bad = |reason| {
            let (path, column) = (self.path.to_owned(), name.to_owned());
            Error::Damaged { path, row: None, column, reason }
        };
        let found = self.columns.iter().find(|column| column.name == name);
        let found = found.ok_or_else(|| bad("it is missing".to_owned()))?;
        if found.kind == *kind {
            return Ok(found);
        }
        Err(bad(format!("its type is {}, not {kind}", found.kind)))
    }

    /// A value that no row lacks.
    fn required<T>(&self, name: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| self.bad(name, "it is empty"))
    }

    /// A value that cannot be read is not one that is absent.
    fn readable<T>(&self, column: &Column, value: Option<T>) -> Result<Option<T>> {
        if value.is_none() && column.values.is_present(self.at) {
            return Err(self.bad(&column.name, format!("it is not a {}", column.kind)));
        }
        Ok(value)
    }

    pub(super) fn number(&self, name: &str) -> Result<f64> {
        self.required(name, self.number_if_any(name)?)
    }

    /// A number, which is finite.
    pub(super) fn number_if_any(&self, name: &str) -> Result<Option<f64>> {
        match self.bound_if_any(name)? {
            Some(value) if value.is_infinite() => Err(self.not_finite(name, value)),
            value => Ok(value),
        }
    }

    /// A number that may be infinite, as the bound of a search that was stopped early is.
    pub(super) fn bound_if_any(&self, name: &str) -> Result<Option<f64>> {
        match self.column(name, &Kind::Float64)?.number(self.at) {
            Some(value) if value.is_nan() => Err(self.not_finite(name, value)),
            value => Ok(value),
        }
    }

    fn not_finite(&self, name: &str, value: f64) -> Error {
        self.bad(name, format!("{value} is not a finite number"))
    }

    pub(super) fn integer_if_any(&self, name: &str) -> Result<Option<i64>> {
        Ok(self.column(name, &Kind::Int64)?.integer(self.at))
    }

    /// A count of 32 bits.
    pub(super) fn count_u32(&self, name: &str) -> Result<u32> {
        let count = self.column(name, &Kind::UInt32)?.integer(self.at);
        self.required(name, count.and_then(|count| u32::try_from(count).ok()))
    }

    /// A count of 64 bits.
    pub(super) fn count_u64(&self, name: &str) -> Result<u64> {
        let count = self.column(name, &Kind::UInt64)?.integer(self.at);
        self.required(name, count.map(i64::cast_unsigned))
    }

    pub(super) fn text(&self, name: &str) -> Result<String> {
        self.required(name, self.text_if_any(name)?)
    }

    pub(super) fn text_if_any(&self, name: &str) -> Result<Option<String>> {
        let column = self.column(name, &Kind::Text)?;
        self.readable(column, column.text(self.at).map(str::to_owned))
    }

    pub(super) fn flag_if_any(&self, name: &str) -> Result<Option<bool>> {
        Ok(self.column(name, &Kind::Boolean)?.flag(self.at))
    }

    pub(super) fn date(&self, name: &str) -> Result<Date> {
        self.required(name, self.date_if_any(name)?)
    }

    pub(super) fn date_if_any(&self, name: &str) -> Result<Option<Date>> {
        let column = self.column(name, &Column::SESSION)?;
        self.readable(column, column.date(self.at))
    }
}

/// A word of a list, or the row is damaged.
pub(super) fn word<T: Copy>(
    row: &Row<'_>,
    column: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T> {
    let text = row.text(column)?;
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| row.bad(column, format!("it is {text:?}, which is none of its words")))
}

/// The rows of a file, each as `row` makes it.
pub(super) fn read<T>(path: &Path, row: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    let table = open(path)?;
    let places: Vec<usize> = (0..table.names().count()).collect();
    let mut rows = Vec::new();
    for piece in table.pieces(&places) {
        let columns = piece.map_err(|error| Error::file("read", path, &error))?;
        let length = columns.first().map_or(0, |column| column.values.len());
        for at in 0..length {
            rows.push(row(&Row { path, columns: &columns, at, index: rows.len() })?);
        }
    }
    Ok(rows)
}
