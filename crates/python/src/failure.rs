//! Errors of the engine as exceptions of `walkfolio.errors`, with their data.

use pyo3::prelude::*;
use serde_json::{Value, json};
use walkfolio::StudyError;
use walkfolio::to_folder::{Reason, RunFailed};
use walkfolio_core::{Change, Infeasibility};

/// An error on its way to Python: the name of its class, its words and its data.
pub struct Failure {
    class: &'static str,
    message: String,
    hint: Option<String>,
    data: Value,
}

impl Failure {
    /// Of a class of `walkfolio.errors`.
    pub fn new(class: &'static str, message: impl Into<String>, hint: Option<String>) -> Self {
        Self { class, message: message.into(), hint, data: json!({}) }
    }

    /// Data that cannot be used.
    pub fn data(error: &walkfolio_core::Error) -> Self {
        Self::new("DataError", error.to_string(), error.hint())
    }

    /// One wrong setting, by its key.
    pub fn of_key(path: &str, message: &str, hint: Option<String>) -> Self {
        let fault = json!({ "path": path, "message": message, "hint": hint });
        Self::new("StudyError", format!("{path}: {message}"), hint)
            .with(json!({ "faults": [fault] }))
    }

    /// With what the class keeps besides.
    pub fn with(self, data: Value) -> Self {
        Self { data, ..self }
    }

    /// The exception.
    pub fn raise(self, py: Python<'_>) -> PyErr {
        let made = py.import("walkfolio.errors").and_then(|errors| {
            errors
                .call_method1("_made", (self.class, self.message, self.hint, self.data.to_string()))
        });
        match made {
            Ok(error) => PyErr::from_value(error),
            Err(error) => error,
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let faults: Vec<Value> = error
            .faults
            .iter()
            .map(|fault| {
                json!({
                    "path": fault.path,
                    "message": fault.message,
                    "hint": fault.hint,
                    "line": error.line(fault),
                })
            })
            .collect();
        Self::new("StudyError", error.to_string(), None).with(json!({ "faults": faults }))
    }
}

impl From<walkfolio_core::Error> for Failure {
    fn from(error: walkfolio_core::Error) -> Self {
        use walkfolio_core::Error;
        let (message, hint) = (error.to_string(), error.hint());
        match &error {
            Error::Infeasible { conflict, .. } => infeasible(message, hint, conflict, None),
            Error::Policy { .. } | Error::NoneEligible { .. } => {
                Self::new("DecisionError", message, hint)
            }
            _ => Self::new("DataError", message, hint),
        }
    }
}

/// A conflict of constraints, with its data.
pub fn infeasible(
    message: String,
    hint: Option<String>,
    conflict: &Infeasibility,
    date: Option<String>,
) -> Failure {
    let change = |change: &Change| {
        json!({
            "constraint": change.constraint, "min": change.min, "max": change.max,
            "advice": change.advice,
        })
    };
    let changes: Vec<Value> = conflict.changes.iter().map(change).collect();
    let conflict = json!({ "constraints": conflict.constraints, "relaxations": changes });
    Failure::new("Infeasible", message, hint).with(json!({ "conflict": conflict, "date": date }))
}

impl From<walkfolio::Error> for Failure {
    fn from(error: walkfolio::Error) -> Self {
        use walkfolio::Error;
        let (message, hint) = (error.to_string(), error.hint());
        match error {
            Error::Study(error) => error.into(),
            Error::Market(_) | Error::Core(_) => Self::new("DataError", message, hint),
            Error::NoFiles | Error::NoFactorFile | Error::NoSnapshotFactors { .. } => {
                Self::new("DataError", message, hint)
            }
            Error::Backtest(error) => backtest(&error, message, hint),
            _ => Self::new("RunError", message, hint),
        }
    }
}

/// A walk that stopped: at a decision, with its date.
pub fn backtest(
    error: &walkfolio_backtest::Error,
    message: String,
    hint: Option<String>,
) -> Failure {
    match error {
        walkfolio_backtest::Error::Decision { date, source } => match source {
            walkfolio_core::Error::Infeasible { conflict, .. } => {
                infeasible(message, hint, conflict, Some(date.to_string()))
            }
            _ => Failure::new("DecisionError", message, hint)
                .with(json!({ "date": date.to_string() })),
        },
        walkfolio_backtest::Error::Core(_) => Failure::new("DataError", message, hint),
        _ => Failure::new("RunError", message, hint),
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Run(error) => error.into(),
            other => Self::new("RunError", other.to_string(), None),
        }
    }
}

impl From<RunFailed> for Failure {
    fn from(failed: RunFailed) -> Self {
        (*failed.reason).into()
    }
}

impl From<walkfolio::StoreError> for Failure {
    fn from(error: walkfolio::StoreError) -> Self {
        Self::new("RunError", error.to_string(), error.hint())
    }
}

impl From<walkfolio::report::Error> for Failure {
    fn from(error: walkfolio::report::Error) -> Self {
        Self::new("RunError", error.to_string(), None)
    }
}

/// A run that does not come out of its bytes as it went in.
pub fn unpickled(py: Python<'_>, error: &serde_json::Error) -> PyErr {
    let message = format!("not a run of this version: {error}");
    Failure::new("RunError", message, Some("run the study again".to_owned())).raise(py)
}
