//! What audits and verifications find, as JSON.

use serde_json::json;

/// An audit.
pub fn audit(audit: &walkfolio::Audit) -> String {
    let leak = audit.leak.as_ref();
    json!({
        "decisions": audit.decisions,
        "complete": audit.complete,
        "leak": leak.map(|leak| json!({ "date": leak.date.to_string(), "what": leak.what })),
    })
    .to_string()
}

/// A verification.
pub fn verification(found: &walkfolio::Verification) -> String {
    let fault = |fault: &walkfolio::Fault| json!({ "file": fault.file, "row": fault.row, "column": fault.column, "what": fault.what });
    json!({
        "decisions": found.decisions,
        "confirmed": found.confirmed,
        "fallbacks": found.fallbacks,
        "unconfirmed": found.unconfirmed,
        "worst_gap": found.worst_gap,
        "cells": found.cells,
        "files": found.files,
        "same_build": found.is_same_build,
        "unchecked": found.unchecked,
        "faults": found.faults.iter().map(fault).collect::<Vec<_>>(),
    })
    .to_string()
}
