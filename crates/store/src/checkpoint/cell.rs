//! A cell of a grid that was run.

use serde::{Deserialize, Serialize};
use walkfolio_record::{Cell, LedgerRow, MeasureSet};

/// A cell and its part of the ledger, as a checkpoint holds them.
///
/// JSON holds finite numbers to the bit, and no others: a cell with one of the others has no
/// checkpoint, and is run again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedCell {
    /// The cell.
    pub cell: Cell,
    /// Its notes, warnings and fallbacks.
    pub ledger: Vec<LedgerRow>,
}

impl SavedCell {
    /// Whether every number of it is finite.
    pub(super) fn is_finite(&self) -> bool {
        let sets = [&self.cell.measures, &self.cell.without_costs, &self.cell.account];
        let table = |set: &MeasureSet| {
            let regimes = set.regimes.iter().flat_map(|(_, table)| table.iter());
            set.full.iter().chain(regimes).all(|(_, value)| value.is_none_or(f64::is_finite))
        };
        let row = |row: &LedgerRow| {
            [row.objective, row.bound, row.gap].iter().flatten().all(|value| value.is_finite())
        };
        self.cell.returns.iter().all(|r| r.is_finite())
            && sets.into_iter().flatten().all(table)
            && self.ledger.iter().all(row)
    }
}

#[cfg(test)]
mod tests {
    use walkfolio_core::{Date, Note};
    use walkfolio_record::CellStatus;
    use walkfolio_stats::measures::definitions;

    use super::*;

    fn saved(value: f64) -> SavedCell {
        let keys = definitions().iter().map(|definition| definition.key.to_owned());
        let full = keys.enumerate().map(|(at, key)| (key, (at % 2 == 0).then_some(value)));
        let full: walkfolio_record::MeasureTable = full.collect();
        let regimes = vec![("late".to_owned(), full.clone()), ("early".to_owned(), full.clone())];
        let cell = Cell {
            settings: vec![3.into(), "x".into(), 0.1.into()],
            status: CellStatus::Complete,
            message: None,
            first: Some(Date::constant(2020, 1, 2)),
            measures: Some(MeasureSet { full, regimes }),
            without_costs: None,
            account: None,
            returns: vec![0.1 + 0.2, -0.0, 1e-310, -1.0 / 3.0, value],
            sessions: (1..6).map(|day| Date::constant(2020, 1, day)).collect(),
        };
        SavedCell { cell, ledger: vec![LedgerRow::of_note(None, &Note::warning("z"))] }
    }

    #[test]
    fn a_cell_comes_back_to_the_bit() {
        let saved = saved(std::f64::consts::PI);
        assert!(saved.is_finite());
        let text = serde_json::to_string(&saved).unwrap();
        let again: SavedCell = serde_json::from_str(&text).unwrap();
        assert_eq!(again, saved);
        let bits = |one: &SavedCell| -> Vec<u64> {
            one.cell.returns.iter().map(|r| r.to_bits()).collect()
        };
        assert_eq!(bits(&again), bits(&saved));
    }

    #[test]
    fn what_json_cannot_hold_is_not_saved() {
        assert!(!saved(f64::INFINITY).is_finite());
        assert!(!saved(f64::NAN).is_finite());
    }
}
