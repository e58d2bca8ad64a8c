//! Tables: Parquet bytes to columns and back.

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use walkfolio_columns::{Column, Kind, Table, Values, date_of, write};

use crate::arrays;

/// A date that is missing, as numpy has it.
const NOT_A_TIME: i64 = i64::MIN;

type Named<'py> = (String, &'static str, Bound<'py, PyAny>);

fn refused(error: &walkfolio_columns::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The columns of a Parquet table: name, what it holds, and its values. Numbers and days are bytes of 64 bits each,
/// for `numpy.frombuffer`; a missing number is NaN, a missing day the least number.
#[pyfunction]
fn read_table<'py>(py: Python<'py>, data: &[u8]) -> PyResult<Vec<Named<'py>>> {
    let table = Table::open(bytes::Bytes::copy_from_slice(data)).map_err(|e| refused(&e))?;
    let columns = table.whole().map_err(|error| refused(&error))?;
    columns.iter().map(|column| named(py, column)).collect()
}

fn named<'py>(py: Python<'py>, column: &Column) -> PyResult<Named<'py>> {
    let (what, values) = match &column.values {
        Values::Numbers(values) => ("number", doubles(py, values.iter().copied())),
        Values::Integers(_) if is_day(&column.kind) => {
            let days = (0..column.values.len()).map(|row| column.date(row));
            let days = days.map(|day| day.map_or(NOT_A_TIME, walkfolio_columns::days_of));
            let bytes: Vec<u8> = days.flat_map(i64::to_ne_bytes).collect();
            ("day", PyBytes::new(py, &bytes).into_any())
        }
        Values::Integers(values) if values.iter().all(Option::is_some) => {
            let bytes: Vec<u8> = values.iter().flatten().flat_map(|v| v.to_ne_bytes()).collect();
            ("integer", PyBytes::new(py, &bytes).into_any())
        }
        Values::Integers(values) => {
            ("number", doubles(py, values.iter().map(|value| value.map(|value| value as f64))))
        }
        Values::Flags(values) => ("flag", values.clone().into_bound_py_any(py)?),
        Values::Bytes(values) if column.kind == Kind::Text => {
            let texts = (0..values.len()).map(|row| column.text(row));
            ("text", PyList::new(py, texts.collect::<Vec<_>>())?.into_any())
        }
        Values::Bytes(values) => {
            let bytes = values.iter().map(|v| v.as_ref().map(|v| PyBytes::new(py, v.data())));
            ("bytes", PyList::new(py, bytes.collect::<Vec<_>>())?.into_any())
        }
        _ => ("text", PyList::new(py, vec![None::<&str>; column.values.len()])?.into_any()),
    };
    Ok((column.name.clone(), what, values))
}

fn is_day(kind: &Kind) -> bool {
    *kind == Kind::Date || *kind == Column::SESSION
}

fn doubles(py: Python<'_>, values: impl Iterator<Item = Option<f64>>) -> Bound<'_, PyAny> {
    let values: Vec<f64> = values.map(|value| value.unwrap_or(f64::NAN)).collect();
    PyBytes::new(py, &arrays::bytes(&values)).into_any()
}

/// A Parquet table of prices or returns: `days` since 1970-01-01, one column of `values` after the other; NaN is
/// missing.
#[pyfunction]
fn write_table<'py>(
    py: Python<'py>,
    days: &[u8],
    names: Vec<String>,
    values: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let (days, values) = (arrays::integers(days), arrays::numbers(values));
    if days.len() * names.len() != values.len() {
        let message = format!("{} values of {} columns", values.len(), names.len());
        return Err(PyValueError::new_err(message));
    }
    let mut columns = vec![Column::sessions("date", days.iter().map(|day| date_of(*day)))];
    for (name, values) in names.iter().zip(values.chunks(days.len().max(1))) {
        let values = values.iter().map(|value| (!value.is_nan()).then_some(*value));
        columns.push(Column::numbers(name, values));
    }
    let made = py.detach(|| write(&columns, "walkfolio"));
    Ok(PyBytes::new(py, &made.map_err(|error| refused(&error))?))
}

/// A study as TOML, from JSON.
#[pyfunction]
fn to_toml(json: &str) -> PyResult<String> {
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|error| PyValueError::new_err(error.to_string()))?;
    toml::to_string_pretty(&value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// A file of a run: its name and its bytes.
pub type File<'py> = (&'static str, Bound<'py, PyBytes>);

/// Files as Python has them.
pub fn files<'py>(py: Python<'py>, all: Vec<(&'static str, Vec<u8>)>) -> Vec<File<'py>> {
    all.into_iter().map(|(name, bytes)| (name, PyBytes::new(py, &bytes))).collect()
}

/// The functions of this file.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(read_table, module)?)?;
    module.add_function(wrap_pyfunction!(write_table, module)?)?;
    module.add_function(wrap_pyfunction!(to_toml, module)?)
}
