//! Tables as Parquet: zstd, dates as `date32`, no clock and no machine in the bytes.

use std::fs::File;
use std::path::Path;

use walkfolio_columns::{Column, Kind};
use walkfolio_core::Date;

use crate::{Error, Result};
use walkfolio_record::GridRun;
use walkfolio_record::{DecisionRow, LedgerRow, ReturnRow, TimingRow};
use walkfolio_study::Swept;

pub(super) fn decisions(rows: &[DecisionRow]) -> Result<Vec<u8>> {
    write(&[
        Column::dates("date", rows.iter().map(|row| Some(row.date))),
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
    let cell = |cell: &Option<usize>| cell.and_then(|cell| i64::try_from(cell).ok());
    let cells = grid.ledger.iter().map(|(number, _)| cell(number));
    let mut columns = vec![Column::integers("cell", cells)];
    columns.extend(ledger_columns(&rows()));
    write(&columns)
}

fn ledger_columns<'a>(rows: &(impl Iterator<Item = &'a LedgerRow> + Clone)) -> Vec<Column> {
    let texts =
        |name, pick: fn(&LedgerRow) -> Option<&str>| Column::texts(name, rows.clone().map(pick));
    vec![
        Column::dates("date", rows.clone().map(|row| row.date)),
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
        Column::dates("date", rows.iter().map(|row| Some(row.date))),
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
        Column::dates("date", rows.iter().map(|row| Some(row.date))),
        numbers("portfolio", |row| Some(row.portfolio)),
        numbers("gross", |row| Some(row.gross)),
        numbers("benchmark", |row| row.benchmark),
        numbers("cash", |row| row.cash),
        numbers("turnover", |row| Some(row.turnover)),
        numbers("cost", |row| Some(row.cost)),
    ])
}

/// One row per cell: the swept keys, how it ended, then the measures, regimes prefixed.
pub(super) fn grid(grid: &GridRun) -> Result<Vec<u8>> {
    let mut columns = Vec::new();
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
    columns.push(Column::dates("first_decision", cells.iter().map(|cell| cell.first)));
    for key in grid.measure_keys() {
        columns.push(Column::numbers(&key, cells.iter().map(|cell| cell.measure(&key))));
    }
    write(&columns)
}

pub(super) fn read_decisions(path: &Path) -> Result<Vec<DecisionRow>> {
    read(path, |table, row| {
        Ok(DecisionRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            asset: table.text("asset", row)?.unwrap_or_default(),
            weight: table.number("weight", row)?.ok_or_else(|| table.bad("weight"))?,
            drifted: table.number("drifted", row)?.ok_or_else(|| table.bad("drifted"))?,
            selected: table.flag("selected", row)?,
            probability: table.number("probability", row)?,
        })
    })
}

pub(super) fn read_ledger(path: &Path) -> Result<Vec<LedgerRow>> {
    read(path, |table, row| {
        Ok(LedgerRow {
            date: table.date("date", row)?,
            kind: table.text("kind", row)?.unwrap_or_default(),
            solver: table.text("solver", row)?,
            status: table.text("status", row)?,
            objective: table.number("objective", row)?,
            bound: table.number("bound", row)?,
            gap: table.number("gap", row)?,
            message: table.text("message", row)?.unwrap_or_default(),
        })
    })
}

pub(super) fn read_timings(path: &Path) -> Result<Vec<TimingRow>> {
    read(path, |table, row| {
        let count = |name| table.count_u32(name, row);
        Ok(TimingRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            micros: table.count_u64("micros", row)?,
            iterations: count("iterations")?,
            pivots: count("pivots")?,
            nodes: table.count_u64("nodes", row)?,
        })
    })
}

pub(super) fn read_returns(path: &Path) -> Result<Vec<ReturnRow>> {
    read(path, |table, row| {
        let number = |name| table.number(name, row)?.ok_or_else(|| table.bad(name));
        Ok(ReturnRow {
            date: table.date("date", row)?.ok_or_else(|| table.bad("date"))?,
            portfolio: number("portfolio")?,
            gross: number("gross")?,
            benchmark: table.number("benchmark", row)?,
            cash: table.number("cash", row)?,
            turnover: number("turnover")?,
            cost: number("cost")?,
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

/// Some rows of a table, with the file that they are from.
pub(super) struct Table<'a> {
    path: &'a Path,
    columns: Vec<Column>,
}

impl Table<'_> {
    pub(super) fn bad(&self, name: &str) -> Error {
        let reason = format!("column {name} is missing, empty or of another type");
        Error::file("read", self.path, &reason)
    }

    fn column(&self, name: &str, kind: &Kind) -> Result<&Column> {
        let found = self.columns.iter().find(|column| column.name == name);
        found.filter(|column| column.kind == *kind).ok_or_else(|| self.bad(name))
    }

    pub(super) fn number(&self, name: &str, row: usize) -> Result<Option<f64>> {
        Ok(self.column(name, &Kind::Float64)?.number(row))
    }

    pub(super) fn integer(&self, name: &str, row: usize) -> Result<Option<i64>> {
        Ok(self.column(name, &Kind::Int64)?.integer(row))
    }

    /// A count of 32 bits, which no row lacks.
    pub(super) fn count_u32(&self, name: &str, row: usize) -> Result<u32> {
        let count = self.column(name, &Kind::UInt32)?.integer(row);
        count.and_then(|count| u32::try_from(count).ok()).ok_or_else(|| self.bad(name))
    }

    /// A count of 64 bits, which no row lacks.
    pub(super) fn count_u64(&self, name: &str, row: usize) -> Result<u64> {
        let count = self.column(name, &Kind::UInt64)?.integer(row);
        count.map(i64::cast_unsigned).ok_or_else(|| self.bad(name))
    }

    pub(super) fn text(&self, name: &str, row: usize) -> Result<Option<String>> {
        Ok(self.column(name, &Kind::Text)?.text(row).map(str::to_owned))
    }

    pub(super) fn flag(&self, name: &str, row: usize) -> Result<Option<bool>> {
        Ok(self.column(name, &Kind::Boolean)?.flag(row))
    }

    pub(super) fn date(&self, name: &str, row: usize) -> Result<Option<Date>> {
        Ok(self.column(name, &Kind::Date)?.date(row))
    }
}

pub(super) fn read<T>(path: &Path, row: impl Fn(&Table<'_>, usize) -> Result<T>) -> Result<Vec<T>> {
    let table = open(path)?;
    let places: Vec<usize> = (0..table.names().count()).collect();
    let mut rows = Vec::new();
    for piece in table.pieces(&places) {
        let columns = piece.map_err(|error| Error::file("read", path, &error))?;
        let length = columns.first().map_or(0, |column| column.values.len());
        let table = Table { path, columns };
        for index in 0..length {
            rows.push(row(&table, index)?);
        }
    }
    Ok(rows)
}
