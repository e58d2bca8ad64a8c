//! The targets of a study and what it reached.

use std::fmt::Write;

use walkfolio::TargetResult;

use crate::layout::{Side, lines};

/// The targets in a summary, each with its remark on a line of its own.
pub fn block(targets: &[TargetResult]) -> String {
    let head = ["Target", "goal", "result", ""].map(str::to_owned).to_vec();
    let row = |target: &TargetResult| {
        let value = target.unit.show(target.value);
        vec![target.label.clone(), target.range(), value, target.word().to_owned()]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(targets.iter().map(row)).collect();
    let lines = lines(&rows, &[Side::Left, Side::Left, Side::Right, Side::Left]);
    let mut text = String::new();
    let remarks = std::iter::once(None).chain(targets.iter().map(|t| t.remark.as_deref()));
    for (line, remark) in lines.iter().zip(remarks) {
        let _ = writeln!(text, "{line}");
        if let Some(remark) = remark {
            let _ = writeln!(text, "  {remark}");
        }
    }
    text
}
