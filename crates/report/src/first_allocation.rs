//! When money is first allocated, and why not earlier.

use walkfolio_record::{LedgerRow, Manifest, Run};

/// How the library says that windows were not full.
const BEGINS: &str = "the first decision is on ";
const NO_WINDOW: &str = "no window of ";
const BEFORE: &str = "is full before ";

/// What a ledger says of a first decision.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// Sessions of the longest window.
    pub window: String,
    /// When it is full.
    pub full: String,
}

impl First {
    /// Reads "the first decision is on D: no window of N rows is full before F".
    pub(crate) fn read(row: &LedgerRow) -> Option<Self> {
        let (_, reason) = row.message.strip_prefix(BEGINS)?.split_once(NO_WINDOW)?;
        let (window, rest) = reason.split_once(' ')?;
        let (_, full) = rest.split_once(BEFORE)?;
        Some(Self { window: window.to_owned(), full: full.to_owned() })
    }
}

/// Why a backtest does not allocate from its first return on, in a sentence.
pub(crate) fn reason(run: &Run) -> Option<String> {
    let first = run.ledger.iter().find_map(First::read)?;
    Some(format!(
        "Why not earlier: {}, a decision reads only sessions before it, and the longest window needs {} of them.",
        available(&run.manifest)?,
        first.window
    ))
}

/// From when on the study uses returns.
pub(crate) fn available(manifest: &Manifest) -> Option<String> {
    let prices = manifest.sources.iter().find(|source| source.role == "prices");
    match (manifest.resolved.market.first, prices) {
        (Some(used), _) => Some(match manifest.complete_from {
            Some(all) => {
                format!("prices of all assets begin on {all}, returns are used from {used} on")
            }
            None => format!("returns are used from {used} on"),
        }),
        (None, prices) => prices?.first.map(|first| format!("prices begin on {first}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_read_from_the_ledger() {
        let row = |message: &str| LedgerRow {
            date: None,
            kind: "note".to_owned(),
            solver: None,
            status: None,
            objective: None,
            bound: None,
            gap: None,
            message: message.to_owned(),
        };
        let message =
            "the first decision is on 2007-07-10: no window of 90 rows is full before 2007-07-09";
        let first = First::read(&row(message)).unwrap();
        assert_eq!((first.window.as_str(), first.full.as_str()), ("90", "2007-07-09"));
        assert_eq!(First::read(&row("another thing")), None);
    }
}
